"""The customers of the tests and of the pictures in the documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from counter.services.ports import AccountView, BillView, PaymentSummary

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 41, tzinfo=UTC)
HALL = "东城营业厅"


def bill(account_no: str, period: int, principal_fen: int, late_fen: int, days: int) -> BillView:
    """An open bill that fell due ``days`` days ago."""
    due_date = date.fromordinal(TODAY.toordinal() - days)
    number = f"{account_no}-{period}-1"
    return BillView(
        number, period, due_date, max(0, days), principal_fen // 55, principal_fen, principal_fen, late_fen
    )


def account(account_no: str, name: str, bills: tuple[BillView, ...] = (), **changes: object) -> AccountView:
    """An ordinary residential account, with changes."""
    plain = AccountView(
        account_no=account_no,
        version=1,
        business_date=TODAY,
        name=name,
        address="解放路12号3单元402室",
        hall_name=HALL,
        phone="13812345678",
        meter_no="366809002010",
        customer_class="residential",
        payment_mode="postpaid",
        tenant=False,
        hardship=False,
        disconnected=False,
        corporate_bank=False,
        closed=False,
        prepaid_fen=0,
        bills=bills,
        last_payments=(),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def ordinary_accounts() -> list[AccountView]:
    """The customers of the tests and of the pictures in the documents."""
    one = "0100234567"
    history = tuple(
        PaymentSummary(
            f"0107-26{month:02d}18-0{month:03d}",
            datetime(2026, month, 18, 10, 12, tzinfo=UTC),
            one,
            "王小山",
            8_640 + month * 731,
            HALL,
            "李敏",
            ("cash",),
            True,
        )
        for month in (7, 6, 5, 4, 3)
    )
    bills = (
        bill(one, 202608, 15_230, 975, 64),
        bill(one, 202609, 13_875, 472, 34),
        bill(one, 202610, 11_240, 34, 3),
    )
    return [
        account(one, "王小山", bills, last_payments=history, prepaid_fen=1_250, phone="", tenant=True),
        account(
            "0100234568",
            "[测试]公司[/b]",
            (bill("0100234568", 202610, 4_592_100, 290_002, 31),),
            customer_class="non_residential",
            corporate_bank=True,
        ),
        account("0100234569", "𬭎䶮" * 30, (bill("0100234569", 202610, 5_000, 0, -5),)),
        account("0100234570", "孙已销", (), closed=True),
        account("0100234571", "王小明", ()),
        account(
            "0200111111",
            "王多单",
            tuple(
                bill("0200111111", 200601 + m % 12 + 100 * (m // 12), 9_000 + m, m * 3, 7_000 - 30 * m)
                for m in range(240)
            ),
        ),
    ]
