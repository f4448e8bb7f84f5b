"""The demonstration's recharge cards: in stock once, sold, redeemed with a secret that everybody knows."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from counter.domain.tenders import Tender, TenderKind, cash
from counter.services.demo import stock_cards
from counter.services.demo_data.cards import DEMO_CARDS, FACE_FEN, demo_secret
from counter.services.gateway import ServerGateway
from counter.services.ports import AccountPayment, TakePayment
from counter.services.ports.cards import CardState, SellCards, ShowCard
from receipts.press import Press
from tests.bureau import PASSWORD, Bureau

ACCOUNT = "330100000001"


def test_demonstration_cards_are_sold_and_redeemed(bureau: Bureau, tmp_path: Path) -> None:
    """An update of the demonstration stocks them again: what was sold stays sold."""
    bureau.add_account(ACCOUNT)
    shift = bureau.open_shift()
    with bureau.admin.begin() as connection:
        stock_cards(connection)
    desk = ServerGateway(bureau.url, tmp_path, Press(tmp_path)).sign_in("t10001", PASSWORD)
    card = DEMO_CARDS[0]
    desk.cards.sell(SellCards(uuid4(), shift, (card,), (cash(FACE_FEN, FACE_FEN),)))
    with bureau.admin.begin() as connection:
        stock_cards(connection)
    assert [found.state for found in desk.cards.look(DEMO_CARDS[:2])] == [CardState.SOLD, CardState.STOCK]
    shown = desk.cards.show(ShowCard(shift, card, demo_secret(card)))
    assert (shown.state, shown.face_fen) == (CardState.SHOWN, FACE_FEN)
    version = bureau.value("SELECT version FROM counter.account_balance WHERE account_no = %s", ACCOUNT)
    tender = Tender(TenderKind.RECHARGE_CARD, FACE_FEN, None, {"reference": card})
    account = AccountPayment(ACCOUNT, version, (), FACE_FEN)
    taken = desk.take_payment(TakePayment(uuid4(), shift, (tender,), (account,)))
    assert taken.prepaid_after_fen == FACE_FEN
    desk.close()
