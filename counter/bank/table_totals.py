"""The totals that a bank table says it has, against the sums of its rows.

Invariant: a total of money in or out that can be read is the sum of rows of this table, or the statement says
which line is wrong and counts as one that does not balance. It is shown and not taken over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate

from counter.bank import cells
from counter.bank.cells import text_of
from counter.bank.headings import Columns
from counter.bank.table_rows import TotalRow

_CHECKED = re.compile(r"合\s*计|小\s*计|总\s*计|^\s*total", re.IGNORECASE)
_OTHER = re.compile(r"累\s*计|承前|过次|期初|期末|上期|余额|本年|年初")
"""Totals over more than this table, and balances."""


def wrong_total(
    totals: Sequence[TotalRow], columns: Columns, sums: Mapping[str, Sequence[int | None]]
) -> int:
    """The line of the first total that does not agree; 0 where all do.

    ``sums`` are the columns of money as written, in fen. A total may be of all rows above it, of those since
    the last total, or of the whole table.
    """
    if not totals:
        return 0
    running = {name: _running(column) for name, column in sums.items()}
    last = 0
    for total in totals:
        words = " ".join(text for cell in total.cells if isinstance(cell, str) and (text := text_of(cell)))
        if not _CHECKED.search(words) or _OTHER.search(words):
            continue
        said = _said(total, columns)
        spans = ((0, total.above), (last, total.above), (0, -1))
        if said and not any(_agrees(said, running, span) for span in spans):
            return total.line
        last = total.above
    return 0


def _running(column: Sequence[int | None]) -> list[tuple[int, ...]]:
    """The sums so far in front of each row and behind the last: of all, of those above 0, of those below."""
    amounts = [amount or 0 for amount in column]
    kinds = (amounts, [max(a, 0) for a in amounts], [min(a, 0) for a in amounts])
    return list(zip(*(accumulate(kind, initial=0) for kind in kinds), strict=True))


def _said(total: TotalRow, columns: Columns) -> dict[str, int]:
    """The sums in a row of totals; what cannot be read as one is none (a number of entries, a word)."""
    said = dict[str, int]()
    for name in ("credit", "debit", "amount"):
        index = columns.get(name, -1)
        if not 0 <= index < len(total.cells):
            continue
        try:
            value = cells.fen(total.cells[index])
        except ValueError:
            continue
        if value is not None:
            said[name] = value
    return said


def _agrees(
    said: Mapping[str, int], running: Mapping[str, Sequence[tuple[int, ...]]], span: tuple[int, int]
) -> bool:
    """Whether the sums of some rows are those that are written, each with either sign."""
    for name, value in said.items():
        first, last = running[name][span[0]], running[name][span[1]]
        everything, above, below = (end - start for start, end in zip(first, last, strict=True))
        if abs(value) not in {abs(everything), above, -below, above - below}:
            return False
    return True
