"""The rows of an Excel workbook, through python-calamine, which reads XLS and XLSX fast and exactly.

Invariant: nothing is unpacked that could fill the memory. What an archive says of its sizes is not believed,
and a sheet whose few cells stand far apart, or whose many cells share one huge text, is refused beforehand.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from itertools import pairwise
from typing import Final, NoReturn

from counter.bank.sheets import Grid
from counter.bank.statement import UnreadableError
from counter.bank.xls_process import BROKEN, LOCKED, Rows, rows_of, sheets_of

OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
UNPACKED_MAX: Final = 400_000_000
"""Bytes of a workbook when unpacked; a bomb has more."""
PARTS_MAX: Final = 2_000
AREA_FREE: Final = 2_600_000
AREA_PER_CELL: Final = 40
"""A sheet spans at most so many cells, and so many more for each that is written: a table is no scatter."""
TEXT_MAX: Final = 500_000_000
"""Characters of all texts once every cell has its own."""

_BOOK = re.compile(rb"\x09\x08.\x00\x00[\x05\x06]\x05\x00", re.DOTALL)
_WRITE_PROTECTED, _LOCKED = 0x86, 0x2F
_CHUNK: Final = 1 << 20
_HEAD: Final = 4096
_ODD = re.compile(rb"\br(?:\s+=|=\s+|=\s*')")
_FAR_COLUMN, _FAR_ROW = re.compile(rb'r="([A-Z]{2,})'), re.compile(rb'r="[A-Z]*[0-9]{6}')
_ANY_ROW = re.compile(rb"""\br\s*=\s*["'][A-Z]*([0-9]{1,9})""")
_ANY_COLUMN = re.compile(rb"""\br\s*=\s*["']([A-Z]+)""")
_NEAR_ROWS: Final = 99_999
_SHARED = re.compile(rb"""\bt\s*=\s*["']s["'][^>]*>\s*<(?:[\w.-]+:)?v[^>]*>\s*([0-9]{1,9})""")
_ITEM = re.compile(rb"<(?:[\w.-]+:)?si[\s>/]")


def is_workbook(data: bytes) -> bool:
    """Whether it is an xls or an xlsx, from the content."""
    return data.startswith(OLE) or (data.startswith(ZIP) and b"xl/" in data)


def workbook_kind(data: bytes) -> str:
    """``xlsx`` or ``xls``, from the content."""
    return "xlsx" if data.startswith(ZIP) else "xls"


def grids_of(data: bytes) -> list[Grid]:
    """Every visible sheet of a workbook that holds anything. Raises UnreadableError."""
    if data.startswith(ZIP):
        refuse_bomb(data)
    elif is_locked(data):
        raise UnreadableError(LOCKED, hint="password")
    found = _rows_here(data) if data.startswith(ZIP) else sheets_of(data)
    return [Grid(rows, range(1, len(rows) + 1)) for rows in found if rows]


def _rows_here(data: bytes) -> list[Rows]:
    """The rows of an xlsx that is no bomb. Raises UnreadableError."""
    from python_calamine import CalamineError, PasswordError

    try:
        return rows_of(data)
    except PasswordError as error:
        raise UnreadableError(LOCKED, hint="password") from error
    except (CalamineError, ValueError, OSError, MemoryError) as error:
        raise UnreadableError(BROKEN, hint="workbook") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a fault in the library comes out of it
            raise
        raise UnreadableError(BROKEN, hint="workbook") from error


def is_locked(data: bytes) -> bool:
    """Whether an xls is encrypted: a FILEPASS record stands behind the beginning of its stream."""
    found = _BOOK.search(data)
    at = found.start() if found else len(data)
    while at + 4 <= len(data):
        kind, size = (
            int.from_bytes(data[at : at + 2], "little"),
            int.from_bytes(data[at + 2 : at + 4], "little"),
        )
        if kind == _LOCKED:
            return True
        if found and at != found.start() and kind != _WRITE_PROTECTED:
            return False
        at += 4 + size
    return False


def refuse_bomb(data: bytes) -> None:
    """Refuse an archive that is broken or would fill the memory. Raises UnreadableError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > UNPACKED_MAX or len(parts) > PARTS_MAX:
                _too_much()
            if any(part.filename == "xl/workbook.bin" for part in parts):
                raise UnreadableError("the workbook is of the binary kind (xlsb)", hint="xlsb")
            _refuse_parts(archive, parts)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, EOFError) as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError("the workbook cannot be opened", hint="workbook") from error
    except RuntimeError as error:  # how zipfile says that a part is encrypted
        raise UnreadableError(LOCKED, hint="password") from error


def _too_much() -> NoReturn:
    """Raises UnreadableError."""
    raise UnreadableError("the workbook unpacks into too much", hint="bomb")


def _refuse_parts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Unpack every part as far as is allowed, and look at how its cells are spread."""
    left, texts, uses = UNPACKED_MAX, [0], list[bytes]()
    for part in parts:
        content = _unpacked(archive, part, left)
        left -= len(content)
        if b"sst" in content[:_HEAD]:
            texts = _lengths(content)
        if b"sheetData" in content:
            _refuse_scattered(content)
            uses.append(content)
    longest = max(texts)
    cells = sum(content.count(b'"s"') + content.count(b"'s'") for content in uses)
    if longest * cells > TEXT_MAX:
        _refuse_repeated(texts, uses)


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> bytes:
    """One part, of which no more than ``most`` bytes are unpacked whatever its header says."""
    chunks, size = list[bytes](), 0
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > most:
                _too_much()
            chunks.append(chunk)
    return b"".join(chunks)


def _refuse_scattered(sheet: bytes) -> None:
    """Refuse a sheet that spans far more cells than are written in it."""
    allowed = AREA_FREE + AREA_PER_CELL * _cells(sheet)
    odd = b"r='" in sheet or b"r =" in sheet or b'= "' in sheet or _ODD.search(sheet[:_CHUNK]) is not None
    if not odd and not _FAR_ROW.search(sheet):
        letters = set(_FAR_COLUMN.findall(sheet)) if _FAR_COLUMN.search(sheet) else set[bytes]()
        if _NEAR_ROWS * max(map(_number_of, letters), default=26) <= allowed:
            return
    columns = max(map(_number_of, set(_ANY_COLUMN.findall(sheet))), default=0)
    rows = max(map(int, set(_ANY_ROW.findall(sheet))), default=0)
    if rows * columns > allowed or rows > _NEAR_ROWS + 10 * _cells(sheet):
        _too_much()


def _cells(sheet: bytes) -> int:
    """How many cells are written in a sheet; a part that is none has none."""
    return sheet.count(b"<c ") + sheet.count(b":c ")


def _number_of(letters: bytes) -> int:
    """The number of a column by its letters."""
    number = 0
    for letter in letters[:6]:
        number = number * 26 + letter - 64
    return number


def _lengths(shared: bytes) -> list[int]:
    """How long each shared text is, at the most."""
    starts = [found.start() for found in _ITEM.finditer(shared)] + [len(shared)]
    return [end - start for start, end in pairwise(starts)] or [0]


def _refuse_repeated(texts: list[int], sheets: list[bytes]) -> None:
    """Refuse cells whose shared texts together are too long."""
    total = 0
    for sheet in sheets:
        for found in _SHARED.finditer(sheet):
            index = int(found[1])
            total += texts[index] if index < len(texts) else 0
            if total > TEXT_MAX:
                _too_much()
