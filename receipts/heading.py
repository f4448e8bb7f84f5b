"""What stands above the table: the full heading of the first page, the short one of the others."""

from __future__ import annotations

from typing import TypeAlias

from receipts import sheet, words
from receipts.document import ReceiptDocument
from receipts.pen import GREY, HAIR, INK, Align, Pen
from receipts.text import clean, fit, fit_line

Field: TypeAlias = tuple[str, str]

_LEADING = 1.3
_FIELD_LEFT = sheet.LEFT + 8
_SECOND_LEFT = sheet.LEFT + 196
_LABEL_GAP = 6.0
_FIRST_LINE = 13.0
_PAYEE_WIDTH = 300.0
_WHO_WIDTH = 210.0


def draw_heading(pen: Pen, document: ReceiptDocument, _: words.Translate) -> float:
    """The first page's heading with the customer below it; the height where the table starts."""
    centre = sheet.WIDTH / 2
    payee, size = fit_line(pen.font, clean(document.desk.payee), size=10.5, width=_PAYEE_WIDTH)
    pen.text(centre, sheet.TOP - 8, payee, size=size, align=Align.CENTRE)
    _draw_title(pen, words.title(document, _), centre)
    _draw_mark(pen, document, _)
    number = f"No. {document.receipt_no}"
    pen.text(sheet.RIGHT, sheet.TOP - 30, number, size=11, align=Align.RIGHT, bold=True)
    paid_at = document.paid_at.strftime("%Y-%m-%d %H:%M:%S")
    pen.text(sheet.LEFT, sheet.TOP - 30, paid_at, size=sheet.BODY_SIZE)
    return _draw_customer(pen, document, sheet.TOP - 43, _)


def draw_short_heading(pen: Pen, document: ReceiptDocument, _: words.Translate) -> float:
    """The heading of a following page; the height where the table starts."""
    baseline = sheet.TOP - 12
    customer = document.customer
    pen.text(sheet.LEFT, baseline, words.title(document, _), size=12, bold=True)
    text = clean(f"{customer.account_no}  {customer.name}").strip()
    who, size = fit_line(pen.font, text, size=9.5, width=_WHO_WIDTH)
    pen.text(sheet.WIDTH / 2, baseline, who, size=size, align=Align.CENTRE)
    marked = f"{words.mark(document, _)}  No. {document.receipt_no}"
    pen.text(sheet.RIGHT, baseline, marked, size=10, align=Align.RIGHT, bold=True)
    return sheet.CONTINUED_TOP


def _draw_title(pen: Pen, title: str, centre: float) -> None:
    """The title, spaced, over a double rule."""
    chinese = not title.isascii()
    size, spacing = (19.0, 3.0) if chinese else (15.0, 0.3)
    half = (pen.font.width(title, size) + spacing * len(title)) / 2 + 10
    pen.text(centre, sheet.TOP - 30, title, size=size, align=Align.CENTRE, bold=True, spacing=spacing)
    pen.line(centre - half, sheet.TOP - 35.5, centre + half, width=1.1, grey=INK)
    pen.line(centre - half, sheet.TOP - 37.7, centre + half, width=0.4, grey=INK)


def _draw_mark(pen: Pen, document: ReceiptDocument, _: words.Translate) -> None:
    """Original in an outlined box, a reprint in a black one that no eye passes over."""
    mark = words.mark(document, _)
    size = 9.5
    width = pen.font.width(mark, size) + 14
    if document.reprint:
        pen.fill(sheet.LEFT, sheet.TOP - 13, width, 15, grey=INK, radius=2)
    else:
        pen.box(sheet.LEFT, sheet.TOP - 13, width, 15, grey=GREY, radius=2)
    grey = 1.0 if document.reprint else GREY
    pen.text(sheet.LEFT + 7, sheet.TOP - 9, mark, size=size, grey=grey, bold=document.reprint)


def _draw_customer(pen: Pen, document: ReceiptDocument, top: float, _: words.Translate) -> float:
    """Account and meter at the left, name and address at the right, in one box; its foot."""
    left, right = _customer_fields(document, _)
    if not left + right:
        return top - 4
    left_foot = _draw_fields(pen, left, _FIELD_LEFT, _SECOND_LEFT - 10, top)
    right_foot = _draw_fields(pen, right, _SECOND_LEFT, sheet.RIGHT - 8, top)
    foot = min(left_foot, right_foot) - 5
    pen.box(sheet.LEFT, foot, sheet.RIGHT - sheet.LEFT, top - foot, grey=HAIR)
    return foot - 6


def _customer_fields(document: ReceiptDocument, _: words.Translate) -> tuple[list[Field], list[Field]]:
    """What is known of the account, or of the payer of many; nothing where cards are sold to nobody known."""
    customer = document.customer
    if document.accounts:
        left = [(_("Accounts"), str(len(document.accounts)))]
        return left, [(_("Payer"), customer.name), (_("Address"), customer.address)]
    left = [(_("Account No."), customer.account_no), (_("Meter No."), customer.meter_no)]
    if not customer.account_no:
        left = []
    if customer.vend_count is not None:
        left.append((_("Card purchases"), str(customer.vend_count)))
    if document.vend:
        left.append((_("Card No."), document.vend.card_serial))
    right = [(_("Name"), customer.name), (_("Address"), customer.address)]
    return left, right if customer.name else []


def _draw_fields(pen: Pen, fields: list[Field], x: float, x_end: float, top: float) -> float:
    """Labels in one column and their values in the next; the foot of the last line."""
    if not fields:
        return top
    value_left = x + max(pen.font.width(label, sheet.SMALL_SIZE) for label, _ in fields) + _LABEL_GAP
    baseline = top - _FIRST_LINE
    for label, value in fields:
        pen.text(x, baseline, label, size=sheet.SMALL_SIZE, grey=GREY)
        fitted = fit(pen.font, clean(value), size=10, width=x_end - value_left, lines=2)
        for line in fitted.lines:
            pen.text(value_left, baseline, line, size=fitted.size)
            baseline -= fitted.size * _LEADING
        baseline -= 2
    return baseline + 10
