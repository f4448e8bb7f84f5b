"""Files that a profile describes: recognised by their content, cut as it says, read as any other table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from counter.bank import fixed, pos, sheets, tables
from counter.bank.cells import Cell
from counter.bank.manner import Manner, manner_of
from counter.bank.profiles import Profile
from counter.bank.settlement import SettlementFile
from counter.bank.statement import StatementFile, UnreadableError

Found = StatementFile | SettlementFile


def read_text(profiles: Iterable[Profile], data: bytes, text: str, encoding: str) -> Found | None:
    """A text file by the first profile that fits it; None where none does. Raises UnreadableError."""
    for profile in profiles:
        own, name = _decoded(profile, data, text, encoding)
        if profile.form == "fixed" and fixed.fits(profile, own):
            return _read(profile, "fixed", name, [fixed.table_of(profile, own, name)])
        if profile.form == "table":
            table = _text_table(profile, own)
            if table is not None:
                return _read(profile, "csv", name, [table])
    return None


def read_grids(
    profiles: Iterable[Profile], kind: str, encoding: str, grids: Sequence[sheets.Grid]
) -> Found | None:
    """A workbook or a page by the first profile that fits one of its sheets. Raises UnreadableError."""
    for profile in profiles:
        if profile.form != "table":
            continue
        manner = manner_of(profile)
        cut = [
            sheets.Grid(_skipped(grid.rows, manner), grid.lines).table(manner.columns_of) for grid in grids
        ]
        known = [table for table in cut if table.heading >= 0]
        if known:
            return _read(profile, kind, encoding, known)
    return None


def _decoded(profile: Profile, data: bytes, text: str, encoding: str) -> tuple[str, str]:
    """The text in the encoding of the profile, where it has one that can be right."""
    if profile.encoding in {"", encoding}:
        return text, encoding
    try:
        return data.decode(profile.encoding), profile.encoding
    except UnicodeDecodeError:
        return text, encoding


def _text_table(profile: Profile, text: str) -> sheets.Table | None:
    """The table of a text where it has what the profile requires."""
    manner = manner_of(profile)
    try:
        if sheets.delimiter_of(text, manner.columns_of) is None:
            return None
    except UnreadableError:
        return None
    table = sheets.text_table(text, manner.columns_of)
    return replace(table, top=_skipped(table.top, manner))


def _skipped(rows: Sequence[Sequence[Cell]], manner: Manner) -> list[Sequence[Cell]]:
    """The rows, of which the first are as if they were blank."""
    kept = rows[manner.skip_rows :]
    return [*([[]] * (len(rows) - len(kept))), *kept]


def _read(profile: Profile, kind: str, encoding: str, found: Sequence[sheets.Table]) -> Found:
    """Tables as the kind of file that the profile is for."""
    manner = manner_of(profile)
    if profile.kind == "settlement":
        return pos.read_tables(kind, encoding, found, manner)
    return tables.read_tables(kind, encoding, found, manner)
