"""What the receipts of card sales say, from a real database: also after the cards were sold again."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from counter.services.receipt_papers import document
from db.queries import receipts
from receipts.document import ReceiptDocument, ReceiptKind, Reference
from tests.bureau import Bureau

CARDS, FACE_FEN = ("88000001", "88000002"), 20_000


@pytest.fixture
def shift(bureau: Bureau) -> int:
    """Two cards in stock and an open shift."""
    cards = [{"card_no": number, "face_fen": FACE_FEN, "digest": "00" * 32} for number in CARDS]
    bureau.call("t60001", "load_cards", {"cards": cards})
    return bureau.open_shift()


def sell(bureau: Bureau, shift: int, tender: dict[str, Any], *cards: str) -> dict[str, Any]:
    """Sell cards to somebody by name."""
    request = {
        "request_id": str(uuid4()),
        "shift_id": shift,
        "cards": list(cards),
        "payer_name": "王𬭎 [/]",
        "tenders": [tender | {"amount_fen": FACE_FEN * len(cards)}],
    }
    return dict(bureau.call("t10001", "sell_cards", request))


def paper(bureau: Bureau, receipt_no: str) -> ReceiptDocument:
    """The document of a receipt, as its clerk may read it."""
    with bureau.engine("t10001").connect() as connection:
        row = receipts.receipt(connection, receipt_no)
    assert row is not None
    return document(row, "zh_CN")


def test_a_sale_by_pos_says_cards_merchant_and_authorisation(bureau: Bureau, shift: int) -> None:
    """The numbers of cards are masked, that of the merchant is not."""
    details = {
        "reference": "12345678-000001-000042",
        "merchant": "898110048160001",
        "authorisation": "A1B2C3",
    }
    sold = sell(bureau, shift, {"kind": "pos", "details": details}, *CARDS)
    said = paper(bureau, sold["receipt_no"])
    assert (said.kind, said.customer.name) == (ReceiptKind.RECHARGE_CARD_SALE, "王𬭎 [/]")
    assert [(card.card_no, card.face_fen) for card in said.cards] == [
        ("88**0001", FACE_FEN),
        ("88**0002", FACE_FEN),
    ]
    references = dict(said.tenders[0].references)
    assert references[Reference.MERCHANT] == "898110048160001"
    assert references[Reference.AUTHORISATION] == "A1B2C3"


def test_a_sale_that_was_taken_back_still_says_its_cards(bureau: Bureau, shift: int) -> None:
    """Both papers, although one of the cards has gone to somebody else since."""
    cash = {"kind": "cash", "received_fen": 2 * FACE_FEN}
    sold = sell(bureau, shift, cash, *CARDS)
    request = {
        "request_id": str(uuid4()),
        "shift_id": shift,
        "journal_id": sold["journal_id"],
        "cause": "customer",
        "reason": "客户退卡",
    }
    back = bureau.call("t10001", "reverse_payment", request)
    sell(bureau, shift, cash, CARDS[0])
    first, mirror = paper(bureau, sold["receipt_no"]), paper(bureau, back["receipt_no"])
    assert first.reversed_by == back["receipt_no"]
    assert (mirror.kind, mirror.reverses) == (ReceiptKind.REVERSAL, sold["receipt_no"])
    assert [card.card_no for card in first.cards] == [card.card_no for card in mirror.cards]
    assert [card.face_fen for card in mirror.cards] == [-FACE_FEN, -FACE_FEN]
