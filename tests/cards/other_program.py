"""Another program at the same reader, and the commands that the stub card knows."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from cardio.apdu import Command
from cardio.link.pcsc import slots

SELECT = Command(0x00, 0xA4, 0x00, 0x00, bytes.fromhex("3F00"))
NUMBER = Command(0x00, 0xCA, 0x00, 0x00, le=8)
READ = Command(0x00, 0xB0, 0x00, 0x00, le=8)
WRITE = Command(0x00, 0xD6, 0x00, 0x00, bytes(range(8)))

HOLDER = """
import os, sys
from smartcard import scard
_, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
share = getattr(scard, "SCARD_SHARE_" + sys.argv[2])
hresult, card, _protocol = scard.SCardConnect(context, sys.argv[1], share, 3)
assert hresult == 0, hex(hresult)
print("holding", flush=True)
for order in sys.stdin:
    if order.strip() == "reset":
        scard.SCardReconnect(card, share, 3, scard.SCARD_RESET_CARD)
        print("reset", flush=True)
"""


@contextmanager
def another_program(reader: str, share: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the card, shared or exclusively, until the end."""
    command = [sys.executable, "-c", HOLDER, reader, share]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holding\n"
        yield process
        process.kill()
    while any(slot.is_held for slot in slots()):  # the service needs a moment to notice
        time.sleep(0.005)
