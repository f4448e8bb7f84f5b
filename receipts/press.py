"""From a document to a file and a sheet of paper, in one call that does not fail.

The payment has been posted before any of this, so that whatever goes wrong here is told and never
raised. A receipt that cannot be saved is printed all the same: the payer is waiting for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from counter.errors import PrintFailed
from receipts.document import ReceiptDocument
from receipts.fonts import load_font
from receipts.pdf import missing_characters, render_pdf
from receipts.printing import Printer
from receipts.store import save_pdf


class IssueOutcome(StrEnum):
    """What is to be recorded of the attempt; FAILED leaves the receipt in the unprinted list."""

    PRINTED = "printed"
    SAVED = "saved"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Issued:
    """Where a receipt went.

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
        return IssueOutcome.FAILED if self.failure else IssueOutcome.SAVED


@dataclass(frozen=True, slots=True)
class Press:
    """What a desk makes receipts with: a folder, perhaps a font of its own, perhaps a queue."""

    folder: Path
    printer: Printer | None = None
    font_file: Path | None = None

    def issue(self, document: ReceiptDocument, *, business_date: date) -> Issued:
        """Draw, save and print ``document``; blocks up to the printer's timeout, raises nothing.

        ``business_date`` names the folder: it is the date in the receipt's number, which after
        midnight need not be the date on the clock.
        """
        font = load_font(self.font_file)
        content = render_pdf(document, font=font)
        path, failure = self._save(content, document, business_date)
        job_id, print_failure = self._print(content, document.receipt_no)
        return Issued(
            path=path,
            queue=self.printer.queue if self.printer else "",
            job_id=job_id,
            failure=print_failure or failure,
            fallback_font=font.fallback,
            missing=missing_characters(document, font=font),
        )

    def _save(
        self, content: bytes, document: ReceiptDocument, business_date: date
    ) -> tuple[Path | None, PrintFailed | None]:
        """Keep the file, or say why not."""
        try:
            path = save_pdf(
                content,
                folder=self.folder,
                receipt_no=document.receipt_no,
                business_date=business_date,
                reprint=document.reprint,
            )
        except PrintFailed as failure:
            return None, failure
        return path, None

    def _print(self, content: bytes, receipt_no: str) -> tuple[str, PrintFailed | None]:
        """Hand it to the queue, where one is set, or say why not."""
        if self.printer is None:
            return "", None
        try:
            return self.printer.send(content, title=receipt_no), None
        except PrintFailed as failure:
            return "", failure
