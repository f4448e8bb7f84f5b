"""SLE4442 memory cards: 256 bytes that anybody reads, and a code of three bytes that opens them for writing.

Three wrong codes and the card is dead for good: the error counter is read first, one wrong answer ends it,
and the last try is never used. A code is answered by 90 and the counter: 9007 is success, 9000 a dead card.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cardio.errors import AccessRefused, Garbled, LastTry, UnknownCard
from cardio.families.answers import data_of
from cardio.families.packed import key_serial, place, size, unpacked
from cardio.families.plain import CardFiles
from cardio.families.tries import tries_of
from cardio.keys import KeyHolder, KeyName
from cardio.link import Link
from cardio.profiles import Profile
from cardio.readers import dialect_of

CODE_SIZE: Final = 3
_ACCEPTED: Final = 0x9007
_COUNTED: Final = 0x90
_TRIES: Final = 0x07
"""A bit for each try that is left."""
_CODE: Final = "the card's code"


class Sle4442Medium:
    """One card of this family in an open link."""

    def __init__(self, link: Link, profile: Profile, keys: KeyHolder) -> None:
        """``identify`` comes first."""
        self._link, self._profile, self._keys = link, profile, keys
        self._dialect = dialect_of(link.reader, profile.dialect)
        self._seen_tries = tries_of(keys)

    def identify(self) -> bytes:
        """Tell the reader which card it is and read the number; raises UnknownCard when it is another."""
        answer = self._link.send(self._dialect.select_sle4442())
        if not answer.ok:
            raise UnknownCard(f"the reader finds no such card: {answer.sw:04X}")
        return self.read_serial()

    def read_serial(self) -> bytes:
        """From the protected memory."""
        return self._read(self._profile.serial.offset, self._profile.serial.length)

    def read_files(self) -> CardFiles:
        """By one command; no code is needed."""
        return unpacked(self._read(self._profile.memory.offset, size(self._profile)))

    def more_files(self) -> dict[str, bytes]:
        """The whole memory; the protected part tells the maker."""
        return {"memory": self._read(0, 128) + self._read(128, 128)}

    def authenticate(self, serial: bytes) -> None:
        """Present the code once, where the card has more than one try left."""
        self._seen_tries.check_proof(serial.hex(), _CODE)
        self._check_counter()
        known = key_serial(serial)
        code = self._keys.cryptogram(KeyName.UPDATE_WALLET, known, known)[:CODE_SIZE]
        answer = self._link.send(self._dialect.present_code(code))
        if answer.sw != _ACCEPTED:
            counted = answer.sw >> 8 == _COUNTED
            fault = AccessRefused(_CODE, answer.sw, _tries(answer.sw) if counted else None)
            self._seen_tries.refused(serial.hex(), _CODE, fault)
            raise fault
        self._seen_tries.accepted(serial.hex(), _CODE)

    def update(self, file: str, data: bytes, sending: Callable[[], None], offset: int = 0) -> None:
        """Write the memory where the file lies."""
        address = self._profile.memory.offset + place(file) + offset
        command = self._dialect.write_memory_at(address, data)
        sending()
        data_of(self._link.send(command), f"update of {file}", 0)

    def _check_counter(self) -> None:
        """Raise AccessRefused for a dead card and LastTry for one that is about to be."""
        counter = data_of(self._link.send(self._dialect.read_error_counter()), "error counter")
        if not counter:
            raise Garbled("no error counter")
        left = _tries(counter[0])
        if not left:
            raise AccessRefused(_CODE, 0x6983, 0)
        if left == 1:
            raise LastTry("one try of the card's code is left")

    def _read(self, address: int, length: int) -> bytes:
        """A part of the memory."""
        return data_of(self._link.send(self._dialect.read_memory(address, length)), "reading", length)


def _tries(counter: int) -> int:
    """How many are left."""
    return (counter & _TRIES).bit_count()
