"""Thermal printers: a real listener parses what comes, and fails in every way that a printer can."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import ImageChops

from counter.errors import PrintFailed
from counter.i18n import _
from receipts import sample_reports, samples
from receipts.devices import device
from receipts.document import Tender, TenderKind
from receipts.escpos_lines import commands, endpoints
from receipts.failures import PrintUnsure
from receipts.fonts import Font
from receipts.papers import as_picture
from receipts.press import IssueOutcome, Press
from receipts.printers import Form, PrinterKind, PrinterSetup, check_setup
from receipts.thermal import ThermalPrinter
from tests.receipts.cups import PrintServer, free_port
from tests.receipts.thermal import Mood, thermal_head

DAY = date(2026, 11, 23)
STANDS = _("The payment is posted and stands; its receipt waits in the list of unprinted ones.")
OPEN = _("The payment is posted and stands; its receipt may or may not be printed.")


PATIENCE: dict[Mood, dict[str, float]] = {
    Mood.MUTE: {"answer_s": 0.2},
    Mood.DIES_MUTE_MIDWAY: {"answer_s": 0.2},
    Mood.NEVER_DONE: {"done_s": 0.3},
    Mood.PAPER_ENDS_MIDWAY: {"done_s": 0.3},
}
"""With the moods in which an answer never comes, a short one."""


def setup(address: str, form: Form = Form.THERMAL80) -> PrinterSetup:
    """A printer on the network."""
    return PrinterSetup("roll", PrinterKind.ESCPOS_NETWORK, address, form)


def printer(address: str, **seconds: float) -> ThermalPrinter:
    """The printer with long patience, where a test wants no other."""
    return ThermalPrinter(
        setup(address), **{"timeout_s": 20.0, "answer_s": 20.0, "done_s": 20.0, "busy_s": 0.0, **seconds}
    )


def receipt_commands(font: Font, form: Form = Form.THERMAL80) -> bytes:
    """The usual receipt as it is sent."""
    return commands(as_picture(samples.usual_receipt(), form, font=font))


def failure(font: Font, device: ThermalPrinter) -> PrintFailed:
    """What the desk is told."""
    with pytest.raises(PrintFailed) as caught:
        device.send(receipt_commands(font), title="0107-261123-0042")
    return caught.value


@pytest.mark.parametrize("form", [Form.THERMAL80, Form.THERMAL58])
@pytest.mark.parametrize("mood", [Mood.WELL, Mood.MUTE, Mood.NEVER_DONE])
def test_the_paper_has_exactly_the_dots_of_the_receipt(font: Font, mood: Mood, form: Form) -> None:
    picture = as_picture(samples.usual_receipt(), form, font=font)
    with thermal_head(mood) as head:
        thermal = replace(printer(head.address, **PATIENCE.get(mood, {})), setup=setup(head.address, form))
        assert thermal.send(commands(picture), title="0107-261123-0042") == "roll-0107-261123-0042"
    assert ImageChops.difference(head.paper.convert("L"), picture.convert("L")).getbbox() is None
    assert (head.cuts, head.kicks, head.unknown) == (1, 0, [])


def test_a_long_paper_is_sent_in_bands(font: Font) -> None:
    picture = as_picture(samples.many_accounts_receipt(60), Form.THERMAL80, font=font)
    with thermal_head() as head:
        printer(head.address).send(commands(picture), title="long")
    assert len(head.pictures) > 1
    assert head.paper.size == picture.size


@pytest.mark.parametrize(
    ("mood", "hint"),
    [
        (Mood.PAPER_OUT, "Printer {printer} is out of paper: put in a new roll, then print again."),
        (Mood.COVER_OPEN, "The cover of printer {printer} is open: close it, then print again."),
        (Mood.BROKEN, "Printer {printer} reports an error: switch it off and on, then print again."),
        (Mood.OFFLINE, "Printer {printer} is offline: press its online button, then print again."),
    ],
)
def test_a_printer_in_trouble_is_sent_nothing(font: Font, mood: Mood, hint: str) -> None:
    with thermal_head(mood) as head:
        told = failure(font, printer(head.address))
    assert (told.message, told.hint) == (STANDS, _(hint).format(printer="roll"))
    assert (head.pictures, head.cuts) == ([], 0)


def test_paper_that_ends_in_the_middle_leaves_it_open(font: Font) -> None:
    with thermal_head(Mood.PAPER_ENDS_MIDWAY) as head:
        told = failure(font, printer(head.address, **PATIENCE[Mood.PAPER_ENDS_MIDWAY]))
    assert isinstance(told, PrintUnsure)
    assert told.message == OPEN
    assert told.hint == _("Printer {printer} is out of paper: put in a new roll, then print again.").format(
        printer="roll"
    )


@pytest.mark.parametrize("mood", [Mood.DIES_MIDWAY, Mood.DIES_MUTE_MIDWAY])
def test_a_printer_that_dies_in_the_middle_leaves_it_open(font: Font, mood: Mood) -> None:
    with thermal_head(mood) as head:
        told = failure(font, printer(head.address, **PATIENCE.get(mood, {})))
    assert isinstance(told, PrintUnsure)
    assert told.message == OPEN


def test_a_printer_that_hangs_up_at_once_has_printed_nothing(font: Font) -> None:
    with thermal_head(Mood.HANGS_UP) as head:
        told = failure(font, printer(head.address))
    assert told.message == STANDS


def test_a_printer_that_takes_nothing_ends_in_time_and_leaves_it_open(font: Font) -> None:
    content = receipt_commands(font) * 100
    with thermal_head(Mood.STALLS) as head:
        began = time.monotonic()
        with pytest.raises(PrintUnsure):
            printer(head.address, timeout_s=1.0, answer_s=0.2).send(content, title="stalled")
        assert time.monotonic() - began < 10


def test_nobody_at_the_address_is_told(font: Font) -> None:
    address = f"127.0.0.1:{free_port()}"
    told = failure(font, printer(address))
    assert told.message == STANDS
    assert address in told.hint


def test_an_address_that_swallows_connections_ends_in_time(font: Font) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        others = [socket.socket() for _number in range(4)]
        for other in others:
            other.setblocking(False)
            other.connect_ex(address)
        began = time.monotonic()
        told = failure(font, printer(f"127.0.0.1:{address[1]}", timeout_s=0.5))
        assert time.monotonic() - began < 10
        for other in others:
            other.close()
    assert told.message == STANDS


def test_a_printer_that_is_busy_for_a_moment_is_waited_for(font: Font) -> None:
    port = free_port()
    with ThreadPoolExecutor(1) as desk:
        busy = printer(f"127.0.0.1:{port}", busy_s=60.0)
        sent = desk.submit(busy.send, receipt_commands(font), title="later")
        time.sleep(0.3)
        with thermal_head(port=port) as head:
            assert sent.result(60) == "roll-later"
    assert head.cuts == 1


def test_four_desks_at_one_printer_get_four_whole_receipts(font: Font) -> None:
    content = receipt_commands(font)
    with thermal_head() as head, ThreadPoolExecutor(4) as desks:
        shared = printer(head.address, answer_s=0.2, done_s=0.3)
        jobs = [desks.submit(shared.send, content, title=str(number)) for number in range(4)]
        assert sorted(job.result(30) for job in jobs) == ["roll-0", "roll-1", "roll-2", "roll-3"]
        deadline = time.monotonic() + 20
        while head.cuts < 4 and time.monotonic() < deadline:
            time.sleep(0.02)
    assert (head.cuts, head.unknown) == (4, [])
    height = as_picture(samples.usual_receipt(), Form.THERMAL80, font=font).height
    assert sum(band.height for band in head.pictures) == 4 * height


def test_the_next_receipt_is_printed_after_the_paper_was_changed(font: Font) -> None:
    with thermal_head(Mood.PAPER_OUT) as head:
        failure(font, printer(head.address))
        head.mood = Mood.WELL
        printer(head.address).send(receipt_commands(font), title="again")
    assert head.cuts == 1


@pytest.mark.parametrize(
    ("kind", "address", "form"),
    [
        (PrinterKind.ESCPOS_NETWORK, "", Form.THERMAL80),
        (PrinterKind.ESCPOS_NETWORK, "host:0", Form.THERMAL80),
        (PrinterKind.ESCPOS_NETWORK, "host:99999", Form.THERMAL80),
        (PrinterKind.ESCPOS_NETWORK, "host:９１００", Form.THERMAL80),
        (PrinterKind.ESCPOS_NETWORK, "two words", Form.THERMAL80),
        (PrinterKind.ESCPOS_NETWORK, "host:9100", Form.A5),
        (PrinterKind.ESCPOS_USB, "04b8", Form.THERMAL80),
        (PrinterKind.ESCPOS_USB, "0000:0e15", Form.THERMAL80),
        (PrinterKind.ESCPOS_USB, "zzzz:0e15", Form.THERMAL80),
        (PrinterKind.CUPS, "", Form.A5),
        (PrinterKind.CUPS, "a\0b", Form.A5),
        (PrinterKind.CUPS, "two words", Form.A5),
    ],
)
def test_a_printer_that_is_set_up_wrongly_is_named(kind: PrinterKind, address: str, form: Form) -> None:
    wrong = PrinterSetup("wrong", kind, address, form)
    with pytest.raises(PrintFailed, match="wrong"):
        device(wrong)
    with pytest.raises(ValueError, match=r".*"):
        check_setup(wrong)


def test_an_impossible_host_name_is_a_fault_and_not_a_crash(font: Font) -> None:
    assert failure(font, printer("x" * 300)).message == STANDS
    assert failure(font, printer("no.such.host.invalid")).message == STANDS


def test_a_usb_printer_that_is_not_plugged_in_is_told(font: Font) -> None:
    usb = PrinterSetup("usb", PrinterKind.ESCPOS_USB, "1d6b:fffe", Form.THERMAL80)
    told = failure(font, ThermalPrinter(usb))
    assert told.message == STANDS
    assert "usb" in told.hint


class Endpoint:
    """An endpoint as pyusb shows it."""

    def __init__(self, address: int, kind: int) -> None:
        self.bEndpointAddress, self.bmAttributes = address, kind


class Interface(list[Endpoint]):
    """An interface as pyusb shows it."""

    def __init__(self, kind: int, *members: Endpoint) -> None:
        super().__init__(members)
        self.bInterfaceClass = kind


class UsbDevice:
    """A device as pyusb shows it."""

    def __init__(self, *interfaces: Interface) -> None:
        self._interfaces = interfaces

    def get_active_configuration(self) -> tuple[Interface, ...]:
        return self._interfaces


def test_the_endpoints_are_those_of_the_printer_interface() -> None:
    keyboard = Interface(3, Endpoint(0x81, 3))
    roll = Interface(7, Endpoint(0x83, 2), Endpoint(0x02, 2))
    assert endpoints(UsbDevice(keyboard, roll)) == (0x83, 0x02)
    assert endpoints(UsbDevice(keyboard)) == (0x82, 0x01)


def test_the_library_of_the_printer_leaves_log_screen_and_disk_alone(tmp_path: Path) -> None:
    code = (
        "import logging, receipts.escpos_lines as lines; from PIL import Image;"
        "lines.commands(Image.new('1', (576, 2000)));"
        "assert not logging.getLogger().handlers, logging.getLogger().handlers"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env={"TMPDIR": str(tmp_path)}
    )
    assert (done.stdout, done.stderr, list(tmp_path.iterdir())) == (b"", b"", [])


def test_the_press_prints_on_the_roll_and_keeps_the_sheet(font: Font, tmp_path: Path) -> None:
    with thermal_head() as head:
        issued = Press(tmp_path).issue(
            samples.usual_receipt(), business_date=DAY, printer=printer(head.address)
        )
    assert (issued.outcome, issued.queue) == (IssueOutcome.PRINTED, "roll")
    assert issued.path is not None
    assert issued.path.read_bytes().startswith(b"%PDF-")
    assert head.cuts == 1


def test_the_tills_printer_goes_before_the_desks_own(tmp_path: Path) -> None:
    with thermal_head() as own, thermal_head() as tills:
        press = Press(tmp_path, printer(own.address))
        press.issue(samples.usual_receipt(), business_date=DAY, printer=printer(tills.address))
    assert (own.cuts, tills.cuts) == (0, 1)


@pytest.mark.parametrize(
    ("tender", "reprint", "kicks"),
    [(TenderKind.CASH, False, 1), (TenderKind.CASH, True, 0), (TenderKind.POS, False, 0)],
)
def test_the_drawer_opens_for_cash_where_that_is_asked_for(
    tmp_path: Path, tender: TenderKind, *, reprint: bool, kicks: int
) -> None:
    usual = samples.usual_receipt()
    document = replace(usual, tenders=(Tender(tender, usual.total_fen),), reprint=reprint)
    with thermal_head() as head:
        Press(tmp_path, printer(head.address), kick_drawer=True).issue(document, business_date=DAY)
    assert head.kicks == kicks


def test_a_report_without_paper_is_kept_as_a_file_and_says_what_stands(tmp_path: Path) -> None:
    report = sample_reports.z_report()
    with thermal_head(Mood.PAPER_OUT) as head:
        issued = Press(tmp_path).issue_paper(report, business_date=DAY, printer=printer(head.address))
    assert issued.path == tmp_path / "reports/2026/11/23/0107-261123-Z0128.pdf"
    assert issued.outcome is IssueOutcome.FAILED
    assert issued.failure is not None
    assert issued.failure.message == _("What was posted stands; print it again at any time.")
    assert "roll" in issued.failure.hint


@pytest.mark.parametrize("form", [Form.TRACTOR241, Form.TRACTOR241_HALF, Form.THERMAL80])
def test_a_queue_of_cups_gets_what_its_form_wants(tmp_path: Path, cups: PrintServer, form: Form) -> None:
    queue = device(PrinterSetup("q", PrinterKind.CUPS, f"receipts@{cups.address}", form))
    number = len(cups.printer.jobs) + 1
    issued = Press(tmp_path, queue).issue(samples.usual_receipt(), business_date=DAY)
    assert (issued.outcome, issued.failure) == (IssueOutcome.PRINTED, None)
    lead = {Form.THERMAL80: b"\x1b@"}.get(form, b"%PDF-")
    assert cups.wait_for_job(number).startswith(lead)


def test_a_wrong_template_of_the_bureau_prints_nothing_and_keeps_the_receipt(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "receipt-thermal80.toml").write_text('[[line]]\ntext = "{wrong}"\n')
    with thermal_head() as head:
        press = Press(tmp_path / "receipts", printer(head.address), templates=own)
        issued = press.issue(samples.usual_receipt(), business_date=DAY)
    assert issued.outcome is IssueOutcome.FAILED
    assert issued.path is not None
    assert issued.failure is not None
    assert "receipt-thermal80.toml" in issued.failure.hint
    assert head.connections == 0
