"""A card of the demonstration, in values: what stands on it, what ails it, and what its meter at home has.

Everything is frozen; what changes a card answers another one. Amounts are whole fen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from cardio.contents import CardContents, CardType, VendOrder, WriteBack
from cardio.simulator.raw import raw_files

PROFILE = "simulated"


class Condition(StrEnum):
    """What ails a piece of plastic."""

    GOOD = "good"
    MUTE = "mute"
    """Worn out: it gives no answer to reset."""
    TEARS = "tears"
    """It slips out of the reader in the middle of its next write, and is good afterwards."""


@dataclass(frozen=True, slots=True)
class SimulatedCard:
    """One card of the drawer. ``kind`` says why it is there; an empty ``account_no`` means a blank card."""

    card_id: str
    kind: str
    serial: str
    condition: Condition = Condition.GOOD
    account_no: str = ""
    meter_no: str = ""
    card_type: CardType = CardType.OPENING
    user_type: int = 1
    wallet_fen: int = 0
    vend_count: int = 0
    alarm1_fen: int = 0
    alarm2_fen: int = 0
    ct_ratio: int = 1
    pt_ratio: int = 1
    writeback: WriteBack | None = None

    @property
    def contents(self) -> CardContents:
        """As a reader reads it: a card has no room for the zeros in front of a number."""
        back = self.writeback
        values = CardContents(
            profile=PROFILE,
            serial=self.serial,
            account_no=self.account_no.lstrip("0"),
            meter_no=self.meter_no.lstrip("0"),
            card_type=self.card_type,
            user_type=self.user_type,
            wallet_fen=self.wallet_fen,
            vend_count=self.vend_count,
            alarm1_fen=self.alarm1_fen,
            alarm2_fen=self.alarm2_fen,
            ct_ratio=self.ct_ratio,
            pt_ratio=self.pt_ratio,
            writeback=back
            and replace(back, account_no=back.account_no.lstrip("0"), meter_no=back.meter_no.lstrip("0")),
            raw={},
        )
        return replace(values, raw=raw_files(values))

    def with_parameters(self, order: VendOrder) -> SimulatedCard:
        """After the first write."""
        return replace(
            self,
            account_no=order.account_no,
            meter_no=order.meter_no,
            card_type=order.card_type,
            user_type=order.user_type,
            alarm1_fen=order.alarm1_fen,
            alarm2_fen=order.alarm2_fen,
            ct_ratio=order.ct_ratio,
            pt_ratio=order.pt_ratio,
        )

    def with_wallet(self, order: VendOrder) -> SimulatedCard:
        """After the second write."""
        return replace(self, wallet_fen=order.amount_fen, vend_count=order.vend_count)

    def as_json(self) -> dict[str, Any]:
        """For the file."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> SimulatedCard:
        """From the file; raises TypeError, KeyError or ValueError for what is none."""
        back = found.get("writeback")
        return cls(
            **{
                **found,
                "condition": Condition(found["condition"]),
                "card_type": CardType(found["card_type"]),
                "writeback": None if back is None else WriteBack(**back),
            }
        )
