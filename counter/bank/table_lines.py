"""The movements of a bank table as entries: made when they are asked for where the table is long.

A table of 50,000 rows is some megabytes as a file and ten times that as entries, so a long one stays packed.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import repeat
from typing import Final, overload

from counter.bank import cells
from counter.bank.cells import Cell
from counter.bank.manner import Manner
from counter.bank.packed import BLOCK, Packed
from counter.bank.statement import Entry, ManyEntries, Totals
from counter.bank.table_rows import days_in

FEW: Final = 2 * BLOCK
"""So many entries are made at once."""


def yuan(fen: int) -> Decimal:
    """Fen as yuan with two decimals."""
    return Decimal(fen).scaleb(-2)


@dataclass(frozen=True, slots=True)
class Moved:
    """All movements of a table in the order of its rows; sums in fen, with their signs."""

    columns: Mapping[str, Packed]
    days: Sequence[date]
    lines: Sequence[int]
    amounts: array[int]
    balances: array[int] | None
    manner: Manner

    def entries(self, order: Sequence[int]) -> Sequence[Entry]:
        """The entries in an order; those of a long table in its own order or backwards stay packed."""
        count = len(self.amounts)
        if count > FEW and order[0] == 0 and all(map(int.__eq__, order, range(count))):
            return TableEntries(self, backward=False)
        if count > FEW and order[-1] == 0 and all(map(int.__eq__, order, range(count - 1, -1, -1))):
            return TableEntries(self, backward=True)
        every = [entry for number in range(self.blocks) for entry in self.block(number)]
        return tuple([every[at] for at in order])

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return -(-len(self.amounts) // BLOCK)

    def block(self, number: int) -> list[Entry]:
        """The entries of one block; what each argument is stands in ``Entry``."""
        part = slice(number * BLOCK, (number + 1) * BLOCK)
        amounts = self.amounts[part]
        balances = repeat(None) if self.balances is None else map(yuan, self.balances[part])
        return list(
            map(
                Entry,
                self.days[part],
                map(yuan, amounts),
                self._texts(number, len(amounts)),
                self._told("reference", number, len(amounts)),
                self._values(number, len(amounts)),
                self._parties("party", number, amounts),
                self._parties("party_account", number, amounts),
                balances,
                repeat(False),
                self.lines[part],
            )
        )

    def _told(self, name: str, number: int, count: int) -> list[str]:
        """The texts of one block of a column."""
        return cells.texts(self.columns[name].block(number)) if name in self.columns else [""] * count

    def _texts(self, number: int, count: int) -> list[str]:
        """What all the columns with texts say, row by row."""
        columns = [self._told(name, number, count) for name in self.columns if name.startswith("text")]
        if len(columns) == 1:
            return columns[0]
        return [" ".join(filter(None, words)) for words in zip(*columns, strict=True)] or [""] * count

    def _values(self, number: int, count: int) -> list[date | None]:
        """The days of value; None where a row has none that can be read."""
        if "valued" not in self.columns:
            return [None] * count
        column: Sequence[Cell] = self.columns["valued"].block(number)
        try:
            known = days_in(column, None, self.manner)
        except ValueError:
            return [None] * count
        return [known[cell] for cell in column]

    def _parties(self, name: str, number: int, amounts: Sequence[int]) -> list[str]:
        """The other side, or its account: of money in the payer, of money out the payee."""
        suffix, count = name.removeprefix("party"), len(amounts)
        if name in self.columns or not {f"payer{suffix}", f"payee{suffix}"} & self.columns.keys():
            return self._told(name, number, count)
        payers = self._told(f"payer{suffix}", number, count)
        payees = self._told(f"payee{suffix}", number, count)
        pairs = zip(amounts, payers, payees, strict=True)
        return [payer if amount > 0 else payee for amount, payer, payee in pairs]


class TableEntries(ManyEntries):
    """The entries of a long table, made a block at a time; may be read by several threads."""

    def __init__(self, moved: Moved, *, backward: bool) -> None:
        """``backward`` where the newest stands first in the table."""
        self._moved, self._backward = moved, backward
        self._last: tuple[int, list[Entry]] = (-1, [])

    @property
    def totals(self) -> Totals:
        """What they come to; every line of a table is booked."""
        credit = sum(amount for amount in self._moved.amounts if amount > 0)
        debit = -sum(amount for amount in self._moved.amounts if amount < 0)
        return Totals(yuan(credit), yuan(debit), yuan(credit - debit))

    def only_booked(self) -> Sequence[Entry]:
        """All of them."""
        return self

    def __len__(self) -> int:
        """How many there are."""
        return len(self._moved.amounts)

    def __iter__(self) -> Iterator[Entry]:
        """All of them, with one block in memory."""
        numbers = range(self._moved.blocks)
        for number in reversed(numbers) if self._backward else numbers:
            block = self._moved.block(number)
            yield from reversed(block) if self._backward else block

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        """One of them, or some; all of them backwards stay packed."""
        if isinstance(index, slice):
            if (index.start, index.stop, index.step) == (None, None, -1):
                return TableEntries(self._moved, backward=not self._backward)
            return tuple([self[each] for each in range(*index.indices(len(self)))])
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(index)
        if self._backward:
            place = len(self) - 1 - place
        number, block = self._last
        if number != place // BLOCK:
            number, block = place // BLOCK, self._moved.block(place // BLOCK)
            self._last = number, block
        return block[place % BLOCK]
