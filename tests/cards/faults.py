"""Cards that go wrong at a chosen command, and tell afterwards what was sent to them.

Commands are counted from 0 since the wrapper was made or ``count_from_here``. A fault is a function of the
wrapper and the command; what it returns is the answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.cards.sim_card import Silent, SimulatedCard, Torn, sw

Fault = Callable[["FaultyCard", bytes], bytes]


class FaultyCard:
    """A card with faults laid out for it. Without any it is the card itself."""

    def __init__(self, card: SimulatedCard) -> None:
        """``commands`` and ``answers`` record what went over the contacts (no answer: None)."""
        self.card = card
        self.commands: list[bytes] = []
        self.answers: list[bytes | None] = []
        self.lag: bytes | None = None
        self._faults: dict[int, Fault] = {}
        self._first = 0

    def at(self, index: int, fault: Fault) -> FaultyCard:
        """Lay out a fault for the command of this number, once."""
        self._faults[self._first + index] = fault
        return self

    def count_from_here(self) -> None:
        """The next command has number 0; faults not yet met are forgotten."""
        self._first = len(self.commands)
        self._faults.clear()

    @property
    def sent(self) -> list[bytes]:
        """The commands since the count began."""
        return self.commands[self._first :]

    def power_on(self) -> bytes:
        """As the card; answers that lagged behind are lost."""
        self.lag = None
        return self.card.power_on()

    def power_off(self) -> None:
        """As the card; answers that lagged behind are lost."""
        self.lag = None
        self.card.power_off()

    def answer(self, apdu: bytes) -> bytes:
        """As the card, or as the fault laid out for this command has it."""
        fault = self._faults.pop(len(self.commands), None)
        self.commands.append(apdu)
        self.answers.append(None)
        answer = fault(self, apdu) if fault else self.card.answer(apdu)
        if self.lag is not None and fault is None:
            answer, self.lag = self.lag, answer
        self.answers[-1] = answer
        return answer

    def tear(self) -> Torn:
        """The card is out: its session is lost."""
        self.power_off()
        return Torn("the card is out of the slot")


# --- torn ---------------------------------------------------------------------------------------------------


def torn_before(card: FaultyCard, _apdu: bytes) -> bytes:
    """Out before the command reached it."""
    raise card.tear()


def torn_after(share: float) -> Fault:
    """Out while it stored: this share of the bytes arrived (nothing to store: the reply lost)."""

    def half(old: bytes, new: bytes) -> bytes:
        count = round(len(new) * share)
        return new[:count] + old[count:]

    return _torn_storing(half)


def torn_after_bytes(count: int) -> Fault:
    """Out when this many bytes were stored."""
    return _torn_storing(lambda old, new: new[:count] + old[count:])


def _torn_storing(half: Callable[[bytes, bytes], bytes]) -> Fault:
    def fault(card: FaultyCard, apdu: bytes) -> bytes:
        card.card.disturb_next_store = half
        card.card.answer(apdu)
        card.card.disturb_next_store = None
        raise card.tear()

    return fault


def reply_lost(card: FaultyCard, apdu: bytes) -> bytes:
    """It did what it was told; out before the answer."""
    card.card.answer(apdu)
    raise card.tear()


# --- other answers ------------------------------------------------------------------------------------------


def refused(status: int) -> Fault:
    """This status word and nothing done."""
    return lambda _card, _apdu: sw(status)


def done_but_says(status: int) -> Fault:
    """Done, and this status word."""

    def fault(card: FaultyCard, apdu: bytes) -> bytes:
        card.card.answer(apdu)
        return sw(status)

    return fault


def _altered(alter: Callable[[bytes], bytes]) -> Fault:
    return lambda card, apdu: alter(card.card.answer(apdu))


# A frame without content stops the virtual reader as if the card never answered.
answers_nothing: Fault = _altered(lambda _answer: b"")
answers_one_byte: Fault = _altered(lambda answer: answer[:1])
truncated: Fault = _altered(lambda answer: answer[:-2][: (len(answer) - 2) // 2] + sw(0x9000))
over_long: Fault = _altered(lambda answer: answer[:-2] + b"\x90\x00\x00" + answer[-2:])
doubled: Fault = _altered(lambda answer: answer + answer)


def lagging(card: FaultyCard, apdu: bytes) -> bytes:
    """From here on every command gets the answer of the one before it, until the power is off."""
    card.lag = card.card.answer(apdu)
    before = card.answers[-2] if len(card.answers) > 1 else None
    return before or sw(0x9000)


# --- time ---------------------------------------------------------------------------------------------------


def late(seconds: float) -> Fault:
    """Done at once, answered after this time."""

    def fault(card: FaultyCard, apdu: bytes) -> bytes:
        answer = card.card.answer(apdu)
        time.sleep(seconds)
        return answer

    return fault


def never(card: FaultyCard, apdu: bytes) -> bytes:
    """Done, and no answer ever."""
    card.card.answer(apdu)
    raise Silent


# --- memory and power ---------------------------------------------------------------------------------------


def stores_nothing(card: FaultyCard, apdu: bytes) -> bytes:
    """It says 9000 and the memory is worn out."""
    return _disturbed(card, apdu, lambda old, _new: old)


def stores_other(card: FaultyCard, apdu: bytes) -> bytes:
    """It says 9000 and the last byte it stored is another."""
    return _disturbed(card, apdu, lambda _old, new: new[:-1] + bytes((new[-1] ^ 1,)))


def _disturbed(card: FaultyCard, apdu: bytes, stored: Callable[[bytes, bytes], bytes]) -> bytes:
    card.card.disturb_next_store = stored
    answer = card.card.answer(apdu)
    card.card.disturb_next_store = None
    return answer


def power_cycle(card: FaultyCard, apdu: bytes) -> bytes:
    """A bad contact: the power was gone for an instant, and nobody but the card noticed."""
    card.power_off()
    card.power_on()
    return card.card.answer(apdu)
