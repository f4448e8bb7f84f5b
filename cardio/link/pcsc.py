"""The link through a PC/SC service; the one place where ``smartcard`` is imported.

Only its lowest layer is used: its connection objects unpower the card when they are collected, and so reset
whoever comes next. Here a card is left powered, at a known moment. A connection is exclusive, which keeps
every other program out without a transaction (that would wait for another's without an end).

Every call may block for as long as the card does, and nothing can call it back: use it where the process
may be ended (``cardio.host``).
"""

from __future__ import annotations

from typing import Final, NoReturn, Self

from smartcard import scard

from cardio.apdu import Command, Response
from cardio.errors import (
    CardError,
    CardLost,
    CardMute,
    Garbled,
    NoCard,
    NoReader,
    NoService,
    ReaderBusy,
    ReaderError,
)
from cardio.link.exchange import exchange
from cardio.slots import SlotState

SUCCESS: Final = 0
COMMUNICATION: Final = 0x80100013
"""The service died while it was asked."""

REFUSALS: Final[dict[int, type[CardError]]] = {
    0x80100001: NoService,
    COMMUNICATION: NoService,
    0x8010001D: NoService,
    0x8010001E: NoService,
    0x80100009: NoReader,
    0x80100017: NoReader,
    0x8010002E: NoReader,
    0x8010000B: ReaderBusy,
    0x8010000C: NoCard,
    0x80100069: NoCard,
    0x8010000F: CardMute,
    0x80100065: CardMute,
    0x80100066: CardMute,
    0x80100067: CardMute,
}
"""What a number means before anything was sent; the service's own name of it is in winscard.h."""

NO_READERS: Final = 0x8010002E


def refuse(hresult: int, what: str) -> NoReturn:
    """Raise what the number means; ``what`` was being tried."""
    raise REFUSALS.get(number := hresult & 0xFFFFFFFF, ReaderError)(f"{what}: {number:08X}")


class Context:
    """One conversation with the service; as a context manager it ends in order."""

    def __init__(self) -> None:
        """Raises NoService."""
        hresult, self.handle = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        if hresult != SUCCESS:
            raise NoService(f"the service does not answer: {hresult & 0xFFFFFFFF:08X}")
        self._open = True

    def close(self) -> None:
        """End the conversation; safe to call twice, and when the service is dead."""
        if self._open:
            self._open = False
            scard.SCardReleaseContext(self.handle)

    def readers(self) -> list[str]:
        """The names of the readers there are; raises NoService."""
        hresult, names = scard.SCardListReaders(self.handle, [])
        if hresult & 0xFFFFFFFF == NO_READERS:
            return []
        if hresult != SUCCESS:
            refuse(hresult, "list the readers")
        return list(names)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def readers() -> list[str]:
    """The names of the readers there are; raises NoService."""
    with Context() as context:
        return context.readers()


def slots() -> list[SlotState]:
    """Every reader and what is in it; raises NoService."""
    with Context() as context:
        asked = [(name, scard.SCARD_STATE_UNAWARE) for name in context.readers()]
        if not asked:
            return []
        hresult, states = scard.SCardGetStatusChange(context.handle, 0, asked)
        if hresult != SUCCESS:
            refuse(hresult, "ask what is in the readers")
        return [SlotState.told(*state) for state in states]


class PcscLink:
    """A ``Link`` to the card in one reader."""

    def __init__(self, reader: str) -> None:
        """Power the card if need be, and keep others out.

        Raises NoService, NoReader, ReaderBusy, NoCard, CardMute or ReaderError.
        """
        self._reader = reader
        self._dead = False
        self._open = True
        self._leave: int = scard.SCARD_LEAVE_CARD
        self._context = Context()
        try:
            self._handle, self._protocol = self._connect()
            self._atr = self._answer_to_reset()
        except CardError:
            self._context.close()
            raise

    def _connect(self) -> tuple[int, int]:
        hresult, handle, protocol = scard.SCardConnect(
            self._context.handle,
            self._reader,
            scard.SCARD_SHARE_EXCLUSIVE,
            scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1,
        )
        if hresult != SUCCESS:
            refuse(hresult, f"connect to {self._reader}")
        self._header = scard.SCARD_PCI_T1 if protocol == scard.SCARD_PROTOCOL_T1 else scard.SCARD_PCI_T0
        return handle, protocol

    def _answer_to_reset(self) -> bytes:
        hresult, _reader, _state, _protocol, atr = scard.SCardStatus(self._handle)
        if hresult != SUCCESS:
            scard.SCardDisconnect(self._handle, self._leave)
            refuse(hresult, f"ask {self._reader} for the answer to reset")
        return _octets(atr)

    @property
    def atr(self) -> bytes:
        """The answer to reset."""
        return self._atr

    @property
    def reader(self) -> str:
        """The reader's name as PC/SC has it."""
        return self._reader

    @property
    def character_protocol(self) -> bool:
        """Whether card and reader speak T=0."""
        return bool(self._protocol == scard.SCARD_PROTOCOL_T0)

    def send(self, command: Command) -> Response:
        """One exchange; raises CardLost or Garbled, and is dead after either."""
        if self._dead:
            lost = CardLost("the connection was lost before; nothing was sent")
            lost.maybe_written = False
            raise lost
        try:
            return exchange(self._transmit, command, character_protocol=self.character_protocol)
        except Garbled:
            self._dead = True
            self._leave = scard.SCARD_RESET_CARD  # what is left of the answer must not meet the next command
            raise
        except CardLost:
            self._dead = True
            raise

    def _transmit(self, message: bytes) -> bytes:
        """There and back; whatever goes wrong here may have reached the card."""
        hresult, answer = scard.SCardTransmit(self._handle, self._header, list(message))
        if hresult != SUCCESS:
            raise CardLost(f"the connection broke: {hresult & 0xFFFFFFFF:08X}")
        return _octets(answer)

    def close(self) -> None:
        """Leave the card powered, without a reset; safe to call twice and on a dead link."""
        if self._open:
            self._open, self._dead = False, True
            scard.SCardDisconnect(self._handle, self._leave)
            self._context.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _octets(numbers: list[int]) -> bytes:
    """As bytes; some versions of the library count from -128."""
    try:
        return bytes(numbers)
    except ValueError:
        return bytes([number & 0xFF for number in numbers])
