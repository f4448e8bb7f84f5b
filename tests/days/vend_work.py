"""Prepaid cards in a clerk's day: sold onto, written, in doubt, taken back, decided, replaced.

A card is what the books and chance say of it: mostly it agrees, now and then it is another one, or torn.
"""

from __future__ import annotations

from typing import Any

from tests.days.card_work import CardWork
from tests.days.session import request_id

BOOKS = """
    SELECT b.version, a.meter_no, coalesce(m.vend_count, 0), c.card_serial
      FROM counter.account a JOIN counter.account_balance b USING (account_no)
      LEFT JOIN counter.meter_count m USING (account_no)
      LEFT JOIN counter.meter_card c ON c.account_no = a.account_no AND c.status = 'active'
     WHERE a.account_no = %s
"""
LAST = """
    SELECT vend_id::text, card_serial, vend_count, amount_fen, state FROM counter.account_vends(%s, 3)
"""
OPEN = "SELECT vend_id::text, card_serial, vend_count, amount_fen, state FROM counter.unsettled_vends()"


class VendWork(CardWork):
    """A clerk who sells power onto cards as well."""

    def sell_power(self) -> None:
        """The next count, mostly; onto the card in use, another one, or one that has it already."""
        account = self.chance.choice(self.accounts)
        version, meter, count, serial = self.session.rows(BOOKS, account)[0]
        amount = self.chance.choice((1, 5_000, 20_000))
        kind = self.chance.choice(("purchase", "purchase", "booking", "replacement")) if serial else "opening"
        request: dict[str, Any] = {
            "request_id": request_id(),
            "shift_id": self.shift_id,
            "account_no": account,
            "version": version,
            "meter_no": meter,
            "card_serial": self._plastic(account) if kind == "replacement" or not serial else serial,
            "profile": "days",
            "vend_count": count + self.chance.choice((1, 1, 1, 1, 2)),
            "amount_fen": amount,
            "kind": kind,
            "tenders": self.tenders(amount),
        }
        if kind == "booking":
            request["evidence"] = self._read((request["card_serial"], request["vend_count"], amount))
        self.post("begin_vend", request)

    def settle_power(self) -> None:
        """By what the card shows, in whichever hall it comes back."""
        sold = self._some_vend()
        if sold is None:
            return
        outcome = self.chance.choice(("written", "written", "in_doubt", "pending"))
        proof = self._read(sold[1:4], without=outcome == "pending") if outcome != "in_doubt" else None
        request = {
            "request_id": request_id(),
            "vend_id": sold[0],
            "outcome": outcome,
            "evidence": proof,
            "note": "",
        }
        self.post("settle_vend", request)

    def undo_power(self) -> None:
        """With the card cleared, mostly; approved or not."""
        sold = self._some_vend()
        if sold is None:
            return
        request = {
            "request_id": request_id(),
            "vend_id": sold[0],
            "shift_id": self.shift_id,
            "reason": "客户不要了",
            "evidence": self._read(sold[1:4], without=True),
        }
        if self.chance.random() < 0.6:
            request = self.asked("reversal", request, self.supervisor)
        self.post("undo_vend", request)

    def decide_power(self) -> None:
        """The card is lost."""
        sold = self._some_vend()
        if sold is None:
            return
        request = {
            "request_id": request_id(),
            "vend_id": sold[0],
            "written": self.chance.random() < 0.5,
            "reason": "卡片丢失",
        }
        self.post("decide_vend", self.asked("vend_decision", request, self.supervisor))

    def replace_card(self) -> None:
        """A new piece of plastic without a sale."""
        account = self.chance.choice(self.accounts)
        _version, meter, _count, _serial = self.session.rows(BOOKS, account)[0]
        request = {
            "request_id": request_id(),
            "account_no": account,
            "meter_no": meter,
            "card_serial": self._plastic(account),
            "profile": "days",
            "reason": "卡片损坏",
        }
        self.post("replace_card", request)

    def return_card(self) -> None:
        """The card in use of somebody."""
        account = self.chance.choice(self.accounts)
        serial = self.session.rows(BOOKS, account)[0][3]
        if serial:
            self.post("return_card", {"request_id": request_id(), "card_serial": serial, "reason": "退卡"})

    def _plastic(self, account_no: str) -> str:
        """One of few cards, so that some are taken up again."""
        return f"{account_no}{self.chance.randrange(3)}"

    def _some_vend(self) -> tuple[Any, ...] | None:
        """One that is open in the own hall, or one of the last sales of some account."""
        open_ones = self.session.rows(OPEN) if self.chance.random() < 0.6 else []
        found = open_ones or self.session.rows(LAST, self.chance.choice(self.accounts))
        return self.chance.choice(found) if found else None

    def _read(self, sold: tuple[Any, ...], *, without: bool = False) -> dict[str, Any]:
        """What the reader says: the card of the sale, with it or without it; now and then something else."""
        serial, count, amount = sold
        if self.chance.random() < 0.1:
            count += 1
        if self.chance.random() < 0.05:
            serial = "another"
        back = count if self.chance.random() < 0.1 else None
        return {
            "card_serial": serial,
            "vend_count": count - 1 if without else count,
            "wallet_fen": 0 if without else amount,
            "writeback_empty": back is None,
            "writeback_count": back,
        }
