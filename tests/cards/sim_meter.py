"""A prepaid meter at a customer's home: takes a card, loads its credit or does not, and writes back.

With d = the card's vend count minus the meter's: d < 0 no credit; d = 0 parameters only; d = 1 and an empty
write-back: credit, unless that would go above the hoard limit or 999,999.99; d = 1 and a write-back: no
credit; d >= 2: refused. It reads and writes the card's memory past all keys, as its own security module
lets it.

Invariant: money loaded = sum of ``loaded``; each count is loaded once at most.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from tests.cards.sim_card import SimulatedCard
from tests.cards.sim_files import (
    EMPTY_WRITE_BACK,
    OPENING,
    REPLACEMENT,
    Parameters,
    WriteBack,
    amount_and_count,
    is_empty,
    wallet,
)

MOST_FEN: Final = 99_999_999


class Outcome(Enum):
    """What the meter's display says."""

    BROKEN = auto()
    """A file that is no frame, or an empty card."""
    FOREIGN = auto()
    """Another meter's or account's card, or one that was replaced."""
    OLD = auto()
    PARAMETERS = auto()
    LOADED = auto()
    OVER_LIMIT = auto()
    NOT_CLEARED = auto()
    """The write-back still stands: the desk did not finish."""
    SKIPPED = auto()
    """Two or more vends ahead."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """One credit that was taken."""

    vend_count: int
    amount_fen: int


@dataclass(slots=True)
class Meter:
    """One meter. ``bound_to`` is the card that it takes: the one that opened it, or the last replacement."""

    meter_no: str
    account_no: str = "0" * 12
    hoard_limit_fen: int = MOST_FEN
    vend_count: int = 0
    remaining_fen: int = 0
    overdraft_fen: int = 0
    illegal_inserts: int = 0
    alarms_fen: tuple[int, int] = (0, 0)
    ratios: tuple[int, int] = (1, 1)
    clock: str = "2406121530"
    bound_to: SimulatedCard | None = None
    loaded: list[Loaded] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def loaded_fen(self) -> int:
        """All money that this meter ever took."""
        return sum(credit.amount_fen for credit in self.loaded)

    def use(self, amount_fen: int) -> None:
        """Power is used: from what remains, then on credit."""
        from_remaining = min(amount_fen, self.remaining_fen)
        self.remaining_fen -= from_remaining
        self.overdraft_fen += amount_fen - from_remaining

    def insert(self, card: SimulatedCard) -> Outcome:
        """The customer holds the card in the slot until the display says something."""
        outcome = self._take(card)
        self.illegal_inserts += outcome in {Outcome.BROKEN, Outcome.FOREIGN, Outcome.OLD, Outcome.SKIPPED}
        self.outcomes.append(outcome)
        return outcome

    def _take(self, card: SimulatedCard) -> Outcome:
        parameters = Parameters.of(card.content("81"))
        if parameters is None:
            return Outcome.BROKEN
        if not self._is_mine(card, parameters):
            return Outcome.FOREIGN
        amount_fen, count = amount_and_count(card.content("82"))
        outcome = self._judge(amount_fen, count - self.vend_count, card.content("85"))
        if outcome in {Outcome.PARAMETERS, Outcome.LOADED}:
            self._bind(card, parameters)
            self._credit(outcome, amount_fen, count)
            card.put("85", self._write_back())
        return outcome

    def _is_mine(self, card: SimulatedCard, parameters: Parameters) -> bool:
        """Its first card opens a meter; a replacement takes the place of the card that it knew."""
        if parameters.meter_no != self.meter_no.rjust(12, "0"):
            return False
        if self.bound_to is None:
            return parameters.card_type in {OPENING, REPLACEMENT}
        same_account = parameters.account_no == self.account_no.rjust(12, "0")
        return same_account and (card is self.bound_to or parameters.card_type == REPLACEMENT)

    def _judge(self, amount_fen: int, ahead: int, write_back: bytes) -> Outcome:
        """The table."""
        if ahead < 0:
            return Outcome.OLD
        if ahead == 0:
            return Outcome.PARAMETERS
        if ahead > 1:
            return Outcome.SKIPPED
        if not is_empty(write_back):
            return Outcome.NOT_CLEARED
        would_remain = self.remaining_fen + amount_fen
        return Outcome.OVER_LIMIT if would_remain > min(self.hoard_limit_fen, MOST_FEN) else Outcome.LOADED

    def _bind(self, card: SimulatedCard, parameters: Parameters) -> None:
        """Take the parameters over."""
        self.bound_to, self.account_no = card, parameters.account_no
        if parameters.flags & 0x80:
            self.alarms_fen = (parameters.alarm1_fen, parameters.alarm2_fen)
            self.ratios = (parameters.ct, parameters.pt)

    def _credit(self, outcome: Outcome, amount_fen: int, count: int) -> None:
        """Load it; what was used on credit is paid first."""
        if outcome is not Outcome.LOADED:
            return
        assert count not in {credit.vend_count for credit in self.loaded}, "a credit was loaded twice"
        self.loaded.append(Loaded(count, amount_fen))
        self.vend_count = count
        paid = min(self.overdraft_fen, amount_fen)
        self.overdraft_fen -= paid
        self.remaining_fen += amount_fen - paid

    def _write_back(self) -> bytes:
        """What the desk will read."""
        return bytes(
            WriteBack(
                account_no=self.account_no,
                meter_no=self.meter_no,
                remaining_fen=self.remaining_fen,
                vend_count=self.vend_count,
                overdraft_fen=self.overdraft_fen,
                illegal_inserts=self.illegal_inserts,
                written_at=self.clock,
                ct=self.ratios[0],
                pt=self.ratios[1],
            )
        )


def issue(card: SimulatedCard, parameters: Parameters, purse: bytes, write_back: bytes) -> None:
    """A card as an earlier desk left it."""
    card.put("81", bytes(parameters))
    card.put("82", purse)
    card.put("85", write_back)


def in_use(
    card: SimulatedCard, account_no: str, meter_no: str, *, count: int, amount_fen: int, loaded: bool = True
) -> Meter:
    """A card whose last vend the meter took (or did not yet), and that meter."""
    meter = Meter(meter_no, account_no, vend_count=count - 1, bound_to=card)
    issue(card, Parameters(account_no, meter_no), wallet(amount_fen, count), EMPTY_WRITE_BACK)
    if loaded:
        assert meter.insert(card) is Outcome.LOADED
    return meter
