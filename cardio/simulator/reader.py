"""The demonstration's reader: a slot, and a drawer of cards that a person puts in, pulls and takes home.

Invariants: a card changes only where a real one would (``write``, and the meter at home), each change is on
the disk before the next step, and a card that is pulled in the middle stays as far as it had come.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from cardio.contents import CardContents, Step, VendOrder
from cardio.errors import CardLost, CardMute, CardSwapped, NoCard, NotCompared
from cardio.reader import ReaderEvent, ReaderState
from cardio.simulator.cards import Condition, SimulatedCard
from cardio.simulator.meter import HomeMeter, MeterAnswer, visit
from cardio.simulator.store import Stock, load, save

NAME: Final = "SIMULATED"
STEP_S: Final = 0.25
"""How long a step of a write takes: long enough to see it, and to pull the card in the middle of it."""

_WRITES: Final = (Step.PARAMETERS, Step.WALLET, Step.CLEAR_WRITEBACK)


class SimulatedReader:
    """``cardio.reader.Reader`` without hardware; thread-safe."""

    simulated = True
    demonstration_keys = True

    def __init__(
        self,
        path: Path,
        stock: Stock,
        *,
        step_s: float = STEP_S,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        """Go on with the drawer in the file ``path``, or begin with ``stock``."""
        self._path, self._step_s, self._clock = path, step_s, clock
        self._lock = threading.RLock()
        self._stock = load(path) or stock
        self._insertion = 1 if self._stock.in_reader else 0
        self._listeners: list[Callable[[ReaderEvent], None]] = []

    @property
    def cards(self) -> tuple[SimulatedCard, ...]:
        """All cards, each always in the same place."""
        with self._lock:
            return tuple(self._stock.cards.values())

    @property
    def meters(self) -> Mapping[str, HomeMeter]:
        """The meters at home, by their numbers."""
        return self._stock.meters

    @property
    def in_reader(self) -> str:
        """The card in the slot, empty for none."""
        return self._stock.in_reader

    def insert(self, card_id: str) -> None:
        """Put a card in; raises KeyError for one that is not in the drawer."""
        with self._lock:
            card = self._stock.cards[card_id]
            if self._stock.in_reader == card.card_id:
                return
            if self._stock.in_reader:
                self.pull()
            self._insertion += 1
            self._keep(in_reader=card.card_id)
        self._tell()

    def pull(self) -> None:
        """Take out whatever is in the slot; in the middle of a write too."""
        with self._lock:
            if not self._stock.in_reader:
                return
            self._keep(in_reader="")
        self._tell()

    def take_home(self, card_id: str) -> MeterAnswer:
        """Put a card into its meter; the first visit makes the meter."""
        with self._lock:
            if self._stock.in_reader == card_id:
                self.pull()
            card = self._stock.cards[card_id]
            if not card.meter_no:
                return MeterAnswer.OTHER_METER
            meter = self._stock.meters.get(card.meter_no) or HomeMeter(card.meter_no, card.account_no)
            came = visit(meter, card, f"{self._clock():%y%m%d%H%M}")
            self._keep(card=came.card, meter=came.meter)
            return came.answer

    def watch(self, heard: Callable[[ReaderEvent], None]) -> Callable[[], None]:
        """Hear every change, the present state at once; the answer ends it."""
        with self._lock:
            self._listeners.append(heard)
        heard(self._event())
        return lambda: self._forget(heard)

    def _forget(self, heard: Callable[[ReaderEvent], None]) -> None:
        """Tell this one no more."""
        with self._lock:
            if heard in self._listeners:
                self._listeners.remove(heard)

    def read(self) -> CardContents:
        """The card in the slot; raises NoCard or CardMute."""
        with self._lock:
            return self._present().contents

    def write(self, order: VendOrder, on_step: Callable[[Step], None]) -> CardContents:
        """Write step by step; raises NoCard, CardMute, CardSwapped, CardLost or NotCompared."""
        with self._lock:
            insertion = self._insertion
            if self._present().serial != order.serial:
                raise CardSwapped
        written = False
        for step in Step:
            on_step(step)
            time.sleep(self._step_s)
            with self._lock:
                if not self._stock.in_reader or self._insertion != insertion:
                    raise _lost(maybe_written=written)
                self._do(step, order)
            written = written or step in _WRITES
        with self._lock:
            return self._compared(order)

    def close(self) -> None:
        """Nobody is told any more."""
        with self._lock:
            self._listeners.clear()

    def _present(self) -> SimulatedCard:
        """The card in the slot, if it answers."""
        if not self._stock.in_reader:
            raise NoCard
        card = self._stock.cards[self._stock.in_reader]
        if card.condition is Condition.MUTE:
            raise CardMute
        return card

    def _do(self, step: Step, order: VendOrder) -> None:
        """What a step changes on the card; a torn one slips out instead of the second write."""
        card = self._present()
        if step is Step.PARAMETERS:
            self._keep(card=card.with_parameters(order))
        elif step is Step.WALLET and card.condition is Condition.TEARS:
            self._keep(card=replace(card, condition=Condition.GOOD))
            self.pull()
            raise _lost(maybe_written=True)
        elif step is Step.WALLET:
            self._keep(card=card.with_wallet(order))
        elif step is Step.CLEAR_WRITEBACK:
            self._keep(card=replace(card, writeback=None))

    def _compared(self, order: VendOrder) -> CardContents:
        """The card as it is now; raises NotCompared when it is not what was ordered."""
        contents = self.read()
        found = (contents.account_no, contents.meter_no, contents.wallet_fen, contents.vend_count)
        numbers = (order.account_no.lstrip("0"), order.meter_no.lstrip("0"))
        if found != (*numbers, order.amount_fen, order.vend_count):
            raise NotCompared
        return contents

    def _event(self) -> ReaderEvent:
        """The state of now."""
        with self._lock:
            if not self._stock.in_reader:
                return ReaderEvent(ReaderState.EMPTY, NAME, self._insertion)
            card = self._stock.cards[self._stock.in_reader]
            state = ReaderState.MUTE if card.condition is Condition.MUTE else ReaderState.CARD
            return ReaderEvent(state, NAME, self._insertion)

    def _tell(self) -> None:
        """Everybody who watches hears it."""
        event = self._event()
        for heard in tuple(self._listeners):
            heard(event)

    def _keep(
        self,
        *,
        card: SimulatedCard | None = None,
        meter: HomeMeter | None = None,
        in_reader: str | None = None,
    ) -> None:
        """Change the drawer, on the disk first."""
        old = self._stock
        new = Stock(
            {**old.cards, card.card_id: card} if card else old.cards,
            {**old.meters, meter.meter_no: meter} if meter else old.meters,
            old.in_reader if in_reader is None else in_reader,
        )
        save(self._path, new)
        self._stock = new


def _lost(*, maybe_written: bool) -> CardLost:
    """The card is out; before the first write nothing can have changed on it."""
    lost = CardLost()
    lost.maybe_written = maybe_written
    return lost
