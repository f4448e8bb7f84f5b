"""CPU user cards, PBOC style: files by short id, challenges, and a MAC on every write.

A challenge is asked for right before the one command that uses it. No authentication is ever sent again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from cardio.apdu import Command
from cardio.errors import AccessRefused, CardRefused, UnknownCard
from cardio.families.answers import NOT_THERE, data_of, refusal
from cardio.families.plain import CardFiles
from cardio.families.tries import tries_of
from cardio.families.vending import PARAMETERS, WALLET, WRITEBACK
from cardio.keys import KeyHolder, KeyName
from cardio.layout import parameters, tariff, wallet
from cardio.link import Link
from cardio.profiles import Profile, SerialSource

SELECT, READ_BINARY, UPDATE_BINARY = 0xA4, 0xB0, 0xD6
GET_CHALLENGE, EXTERNAL_AUTHENTICATE, INTERNAL_AUTHENTICATE = 0x84, 0x82, 0x88
SECURE_MESSAGING: Final = 0x04
MAC_SIZE: Final = 4
AT_A_TIME: Final = 128
"""Bytes that are read by one command: all cards give as many."""

_KEYS: Final = {
    PARAMETERS: KeyName.UPDATE_PARAMETERS,
    WALLET: KeyName.UPDATE_WALLET,
    WRITEBACK: KeyName.UPDATE_WRITEBACK,
}
_AFTER_THE_CARD_REFUSED_A_KEY: Final = frozenset({0x6A88, 0x9403})


class CpuMedium:
    """One card of this family in an open link."""

    def __init__(self, link: Link, profile: Profile, keys: KeyHolder) -> None:
        """``identify`` comes first."""
        self._link, self._profile, self._keys = link, profile, keys
        self._tries = tries_of(keys)
        files = profile.files
        self._short_ids = {PARAMETERS: files.parameters, WALLET: files.wallet, WRITEBACK: files.writeback}
        self._serial = b""

    def identify(self) -> bytes:
        """Select the application and read the serial number; raises UnknownCard when the card has neither."""
        for file_id in self._profile.select:
            answer = self._link.send(Command(0x00, SELECT, 0x00, 0x00, file_id))
            if not answer.ok:
                raise UnknownCard(f"no application: {answer.sw:04X}")
        self._serial = self.read_serial()
        return self._serial

    def read_serial(self) -> bytes:
        """Asked of the card, or cut out of its answer to reset where the profile says so."""
        place = self._profile.serial
        if place.source is SerialSource.ATR:
            return self._link.atr[place.offset : place.offset + place.length]
        return self._read(place.file, place.length, place.offset)

    def read_files(self) -> CardFiles:
        """The three files of a vend."""
        return CardFiles(
            self._read(self._short_ids[PARAMETERS], parameters.SIZE),
            self._read(self._short_ids[WALLET], wallet.SIZE),
            self._read(self._short_ids[WRITEBACK], self._profile.files.writeback_length),
        )

    def more_files(self) -> dict[str, bytes]:
        """Both tariffs, of a card that has them."""
        files = self._profile.files
        found = {}
        for name, short_id in (("83", files.tariff), ("84", files.next_tariff)):
            with suppress(CardRefused, UnknownCard):
                found[name] = self._read_long(short_id, tariff.SIZE)
        return found

    def authenticate(self, serial: bytes) -> None:
        """The card first, which costs no try; then the desk."""
        self._tries.check_proof(serial.hex(), KeyName.EXTERNAL)
        for name in _KEYS.values():
            self._tries.check_last(serial.hex(), name)
        if self._profile.keys.prove_card:
            self._prove_card(serial)
        challenge = self._challenge(8)
        cryptogram = self._keys.cryptogram(KeyName.EXTERNAL, serial, challenge)
        key_id = self._profile.keys.external_id
        command = Command(0x00, EXTERNAL_AUTHENTICATE, 0x00, key_id, cryptogram, secret=True)
        self._spend(KeyName.EXTERNAL, command, "external authentication")

    def update(self, file: str, data: bytes, sending: Callable[[], None], offset: int = 0) -> None:
        """UPDATE BINARY with the MAC over head and data."""
        place = 0x80 | self._short_ids[file]
        initial = self._challenge(4) + bytes(4)
        head = bytes((SECURE_MESSAGING, UPDATE_BINARY, place, offset, len(data) + MAC_SIZE))
        mac = self._keys.mac(_KEYS[file], self._serial, initial, head + data)
        command = Command(SECURE_MESSAGING, UPDATE_BINARY, place, offset, data + mac)
        sending()
        self._spend(_KEYS[file], command, f"update of {file}")

    def _prove_card(self, serial: bytes) -> None:
        """INTERNAL AUTHENTICATE: a card that does not know its key is not one of ours."""
        challenge = secrets.token_bytes(8)
        wanted = self._keys.cryptogram(KeyName.INTERNAL, serial, challenge)
        key_id = self._profile.keys.internal_id
        command = Command(0x00, INTERNAL_AUTHENTICATE, 0x00, key_id, challenge, le=8, secret=True)
        answer = self._link.send(command)
        if answer.sw in _AFTER_THE_CARD_REFUSED_A_KEY:
            raise UnknownCard(f"the card has not the key to prove itself: {answer.sw:04X}")
        if not secrets.compare_digest(data_of(answer, "internal authentication", 8), wanted):
            raise UnknownCard("the card's proof is wrong")

    def _spend(self, name: KeyName, command: Command, what: str) -> None:
        """Send what counts against a key, once, and remember how it went."""
        answer = self._link.send(command)
        try:
            data_of(answer, what, 0)
        except AccessRefused as fault:
            self._tries.refused(self._serial.hex(), name, fault)
            raise
        self._tries.accepted(self._serial.hex(), name)

    def _challenge(self, size: int) -> bytes:
        """Fresh from the card, for the very next command."""
        return data_of(self._link.send(Command(0x00, GET_CHALLENGE, 0x00, 0x00, le=size)), "challenge", size)

    def _read(self, short_id: int, length: int, offset: int = 0) -> bytes:
        """READ BINARY by short id; a file that is not there makes it no card of this profile."""
        command = Command(0x00, READ_BINARY, 0x80 | short_id, offset, le=length)
        answer = self._link.send(command)
        if answer.sw in NOT_THERE:
            raise UnknownCard(f"never issued, or another card: {answer.sw:04X}")
        if not answer.ok:
            raise refusal(f"reading of {short_id:02X}", answer.sw)
        return data_of(answer, f"reading of {short_id:02X}", length)

    def _read_long(self, short_id: int, length: int) -> bytes:
        """A file in two pieces; P2 reaches 255 bytes far."""
        return self._read(short_id, AT_A_TIME) + self._read(short_id, length - AT_A_TIME, AT_A_TIME)
