"""A printer as it is set up: its name, how it is reached, and what paper is in it.

Plain data, kept in the table ``printer`` and chosen by the till. The address is, by kind:

- ``cups``: ``queue`` or ``queue@host:port``
- ``escpos_network``: ``host`` or ``host:port`` (9100 without one)
- ``escpos_usb``: ``vendor:product`` in hexadecimal, as ``lsusb`` prints them
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

ESCPOS_PORT = 9100
_PORT_MAX = 65_535
_NAME_LENGTH_MAX = 60
_USB = re.compile(r"([0-9a-fA-F]{1,4}):([0-9a-fA-F]{1,4})")


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


def network_address(address: str) -> tuple[str, int]:
    """Host and port of ``host`` or ``host:port``; raises ValueError for anything else."""
    host, colon, port = address.strip().partition(":")
    if not host or (colon and not port.isascii()) or any(character.isspace() for character in host):
        raise ValueError(address)
    number = int(port) if colon else ESCPOS_PORT
    if not 0 < number <= _PORT_MAX:
        raise ValueError(address)
    return host, number


def usb_address(address: str) -> tuple[int, int]:
    """Vendor and product of ``04b8:0e15``; raises ValueError for anything else."""
    match = _USB.fullmatch(address.strip())
    if match is None or 0 in (numbers := (int(match[1], 16), int(match[2], 16))):
        raise ValueError(address)
    return numbers


def cups_address(address: str) -> tuple[str, str]:
    """Queue and server of ``queue`` or ``queue@host:port``; raises ValueError without a queue."""
    queue, _at, server = address.strip().partition("@")
    if not queue or any(not character.isprintable() or character.isspace() for character in queue + server):
        raise ValueError(address)
    return queue, server


def check_setup(setup: PrinterSetup) -> None:
    """Raise ValueError for a name that is none, and where kind, address and form do not go together."""
    if not 0 < len(setup.name) <= _NAME_LENGTH_MAX or not setup.name.isprintable():
        raise ValueError(setup.name)
    {
        PrinterKind.CUPS: cups_address,
        PrinterKind.ESCPOS_NETWORK: network_address,
        PrinterKind.ESCPOS_USB: usb_address,
    }[setup.kind](setup.address)
    if setup.kind is not PrinterKind.CUPS and not setup.form.thermal:
        raise ValueError(setup.form.value)
