"""A receipt document as PDF bytes.

Equal documents with equal fonts give equal bytes: there is no time and no random id in the file, so
that a paper can be made again and compared. Two threads may render at once; they take turns.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from typing import Any, cast

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from receipts import sheet, words
from receipts.details import detail_pages, draw_details, spread
from receipts.document import ReceiptDocument
from receipts.fonts import Font
from receipts.foot import break_notes, draw_foot, foot_height
from receipts.heading import draw_heading, draw_short_heading
from receipts.pen import GREY, HAIR, Align, Pen
from receipts.rows import Capacity, Row, page_sizes, table_rows
from receipts.text import clean, fit_line, flow

rl_config.useA85 = 0  # binary streams: a fifth smaller, and every printer reads them
rl_config.pdfComments = 0  # they would name font files of this machine

turn = threading.Lock()
"""reportlab keeps the subsets of a font in one place: only one document is drawn at a time."""


def render_pdf(document: ReceiptDocument, *, font: Font) -> bytes:
    """``document`` drawn on as many A5 sheets as it needs.

    A character that no font has is drawn as 〓 and named in a note on the paper; ask
    ``missing_characters`` to tell the clerk as well.
    """
    with turn:
        buffer = io.BytesIO()
        canvas = Canvas(
            buffer,
            pagesize=(sheet.WIDTH, sheet.HEIGHT),
            invariant=1,
            pageCompression=1,
            initialFontName=cast("Any", font.name),
            lang=document.language.replace("_", "-"),
        )
        canvas.setTitle(document.receipt_no)
        canvas.setAuthor(clean(document.desk.payee))
        _draw_pages(Pen(canvas, font), document)
        canvas.save()
        return buffer.getvalue()


def missing_characters(document: ReceiptDocument, *, font: Font) -> str:
    """The characters of names and addresses that no font has; empty for almost every receipt."""
    customer = document.customer
    desk = document.desk
    texts = [customer.account_no, customer.name, customer.address, customer.meter_no]
    texts += [desk.payee, desk.hall_name, desk.till_name, desk.clerk_name]
    texts += [document.reason, document.approved_by]
    texts += [value for tender in document.tenders for _, value in tender.references]
    texts += [text for account in document.accounts for text in (account.name, account.address)]
    if document.transfer_to is not None:
        texts.append(document.transfer_to.name)
    return font.missing(clean("".join(texts)))


def _draw_pages(pen: Pen, document: ReceiptDocument) -> None:
    """Draw the first heading, spread the rows over the room that it leaves, draw page by page."""
    _ = words.translator(document)
    rows = table_rows(document, lambda parts: _break_details(pen, parts), _)
    notes = break_notes(pen, document, missing_characters(document, font=pen.font), _)
    foot = foot_height(notes)
    _draw_stamp(pen, document, _)
    top = y = draw_heading(pen, document, _)
    sizes = page_sizes(len(rows), _capacity(top, foot), _capacity(sheet.CONTINUED_TOP, foot))
    pages = len(sizes) + detail_pages(document)
    for number, size in enumerate(sizes, start=1):
        if number > 1:
            pen.canvas.showPage()
            _draw_stamp(pen, document, _)
            top = draw_short_heading(pen, document, _)
        y = _draw_table(pen, rows[:size], top, _)
        rows = rows[size:]
        draw_page_number(pen, number, pages, _)
    _draw_blank(pen, y, sheet.BOTTOM + foot, _)
    draw_foot(pen, document, notes, _)
    pen.canvas.showPage()
    for number, accounts in enumerate(spread(document), start=len(sizes) + 1):
        _draw_stamp(pen, document, _)
        draw_details(pen, accounts, draw_short_heading(pen, document, _), _)
        draw_page_number(pen, number, pages, _)
        pen.canvas.showPage()


def _draw_stamp(pen: Pen, document: ReceiptDocument, _: words.Translate) -> None:
    """The word across a receipt that was reversed, on each of its pages."""
    if document.void:
        pen.stamp(sheet.WIDTH / 2, sheet.HEIGHT / 2 + 10, _("VOID"), size=sheet.STAMP_SIZE)


def _capacity(top: float, foot: float) -> Capacity:
    """How many rows fit between the table's top and the lower margin, without and with the foot."""
    room = top - sheet.TABLE_HEAD_HEIGHT - sheet.BOTTOM
    return Capacity(
        page=int(room // sheet.ROW_HEIGHT),
        last_page=int((room - foot) // sheet.ROW_HEIGHT),
    )


def _break_details(pen: Pen, parts: Sequence[str]) -> tuple[str, ...]:
    """The references of a tender in lines of the table's width."""
    return flow(pen.font, parts, size=sheet.DETAIL_SIZE, width=sheet.DETAIL_WIDTH)


def _draw_table(pen: Pen, rows: list[Row], top: float, _: words.Translate) -> float:
    """The table's head and these rows; the height below the last."""
    width = sheet.RIGHT - sheet.LEFT
    pen.line(sheet.LEFT, top, sheet.RIGHT, width=0.8, grey=0.2)
    baseline = top - 11.5
    heads = (_("Energy (kWh)"), _("Charge (yuan)"), _("Late fee (yuan)"), _("Amount (yuan)"))
    pen.text(sheet.LABEL_LEFT, baseline, _("Item"), size=sheet.SMALL_SIZE, grey=GREY)
    for right, head in zip(sheet.COLUMN_RIGHTS, heads, strict=True):
        pen.text(right, baseline, head, size=sheet.SMALL_SIZE, align=Align.RIGHT, grey=GREY)
    y = top - sheet.TABLE_HEAD_HEIGHT
    pen.line(sheet.LEFT, y, sheet.LEFT + width, width=0.4, grey=0.2)
    for row in rows:
        y -= sheet.ROW_HEIGHT
        if not row.blank:
            _draw_row(pen, row, y)
    return y


def _draw_row(pen: Pen, row: Row, y: float) -> None:
    """One row standing on ``y``."""
    baseline = y + 4
    if row.ruled:
        pen.line(sheet.LEFT, y + sheet.ROW_HEIGHT, sheet.RIGHT, width=0.4, grey=0.2)
    label_width = sheet.DETAIL_LEFT - sheet.LABEL_LEFT - 6 if row.detail else sheet.LABEL_WIDTH
    label, size = fit_line(pen.font, row.label, size=sheet.BODY_SIZE, width=label_width)
    pen.text(sheet.LABEL_LEFT, baseline, label, size=size, bold=row.bold)
    if row.token:
        pen.text(sheet.WIDTH / 2, y + 7, row.token, size=sheet.TOKEN_SIZE, bold=True, align=Align.CENTRE)
    if row.detail:
        pen.text(sheet.DETAIL_LEFT, baseline, row.detail, size=sheet.DETAIL_SIZE)
    for right, figure in zip(sheet.COLUMN_RIGHTS, row.figures, strict=True):
        if figure:
            pen.text(right, baseline, figure, size=sheet.BODY_SIZE, align=Align.RIGHT, bold=row.bold)
    pen.line(sheet.LEFT, y, sheet.RIGHT, width=0.4, grey=0.2 if row.bold else HAIR)


def _draw_blank(pen: Pen, y: float, foot_top: float, _: words.Translate) -> None:
    """Say that nothing follows, so that no line can be added by hand."""
    if y - foot_top > sheet.ROW_HEIGHT:
        middle = (y + foot_top) / 2 - 3
        note = _("(blank below)")
        pen.text(sheet.WIDTH / 2, middle, note, size=8, align=Align.CENTRE, grey=0.6)


def draw_page_number(pen: Pen, page: int, pages: int, _: words.Translate) -> None:
    """Which page of how many, and that the receipt goes on where it does."""
    text = _("Page {page} of {pages}").format(page=page, pages=pages)
    if page < pages:
        text = _("continued on the next page") + "    " + text
    y = sheet.BOTTOM - 10
    pen.text(sheet.RIGHT, y, text, size=sheet.NOTE_SIZE, align=Align.RIGHT, grey=GREY)
