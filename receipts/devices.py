"""From a printer as it is set up to something that can be sent to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias

from counter.i18n import _
from receipts.failures import not_printed
from receipts.printers import Form, PrinterKind, PrinterSetup, check_setup, cups_address
from receipts.printing import Printer
from receipts.thermal import ThermalPrinter

TIMEOUT_S = 10.0
_OPTIONS: Mapping[Form, tuple[str, ...]] = {
    Form.A5: (),
    Form.TRACTOR241: ("media=Custom.241x139.7mm",),
    Form.TRACTOR241_HALF: ("media=Custom.241x93.1mm",),
    Form.THERMAL80: ("raw",),
    Form.THERMAL58: ("raw",),
}
"""A queue of CUPS is told the size of the form, and to pass the commands of a roll on as they are."""


class Device(Protocol):
    """Something that prints: PDF for sheets, ESC/POS commands for rolls."""

    @property
    def queue(self) -> str:
        """Its name."""
        ...

    @property
    def form(self) -> Form:
        """The paper in it."""
        ...

    def send(self, content: bytes, *, title: str) -> str:
        """Print it and return the job's id; raises PrintFailed only, and waits no longer than its timeout."""
        ...


_Device: TypeAlias = Printer | ThermalPrinter


def device(setup: PrinterSetup, *, timeout_s: float = TIMEOUT_S) -> _Device:
    """The device of a printer; raises PrintFailed for one that is set up wrongly."""
    try:
        check_setup(setup)
    except ValueError as error:
        raise not_printed(
            _("Printer {printer} is set up wrongly ({value}): have the administrator correct it.").format(
                printer=setup.name, value=str(error)[:80]
            )
        ) from error
    if setup.kind is not PrinterKind.CUPS:
        return ThermalPrinter(setup, timeout_s)
    queue, server = cups_address(setup.address)
    return Printer(queue, server, queue_options(setup.form), timeout_s, setup.form)


def queue_options(form: Form) -> tuple[str, ...]:
    """What a queue of CUPS is told with every job on this form."""
    return _OPTIONS[form]
