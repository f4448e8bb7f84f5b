"""Days of random work with random faults: whatever happens, money booked = tokens issued + what is listed."""

from __future__ import annotations

from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import pytest

from counter.domain.tokens import TokenState
from counter.errors import CounterError, Refusal, ServerUnreachable
from counter.services import tokens as services
from counter.services.once import post_once
from counter.services.ports.tokens import TokenSale
from counter.services.token_vendor import VendingServer
from tests.bureau import Bureau
from tests.ledger.vending import approved
from tests.tokens.counter_desk import CLERK, TokenDesk
from tests.tokens.selling import ACCOUNT, OTHER
from tests.tokens.vending_server import FAULTS, Vending

STAFF = (CLERK, "t10002", "t10003")
STEPS = 30


class Day:
    """One desk's day; every choice comes from the seed."""

    def __init__(self, desk: TokenDesk, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nothing was done."""
        self.desk, self.chance, self.monkeypatch = desk, Random(seed), monkeypatch
        self.tokens: dict[UUID, str] = {}

    def faults(self) -> None:
        """What goes wrong with the next questions."""
        self.desk.vending.faults[:] = [
            self.chance.choice(("", "", *FAULTS)) for _question in range(self.chance.randrange(4))
        ]

    def sell(self) -> None:
        """A sale; refused while another is open."""
        amount_fen = self.chance.randrange(1, 300_000)
        request = self.desk.request(amount_fen, self.chance.choice((ACCOUNT, OTHER)))
        try:
            self.desk.tokens.sell(request, self.desk.steps.append)
        except Refusal:
            books = self.desk.tokens.books(request.account_no)
            assert books is not None
            assert books.open_sale is not None

    def ask(self) -> None:
        """Somebody asks again for one that is open, with or without the database at the end."""
        sales = [sale for sale in self.desk.tokens.unsettled() if sale.state.open]
        if sales:
            self.desk.resume(self.chance.choice(sales).vend_id, self.chance.choice(STAFF))

    def lose(self) -> None:
        """The database is gone after the vending server was asked."""

        def lost(*given: object) -> object:
            if self.chance.random() < 0.5:
                post_once(*given)  # type: ignore[arg-type]
            raise ServerUnreachable("no connection")

        with self.monkeypatch.context() as patch:
            patch.setattr(services, "post_once", lost)
            self.ask()

    def give_back(self) -> None:
        """A refused one is reversed when a supervisor approves; any other is not."""
        sales = self.desk.tokens.unsettled()
        if not sales:
            return
        sale: TokenSale = self.chance.choice(sales)
        bureau = self.desk.bureau
        wanted = {
            "request_id": str(uuid4()),
            "shift_id": self.desk.shift,
            "journal_id": bureau.value(
                "SELECT journal_id FROM counter.token_vend WHERE vend_id = %s", sale.vend_id
            ),
            "account_no": sale.account_no,
            "amount_fen": sale.amount_fen,
            "cause": "other",
            "reason": "拒绝",
        }
        allowed = approved(bureau, "reversal", wanted)
        if sale.state is TokenState.REFUSED:
            bureau.call(CLERK, "reverse_payment", allowed)
        else:
            with pytest.raises(Exception, match="there may be a token"):
                bureau.call(CLERK, "reverse_payment", allowed)

    def step(self) -> None:
        """Something happens; then everything must agree."""
        self.faults()
        act = self.chance.choice((self.sell, self.sell, self.ask, self.lose, self.give_back))
        try:
            act()
        except CounterError as error:
            raise AssertionError(f"{act.__name__}: {error}") from error
        self.no_token_changes()

    def no_token_changes(self) -> None:
        """A token that was seen once is seen for ever, and is the server's."""
        for account_no in (ACCOUNT, OTHER):
            books = self.desk.tokens.books(account_no)
            assert books is not None
            now = {sale.vend_id: sale.digits for sale in books.sales if sale.digits}
            for vend_id, digits in now.items():
                assert self.tokens.setdefault(vend_id, digits) == digits
                assert self.desk.vending.issued[str(vend_id)]["token"] == digits


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_money_and_tokens_agree_after_every_step(
    bureau: Bureau,
    vending: Vending,
    vendor: VendingServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    day = Day(TokenDesk(bureau, vending, vendor, tmp_path), seed, monkeypatch)
    for _step in range(STEPS):
        day.step()
    assert day.desk.agrees()
    vending.faults.clear()
    for sale in day.desk.tokens.unsettled():
        if sale.state.open:
            assert day.desk.resume(sale.vend_id).state in (TokenState.ISSUED, TokenState.REFUSED)
    assert day.desk.agrees()
    assert [sale for sale in day.desk.tokens.unsettled() if sale.state.open] == []
