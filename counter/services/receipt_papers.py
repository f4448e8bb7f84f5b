"""A receipt of any kind from the ledger's rows: what its journal did, said as a document says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from typing import Any

from counter.domain.instalments import agreement_number, places
from db.queries.receipts import (
    CARD_SALE,
    VEND,
    PrepaidMove,
    ReceiptAccount,
    ReceiptInstalment,
    ReceiptRow,
    ReceiptTender,
)
from receipts.document import (
    CardVend,
    Customer,
    Desk,
    DrawDown,
    InstalmentPaid,
    PaidAccount,
    PaidBill,
    ReceiptDocument,
    ReceiptKind,
    Reference,
    SoldCard,
    Tender,
    TenderKind,
    TokenSold,
    TransferTarget,
    VendMark,
)

_KINDS: Mapping[str, ReceiptKind] = {
    "payment": ReceiptKind.PAYMENT,
    "reversal": ReceiptKind.REVERSAL,
    "refund": ReceiptKind.REFUND,
    "balance_transfer": ReceiptKind.BALANCE_TRANSFER,
    CARD_SALE: ReceiptKind.RECHARGE_CARD_SALE,
    VEND: ReceiptKind.VEND,
}
_PARTS: Mapping[TenderKind, tuple[str, tuple[Reference, ...]]] = {
    TenderKind.POS: ("-", (Reference.TERMINAL, Reference.BATCH, Reference.TRACE)),
    TenderKind.TRANSFER: ("/", (Reference.BANK, Reference.SLIP)),
    TenderKind.CHEQUE: ("/", (Reference.BANK, Reference.CHEQUE)),
    TenderKind.RECHARGE_CARD: ("", (Reference.RECHARGE_CARD,)),
    TenderKind.BANK_RECEIPT: ("", (Reference.SERIAL,)),
}
"""What makes a tender's paper unique is one text in the ledger; a receipt says its parts."""
_NAMES: Mapping[str, Reference] = {
    "rrn": Reference.REFERENCE,
    "retrieval": Reference.REFERENCE,
    "authorisation": Reference.AUTHORISATION,
    "merchant": Reference.MERCHANT,
    "card": Reference.CARD,
    "bank": Reference.BANK,
    "date": Reference.DATE,
    "dated": Reference.DATE,
    "payer_name": Reference.PAYER,
    "payer": Reference.PAYER,
    "payer_account": Reference.PAYER_ACCOUNT,
}
_SHOWN_DIGITS = 4
_ACCOUNT_NUMBER = re.compile(r"[0-9A-Za-z-]{4,40}")
_PAID_OUT: Mapping[Reference, Reference] = {
    Reference.PAYER: Reference.PAYEE,
    Reference.PAYER_ACCOUNT: Reference.PAYEE_ACCOUNT,
}
_LONG_NUMBER = re.compile(r"\d{9,}")


def document(row: ReceiptRow, language: str) -> ReceiptDocument:
    """The paper's content; raises ValueError for rows that do not make a receipt that adds up."""
    subject = row.reversed_kind or row.kind
    tenders = tuple(_tender(tender, paid_out=subject == "refund") for tender in row.tenders)
    total_fen = sum(tender.amount_fen for tender in tenders) or row.total_fen
    if subject == "balance_transfer":
        tenders = (Tender(TenderKind.PREPAID, total_fen),)
    prepaid_in_fen, prepaid_out_fen = _prepaid(row, subject, tenders)
    return ReceiptDocument(
        receipt_no=row.receipt_no,
        paid_at=row.paid_at,
        desk=Desk(row.payee, row.hall_name, row.till_name, row.staff_name),
        customer=_customer(row, subject),
        total_fen=total_fen,
        tenders=tenders or (Tender(TenderKind.TRANSFER, total_fen),),
        bills=() if row.accounts else _bills(row),
        prepaid_in_fen=prepaid_in_fen,
        prepaid_out_fen=prepaid_out_fen,
        prepaid_after_fen=row.prepaid_after_fen,
        arrears_after_fen=row.arrears_after_fen,
        chain_hash=row.chain_hash,
        reprint=row.printed,
        reverses=row.reverses,
        language=language,
        kind=_KINDS[row.kind],
        reversed_by=row.reversed_by,
        accounts=() if subject == "balance_transfer" else tuple(map(_account, row.accounts)),
        cards=_cards(row, subject, total_fen),
        transfer_to=_target(row) if subject == "balance_transfer" else None,
        reason=row.reason,
        approved_by=row.approved_by,
        drawn=tuple(DrawDown(*astuple(each)) for each in row.drawn),
        instalments=tuple(_instalment(paid, named=bool(row.accounts)) for paid in row.instalments),
        vend=_vend(row, total_fen),
        token=_token(row, total_fen),
    )


