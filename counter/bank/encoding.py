"""Which encoding a text file is in, decided from its bytes and never from its name.

Invariant: every byte is accounted for. What cannot be decoded strictly, or is not text, is refused; no
replacement character is ever put in.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from counter.bank.source import HEAD_BYTES, Source
from counter.bank.statement import UnreadableError

SAMPLE_BYTES = 65_536
"""How much is looked at where the choice is a weighing; the decoding itself is of the whole file."""

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HIGH_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x80-\xff]")
_HIGH = re.compile(rb"[\x80-\xff]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f]")


def decode(data: bytes) -> tuple[str, str]:
    """Give the text of a file and the name of its encoding.

    Names: ``utf-8``, ``utf-8-sig``, ``utf-16``, ``utf-16-le``, ``utf-16-be``, ``gb18030``, ``latin-1``,
    ``windows-1252``. Raises UnreadableError for an empty file, for bytes that are no text, and for a text
    that was cut inside a character.
    """
    if not data:
        raise UnreadableError("The file is empty.", hint="empty")
    encoding = _marked(data) or _wide(data) or _unmarked(data)
    text = _strictly(data, encoding)
    _refuse_binary(text)
    return text, encoding


def encoding_of(source: Source) -> str:
    """The same for a file that is not loaded as a whole; raises UnreadableError."""
    head = source.data[: min(len(source.data) & ~1, HEAD_BYTES)]
    encoding = _marked(head) or _wide(head)
    if not encoding:
        try:
            for _ in source.texts("utf-8"):
                pass
        except UnreadableError as error:
            if error.hint == "truncated":
                raise
            sample = _sample(source.pieces())
            encoding = "gb18030" if _looks_chinese(sample) else _western(sample)
        else:
            encoding = "utf-8"
    _refuse_binary(next(source.texts(encoding), ""))
    return encoding


def _sample(pieces: Iterator[bytes]) -> bytes:
    """Some pieces with more than ASCII in them."""
    found = b""
    for piece in pieces:
        if not piece.isascii():
            found += piece
        if len(found) >= SAMPLE_BYTES:
            break
    return found


def _marked(data: bytes) -> str | None:
    """The encoding that a byte order mark names."""
    return next((name for mark, name in BOMS if data.startswith(mark)), None)


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of its commas, digits and line ends is NUL."""
    sample = data[:4096]
    if len(data) % 2 or b"\0" not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if min(even, odd) * 8 > max(even, odd):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _unmarked(data: bytes) -> str:
    """UTF-8 where it is valid; else GB18030 or a western code page, by what its high bytes look like."""
    if b"\0" in data[:SAMPLE_BYTES]:
        raise UnreadableError("The file is not a text.", hint="binary")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end >= len(data) - 3 and _is_utf8_until(data, error.start):
            line = data.count(b"\n") + 1
            raise UnreadableError("The text is cut inside a character.", line, "truncated") from error
    else:
        return "utf-8"
    return "gb18030" if _looks_chinese(data) else _western(data)


def _is_utf8_until(data: bytes, end: int) -> bool:
    """Whether what stands before ``end`` is UTF-8 with more than ASCII in it."""
    return not data[:end].isascii()


def _looks_chinese(data: bytes) -> bool:
    """Whether the high bytes come in pairs, as in GB18030, and not alone between letters, as in Latin-1.

    A character of GB 2312 has two high bytes; an accented letter of Latin-1 is followed by a plain one. Where
    neither is in the majority, charset-normalizer weighs the text.
    """
    high = _HIGH.search(data)
    sample = data[high.start() :][:SAMPLE_BYTES] if high else b""
    found = _HIGH_PAIR.findall(sample)
    both = sum(1 for pair in found if pair[0] >= 0xA1 and pair[-1] >= 0xA1 and len(pair) == 2)  # noqa: PLR2004
    letters = len(found) - both
    if both > 2 * letters and both > 1:
        return True
    return both * 2 >= letters and both > 0 and _normalizer_says_chinese(sample)


def _normalizer_says_chinese(sample: bytes) -> bool:
    """What charset-normalizer makes of it, when asked between the two alone."""
    from charset_normalizer import from_bytes

    found = from_bytes(sample, cp_isolation=["gb18030", "cp1252", "latin_1"]).best()
    return found is not None and found.encoding == "gb18030"


def _western(data: bytes) -> str:
    """Latin-1, or windows-1252 when bytes are used that are control characters in Latin-1."""
    has_c1 = re.search(rb"[\x80-\x9f]", data) is not None
    return "windows-1252" if has_c1 else "latin-1"


def _strictly(data: bytes, encoding: str) -> str:
    """Decode all of it or refuse."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding.startswith("utf-16-"):
            raise UnreadableError("The file is not a text.", hint="binary") from error
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError(f"The text is not {encoding}.", line, "encoding") from error


def _refuse_binary(text: str) -> None:
    """Refuse what is no text: NUL, or more than a few control characters (some banks frame with 1-3)."""
    sample = text[:SAMPLE_BYTES]
    controls = _CONTROLS.findall(sample)
    if "\0" in sample or len(controls) > 2 + len(sample) // 200:
        raise UnreadableError("The file is not a text.", hint="binary")
