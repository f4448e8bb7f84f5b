"""The bytes of a statement file, piece by piece: out of the memory, or of a large file off the disk.

Invariant: pieces join to exactly the bytes of the file, and texts to all of its characters or to a refusal.
A large file is read, not mapped: a file that shrinks meanwhile ends early instead of ending the program.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from counter.bank.statement import UnreadableError

PIECE_BYTES = 1 << 16
HEAD_BYTES = 1 << 16
"""How much of a file on the disk is there at once; by it the format is told."""
TEXT_CHARACTERS = 1 << 18
"""How much of a text is looked at together."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the bytes are: ``data``, or the whole of the file at ``path``."""

    data: bytes
    """Everything; of a file on the disk only the first bytes."""
    path: Path | None = None

    def pieces(self, size: int = 0) -> Iterator[bytes]:
        """The bytes from the start; may be asked for again. Raises OSError."""
        size = size or PIECE_BYTES
        if self.path is None:
            for position in range(0, len(self.data), size):
                yield self.data[position : position + size]
            return
        with self.path.open("rb") as stream:
            while piece := stream.read(size):
                yield piece

    def texts(self, encoding: str) -> Iterator[str]:
        """The characters from the start; raises UnreadableError with the line that is not so encoded."""
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        line = 1
        for piece in self.pieces(TEXT_CHARACTERS):
            text = _decoded(decoder, piece, line, final=False)
            line += text.count("\n")
            yield text
        yield _decoded(decoder, b"", line, final=True)


def texts_of(text: str) -> Iterator[str]:
    """A text that is there already, in pieces."""
    for position in range(0, len(text), TEXT_CHARACTERS):
        yield text[position : position + TEXT_CHARACTERS]


def lines_of(texts: Iterator[str]) -> Iterator[tuple[str, bool]]:
    """Each line without its end, and whether it had one; ends are CR LF, LF or CR."""
    rest = ""
    for text in texts:
        rest += text
        held = rest.endswith("\r")
        if held:
            rest = rest[:-1]
        lines = (rest.replace("\r\n", "\n").replace("\r", "\n") if "\r" in rest else rest).split("\n")
        rest = lines.pop() + "\r" * held
        for line in lines:
            yield line, True
    ended = rest.endswith("\r")
    if rest:
        yield rest.removesuffix("\r"), ended


def _decoded(decoder: codecs.IncrementalDecoder, piece: bytes, line: int, *, final: bool) -> str:
    """The characters of one piece; raises UnreadableError."""
    try:
        return decoder.decode(piece, final)
    except UnicodeDecodeError as error:
        if final or error.reason == "unexpected end of data":
            raise UnreadableError("The text is cut inside a character.", line, "truncated") from None
        at = line + bytes(error.object)[: error.start].count(b"\n")
        raise UnreadableError(f"The text is not {decoder_name(decoder)}.", at, "encoding") from None


def decoder_name(decoder: codecs.IncrementalDecoder) -> str:
    """What the encoding is called, for a sentence."""
    return type(decoder).__module__.rpartition(".")[2].replace("_", "-")
