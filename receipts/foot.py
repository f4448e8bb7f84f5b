"""What stands below the table on the last page: amount, balance, clerk, seal and code."""

from __future__ import annotations

from typing import NamedTuple

from receipts import sheet, words
from receipts.document import ReceiptDocument
from receipts.pen import GREY, HAIR, INK, SHADE, Align, Pen
from receipts.qr import qr_text
from receipts.text import clean, fit_line, flow, wrap

_NOTES_LEFT = sheet.LEFT + sheet.QR_SIDE + 8
_NOTES_WIDTH = sheet.RIGHT - sheet.SEAL_WIDTH - _NOTES_LEFT - 6
_GAP = 6.0
_GROUP = 16


class Notes(NamedTuple):
    """The small print beside the code, in lines: what must be read, then what is only looked up."""

    sentences: tuple[str, ...]
    ledger: tuple[str, ...]

    @property
    def height(self) -> float:
        """The room that all lines take, in points."""
        return (len(self.sentences) + len(self.ledger)) * sheet.NOTE_LEADING


def break_notes(pen: Pen, document: ReceiptDocument, missing: str, _: words.Translate) -> Notes:
    """Who took the money, what is to be known about this receipt, and the ledger's hash."""
    desk = document.desk
    who = ((_("Hall"), desk.hall_name), (_("Till"), desk.till_name), (_("Clerk"), desk.clerk_name))
    parts = [f"{label}  {clean(value)}  " for label, value in who]
    sentences = list(flow(pen.font, parts, size=sheet.NOTE_SIZE, width=_NOTES_WIDTH))
    void = words.void_mark(document, _)
    for note in [void, *words.notes(document, missing, _)] if void else words.notes(document, missing, _):
        pieces = [clean(piece) for piece in note.split("  ")]
        sentences += flow(pen.font, pieces, size=sheet.NOTE_SIZE, width=_NOTES_WIDTH)
    return Notes(tuple(sentences), _ledger_lines(pen, document.chain_hash.upper(), _))


def _ledger_lines(pen: Pen, digits: str, _: words.Translate) -> tuple[str, ...]:
    """The hash of the ledger entry in groups, so that it can be read out; nothing without one."""
    if not digits:
        return ()
    groups = [digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP)]
    text = _("Ledger") + "  " + " ".join(groups)
    return wrap(pen.font, text, size=sheet.NOTE_SIZE, width=_NOTES_WIDTH)


def foot_height(notes: Notes) -> float:
    """How much of the last page the foot takes."""
    return sheet.AMOUNT_HEIGHT + sheet.BALANCE_HEIGHT + _GAP + _strip_height(notes)


def draw_foot(pen: Pen, document: ReceiptDocument, notes: Notes, _: words.Translate) -> None:
    """The foot, standing on the lower margin."""
    strip_top = sheet.BOTTOM + _strip_height(notes)
    _draw_amount(pen, document, strip_top + _GAP + sheet.BALANCE_HEIGHT, _)
    _draw_balance(pen, document, strip_top + _GAP + 4, _)
    pen.qr(sheet.LEFT, strip_top - sheet.QR_SIDE, sheet.QR_SIDE, qr_text(document))
    baseline = strip_top - 10
    for grey, lines in ((INK, notes.sentences), (GREY, notes.ledger)):
        for line in lines:
            pen.text(_NOTES_LEFT, baseline, line, size=sheet.NOTE_SIZE, grey=grey)
            baseline -= sheet.NOTE_LEADING
    centre = sheet.RIGHT - sheet.SEAL_WIDTH / 2
    pen.seal_place(centre, strip_top - sheet.SEAL_RADIUS - 1, sheet.SEAL_RADIUS)
    seal = _("(payee's seal)")
    pen.text(centre, strip_top - sheet.SEAL_RADIUS - 4, seal, size=7.5, align=Align.CENTRE, grey=GREY)


def _strip_height(notes: Notes) -> float:
    """The lowest part: as high as the code, or as the notes where they are longer."""
    return max(sheet.STRIP_HEIGHT, notes.height + 4)


def _draw_amount(pen: Pen, document: ReceiptDocument, y: float, _: words.Translate) -> None:
    """The total in capitals and in figures, on a shaded band."""
    pen.fill(sheet.LEFT, y, sheet.RIGHT - sheet.LEFT, sheet.AMOUNT_HEIGHT - 4, grey=SHADE, radius=3)
    baseline = y + 7
    figures = words.yuan(document.total_fen)
    pen.text(sheet.RIGHT - 7, baseline - 0.5, figures, size=15, align=Align.RIGHT, bold=True)
    label = words.amount_label(document, _)
    pen.text(sheet.LABEL_LEFT, baseline, label, size=sheet.SMALL_SIZE, grey=GREY)
    left = sheet.LABEL_LEFT + pen.font.width(label, sheet.SMALL_SIZE) + 8
    width = sheet.RIGHT - 7 - pen.font.width(figures, 15) - 14 - left
    spelled, size = fit_line(pen.font, words.capitals(document, _), size=12.5, width=width)
    pen.text(left, baseline, spelled, size=size, bold=True)


def _draw_balance(pen: Pen, document: ReceiptDocument, baseline: float, _: words.Translate) -> None:
    """What the account holds and owes after this payment."""
    x = sheet.LABEL_LEFT
    for label, amount_fen in _balances(document, _):
        pen.text(x, baseline, label, size=sheet.SMALL_SIZE, grey=GREY)
        x += pen.font.width(label, sheet.SMALL_SIZE) + 6
        figures = words.yuan(amount_fen)
        pen.text(x, baseline, figures, size=sheet.BODY_SIZE)
        x += pen.font.width(figures, sheet.BODY_SIZE) + 26
    pen.line(sheet.LEFT, baseline - 6, sheet.RIGHT, width=0.4, grey=HAIR)


def _balances(document: ReceiptDocument, _: words.Translate) -> list[tuple[str, int]]:
    """Balances after this receipt; those of many accounts stand with the details."""
    if not document.customer.account_no:
        return []
    parts = [(_("Prepaid balance after"), document.prepaid_after_fen)]
    if document.transfer_to is None:
        return [*parts, (_("Still owed"), document.arrears_after_fen)]
    return [*parts, (_("Balance of the other account"), document.transfer_to.prepaid_after_fen)]
