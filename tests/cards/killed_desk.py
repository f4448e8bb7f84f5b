"""A desk that dies in the middle of a sale: run as a program, it kills itself at a step that was named.

Arguments: address of the database, folder, shift, the reader's name, and where to die: a step of the write,
``begun`` (the intent is in the ledger, nothing was sent to the card) or ``written`` (before the proof).
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from uuid import uuid4

from cardio.host import ReaderHost
from cardio.setup import ReaderSetup
from counter.domain.tenders import cash
from counter.services.card_desk import CardDesk
from counter.services.pending import PendingStore
from counter.services.ports.vends import SellVend, SlotState, VendKind
from counter.services.posting import Posting
from counter.services.vends import Vends
from db.engine import as_login, make_engine
from tests.bureau import PASSWORD

CLERK = "t10001"


def die() -> None:
    """As a power cut: nothing is tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


class DyingPosting(Posting):
    """Dies before or after a function of the database was asked."""

    place = ""

    def post(self, function: str, body: dict[str, object]) -> object:  # type: ignore[override]
        """As posting does, until the place is reached."""
        if self.place == "written" and function == "settle_vend":
            die()
        answer = super().post(function, body)
        if self.place == "begun" and function == "begin_vend":
            die()
        return answer


def main(url: str, folder: str, shift: str, reader: str, place: str) -> None:
    """Sell 100.00 on the card that is in the reader, and die."""
    engine = make_engine(as_login(url, CLERK, PASSWORD))
    DyingPosting.place = place
    posting = DyingPosting(engine, PendingStore(Path(folder) / "pending", CLERK), pauses_s=())
    desk = CardDesk(ReaderHost(ReaderSetup(reader=reader)))
    vends = Vends(engine, posting, desk, CLERK)
    while vends.slot().state is not SlotState.CARD:
        time.sleep(0.01)
    seen = vends.look()
    assert seen.books is not None
    request = SellVend(
        uuid4(),
        int(shift),
        seen.books.account_no,
        seen.books.version,
        seen.books.meter_no,
        seen.card.serial,
        seen.card.profile,
        seen.books.vend_count + 1,
        10_000,
        VendKind.PURCHASE,
        (cash(10_000, 10_000),),
    )

    def step(name: str) -> None:
        if name == place:
            die()

    vends.sell(request, step)


if __name__ == "__main__":
    main(*sys.argv[1:])
