"""Where the statements to try the readers on are, and what a right reader finds in them."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

from counter.bank.statement import Statement

HERE = Path(__file__).parent / "files"
SHARED = Path(
    os.environ.get("COUNTER_SAMPLE_STATEMENTS", Path(__file__).parents[3] / "shared" / "statements"),
)
FAULTS = {
    # Two messages are parted by an end-of-file mark; the list gives the account of the second to both.
    "mt940/zilverline__spec_fixtures__two_accounts.txt",
}


def expected(folder: str) -> dict[str, Any]:
    """What the list of the shared samples says of the files of a folder; nothing where there is no list."""
    listing = SHARED / "expected.json"
    if not listing.is_file():
        return {}
    found = json.loads(listing.read_text())
    return {
        name: says for name, says in found.items() if name.startswith(folder + "/") and name not in FAULTS
    }


def told(statement: Statement) -> dict[str, Any]:
    """A statement in the words of the list."""
    return {
        "account": statement.account,
        "currency": statement.currency,
        "opening": statement.opening,
        "closing": statement.closing,
        "entries": len(statement.entries),
        "sum_credits": statement.credits,
        "sum_debits": statement.debits,
        "balances_tie": statement.balanced,
    }


def wanted(says: dict[str, Any]) -> dict[str, Any]:
    """The list's word on one statement, with its sums as exact numbers."""
    sums = ("opening", "closing", "sum_credits", "sum_debits")
    return {
        key: Decimal(value) if key in sums and value is not None else value for key, value in says.items()
    }
