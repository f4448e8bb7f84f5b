"""Printing on a thermal printer, and telling the truth about what came of it.

Before a byte is sent the printer is asked whether it can print. When it answers, it is asked again after
the last byte, in its turn, so that paper that ran out in the middle is noticed. A printer that never
answers is believed when it took everything. Every wait is bounded; every fault is PrintFailed, or
PrintUnsure once something was sent.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from counter.i18n import _
from receipts.escpos_status import ASK_CAUSE, ASK_PAPER, ASK_PRINTER, ASK_WHEN_DONE, Trouble, trouble_in
from receipts.failures import PrintUnsure, not_printed, unsure
from receipts.printers import Form, PrinterKind, PrinterSetup, network_address, usb_address

if TYPE_CHECKING:
    from receipts.escpos_lines import NetworkLine, UsbLine

    Line: TypeAlias = NetworkLine | UsbLine

_BUSY_PAUSE_S = 0.2
_QUESTIONS = (ASK_CAUSE, ASK_PRINTER)
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ThermalPrinter:
    """One ESC/POS printer.

    ``timeout_s`` bounds connecting and sending each, ``answer_s`` the wait for one answer, ``done_s`` the
    wait for the end of a print, ``busy_s`` the wait for a printer that serves another desk.
    """

    setup: PrinterSetup
    timeout_s: float = 10.0
    answer_s: float = 1.0
    done_s: float = 4.0
    busy_s: float = 3.0

    @property
    def queue(self) -> str:
        """The printer's name."""
        return self.setup.name

    @property
    def form(self) -> Form:
        """The roll that is in it."""
        return self.setup.form

    def send(self, content: bytes, *, title: str) -> str:
        """Print ``content`` (ESC/POS commands) and return a name for the job; raises PrintFailed only."""
        with self._connected() as line:
            speaks = self._check_before(line)
            try:
                line.put(content)
                self._check_after(line, speaks=speaks)
            except (OSError, ValueError) as error:
                _logger.warning("printer %s broke off: %s", self.queue, type(error).__name__)
                raise unsure(
                    _("The printer broke off."),
                    _("Look at the paper in printer {printer} before printing again.").format(
                        printer=self.queue
                    ),
                ) from error
        return f"{self.queue}-{title}"

    @contextmanager
    def _connected(self) -> Iterator[Line]:
        """The way to the printer, closed again whatever happens."""
        line = self._line()
        try:
            yield line
        finally:
            with suppress(OSError):
                line.close()

    def _line(self) -> Line:
        """Connect; raises PrintFailed."""
        from receipts import escpos_lines

        try:
            return self._opened()
        except escpos_lines.NoBackend as error:
            raise not_printed(
                _("Printing by USB needs libusb: install libusb-1.0-0 for printer {printer}.").format(
                    printer=self.queue
                )
            ) from error
        except (escpos_lines.DeviceNotFoundError, OSError, ValueError) as error:
            _logger.warning("printer %s cannot be reached: %s", self.queue, error.__context__ or error)
            raise not_printed(self._unreachable()) from error

    def _opened(self) -> Line:
        """An open line; a printer that serves another desk refuses connections and is asked for a while."""
        from receipts.escpos_lines import DeviceNotFoundError

        until = time.monotonic() + self.busy_s
        while True:
            line = self._unopened()
            try:
                line.open()
            except DeviceNotFoundError as error:
                busy = isinstance(error.__context__, ConnectionRefusedError)
                if not busy or time.monotonic() >= until:
                    raise
                time.sleep(_BUSY_PAUSE_S)
            else:
                return line

    def _unopened(self) -> Line:
        """The line of this kind of printer; raises ValueError for an address that is none."""
        from receipts.escpos_lines import NetworkLine, UsbLine

        if self.setup.kind is PrinterKind.ESCPOS_USB:
            return UsbLine(*usb_address(self.setup.address), self.timeout_s)
        return NetworkLine(*network_address(self.setup.address), self.timeout_s)

    def _unreachable(self) -> str:
        """What to do about a printer that is not there."""
        if self.setup.kind is PrinterKind.ESCPOS_USB:
            hint = _("Printer {printer} is not found at USB {address}: plug it in and switch it on.")
        else:
            hint = _("Printer {printer} at {address} does not answer: see that it is on and in the network.")
        return hint.format(printer=self.queue, address=self.setup.address)

    def _check_before(self, line: Line) -> bool:
        """Whether the printer answers questions; raises PrintFailed when it says that it cannot print."""
        try:
            answers = self._answers(line)
        except OSError as error:
            raise not_printed(self._unreachable()) from error
        trouble = trouble_in(answers)
        if trouble:
            raise not_printed(self._mend(trouble))
        return bool(answers)

    def _answers(self, line: Line) -> Mapping[bytes, int]:
        """Its answers; after one question without an answer no other is put."""
        paper = line.ask(ASK_PAPER, self.answer_s)
        if paper is None:
            return {}
        answers = {ASK_PAPER: paper}
        for question in _QUESTIONS:
            answer = line.ask(question, self.answer_s)
            if answer is not None:
                answers[question] = answer
        return answers

    def _check_after(self, line: Line, *, speaks: bool) -> None:
        """Raises PrintUnsure for a printer that fell into trouble, OSError for one that is gone."""
        if speaks:
            done = line.await_done(ASK_WHEN_DONE, self.done_s)
            trouble = trouble_in(self._answers(line))
            if trouble:
                raise self._stopped(trouble)
            if not done:
                _logger.info("printer %s does not say when it is done", self.queue)
        else:
            line.finish(self.answer_s)

    def _stopped(self, trouble: Trouble) -> PrintUnsure:
        """It could print before and cannot now."""
        return unsure(_("The printer stopped while printing."), self._mend(trouble))

    def _mend(self, trouble: Trouble) -> str:
        """What to do about the printer."""
        hints = {
            Trouble.PAPER_OUT: _("Printer {printer} is out of paper: put in a new roll, then print again."),
            Trouble.COVER_OPEN: _("The cover of printer {printer} is open: close it, then print again."),
            Trouble.BROKEN: _("Printer {printer} reports an error: switch it off and on, then print again."),
            Trouble.OFFLINE: _("Printer {printer} is offline: press its online button, then print again."),
        }
        return hints[trouble].format(printer=self.queue)
