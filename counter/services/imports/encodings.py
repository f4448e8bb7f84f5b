"""Which encoding a file is in, found by decoding all of it strictly: UTF-8 first, then GB18030 (GBK).

Invariant: no byte is guessed at. A file that is neither is refused with the line where it breaks;
charset-normalizer is only asked for the name of what it may be, to help the person who has to save it again.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from counter.i18n import _
from counter.services.imports.problems import FileRefused

BLOCK_BYTES = 1 << 18
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_TRIED = ("utf-8", "gb18030")


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a first pass over a file tells: its encoding, size in bytes and SHA-256 digest (hex)."""

    encoding: str
    size_bytes: int
    file_hash: str


def inspect(path: Path) -> Inspected:
    """Read all of a file; raises FileRefused when it is missing, empty, binary or in another encoding."""
    try:
        return _inspect(path)
    except OSError as error:
        raise FileRefused(
            _("The file cannot be opened."),
            _("Nothing was imported. The system says: {reason}").format(reason=error.strerror or error),
            _("Check the name of the file and whether you may read it."),
        ) from error


def _inspect(path: Path) -> Inspected:
    """The same, with the system's errors as they come."""
    with path.open("rb") as file:
        head = file.read(BLOCK_BYTES)
    _refuse_what_is_no_text(head)
    candidates = [encoding for mark, encoding in _MARKS if head.startswith(mark)] or list(_TRIED)
    digest = hashlib.sha256()
    size_bytes = 0
    for block in _blocks(path):
        digest.update(block)
        size_bytes += len(block)
    encoding = next((name for name in candidates if _bad_line(path, name) is None), None)
    if encoding is None:
        raise _in_no_known_encoding(path, head, candidates[0])
    return Inspected(encoding, size_bytes, digest.hexdigest())


def _blocks(path: Path) -> Iterator[bytes]:
    """The file in pieces of bounded size."""
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield block


def _refuse_what_is_no_text(head: bytes) -> None:
    """An empty file, a spreadsheet, or something with NUL bytes in its first lines."""
    if not head.strip():
        raise FileRefused(_("The file is empty."), _("Nothing was imported."), _("Export it again."))
    if head.startswith(_SPREADSHEETS):
        raise FileRefused(
            _("This is a spreadsheet, not a CSV file."),
            _("Nothing was imported."),
            _("Open it and save it as CSV (UTF-8)."),
        )
    marked = any(head.startswith(mark) for mark, _encoding in _MARKS)
    if not marked and b"\0" in head.split(b"\n", 1)[0]:
        raise FileRefused(
            _("This is not a text file."),
            _("Nothing was imported."),
            _("Choose the CSV file that was exported."),
        )


def _bad_line(path: Path, encoding: str) -> int | None:
    """The number of the first line that is not in ``encoding``; None when all are."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line_no = 1
    for block in _blocks(path):
        try:
            line_no += decoder.decode(block).count("\n")
        except UnicodeDecodeError as error:
            return line_no + error.object[: error.start].count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line_no
    return None


def _in_no_known_encoding(path: Path, head: bytes, encoding: str) -> FileRefused:
    """The refusal, with the line of the first encoding tried and what the file looks like."""
    from charset_normalizer import from_bytes

    guess = from_bytes(head).best()
    return FileRefused(
        _("Line {line} is neither UTF-8 nor GBK.").format(line=_bad_line(path, encoding)),
        _("Nothing was imported. The file looks like {encoding}.").format(
            encoding=guess.encoding if guess else _("nothing known")
        ),
        _("Save it as UTF-8 and import it again."),
    )
