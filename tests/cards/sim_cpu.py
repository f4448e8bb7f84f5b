"""A State Grid CPU user card: files by short id, challenges used once, keys with tries, MACs on writing.

Source: the published commands of the PBOC style card. A challenge is good for the very next command only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from tests.cards.des import encrypt_two_keys, retail_mac
from tests.cards.sim_card import DEMO_MASTERS, SIZES, SimulatedCard, keys_of, sw

ATR: Final = bytes.fromhex("3B680000") + b"CPU-DMO1"
TRIES: Final = 3
_SERIAL_FILE: Final = 0x19
_SHORT_IDS: Final = {"81": 1, "82": 2, "83": 3, "84": 4, "85": 5}
_UPDATE_KEYS: Final = {1: "81", 2: "82", 5: "85"}
_EXTERNAL_KEY_ID, _INTERNAL_KEY_ID = 2, 1


@dataclass(frozen=True, slots=True)
class Received:
    """A command taken apart; ``expected`` is Le, None when it was not sent."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes
    expected: int | None

    @property
    def offset(self) -> int:
        """Where in a file READ and UPDATE BINARY begin."""
        return self.p2 if self.p1 & 0x80 else self.p1 << 8 | self.p2


def received(apdu: bytes) -> Received | None:
    """A short command of any of the four cases; None when its lengths disagree."""
    if len(apdu) < 4:
        return None
    cla, ins, p1, p2 = apdu[:4]
    rest = apdu[4:]
    if len(rest) < 2:
        return Received(cla, ins, p1, p2, b"", (rest[0] or 256) if rest else None)
    data, tail = rest[1 : 1 + rest[0]], rest[1 + rest[0] :]
    if not rest[0] or len(data) != rest[0] or len(tail) > 1:
        return None
    return Received(cla, ins, p1, p2, data, (tail[0] or 256) if tail else None)


