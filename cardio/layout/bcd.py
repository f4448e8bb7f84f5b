"""Packed decimal digits, two in a byte, the higher half first."""

from __future__ import annotations

from cardio.errors import Garbled


def decode(raw: bytes) -> str:
    """The digits, two for each byte; raises Garbled where a half byte is above 9."""
    digits = raw.hex()
    if not digits.isdecimal() and digits:
        raise Garbled("digits expected")
    return digits


def encode(digits: str) -> bytes:
    """As they stand on the card; raises ValueError for an odd number of digits or anything else."""
    if not (digits.isascii() and (digits.isdecimal() or not digits)) or len(digits) % 2:
        raise ValueError("an even number of decimal digits is wanted")
    return bytes.fromhex(digits)


def number(raw: bytes) -> int:
    """The digits as a number; no bytes are 0."""
    return int(decode(raw) or "0")


def pack(value: int, size: int) -> bytes:
    """A number in ``size`` bytes; raises ValueError when it is negative or has no room."""
    if not 0 <= value < 100**size:
        raise ValueError(f"no room for this number in {size} bytes")
    return encode(str(value).zfill(2 * size))


def label(raw: bytes) -> str:
    """An account or meter number: the digits without the zeros that fill it up; empty when there is none."""
    return decode(raw).lstrip("0")


def pack_label(digits: str, size: int = 6) -> bytes:
    """An account or meter number filled up with zeros on the left; raises ValueError when it is too long."""
    if len(digits) > 2 * size:
        raise ValueError(f"no room for this number in {size} bytes")
    return encode(digits.zfill(2 * size))
