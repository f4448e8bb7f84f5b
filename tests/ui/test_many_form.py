"""The form of a payment for many accounts: rules, changes by others, and the request id."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

from counter.domain.allocation import OpenBill
from counter.domain.tenders import cash
from counter.services.ports.payers import PayerAccount, Reading
from counter.ui.many import Changed, ManyForm, Rule

FIRST, SECOND, THIRD = "330100000001", "330100000002", "330100000003"


def account(number: str, owed_fen: int, *, version: int = 1, closed: bool = False) -> PayerAccount:
    """An account with one bill, or none."""
    bill = OpenBill(f"{number}-202601-1", number, 202601, date(2026, 2, 25), owed_fen, 0)
    bills = (bill,) if owed_fen else ()
    return PayerAccount(
        account_no=number,
        version=version,
        name=number,
        hall_name="",
        closed=closed,
        corporate_bank=False,
        prepaid_fen=0,
        bills=bills,
    )


def form_of(*accounts: PayerAccount) -> ManyForm:
    """A form with these accounts."""
    form = ManyForm()
    form.add(accounts)
    return form


def amounts(form: ManyForm) -> list[int]:
    """What each account gets, by number."""
    return [row.amount_fen for row in form.rows]


def test_the_rest_stays_with_its_account_when_another_desk_changed_one() -> None:
    """The total stays too; what changed is named."""
    form = form_of(account(FIRST, 100), account(SECOND, 200), account(THIRD, 0))
    form.spread(500, THIRD)
    assert amounts(form) == [100, 200, 200]
    now = (account(FIRST, 50, version=2), account(SECOND, 200), account(THIRD, 0))
    assert form.read_again(Reading(date(2026, 11, 25), now, ())) == (Changed(FIRST, 100, 50),)
    assert amounts(form) == [50, 200, 250]


def test_a_closed_account_never_gets_the_rest() -> None:
    """Unless there is no other; then it is told before anything is sent."""
    form = form_of(account(FIRST, 100, closed=True), account(SECOND, 200))
    form.spread(500, FIRST)
    assert amounts(form) == [100, 400]
    assert form.closed_with_rest == ""
    alone = form_of(account(FIRST, 100, closed=True))
    alone.spread(500, FIRST)
    assert alone.closed_with_rest == FIRST


def test_a_list_and_the_hand_stand_against_a_change() -> None:
    """Only what was "everything owed" follows it."""
    accounts = (account(FIRST, 100), account(SECOND, 200))
    changed = Reading(date(2026, 11, 25), (account(FIRST, 70, version=2), account(SECOND, 200)), ())
    listed, by_hand, owed = ManyForm(), form_of(*accounts), form_of(*accounts)
    listed.take_list(accounts, {FIRST: 90, SECOND: 10})
    by_hand.set_amount(SECOND, 30)
    for form in (listed, by_hand, owed):
        form.read_again(changed)
    assert (amounts(listed), amounts(by_hand), amounts(owed)) == ([90, 10], [100, 30], [70, 200])
    assert (listed.rule, by_hand.rule, owed.rule) == (Rule.LISTED, Rule.BY_HAND, Rule.OWED)


def test_what_is_left_out_is_not_sent_and_comes_back() -> None:
    """With the amount that it had."""
    form = form_of(account(FIRST, 100), account(SECOND, 200))
    form.toggle(FIRST)
    assert [share.account_no for share in form.shares()] == [SECOND]
    form.toggle(FIRST)
    assert form.total_fen == 300


def test_the_same_content_keeps_its_request_id_and_other_content_gets_another() -> None:
    """Also with an approval, and after an id was given up."""
    form = form_of(account(FIRST, 100), account(SECOND, 200))
    first = form.send(1, (cash(300, 300),), "某某公司")
    assert first is not None
    assert form.send(1, (cash(300, 300),), "某某公司") is None
    form.not_posted()
    assert form.send(1, (cash(300, 300),), "某某公司") == first
    form.not_posted()
    approved = form.send_approved("停机", uuid4())
    assert approved is not None
    assert replace(approved, request_id=first.request_id, reason="", approval_id=None) == first
    assert approved.request_id != first.request_id
    form.given_up()
    again = form.send(1, (cash(300, 300),), "某某公司")
    assert again is not None
    assert again.request_id not in (first.request_id, approved.request_id)


def test_only_an_advance_counts_for_the_agreement_of_its_account() -> None:
    """What pays bills does not, and nobody else's agreement is named."""
    agreed = replace(account(FIRST, 100), agreement_id=uuid4())
    form = form_of(agreed, account(SECOND, 200))
    exact = form.send(1, (cash(300, 300),), "")
    assert exact is not None
    assert [part.agreement_id for part in exact.accounts] == [None, None]
    form.not_posted()
    form.spread(350, FIRST)
    more = form.send(1, (cash(350, 350),), "")
    assert more is not None
    assert [part.agreement_id for part in more.accounts] == [agreed.agreement_id, None]
