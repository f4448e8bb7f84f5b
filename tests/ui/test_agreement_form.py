"""What is typed for a new agreement: hostile text, plans by hand, and one request id for one content."""

from __future__ import annotations

from datetime import date

import pytest

from counter.domain.instalments import Instalment, InstalmentRules
from counter.services.ports.agreements import AgreementBasis
from counter.ui.agreement_form import AgreementDraft, DraftError

HOSTILE = ("", "[/]", "'; --", "a\0b", "-1", "1e3", "1_0", "九", "９９９９９９９９９９９９９", "1" * 100)


@pytest.fixture
def draft() -> AgreementDraft:
    """An account that used 120,000 kWh for 90,000.00 last month."""
    basis = AgreementBasis(120_000, 9_000_000, InstalmentRules(), date(2026, 11, 3))
    return AgreementDraft("330100000001", basis)


def test_month_and_total_are_preset_by_the_last_bill(draft: AgreementDraft) -> None:
    """Half as much energy costs half as much; what the last month used still asks for three instalments."""
    draft.set_kwh("６０,000")
    assert (draft.period, draft.kwh, draft.expected_fen, draft.least) == (202611, 60_000, 4_500_000, 3)


def test_parts_can_be_changed_added_and_taken_out_by_hand(draft: AgreementDraft) -> None:
    """In the order of their days, whatever the order of typing."""
    draft.make_plan("3", 9_000)
    draft.change("5 12.34")
    draft.change("１０　４０")
    draft.change("30")
    assert [(item.due_date.day, item.amount_fen) for item in draft.plan] == [
        (5, 1_234),
        (10, 4_000),
        (20, 3_000),
    ]


def test_zero_is_every_five_days(draft: AgreementDraft) -> None:
    """As risk customers pay."""
    draft.make_plan("0", 600)
    assert draft.plan == tuple(Instalment(date(2026, 11, day), 100) for day in (5, 10, 15, 20, 25, 30))


def test_a_risk_customer_settles_every_five_days_to_the_end_of_the_month() -> None:
    """Fewer is told before it is sent; the preset 0 is often enough."""
    basis = AgreementBasis(100, 10_000, InstalmentRules(), date(2026, 11, 3), risk_customer=True)
    draft = AgreementDraft("330100000001", basis)
    draft.make_plan("3", 9_000)
    with pytest.raises(DraftError, match="5"):
        draft.request("风险客户")
    draft.make_plan("0", 9_000)
    draft.change("30")
    with pytest.raises(DraftError, match="5"):
        draft.request("风险客户")
    draft.change("30 10")
    assert len(draft.request("风险客户").plan) == 6


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_refused_in_every_field(draft: AgreementDraft, text: str) -> None:
    """And changes nothing."""
    draft.make_plan("3", 9_000)
    before = draft.period, draft.kwh, draft.plan
    for take in (draft.set_period, draft.set_kwh, lambda typed: draft.make_plan(typed, 100), draft.change):
        with pytest.raises(DraftError):
            take(text)
    assert (draft.period, draft.kwh, draft.plan) == before


@pytest.mark.parametrize("text", ["0 5", "31 5", "10 0", "10 -5", "10 1e3", "10 1.234", "10 [/]"])
def test_a_part_that_is_none_is_refused(draft: AgreementDraft, text: str) -> None:
    """November has thirty days, and an amount is more than nothing."""
    with pytest.raises(DraftError):
        draft.change(text)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
def test_a_reason_is_needed(draft: AgreementDraft, reason: str) -> None:
    """Of one to two hundred characters."""
    draft.make_plan("3", 9_000)
    with pytest.raises(DraftError):
        draft.request(reason)


def test_the_same_content_keeps_its_request_id_and_other_content_gets_another(draft: AgreementDraft) -> None:
    """So that a lost answer can be asked for by sending it again."""
    draft.make_plan("3", 9_000)
    first = draft.request("x")
    assert draft.request(" x ") == first
    draft.change("5 1")
    assert draft.request("x").request_id != first.request_id


def test_another_month_throws_the_plan_away_and_two_parts_are_too_few(draft: AgreementDraft) -> None:
    """Dates of November are no plan for December."""
    draft.make_plan("3", 9_000)
    draft.set_period("2026-12")
    assert draft.plan == ()
    with pytest.raises(DraftError):
        draft.request("x")
    with pytest.raises(DraftError):
        draft.make_plan("2", 9_000)
