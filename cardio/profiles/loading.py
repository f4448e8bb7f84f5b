"""Profile files, read and checked: an unknown field is a fault, not a field that does nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar

from cardio.crypto import Algorithm
from cardio.profiles import (
    AtrMask,
    BadProfile,
    Family,
    Files,
    Keys,
    KeySource,
    Memory,
    Profile,
    SerialPlace,
    SerialSource,
)
from cardio.readers import DIALECTS

FOLDER: Final = Path(__file__).parent
_BYTE: Final = 0xFF
_PROTECTED: Final = 32
"""Bytes of an SLE4442 that its maker may have locked."""
_PARAMETERS_AND_WALLET: Final = 45 + 8
Word = TypeVar("Word", bound=StrEnum)


def load_profiles(*more: Path) -> tuple[Profile, ...]:
    """The program's own profiles after those in the folders ``more``; a name counts where it comes first.

    Raises BadProfile for a file that cannot be used.
    """
    found: dict[str, Profile] = {}
    for folder in (*more, FOLDER):
        for path in sorted(folder.glob("*.toml")):
            profile = load_profile(path)
            found.setdefault(profile.name, profile)
    return tuple(found.values())


def load_profile(path: Path) -> Profile:
    """One file; raises BadProfile."""
    try:
        return parse_profile(tomllib.loads(path.read_text(encoding="utf-8")))
    except BadProfile as fault:
        raise BadProfile(f"{path.name}: {fault}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise BadProfile(f"{path.name}: {fault}") from fault


def parse_profile(table: Mapping[str, Any]) -> Profile:
    """A profile from a table; raises BadProfile with the field's name."""
    fields = _Fields(table, "")
    profile = Profile(
        name=fields.text("name"),
        title=fields.text("title"),
        family=fields.choice("family", Family),
        demonstration=fields.flag("demonstration", default=False),
        atr=_atr(fields.table("atr")),
        select=fields.path("select"),
        serial=_serial(fields.table("serial")),
        files=_files(fields.table("files")),
        memory=_memory(fields.table("memory")),
        keys=_keys(fields.table("keys")),
        dialect=fields.text("dialect", "auto"),
        card_maximum_fen=fields.number("card_maximum_fen", 99_999_999, most=99_999_999),
        update_flags=fields.number("update_flags", 0x80, most=_BYTE),
    )
    fields.end()
    _refuse_what_does_not_fit(profile)
    return profile


def _refuse_what_does_not_fit(profile: Profile) -> None:
    """A dialect that no reader speaks; files that a memory card has no room for."""
    if profile.dialect not in {"auto", *(dialect.name for dialect in DIALECTS)}:
        raise BadProfile("dialect: not one of the words")
    memory = profile.memory
    end = memory.offset + _PARAMETERS_AND_WALLET + profile.files.writeback_length
    sectors = memory.last_sector - memory.first_sector + 1
    room = {Family.SLE4442: 256, Family.MIFARE: sectors * 48}.get(profile.family, end)
    if end > room or (profile.family is Family.SLE4442 and memory.offset < _PROTECTED):
        raise BadProfile("memory: the files have no room")


def _atr(fields: _Fields) -> AtrMask:
    """Value and mask, equally long; without a mask every bit counts."""
    value = fields.raw("value")
    mask = fields.raw("mask", b"\xff" * len(value))
    if len(mask) != len(value):
        raise BadProfile("atr.mask: as long as atr.value")
    fields.end()
    return AtrMask(value, mask)


def _serial(fields: _Fields) -> SerialPlace:
    place = SerialPlace(
        source=fields.choice("source", SerialSource),
        offset=fields.number("offset", 0, most=_BYTE),
        length=fields.number("length", 8, least=4, most=8),
        file=fields.number("file", 0, most=_BYTE),
    )
    fields.end()
    return place


def _files(fields: _Fields) -> Files:
    known = Files()
    files = Files(
        parameters=fields.number("parameters", known.parameters, most=_BYTE),
        wallet=fields.number("wallet", known.wallet, most=_BYTE),
        tariff=fields.number("tariff", known.tariff, most=_BYTE),
        next_tariff=fields.number("next_tariff", known.next_tariff, most=_BYTE),
        writeback=fields.number("writeback", known.writeback, most=_BYTE),
        writeback_length=fields.number("writeback_length", 49, least=49, most=240),
    )
    fields.end()
    return files


def _memory(fields: _Fields) -> Memory:
    memory = Memory(
        offset=fields.number("offset", 0, most=_BYTE),
        first_sector=fields.number("first_sector", 1, most=15),
        last_sector=fields.number("last_sector", 8, most=15),
    )
    if memory.last_sector < memory.first_sector:
        raise BadProfile("memory.last_sector: not before first_sector")
    fields.end()
    return memory


def _keys(fields: _Fields) -> Keys:
    keys = Keys(
        source=fields.choice("source", KeySource),
        algorithm=fields.choice("algorithm", Algorithm),
        external_id=fields.number("external_id", 2, most=_BYTE),
        internal_id=fields.number("internal_id", 1, most=_BYTE),
        prove_card=fields.flag("prove_card", default=True),
    )
    fields.end()
    return keys


class _Fields:
    """A table whose fields are taken one by one; ``end`` refuses what nobody took."""

    def __init__(self, table: Mapping[str, Any], name: str) -> None:
        """``name`` is the table's own, for messages."""
        self._left, self._name = dict(table), name

    def take(self, key: str, kind: type, default: Any = None) -> Any:
        """A field of a kind; BadProfile when it is another, or missing without a default."""
        value = self._left.pop(key, default)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise BadProfile(f"{self._name}{key}: {kind.__name__} expected")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty."""
        value = self.take(key, str, default)
        if not value.strip():
            raise BadProfile(f"{self._name}{key}: empty")
        return str(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        return bool(self.take(key, bool, default))

    def number(self, key: str, default: int, *, least: int = 0, most: int) -> int:
        """A whole number within bounds."""
        value = int(self.take(key, int, default))
        if not least <= value <= most:
            raise BadProfile(f"{self._name}{key}: from {least} to {most}")
        return value

    def raw(self, key: str, default: bytes | None = None) -> bytes:
        """Bytes in hex, spaces allowed."""
        value = self.take(key, str, None if default is None else default.hex())
        return self._hex(key, value)

    def path(self, key: str) -> tuple[bytes, ...]:
        """A list of file ids in hex."""
        return tuple(self._hex(key, one) for one in self.take(key, list, []))

    def choice(self, key: str, kind: type[Word]) -> Word:
        """One of the words of an enumeration."""
        value = self.take(key, str)
        try:
            return kind(value)
        except ValueError:
            raise BadProfile(f"{self._name}{key}: not one of the words") from None

    def table(self, key: str) -> _Fields:
        """A table within; empty when it is left out."""
        return _Fields(self.take(key, dict, {}), f"{self._name}{key}.")

    def end(self) -> None:
        """Nothing may be left."""
        if self._left:
            raise BadProfile(f"{self._name}{next(iter(self._left))}: unknown field")

    def _hex(self, key: str, value: object) -> bytes:
        """From hex; BadProfile otherwise."""
        try:
            return bytes.fromhex(str(value))
        except ValueError:
            raise BadProfile(f"{self._name}{key}: hex expected") from None
