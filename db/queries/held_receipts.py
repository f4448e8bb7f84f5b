"""Open receipts of the bank, through the function that shows them to all staff."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One credit line with what is open of it; account numbers are masked by the database."""

    line_id: int
    booked: date
    age_days: int
    amount_fen: int
    open_fen: int
    party: str
    party_account: str
    text: str
    reference: str
    bank: str
    usual_account: str
    times: int
    known_by: str
    waits_for: str


def held(
    connection: Connection, words: Sequence[dict[str, Any]], account_no: str, most: int
) -> tuple[HeldRow, ...]:
    """The open receipts that all words fit, the likeliest for ``account_no`` first, then by age."""
    rows = connection.execute(
        text("SELECT * FROM counter.held_receipts(CAST(:words AS jsonb), :account_no, :most)"),
        {"words": json.dumps(list(words)), "account_no": account_no, "most": most},
    )
    return tuple(HeldRow(*row) for row in rows)
