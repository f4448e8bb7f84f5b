"""A printer as it is set up: its name, how it is reached, and what paper is in it.

Plain data, kept in the table ``printer`` and chosen by the till. The address is, by kind:

- ``cups``: ``queue`` or ``queue@host:port``
- ``escpos_network``: ``host`` or ``host:port`` (9100 without one), ``[v6]:port``
- ``escpos_usb``: ``vendor:product`` in hexadecimal, as ``lsusb`` prints them
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PrinterKind(StrEnum):
    """How the printer is reached."""

    CUPS = "cups"
    ESCPOS_NETWORK = "escpos_network"
    ESCPOS_USB = "escpos_usb"


class Form(StrEnum):
    """What paper lies in it."""

    A5 = "a5"
    TRACTOR241 = "tractor241"
    TRACTOR241_HALF = "tractor241_half"
    THERMAL80 = "thermal80"
    THERMAL58 = "thermal58"

    @property
    def thermal(self) -> bool:
        """Whether it is a roll of heat-sensitive paper."""
        return self in {Form.THERMAL80, Form.THERMAL58}


@dataclass(frozen=True, slots=True)
class PrinterSetup:
    """One printer of a hall."""

    name: str
    kind: PrinterKind
    address: str
    form: Form = Form.A5
