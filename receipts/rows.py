"""The lines of a receipt's table, and how they are spread over pages.

Everything whose number is not known beforehand (bills, tenders) is a row, so that a payment of 240
bills only takes more pages; heading and foot have a height that does not depend on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from counter.domain.money import format_yuan
from counter.domain.tokens import grouped
from receipts import words
from receipts.document import PaidBill, ReceiptDocument, Tender, TokenSold
from receipts.text import clean

BreakDetails = Callable[[Sequence[str]], tuple[str, ...]]
"""Sets the references of a tender in lines of the table's width."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a label at the left, figures in columns, and text in place of the first three.

    ``figures`` are energy, principal, late fee and amount; ``bold`` marks the total, and ``ruled``
    asks for a line above. ``token`` is set in large type, over the ``blank`` row before it.
    """

    label: str
    figures: tuple[str, str, str, str] = ("", "", "", "")
    detail: str = ""
    bold: bool = False
    ruled: bool = False
    token: str = ""
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many rows a page takes, and how many beside the foot that the last page carries."""

    page: int
    last_page: int


def table_rows(document: ReceiptDocument, break_details: BreakDetails, _: words.Translate) -> list[Row]:
    """Bills, prepaid in and out, the total, then the tenders; they add up in the reader's eye."""
    rows = [row for bill in document.bills for row in _bill_rows(bill, _)]
    if document.accounts:
        rows.append(_accounts_row(document, _))
    rows.extend(_amount_row(f"{_('Recharge card')} {card.card_no}", card.face_fen) for card in document.cards)
    if document.vend:
        rows.append(_amount_row(words.vend_kind(document.vend, _), document.vend.amount_fen))
    if document.token:
        rows.extend(_token_rows(document.token, _))
    rows.extend(_prepaid_rows(document, _))
    rows.append(_total_row(document, _))
    for tender in document.tenders:
        rows.extend(_tender_rows(tender, break_details, _))
    return rows


def _bill_rows(bill: PaidBill, _: words.Translate) -> list[Row]:
    """One bill, and what a waiver took off its late fee."""
    figures = (
        f"{bill.kwh:,}",
        format_yuan(bill.principal_fen),
        format_yuan(bill.late_fee_fen),
        format_yuan(bill.total_fen),
    )
    row = Row(_("Energy charge") + " " + words.period(bill.period, bill.part, _), figures)
    waived = words.waived(bill.late_fee_waived_fen, bill.late_fee_original_fen, _)
    return [row, Row("", detail=waived)] if waived else [row]


def _accounts_row(document: ReceiptDocument, _: words.Translate) -> Row:
    """All accounts of one payer in one row; the pages of details follow the foot."""
    label = _("{count} accounts, see the details").format(count=len(document.accounts))
    bills_fen = document.principal_fen + document.late_fee_fen
    return Row(
        label,
        (
            "",
            format_yuan(document.principal_fen),
            format_yuan(document.late_fee_fen),
            format_yuan(bills_fen),
        ),
    )


def _token_rows(token: TokenSold, _: words.Translate) -> list[Row]:
    """The sale, and beneath it what the customer types into the meter."""
    rows = [_amount_row(_("Power, by token"), token.amount_fen)]
    if token.digits:
        rows += [Row("", blank=True), Row(_("Meter token"), token=grouped(token.digits))]
    return rows


def _prepaid_rows(document: ReceiptDocument, _: words.Translate) -> list[Row]:
    """What went to prepaid balances and what came out of them."""
    rows = []
    in_fen, out_fen = words.prepaid_in_fen(document), words.prepaid_out_fen(document)
    if document.transfer_to is not None:
        target = document.transfer_to
        rows.append(_amount_row(_("To account"), in_fen, clean(f"{target.account_no}  {target.name}")))
    elif in_fen:
        rows.append(_amount_row(_("Paid in advance"), in_fen))
    if out_fen:
        rows.append(_amount_row(_("From prepaid balance"), -out_fen))
    return rows


def _amount_row(label: str, amount_fen: int, detail: str = "") -> Row:
    """A line with an amount only."""
    return Row(label, ("", "", "", format_yuan(amount_fen)), detail)


def _total_row(document: ReceiptDocument, _: words.Translate) -> Row:
    """The sums of the columns; without bills only the total."""
    amount = format_yuan(document.total_fen)
    figures = ("", "", "", amount)
    if document.bills:
        kwh = sum(bill.kwh for bill in document.bills)
        sums = (f"{kwh:,}", format_yuan(document.principal_fen), format_yuan(document.late_fee_fen))
        figures = (*sums, amount)
    return Row(_("Total"), figures, bold=True, ruled=True)


def _tender_rows(tender: Tender, break_details: BreakDetails, _: words.Translate) -> list[Row]:
    """One tender, on as many lines as its references need."""
    details = [clean(part) for part in words.tender_details(tender, _)]
    first, *others = break_details(details) or ("",)
    amount = ("", "", "", format_yuan(tender.amount_fen))
    kind = words.tender_kind(tender.kind, _)
    return [Row(kind, amount, first), *(Row("", detail=line) for line in others)]


def page_sizes(count: int, first: Capacity, following: Capacity) -> list[int]:
    """How many of ``count`` rows go on each page; the last page keeps room for the foot.

    Every page but a full first one takes at least one row, so that this ends; a ``following``
    page that cannot take one row beside the foot is a bug in the layout.
    """
    assert following.last_page >= 1, following
    sizes: list[int] = []
    rest = count
    capacity = first
    while rest > capacity.last_page:
        taken = max(0, min(capacity.page, rest - 1))
        sizes.append(taken)
        rest -= taken
        capacity = following
    return [*sizes, rest]
