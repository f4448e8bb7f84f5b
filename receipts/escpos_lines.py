"""The ways to a thermal printer, by python-escpos: a network address or a USB device.

The library is loaded here and nowhere else, in the job that prints. Loading it would give the root logger a
handler that writes into the screen, and leave a folder behind; both are undone. It prints on the terminal
when a profile has no width, so that every profile here has one.
"""

from __future__ import annotations

import logging
import os
import shutil
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import Image

from receipts.escpos_status import answer_in

_root = logging.getLogger()
_guard = logging.NullHandler()
_root.addHandler(_guard)
try:
    import usb.core
    import usb.util
    from escpos import capabilities
    from escpos.exceptions import DeviceNotFoundError
    from escpos.printer import Dummy, Network, Usb
finally:
    _root.removeHandler(_guard)
logging.getLogger("escpos").setLevel(logging.ERROR)
if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
    shutil.rmtree(Path(capabilities.pickle_dir), ignore_errors=True)

__all__ = ["DeviceNotFoundError", "NetworkLine", "NoBackend", "UsbLine", "commands"]
NoBackend = usb.core.NoBackendError
_BULK, _PRINTER_CLASS = 2, 7
_READ_MAX = 64


def _profile(width: int) -> Any:
    """A printer of ``width`` dots that can cut; nothing else of it is asked for."""
    profile = capabilities.Profile(features={"paperFullCut": True, "paperPartCut": True})
    profile.profile_data = {**profile.profile_data, "media": {"width": {"pixels": str(width)}}}
    return profile


def commands(picture: Image.Image, *, kick_drawer: bool = False) -> bytes:
    """The commands that print ``picture``, feed and cut; the drawer opens only where that is asked for."""
    printer: Any = Dummy(profile=_profile(picture.width))
    printer.hw("INIT")
    if kick_drawer:
        printer.cashdraw(2)
    printer.image(picture, impl="bitImageRaster")
    printer.cut()
    return bytes(printer.output)


class NetworkLine(Network):  # type: ignore[misc]
    """A connection to a printer on the network; OSError for everything that breaks it."""

    def __init__(self, host: str, port: int, timeout_s: float) -> None:
        """Nothing is connected before ``open``."""
        super().__init__(host, port, timeout_s, profile=_profile(0))

    def ask(self, command: bytes, wait_s: float) -> int | None:
        """The answer to a question, None when none comes in time; ConnectionError when it hung up."""
        self.device.settimeout(wait_s)
        try:
            said = self.query_status(command)
        except TimeoutError:
            return None
        if not said:
            raise ConnectionResetError
        return answer_in(said)

    def put(self, content: bytes) -> None:
        """Send all of it within the line's time."""
        self.device.settimeout(self.timeout)
        self._raw(content)

    def await_done(self, command: bytes, wait_s: float) -> bool:
        """Whether the printer has come to the end of what it got; ConnectionError when it hung up."""
        self.device.settimeout(wait_s)
        try:
            said = self.query_status(command)
        except TimeoutError:
            return False
        if not said:
            raise ConnectionResetError
        return True

    def finish(self, wait_s: float) -> None:
        """Say that nothing follows, and listen whether the other end took it; ConnectionError if not."""
        self.device.shutdown(socket.SHUT_WR)
        self.device.settimeout(wait_s)
        with suppress(TimeoutError):
            while self.device.recv(_READ_MAX):
                pass


class UsbLine(Usb):  # type: ignore[misc]
    """A printer on USB; ``usb.core.USBError``, which is an OSError, for everything that breaks it."""

    def __init__(self, vendor: int, product: int, timeout_s: float) -> None:
        """Look for the device and its endpoints; raises NoBackend, or DeviceNotFoundError."""
        device = usb.core.find(idVendor=vendor, idProduct=product)
        if device is None:
            raise DeviceNotFoundError(f"{vendor:04x}:{product:04x}")
        from_printer, to_printer = endpoints(device)
        super().__init__(
            vendor,
            product,
            {},
            round(timeout_s * 1000),
            from_printer,
            to_printer,
            profile=_profile(0),
        )

    def ask(self, command: bytes, wait_s: float) -> int | None:
        """The answer to a question, None when none comes in time."""
        self._raw(command)
        return answer_in(self._heard(wait_s))

    def put(self, content: bytes) -> None:
        """Send all of it within the line's time."""
        if self.device.write(self.out_ep, content, self.timeout) != len(content):
            raise OSError("short write")

    def await_done(self, command: bytes, wait_s: float) -> bool:
        """Whether the printer has come to the end of what it got."""
        self._raw(command)
        return bool(self._heard(wait_s))

    def finish(self, wait_s: float) -> None:
        """Nothing: a write ends when the device has taken it."""

    def _heard(self, wait_s: float) -> bytes:
        """What the printer says in the time."""
        try:
            return bytes(self.device.read(self.in_ep, _READ_MAX, round(wait_s * 1000)))
        except usb.core.USBTimeoutError:
            return b""


def endpoints(device: Any) -> tuple[int, int]:
    """The addresses of the bulk endpoints from and to the printer.

    Those of its printer interface (USB class 7), else the ones that most printers have.
    """
    for interface in device.get_active_configuration():
        if interface.bInterfaceClass != _PRINTER_CLASS:
            continue
        bulk = [each.bEndpointAddress for each in interface if each.bmAttributes & 3 == _BULK]
        from_printer = [address for address in bulk if address & 0x80]
        to_printer = [address for address in bulk if not address & 0x80]
        if to_printer:
            return (from_printer or [0x82])[0], to_printer[0]
    return 0x82, 0x01
