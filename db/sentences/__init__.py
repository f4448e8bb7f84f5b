"""The sentences of every refusal, each in the module of its area."""

from __future__ import annotations

from db.sentences import (
    approvals,
    bank,
    corrections,
    day_close,
    drawer,
    held,
    house,
    matching,
    payers,
    tenders,
    tokens,
    vends,
)
from db.sentences.sentence import Sentences, SentenceTable

__all__ = ["SENTENCES", "SentenceTable", "Sentences"]

_AREAS = (
    house,
    tenders,
    approvals,
    corrections,
    drawer,
    payers,
    vends,
    tokens,
    day_close,
    matching,
    held,
    bank,
)

SENTENCES: SentenceTable = {name: told for area in _AREAS for name, told in area.SENTENCES.items()}
"""By the state or the broken constraint."""
