"""What an acquirer says it took at the card terminals and will credit, whatever the form of its file.

Invariant: on every line ``net_fen == amount_fen - fee_fen``, and no line knows more of a card than its first
six and last four digits. Amounts are whole fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

SaleKind = Literal["sale", "refund", "reversal"]
KINDS: Final[tuple[SaleKind, ...]] = ("sale", "refund", "reversal")


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """One card payment, or what takes one back."""

    merchant: str
    """15 digits as a rule; empty where the file does not say."""
    terminal: str
    """8 characters."""
    at: datetime
    """When it was at the terminal; midnight where the file has the day alone. Without a zone, as written."""
    kind: SaleKind
    batch: str
    """6 digits (批次号); empty where the file has none."""
    trace: str
    """6 digits (凭证号), counted by the terminal."""
    reference: str
    """12 characters (参考号), given by the network."""
    card: str
    """Masked: six digits, stars, four digits at the most."""
    card_class: str
    """As in the file, such as 借记卡 or 贷记卡."""
    amount_fen: int
    """Positive for a sale, negative for a refund or a reversal."""
    fee_fen: int
    """Positive when it is charged to us, negative when it is given back."""
    net_fen: int
    """What reaches the bank: amount less fee."""
    line: int
    """Where it stands in the file, from 1."""


@dataclass(frozen=True, slots=True)
class SettlementFile:
    """A whole file of an acquirer."""

    format: str
    """``csv``, ``xls``, ``xlsx`` or ``fixed`` (columns by position)."""
    encoding: str
    acquirer: str
    """Its name where the file or the profile says it, else empty."""
    settled: date | None
    """The day of settlement (清算日期) where the file says it."""
    lines: tuple[SettlementLine, ...]

    @property
    def amount_fen(self) -> int:
        """Sales less refunds and reversals, before fees."""
        return sum(line.amount_fen for line in self.lines)

    @property
    def fee_fen(self) -> int:
        """All fees; positive when we pay them."""
        return sum(line.fee_fen for line in self.lines)

    @property
    def net_fen(self) -> int:
        """What the acquirer credits for the whole file."""
        return sum(line.net_fen for line in self.lines)
