"""What the paper says, in the language of the document.

The source strings are English and go through the catalogues of the whole program. Capital amounts
stay Chinese in every language, as the regulation wants them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from counter.domain.capitals import capital_amount
from counter.domain.money import format_yuan
from counter.i18n import translations
from receipts.document import (
    CardVend,
    PaidAccount,
    ReceiptDocument,
    ReceiptKind,
    Reference,
    Tender,
    TenderKind,
    TokenSold,
    VendMark,
)

Translate = Callable[[str], str]
_REASON_MAX = 120
_LISTED_MAX = 6


class Written(Protocol):
    """Any document: it knows its language."""

    @property
    def language(self) -> str:
        """The language of the paper."""
        ...


def translator(document: Written) -> Translate:
    """The gettext of the document's language, which need not be the language of the screen."""
    return translations(document.language).gettext


def title(document: ReceiptDocument, _: Translate) -> str:
    """What kind of paper it is."""
    if document.prepayment_only:
        return _("Prepayment Receipt")
    if document.kind is ReceiptKind.VEND and document.token:
        return _("Token Purchase Receipt")
    return {
        ReceiptKind.PAYMENT: _("Electricity Receipt"),
        ReceiptKind.REVERSAL: _("Electricity Receipt (Reversal)"),
        ReceiptKind.REFUND: _("Refund Receipt"),
        ReceiptKind.BALANCE_TRANSFER: _("Balance Transfer Receipt"),
        ReceiptKind.RECHARGE_CARD_SALE: _("Recharge Card Receipt"),
        ReceiptKind.VEND: _("Card Purchase Receipt"),
    }[document.kind]


def mark(document: ReceiptDocument, _: Translate) -> str:
    """Original or reprint; both carry the same number."""
    return _("REPRINT") if document.reprint else _("ORIGINAL")


def void_mark(document: ReceiptDocument, _: Translate) -> str:
    """The word across a receipt that was reversed, with the number that did it; empty for one that stands."""
    if not document.void:
        return ""
    return _("VOID: reversed by No. {number}").format(number=document.reversed_by)


def amount_label(document: ReceiptDocument, _: Translate) -> str:
    """What the large figure is."""
    return {
        ReceiptKind.PAYMENT: _("Amount received"),
        ReceiptKind.REVERSAL: _("Amount reversed"),
        ReceiptKind.REFUND: _("Amount paid out"),
        ReceiptKind.BALANCE_TRANSFER: _("Amount moved"),
        ReceiptKind.RECHARGE_CARD_SALE: _("Amount received"),
        ReceiptKind.VEND: _("Amount received"),
    }[document.kind]


def vend_kind(vend: CardVend, _: Translate) -> str:
    """What was done with a prepaid card."""
    return {
        "opening": _("Power, first card"),
        "purchase": _("Power, card purchase"),
        "replacement": _("Power, card replaced"),
        "booking": _("Power, booking completed"),
    }[vend.kind]


def waived(waived_fen: int, original_fen: int, _: Translate) -> str:
    """The original late fee and what was taken off it; nothing without a waiver."""
    if not waived_fen:
        return ""
    return _("late fee {original}, waived {waived}").format(
        original=format_yuan(original_fen), waived=format_yuan(waived_fen)
    )


def prepaid_in_fen(document: ReceiptDocument) -> int:
    """What went to prepaid balances, over all accounts."""
    return document.prepaid_in_fen + sum(account.prepaid_in_fen for account in document.accounts)


def prepaid_out_fen(document: ReceiptDocument) -> int:
    """What was drawn from prepaid balances, over all accounts."""
    return document.prepaid_out_fen + sum(account.prepaid_out_fen for account in document.accounts)


def periods(account: PaidAccount) -> str:
    """From which period to which in figures, and how many bills where that is not one."""
    if not account.bill_count:
        return "-"
    first, last = (f"{each // 100}-{each % 100:02d}" for each in (account.first_period, account.last_period))
    return first if first == last else f"{first}~{last} ({account.bill_count})"


def shortened(reason: str) -> str:
    """A reason that leaves room for the rest of the foot; the ledger keeps all of it."""
    return reason if len(reason) <= _REASON_MAX else reason[: _REASON_MAX - 1] + "…"


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
    return _("(negative) {amount}").format(amount=spelling) if document.total_fen < 0 else spelling


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
        TenderKind.BANK_RECEIPT: _("Money received by the bank"),
    }[kind]


