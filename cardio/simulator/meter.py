"""A meter at home, as far as a card concerns it. Source: docs/card-profiles.md.

With d = the card's count less the meter's: below 0 no credit; 0 parameters only; 1 with nothing written back
credit, unless the balance would be above the limit; 1 with something written back no credit; more refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final

from cardio.contents import WriteBack
from cardio.simulator.cards import Condition, SimulatedCard

BALANCE_FEN_MAX: Final = 99_999_999
_USED_OF_THREE: Final = 2
"""So many thirds of the balance are used up whenever the card comes home: a demonstration must not wait."""


class MeterAnswer(StrEnum):
    """What the meter did, or why it did nothing."""

    CREDITED = "credited"
    PARAMETERS = "parameters"
    OLD_CARD = "old_card"
    NOT_EMPTY = "not_empty"
    ABOVE_LIMIT = "above_limit"
    TOO_FAR = "too_far"
    OTHER_METER = "other_meter"
    NOT_READ = "not_read"


@dataclass(frozen=True, slots=True)
class HomeMeter:
    """One meter; ``loaded_fen`` is what all cards together brought it."""

    meter_no: str
    account_no: str
    vend_count: int = 0
    balance_fen: int = 0
    loaded_fen: int = 0
    hoard_limit_fen: int = BALANCE_FEN_MAX
    illegal_inserts: int = 0

    def as_json(self) -> dict[str, Any]:
        """For the file."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> HomeMeter:
        """From the file."""
        return cls(**found)


@dataclass(frozen=True, slots=True)
class Visit:
    """A card was in the meter: what was done, and both afterwards."""

    answer: MeterAnswer
    meter: HomeMeter
    card: SimulatedCard


def visit(meter: HomeMeter, card: SimulatedCard, written_at: str) -> Visit:
    """Put the card into the meter; ``written_at`` is the meter's clock, YYMMDDhhmm."""
    used = replace(meter, balance_fen=meter.balance_fen - meter.balance_fen * _USED_OF_THREE // 3)
    answer = _answer(used, card)
    if answer is MeterAnswer.CREDITED:
        used = replace(
            used,
            vend_count=card.vend_count,
            balance_fen=used.balance_fen + card.wallet_fen,
            loaded_fen=used.loaded_fen + card.wallet_fen,
        )
    elif answer is not MeterAnswer.PARAMETERS:
        return Visit(answer, replace(used, illegal_inserts=used.illegal_inserts + 1), card)
    return Visit(answer, used, replace(card, writeback=_writeback(used, written_at)))


def _answer(meter: HomeMeter, card: SimulatedCard) -> MeterAnswer:
    """The row of the rule that fits."""
    if card.condition is Condition.MUTE:
        return MeterAnswer.NOT_READ
    if (card.account_no, card.meter_no) != (meter.account_no, meter.meter_no):
        return MeterAnswer.OTHER_METER
    ahead = card.vend_count - meter.vend_count
    if ahead != 1:
        beside = {0: MeterAnswer.PARAMETERS}
        return beside.get(ahead, MeterAnswer.OLD_CARD if ahead < 0 else MeterAnswer.TOO_FAR)
    if card.writeback is not None:
        return MeterAnswer.NOT_EMPTY
    most_fen = min(meter.hoard_limit_fen, BALANCE_FEN_MAX)
    above = meter.balance_fen + card.wallet_fen > most_fen
    return MeterAnswer.ABOVE_LIMIT if above else MeterAnswer.CREDITED


def _writeback(meter: HomeMeter, written_at: str) -> WriteBack:
    """What the meter leaves on the card."""
    return WriteBack(
        meter_no=meter.meter_no,
        account_no=meter.account_no,
        remaining_fen=meter.balance_fen,
        vend_count=meter.vend_count,
        overdraft_fen=0,
        illegal_inserts=meter.illegal_inserts,
        written_at=written_at,
    )
