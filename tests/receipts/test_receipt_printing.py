"""Printing through a real CUPS scheduler, and each way in which it fails."""

from __future__ import annotations

import logging
import socket
import subprocess
import time
from pathlib import Path

import pytest

from counter.errors import PrintFailed
from counter.i18n import _
from receipts.fonts import Font
from receipts.pdf import render_pdf
from receipts.printing import JobState, Printer
from receipts.samples import usual_receipt
from tests.receipts.cups import PrintServer, free_port

STANDS = _("The payment is posted and stands; its receipt waits in the list of unprinted ones.")


def state_of(printer: Printer, job_id: str) -> JobState:
    """The state of a job as soon as it is no longer waiting."""
    deadline = time.monotonic() + 20
    while (state := printer.job_state(job_id)) is JobState.WAITING and time.monotonic() < deadline:
        time.sleep(0.02)
    return state


def refusal(printer: Printer) -> PrintFailed:
    """What the desk is told when this printer does not take a receipt."""
    with pytest.raises(PrintFailed) as caught:
        printer.send(b"%PDF-1.4", title="0107-261123-0042")
    return caught.value


def test_the_printer_gets_exactly_the_bytes_of_the_receipt(cups: PrintServer, font: Font) -> None:
    content = render_pdf(usual_receipt(), font=font)
    printer = Printer("receipts", cups.address)
    number = len(cups.printer.jobs) + 1
    job_id = printer.send(content, title="0107-261123-0042")
    assert job_id.startswith("receipts-")
    assert cups.wait_for_job(number) == content
    assert state_of(printer, job_id) is JobState.PRINTED


def test_options_of_the_queue_are_accepted(cups: PrintServer) -> None:
    printer = Printer("receipts", cups.address, options=("media=A5", "fit-to-page"))
    number = len(cups.printer.jobs) + 1
    printer.send(b"%PDF-1.4 options", title="0107-261123-0042")
    assert cups.wait_for_job(number) == b"%PDF-1.4 options"


def test_a_job_on_a_stopped_printer_waits_and_a_cancelled_one_has_failed(cups: PrintServer) -> None:
    printer = Printer("stopped", cups.address)
    job_id = printer.send(b"%PDF-1.4", title="0107-261123-0042")
    assert printer.job_state(job_id) is JobState.WAITING
    subprocess.run(["cancel", "-h", cups.address, job_id], check=True)
    assert state_of(printer, job_id) is JobState.FAILED


def test_a_closed_queue_is_named(cups: PrintServer) -> None:
    failure = refusal(Printer("closed", cups.address))
    assert failure.message == STANDS
    assert failure.hint == _("Queue {queue} does not accept jobs: open it, or set another.").format(
        queue="closed"
    )


@pytest.mark.parametrize("queue", ["gone", "-t", "打印机", "two words"])
def test_an_unknown_queue_is_named(cups: PrintServer, queue: str) -> None:
    failure = refusal(Printer(queue, cups.address))
    assert failure.message == STANDS
    assert failure.hint == _("There is no queue {queue}: check its name in the settings.").format(queue=queue)


def test_a_dead_server_is_not_taken_for_an_unknown_queue() -> None:
    failure = refusal(Printer("receipts", f"127.0.0.1:{free_port()}"))
    assert failure.message == STANDS
    assert failure.hint == _(
        "The print server of queue {queue} does not answer: see that it is running."
    ).format(queue="receipts")


def test_a_silent_server_leaves_it_open_whether_the_receipt_is_printed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        began = time.monotonic()
        failure = refusal(Printer("receipts", f"127.0.0.1:{port}", timeout_s=0.5))
    assert time.monotonic() - began < 10
    assert failure.message == _("The payment is posted and stands; its receipt may or may not be printed.")


def test_a_machine_without_the_cups_client_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    failure = refusal(Printer("receipts"))
    assert failure.message == STANDS
    assert "lp" in failure.hint


def test_an_impossible_queue_name_is_a_fault_and_not_a_crash() -> None:
    assert refusal(Printer("two\0names")).message == STANDS


@pytest.mark.parametrize("job_id", ["receipts-999999", "nonsense", ""])
def test_the_state_of_an_unknown_job_is_unknown(cups: PrintServer, job_id: str) -> None:
    assert Printer("receipts", cups.address).job_state(job_id) is JobState.UNKNOWN


def test_the_state_is_unknown_when_nobody_answers() -> None:
    printer = Printer("receipts", f"127.0.0.1:{free_port()}", timeout_s=2)
    assert printer.job_state("receipts-1") is JobState.UNKNOWN


def test_nothing_of_the_receipt_is_logged(cups: PrintServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        refusal(Printer("closed", cups.address))
        Printer("receipts", cups.address).send(b"%PDF-1.4 secret", title="0107-261123-0042")
    assert "secret" not in caplog.text
    assert "0107-261123-0042" not in caplog.text
