"""The paper of a token sale: the same token on every print, and never one that the books do not have."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from counter.domain.tokens import grouped
from counter.services.paper import Paper
from counter.services.token_vendor import VendingServer
from receipts.press import Press
from tests.bureau import Bureau
from tests.ledger.vending import approved
from tests.receipts.reading import text_of
from tests.tokens.counter_desk import CLERK, TokenDesk
from tests.tokens.selling import ACCOUNT
from tests.tokens.vending_server import Vending


@pytest.fixture
def desk(bureau: Bureau, vending: Vending, vendor: VendingServer, tmp_path: Path) -> TokenDesk:
    """A clerk with a vending server."""
    return TokenDesk(bureau, vending, vendor, tmp_path)


def printed(desk: TokenDesk, receipt_no: str, staff_no: str = CLERK) -> str:
    """The text of a receipt, printed into a file."""
    paper = Paper(desk.bureau.engine(staff_no), Press(desk.folder / "receipts"), "en")
    outcome = paper.print_receipt(receipt_no)
    assert outcome.error == ""
    assert outcome.pdf_path
    return " ".join(text_of(outcome.pdf_path).split())


def test_a_reprint_has_the_same_token(desk: TokenDesk) -> None:
    sold = desk.sell()
    first, again = printed(desk, sold.receipt_no), printed(desk, sold.receipt_no, "t10002")
    assert grouped(sold.digits) in first
    assert grouped(sold.digits) in again
    assert ("REPRINT" in first, "REPRINT" in again) == (False, True)
    assert "Token Purchase Receipt" in first
    assert len(desk.vending.asked) == 1


def test_a_sale_in_doubt_says_so_and_its_next_print_has_the_token(desk: TokenDesk) -> None:
    sold = desk.sell("error_after", "error_after", "error_after")
    token = grouped(desk.vending.issued[str(sold.vend_id)]["token"])
    before = printed(desk, sold.receipt_no)
    assert token not in before
    assert "there is no token yet" in before
    desk.resume(sold.vend_id, "t10003")
    assert token in printed(desk, sold.receipt_no)


def test_a_refused_sale_and_its_reversal_have_papers_of_their_own(desk: TokenDesk) -> None:
    sold = desk.sell("refuse")
    assert "there will be none" in printed(desk, sold.receipt_no)
    assert sold.taken
    wanted = {
        "request_id": str(uuid4()),
        "shift_id": desk.shift,
        "journal_id": sold.taken.journal_id,
        "account_no": ACCOUNT,
        "amount_fen": 10_000,
        "cause": "other",
        "reason": "refused",
    }
    reversal = desk.bureau.call(CLERK, "reverse_payment", approved(desk.bureau, "reversal", wanted))
    assert "-100.00" in printed(desk, reversal["receipt_no"])
    assert "VOID" in printed(desk, sold.receipt_no)
