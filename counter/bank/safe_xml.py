"""XML of strangers, piece by piece: no document type, so no entity, no bomb and no network.

The standard library's expat does the reading. It is handed UTF-8 of ours, made by the encoding that the file
declares, so that what was looked through for a document type is to the byte what is parsed. Nothing
beyond the elements that are still open stays in memory, as long as the caller clears what it has read.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from typing import Any, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from counter.bank.statement import UnreadableError

CHUNK_BYTES = 1 << 16
SILENT_MAX_BYTES = 1 << 20
"""How much may pass without any element ending."""
ELEMENTS_MAX = 3_000_000
"""How many may end between two wanted ones: a batch of some 75,000 transactions."""
DECLARATION = re.compile(rb"\A\s*<\?xml\b[^>]{0,300}\?>")
DECLARED = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
KNOWN = re.compile(r"utf-8|ascii|utf-16(-[bl]e)?|gb2312|gbk|gb18030|big5|iso8859-\d+|cp125\d")
"""The encodings that banks send, by the names of the codecs."""
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)


def head_of(data: bytes, size: int = 4096) -> str:
    """The first characters, well enough decoded to tell by their tags what they belong to."""
    for mark, encoding in MARKS[1:]:
        if data.startswith(mark):
            return data[: 2 * size].decode(encoding, "replace").lstrip("\ufeff")
    return data[:size].decode("latin-1").removeprefix("ï»¿")


def encoding_of(data: bytes) -> str:
    """The encoding by mark or declaration, else UTF-8; raises UnreadableError for one that no bank sends."""
    marked = next((encoding for mark, encoding in MARKS if data.startswith(mark)), "")
    declaration = DECLARATION.match(data[:400])
    declared = DECLARED.search(declaration[0]) if declaration else None
    if marked or declared is None:
        return marked or "utf-8"
    try:
        name = codecs.lookup(declared[1].decode()).name
    except LookupError:
        name = ""
    if not KNOWN.fullmatch(name):
        raise UnreadableError(f"The encoding {declared[1].decode()} is not known.", 1, "encoding")
    return name


def utf8_of(data: bytes) -> tuple[bytes, str]:
    """The document in UTF-8, without mark, and the encoding that it came in; raises UnreadableError."""
    encoding = encoding_of(data)
    if encoding == "utf-8":
        return data.removeprefix(codecs.BOM_UTF8), encoding
    try:
        return data.decode(encoding).removeprefix("\ufeff").encode(), encoding
    except UnicodeError as error:
        position = getattr(error, "start", 0)
        line = data.count(b"\n", 0, position) + 1
        raise UnreadableError(
            f"The text is not {encoding}, which the file says it is.", line, "encoding"
        ) from None


def elements(payload: bytes, wanted: Callable[[str], bool]) -> Iterator[Element]:
    """The elements of wanted local names as they end, in a document in UTF-8; raises UnreadableError.

    Tags that pile up without a wanted one are refused, which bounds the memory.
    """
    refuse_document_type(payload)
    wants: dict[str, bool] = {}
    idle = 0
    for ended in batches(payload):
        idle += len(ended)
        for node in ended:
            want = wants.get(node.tag)
            if want is None:
                want = wants[node.tag] = wanted(local(node.tag))
            if want:
                idle = 0
                yield node
        if idle > ELEMENTS_MAX:
            raise UnreadableError("Nothing but tags of no statement.", 0, "structure")


def batches(payload: bytes) -> Iterator[list[Element]]:
    """The elements that end in each chunk; raises UnreadableError, also when for too long none ends."""
    parser: XMLPullParser[Any] = XMLPullParser(("end",))
    silent = 0
    try:
        for piece in pieces(payload):
            parser.feed(piece)
            ended = [node for _, node in cast("Iterator[tuple[str, Element]]", parser.read_events())]
            silent = 0 if ended else silent + len(piece)
            if silent > SILENT_MAX_BYTES:
                raise UnreadableError("Tags are opened, or a text goes on, without an end.", 0, "structure")
            yield ended
        parser.close()
        yield [node for _, node in cast("Iterator[tuple[str, Element]]", parser.read_events())]
    except ParseError as error:
        raise broken(error, payload) from None


def local(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]


def refuse_document_type(payload: bytes) -> None:
    """Only there can entities be made, which is how bombs and look-ups are; raises UnreadableError."""
    if b"<!DOCTYPE" in payload or b"<!ENTITY" in payload:
        raise UnreadableError(
            "The file has a document type or entities of its own, as no bank sends.",
            line_of(payload, max(payload.find(b"<!DOCTYPE"), 0)),
            "entities",
        )


def pieces(payload: bytes) -> Iterator[bytes]:
    """The document in chunks; its declaration is emptied, for the encoding is UTF-8 whatever it says."""
    declaration = DECLARATION.match(payload[:400])
    start = declaration.end() if declaration else 0
    if declaration:
        yield b"\n" * declaration[0].count(b"\n") + b" "
    for position in range(start, len(payload), CHUNK_BYTES):
        yield payload[position : position + CHUNK_BYTES]


def line_of(payload: bytes, position: int) -> int:
    """The line, from 1, of a place in the document."""
    return payload.count(b"\n", 0, position) + 1


def broken(error: ParseError, payload: bytes) -> UnreadableError:
    """What expat said, for the person who has to fetch the file again."""
    line = error.position[0]
    if line >= line_of(payload, len(payload.rstrip())):
        return UnreadableError("The file ends before its time or is damaged.", line, "truncated")
    said = str(error).partition(":")[0]
    return UnreadableError(f"The file is not sound XML: {said}.", line, "structure")
