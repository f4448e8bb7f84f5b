"""Prepaid cards that were in use before these books began: from a file into the books, with their counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Engine

from counter.services.once import post_once

_BATCH: Final = 500
_COLUMNS: Final = ("account_no", "meter_no", "card_serial", "profile", "vend_count")
_FORMS: Final = ("[0-9]{10,12}", "[0-9]{12}", "[0-9A-Za-z-]{1,40}", r"[\w.-]{1,60}", "[0-9]{1,9}")


def read_cards(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Lines ``account,meter,serial,profile,count`` as the database takes them; a heading is passed over.

    Raises ValueError with the number of the first line that is not in order.
    """
    cards: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        fields = [field.strip() for field in line.strip().split(",")]
        if not line.strip() or (number == 1 and not fields[0].isdecimal()):
            continue
        if len(fields) != len(_COLUMNS) or not all(map(re.fullmatch, _FORMS, fields)):
            raise ValueError(number)
        card: dict[str, Any] = dict(zip(_COLUMNS, fields, strict=True))
        cards.append(card | {"vend_count": int(fields[-1])})
    return cards


def take_over(
    engine: Engine,
    cards: Sequence[Mapping[str, Any]],
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> int:
    """Put cards into the books; how many were new. All or none of a batch; the same file again is safe.

    An account that has a card in use, or a sale, is left as it is. Raises Refusal and Fault.
    """
    added = 0
    for first in range(0, len(cards), _BATCH):
        batch = [dict(card) for card in cards[first : first + _BATCH]]
        answer = post_once(engine, "load_meter_cards", {"request_id": str(uuid4()), "cards": batch})
        added += int(answer["added"])
        progress(min(first + _BATCH, len(cards)), len(cards))
    return added
