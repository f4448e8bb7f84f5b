"""The reader of this desk, whoever is signed in: its state for the status bar, and its one user at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from cardio.contents import CardContents, Step, VendOrder
from cardio.errors import CardError, Damaged
from cardio.reader import Reader, ReaderEvent
from counter.services.card_words import told
from counter.services.ports.vends import CardDrawer, Slot, SlotState


class CardDesk:
    """What is in the reader, and reading and writing it; faults come out as sentences. Thread-safe."""

    def __init__(self, reader: Reader | None, drawer: CardDrawer | None = None) -> None:
        """Without a reader everything else works; ``drawer`` has the cards of a simulated one."""
        self._reader = reader
        self.drawer = drawer
        self._listeners: list[Callable[[Slot], None]] = []
        self._lock = Lock()
        self._last: tuple[int, CardContents] | None = None
        self._slot = Slot(SlotState.NONE)
        self._unwatch: Callable[[], None] = _nothing
        if reader is not None:
            self._unwatch = reader.watch(self._heard)

    def slot(self) -> Slot:
        """The reader now."""
        with self._lock:
            return self._slot

    def watch(self, heard: Callable[[Slot], None]) -> Callable[[], None]:
        """Hear every change, the present state at once; the answer ends it."""
        with self._lock:
            self._listeners.append(heard)
            now = self._slot
        heard(now)
        return lambda: self._forget(heard)

    def read(self) -> CardContents:
        """The card in the reader; raises Refusal in words."""
        insertion = self.slot().insertion
        with self._told():
            try:
                contents = self._needed().read()
            except Damaged as torn:
                self._remember(insertion, torn.readable)
                raise
        self._remember(insertion, contents)
        return contents

    def _remember(self, insertion: int, contents: CardContents | None) -> None:
        """What was read last, whole or as far as it is readable."""
        with self._lock:
            self._last = None if contents is None else (insertion, contents)

    def known(self, serial: str) -> CardContents | None:
        """What was read of this card since it was put in; None when it was not, or another one was."""
        with self._lock:
            if self._last is None or self._last[0] != self._slot.insertion:
                return None
            return self._last[1] if self._last[1].serial == serial else None

    def write(self, order: VendOrder, on_step: Callable[[Step], None]) -> CardContents:
        """Write and read back; raises CardError as it is, because what follows depends on it."""
        return self._needed().write(order, on_step)

    def close(self) -> None:
        """Give the reader back; safe to call twice."""
        self._unwatch()
        if self._reader is not None:
            self._reader.close()

    def _needed(self) -> Reader:
        """The reader; a desk without one says so."""
        if self._reader is None:
            raise told(None)
        return self._reader

    def _heard(self, event: ReaderEvent) -> None:
        """Tell everybody, outside the lock."""
        with self._lock:
            self._slot = self._described(event)
            slot, listeners = self._slot, tuple(self._listeners)
        for heard in listeners:
            heard(slot)

    def _described(self, event: ReaderEvent) -> Slot:
        """The state as the screens know it."""
        assert self._reader is not None, "only a reader speaks"
        return Slot(
            SlotState(event.state.value),
            event.insertion,
            event.wrong_slot,
            self._reader.simulated,
            self._reader.demonstration_keys,
        )

    def _forget(self, heard: Callable[[Slot], None]) -> None:
        """Nobody listens here any more."""
        with self._lock:
            if heard in self._listeners:
                self._listeners.remove(heard)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Faults of the card as sentences."""
        try:
            yield
        except CardError as error:
            raise told(error) from error


def _nothing() -> None:
    """There is nothing to end."""
