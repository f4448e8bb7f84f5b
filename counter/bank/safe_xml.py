"""XML of strangers, piece by piece: no document type, so no entity, no bomb and no network.

The standard library's expat does the reading. It is handed UTF-8 of ours, made by the encoding that the file
declares, so that what was looked through for a document type is to the byte what is parsed. The
document grows in memory only as far as the caller leaves in it what it has read.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from counter.bank.source import Source
from counter.bank.statement import UnreadableError

FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
FORBIDDEN_BYTES = 9
DECLARATION = re.compile(rb"\A\s*<\?xml\b[^>]{0,300}\?>")
DECLARATION_BYTES = 400
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
    declaration = DECLARATION.match(data[:DECLARATION_BYTES])
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


@dataclass(slots=True)
class Lines:
    """Where the elements of some names begin, and where the document ends, while it passes by in pieces."""

    begin: re.Pattern[bytes]
    """The begin of such a tag; or a comment or CDATA section, where such a tag counts for nothing."""
    bare: re.Pattern[bytes]
    """The same without a prefix, which is found in a third of the time."""
    prefixed: tuple[bytes, ...]
    """What the names look like behind a prefix."""
    found: dict[str, deque[int]]
    """By name, the lines of the tags that nobody has asked for yet."""
    last: int = 1
    """The last line with anything on it."""
    fed: int = 0
    """How many bytes have passed."""
    _line: int = 1
    _rest_line: int = 1
    _rest: bytes = b""

    @classmethod
    def of(cls, *names: str) -> Lines:
        """For tags of these local names."""
        skipped = rb"!--.*?(?:-->|\Z)|!\[CDATA\[.*?(?:\]\]>|\Z)"
        tag = rb"(" + b"|".join(name.encode() for name in names) + rb")[\s/>]"
        bare = re.compile(rb"<(?:" + tag + rb"|" + skipped + rb")", re.DOTALL)
        begin = re.compile(rb"<(?:(?:[\w.-]+:)?" + tag + rb"|" + skipped + rb")", re.DOTALL)
        return cls(
            begin, bare, tuple(b":" + name.encode() for name in names), {name: deque() for name in names}
        )

    def next(self, name: str) -> int:
        """The line of the next tag of that name; raises UnreadableError when the tags do not fit together."""
        if not self.found[name]:
            raise UnreadableError(f"{name} stands where it does not belong.", self.last, "outside")
        return self.found[name].popleft()

    def feed(self, piece: bytes) -> None:
        """Look at the next piece; a tag that may go on in the one after is kept until then."""
        self.fed += len(piece)
        stripped = piece.rstrip()
        if stripped:
            self.last = self._line + stripped.count(b"\n")
        self._line += piece.count(b"\n")
        text = self._rest + piece
        counted = keep = 0
        begin = self.begin if any(name in text for name in self.prefixed) else self.bare
        for match in begin.finditer(text):
            keep = match.end()
            if match[1] is not None:
                self._rest_line += text.count(b"\n", counted, match.start())
                counted = match.start()
                self.found[match[1].decode()].append(self._rest_line)
            elif keep == len(text) and not text.endswith((b"-->", b"]]>")):
                keep = match.start()
                break
        else:
            opened = text.rfind(b"<")
            keep = max(keep, opened if opened > text.rfind(b">") else len(text))
        self._rest_line += text.count(b"\n", counted, keep)
        self._rest = text[keep:]


def utf8_pieces(source: Source, encoding: str) -> Iterator[bytes]:
    """The document in UTF-8, without mark; its declaration is emptied, for it names another encoding.

    Raises UnreadableError for what is not in the encoding that the file says it is in.
    """
    told = encoding == "utf-8"
    pieces = source.pieces() if told else (text.encode() for text in source.texts(encoding))
    first = b""
    while len(first) < DECLARATION_BYTES and (piece := next(pieces, b"")):
        first += piece
    first = first.removeprefix(codecs.BOM_UTF8)
    declaration = DECLARATION.match(first[:DECLARATION_BYTES])
    if declaration:
        first = b"\n" * declaration[0].count(b"\n") + b" " + first[declaration.end() :]
    yield first
    yield from pieces


def growing(source: Source, encoding: str, lines: Lines) -> Iterator[tuple[Element, bool]]:
    """An element that holds the document as far as it is read, and whether that is all; again and again.

    Whoever asks takes out what is complete, which is all but the last child of an open element. Raises
    UnreadableError.
    """
    builder = TreeBuilder()
    root = builder.start("", {})
    parser = XMLParser(target=builder)  # noqa: S314  # document types are refused before it sees them
    pieces = without_types(utf8_pieces(source, encoding))
    try:
        for piece in pieces:
            lines.feed(piece)
            parser.feed(piece)
            yield root, False
        parser.close()
    except ParseError as error:
        for piece in pieces:
            lines.feed(piece)
        raise broken(error, lines.last) from None
    yield root, True


def local(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]


def without_types(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, each looked through before it is handed on; raises UnreadableError.

    Only in a document type can entities be made, which is how bombs and look-ups are.
    """
    before, line = b"", 1
    for piece in pieces:
        found = FORBIDDEN.search(before + piece)
        if found:
            raise UnreadableError(
                "The file has a document type or entities of its own, as no bank sends.",
                line + (before + piece).count(b"\n", 0, found.start()) - before.count(b"\n"),
                "entities",
            )
        line += piece.count(b"\n")
        before = (before + piece)[-FORBIDDEN_BYTES:]
        yield piece


def broken(error: ParseError, last: int) -> UnreadableError:
    """What expat said, for the person who has to fetch the file again; ``last`` is the last line."""
    line = error.position[0]
    if line >= last:
        return UnreadableError("The file ends before its time or is damaged.", line, "truncated")
    said = str(error).partition(":")[0]
    return UnreadableError(f"The file is not sound XML: {said}.", line, "xml")
