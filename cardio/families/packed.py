"""The three files of a vend packed one behind the other, as memory cards hold them."""

from __future__ import annotations

from cardio.families.plain import CardFiles
from cardio.families.vending import PARAMETERS, WALLET, WRITEBACK
from cardio.layout import parameters, wallet
from cardio.profiles import Profile


def place(file: str) -> int:
    """Where a file begins, counted from the first byte of the first."""
    return {PARAMETERS: 0, WALLET: parameters.SIZE, WRITEBACK: parameters.SIZE + wallet.SIZE}[file]


def size(profile: Profile) -> int:
    """Bytes of all three."""
    return parameters.SIZE + wallet.SIZE + profile.files.writeback_length


def unpacked(raw: bytes) -> CardFiles:
    """The files of ``size`` bytes."""
    ends = parameters.SIZE, parameters.SIZE + wallet.SIZE
    return CardFiles(raw[: ends[0]], raw[ends[0] : ends[1]], raw[ends[1] :])


def key_serial(serial: bytes) -> bytes:
    """A serial number as keys are diversified by: filled up with zeros on the left to 8 bytes."""
    return serial.rjust(8, b"\x00")
