"""A clerk's desk that sells tokens: the real services on a real bureau, with the vending server in small."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

from counter.domain.tenders import cash
from counter.services.pending import PendingStore
from counter.services.ports.tokens import SellToken, TokenOutcome, TokenStep
from counter.services.posting import Posting
from counter.services.token_vendor import VendingServer
from counter.services.tokens import Tokens
from tests.bureau import Bureau
from tests.ledger.vending import is_right, stands
from tests.tokens.selling import ACCOUNT, OTHER, furnish_tokens
from tests.tokens.vending_server import Vending

CLERK = "t10001"


class TokenDesk:
    """A clerk, a shift, the books and the server."""

    def __init__(self, bureau: Bureau, vending: Vending, vendor: VendingServer, folder: Path) -> None:
        """Accounts whose meters take tokens."""
        self.bureau = furnish_tokens(bureau)
        self.vending, self.vendor = vending, vendor
        self.folder = folder
        self.shift = bureau.open_shift(float_fen=0)
        self.tokens = self.at(CLERK)
        self.steps: list[TokenStep] = []

    def at(self, staff_no: str, vendor: VendingServer | None = None) -> Tokens:
        """What a member of staff has."""
        engine = self.bureau.engine(staff_no)
        store = PendingStore(self.folder / "pending", staff_no)
        return Tokens(engine, Posting(engine, store, pauses_s=()), vendor or self.vendor, staff_no)

    def request(self, amount_fen: int = 10_000, account_no: str = ACCOUNT) -> SellToken:
        """A sale for cash of the account as it stands."""
        books = self.tokens.books(account_no)
        assert books is not None
        return SellToken(
            uuid4(),
            self.shift,
            account_no,
            books.version,
            books.meter_no,
            amount_fen,
            (cash(amount_fen, amount_fen),),
        )

    def sell(self, *faults: str) -> TokenOutcome:
        """Sell for 100.00, with these faults at the server, one for each time that it is asked."""
        self.vending.faults[:] = faults
        outcome = self.tokens.sell(self.request(), self.steps.append)
        self.vending.faults.clear()
        return outcome

    def resume(self, vend_id: UUID, staff_no: str = CLERK) -> TokenOutcome:
        """Ask again."""
        return self.at(staff_no).resume(vend_id, self.steps.append)

    def agrees(self) -> bool:
        """Whether money booked = tokens issued + what is listed as open or refused; the ledger is right."""
        issued = sum(sale["amount_fen"] for sale in self.vending.issued.values())
        waiting = self.bureau.value(
            "SELECT coalesce(sum(amount_fen), 0)::bigint FROM counter.token_vend"
            " WHERE state IN ('pending', 'in_doubt', 'refused') AND vend_id::text <> ALL (%s)",
            list(self.vending.issued),
        )
        owed, sold = (
            sum(stands(self.bureau, ledger_account, account_no) for account_no in (ACCOUNT, OTHER))
            for ledger_account in ("vend_in_flight", "vended")
        )
        kept = self.bureau.value("SELECT count(*) FROM counter.token_vend WHERE state = 'issued'")
        return is_right(self.bureau) and owed + sold == issued + waiting and kept <= len(self.vending.issued)
