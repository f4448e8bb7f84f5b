"""The program itself in a terminal, driven as a clerk drives it."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from benchmarks.stage import Stage
from benchmarks.start import desk_environment
from benchmarks.terminal import Terminal
from counter.services import demo
from counter.services.gateway import ServerGateway
from counter.services.ports import OpenShift, TakePayment
from receipts.press import Press

CLERK = demo.DEMO_STAFF[0]
TILL_NO = 101


class Desk:
    """A clerk of hall 1 at an open till; a context manager."""

    def __init__(self, stage: Stage, database: str) -> None:
        """Start the program, sign in, and wait for the desk."""
        open_shift(stage, database)
        self.terminal = Terminal([sys.executable, "-m", "counter"], desk_environment(stage, database))
        self.terminal.wait("Enter signs in")
        self.terminal.write(f"{CLERK.staff_no}\r")
        self.terminal.settle()
        self.terminal.write(f"{CLERK.password}\r")
        self.terminal.wait("Find")
        self.terminal.settle(0.3)

    def __enter__(self) -> Self:
        """Use it for the length of a block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the program."""
        self.terminal.close()

    def search_ms(self, term: str, account_no: str) -> float:
        """Milliseconds from the term in the box to the painted list that begins with this account."""
        pasted = self.terminal.paste(term)
        painted = self.terminal.wait(rf"{account_no} +[^\x1b\s]")
        self.terminal.settle()
        self.terminal.write("\x1b")
        self.terminal.settle(0.15)
        return 1e3 * (painted - pasted)

    def open_account(self, account_no: str) -> None:
        """Find it by its number and open it."""
        self.terminal.paste(account_no)
        self.terminal.write("\r")
        self.terminal.wait("Due now")
        self.terminal.settle()

    def post_ms(self) -> float:
        """Milliseconds from the Enter that posts to "Posted"; the amount is what the form presets."""
        self.terminal.write("\r")
        self.terminal.wait("Enter posts")
        self.terminal.settle()
        pressed = self.terminal.write("\r")
        posted = self.terminal.wait("Posted")
        self.terminal.wait(r"Receipt [0-9-]+: (?!printing)")
        self.terminal.settle()
        return 1e3 * (posted - pressed)

    def key_ms(self, key: str, shown: str) -> float:
        """Milliseconds from a key to the frame with the field's new content."""
        pressed = self.terminal.write(key)
        painted = self.terminal.wait(rf"{shown}(?![0-9.,])")
        self.terminal.settle()
        return 1e3 * (painted - pressed)

    def clear_amount(self) -> None:
        """Empty the field that has the focus."""
        self.terminal.write("\x15")
        self.terminal.settle()


def session_of(stage: Stage, database: str, folder: Path) -> ServerGateway:
    """The way in, with a folder of its own."""
    return ServerGateway(stage.server.url_for(database), folder, Press(folder / "receipts"))


def open_shift(stage: Stage, database: str) -> int:
    """See to it that the clerk has an open shift; its id."""
    session = session_of(stage, database, stage.folder / "opening").sign_in(CLERK.staff_no, CLERK.password)
    try:
        shift = session.current_shift() or session.open_shift(OpenShift(uuid4(), TILL_NO, 50_000))
        return shift.shift_id
    finally:
        session.close()


def give_receipt(stage: Stage, database: str) -> None:
    """One payment in advance, so that there is a receipt number to look for."""
    shift_id = open_shift(stage, database)
    session = session_of(stage, database, stage.folder / "opening").sign_in(CLERK.staff_no, CLERK.password)
    try:
        account = session.account(session.search("王").hits[0].account_no)
        assert account is not None
        session.take_payment(
            TakePayment.in_cash(
                uuid4(), account.account_no, account.version, shift_id, 1_000, 1_000, (), 1_000
            )
        )
    finally:
        session.close()
