"""TrueType embedding as a receipt needs it: small, quick and searchable.

reportlab cuts the subset; what is mended here was measured on reportlab 5.1. Characters beyond
U+FFFF (𬭎 and many another in names) are given a text mapping that readers understand, the font
file is mapped instead of copied into memory, and tables that a PDF does not use are left out.
"""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast
from weakref import WeakKeyDictionary

from reportlab.pdfbase.ttfonts import SUBSETN, TTEncoding, TTFont, TTFontFace

_UNUSED_TABLES = frozenset({"name", "OS/2"})
_BLOCK = 100


class MappedFile:
    """A font file whose pages are shared with every other program that reads it."""

    def __init__(self, path: Path) -> None:
        """Remember ``path``; nothing is opened before it is read."""
        self.name = str(path)
        self._path = path

    def read(self) -> mmap.mmap:
        """The whole content; raises OSError, and ValueError for an empty file."""
        with self._path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


class _Slices:
    """A table of the font that is cut from the mapped file only where it is asked for."""

    def __init__(self, content: mmap.mmap, start: int) -> None:
        self._content = content
        self._start = start

    def __getitem__(self, wanted: slice) -> bytes:
        return self._content[self._start + wanted.start : self._start + wanted.stop]


class _SlimFace(TTFontFace):
    """A face that hands its tables to the subset without copying the whole of them."""

    _ttf_data: mmap.mmap

    def get_table(self, tag: str) -> Any:
        """One table; KeyError, as for a missing one, for those that the subset does not need."""
        if tag in _UNUSED_TABLES:
            raise KeyError(tag)
        if tag == "glyf":
            return _Slices(self._ttf_data, self.get_table_pos(tag)[0])
        start, length = self.get_table_pos(tag)
        return self._ttf_data[start : start + length]


class EmbeddedFont(TTFont):
    """A TrueType font that is embedded as a subset of the characters used."""

    def __init__(self, name: str, path: Path) -> None:
        """Load ``path`` under ``name``; raises OSError, or TTFError for what is no TrueType font.

        The base class names its own face, so that what it would set is set here.
        """
        self.fontName = name
        self.path = path
        self.face = _SlimFace(MappedFile(path))
        self.encoding = TTEncoding()
        self.state = WeakKeyDictionary()
        self._asciiReadable = False
        self.shapable = False

    def has(self, character: str) -> bool:
        """Whether the font draws ``character`` with a glyph of its own."""
        return bool(self.face.charToGlyph.get(ord(character)))

    def addObjects(self, doc: Any) -> None:  # noqa: N802 (reportlab's name)
        """Write the font into ``doc``, with a text mapping that also holds rare characters."""
        subsets = cast("Sequence[Sequence[int]]", self.state[doc].subsets)
        super().addObjects(doc)
        for number, subset in enumerate(subsets):
            base = b"".join((SUBSETN(number), b"+", self.face.name, self.face.subfontNameX))
            stream = doc.idToObject["toUnicodeCMap:" + base.decode("pdfdoc")]
            stream.content = unicode_map(subset)


def unicode_map(subset: Sequence[int]) -> str:
    """The PDF text mapping (ISO 32000-1, 9.10.3) of a subset: its code → UTF-16BE, in hundreds."""
    lines = [
        f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for code, point in enumerate(subset)
    ]
    blocks = [lines[start : start + _BLOCK] for start in range(0, len(lines), _BLOCK)]
    mapped = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
        f"{mapped}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )
