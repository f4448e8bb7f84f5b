"""A payer's own list: read from a file, and held against the accounts it means before anything is posted."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from counter.domain.money import AmountError, parse_yuan
from counter.domain.names import normalise_name
from counter.i18n import _
from counter.services.imports.columns import Column, Matched, match_headings
from counter.services.imports.fields import plain
from counter.services.imports.problems import FileRefused
from counter.services.payer_files import HEADING_ROWS_MAX, Row, refused, rows_of
from counter.services.ports.payers import (
    ACCOUNTS_MAX,
    CheckedLine,
    ListFault,
    ListLine,
    PayerAccount,
    Progress,
    Reading,
)

COLUMNS = (
    Column("account_no", ("户号", "用户编号", "客户编号", "用电户号", "户号编号", "account")),
    Column("amount", ("金额", "缴费金额", "付款金额", "电费", "应缴金额", "本次缴费", "payment")),
    Column("name", ("户名", "用户名称", "客户名称", "名称", "customer_name"), required=False),
)
"""What a payer's list is known by; other columns of it are passed over."""

SHOWN_LENGTH_MAX = 40
_PROGRESS_EVERY = 500


def read_lines(path: str, progress: Progress) -> tuple[ListLine, ...]:
    """The lines of a list; raises FileRefused for what cannot be read as one. Blank lines are passed over."""
    place = Path(os.path.expanduser(path.strip().strip("\"'")))  # noqa: PTH111  (a home of nobody is no error here)
    rows = list(rows_of(place))
    heading, matched = _headings(rows)
    lines = []
    for done, (line_no, row) in enumerate(rows[heading + 1 :], 1):
        if any(cell.strip() for cell in row):
            lines.append(_line(line_no, row, matched))
        if done % _PROGRESS_EVERY == 0:
            progress(done, len(rows))
    if not lines:
        raise refused(_("There is no line beneath the headings."))
    if len(lines) > ACCOUNTS_MAX:
        raise FileRefused(
            _("The list has {count} lines; one payment takes {most}.").format(
                count=len(lines), most=ACCOUNTS_MAX
            ),
            _("Nothing was taken over and nothing is posted."),
            _("Make two lists of it."),
        )
    progress(len(rows), len(rows))
    return tuple(lines)


def check_lines(lines: Iterable[ListLine], reading: Reading) -> tuple[CheckedLine, ...]:
    """Each line with what is wrong with it, or other than thought."""
    known = {account.account_no: account for account in reading.accounts}
    seen: set[str] = set()
    checked = []
    for line in lines:
        account = known.get(line.account_no)
        faults = _faults(line, account, twice=line.account_no in seen)
        seen.add(line.account_no)
        owed_fen, name = (_expected_fen(line, account), account.name) if account else (0, "")
        checked.append(CheckedLine(line, tuple(faults), owed_fen, name))
    return tuple(checked)


def _expected_fen(line: ListLine, account: PayerAccount) -> int:
    """What is due; when the list has more than that, everything that can be paid before it is prepaid."""
    return account.owed_fen if line.amount_fen > account.owed_fen else account.due_fen


def _faults(line: ListLine, account: PayerAccount | None, *, twice: bool) -> Iterator[ListFault]:
    """Everything that is wrong with one line, or worth knowing."""
    if account is None:
        number = line.account_no
        well_formed = number.isascii() and number.isdigit()
        yield ListFault.UNKNOWN_ACCOUNT if well_formed else ListFault.BAD_ACCOUNT
    if twice:
        yield ListFault.TWICE
    if not line.amount_fen:
        yield ListFault.BAD_AMOUNT
    if account is None:
        return
    if line.amount_fen > account.owed_fen:
        yield ListFault.CLOSED if account.closed else ListFault.MORE
    elif 0 < line.amount_fen < account.due_fen:
        yield ListFault.LESS
    name = normalise_name(line.name)
    if name and name.casefold() != normalise_name(account.name).casefold():
        yield ListFault.NAME_DIFFERS


def complete_path(path: str) -> str:
    """``path`` with as much added as all files and folders fit that begin like it."""
    if "\0" in path or not path.strip():
        return path
    shown = path.strip()
    place = Path(os.path.expanduser(shown))  # noqa: PTH111  (the same)
    folder, start = (place, "") if shown.endswith(os.sep) else (place.parent, place.name)
    try:
        fitting = [item for item in folder.iterdir() if item.name.startswith(start)]
        common = _beginning([item.name for item in fitting])
        ending = os.sep if len(fitting) == 1 and fitting[0].is_dir() else ""
    except OSError:
        return path
    return shown + common[len(start) :] + ending if common else path


def _beginning(names: list[str]) -> str:
    """The characters that all names begin with."""
    least, most = min(names, default=""), max(names, default="")
    same = (count for count, pair in enumerate(zip(least, most, strict=False)) if pair[0] != pair[1])
    return least[: next(same, len(least))]


def _headings(rows: Sequence[Row]) -> tuple[int, Matched]:
    """The place of the headings and what they name; a title may stand above them."""
    best: Matched | None = None
    for place, (_number, row) in enumerate(rows[:HEADING_ROWS_MAX]):
        matched = match_headings(row, COLUMNS)
        if not matched.missing and not matched.twice:
            return place, matched
        if best is None or len(matched.positions) > len(best.positions):
            best = matched
    if best is None:
        raise refused(_("The file is empty."))
    if best.twice:
        raise refused(_("A heading stands there twice: {headings}.").format(headings=", ".join(best.twice)))
    raise refused(_("There is no heading {headings}.").format(headings=", ".join(best.missing)))


def _line(line_no: int, row: Sequence[str], matched: Matched) -> ListLine:
    """One line; what is no account or no amount is kept as it stands, to be shown."""
    cells = {name: row[place] if place < len(row) else "" for name, place in matched.positions.items()}
    text = plain(cells["amount"])
    try:
        amount_fen, wrong = parse_yuan(text), ""
    except AmountError:
        amount_fen, wrong = 0, _shown(cells["amount"]) or "-"
    number = _shown(plain(cells["account_no"])) or "-"
    return ListLine(line_no, number, _shown(cells.get("name", "")), amount_fen, wrong)


def _shown(text: str) -> str:
    """What stands in a cell, short enough to show and without what no database takes."""
    return text.replace("\0", "").strip()[:SHOWN_LENGTH_MAX]
