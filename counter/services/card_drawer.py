"""The demonstration's drawer of cards as the screens ask for it."""

from __future__ import annotations

from cardio.simulator import SimulatedCard, SimulatedReader
from counter.services.ports.vends import DrawerCard, DrawerState, HomeResult


class DemoDrawer:
    """``ports.vends.CardDrawer`` on a simulated reader."""

    def __init__(self, reader: SimulatedReader) -> None:
        """For the reader of this desk."""
        self._reader = reader

    def cards(self) -> tuple[DrawerCard, ...]:
        """All of them, each always in the same place."""
        return tuple(map(self._shown, self._reader.cards))

    def _shown(self, card: SimulatedCard) -> DrawerCard:
        """One of them, with what its meter has."""
        meter = self._reader.meters.get(card.meter_no)
        inside = card.card_id == self._reader.in_reader
        return DrawerCard(
            card_id=card.card_id,
            kind=card.kind,
            state=DrawerState.READER if inside else DrawerState.DRAWER,
            serial=card.serial,
            account_no=card.account_no,
            meter_no=card.meter_no,
            vend_count=card.vend_count,
            wallet_fen=card.wallet_fen,
            meter_count=meter.vend_count if meter else 0,
            meter_fen=meter.balance_fen if meter else 0,
        )

    def insert(self, card_id: str) -> None:
        """Put it into the reader."""
        self._reader.insert(card_id)

    def pull(self) -> None:
        """Take out what is in there."""
        self._reader.pull()

    def take_home(self, card_id: str) -> HomeResult:
        """Let its meter take it."""
        return HomeResult(self._reader.take_home(card_id).value)
