"""Templates of papers as data: read from TOML, checked strictly, and nothing in them is executed.

A bureau's own folder comes before the built-in one, file by file. A file that cannot be used is a
TemplateFault that names it and says what is wrong, never a paper that lacks something.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from receipts.pen import Align
from receipts.printers import Form

SIZES = ("small", "normal", "large", "huge")
RULES = ("", "solid", "dashed")
_COUNT_MAX = 10_000
_GAP_MAX = 40
_BUILT_IN = files("receipts.templates")


class TemplateFault(ValueError):
    """A template that cannot be used; the text says which file and why."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a line.

    ``width`` is its share of the line (0 to 1), 0 for an equal share of what the others leave. One of
    ``text``, ``qr`` (a code of this text) and ``bar`` (a field from 0 to 1000, drawn as a bar) is shown;
    ``frame`` draws a box of ``lines`` lines around the text, for a seal or a signature.
    """

    text: str = ""
    qr: str = ""
    bar: str = ""
    width: float = 0.0
    align: Align = Align.LEFT
    frame: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or with ``lines`` a group of them.

    ``when`` and ``unless`` name a field that must be there or be empty; ``repeat`` names a list, for each
    row of which the line is set, at most ``most`` times where that is not 0. ``gap`` is blank space in
    lines of type.
    """

    cells: tuple[Cell, ...] = ()
    size: str = "normal"
    bold: bool = False
    inverse: bool = False
    rule: str = ""
    gap: float = 0.0
    when: str = ""
    unless: str = ""
    repeat: str = ""
    most: int = 0
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """All lines of a paper; ``head`` is set again on every following page. ``source`` names the file."""

    lines: tuple[Line, ...]
    head: tuple[Line, ...] = ()
    landscape: bool = False
    source: str = ""


def load_template(document: str, form: Form, folder: Path | None = None) -> Template:
    """The template of a document on a form; raises TemplateFault.

    A file with ``same_as = "FORM"`` stands for the one of another form.
    """
    name = f"{document}-{form}.toml"
    own = folder / name if folder and (folder / name).exists() else None
    source = str(own or name)
    try:
        values = tomllib.loads(own.read_text("utf-8") if own else _built_in(name))
    except (OSError, ValueError) as error:
        raise TemplateFault(f"{source}: {error}") from error
    try:
        form = _form(values["same_as"], form) if "same_as" in values else form
        template = None if "same_as" in values else replace(_template(values), source=source)
    except TemplateFault as error:
        raise TemplateFault(f"{source}: {error}") from error
    return template or load_template(document, form, folder)


@lru_cache(maxsize=32)
def _built_in(name: str) -> str:
    """The text of a built-in template."""
    return (_BUILT_IN / name).read_text("utf-8")


def _form(value: object, here: Form) -> Form:
    """The form that a template refers to, which is not itself."""
    if value not in set(Form) - {here}:
        raise TemplateFault(f"same_as: no other form is called {value!r}")
    return Form(str(value))


def _template(values: Mapping[str, Any]) -> Template:
    """The whole file."""
    unknown = values.keys() - {"line", "head", "landscape"}
    if unknown:
        raise TemplateFault(f"there is no key {min(unknown)!r}")
    lines, head = _lines(values.get("line", []), "line"), _lines(values.get("head", []), "head")
    if not lines:
        raise TemplateFault("there is no [[line]]")
    return Template(lines, head, landscape=_flag(values.get("landscape", False), "landscape"))


def _lines(values: object, where: str) -> tuple[Line, ...]:
    """The lines of a list of tables."""
    if not isinstance(values, list):
        raise TemplateFault(f"{where}: a list of tables is wanted")
    return tuple(_line(value, f"{where} {number}") for number, value in enumerate(values, start=1))


def _line(value: object, where: str) -> Line:
    """One line; ``text``, ``align`` and ``qr`` of the line itself are short for a single cell."""
    table = _table(value, where)
    cell = {key: table.pop(key) for key in ("text", "qr", "bar", "align", "frame") if key in table}
    if cell and ("cells" in table or "lines" in table):
        raise TemplateFault(f"{where}: either a text, or cells, or lines")
    cells = table.pop("cells", [cell] if cell else [])
    lines = table.pop("lines", [])
    read = _read(table, Line, where)
    return Line(
        cells=tuple(_cell(each, f"{where}, cell {number}") for number, each in enumerate(cells, start=1)),
        lines=_lines(lines, f"{where}, line"),
        **read,
    )


def _cell(value: object, where: str) -> Cell:
    """One cell."""
    return Cell(**_read(_table(value, where), Cell, where))


def _table(value: object, where: str) -> dict[str, Any]:
    """A table of TOML, as a copy."""
    if not isinstance(value, dict):
        raise TemplateFault(f"{where}: a table is wanted")
    return dict(value)


def _read(table: Mapping[str, Any], kind: type[Line | Cell], where: str) -> dict[str, Any]:
    """The values of a table by the readers of ``kind``; an unknown key is a fault, not a surprise."""
    known = {each.name for each in fields(kind)} & _READERS.keys()
    for key in table:
        if key not in known:
            raise TemplateFault(f"{where}: there is no key {key!r}")
    return {key: _READERS[key](value, f"{where}: {key}") for key, value in table.items()}


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise TemplateFault(f"{where}: a text in quotes is wanted")
    return value


def _flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise TemplateFault(f"{where}: true or false is wanted")
    return value


def _count(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _COUNT_MAX:
        raise TemplateFault(f"{where}: a whole number from 0 to 10000 is wanted")
    return value


def _share(value: object, where: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise TemplateFault(f"{where}: a number from 0 to 1 is wanted")
    return float(value)


def _gap(value: object, where: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= _GAP_MAX:
        raise TemplateFault(f"{where}: a number of lines from 0 to 40 is wanted")
    return float(value)


def _one_of(*allowed: str) -> Callable[[object, str], str]:
    def read(value: object, where: str) -> str:
        if value not in allowed:
            raise TemplateFault(f"{where}: one of {', '.join(filter(None, allowed))} is wanted")
        return str(value)

    return read


def _align(value: object, where: str) -> Align:
    return Align[_one_of("left", "centre", "right")(value, where).upper()]


_READERS: Mapping[str, Callable[[object, str], Any]] = {
    "text": _text,
    "qr": _text,
    "bar": _text,
    "width": _share,
    "align": _align,
    "frame": _count,
    "size": _one_of(*SIZES),
    "bold": _flag,
    "inverse": _flag,
    "rule": _one_of(*RULES),
    "gap": _gap,
    "when": _text,
    "unless": _text,
    "repeat": _text,
    "most": _count,
}
