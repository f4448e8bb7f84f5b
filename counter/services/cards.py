"""Recharge cards and the care fund: sold, shown, redeemed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from sqlalchemy import Engine

from counter.domain.card_secrets import card_proof, kept_digest
from counter.domain.money import AmountError, parse_yuan
from counter.services.once import post_once
from counter.services.payments import Payments, tender_body
from counter.services.ports import PaymentTaken
from counter.services.ports.cards import CardFound, CardShown, CardState, SellCards, ShowCard
from counter.services.unit_of_work import transaction
from db.queries import cards

_BATCH = 200
_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Cards:
    """The real part behind ``ports.cards.Cards``."""

    engine: Engine
    taking: Payments

    def show(self, request: ShowCard) -> CardShown:
        """Show a card; the proof is sent, kept nowhere, and the secret stays here.

        Not sent again by itself when no answer comes: a wrong secret would count twice.
        """
        body = {
            "shift_id": request.shift_id,
            "card_no": request.card_no,
            "proof": card_proof(request.card_no, request.secret).hex(),
        }
        answer = post_once(self.engine, "show_card", body, ())
        return CardShown(CardState(answer["result"]), answer["face_fen"], answer["tries_left"])

    def look(self, numbers: Sequence[str]) -> tuple[CardFound, ...]:
        """How cards stand, before they are sold."""
        with transaction(self.engine) as connection:
            rows = cards.for_sale(connection, numbers)
        return tuple(CardFound(card_no, CardState(state), face_fen) for card_no, state, face_fen in rows)

    def sell(self, request: SellCards) -> PaymentTaken:
        """Sell once; raises Refusal, ServerUnreachable or OutcomeUnknown, as a payment does."""
        body: dict[str, Any] = {
            "request_id": str(request.request_id),
            "shift_id": request.shift_id,
            "cards": sorted(request.cards),
            "tenders": [tender_body(tender) for tender in request.tenders],
        }
        if request.payer_name:
            body["payer_name"] = request.payer_name
        return self.taking.post("sell_cards", body)

    def fund_fen(self) -> int:
        """What the care fund still has to give."""
        with transaction(self.engine) as connection:
            return cards.fund_fen(connection)


def load_stock(
    engine: Engine,
    rows: Sequence[tuple[str, str, int]],
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> int:
    """Take cards (number, secret, face value in fen) into stock; how many were new.

    Hashing is slow on purpose, so all processors share it. Secrets are neither sent nor kept. All or none
    of a batch of some hundred; the same file again goes on where it was.
    """
    added = 0
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for first in range(0, len(rows), _BATCH):
            batch = rows[first : first + _BATCH]
            digests = pool.map(_digest, (row[0] for row in batch), (row[1] for row in batch))
            body = [
                {"card_no": number, "face_fen": face_fen, "digest": digest}
                for (number, _secret, face_fen), digest in zip(batch, digests, strict=True)
            ]
            added += int(post_once(engine, "load_cards", {"cards": body})["added"])
            progress(min(first + _BATCH, len(rows)), len(rows))
    return added


def _digest(card_no: str, secret: str) -> str:
    return kept_digest(card_proof(card_no, secret)).hex()


def read_stock(lines: Iterable[str]) -> list[tuple[str, str, int]]:
    """Lines ``number,secret,yuan`` as rows; raises ValueError with the line number, never with the secret."""
    rows = []
    for number, line in enumerate(lines, 1):
        fields = [field.strip() for field in line.strip().split(",")]
        if not line.strip() or (number == 1 and not fields[0].isdecimal()):
            continue
        if len(fields) != _COLUMNS or not fields[0].isdecimal() or not fields[1]:
            raise ValueError(number)
        try:
            rows.append((fields[0], fields[1], parse_yuan(fields[2])))
        except AmountError:
            raise ValueError(number) from None
    return rows
