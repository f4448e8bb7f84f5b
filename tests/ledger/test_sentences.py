"""Whatever a function of the database refuses has its sentences, once."""

from __future__ import annotations

import re
from pathlib import Path

from db import sentences

SQL = Path(__file__).resolve().parents[2] / "db" / "sql"
NEVER_BY_A_CLERK = {"CN011", "CN012"}
"""Guards of the ledger's tables: no function of a desk can run into them."""


def test_every_refusal_of_a_function_has_its_sentences() -> None:
    refused = {
        state for path in SQL.glob("*.sql") for state in re.findall(r"'(CN\d{3})'", path.read_text("utf-8"))
    }
    assert set() == refused - set(sentences.SENTENCES) - NEVER_BY_A_CLERK


def test_no_refusal_is_told_in_two_areas() -> None:
    names = [name for area in sentences._AREAS for name in area.SENTENCES]
    assert sorted(set(names)) == sorted(names)
