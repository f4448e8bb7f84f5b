"""The pages of details behind a receipt for many accounts: one row an account.

Up to 2,000 accounts: the rows have one line each, so that every page takes the same number of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from counter.domain.money import format_yuan
from receipts import sheet, words
from receipts.document import PaidAccount, ReceiptDocument
from receipts.pen import GREY, HAIR, Align, Pen
from receipts.text import clean, fit_line

_ROW_HEIGHT = 12.5
_HEAD_HEIGHT = 15.0
_SIZE = 7.5
_ROWS = int((sheet.CONTINUED_TOP - _HEAD_HEIGHT - sheet.BOTTOM) // _ROW_HEIGHT)


class Column(NamedTuple):
    """Where a column stands: its left edge, its width, and on which side of it the text is."""

    left: float
    width: float
    align: Align = Align.LEFT

    @property
    def place(self) -> float:
        """Where the text is anchored."""
        return self.left + self.width * self.align.value


def _columns() -> tuple[Column, ...]:
    """The columns from left to right, with a gap after each."""
    widths = (60, 100, 104, 84, 48, 38, 44, 56)
    columns = []
    left = sheet.LEFT
    for number, width in enumerate(widths):
        align = Align.LEFT if number < len(widths) - 4 else Align.RIGHT
        columns.append(Column(left, width - 4, align))
        left += width
    return tuple(columns)


_COLUMNS = _columns()


def detail_pages(document: ReceiptDocument) -> int:
    """How many pages of details there are."""
    return -(-len(document.accounts) // _ROWS)


def spread(document: ReceiptDocument) -> Iterator[Sequence[PaidAccount]]:
    """The accounts of each page."""
    for start in range(0, len(document.accounts), _ROWS):
        yield document.accounts[start : start + _ROWS]


def draw_details(pen: Pen, accounts: Sequence[PaidAccount], top: float, _: words.Translate) -> None:
    """One page of the table, below ``top``."""
    heads = (
        _("Account No."),
        _("Name"),
        _("Address"),
        _("Period"),
        _("Energy fee"),
        _("Late fee"),
        _("Prepaid"),
        _("Amount"),
    )
    pen.line(sheet.LEFT, top, sheet.RIGHT, width=0.8, grey=0.2)
    _draw_row(pen, heads, top - 10.5, grey=GREY)
    y = top - _HEAD_HEIGHT
    pen.line(sheet.LEFT, y, sheet.RIGHT, width=0.4, grey=0.2)
    for account in accounts:
        y -= _ROW_HEIGHT
        _draw_row(pen, _texts(account), y + 3.5)
        pen.line(sheet.LEFT, y, sheet.RIGHT, width=0.3, grey=HAIR)


def _texts(account: PaidAccount) -> tuple[str, ...]:
    """The columns of one account; a waived late fee is marked with what it was."""
    late_fee = format_yuan(account.late_fee_fen)
    if account.late_fee_waived_fen:
        late_fee = f"{format_yuan(account.late_fee_fen + account.late_fee_waived_fen)}→{late_fee}"
    return (
        account.account_no,
        clean(account.name),
        clean(account.address),
        words.periods(account),
        format_yuan(account.principal_fen),
        late_fee,
        format_yuan(account.prepaid_in_fen - account.prepaid_out_fen),
        format_yuan(account.total_fen),
    )


def _draw_row(pen: Pen, texts: Sequence[str], baseline: float, *, grey: float = 0.0) -> None:
    """One line of texts, each made to fit its column."""
    for column, text in zip(_COLUMNS, texts, strict=True):
        if text:
            fitted, size = fit_line(pen.font, text, size=_SIZE, width=column.width)
            pen.text(column.place, baseline, fitted, size=size, align=column.align, grey=grey)
