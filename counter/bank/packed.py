"""Columns of many cells in little memory: thousands of cells are one text, cut apart when they are asked for.

Invariant: what comes out is what went in. Cells that are no texts are kept as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, cast

from counter.bank.cells import Cell

BLOCK: Final = 4_096
"""Cells that are kept together; every block but the last has as many."""
_BETWEEN: Final = "\x1f"


class Packed:
    """One column."""

    def __init__(self) -> None:
        """Empty; blocks are added one after the other."""
        self._blocks = list[str | Sequence[Cell]]()

    def add(self, cells: Sequence[Cell]) -> None:
        """A block more."""
        try:
            joined = _BETWEEN.join(cast("Sequence[str]", cells))
        except TypeError:
            self._blocks.append(cells)
            return
        self._blocks.append(joined if joined.count(_BETWEEN) == len(cells) - 1 else cells)

    def block(self, number: int) -> Sequence[Cell]:
        """The cells of one block."""
        block = self._blocks[number]
        return block.split(_BETWEEN) if isinstance(block, str) else block

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        """The blocks in order."""
        return map(self.block, range(len(self._blocks)))

    def clear(self) -> None:
        """Let go of the cells."""
        self._blocks.clear()
