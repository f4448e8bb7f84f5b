"""The smallest xls (BIFF8 in a compound file) that holds a table, written without a library."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

_SECTOR, _END, _FAT, _FREE = 512, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_MINIMUM = 4096
"""What is shorter stands elsewhere in a compound file."""


def xls(rows: Iterable[Sequence[str | float]], *, locked: bool = False) -> bytes:
    """A workbook of one sheet; ``locked`` says that it is encrypted, as a password makes it."""
    return compound("Workbook", _book([list(row) for row in rows], locked=locked))


def compound(name: str, stream: bytes) -> bytes:
    """A compound file of one stream."""
    stream = stream.ljust(_MINIMUM, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    fats = -(-(sectors + 2) // 127)
    first = fats + 1
    chain = [_FAT] * fats + [_END] + [*range(first + 1, first + sectors), _END]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(fats * _SECTOR, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += bytes(6) + struct.pack("<IIIIIIIII", 0, fats, fats, 0, _MINIMUM, _END, 0, _END, 0)
    head += struct.pack("<109I", *[*range(fats), *[_FREE] * (109 - fats)])
    root = _entry("Root Entry", 5, _END, 0, 1)
    directory = (root + _entry(name, 2, first, len(stream), _FREE)).ljust(_SECTOR, b"\0")
    return head + fat + directory + stream.ljust(sectors * _SECTOR, b"\0")


def _entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
    """One entry of the directory."""
    text = name.encode("utf-16-le") + b"\0\0"
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    return head + struct.pack("<III", _FREE, _FREE, child) + bytes(36) + struct.pack("<IQ", start, size)


def _record(kind: int, content: bytes) -> bytes:
    """One record of BIFF."""
    return struct.pack("<HH", kind, len(content)) + content


def _book(rows: list[list[str | float]], *, locked: bool) -> bytes:
    """The stream of the workbook: what is common, then the sheet."""
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    if locked:
        begin += _record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    begin += _record(0x0042, struct.pack("<H", 1200))
    place = len(begin) + 4 + 6 + 2 + 1 + 4
    begin += _record(0x0085, struct.pack("<IBB", place, 0, 0) + b"\x01\0a") + _record(0x000A, b"")
    begin = begin.ljust(place, b"\0")
    cells = b"".join(_cell(y, x, value) for y, row in enumerate(rows) for x, value in enumerate(row))
    return (
        begin
        + _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
        + cells
        + _record(0x000A, b"")
    )


def _cell(row: int, column: int, value: str | float) -> bytes:
    """A number, or a text in the cell itself."""
    where = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return _record(0x0204, where + struct.pack("<HB", len(value), 1) + text)
    return _record(0x0203, where + struct.pack("<d", value))
