"""Profile files, read and checked: what cannot be used is refused with the file and the field."""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast

from counter.bank.headings import ALIASES as STATEMENT_FIELDS
from counter.bank.pos_headings import ALIASES as SETTLEMENT_FIELDS
from counter.bank.profiles import BadProfile, Form, Kind, Place, Profile, Record
from counter.bank.profiles.fields import Fields

FOLDER: Final = Path(__file__).parent
FIELDS: Final = {"statement": tuple(STATEMENT_FIELDS), "settlement": tuple(SETTLEMENT_FIELDS)}
"""What a column can be, by the kind of file."""
BESIDE: Final = ("settled", "acquirer", "account", "count", "amount", "fee", "net", "credit", "debit")
"""What a header or a trailer can say; ``count`` and the sums are checked."""
_WIDTH_MAX: Final = 4000
_ENOUGH: Final = {
    "statement": (("posted", "traded"), ("amount", "credit", "debit")),
    "settlement": (("at", "day"), ("amount",), ("fee", "net"), ("merchant", "terminal")),
}
"""Of each of these a profile has to place one."""


def load_profiles(folder: Path | None = None) -> tuple[Profile, ...]:
    """The profiles of the bureau's folder before the program's own; a name counts where it comes first.

    Raises BadProfile for a file that cannot be used, and for a folder that is not there.
    """
    if folder is None:
        return _own()
    if not folder.is_dir():
        raise BadProfile(f"{folder}: there is no such folder")
    theirs = _in(folder)
    names = {profile.name for profile in theirs}
    return (*theirs, *(profile for profile in _own() if profile.name not in names))


@lru_cache(maxsize=1)
def _own() -> tuple[Profile, ...]:
    """The program's own profiles."""
    return _in(FOLDER)


def _in(folder: Path) -> tuple[Profile, ...]:
    """Every profile of a folder, by file name. Raises BadProfile."""
    found = dict[str, Profile]()
    for path in sorted(folder.glob("*.toml")):
        profile = load_profile(path)
        if profile.name in found:
            raise BadProfile(f"{path.name}: name: {profile.name} is there twice")
        found[profile.name] = profile
    return tuple(found.values())


def load_profile(path: Path) -> Profile:
    """One file; raises BadProfile."""
    try:
        return parse_profile(tomllib.loads(path.read_text(encoding="utf-8")))
    except BadProfile as fault:
        raise BadProfile(f"{path.name}: {fault}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise BadProfile(f"{path.name}: {fault}") from fault


def parse_profile(table: Mapping[str, Any]) -> Profile:
    """A profile from a table; raises BadProfile with the field's name."""
    fields = Fields(table)
    kind = cast("Kind", fields.choice("kind", ("statement", "settlement")))
    form = cast("Form", fields.choice("form", ("table", "fixed")))
    profile = Profile(
        name=fields.text("name"),
        title=fields.text("title"),
        kind=kind,
        form=form,
        encoding=_encoding(fields),
        skip_lines=fields.number("skip_lines", 0, most=200),
        date_format=fields.text("date_format", ""),
        account=fields.text("account", ""),
        account_pattern=fields.pattern("account_pattern") if "account_pattern" in fields else None,
        currency=fields.text("currency", ""),
        acquirer=fields.text("acquirer", ""),
        words=fields.words("words"),
        **(_fixed(fields, kind) if form == "fixed" else _table(fields, kind)),
    )
    fields.end()
    if profile.account_pattern is not None and profile.account_pattern.groups < 1:
        raise BadProfile("account_pattern: a group in brackets expected")
    return profile


def _encoding(fields: Fields) -> str:
    """A name that the program knows, or empty."""
    name = fields.text("encoding", "")
    try:
        return codecs.lookup(name).name if name else ""
    except LookupError:
        raise BadProfile("encoding: not known") from None


def _table(fields: Fields, kind: Kind) -> dict[str, Any]:
    """What a table has: headings."""
    columns = fields.words("columns")
    unknown = next((name for name in columns if name not in FIELDS[kind]), None)
    if unknown:
        raise BadProfile(f"columns.{unknown}: one of {', '.join(FIELDS[kind])}")
    requires = fields.texts("requires") or tuple(columns.values())
    _refuse_too_little(columns, kind, "columns")
    return {"requires": requires, "columns": columns, "texts": fields.texts("texts")}


def _fixed(fields: Fields, kind: Kind) -> dict[str, Any]:
    """What a fixed-width file has: records."""
    allowed = (*FIELDS[kind], "text")
    detail = _record(fields.table("detail"), "detail", allowed)
    _refuse_too_little(detail.places, kind, "detail")
    found: dict[str, Any] = {"unit": fields.choice("unit", ("byte", "character"), "byte"), "detail": detail}
    for name in ("header", "trailer"):
        if name in fields:
            found[name] = _record(fields.table(name), name, BESIDE)
    return found


def _record(fields: Fields, name: str, allowed: tuple[str, ...]) -> Record:
    """One record: its pattern and the places in it."""
    pattern, places = fields.pattern("pattern"), dict[str, Place]()
    for key in fields.names():
        if key not in allowed:
            raise BadProfile(f"{name}.{key}: one of pattern, {', '.join(allowed)}")
        places[key] = _place(fields.table(key))
    return Record(pattern, places)


def _place(fields: Fields) -> Place:
    """Where one field stands."""
    place = Place(
        fields.number("at", most=_WIDTH_MAX),
        fields.number("length", least=1, most=_WIDTH_MAX),
        fields.number("decimals", -1, least=-1, most=6),
        fields.words("signs"),
    )
    if not set(place.signs.values()) <= {"", "-"}:
        raise BadProfile('signs: "" or "-" for each character expected')
    fields.end()
    return place


def _refuse_too_little(places: Mapping[str, object], kind: Kind, name: str) -> None:
    """Refuse a profile that leaves out what no file can do without."""
    missing = next((wanted for wanted in _ENOUGH[kind] if not any(one in places for one in wanted)), None)
    if missing:
        raise BadProfile(f"{name}: {' or '.join(missing)} is missing")
