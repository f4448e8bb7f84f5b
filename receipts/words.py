"""What the paper says, in the language of the document.

The source strings are English and go through the catalogues of the whole program. Capital amounts
stay Chinese in every language, as the regulation wants them.
"""

from __future__ import annotations

from collections.abc import Callable

from counter.domain.capitals import capital_amount
from counter.domain.money import format_yuan
from counter.i18n import translations
from receipts.document import ReceiptDocument, Reference, Tender, TenderKind

Translate = Callable[[str], str]


def translator(document: ReceiptDocument) -> Translate:
    """The gettext of the document's language, which need not be the language of the screen."""
    return translations(document.language).gettext


def title(document: ReceiptDocument, _: Translate) -> str:
    """What kind of paper it is."""
    if document.reverses:
        return _("Electricity Receipt (Reversal)")
    if document.prepayment_only:
        return _("Prepayment Receipt")
    return _("Electricity Receipt")


def mark(document: ReceiptDocument, _: Translate) -> str:
    """Original or reprint; both carry the same number."""
    return _("REPRINT") if document.reprint else _("ORIGINAL")


def period(yyyymm: int, part: int, _: Translate) -> str:
    """A billing period, with its part where a period has several bills."""
    name = _("{year}-{month:02d}").format(year=yyyymm // 100, month=yyyymm % 100)
    return name if part == 1 else f"{name} ({part})"


def yuan(fen: int) -> str:
    """An amount as figures with the currency sign directly in front, as the regulation wants it."""
    return f"-¥{format_yuan(-fen)}" if fen < 0 else f"¥{format_yuan(fen)}"


def capitals(document: ReceiptDocument, _: Translate) -> str:
    """The total in capitals; a reversal says in words that it is negative."""
    spelling = capital_amount(abs(document.total_fen))
    return _("(negative) {amount}").format(amount=spelling) if document.reverses else spelling


def tender_kind(kind: TenderKind, _: Translate) -> str:
    """The name of a kind of money."""
    return {
        TenderKind.CASH: _("Cash"),
        TenderKind.POS: _("Bank card (POS)"),
        TenderKind.TRANSFER: _("Bank transfer"),
        TenderKind.CHEQUE: _("Cheque"),
        TenderKind.RECHARGE_CARD: _("Recharge card"),
        TenderKind.CARE_FUND: _("Care fund"),
        TenderKind.PREPAID: _("Prepaid balance"),
    }[kind]


def reference(kind: Reference, _: Translate) -> str:
    """The name of a reference, as it stands on the slip of the bank."""
    return {
        Reference.TERMINAL: _("Terminal No."),
        Reference.BATCH: _("Batch No."),
        Reference.TRACE: _("Trace No."),
        Reference.REFERENCE: _("Reference No."),
        Reference.AUTHORISATION: _("Authorisation No."),
        Reference.CARD: _("Card No."),
        Reference.SLIP: _("Slip No."),
        Reference.BANK: _("Bank"),
        Reference.PAYER: _("Payer"),
        Reference.DATE: _("Date"),
        Reference.SERIAL: _("Serial No."),
        Reference.PAYER_ACCOUNT: _("Payer's account"),
        Reference.CHEQUE: _("Cheque No."),
        Reference.RECHARGE_CARD: _("Card No."),
        Reference.ACCOUNT: _("Account No."),
        Reference.APPROVED_BY: _("Approved by"),
    }[kind]


def tender_details(tender: Tender, _: Translate) -> list[str]:
    """What a tender can be traced by, part by part; for cash what was laid down and handed back."""
    parts = [f"{reference(kind, _)} {value}" for kind, value in tender.references]
    if tender.received_fen is not None and tender.change_fen:
        parts.append(
            _("received {received}, change {change}").format(
                received=format_yuan(tender.received_fen), change=format_yuan(tender.change_fen)
            )
        )
    return parts


def notes(document: ReceiptDocument, missing: str, _: Translate) -> list[str]:
    """Sentences that the law or the reader needs; empty for most receipts."""
    lines = []
    if document.reverses:
        lines.append(_("This receipt reverses receipt No. {number}.").format(number=document.reverses))
    if document.prepayment_only:
        lines.append(_("Receipt for money paid in advance; not a tax invoice until it is used."))
    elif document.prepaid_in_fen > 0:
        lines.append(_("The part paid in advance is not covered by a tax invoice until it is used."))
    if missing:
        points = " ".join(f"U+{ord(character):04X}" for character in missing)
        lines.append(
            _("〓 stands for {points}, which no font has: write it in by hand.").format(points=points)
        )
    return lines
