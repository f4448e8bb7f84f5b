"""The rule table as the desk offers it: what is not certain offers nothing, an open vend comes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from counter.domain.vends import CardMeaning, VendState
from counter.services.ports.vends import CardBooks, CardView, OpenVend, VendKind
from counter.ui.vend_offer import CardCase, Finding, Offer
from counter.ui.vend_words import finding_words

ACCOUNT, METER, SERIAL = "0100000001", "036680900001", "53494D0000000002"
CARD = CardView(SERIAL, "simulated", "100000001", "36680900001", "02", 100, 4, 50, 4, 0, 0, 0, 0, "")
BLANK = replace(CARD, serial="53494D0000000001", account_no="", meter_no="", wallet_fen=0, vend_count=0)
VEND = OpenVend(
    UUID(int=1),
    ACCOUNT,
    "王小山",
    METER,
    SERIAL,
    4,
    100,
    VendKind.PURCHASE,
    VendState.WRITTEN,
    "0101-261123-0001",
    "李敏",
    "城关营业厅",
    datetime(2026, 11, 23, tzinfo=UTC),
    "",
)
BOOKS = CardBooks(ACCOUNT, "王小山", METER, 1, 4, SERIAL, 0, 0, 5_000, CardMeaning.READY, None, (VEND,))
OPEN = replace(VEND, state=VendState.IN_DOUBT)


def meant(meaning: CardMeaning, **changes: object) -> CardBooks:
    """The same books, compared otherwise."""
    return replace(BOOKS, meaning=meaning, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("card", "books", "finding", "offer"),
    [
        (None, None, Finding.NO_CARD, Offer.NOTHING),
        (None, BOOKS, Finding.NO_CARD, Offer.NOTHING),
        (None, replace(BOOKS, open_vend=OPEN), Finding.NO_CARD_OPEN_VEND, Offer.NOTHING),
        (CARD, None, Finding.NOBODY_KNOWS, Offer.NOTHING),
        (BLANK, None, Finding.NEW_ALONE, Offer.NOTHING),
        (BLANK, replace(BOOKS, card_serial="", last_vends=()), Finding.NEW_FOR_OPENING, Offer.OPEN),
        (BLANK, BOOKS, Finding.NEW_FOR_REPLACING, Offer.REPLACE),
        (BLANK, replace(BOOKS, open_vend=OPEN), Finding.NEW_FOR_REPLACING, Offer.REPLACE),
        (CARD, BOOKS, Finding.READY, Offer.BUY),
        (CARD, replace(BOOKS, open_vend=OPEN), Finding.OPEN_VEND, Offer.RESUME),
        (
            CARD,
            replace(BOOKS, open_vend=replace(OPEN, card_serial="53494D0000000009")),
            Finding.OPEN_VEND_OTHER_CARD,
            Offer.NOTHING,
        ),
        (CARD, replace(BOOKS, account_no="0100000002"), Finding.OTHER_ACCOUNT, Offer.NOTHING),
        (CARD, replace(BOOKS, card_serial="53494D0000000009"), Finding.OTHER_CARD, Offer.NOTHING),
        (CARD, meant(CardMeaning.NOT_INSERTED), Finding.NOT_INSERTED, Offer.NOTHING),
        (
            CARD,
            meant(CardMeaning.NOT_INSERTED, last_vends=()),
            Finding.NOT_INSERTED_SOLD_ELSEWHERE,
            Offer.NOTHING,
        ),
        (CARD, meant(CardMeaning.BOOKING_LOST), Finding.BOOKING_LOST, Offer.BOOK),
        (replace(CARD, vend_count=3), meant(CardMeaning.NEVER_WRITTEN), Finding.NEVER_WRITTEN, Offer.RESUME),
        (
            replace(CARD, vend_count=3),
            meant(CardMeaning.NEVER_WRITTEN, last_vends=()),
            Finding.BEHIND,
            Offer.REPLACE,
        ),
        (replace(CARD, vend_count=1), meant(CardMeaning.FOREIGN), Finding.BEHIND, Offer.REPLACE),
        (replace(CARD, vend_count=9), meant(CardMeaning.FOREIGN), Finding.FOREIGN, Offer.NOTHING),
        (CARD, replace(BOOKS, meaning=None), Finding.FOREIGN, Offer.NOTHING),
    ],
)
def test_every_case_has_its_sentence_and_its_offer(
    card: CardView | None, books: CardBooks | None, finding: Finding, offer: Offer
) -> None:
    case = CardCase(card, books)
    assert (case.finding, case.offer) == (finding, offer)


def test_every_finding_is_said() -> None:
    assert all(all(finding_words(finding)) for finding in Finding)


def test_taken_back_is_only_what_no_meter_can_have() -> None:
    assert CardCase(CARD, meant(CardMeaning.NOT_INSERTED)).undoable == VEND
    assert CardCase(CARD, replace(BOOKS, open_vend=OPEN)).undoable == OPEN
    assert CardCase(replace(CARD, vend_count=3), meant(CardMeaning.NEVER_WRITTEN)).undoable == VEND
    assert CardCase(CARD, BOOKS).undoable is None
    assert CardCase(BLANK, BOOKS).undoable is None
    assert CardCase(None, BOOKS).undoable is None