def _vend(row: ReceiptRow, total_fen: int) -> CardVend | None:
    """What was sold onto a prepaid card; of its serial only the ends are shown."""
    sold = row.vend
    if sold is None:
        return None
    serial = sold.card_serial
    ends = _SHOWN_DIGITS if len(serial) > 3 * _SHOWN_DIGITS else 0
    hidden = len(serial) - ends - _SHOWN_DIGITS
    return CardVend(
        kind=sold.kind,
        card_serial=serial[:ends] + "*" * hidden + serial[-_SHOWN_DIGITS:],
        amount_fen=-sold.amount_fen if total_fen < 0 else sold.amount_fen,
        mark=VendMark(sold.mark),
        proven=sold.state in {"written", "undone"},
        credited=sold.state == "undone" and not (row.reversed_by or row.reverses),
    )


def _token(row: ReceiptRow, total_fen: int) -> TokenSold | None:
    """Power that was sold as a token; a reprint has the same one."""
    if row.token is None:
        return None
    amount_fen = -row.token.amount_fen if total_fen < 0 else row.token.amount_fen
    return TokenSold(
        amount_fen,
        row.token.token,
        refused=row.token.state in {"refused", "undone"},
        mark=VendMark(row.token.mark),
    )


def _instalment(paid: ReceiptInstalment, *, named: bool) -> InstalmentPaid:
    """What of an agreement was paid; with the account where the receipt has several."""
    after_fen = paid.paid_before_fen + paid.amount_fen
    first, last = places(paid.plan_fen, paid.paid_before_fen, after_fen)
    return InstalmentPaid(
        number=agreement_number(paid.period, paid.agreement_id),
        first=first,
        last=last,
        count=len(paid.plan_fen),
        left_fen=max(0, sum(paid.plan_fen) - after_fen),
        account_no=paid.account_no if named else "",
    )


def _prepaid(row: ReceiptRow, subject: str, tenders: tuple[Tender, ...]) -> tuple[int, int]:
    """What went to the prepaid balance and what came out; a balance that paid as a tender is neither."""
    if subject == "balance_transfer":
        return sum(tender.amount_fen for tender in tenders), 0
    if row.accounts:
        return 0, 0
    moved_fen = sum(move.amount_fen for move in row.moves)
    if subject == "refund":
        return 0, -moved_fen
    paid_fen = sum(tender.amount_fen for tender in tenders if tender.kind is TenderKind.PREPAID)
    return moved_fen + paid_fen, 0


def _customer(row: ReceiptRow, subject: str) -> Customer:
    """Whose account; the payer of several; for a transfer the account that gives."""
    if subject == "balance_transfer" and not row.account_no:
        source = min(row.moves, key=_given, default=None)
        if source is not None:
            return Customer(source.account_no, source.account_name)
    vend_count = row.vend.vend_count if row.vend else None
    return Customer(row.account_no, row.account_name, row.address, row.meter_no, vend_count)


def _given(move: PrepaidMove) -> int:
    """The account that gives has the lowest amount, and of a reversal too: it is shown as it was."""
    return move.amount_fen


def _target(row: ReceiptRow) -> TransferTarget | None:
    """The account that a balance went to: the one of the two that is not the giver."""
    source = _customer(row, "balance_transfer").account_no
    for move in row.moves:
        if move.account_no != source:
            after = {account.account_no: account.prepaid_after_fen for account in row.accounts}
            return TransferTarget(move.account_no, move.account_name, after.get(move.account_no, 0))
    return None


