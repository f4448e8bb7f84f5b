"""The paper of a desk: receipts composed from the ledger, reports and slips as they come, and which printer.

What was posted stands whatever happens here. A receipt that no paper and no file has taken stays in the
unprinted list. The printer is the one of the till that the login holds, else of the receipt's till, else
of the hall's safe, and where that has none the desk's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import Connection, Engine

from counter.domain.tabular import Report
from counter.errors import CounterError, PrintFailed, Refusal
from counter.i18n import DEFAULT_LANGUAGE, _
from counter.services.once import post_once
from counter.services.ports import PrintOutcome
from counter.services.ports.paper import PaperOutcome
from counter.services.receipt_papers import document
from counter.services.unit_of_work import transaction
from db.queries import printers, receipts
from db.queries.printers import PrinterRow
from db.queries.receipts import ReceiptRow
from receipts.devices import Device, device
from receipts.document import ReceiptDocument
from receipts.failures import of_paper
from receipts.fonts import load_font
from receipts.papers import Paperwork, name_of
from receipts.press import Issued, Press
from receipts.printers import Form, PrinterKind, PrinterSetup
from receipts.reports import ShiftReport
from receipts.testpage import TestPage


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything a desk needs to hand over paper; ``language`` is the paper's, not the screen's."""

    engine: Engine
    press: Press
    language: str = DEFAULT_LANGUAGE

    def print_receipt(self, receipt_no: str) -> PrintOutcome:
        """Make and print it; the first time as the original, afterwards marked as a reprint.

        Raises Refusal when there is no such receipt here, and Fault when the ledger cannot be read.
        """
        with transaction(self.engine) as connection:
            row = receipts.receipt(connection, receipt_no)
            setup = printers.printer_of_desk(connection, row.till_no) if row else None
        if row is None:
            raise Refusal(
                _("There is no receipt {number} in this hall.").format(number=receipt_no),
                _("Nothing was printed."),
                _("Reprints are made in the hall that took the money."),
            )
        paper = composed(row, self.language)
        issued = self._issue_receipt(paper, row.business_date, setup)
        unrecorded = self._record(row.journal_id, issued)
        return outcome(row, issued, unrecorded)

    def _issue_receipt(self, paper: ReceiptDocument, business_date: date, setup: PrinterRow | None) -> Issued:
        """Draw, save and print a receipt; a printer that is set up wrongly leaves the file."""
        target, failure = _device(setup)
        if failure is None:
            return self.press.issue(paper, business_date=business_date, printer=target)
        issued = replace(self.press, printer=None).issue(paper, business_date=business_date)
        return replace(issued, failure=failure, queue=setup.printer_name if setup else "")

    def print_document(self, paper: Paperwork, *, business_date: date) -> PaperOutcome:
        """Save a report or a slip below ``reports`` and print it on the till's printer.

        A report finds the printer of its own till although the shift is closed by then.
        Raises Fault when the printer cannot be looked up.
        """
        with transaction(self.engine) as connection:
            till_no = paper.till_no if isinstance(paper, ShiftReport) else None
            setup = printers.printer_of_desk(connection, till_no)
        return self._issue_document(paper, business_date, setup)

    def draw_report(self, report: Report) -> bytes:
        """A report on A4 as PDF."""
        from receipts.tabular_pdf import render_report

        return render_report(report, font=load_font(self.press.font_file), page_of=_("Page {page}"))

    def print_sheet(self, content: bytes, title: str) -> tuple[str, str]:
        """Send a PDF to the desk's printer: its name, and what went wrong; both empty without a printer."""
        with transaction(self.engine) as connection:
            setup = printers.printer_of_desk(connection, None)
        target, failure = _device(setup)
        target = target or self.press.printer
        if failure is not None:
            return setup.printer_name if setup else "", failure.title
        if target is None:
            return "", ""
        if target.form.thermal:
            return target.queue, _("This printer holds a roll, and a report needs sheets.")
        try:
            target.send(content, title=title)
        except PrintFailed as fault:
            return target.queue, fault.title
        return target.queue, ""

    def print_test_page(self, printer_name: str = "") -> PaperOutcome:
        """Print the test page on the desk's printer, or on the one of this name.

        Raises Refusal for a name that is unknown.
        """
        with transaction(self.engine) as connection:
            setup = named_printer(connection, printer_name)
            place = printers.place_of_desk(connection)
        shown = _setup(setup) if setup else self._own_setup()
        page = TestPage(
            printed_at=datetime.now().astimezone(),
            payee=place.payee,
            hall_name=place.hall_name,
            printer=shown,
            till_name=place.till_name,
            language=self.language,
        )
        return self._issue_document(page, page.printed_at.date(), setup)

    def _own_setup(self) -> PrinterSetup | None:
        """The desk's own printer from the settings, as a test page shows it."""
        own = self.press.printer
        return PrinterSetup(own.queue, PrinterKind.CUPS, own.queue, own.form) if own else None

    def _issue_document(
        self, paper: Paperwork, business_date: date, setup: PrinterRow | None
    ) -> PaperOutcome:
        """Draw, save and print what is no receipt."""
        target, failure = _device(setup)
        press = self.press if failure is None else replace(self.press, printer=None)
        issued = press.issue_paper(paper, business_date=business_date, printer=target)
        failure = of_paper(failure) if failure else issued.failure
        return PaperOutcome(
            name=name_of(paper),
            pdf_path=issued.path,
            printer=setup.printer_name if setup else issued.queue,
            error=" ".join(filter(None, [str(failure) if failure else "", by_hand(issued.missing)])),
            fallback_font=issued.fallback_font,
        )

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


