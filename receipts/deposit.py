"""A deposit slip (解款单) as plain data: what of the takings goes to which bank account, and who carries it.

Amounts are whole fen, 0 or more. The invariant: cash, cheques and POS totals make the total, and so do the
shifts that the slip contains.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from counter.domain.capitals import CAPITAL_AMOUNT_FEN_MAX
from receipts.reports import CountedPieces


@dataclass(frozen=True, slots=True)
class DepositedCheque:
    """One cheque in the bag; ``dated`` is the date that stands on it."""

    bank: str
    number: str
    dated: date
    payer: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class PosTotal:
    """What one POS terminal settled in one batch."""

    terminal: str
    batch: str
    count: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class DepositedShift:
    """A closed shift whose takings are on the slip; ``z_number`` is its report's, 0 when it has none."""

    till_name: str
    staff_name: str
    closed_at: datetime
    z_number: int
    cash_fen: int = 0
    cheque_fen: int = 0
    pos_fen: int = 0

    @property
    def total_fen(self) -> int:
        """What of this shift is on the slip."""
        return self.cash_fen + self.cheque_fen + self.pos_fen


@dataclass(frozen=True, slots=True)
class DepositSlip:
    """One slip. ``account_no_masked`` shows no more of the bank account than its last digits.

    ``carrier_name`` is the person who takes the bag with the seal number ``bag_no``. ``pieces`` are the
    notes and coins in it, where they were counted. Raises ValueError for a slip that does not add up.
    """

    slip_no: str
    business_date: date
    made_at: datetime
    payee: str
    hall_name: str
    bank_name: str
    account_name: str
    account_no_masked: str
    made_by: str
    carrier_name: str
    total_fen: int
    cash_fen: int = 0
    pieces: tuple[CountedPieces, ...] = ()
    cheques: tuple[DepositedCheque, ...] = ()
    pos_totals: tuple[PosTotal, ...] = ()
    shifts: tuple[DepositedShift, ...] = ()
    bag_no: str = ""
    note: str = ""
    reprint: bool = False
    language: str = "zh_CN"

    def __post_init__(self) -> None:
        """Refuse a slip that would contradict itself."""
        if not 0 < self.total_fen <= CAPITAL_AMOUNT_FEN_MAX:
            raise ValueError(f"a deposit of {self.total_fen} fen")
        if self.cash_fen + self.cheque_fen + self.pos_fen != self.total_fen:
            raise ValueError(f"the parts do not make {self.total_fen} fen")
        if self.shifts and sum(shift.total_fen for shift in self.shifts) != self.total_fen:
            raise ValueError(f"the shifts do not make {self.total_fen} fen")
        if self.pieces and sum(counted.amount_fen for counted in self.pieces) != self.cash_fen:
            raise ValueError(f"the notes and coins do not make {self.cash_fen} fen")

    @property
    def cheque_fen(self) -> int:
        """All cheques."""
        return sum(cheque.amount_fen for cheque in self.cheques)

    @property
    def pos_fen(self) -> int:
        """All POS totals."""
        return sum(total.amount_fen for total in self.pos_totals)

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.slip_no
