"""One call makes, keeps and prints a receipt, and says what did not work instead of raising."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from receipts.document import ReceiptDocument
from receipts.fonts import Font
from receipts.pdf import render_pdf
from receipts.press import IssueOutcome, Press
from receipts.printing import Printer
from receipts.samples import usual_receipt
from tests.receipts.cups import PrintServer, free_port

DAY = date(2026, 11, 23)


def reprint() -> ReceiptDocument:
    """The usual receipt once more."""
    return replace(usual_receipt(), reprint=True)


def test_without_a_queue_the_receipt_is_saved(tmp_path: Path, font: Font) -> None:
    issued = Press(tmp_path).issue(usual_receipt(), business_date=DAY)
    assert issued.outcome is IssueOutcome.SAVED
    assert issued.path is not None
    assert issued.path.read_bytes() == render_pdf(usual_receipt(), font=font)
    assert (issued.queue, issued.job_id, issued.failure) == ("", "", None)
    assert (issued.fallback_font, issued.missing) == (False, "")


def test_with_a_queue_it_is_saved_and_printed(tmp_path: Path, cups: PrintServer) -> None:
    number = len(cups.printer.jobs) + 1
    issued = Press(tmp_path, Printer("receipts", cups.address)).issue(reprint(), business_date=DAY)
    assert issued.outcome is IssueOutcome.PRINTED
    assert issued.path is not None
    assert issued.path.name == "0107-261123-0042-R1.pdf"
    assert cups.wait_for_job(number) == issued.path.read_bytes()


def test_a_dead_printer_leaves_the_file_and_the_receipt_unprinted(tmp_path: Path) -> None:
    printer = Printer("receipts", f"127.0.0.1:{free_port()}")
    issued = Press(tmp_path, printer).issue(usual_receipt(), business_date=DAY)
    assert issued.outcome is IssueOutcome.FAILED
    assert issued.failure is not None
    assert issued.path is not None
    assert issued.path.exists()


def test_a_receipt_that_cannot_be_saved_is_printed_all_the_same(tmp_path: Path, cups: PrintServer) -> None:
    (tmp_path / "2026").write_text("in the way")
    issued = Press(tmp_path, Printer("receipts", cups.address)).issue(usual_receipt(), business_date=DAY)
    assert issued.outcome is IssueOutcome.PRINTED
    assert issued.path is None
    assert issued.failure is not None


def test_nowhere_to_save_and_no_queue_has_failed(tmp_path: Path) -> None:
    (tmp_path / "2026").write_text("in the way")
    issued = Press(tmp_path).issue(usual_receipt(), business_date=DAY)
    assert issued.outcome is IssueOutcome.FAILED


def test_what_is_to_be_written_in_by_hand_is_told(tmp_path: Path) -> None:
    usual = usual_receipt()
    document = replace(usual, customer=replace(usual.customer, name="王\U0010fffd"))
    assert Press(tmp_path).issue(document, business_date=DAY).missing == "\U0010fffd"
