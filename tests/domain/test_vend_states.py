"""The life of a vend and the desk's rule table, row by row."""

from __future__ import annotations

import pytest

from counter.domain.vends import (
    TRANSITIONS,
    BookFacts,
    CardFacts,
    CardMeaning,
    ForbiddenEvent,
    VendEvent,
    VendState,
    after,
    meaning,
)

BOOKS = BookFacts("0100000001", "330400000001", 9)


@pytest.mark.parametrize(
    ("count", "wallet_fen", "writeback", "expected"),
    [
        (9, 10_000, 9, CardMeaning.READY),
        (9, 10_000, None, CardMeaning.NOT_INSERTED),
        (9, 0, None, CardMeaning.READY),
        (9, 10_000, 8, CardMeaning.FOREIGN),
        (10, 5_000, None, CardMeaning.BOOKING_LOST),
        (10, 5_000, 10, CardMeaning.FOREIGN),
        (8, 5_000, 8, CardMeaning.NEVER_WRITTEN),
        (8, 5_000, None, CardMeaning.NEVER_WRITTEN),
        (7, 5_000, 7, CardMeaning.FOREIGN),
        (11, 5_000, None, CardMeaning.FOREIGN),
    ],
)
def test_the_rule_table(count: int, wallet_fen: int, writeback: int | None, expected: CardMeaning) -> None:
    card = CardFacts(BOOKS.account_no, BOOKS.meter_no, count, wallet_fen, writeback)
    assert meaning(card, BOOKS) is expected


@pytest.mark.parametrize(
    ("account_no", "meter_no"), [("0100000002", BOOKS.meter_no), (BOOKS.account_no, "1")]
)
def test_another_account_or_meter_is_foreign_whatever_it_counts(account_no: str, meter_no: str) -> None:
    assert meaning(CardFacts(account_no, meter_no, 9, 10_000, 9), BOOKS) is CardMeaning.FOREIGN


@pytest.mark.parametrize("state", [VendState.WRITTEN, VendState.UNDONE])
@pytest.mark.parametrize("event", list(VendEvent))
def test_nothing_happens_to_what_is_settled(state: VendState, event: VendEvent) -> None:
    with pytest.raises(ForbiddenEvent, match=event.value):
        after(state, event)


def test_only_a_card_that_was_read_or_a_supervisor_says_that_it_was_written() -> None:
    proofs = {event for (_state, event), then in TRANSITIONS.items() if then is VendState.WRITTEN}
    assert {VendEvent.READ_BACK_AGREES, VendEvent.SUPERVISOR_SAYS_WRITTEN} == proofs


def test_a_fault_after_the_first_write_is_a_doubt_and_before_it_is_none() -> None:
    assert after(VendState.WRITING, VendEvent.FAULT_AFTER_WRITE) is VendState.IN_DOUBT
    assert after(VendState.PENDING, VendEvent.FAULT_BEFORE_WRITE) is VendState.PENDING
    with pytest.raises(ForbiddenEvent):
        after(VendState.WRITING, VendEvent.FAULT_BEFORE_WRITE)


def test_every_doubt_has_a_way_out() -> None:
    ways = {event for (state, event) in TRANSITIONS if state is VendState.IN_DOUBT}
    assert {
        VendEvent.READ_BACK_AGREES,
        VendEvent.READ_BACK_OLD,
        VendEvent.CARD_TAKEN_BACK,
        VendEvent.SUPERVISOR_SAYS_WRITTEN,
    } <= ways