class CpuCard(SimulatedCard):
    """One card; ``serial`` has 8 bytes. New from the factory: every file holds zeros.

    ``short_transport`` answers as a T=0 card without a reader that helps: 61xx and 6Cxx.
    """

    def __init__(
        self,
        serial: bytes,
        *,
        masters: Mapping[str, bytes] = DEMO_MASTERS,
        atr: bytes = ATR,
        short_transport: bool = False,
    ) -> None:
        """``masters`` other than the demonstration's make a card of a foreign company."""
        super().__init__(atr)
        assert len(serial) == 8
        self.serial = serial
        self.short_transport = short_transport
        self.issued = True
        self.worn_out = False
        self.locked_for_good = False
        self.tries_left = {"external": TRIES, "81": TRIES, "82": TRIES, "85": TRIES}
        self._keys = keys_of(serial, masters)
        self._chance = Random(serial)
        sizes = {**SIZES, "83": 258, "84": 258}
        self._files = {number: bytearray(sizes[name]) for name, number in _SHORT_IDS.items()}
        self._forget()

    def content(self, name: str) -> bytes:
        """A file by name: 81 to 85."""
        return bytes(self._files[_SHORT_IDS[name]])

    def put(self, name: str, data: bytes) -> None:
        """Set a whole file."""
        assert len(data) == len(self._files[_SHORT_IDS[name]])
        self._files[_SHORT_IDS[name]][:] = data

    def _forget(self) -> None:
        self._challenge = b""
        self._authenticated = False
        self._in_application = False
        self._waiting = b""

    def _answer(self, apdu: bytes) -> bytes:
        """Lengths first, then class and instruction, then what it is about."""
        challenge, self._challenge = self._challenge, b""
        command = received(apdu)
        if command is None:
            return sw(0x6700)
        if self.locked_for_good:
            return sw(0x9303)
        if command.ins == 0xC0:
            return self._get_response(command)
        self._waiting = b""
        if (command.cla, command.ins) == (0x04, 0xD6):
            return self._update_with_mac(command, challenge)
        if command.cla != 0:
            return sw(0x6E00)
        return self._plain(command, challenge)

    def _plain(self, command: Received, challenge: bytes) -> bytes:
        """Commands of class 00."""
        if command.ins == 0x82:
            return self._external_authenticate(command, challenge)
        handlers: dict[int, Callable[[Received], bytes]] = {
            0xA4: self._select,
            0xB0: self._read_binary,
            0x84: self._get_challenge,
            0x88: self._internal_authenticate,
            0xD6: lambda _command: sw(0x6982),
        }
        handler = handlers.get(command.ins)
        return sw(0x6D00) if handler is None else handler(command)

    def _select(self, command: Received) -> bytes:
        """The master file or the application; leaving the application ends what was proven in it."""
        if (command.p1, command.p2) != (0, 0):
            return sw(0x6A86)
        if command.data not in {b"\x3f\x00", b"\xdf\x01"}:
            return sw(0x6A82)
        self._in_application = command.data == b"\xdf\x01"
        if not self._in_application:
            self._authenticated = False
        if command.expected is None and not self.short_transport:
            return sw(0x9000)
        return self._deliver(b"\x6f\x04\x84\x02" + command.data)

    def _read_binary(self, command: Received) -> bytes:
        """By short id alone; a card that was never issued has nothing."""
        file = self._file(command)
        if isinstance(file, int):
            return sw(file)
        if command.offset >= len(file):
            return sw(0x6B00)
        rest = bytes(file[command.offset :])
        wanted = command.expected or 256
        if wanted < len(rest):
            rest = rest[:wanted]
        elif wanted > len(rest) and (wanted != 256 or self.short_transport):
            return sw(0x6C00 | len(rest) & 0xFF)
        return sw(0x9000, rest)

    def _file(self, command: Received) -> bytes | bytearray | int:
        """The file of a short id, or the status word that says why not."""
        if not command.p1 & 0x80:
            return 0x6986
        number = command.p1 & 0x1F
        if number == _SERIAL_FILE:
            return b"\x00" + self.serial
        if not self._in_application or number not in self._files:
            return 0x6A82
        return self._files[number] if self.issued else 0x6B00

    def _get_challenge(self, command: Received) -> bytes:
        """Four or eight bytes by chance."""
        if command.expected not in {4, 8} or command.data:
            return sw(0x6700)
        self._challenge = self._chance.randbytes(command.expected)
        return sw(0x9000, self._challenge)

    def _internal_authenticate(self, command: Received) -> bytes:
        """The card proves that it is one of the company's."""
        if command.p2 != _INTERNAL_KEY_ID:
            return sw(0x6A88)
        if len(command.data) != 8:
            return sw(0x6700)
        return self._deliver(encrypt_two_keys(self._keys["internal"], command.data))

    def _external_authenticate(self, command: Received, challenge: bytes) -> bytes:
        """The desk proves itself; three wrong answers lock the key."""
        if command.p2 != _EXTERNAL_KEY_ID:
            return sw(0x6A88)
        if len(command.data) != 8:
            return sw(0x6700)
        if not self.tries_left["external"]:
            return sw(0x6983)
        if not challenge:
            return sw(0x6985)
        right = encrypt_two_keys(self._keys["external"], challenge.ljust(8, b"\x00"))
        self._authenticated = self._check("external", accepted=command.data == right)
        return sw(0x9000) if self._authenticated else sw(0x63C0 | self.tries_left["external"])

    def _update_with_mac(self, command: Received, challenge: bytes) -> bytes:
        """In this order: the file, its key's tries, the desk's proof, a challenge, the MAC, the place."""
        file = self._file(command)
        if isinstance(file, int):
            return sw(file)
        name = _UPDATE_KEYS.get(command.p1 & 0x1F)
        if isinstance(file, bytes) or name is None:
            return sw(0x6982)
        refusal = self._may_update(name, command, challenge)
        if refusal:
            return sw(refusal)
        data = command.data[:-4]
        if command.offset + len(data) > len(file):
            return sw(0x6A84)
        if self.worn_out:
            return sw(0x6581)
        self._store(file, command.offset, data)
        return sw(0x9000)

    def _may_update(self, name: str, command: Received, challenge: bytes) -> int:
        """0, or the status word of the refusal."""
        if not self.tries_left[name]:
            return 0x6983
        if not self._authenticated:
            return 0x6982
        if len(command.data) <= 4:
            return 0x6987
        if not challenge:
            return 0x6985
        head = bytes((command.cla, command.ins, command.p1, command.p2, len(command.data)))
        right = retail_mac(self._keys[name], challenge[:4] + bytes(4), head + command.data[:-4])[:4]
        if len(challenge) == 4 and self._check(name, accepted=command.data[-4:] == right):
            return 0
        return 0x6988

    def _check(self, name: str, *, accepted: bool) -> bool:
        """Count a try of a key: a right one gives all tries back."""
        self.tries_left[name] = TRIES if accepted else self.tries_left[name] - 1
        return self._tried(name, accepted=accepted)

    def _deliver(self, data: bytes) -> bytes:
        """At once, or by GET RESPONSE where the transport is short."""
        if not self.short_transport:
            return sw(0x9000, data)
        self._waiting = data
        return sw(0x6100 | len(data))

    def _get_response(self, command: Received) -> bytes:
        """What waits, once."""
        if not self._waiting:
            return sw(0x6985)
        if command.expected != len(self._waiting):
            return sw(0x6C00 | len(self._waiting))
        data, self._waiting = self._waiting, b""
        return sw(0x9000, data)
