"""Amount, fee and net of one settlement line, and the totals that a file says it has.

Invariant: net = amount - fee, with the signs that this file writes; what does not come out is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from counter.bank.settlement import SaleKind
from counter.bank.statement import UnreadableError

Sums = tuple[int, int, int]
"""Amount, fee, net; fen."""

_COUNT = re.compile(
    r"(?<![0-9.,])([0-9]{1,9})\s*笔|(?:总?笔数|count)[^0-9]{0,4}([0-9]{1,9})(?![0-9.,])", re.IGNORECASE
)


def signed(kind: SaleKind, amount: int, fee: int | None, net: int | None, line: int) -> Sums:
    """The three sums of a line as we keep them. Raises UnreadableError with the line.

    A refund may be written with a minus or without. A fee may be written with either sign where a net tells
    which is meant. Without a net the fee's own sign counts, and a refund's positive fee is refused.
    """
    if kind == "sale" and amount < 0:
        raise UnreadableError("a sale with a negative amount", line=line, hint="amount")
    if fee is None and net is None:
        raise UnreadableError("a line has neither fee nor net", line=line, hint="amount")
    ours = amount if kind == "sale" else -abs(amount)
    if net is None:
        return _by_fee(kind, ours, fee or 0, line)
    if kind != "sale" and amount < 0 < net:
        raise UnreadableError("a negative amount with a positive net", line=line, hint="amount")
    net = net if kind == "sale" else -abs(net)
    if fee is not None and abs(fee) != abs(ours - net):
        raise UnreadableError("net is not amount less fee", line=line, hint="net")
    return ours, ours - net, net


def _by_fee(kind: SaleKind, amount: int, fee: int, line: int) -> Sums:
    """A line without a net."""
    if (kind == "sale" and fee < 0) or (kind != "sale" and fee > 0):
        raise UnreadableError("nothing tells whether the fee is charged or given back", line=line, hint="net")
    return amount, fee, amount - fee


@dataclass(slots=True)
class Running:
    """The sums of the lines so far, and since the last total."""

    all: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    part: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    """Amount, fee, net, number of lines."""

    def add(self, sums: Sums) -> None:
        """A line more."""
        for total in (self.all, self.part):
            for index, value in enumerate((*sums, 1)):
                total[index] += value

    def check(self, said: Mapping[str, int], texts: Iterable[str], line: int) -> None:
        """A row of totals: of everything so far or since the last one. Raises UnreadableError."""
        wanted = {("amount", "fee", "net").index(name): value for name, value in said.items()}
        count = count_in(texts)
        if count is not None:
            wanted[3] = count
        if not any(_agrees(total, wanted) for total in (self.all, self.part)):
            raise UnreadableError("the total is not the sum of its lines", line=line, hint="total")
        self.part = [0, 0, 0, 0]


def _agrees(total: list[int], wanted: Mapping[int, int]) -> bool:
    """Whether a total is the one that is written; a fee may have either sign."""
    return all(
        value == total[index] or (index == 1 and value == -total[index]) for index, value in wanted.items()
    )


def count_in(texts: Iterable[str]) -> int | None:
    """How many lines a text says there are; None where it does not say."""
    found = next((match for match in map(_COUNT.search, texts) if match), None)
    return int(found[1] or found[2]) if found else None
