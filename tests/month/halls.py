"""The desks of one hall over a day, through the same database functions that the program calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.bureau import Bureau
from tests.days.desk_work import in_pieces
from tests.days.session import Session, request_id

FLOAT_FEN = 50_000


@dataclass(frozen=True, slots=True)
class Taken:
    """A payment that was taken: what the books call its paper."""

    journal_id: int
    receipt_no: str
    amount_fen: int


class Hall:
    """One till, a clerk and a cashier; both stay signed in all month."""

    def __init__(self, bureau: Bureau, hall_no: int, account_no: str, bank_account_no: str) -> None:
        """``account_no`` is the customer's account that every payment of this hall is for."""
        self.hall_no, self.account_no, self.bank_account_no = hall_no, account_no, bank_account_no
        self.till_no = hall_no * 100 + 1
        self.bureau = bureau
        self.clerk = Session(bureau, f"m1{hall_no:02d}")
        self.cashier = Session(bureau, f"m2{hall_no:02d}")
        self.shift_id = 0

    def open(self) -> None:
        """The morning."""
        ask = {"request_id": request_id(), "till_no": self.till_no, "float_fen": FLOAT_FEN}
        self.shift_id = self.clerk.post("open_shift", ask)["shift_id"]

    def take(self, tender: dict[str, Any]) -> Taken:
        """One prepayment by one tender."""
        amount = tender["amount_fen"]
        version = self.clerk.rows(
            "SELECT version FROM counter.account_balance WHERE account_no = %s", self.account_no
        )[0][0]
        account = {"account_no": self.account_no, "version": version, "prepaid_fen": amount, "lines": []}
        ask = {
            "request_id": request_id(),
            "shift_id": self.shift_id,
            "tenders": [tender],
            "accounts": [account],
        }
        answer = self.clerk.post("post_payment", ask)
        return Taken(answer["journal_id"], answer["receipt_no"], amount)

    def close(self) -> dict[str, Any] | None:
        """The evening: count to the fen, close, put all on a deposit slip; None without takings."""
        shift = {"shift_id": self.shift_id}
        held = self.clerk.rows("SELECT cash_fen FROM counter.till WHERE till_no = %s", self.till_no)[0][0]
        count = {"request_id": request_id(), **shift, "denominations": in_pieces(held)}
        self.clerk.post("sign_count", count)
        self.clerk.post("close_shift", {"request_id": request_id(), **shift, "count_id": count["request_id"]})
        items = [{**shift, "part": part} for part in ("cash", "cheque", "pos")]
        total = self.cashier.rows(
            "SELECT coalesce(sum(amount_fen), 0)::bigint FROM counter.waiting_parts(counter.my_hall())"
        )[0][0]
        if not total:
            return None
        ask = {
            "request_id": request_id(),
            "bank_account_no": self.bank_account_no,
            "items": items,
            "carried_by": "赵静",
        }
        return self.cashier.post("post_deposit", ask)

    def close_day(self, day: date) -> None:
        """日结 by the cashier; nothing needs a note that was not written before."""
        self.cashier.post("close_day", {"request_id": request_id(), "business_date": day.isoformat()})

    def leave(self) -> None:
        """Both sign out."""
        self.clerk.close()
        self.cashier.close()
