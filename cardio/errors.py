"""What goes wrong between this program and a card. Each says whether the card may have changed.

``maybe_written`` is the one thing a caller decides on: after it, nothing is sent again before the card was
identified by its serial number and read back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cardio.contents import CardContents


class CardError(Exception):
    """Anything of this library. ``maybe_written``: a write was on its way and its outcome is not known.

    ``half_written`` names the files that the card had taken before the fault, in order.
    """

    maybe_written = False
    half_written: tuple[str, ...] = ()


class ReaderError(CardError):
    """The reader or its service, not the card."""


class NoService(ReaderError):
    """The PC/SC service does not answer (not installed, not started, died)."""


class NoReader(ReaderError):
    """The reader that was named is not there, or was pulled."""


class ReaderBusy(ReaderError):
    """Another program holds the card exclusively."""


class ReaderStuck(ReaderError):
    """No answer within the time allowed; the process that waited was ended."""

    maybe_written = True


class NoCard(CardError):
    """The slot is empty."""


class CardMute(CardError):
    """A card is there and gives no answer to reset, or speaks no known protocol."""


class CardLost(CardError):
    """The connection broke in an exchange: card torn out, reader pulled, service killed, a reset."""

    maybe_written = True


class CardSwapped(CardError):
    """Another card than the one the work began with; nothing was written on it."""


class CardRefused(CardError):
    """The card answered with a status word that is not success; ``sw`` tells which. It did not change."""

    def __init__(self, what: str, sw: int) -> None:
        """``what`` names the step without any secret."""
        super().__init__(what, sw)
        self.what, self.sw = what, sw

    def __str__(self) -> str:
        """The step and the status word."""
        return f"{self.what}: {self.sw:04X}"


class AccessRefused(CardRefused):
    """A key, code or MAC was wrong. Never tried again; ``tries_left`` where the card tells (else None)."""

    def __init__(self, what: str, sw: int, tries_left: int | None = None) -> None:
        """As CardRefused, with the tries that are left."""
        super().__init__(what, sw)
        self.args = (what, sw, tries_left)
        self.tries_left = tries_left


class LastTry(CardError):
    """One try is left before the card locks: this program does not use it."""


class Garbled(CardError):
    """An answer that is not what was asked for (wrong length, wrong form)."""


class Damaged(Garbled):
    """The card is known by its serial number, and a file on it is torn: writing the vend again mends it."""

    def __init__(self, what: str, serial: str = "", readable: CardContents | None = None) -> None:
        """``what`` names the fault; ``serial`` as in CardContents.

        ``readable``: what the other files say, for the parameters of the next write; no proof of a vend.
        """
        super().__init__(what, serial, readable)
        self.what, self.serial, self.readable = what, serial, readable

    def __str__(self) -> str:
        """The fault alone."""
        return self.what


class NotCompared(CardError):
    """What was read back differs from what was written."""

    maybe_written = True


class UnknownCard(CardError):
    """No profile fits this card: foreign, blank, or not for electricity."""


class KeysMissing(CardError):
    """No SAM in its slot, no token, or it does not hold the key that is asked for."""
