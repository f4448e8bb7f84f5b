"""The receipt of a posted payment: composed from the ledger, drawn, printed, and the attempt recorded.

The payment stands whatever happens here. What no paper and no file has taken stays in the unprinted list.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Engine

from counter.errors import CounterError, Refusal
from counter.i18n import DEFAULT_LANGUAGE, _
from counter.services.once import post_once
from counter.services.ports import PrintOutcome
from counter.services.unit_of_work import transaction
from db.queries import receipts
from db.queries.receipts import ReceiptRow
from receipts.document import Customer, Desk, PaidBill, ReceiptDocument, Tender, TenderKind
from receipts.press import Issued, Press


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything a desk needs to hand over receipts; ``language`` is the paper's, not the screen's."""

    engine: Engine
    press: Press
    language: str = DEFAULT_LANGUAGE

    def print_receipt(self, receipt_no: str) -> PrintOutcome:
        """Make and print it; the first time as the original, afterwards marked as a reprint.

        Raises Refusal when there is no such receipt here, and Fault when the ledger cannot be read.
        """
        with transaction(self.engine) as connection:
            row = receipts.receipt(connection, receipt_no)
        if row is None:
            raise Refusal(
                _("There is no receipt {number} in this hall.").format(number=receipt_no),
                _("Nothing was printed."),
                _("Reprints are made in the hall that took the money."),
            )
        issued = self.press.issue(document(row, self.language), business_date=row.business_date)
        unrecorded = self._record(row.journal_id, issued)
        return outcome(row, issued, unrecorded)

    def _record(self, journal_id: int, issued: Issued) -> str:
        """Write the attempt down; what went wrong with that, or nothing."""
        request = {
            "request_id": str(uuid4()),
            "journal_id": journal_id,
            "outcome": issued.outcome.value,
            "detail": issued.failure.title if issued.failure else "",
        }
        try:
            post_once(self.engine, "record_print", request)
        except CounterError as error:
            return error.title
        return ""


def outcome(row: ReceiptRow, issued: Issued, unrecorded: str) -> PrintOutcome:
    """What the desk is told; an empty error means that the receipt is where it should be."""
    errors = [str(issued.failure)] if issued.failure else []
    if unrecorded:
        errors.append(_("The receipt is made, but that could not be recorded: {why}").format(why=unrecorded))
    if issued.missing:
        errors.append(_("No font has {characters}: write it in by hand.").format(characters=issued.missing))
    return PrintOutcome(
        receipt_no=row.receipt_no,
        reprint=row.printed,
        pdf_path=issued.path,
        queue=issued.queue,
        error=" ".join(errors),
        fallback_font=issued.fallback_font,
    )


def document(row: ReceiptRow, language: str) -> ReceiptDocument:
    """The paper's content from the ledger's rows."""
    return ReceiptDocument(
        receipt_no=row.receipt_no,
        paid_at=row.paid_at,
        desk=Desk(row.payee, row.hall_name, row.till_name, row.staff_name),
        customer=Customer(row.account_no, row.account_name, row.address, row.meter_no),
        total_fen=row.total_fen,
        tenders=tuple(
            Tender(TenderKind(tender.kind), tender.amount_fen, tender.received_fen) for tender in row.tenders
        ),
        bills=tuple(
            PaidBill(bill.period, bill.kwh, bill.principal_fen, bill.late_fee_fen, bill.part)
            for bill in row.bills
        ),
        prepaid_in_fen=row.prepaid_in_fen,
        prepaid_after_fen=row.prepaid_after_fen,
        arrears_after_fen=row.arrears_after_fen,
        chain_hash=row.chain_hash,
        reprint=row.printed,
        language=language,
    )
