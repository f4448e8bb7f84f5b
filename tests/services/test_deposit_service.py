"""The way to the bank as the screens ask for it."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from counter.domain.undeposited import CashAlarm
from counter.errors import BalanceChanged, NotAllowed, Refusal
from counter.services.gateway import ServerGateway
from counter.services.ports import DeskSession
from counter.services.ports.deposits import DepositPart, MakeDeposit, Safe
from receipts.press import Press
from tests.bureau import PASSWORD, Bureau
from tests.ledger.closed import add_bank_account, cash, cheque, closed_shift, pos

ACCOUNT = "330100000001"


@pytest.fixture
def hall(bureau: Bureau) -> Bureau:
    """An account and a bank account."""
    bureau.add_account(ACCOUNT)
    add_bank_account(bureau)
    return bureau


@pytest.fixture
def cashier(hall: Bureau) -> DeskSession:
    """The cashier's session."""
    return sign_in(hall, "t20001")


def sign_in(hall: Bureau, staff_no: str) -> DeskSession:
    """A session of somebody."""
    folder = hall.folder / staff_no
    return ServerGateway(hall.url, folder, Press(folder / "receipts")).sign_in(staff_no, PASSWORD)


def all_of(safe: Safe, **changes: object) -> MakeDeposit:
    """A slip for everything."""
    values: dict[str, object] = {
        "request_id": uuid4(),
        "bank_account_no": safe.bank_accounts[0].bank_account_no,
        "items": tuple(item.key for item in safe.items),
        "total_fen": sum(item.amount_fen for item in safe.items),
        "carried_by": "赵静",
    }
    return MakeDeposit(**(values | changes))  # type: ignore[arg-type]


def by_policy(hall: Bureau, ceiling_fen: int, deposit_by: str) -> None:
    """The rules of today."""
    with hall.psql() as connection:
        connection.execute(
            "UPDATE counter.till_policy SET cash_ceiling_fen = %s, deposit_by = %s", [ceiling_fen, deposit_by]
        )


def test_what_waits_is_told_by_part_with_its_age(hall: Bureau, cashier: DeskSession) -> None:
    """In whole hours since the close."""
    by_policy(hall, 5_000_000, "24:00")
    shift = closed_shift(hall, ACCOUNT, cash(700), cheque(5_000), pos(300), pos(40, "000043"))
    with hall.psql() as connection:
        connection.execute("ALTER TABLE counter.shift DISABLE TRIGGER refuse_reopening")  # time passes
        connection.execute("UPDATE counter.shift SET closed_at = closed_at - interval '27 hours'")
    safe = cashier.deposits.safe()
    assert [(item.key, item.amount_fen, item.pieces, item.age_h) for item in safe.items] == [
        ((shift, "cash"), 700, 0, 27),
        ((shift, "cheque"), 5_000, 1, 27),
        ((shift, "pos"), 340, 2, 27),
    ]
    assert safe.cash_fen == 700
    assert {item.closed_by for item in safe.items} == {"张敏"}
    assert safe.bank_accounts[0].masked == "**** 1234"
    assert safe.alarm is None


def test_cash_alarms_by_hour_ceiling_and_day(hall: Bureau, cashier: DeskSession) -> None:
    """The rules are rows; the clock is the hall's."""
    by_policy(hall, 5_000_000, "24:00")
    closed_shift(hall, ACCOUNT, cash(700))
    assert cashier.deposits.cash_alarm() is None
    by_policy(hall, 5_000_000, "00:00")
    assert cashier.deposits.cash_alarm() == CashAlarm.LATE
    shift = hall.open_shift("t10002", 102, 100)
    by_policy(hall, 99, "24:00")
    assert cashier.deposits.cash_alarm() == CashAlarm.CEILING
    assert [drawer.alarm for drawer in cashier.deposits.safe().drawers] == [CashAlarm.CEILING]
    with hall.psql() as connection:
        connection.execute("ALTER TABLE counter.shift DISABLE TRIGGER refuse_reopening")  # time passes
        connection.execute(
            "UPDATE counter.shift SET business_date = business_date - 1 WHERE shift_id <> %s", [shift]
        )
    assert cashier.deposits.cash_alarm() == CashAlarm.OLD


def test_other_halls_are_not_seen(hall: Bureau, cashier: DeskSession) -> None:
    """Neither what waits there nor their slips."""
    by_policy(hall, 5_000_000, "00:00")
    closed_shift(hall, ACCOUNT, cash(700), staff_no="t10003", till_no=201)
    assert (cashier.deposits.safe().items, cashier.deposits.cash_alarm()) == ((), None)