def _bills(row: ReceiptRow) -> tuple[PaidBill, ...]:
    """The bills of one account; on a reversal everything has the other sign."""
    return tuple(
        PaidBill(
            period=bill.period,
            kwh=-bill.kwh if bill.principal_fen + bill.late_fee_fen < 0 else bill.kwh,
            principal_fen=bill.principal_fen,
            late_fee_fen=bill.late_fee_fen,
            part=bill.part,
            late_fee_waived_fen=bill.waived_fen,
            waived_of_fen=bill.waived_of_fen,
        )
        for bill in row.bills
    )


def _account(account: ReceiptAccount) -> PaidAccount:
    """One of several accounts."""
    return PaidAccount(
        account_no=account.account_no,
        name=account.account_name,
        address=account.address,
        first_period=account.first_period,
        last_period=account.last_period,
        bill_count=account.bill_count,
        principal_fen=account.principal_fen,
        late_fee_fen=account.late_fee_fen,
        late_fee_waived_fen=account.waived_fen,
        prepaid_in_fen=account.prepaid_fen,
        prepaid_after_fen=account.prepaid_after_fen,
    )


def _cards(row: ReceiptRow, subject: str, total_fen: int) -> tuple[SoldCard, ...]:
    """The cards of a sale; as one line where the ledger no longer says which they were."""
    if subject != CARD_SALE:
        return ()
    sign = -1 if total_fen < 0 else 1
    cards = tuple(SoldCard(card.card_no, sign * card.face_fen) for card in row.cards)
    return cards if sum(card.face_fen for card in cards) == total_fen else (SoldCard("", total_fen),)


def _tender(row: ReceiptTender, *, paid_out: bool) -> Tender:
    """One tender with what it can be traced by; of money paid out the other side is the payee."""
    kind = TenderKind(row.kind)
    references = tuple(_references(kind, row.details or {}))
    if paid_out:
        references = tuple((_PAID_OUT.get(name, name), value) for name, value in references)
    return Tender(kind, row.amount_fen, row.received_fen, references)


def _references(kind: TenderKind, details: Mapping[str, Any]) -> Iterator[tuple[Reference, str]]:
    """The particulars of a tender's paper, the unique ones first; of long numbers only the last digits."""
    separator, names = _PARTS.get(kind, ("", ()))
    unique = str(details.get("reference") or "")
    parts = unique.split(separator) if separator else [unique]
    if names and unique:
        masks = (False,) * len(names) if kind is not TenderKind.RECHARGE_CARD else (True,)
        for name, part, hide in zip(names, parts, masks, strict=False):
            yield name, masked(part) if hide else part
    for key, value in details.items():
        if key in _NAMES and value:
            yield _particular(kind, key, str(value))


def _particular(kind: TenderKind, key: str, value: str) -> tuple[Reference, str]:
    """One particular beside the unique ones; the payer of a transfer is told by an account number."""
    is_number = kind is TenderKind.TRANSFER and _ACCOUNT_NUMBER.fullmatch(value)
    if key == "payer_account" or (key == "payer" and is_number):
        return Reference.PAYER_ACCOUNT, last_digits(value)
    if kind is TenderKind.BANK_RECEIPT and key == "date":
        return Reference.CREDITED, value
    return _NAMES[key], value if key == "merchant" else masked(value)


def last_digits(number: str) -> str:
    """An account number, with dashes or without, of which only the end is to be known."""
    return "*" * (len(number) - _SHOWN_DIGITS) + number[-_SHOWN_DIGITS:]


def masked(text: str) -> str:
    """``text`` with every number of nine digits and more hidden but for its last four."""

    def hide(match: re.Match[str]) -> str:
        digits = match[0]
        return "*" * (len(digits) - _SHOWN_DIGITS) + digits[-_SHOWN_DIGITS:]

    return _LONG_NUMBER.sub(hide, text)
