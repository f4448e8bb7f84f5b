"""One amount over many accounts: properties that hold for whatever is owed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.domain.allocation import OpenBill
from counter.domain.spreading import Owing, everything, oldest_first, prepaid_fen, shares

FEN = st.integers(0, 10**9)
DUE = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@st.composite
def owing(draw: st.DrawFn) -> tuple[Owing, ...]:
    """One account to six, with none to three bills each."""
    accounts = []
    for number in range(draw(st.integers(1, 6))):
        account_no = f"33010000000{number}"
        bills = tuple(
            OpenBill(
                f"{account_no}-{202601 + n}-1",
                account_no,
                202601 + n,
                draw(DUE),
                draw(FEN),
                draw(FEN),
                draw(st.booleans()),
            )
            for n in range(draw(st.integers(0, 3)))
        )
        accounts.append(Owing(account_no, bills))
    return tuple(accounts)


def bill(account_no: str, period: int, due: date, principal_fen: int, fee_fen: int = 0) -> OpenBill:
    """A bill of a month."""
    return OpenBill(f"{account_no}-{period}-1", account_no, period, due, principal_fen, fee_fen)


def first_fen(each: OpenBill) -> int:
    """What of a bill is paid in its turn."""
    return each.principal_open_fen + each.late_fee_first_fen


@given(owing(), FEN)
def test_the_oldest_first_adds_up_and_never_pays_more_than_is_owed(
    accounts: tuple[Owing, ...], amount_fen: int
) -> None:
    """Only the account that was chosen for the rest gets more than it owes."""
    rest_to = accounts[-1].account_no
    amounts = oldest_first(accounts, amount_fen, rest_to)
    assert sum(amounts.values()) == amount_fen
    owed = {account.account_no: account.owed_fen for account in accounts}
    assert [number for number, fen in amounts.items() if fen > owed[number] and number != rest_to] == []
    rest_fen = max(0, amount_fen - sum(owed.values()))
    assert max(0, amounts[rest_to] - owed[rest_to]) == rest_fen


@given(owing())
def test_what_is_due_leaves_only_late_fees_that_wait(accounts: tuple[Owing, ...]) -> None:
    """All principal is paid, nothing is prepaid."""
    found = shares(accounts, everything(accounts))
    assert sum(share.prepaid_fen for share in found) == 0
    principal = sum(line.principal_fen for share in found for line in share.lines)
    assert principal == sum(each.principal_open_fen for account in accounts for each in account.bills)


@given(owing(), st.data())
def test_shares_pay_exactly_their_amounts(accounts: tuple[Owing, ...], data: st.DataObject) -> None:
    """To the fen, no line above its bill, the rest to the prepaid balance of the same account."""
    amounts = {account.account_no: data.draw(FEN) for account in accounts}
    found = {share.account_no: share for share in shares(accounts, amounts)}
    assert {number: share.total_fen for number, share in found.items()} == {
        number: fen for number, fen in amounts.items() if fen
    }
    for account in accounts:
        share = found.get(account.account_no)
        if share is not None:
            assert share.prepaid_fen == prepaid_fen(account, amounts[account.account_no])
            owed = {each.bill_no: each for each in account.bills}
            assert all(line.principal_fen <= owed[line.bill_no].principal_open_fen for line in share.lines)
            assert all(line.late_fee_fen <= owed[line.bill_no].late_fee_due_fen for line in share.lines)


@given(owing(), FEN)
def test_the_oldest_first_leaves_no_older_bill_open(accounts: tuple[Owing, ...], amount_fen: int) -> None:
    """As if all bills were those of one account; late fees that were put off come after all of them."""
    amounts = oldest_first(accounts, amount_fen, accounts[0].account_no)
    paid = {line.bill_no: line.total_fen for share in shares(accounts, amounts) for line in share.lines}
    in_order = sorted(
        (each for account in accounts for each in account.bills if first_fen(each)),
        key=lambda each: (each.due_date, each.period, each.bill_no),
    )
    whole = [paid.get(each.bill_no, 0) >= first_fen(each) for each in in_order]
    first_open = whole.index(False) if False in whole else len(whole)
    assert [each.bill_no for each in in_order[first_open + 1 :] if each.bill_no in paid] == []


def test_shares_come_in_the_order_of_the_locks() -> None:
    """The database takes accounts sorted only."""
    accounts = (Owing("330100000002", ()), Owing("330100000001", ()))
    assert [share.account_no for share in shares(accounts, {"330100000002": 1, "330100000001": 2})] == [
        "330100000001",
        "330100000002",
    ]


def test_the_oldest_bill_goes_before_the_first_account() -> None:
    """Late fee first in it."""
    accounts = (
        Owing("330100000001", (bill("330100000001", 202602, date(2026, 3, 25), 500),)),
        Owing("330100000002", (bill("330100000002", 202601, date(2026, 2, 25), 300, 20),)),
    )
    amounts = oldest_first(accounts, 400, "330100000001")
    assert amounts == {"330100000001": 80, "330100000002": 320}


def test_the_rest_needs_an_account() -> None:
    """Money without a place is a bug."""
    with pytest.raises(ValueError, match="not among"):
        oldest_first((Owing("330100000001", ()),), 1, "330100000002")
