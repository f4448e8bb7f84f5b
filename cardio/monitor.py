"""Watching the readers: what is in them, told whenever it changes.

It has a conversation with the PC/SC service of its own and makes a new one when the service died, so it
lives as long as its process. The service's own counter of insertions tells a card that was swapped between
two looks. What it says of another program's hold on the card waits a moment, because our own work with the
card looks the same from here and others often look in but briefly.

Invariant: never touches a card; only asks the service what it knows.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from smartcard import scard

from cardio.errors import CardError
from cardio.link.pcsc import SUCCESS, Context, refuse
from cardio.reader import ReaderEvent, ReaderState
from cardio.setup import ReaderSetup, chosen
from cardio.slots import SlotState

NEW_READERS: Final = "\\\\?PnP?\\Notification"
"""The name under which the service tells of readers that come and go."""
LOOK_MS: Final = 1_000
"""The longest wait in one call: after that the readers are listed anew in any case."""
BUSY_S: Final = 0.4
"""So long another program must hold the card before it is said."""
RETRY_S: Final = 0.5
"""Between two attempts to reach a service that is not there."""

_TIMEOUT: Final = 0x8010000A
_UNKNOWN_READER: Final = 0x80100009
_CHANGED: Final = 0x0002


def no_card_is_known(_atr: bytes) -> bool:
    """Without profiles nobody can say that a card is a user's."""
    return False


class Monitor:
    """Tells every change to ``heard``, on the thread that runs it."""

    def __init__(
        self,
        setup: ReaderSetup,
        heard: Callable[[ReaderEvent], None],
        is_user_card: Callable[[bytes], bool] = no_card_is_known,
    ) -> None:
        """``is_user_card`` tells from an answer to reset whether the SAM's slot holds the wrong card."""
        self._setup, self._heard, self._is_user_card = setup, heard, is_user_card
        self._stopped = threading.Event()
        self._free = threading.Event()
        self._free.set()
        self._insertion = 0
        self._slots: dict[str, SlotState] = {}
        self._inserted: tuple[str, int] | None = None
        self._held_since: float | None = None
        self._said: ReaderEvent | None = None

    def run(self) -> None:
        """Watch until ``stop``; survives every fault of the service."""
        while not self._stopped.is_set():
            try:
                with Context() as context:
                    self._watch(context)
            except CardError:
                self._forget()
                self._say(ReaderEvent(ReaderState.NO_SERVICE, insertion=self._insertion))
                self._stopped.wait(RETRY_S)

    def stop(self) -> None:
        """End ``run`` within a second."""
        self._stopped.set()

    @contextmanager
    def own_work(self) -> Iterator[None]:
        """While we hold the card ourselves it is not busy, and the monitor takes no time from the work.

        Only one thread works at a time; what changed meanwhile is told afterwards.
        """
        self._free.clear()
        try:
            yield
        finally:
            self._held_since = None
            self._free.set()

    def _forget(self) -> None:
        """After a new start of the service nothing that was known holds: a card in a reader is another."""
        self._slots.clear()
        self._inserted = None

    def _watch(self, context: Context) -> None:
        """Look until stopped; raises CardError when the service died."""
        known: dict[str, int] = {}
        while not self._stopped.is_set():
            names = context.readers()
            known = {name: known.get(name, scard.SCARD_STATE_UNAWARE) for name in (NEW_READERS, *names)}
            hresult, states = scard.SCardGetStatusChange(
                context.handle, self._patience_ms(), list(known.items())
            )
            number = hresult & 0xFFFFFFFF
            if not self._free.is_set():
                self._free.wait()
            elif number == _UNKNOWN_READER:
                known.clear()
            elif number not in {SUCCESS, _TIMEOUT}:
                refuse(hresult, "watch the readers")
            else:
                known = {name: flags & ~_CHANGED for name, flags, _atr in states}
                self._see(states)

    def _patience_ms(self) -> int:
        return LOOK_MS if self._held_since is None else int(BUSY_S * LOOK_MS)

    def _see(self, states: list[tuple[str, int, list[int]]]) -> None:
        """Take in what the service says of every reader."""
        slots = [SlotState.told(*state) for state in states if state[0] != NEW_READERS]
        self._slots = {slot.reader: slot for slot in slots if not slot.is_gone}
        reader, sam = chosen(self._setup, list(self._slots))
        self._count_insertion(reader)
        wrong_slot = self._has_user_card(sam)
        state = self._judge(reader, sam, wrong_slot=wrong_slot)
        self._say(ReaderEvent(state, reader, self._insertion, wrong_slot))

    def _count_insertion(self, reader: str) -> None:
        """One more when a card is in that was not there before, or was out in between."""
        slot = self._slots.get(reader)
        inserted = (reader, slot.count) if slot is not None and slot.has_card else None
        if inserted is not None and inserted != self._inserted:
            self._insertion += 1
        self._inserted = inserted

    def _has_user_card(self, sam: str) -> bool:
        slot = self._slots.get(sam)
        return slot is not None and slot.has_card and self._is_user_card(slot.atr)

    def _judge(self, reader: str, sam: str, *, wrong_slot: bool) -> ReaderState:
        """The one state that matters most to the desk."""
        slot = self._slots.get(reader)
        if slot is None:
            return ReaderState.NO_READER
        if slot.has_card:
            if slot.is_mute:
                return ReaderState.MUTE
            return ReaderState.BUSY if self._is_busy(slot) else ReaderState.CARD
        self._held_since = None
        if self._setup.sam and (wrong_slot or not self._has_sam(sam)):
            return ReaderState.NO_SAM
        return ReaderState.EMPTY

    def _has_sam(self, sam: str) -> bool:
        slot = self._slots.get(sam)
        return slot is not None and slot.has_card and not slot.is_mute

    def _is_busy(self, slot: SlotState) -> bool:
        """Whether somebody else has held the card for a while."""
        if not slot.is_held:
            self._held_since = None
            return False
        now = time.monotonic()
        self._held_since = now if self._held_since is None else self._held_since
        return now - self._held_since >= BUSY_S

    def _say(self, event: ReaderEvent) -> None:
        if event != self._said:
            self._said = event
            self._heard(event)
