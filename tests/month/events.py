"""What really happened: the truth that banks, acquirer and halls each see a part of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(slots=True)
class BankLine:
    """A movement as the bank knows it. ``event`` is the truth behind it; no file tells it."""

    event: str
    booked: date
    amount_fen: int
    reference: str
    text: str
    party: str = ""
    party_account: str = ""


@dataclass(slots=True)
class PosLine:
    """A card payment as the acquirer knows it."""

    event: str
    terminal: str
    at: datetime
    batch: str
    trace: str
    reference: str
    card: str
    card_class: str
    amount_fen: int
    fee_fen: int
    kind: str = "消费"

    @property
    def net_fen(self) -> int:
        """What of it reaches the bank."""
        return self.amount_fen - self.fee_fen


@dataclass(slots=True)
class Planted:
    """A break put in on purpose: which kind, on which event, on which day."""

    kind: str
    event: str
    day: date


@dataclass(slots=True)
class Truth:
    """Everything, by day."""

    bank: dict[str, list[BankLine]] = field(default_factory=dict)
    """By bank account, all lines so far in the order of the bank."""
    pos: dict[date, list[PosLine]] = field(default_factory=dict)
    """By the day of the acquirer's file."""
    planted: list[Planted] = field(default_factory=list)
    items: dict[tuple[str, int, int], str] = field(default_factory=dict)
    """Which event a paper of the books belongs to: (kind, journal, line)."""
