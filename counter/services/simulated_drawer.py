"""The demonstration's drawer of cards behind ``ports.vends.CardDrawer``."""

from __future__ import annotations

from dataclasses import dataclass

from cardio.simulator import SimulatedCard, SimulatedReader
from counter.services.ports.vends import DrawerCard, DrawerState, HomeResult


@dataclass(frozen=True, slots=True)
class SimulatedDrawer:
    """The cards of one simulated reader."""

    reader: SimulatedReader

    def cards(self) -> tuple[DrawerCard, ...]:
        """All of them."""
        return tuple(map(self._shown, self.reader.cards))

    def insert(self, card_id: str) -> None:
        """Put it into the reader."""
        self.reader.insert(card_id)

    def pull(self) -> None:
        """Take out whatever is in the reader."""
        self.reader.pull()

    def take_home(self, card_id: str) -> HomeResult:
        """Let its meter take it."""
        return HomeResult(self.reader.take_home(card_id).value)

    def _shown(self, card: SimulatedCard) -> DrawerCard:
        """A card with what its meter has."""
        meter = self.reader.meters.get(card.meter_no)
        in_reader = self.reader.in_reader == card.card_id
        return DrawerCard(
            card_id=card.card_id,
            kind=card.kind,
            state=DrawerState.READER if in_reader else DrawerState.DRAWER,
            serial=card.serial,
            account_no=card.account_no,
            meter_no=card.meter_no,
            vend_count=card.vend_count,
            wallet_fen=card.wallet_fen,
            meter_count=meter.vend_count if meter else 0,
            meter_fen=meter.balance_fen if meter else 0,
        )
