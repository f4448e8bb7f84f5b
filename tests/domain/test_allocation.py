"""What a payment pays, in which order, and that no fen is lost on the way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.domain.allocation import Allocation, AllocationLine, OpenBill, allocate

ACCOUNT = "0123456789"


def open_bill(number: str, due: date, principal_fen: int, late_fee_fen: int) -> OpenBill:
    """A bill of one account with the period of its due date."""
    period = due.year * 100 + due.month
    return OpenBill(number, ACCOUNT, period, due, principal_fen, late_fee_fen)


JUNE = open_bill("june", date(2026, 6, 25), 10_000, 500)
JULY = open_bill("july", date(2026, 7, 25), 20_000, 300)
AUGUST = open_bill("august", date(2026, 8, 25), 30_000, 0)

days = st.integers(min_value=0, max_value=2_000).map(lambda offset: date(2022, 1, 1) + timedelta(offset))
fen = st.integers(min_value=0, max_value=10**7)
open_bills = st.builds(lambda due, principal, fee: (due, principal, fee), days, fen, fen)
bill_lists = st.lists(open_bills, max_size=12).map(
    lambda rows: [open_bill(f"bill-{index}", *row) for index, row in enumerate(rows)]
)
amounts = st.integers(min_value=1, max_value=10**9)


def test_the_oldest_bill_is_paid_first_whatever_the_order_given() -> None:
    """An amount for one bill settles the one that fell due first."""
    expected = Allocation((AllocationLine("june", ACCOUNT, 500, 10_000),), 0)
    assert allocate(10_500, [AUGUST, JUNE, JULY]) == expected


def test_the_late_fee_is_paid_before_the_principal() -> None:
    """What does not even cover the fee leaves the principal untouched."""
    assert allocate(400, [JUNE]).lines == (AllocationLine("june", ACCOUNT, 400, 0),)


def test_a_part_of_the_next_bill_is_paid_with_the_rest() -> None:
    """The amount runs on into the next bill."""
    expected = (AllocationLine("june", ACCOUNT, 500, 10_000), AllocationLine("july", ACCOUNT, 300, 200))
    assert allocate(11_000, [JUNE, JULY]).lines == expected


def test_what_is_left_becomes_prepaid() -> None:
    """Nothing is paid beyond what is owed."""
    assert allocate(10_600, [JUNE]).prepaid_fen == 100


def test_the_payer_may_choose_the_bills() -> None:
    """Older bills that were not chosen stay open, and the rest is prepaid."""
    result = allocate(50_400, [JUNE, JULY, AUGUST], chosen={"august", "july"})
    assert [line.bill_no for line in result.lines] == ["july", "august"]
    assert result.prepaid_fen == 100


def test_choosing_no_bill_makes_all_of_it_prepaid() -> None:
    """A pure prepayment of an account in arrears is possible when the payer asks for it."""
    assert allocate(700, [JUNE], chosen=()) == Allocation((), 700)


def test_bills_due_on_one_day_are_paid_by_period_and_number() -> None:
    """The order is total, so two desks get the same lines."""
    due = date(2026, 6, 25)
    bills = [
        OpenBill(number, ACCOUNT, period, due, 100, 0)
        for number, period in [("b", 202606), ("a", 202606), ("z", 202605)]
    ]
    assert [line.bill_no for line in allocate(300, bills).lines] == ["z", "a", "b"]


def test_a_settled_bill_gets_no_line() -> None:
    """A line always moves money."""
    assert allocate(5, [open_bill("done", date(2026, 1, 1), 0, 0)]) == Allocation((), 5)


@pytest.mark.parametrize("amount_fen", [0, -1])
def test_an_amount_below_one_fen_is_refused(amount_fen: int) -> None:
    """A payment takes money."""
    with pytest.raises(ValueError, match="1 or more"):
        allocate(amount_fen, [JUNE])


def test_a_chosen_bill_must_be_open() -> None:
    """A bill that was paid meanwhile is not passed over in silence."""
    with pytest.raises(ValueError, match="march"):
        allocate(100, [JUNE], chosen={"march"})


@given(amounts, bill_lists)
def test_no_fen_is_lost_or_made(amount_fen: int, bills: list[OpenBill]) -> None:
    """Lines and prepaid add up to the amount."""
    assert allocate(amount_fen, bills).total_fen == amount_fen


@given(amounts, bill_lists)
def test_no_bill_gets_more_than_it_owes(amount_fen: int, bills: list[OpenBill]) -> None:
    """Each part is within what is open, and principal is paid only once the fee is."""
    by_number = {bill.bill_no: bill for bill in bills}
    for line in allocate(amount_fen, bills).lines:
        bill = by_number[line.bill_no]
        assert 0 <= line.late_fee_fen <= bill.late_fee_due_fen
        assert 0 <= line.principal_fen <= bill.principal_open_fen
        assert line.principal_fen == 0 or line.late_fee_fen == bill.late_fee_due_fen


@given(amounts, bill_lists)
def test_a_bill_is_touched_only_when_every_older_one_is_settled(
    amount_fen: int, bills: list[OpenBill]
) -> None:
    """All but the last line pay their bill in full, and prepaid waits for all bills."""
    result = allocate(amount_fen, bills)
    by_number = {bill.bill_no: bill for bill in bills}
    paid = [by_number[line.bill_no] for line in result.lines]
    assert paid == sorted(paid, key=lambda bill: (bill.due_date, bill.period, bill.bill_no))
    assert [line.total_fen for line in result.lines[:-1]] == [bill.owed_fen for bill in paid[:-1]]
    if result.prepaid_fen:
        assert amount_fen - result.prepaid_fen == sum(bill.owed_fen for bill in bills)


@given(amounts, bill_lists, st.data())
def test_only_chosen_bills_are_paid(amount_fen: int, bills: list[OpenBill], data: st.DataObject) -> None:
    """Choosing is the same as offering only those bills."""
    chosen = {bill.bill_no for bill in bills if data.draw(st.booleans())}
    offered = [bill for bill in bills if bill.bill_no in chosen]
    assert allocate(amount_fen, bills, chosen) == allocate(amount_fen, offered)
