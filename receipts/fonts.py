"""Which font draws which character of a receipt.

A rare character in somebody's name must never come out as an empty box: each character is looked
up in the font's own table, other fonts are tried for it, and one that no font has is drawn as 〓,
the typesetter's mark for a missing type, and reported. Fonts are loaded once in a process.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, Protocol
from zlib import crc32

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError

from receipts.truetype import EmbeddedFont

MISSING_MARK = "〓"
FONT_DIRECTORIES = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("~/.local/share/fonts"),
    Path("~/.fonts"),
)
MAIN_FILES = ("LXGWWenKai-Regular.ttf", "LXGWWenKaiMono-Regular.ttf")
SPARE_FILES = (
    "LXGWWenKaiMono-Regular.ttf",
    "LXGWWenKai-Regular.ttf",
    "HanaMinA.ttf",
    "HanaMinB.ttf",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "DejaVuSans.ttf",
)
"""TrueType files that are asked for what the main font lacks, most fitting first."""

_UNEMBEDDED_LACKS = frozenset("\x7f·ńňɑɡ")
_logger = logging.getLogger(__name__)
_lock = threading.Lock()
_loaded: dict[tuple[Path | None, tuple[Path, ...]], Font] = {}


class Face(Protocol):
    """One registered font: its reportlab name and what it can draw."""

    fontName: str  # noqa: N815 (reportlab's name)

    def has(self, character: str) -> bool:
        """Whether it draws ``character`` with a glyph of its own."""
        ...


class Run(NamedTuple):
    """A piece of text that one font draws."""

    font_name: str
    text: str


class UnembeddedFont(UnicodeCIDFont):
    """STSong-Light, which the viewer or the printer supplies: used only without a font file."""

    def has(self, character: str) -> bool:
        """What such a font surely has: GBK as far as its encoding UniGB-UCS2-H goes, and the yen sign."""
        if character in _UNEMBEDDED_LACKS or "\uf900" <= character <= "\ufe4f":
            return False
        try:
            return character == "¥" or bool(character.encode("gbk"))
        except UnicodeEncodeError:
            return False


class Font:
    """The fonts of a receipt, acting as one; made by ``load_font`` and safe to share.

    ``fallback`` says that nothing is embedded: how the paper looks is up to the printer.
    """

    def __init__(self, main: Face, spare_paths: Iterable[Path] = (), *, fallback: bool = False) -> None:
        """Draw with ``main``, and open the ``spare_paths`` in turn when it lacks a character."""
        self.name = main.fontName
        self.fallback = fallback
        self._faces = [main]
        self._unopened = list(spare_paths)
        self._homes: dict[str, str] = {}
        self._advances: dict[str, float] = {}

    def home(self, character: str) -> str:
        """The name of the font that has ``character``; empty when no font has it."""
        if character not in self._homes:
            with _lock:
                face = next((face for face in self._all_faces() if face.has(character)), None)
                self._homes[character] = face.fontName if face else ""
        return self._homes[character]

    def runs(self, text: str) -> tuple[Run, ...]:
        """``text`` cut where the font changes, with 〓 for what none of them has."""
        drawn = [
            (c, home) if (home := self.home(c)) else (MISSING_MARK, self.home(MISSING_MARK)) for c in text
        ]
        return tuple(
            Run(name, "".join(character for character, _ in group))
            for name, group in groupby(drawn, key=lambda pair: pair[1])
        )

    def file(self, font_name: str) -> Path | None:
        """The file of one of these fonts, for drawing in dots; None where nothing is embedded."""
        for face in self._faces:
            if face.fontName == font_name and isinstance(face, EmbeddedFont):
                return face.path
        return None

    def width(self, text: str, size: float) -> float:
        """How wide ``text`` comes out at ``size``, both in points."""
        return sum(map(self._advance, text)) * size

    def _advance(self, character: str) -> float:
        """The width of one character at size 1."""
        if character not in self._advances:
            home = self.home(character)
            drawn = character if home else MISSING_MARK
            width = pdfmetrics.stringWidth(drawn, home or self.home(MISSING_MARK), 1)
            self._advances[character] = float(width)
        return self._advances[character]

    def missing(self, text: str) -> str:
        """The characters of ``text`` that no font has, each once, in order."""
        return "".join(dict.fromkeys(character for character in text if not self.home(character)))

    def _all_faces(self) -> Iterator[Face]:
        """The faces opened so far, then one more at a time."""
        yield from tuple(self._faces)
        while self._unopened:
            face = _open_face(self._unopened.pop(0))
            if face is not None:
                self._faces.append(face)
                yield face


def load_font(font_file: Path | None = None, directories: tuple[Path, ...] = FONT_DIRECTORIES) -> Font:
    """The font of the receipts, loaded on the first call (about 0.07 s) and kept.

    ``font_file`` is the bureau's own choice and comes first; without any usable TrueType file the
    font is STSong-Light, not embedded, and ``fallback`` is set. Never raises for a bad font file.
    """
    key = (font_file, directories)
    with _lock:
        if key not in _loaded:
            _loaded[key] = _load(font_file, directories)
        return _loaded[key]


def _load(font_file: Path | None, directories: tuple[Path, ...]) -> Font:
    """Open the first main font that can be opened and line up the spare ones."""
    found = _font_files(directories)
    wanted = [font_file] if font_file else []
    for path in wanted + [found[name] for name in MAIN_FILES if name in found]:
        main = _open_face(path)
        if main is not None:
            spare = [found[name] for name in SPARE_FILES if name in found and found[name] != path]
            return Font(main, spare)
    unembedded = UnembeddedFont("STSong-Light")
    pdfmetrics.registerFont(unembedded)
    return Font(unembedded, fallback=True)


def _font_files(directories: tuple[Path, ...]) -> dict[str, Path]:
    """Where each font that we know by name is; the first directory that has it wins."""
    names = {*MAIN_FILES, *SPARE_FILES}
    found: dict[str, Path] = {}
    for directory in directories:
        for path in sorted(directory.expanduser().rglob("*.tt[cf]")):
            if path.name in names:
                found.setdefault(path.name, path)
    return found


def _open_face(path: Path) -> EmbeddedFont | None:
    """Load and register one font file; None, with a line in the log, for one that is no use."""
    try:
        face = EmbeddedFont(f"{path.stem}-{crc32(bytes(path)):08x}", path)
    except (OSError, ValueError, TTFError) as error:
        _logger.warning("font %s is not usable: %s", path, error)
        return None
    pdfmetrics.registerFont(face)
    return face