def test_a_slip_is_posted_once_printed_and_listed(hall: Bureau, cashier: DeskSession) -> None:
    """And the list of what waits is empty afterwards."""
    closed_shift(hall, ACCOUNT, cash(700), cheque(5_000), pos(300))
    request = all_of(cashier.deposits.safe(), seal_no="F-1", note="早班")
    made = cashier.deposits.make_deposit(request)
    again = cashier.deposits.make_deposit(request)
    assert (made.slip_no, made.total_fen, made.replayed, again.slip_no, again.replayed) == (
        again.slip_no,
        6_000,
        False,
        made.slip_no,
        True,
    )
    assert cashier.deposits.safe().items == ()
    (listed,) = cashier.deposits.slips()
    assert (listed.slip_no, listed.carried_by, listed.seal_no, listed.total_fen) == (
        made.slip_no,
        "赵静",
        "F-1",
        6_000,
    )
    assert "4400123412341234" not in listed.bank
    paper = cashier.deposits.print_slip(made.slip_no, reprint=False)
    assert (paper.name, paper.error) == (made.slip_no, "")
    assert isinstance(paper.pdf_path, Path)
    assert paper.pdf_path.exists()


def test_a_slip_says_the_same_after_a_cheque_came_back(hall: Bureau, cashier: DeskSession) -> None:
    """What was given back later was in the bag when it went."""
    closed_shift(hall, ACCOUNT, cheque(5_000))
    made = cashier.deposits.make_deposit(all_of(cashier.deposits.safe()))
    hall.open_shift("t10002", 102)
    with hall.psql() as connection:
        connection.execute(
            "UPDATE counter.tender_document SET released_by ="
            " (SELECT journal_id FROM counter.journal ORDER BY recorded_at DESC LIMIT 1)"
        )
    paper = cashier.deposits.print_slip(made.slip_no, reprint=True)
    assert paper.error == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"carried_by": ""},
        {"carried_by": " \u3000"},
        {"carried_by": "张" * 41},
        {"carried_by": "a\0b"},
        {"seal_no": "a\nb"},
        {"note": "x" * 201},
        {"items": ()},
        {"total_fen": 0},
        {"total_fen": -1},
    ],
)
def test_what_makes_no_slip_is_not_sent(
    hall: Bureau, cashier: DeskSession, changes: dict[str, object]
) -> None:
    """A sentence for each."""
    closed_shift(hall, ACCOUNT, cash(700))
    with pytest.raises(Refusal):
        cashier.deposits.make_deposit(all_of(cashier.deposits.safe(), **changes))
    assert hall.value("SELECT count(*) FROM counter.deposit") == 0


def test_a_wide_blank_in_a_name_is_a_blank(hall: Bureau, cashier: DeskSession) -> None:
    """An input method types it."""
    closed_shift(hall, ACCOUNT, cash(700))
    cashier.deposits.make_deposit(all_of(cashier.deposits.safe(), carried_by="赵\u3000静\u3000"))
    assert hall.value("SELECT carried_by FROM counter.deposit") == "赵 静"


def test_what_changed_meanwhile_is_told(hall: Bureau, cashier: DeskSession) -> None:
    """Another sum than was shown, and a slip that a colleague made."""
    closed_shift(hall, ACCOUNT, cash(700))
    safe = cashier.deposits.safe()
    with pytest.raises(BalanceChanged):
        cashier.deposits.make_deposit(all_of(safe, total_fen=701))
    made = sign_in(hall, "t30001").deposits.make_deposit(all_of(safe))
    with pytest.raises(BalanceChanged) as refused:
        cashier.deposits.make_deposit(all_of(safe))
    assert made.slip_no in refused.value.title


def test_a_clerk_looks_but_makes_none(hall: Bureau) -> None:
    """The server refuses, whatever a screen would show."""
    closed_shift(hall, ACCOUNT, cash(700))
    clerk = sign_in(hall, "t10002")
    safe = clerk.deposits.safe()
    assert [item.part for item in safe.items] == [DepositPart.CASH]
    with pytest.raises(NotAllowed):
        clerk.deposits.make_deposit(all_of(safe))


def test_there_is_no_such_slip(cashier: DeskSession) -> None:
    """A number of nothing, and a hostile one."""
    for number in ("800001-261125-0001", "'; --", "", "[/]"):
        with pytest.raises(Refusal):
            cashier.deposits.print_slip(number, reprint=True)


def test_a_locked_cashier_is_told(hall: Bureau, cashier: DeskSession) -> None:
    """Nothing was saved."""
    closed_shift(hall, ACCOUNT, cash(700))
    request = all_of(cashier.deposits.safe())
    with hall.psql() as connection:
        connection.execute("UPDATE counter.staff SET active = false WHERE staff_no = 't20001'")
    with pytest.raises(NotAllowed):
        cashier.deposits.make_deposit(request)
    assert hall.value("SELECT count(*) FROM counter.deposit") == 0
