"""Recharge cards in stock, and the care fund."""

from __future__ import annotations

from sqlalchemy import Connection, text


def worth_fen(connection: Connection, card_no: str) -> int | None:
    """What a card in stock is worth; None for any other."""
    found = connection.execute(text("SELECT counter.card_in_stock(:card_no)"), {"card_no": card_no}).scalar()
    return None if found is None else int(found)


def fund_fen(connection: Connection) -> int:
    """What the care fund has."""
    found = connection.execute(text("SELECT balance_fen FROM counter.fund WHERE fund = 'care_fund'")).scalar()
    return int(found or 0)
