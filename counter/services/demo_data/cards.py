"""Recharge cards of the demonstration: a handful whose secrets everybody knows.

Demonstration only: the secret of a real card is printed under a scratch field and is not to be told from
its number.
"""

from __future__ import annotations

from typing import Final

from counter.domain.card_secrets import card_proof, kept_digest

DEMO_CARDS: Final = tuple(f"88002026{number:08d}" for number in range(1, 21))
"""Twenty, because each costs a slow hash at every set-up."""
FACE_FEN: Final = 20_000
_SECRET_DIGITS = 8


def demo_secret(card_no: str) -> str:
    """The secret of a demonstration card: the last eight digits of its number."""
    return card_no[-_SECRET_DIGITS:]


def demo_stock() -> list[dict[str, object]]:
    """The cards as the database takes them into stock; about a second of hashing."""
    return [
        {
            "card_no": number,
            "face_fen": FACE_FEN,
            "digest": kept_digest(card_proof(number, demo_secret(number))).hex(),
        }
        for number in DEMO_CARDS
    ]
