"""Recharge cards in a clerk's day: sold, redeemed with right secrets, tried with wrong ones."""

from __future__ import annotations

import hashlib

from tests.bureau import Bureau
from tests.days.desk_work import DeskWork
from tests.days.session import request_id

FACE_FEN = 20_000
CARDS = [f"88000{number:03d}" for number in range(240)]


def proof(secret: str) -> bytes:
    """A stand-in for the slow hash: the server does not care how slow it was."""
    return hashlib.sha256(secret.encode()).digest()


def stock(bureau: Bureau) -> None:
    """Cards, each with its number as its secret: few enough that desks want the same ones."""
    cards = [
        {"card_no": number, "face_fen": FACE_FEN, "digest": hashlib.sha256(proof(number)).hexdigest()}
        for number in CARDS
    ]
    bureau.call("t60001", "load_cards", {"cards": cards})


class CardWork(DeskWork):
    """A clerk who sells and takes cards as well."""

    def sell_cards(self) -> None:
        """One to three, of which another desk may be selling one."""
        some = self.chance.sample(CARDS, self.chance.choice((1, 1, 2, 3)))
        request = {
            "request_id": request_id(),
            "shift_id": self.shift_id,
            "cards": some,
            "tenders": self.tenders(FACE_FEN * len(some)),
        }
        self.post("sell_cards", request)

    def redeem_card(self) -> None:
        """Show a card and pay with it, oldest bill first; the rest becomes prepaid."""
        card = self.chance.choice(self._sold() or CARDS)
        if self._show(card, card) != "shown":
            return
        tender = {"kind": "recharge_card", "amount_fen": FACE_FEN, "details": {"reference": card}}
        request = {
            "request_id": request_id(),
            "shift_id": self.shift_id,
            "tenders": [tender],
            "accounts": [self.share(self.chance.choice(self.accounts), FACE_FEN)],
        }
        self.post("post_payment", request)

    def guess_secret(self) -> None:
        """A wrong secret is answered, and counted."""
        assert self._show(self.chance.choice(self._sold() or CARDS), "wrong") != "shown"

    def _sold(self) -> list[str]:
        """What was sold at this desk today, taken back since or not."""
        sales = (request for function, request, _answer in self.sent if function == "sell_cards")
        return [card for request in sales for card in request["cards"]]

    def _show(self, card: str, secret: str) -> str:
        """What came of showing a card; it has no request id, and is no posting to be repeated."""
        if not self.shift_id:
            return "no shift"
        request = {"shift_id": self.shift_id, "card_no": card, "proof": proof(secret).hex()}
        return str(self.session.post("show_card", request)["result"])
