"""Reports of a real day: they add up, they say the same as the ledger, and they can be saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from python_calamine import load_workbook

from counter.domain.tabular import Kind, Report
from counter.errors import Refusal
from counter.services.desk import Desk
from counter.services.gateway import ServerGateway
from counter.services.ports.reports import AskReport, FileForm, ReportKind
from receipts.press import Press
from tests.bureau import PASSWORD, Bureau

BANK = "330100200300400500"
POS: dict[str, Any] = {
    "kind": "pos",
    "amount_fen": 12_300,
    "details": {"reference": "12345678-000001-000042", "card": "622848******1234"},
}
SLIP: dict[str, Any] = {
    "kind": "transfer",
    "amount_fen": 45_600,
    "details": {"reference": "工商银行/S1", "payer": "6222020200012345"},
}


@pytest.fixture
def day(bureau: Bureau) -> Iterator[Desk]:
    """A payment in cash, one by POS, one by slip, one reversed; the shift closed, its cash on a slip."""
    bureau.add_account("330000000017")
    with bureau.psql() as owner:
        owner.execute(
            "INSERT INTO counter.bank_account (bank_account_no, bank_name, holder)"
            " VALUES (%s, '工商银行', '供电公司')",
            [BANK],
        )
    shift = bureau.open_shift()
    paid = [
        bureau.call(
            "t10001", "post_payment", bureau.payment(shift, "330000000017", prepaid_fen=fen, total_fen=fen)
        )
        for fen in (10_000, 7_700)
    ]
    for tender in (POS, SLIP):
        ask = bureau.payment(shift, "330000000017", prepaid_fen=tender["amount_fen"], tenders=[tender])
        bureau.call("t10001", "post_payment", ask)
    back = {
        "request_id": "01890000-0000-7000-8000-000000000001",
        "shift_id": shift,
        "journal_id": paid[1]["journal_id"],
        "cause": "mistake",
        "reason": "录错户号",
    }
    bureau.call("t10001", "reverse_payment", back)
    count = {
        "request_id": "01890000-0000-7000-8000-000000000002",
        "shift_id": shift,
        "denominations": {"10000": 6},
    }
    bureau.call("t10001", "sign_count", count)
    close = {
        "request_id": "01890000-0000-7000-8000-000000000003",
        "shift_id": shift,
        "count_id": count["request_id"],
    }
    bureau.call("t10001", "close_shift", close)
    slip = {
        "request_id": "01890000-0000-7000-8000-000000000004",
        "bank_account_no": BANK,
        "carried_by": "赵静",
        "items": [{"shift_id": shift, "part": part} for part in ("cash", "cheque", "pos")],
    }
    bureau.call("t20001", "post_deposit", slip)
    gateway = ServerGateway(bureau.url, bureau.folder / "desk", Press(bureau.folder / "receipts"))
    desk = gateway.sign_in("t20001", PASSWORD)
    yield desk
    desk.close()


def made(desk: Desk, kind: ReportKind) -> Report:
    """Of today."""
    today = desk.business_date()
    return desk.reports.make(AskReport(kind, today, today))


def test_takings_are_summed_by_tender_business_clerk_and_hour(day: Desk) -> None:
    report = made(day, ReportKind.TAKINGS)
    by_tender, by_business, by_clerk, by_hour = report.tables
    assert by_tender.rows == (
        ("POS", 1, 12_300, 0, 12_300),
        ("现金", 2, 17_700, 7_700, 10_000),
        ("转账", 1, 45_600, 0, 45_600),
    )
    assert by_tender.totals == ("合计", 4, 75_600, 7_700, 67_900)
    assert [row[0] for row in by_business.rows] == ["缴费"]
    assert {row[0] for row in by_clerk.rows} == {"张敏"}
    assert {table.totals[-1] for table in (by_business, by_clerk, by_hour)} == {67_900}
    assert sum(report.charts[0].values) == 67_900


def test_vouchers_balance_and_say_what_the_ledger_says(day: Desk, bureau: Bureau) -> None:
    table = made(day, ReportKind.VOUCHERS).tables[0]
    debit, credit = table.totals[-2:]
    ledger = bureau.value(
        "SELECT sum(p.amount_fen) FILTER (WHERE p.amount_fen > 0) FROM counter.posting p"
        " JOIN counter.journal j USING (journal_id) WHERE j.hall_no = 1"
    )
    assert debit == credit == ledger
    assert all(row[3] for row in table.rows), "every ledger account has a code"
    sums: dict[object, int] = {}
    for row in table.rows:
        debit_fen, credit_fen = (cell if isinstance(cell, int) else 0 for cell in row[-2:])
        sums[row[1]] = sums.get(row[1], 0) + debit_fen - credit_fen
    assert set(sums.values()) == {0}, "each voucher sums to zero"


def test_vouchers_have_the_codes_of_the_company(day: Desk) -> None:
    today = day.business_date()
    own = replace(day.reports, codes={"cash_in_till": "1001.88"})
    table = own.make(AskReport(ReportKind.VOUCHERS, today, today)).tables[0]
    assert {row[3] for row in table.rows if row[5] == "cash_in_till"} == {"1001.88"}
    assert {row[3] for row in table.rows if row[5] == "prepaid"} == {"2203.01"}


def test_a_deposit_is_listed_and_in_transit_by_age(day: Desk) -> None:
    slips, ages, transit = made(day, ReportKind.DEPOSITS).tables
    assert [row[4:] for row in slips.rows] == [(10_000, 0, 12_300)]
    assert ages.totals == ("合计", 1, 10_000)
    assert [row[-1] for row in transit.rows] == [10_000]


def test_the_reconciliation_comes_to_the_same_from_both_sides(day: Desk) -> None:
    tables = made(day, ReportKind.RECONCILIATION).tables
    assert tables[1].totals == ("差额", 0)
    assert tables[2].totals[-1] == 10_000 + 45_600


def test_every_report_can_be_made_and_saved_in_every_form(day: Desk) -> None:
    for kind, form in product(ReportKind, FileForm):
        path = day.reports.save(made(day, kind), form)
        content = path.read_bytes()
        if form is FileForm.XLSX:
            assert load_workbook(str(path)).sheet_names
        else:
            assert content.startswith(b"%PDF" if form is FileForm.PDF else b"\xef\xbb\xbf")


def test_days_that_have_not_been_or_run_backwards_are_refused(day: Desk) -> None:
    today = day.business_date()
    for since, until in (
        (today, today + timedelta(1)),
        (today, today - timedelta(1)),
        (today - timedelta(400), today),
    ):
        with pytest.raises(Refusal):
            day.reports.make(AskReport(ReportKind.TAKINGS, since, until))


def test_amounts_are_whole_fen_in_every_report(day: Desk) -> None:
    for kind in ReportKind:
        for table in made(day, kind).tables:
            for row in (*table.rows, *filter(None, (table.totals,))):
                for cell, column in zip(row, table.columns, strict=True):
                    assert column.kind is not Kind.FEN or cell is None or type(cell) is int
