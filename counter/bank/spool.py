"""The entries of a file: in memory as long as they are few, then in a temporary file without a name.

Invariant: whoever reads the entries sees the same, wherever they lie. What is on the disk was written by this
process and is gone with it.
"""

from __future__ import annotations

import pickle
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import IO, overload

from counter.bank.statement import BOOKED, Entry, ManyEntries, Totals

KEPT_MAX = 250_000
"""Entries of one file that stay in memory; each takes some 700 bytes."""
BLOCK = 1_000
"""Entries that are written and read together."""


@dataclass(slots=True)
class Spool:
    """The entries of all statements of one file. Used by one thread while it fills."""

    kept: int = 0
    file: IO[bytes] | None = None
    lock: Lock = field(default_factory=Lock)

    @property
    def full(self) -> bool:
        """Whether further entries go to the disk."""
        return self.kept >= KEPT_MAX

    def put(self, entries: list[Entry]) -> tuple[int, int]:
        """Write a block; where it begins, and its size."""
        if self.file is None:
            self.file = tempfile.TemporaryFile(prefix="counter-")  # noqa: SIM115  # closed with its last reader
        data = pickle.dumps(entries, pickle.HIGHEST_PROTOCOL)
        with self.lock:
            at = self.file.seek(0, 2)
            self.file.write(data)
        return at, len(data)

    def get(self, at: int, size: int) -> list[Entry]:
        """A block that was written."""
        assert self.file is not None
        with self.lock:
            self.file.seek(at)
            data = self.file.read(size)
        found: list[Entry] = pickle.loads(data)  # noqa: S301  # our own bytes, in a file without a name
        return found


class Collected:
    """The entries of one statement while it is read."""

    def __init__(self, spool: Spool) -> None:
        """Entries stay in memory until the spool of the file is full."""
        self._spool, self._held = spool, list[Entry]()
        self._blocks, self._count = list[tuple[int, int]](), 0
        self._starts, self._totals = list[int](), Totals()

    def __len__(self) -> int:
        """How many there are."""
        return self._count + len(self._held)

    def append(self, entry: Entry) -> None:
        """One entry more."""
        self._held.append(entry)
        self._spool.kept += 1
        if len(self._held) >= BLOCK and self._spool.full:
            self._flush()

    def extend(self, entries: Iterable[Entry]) -> None:
        """Those of a further page."""
        for entry in entries:
            self.append(entry)

    def finished(self, mend: Callable[[Entry], Entry] | None = None) -> Sequence[Entry]:
        """All of them in order, each mended if need be: a tuple, or what reads like one."""
        if mend is not None:
            again = Collected(self._spool)
            again.extend(map(mend, self.finished()))
            return again.finished()
        if not (self._blocks or (self._spool.full and self._held)):
            return tuple(self._held)
        if self._held:
            self._flush()
        return Spooled(self._spool, self._blocks, [*self._starts, self._count], self._totals)

    def _flush(self) -> None:
        """Write what is held."""
        self._starts.append(self._count)
        self._blocks.append(self._spool.put(self._held))
        self._count += len(self._held)
        self._totals = self._totals.plus(self._held)
        self._held = []


class Spooled(ManyEntries):
    """Entries on the disk, read a block at a time; may be read by several threads."""

    def __init__(
        self, spool: Spool, blocks: list[tuple[int, int]], starts: list[int], totals: Totals
    ) -> None:
        """``starts`` says with which entry each block begins, and at last how many there are."""
        self._spool, self._blocks, self._starts, self._totals = spool, blocks, starts, totals

    @property
    def totals(self) -> Totals:
        """What they come to, added up when they were written."""
        return self._totals

    def only_booked(self) -> Sequence[Entry]:
        """Those that moved the balance, written anew."""
        booked = Collected(self._spool)
        booked.extend(entry for entry in self if entry.status == BOOKED)
        return booked.finished()

    def __len__(self) -> int:
        """How many there are."""
        return self._starts[-1]

    def __iter__(self) -> Iterator[Entry]:
        """All of them, with one block in memory."""
        for at, size in self._blocks:
            yield from self._spool.get(at, size)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Entry, ...]: ...
    def __getitem__(self, index: int | slice) -> Entry | tuple[Entry, ...]:
        """One of them, or some."""
        if isinstance(index, slice):
            return tuple(self)[index]
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(index)
        block = bisect_right(self._starts, place) - 1
        return self._spool.get(*self._blocks[block])[place - self._starts[block]]
