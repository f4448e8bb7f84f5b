"""Recharge cards in stock, and the care fund."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text


def for_sale(connection: Connection, numbers: Sequence[str]) -> list[tuple[str, str, int]]:
    """Number, state and worth of each of these cards, in this order; a card not in stock is worth 0."""
    rows = connection.execute(
        text("SELECT card_no, state, face_fen FROM counter.cards_for_sale(:numbers)"),
        {"numbers": list(numbers)},
    )
    return [(card_no, state, int(face_fen or 0)) for card_no, state, face_fen in rows]


def fund_fen(connection: Connection) -> int:
    """What the care fund has."""
    found = connection.execute(text("SELECT balance_fen FROM counter.fund WHERE fund = 'care_fund'")).scalar()
    return int(found or 0)