def composed(row: ReceiptRow, language: str) -> ReceiptDocument:
    """The document of a receipt; raises PrintFailed for a journal that makes no receipt that adds up."""
    try:
        return document(row, language)
    except (ValueError, KeyError) as error:
        raise PrintFailed(
            _("Receipt {number} cannot be put on paper: {why}.").format(number=row.receipt_no, why=error),
            _("What was posted stands; nothing was printed."),
            _("Tell the administrator this number."),
        ) from error


def named_printer(connection: Connection, name: str) -> PrinterRow | None:
    """The printer of this name, or the desk's without one; raises Refusal for a name that is unknown."""
    if not name:
        return printers.printer_of_desk(connection)
    found = printers.printer_named(connection, name)
    if found is None:
        raise Refusal(
            _("There is no printer {name}.").format(name=name),
            _("Nothing was printed."),
            _("counter db add-printer enters one."),
        )
    return found


def _setup(row: PrinterRow) -> PrinterSetup:
    """A printer from its row; the table allows no other kinds and forms."""
    return PrinterSetup(row.printer_name, PrinterKind(row.kind), row.address, Form(row.form))


def _device(row: PrinterRow | None) -> tuple[Device | None, PrintFailed | None]:
    """What to send to, or why it cannot be sent to."""
    if row is None:
        return None, None
    try:
        return device(_setup(row)), None
    except PrintFailed as failure:
        return None, failure


def by_hand(missing: str) -> str:
    """What is to be written in where no font has a character."""
    return _("No font has {characters}: write it in by hand.").format(characters=missing) if missing else ""


def outcome(row: ReceiptRow, issued: Issued, unrecorded: str) -> PrintOutcome:
    """What the desk is told; an empty error means that the receipt is where it should be."""
    errors = [str(issued.failure)] if issued.failure else []
    if unrecorded:
        errors.append(_("The receipt is made, but that could not be recorded: {why}").format(why=unrecorded))
    if issued.missing:
        errors.append(by_hand(issued.missing))
    return PrintOutcome(
        receipt_no=row.receipt_no,
        reprint=row.printed,
        pdf_path=issued.path,
        queue=issued.queue,
        error=" ".join(errors),
        fallback_font=issued.fallback_font,
    )