def reference(kind: Reference, _: Translate) -> str:
    """The name of a reference, as it stands on the slip of the bank."""
    return {
        Reference.TERMINAL: _("Terminal No."),
        Reference.BATCH: _("Batch No."),
        Reference.TRACE: _("Trace No."),
        Reference.REFERENCE: _("Reference No."),
        Reference.AUTHORISATION: _("Authorisation No."),
        Reference.MERCHANT: _("Merchant No."),
        Reference.CARD: _("Card No."),
        Reference.SLIP: _("Slip No."),
        Reference.BANK: _("Bank"),
        Reference.PAYER: _("Payer"),
        Reference.DATE: _("Date"),
        Reference.SERIAL: _("Serial No."),
        Reference.PAYER_ACCOUNT: _("Payer's account"),
        Reference.PAYEE: _("Payee"),
        Reference.PAYEE_ACCOUNT: _("Payee's account"),
        Reference.CHEQUE: _("Cheque No."),
        Reference.RECHARGE_CARD: _("Card No."),
        Reference.ACCOUNT: _("Account No."),
        Reference.APPROVED_BY: _("Approved by"),
        Reference.CREDITED: _("Credited on"),
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
    if document.vend:
        lines += _vend(document.vend, _)
    if document.token:
        lines += _token(document, document.token, _)
    if document.reverses:
        lines.append(_("This receipt reverses receipt No. {number}.").format(number=document.reverses))
    if document.reason:
        lines.append(_("Reason") + "  " + shortened(document.reason))
    if document.approved_by:
        lines.append(_("Approved by") + "  " + document.approved_by)
    if document.prepayment_only:
        lines.append(_("Receipt for money paid in advance; not a tax invoice until it is used."))
    elif document.kind is ReceiptKind.PAYMENT and prepaid_in_fen(document) > 0:
        lines.append(_("The part paid in advance is not covered by a tax invoice until it is used."))
    lines += _instalments(document, _)
    lines += _drawn(document, _)
    if missing:
        points = " ".join(f"U+{ord(character):04X}" for character in missing)
        lines.append(
            _("〓 stands for {points}, which no font has: write it in by hand.").format(points=points)
        )
    return lines


def _vend(vend: CardVend, _: Translate) -> list[str]:
    """That it was for show, or that the card is not proven written."""
    lines = []
    if vend.mark is VendMark.SIMULATED:
        lines.append(_("SIMULATED: no real card was written. This paper is worth nothing."))
    elif vend.mark is VendMark.DEMONSTRATION:
        lines.append(_("DEMONSTRATION KEYS: no meter takes this card. This paper is worth nothing."))
    if vend.credited:
        lines.append(_("Not written on the card: the amount went to the prepaid balance."))
    elif not vend.proven:
        lines.append(_("Paid, but the card is not proven written yet: bring it to any hall."))
    return lines


def _token(document: ReceiptDocument, token: TokenSold, _: Translate) -> list[str]:
    """What the token is good for, or how it stands while there is none; of a void sale nothing."""
    if token.mark is VendMark.SIMULATED:
        return [_("SIMULATED: no meter takes this token. This paper is worth nothing.")]
    if document.reverses or document.void:
        return []
    if token.digits:
        return [
            _("Type the token into meter {meter}: once, and no other.").format(
                meter=document.customer.meter_no
            )
        ]
    if token.refused:
        return [_("There is no token and there will be none: this amount is given back.")]
    return [_("Paid, but there is no token yet: any hall asks for it with this receipt.")]


def _instalments(document: ReceiptDocument, _: Translate) -> list[str]:
    """Which instalments of which agreement were paid, and what its plan still wants."""
    sentence = _("Instalment agreement No. {number}: instalment {which} of {count}, still due {left}.")
    lines = []
    for paid in document.instalments[:_LISTED_MAX]:
        which = f"{paid.first}" if paid.first == paid.last else f"{paid.first}-{paid.last}"
        left = format_yuan(paid.left_fen)
        line = sentence.format(number=paid.number, which=which, count=paid.count, left=left)
        lines.append(f"{paid.account_no}  {line}" if paid.account_no else line)
    return [*lines, *_unlisted(len(document.instalments), _)]


def _drawn(document: ReceiptDocument, _: Translate) -> list[str]:
    """What bills took from the balance since the last receipt: the sum of all, and the newest ones."""
    drawn = document.drawn
    if not drawn:
        return []
    sentence = _("Since the last receipt bills drew {total} from the prepaid balance:")
    parts = [sentence.format(total=format_yuan(sum(each.amount_fen for each in drawn)))]
    parts += [
        f"{period(each.period, each.part, _)} {format_yuan(each.amount_fen)} ({each.drawn_on.isoformat()})"
        for each in drawn[-_LISTED_MAX:]
    ]
    return ["  ".join([*parts, *_unlisted(len(drawn), _)])]


def _unlisted(count: int, _: Translate) -> list[str]:
    """That there were more than a foot has room for."""
    if count <= _LISTED_MAX:
        return []
    return [_("{count} in all, {listed} of them listed here.").format(count=count, listed=_LISTED_MAX)]
