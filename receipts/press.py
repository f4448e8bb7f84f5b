"""From a document to a file and a sheet of paper, in one call that does not fail.

The payment has been posted before any of this, so that whatever goes wrong here is told and never
raised. A receipt that cannot be saved is printed all the same: the payer is waiting for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from counter.errors import PrintFailed
from receipts.devices import Device
from receipts.document import ReceiptDocument, TenderKind
from receipts.failures import PrintUnsure, of_paper
from receipts.fonts import Font, load_font
from receipts.papers import Document, Paperwork, as_pdf, as_picture, is_reprint, missing_in, name_of
from receipts.printers import Form
from receipts.store import save_pdf

REPORTS = "reports"
"""The folder, beside the receipts, of reports, slips and test pages."""


class IssueOutcome(StrEnum):
    """What is to be recorded of the attempt; FAILED and UNSURE leave the receipt in the unprinted list.

    UNSURE is a paper that may have come out: the next one is a reprint, so that there are no two originals.
    """

    PRINTED = "printed"
    SAVED = "saved"
    UNSURE = "unsure"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Issued:
    """Where a paper went.

    ``path`` is its file, ``job_id`` its job on ``queue``; both may be there although ``failure``
    says that the other did not work. ``missing`` are characters that no font has and that are to be
    written in by hand; ``fallback_font`` says that nothing is embedded, so that the look is unsure.
    """

    path: Path | None
    queue: str
    job_id: str
    failure: PrintFailed | None
    fallback_font: bool
    missing: str

    @property
    def outcome(self) -> IssueOutcome:
        """Printed when a queue took it; saved counts only where no queue is set."""
        if self.job_id:
            return IssueOutcome.PRINTED
        if isinstance(self.failure, PrintUnsure):
            return IssueOutcome.UNSURE
        return IssueOutcome.FAILED if self.failure else IssueOutcome.SAVED


@dataclass(frozen=True, slots=True)
class Press:
    """What a desk makes paper with: a folder, perhaps a printer, a font and templates of its own.

    ``printer`` is the desk's own, which a till's goes before. ``kick_drawer`` opens the cash drawer that
    hangs on a thermal printer when a receipt for cash is printed the first time.
    """

    folder: Path
    printer: Device | None = None
    font_file: Path | None = None
    templates: Path | None = None
    kick_drawer: bool = False

    def issue(
        self, document: ReceiptDocument, *, business_date: date, printer: Device | None = None
    ) -> Issued:
        """Draw, save and print ``document``; blocks up to the printer's timeout, raises nothing.

        ``business_date`` names the folder: it is the date in the receipt's number, which after
        midnight need not be the date on the clock. What is saved is always the A5 sheet.
        """
        return self._issue(document, self.folder, business_date, printer or self.printer)

    def issue_paper(
        self, document: Paperwork, *, business_date: date, printer: Device | None = None
    ) -> Issued:
        """The same for a report, a deposit slip or a test page, in the folder ``reports``."""
        issued = self._issue(document, self.folder / REPORTS, business_date, printer or self.printer)
        return replace(issued, failure=of_paper(issued.failure)) if issued.failure else issued

    def _issue(self, document: Document, folder: Path, business_date: date, printer: Device | None) -> Issued:
        """Draw, save, print."""
        font = load_font(self.font_file)
        content, failure = self._sheet(document, font)
        path = None
        if content:
            path, failure = _save(content, folder, document, business_date)
        job_id, print_failure = self._print(content, document, font, printer)
        return Issued(
            path=path,
            queue=printer.queue if printer else "",
            job_id=job_id,
            failure=print_failure or failure,
            fallback_font=font.fallback,
            missing=missing_in(document, font=font),
        )

    def _sheet(self, document: Document, font: Font) -> tuple[bytes, PrintFailed | None]:
        """The A5 sheet, or why the bureau's own template does not give one."""
        try:
            return as_pdf(document, Form.A5, font=font, templates=self.templates), None
        except PrintFailed as failure:
            return b"", failure

    def _print(
        self, sheet: bytes, document: Document, font: Font, printer: Device | None
    ) -> tuple[str, PrintFailed | None]:
        """Hand it to the printer, where there is one, or say why not."""
        if printer is None:
            return "", None
        try:
            content = self._content(sheet, document, font, printer.form)
            return printer.send(content, title=name_of(document)), None
        except PrintFailed as failure:
            return "", failure

    def _content(self, sheet: bytes, document: Document, font: Font, form: Form) -> bytes:
        """What the printer is sent: the sheet, another sheet, or the commands of a roll."""
        if form is Form.A5 and sheet:
            return sheet
        if not form.thermal:
            return as_pdf(document, form, font=font, templates=self.templates)
        from receipts.escpos_lines import commands

        picture = as_picture(document, form, font=font, templates=self.templates)
        return commands(picture, kick_drawer=self.kick_drawer and _opens_drawer(document))


def _save(
    content: bytes, folder: Path, document: Document, business_date: date
) -> tuple[Path | None, PrintFailed | None]:
    """Keep the file, or say why not."""
    try:
        path = save_pdf(
            content,
            folder=folder,
            receipt_no=name_of(document),
            business_date=business_date,
            reprint=is_reprint(document),
        )
    except PrintFailed as failure:
        return None, failure
    return path, None


def _opens_drawer(document: Document) -> bool:
    """Whether cash goes into the drawer or out of it."""
    if not isinstance(document, ReceiptDocument) or document.reprint:
        return False
    return any(tender.kind is TenderKind.CASH for tender in document.tenders)
