"""Unidentified receipts: found by what stands on the customer's slip.

The claim is a payment and goes the way of every payment; here is only what is looked at before.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine

from counter.domain.slip_words import SlipWord, slip_words
from counter.services import accounts
from counter.services.ports import AccountView
from counter.services.ports.held_receipts import HeldReceipt
from counter.services.unit_of_work import transaction
from db.queries import held_receipts, people

LISTED_MAX = 1000
"""More open receipts than this are not looked through by eye; a word of the slip finds the one."""


@dataclass(frozen=True, slots=True)
class HeldReceipts:
    """The real part behind ``ports.held_receipts.HeldReceipts``."""

    engine: Engine

    def find(self, typed: str, account_no: str) -> tuple[HeldReceipt, ...]:
        """The open receipts that every typed word fits; raises Fault."""
        with transaction(self.engine) as connection:
            words = [_as_json(word) for word in slip_words(typed, people.business_date(connection))]
            rows = held_receipts.held(connection, words, account_no, LISTED_MAX)
        return tuple(HeldReceipt(*astuple(row)) for row in rows)

    def account_on(self, account_no: str, day: date) -> AccountView | None:
        """An account with its late fees as of ``day``; raises Fault."""
        engine = self.engine.execution_options(isolation_level="REPEATABLE READ")
        with transaction(engine) as connection:
            return accounts.read_account(connection, account_no, day)


def _as_json(word: SlipWord) -> dict[str, Any]:
    """A word as the database function reads it; what it cannot be is left out."""
    readings: dict[str, Any] = {"text": word.text}
    if word.amount_fen is not None:
        readings["amount_fen"] = word.amount_fen
    if word.day is not None:
        readings["date"] = word.day.isoformat()
    return readings
