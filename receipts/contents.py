"""What a template can show of a receipt: its fields as text, in the language of the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from counter.domain.money import format_yuan
from counter.domain.tokens import grouped as grouped_token
from receipts import words
from receipts.document import CardVend, PaidAccount, PaidBill, ReceiptDocument, SoldCard, Tender, TokenSold
from receipts.layout import Fields, Value
from receipts.qr import qr_text

_TIME = "%Y-%m-%d %H:%M:%S"
_GROUP = 8


def receipt_fields(document: ReceiptDocument, missing: str, _: words.Translate) -> Fields:
    """Every field of a receipt; ``missing`` are characters that no font has."""
    notes = words.notes(document, missing, _)
    return {
        **_head(document, _),
        **_customer(document),
        "card_serial": document.vend.card_serial if document.vend else "",
        **_amounts(document, _),
        "bills": [_bill(bill, _) for bill in document.bills],
        "accounts": [_account(account, _) for account in document.accounts],
        "cards": [_card(card, _) for card in document.cards],
        "vends": [_vend(document.vend, _)] if document.vend else [],
        **_token(document.token, _),
        "tenders": [_tender(tender, _) for tender in document.tenders],
        "notes": [{"note": note} for note in notes],
        "notes_text": "\n".join(notes),
        "qr": qr_text(document),
        "hash": grouped(document.chain_hash),
    }


def _head(document: ReceiptDocument, _: words.Translate) -> Mapping[str, Value]:
    """What kind of paper it is, and where, when and by whom it was made."""
    desk = document.desk
    return {
        "title": words.title(document, _),
        "mark": words.mark(document, _),
        "reprint": document.reprint,
        "void": words.void_mark(document, _),
        "payee": desk.payee,
        "receipt_no": document.receipt_no,
        "paid_at": document.paid_at.strftime(_TIME),
        "hall": desk.hall_name,
        "till": desk.till_name,
        "clerk": desk.clerk_name,
        "reason": document.reason,
        "approved_by": document.approved_by,
    }


def _customer(document: ReceiptDocument) -> Mapping[str, Value]:
    """Whose account, and the one that a balance was moved to."""
    customer, target = document.customer, document.transfer_to
    return {
        "account_no": customer.account_no,
        "name": customer.name,
        "address": customer.address,
        "meter_no": customer.meter_no,
        "vend_count": "" if customer.vend_count is None else str(customer.vend_count),
        "account_count": str(len(document.accounts)) if document.accounts else "",
        "to_account_no": target.account_no if target else "",
        "to_name": target.name if target else "",
        "to_prepaid_after": format_yuan(target.prepaid_after_fen) if target else "",
    }


def _amounts(document: ReceiptDocument, _: words.Translate) -> Mapping[str, Value]:
    """The sums; empty where there is nothing to be said."""
    one_account = bool(document.customer.account_no)
    return {
        "amount_label": words.amount_label(document, _),
        "total": words.yuan(document.total_fen),
        "capitals": words.capitals(document, _),
        "principal": format_yuan(document.principal_fen),
        "late_fee": format_yuan(document.late_fee_fen),
        "waived": words.waived(
            document.late_fee_waived_fen, document.late_fee_fen + document.late_fee_waived_fen, _
        ),
        "prepaid_in": _amount(words.prepaid_in_fen(document)),
        "prepaid_out": _amount(-words.prepaid_out_fen(document)),
        "prepaid_after": words.yuan(document.prepaid_after_fen) if one_account else "",
        "arrears_after": words.yuan(document.arrears_after_fen) if one_account else "",
    }


def _amount(amount_fen: int) -> str:
    """An amount, or nothing for none."""
    return format_yuan(amount_fen) if amount_fen else ""


def _bill(bill: PaidBill, _: words.Translate) -> Mapping[str, Value]:
    """One bill."""
    return {
        "period": words.period(bill.period, bill.part, _),
        "kwh": f"{bill.kwh:,}",
        "principal": format_yuan(bill.principal_fen),
        "late_fee": format_yuan(bill.late_fee_fen),
        "waived": words.waived(bill.late_fee_waived_fen, bill.late_fee_original_fen, _),
        "total": format_yuan(bill.total_fen),
    }


def _account(account: PaidAccount, _: words.Translate) -> Mapping[str, str]:
    """One account of a payment for many."""
    return {
        "account_no": account.account_no,
        "name": account.name,
        "address": account.address,
        "periods": words.periods(account),
        "principal": format_yuan(account.principal_fen),
        "late_fee": format_yuan(account.late_fee_fen),
        "waived": words.waived(
            account.late_fee_waived_fen, account.late_fee_fen + account.late_fee_waived_fen, _
        ),
        "prepaid": format_yuan(account.prepaid_in_fen - account.prepaid_out_fen),
        "prepaid_after": format_yuan(account.prepaid_after_fen),
        "total": format_yuan(account.total_fen),
    }


def _card(card: SoldCard, _: words.Translate) -> Mapping[str, Value]:
    """One recharge card."""
    return {"card_no": card.card_no, "face": format_yuan(card.face_fen)}


def _vend(vend: CardVend, _: words.Translate) -> Mapping[str, Value]:
    """The sale onto a prepaid card."""
    return {"item": words.vend_kind(vend, _), "amount": format_yuan(vend.amount_fen)}


def _token(token: TokenSold | None, _: words.Translate) -> Mapping[str, Value]:
    """A token in five groups of four, with two blanks where it is broken on narrow paper."""
    groups = grouped_token(token.digits).split() if token else []
    return {
        "tokens": [{"item": _("Power, by token"), "amount": format_yuan(token.amount_fen)}] if token else [],
        "token": "  ".join(filter(None, (" ".join(groups[:3]), " ".join(groups[3:])))),
    }


def _tender(tender: Tender, _: words.Translate) -> Mapping[str, Value]:
    """One kind of money with what it can be traced by."""
    return {
        "kind": words.tender_kind(tender.kind, _),
        "amount": format_yuan(tender.amount_fen),
        "details": "  ".join(words.tender_details(tender, _)),
    }


def grouped(digits: str) -> str:
    """A hash in groups, so that it can be read out."""
    return " ".join(digits.upper()[start : start + _GROUP] for start in range(0, len(digits), _GROUP))


def joined(parts: Sequence[str]) -> str:
    """Names one after the other."""
    return "、".join(filter(None, parts))
