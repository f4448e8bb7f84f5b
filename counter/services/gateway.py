"""The way into one server for one desk: through its door, to everything that a member of staff can do."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from counter.i18n import DEFAULT_LANGUAGE
from counter.services.bank_profiles import BankFolders
from counter.services.card_desk import CardDesk
from counter.services.desk import Desk
from counter.services.epoch import EpochWatch
from counter.services.paper import Paper
from counter.services.pending import PendingStore
from counter.services.ports import DemoStaff
from counter.services.ports.tokens import TokenVendor
from counter.services.posting import Posting
from counter.services.signing import Door
from receipts.press import Press


@dataclass(frozen=True, slots=True)
class ServerGateway:
    """The way into one server for one desk; ``folder`` keeps what the desk must remember."""

    database_url: str = field(repr=False)
    folder: Path
    press: Press
    receipt_language: str = DEFAULT_LANGUAGE
    demo: tuple[DemoStaff, ...] = ()
    cards: CardDesk = field(default_factory=lambda: CardDesk(None))
    vendor: TokenVendor | None = None
    bank: BankFolders = field(default_factory=BankFolders)

    def demo_staff(self) -> tuple[DemoStaff, ...]:
        """Sign-ins to show on the first screen; empty outside the demonstration."""
        return self.demo

    def sign_in(self, staff_no: str, password: str) -> Desk:
        """Connect as this member of staff; raises SignInRefused, ServerUnreachable or StaleServer."""
        door = Door(self.database_url, EpochWatch(self.folder / "epoch"))
        engine, staff = door.sign_in(staff_no, password)
        return Desk(
            staff,
            engine,
            Posting(engine, PendingStore(self.folder / "pending", staff.staff_no)),
            Paper(engine, self.press, self.receipt_language),
            door,
            self.cards,
            self.vendor,
            self.bank,
        )
