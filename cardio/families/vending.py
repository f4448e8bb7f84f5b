"""Reading and writing a vend, in the one order that is safe, whatever carries the bytes.

Invariants: no try of a key is spent before the serial number was compared; nothing is written before the
card accepted the desk; parameters, wallet and the clearing of the write-back follow in this order (a meter
gives credit only when the write-back is empty, so that the last write makes the vend); before the last write
the other two are read back, because a worn card that stored another amount would have it loaded; a credit is
taken back by its count first, because a meter would load what is left of an amount that is torn half cleared;
a fault before the first write says that nothing was written, and every fault after it says that something may
have been.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from cardio.contents import CardContents, Step, VendOrder
from cardio.errors import CardError, CardSwapped, NotCompared
from cardio.families.plain import CardFiles, contents, ordered
from cardio.profiles import Profile

PARAMETERS, WALLET, WRITEBACK = "81", "82", "85"
"""The files by their usual names, whatever a profile calls them on its card."""

COUNT_AT: Final = 4
"""Where in the wallet the count begins, behind the amount."""

_STEPS: Final = (
    (PARAMETERS, Step.PARAMETERS),
    (WALLET, Step.WALLET),
    (WRITEBACK, Step.CLEAR_WRITEBACK),
)


class Medium(Protocol):
    """What a family does: bytes to and from one card. Faults as ``cardio.link.Link`` and CardRefused."""

    def read_serial(self) -> bytes:
        """The card's own number, asked of the card each time."""
        ...

    def read_files(self) -> CardFiles:
        """The three files, without any key that has tries."""
        ...

    def authenticate(self, serial: bytes) -> None:
        """Both prove themselves to each other; raises LastTry, AccessRefused or UnknownCard."""
        ...

    def update(self, file: str, data: bytes, sending: Callable[[], None], offset: int = 0) -> None:
        """Write in one file; ``sending`` is called before each command that can change the card."""
        ...

    def more_files(self) -> dict[str, bytes]:
        """What an inspection shows besides; empty where there is nothing."""
        ...


class FoundMedium(Medium, Protocol):
    """A medium that can tell whether the card is one of its profile."""

    def identify(self) -> bytes:
        """The serial number; raises UnknownCard when the card is not of this profile."""
        ...


class Progress:
    """How far a write has come."""

    def __init__(self) -> None:
        """Nothing was sent that changes the card."""
        self._sent = False
        self._done: list[str] = []

    def sending(self) -> None:
        """From here on the card may be another than it was."""
        self._sent = True

    def done(self, file: str) -> None:
        """The card says that it took a file."""
        self._done.append(file)

    @contextmanager
    def told(self) -> Iterator[None]:
        """Every fault within says how far it had come."""
        try:
            yield
        except CardError as fault:
            fault.maybe_written = self._sent
            fault.half_written = tuple(self._done)
            raise


class VendingCard:
    """``cardio.families.Card`` over a medium."""

    def __init__(self, profile: Profile, medium: Medium, serial: bytes) -> None:
        """``serial`` as the medium gave it when the card was identified."""
        self._profile, self._medium, self._serial = profile, medium, serial

    @property
    def profile(self) -> Profile:
        """The profile that fits it."""
        return self._profile

    @property
    def serial(self) -> str:
        """The card's own number, upper-case hex."""
        return self._serial.hex().upper()

    def read(self) -> CardContents:
        """Everything that a vend needs; a fault never says that anything was written."""
        with Progress().told():
            return contents(self._profile, self.serial, self._medium.read_files())

    def more_files(self) -> dict[str, bytes]:
        """The files that an inspection shows besides, by their names."""
        with Progress().told():
            return self._medium.more_files()

    def write(self, order: VendOrder, on_step: Callable[[Step], None]) -> CardContents:
        """See ``cardio.families.Card``; raises ValueError for an order that has no room on the card."""
        wanted = ordered(self._profile, order)
        progress = Progress()
        with progress.told():
            on_step(Step.CONNECT)
            self._same_card(order.serial)
            on_step(Step.AUTHENTICATE)
            self._medium.authenticate(self._serial)
            self._update_all(wanted, progress, on_step)
            on_step(Step.READ_BACK)
            found = self._read_back()
            on_step(Step.COMPARE)
            self._compare(wanted, found, (PARAMETERS, WALLET, WRITEBACK))
        return contents(self._profile, self.serial, found)

    def _update_all(self, wanted: CardFiles, progress: Progress, on_step: Callable[[Step], None]) -> None:
        """All three files, in order."""
        data = {PARAMETERS: wanted.parameters, WALLET: wanted.wallet, WRITEBACK: wanted.writeback}
        count_first = self._takes_back(wanted)
        for file, step in _STEPS:
            on_step(step)
            if file == WRITEBACK:
                self._compare(wanted, self._medium.read_files(), (PARAMETERS, WALLET))
            if file == WALLET and count_first:
                count = wanted.wallet[COUNT_AT:]
                self._medium.update(WALLET, count, progress.sending, COUNT_AT)
            self._medium.update(file, data[file], progress.sending)
            progress.done(file)

    @staticmethod
    def _compare(wanted: CardFiles, found: CardFiles, names: tuple[str, ...]) -> None:
        """Raise NotCompared when one of these files is not as it should be."""
        if differing := [name for name in _differing(found, wanted) if name in names]:
            raise NotCompared(f"what differs: {', '.join(differing)}")

    def _takes_back(self, wanted: CardFiles) -> bool:
        """Whether the card counts further than it is to: only asked where no credit is to stand on it."""
        if any(wanted.wallet[:COUNT_AT]):
            return False
        return self._medium.read_files().wallet[COUNT_AT:] > wanted.wallet[COUNT_AT:]

    def _read_back(self) -> CardFiles:
        """From the same card: readers look for another one only now and then."""
        self._same_card(self.serial)
        return self._medium.read_files()

    def _same_card(self, serial: str) -> None:
        """Raise CardSwapped when another card is meant, or is in the reader now."""
        if serial != self.serial or self._medium.read_serial() != self._serial:
            raise CardSwapped("another card")


def _differing(found: CardFiles, wanted: CardFiles) -> list[str]:
    """The names of the files that are not as they should be."""
    pairs = (
        (PARAMETERS, found.parameters, wanted.parameters),
        (WALLET, found.wallet, wanted.wallet),
        (WRITEBACK, found.writeback, wanted.writeback),
    )
    return [name for name, one, other in pairs if one != other]
