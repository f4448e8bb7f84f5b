"""The other half of a clerk's day: corrections, cash in and out, counting, closing, relief of late fees."""

from __future__ import annotations

from typing import Any

from tests.days.clerk import BALANCE, OPEN_BILLS, Clerk
from tests.days.session import request_id

MINE = """
    SELECT j.journal_id FROM counter.journal j WHERE j.kind IN ('payment', 'card_sale', 'vend') AND j.hall_no = counter.my_hall()
     ORDER BY j.recorded_at DESC LIMIT 12
"""
PIECES = (10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1)


class DeskWork(Clerk):
    """A clerk who does everything."""

    def reverse(self) -> None:
        """One of the last payments of the hall, also those of others and those reversed already."""
        found = self.session.rows(MINE)
        if not found:
            return
        request = {
            "request_id": request_id(),
            "shift_id": self.shift_id,
            "journal_id": self.chance.choice(found)[0],
            "cause": self.chance.choice(("mistake", "customer", "cheque_returned", "other")),
            "reason": "录错户号",
        }
        if self.chance.random() < 0.5:
            request = self.asked("reversal", request, self.supervisor)
        self.post("reverse_payment", request)

    def refund(self) -> None:
        """Out of the prepaid balance, in cash or by the bank, always approved."""
        account = self.chance.choice(self.accounts)
        version, prepaid, _arrears = self.session.rows(BALANCE, account)[0]
        request: dict[str, Any] = {
            "request_id": request_id(),
            "shift_id": self.shift_id,
            "account_no": account,
            "account_version": version,
            "amount_fen": self.chance.randrange(1, max(2, prepaid + 100)),
            "method": self.chance.choice(("cash", "bank")),
            "payee_name": "王小四",
            "payee_account": "6222020200012345",
            "payee_bank": "工商银行",
            "reason": "销户退费",
        }
        self.post("refund", self.asked("refund", request, self.supervisor))

    def transfer(self) -> None:
        """From one account to another, approved where that is needed."""
        one, other = self.chance.sample(self.accounts, 2)
        (from_version, prepaid, _), (to_version, _, _) = (
            self.session.rows(BALANCE, number)[0] for number in (one, other)
        )
        request: dict[str, Any] = {
            "request_id": request_id(),
            "shift_id": self.shift_id,
            "from_account": one,
            "to_account": other,
            "from_version": from_version,
            "to_version": to_version,
            "amount_fen": self.chance.randrange(1, max(2, prepaid + 10)),
            "reason": "过户",
        }
        if self.chance.random() < 0.7:
            request = self.asked("balance_transfer", request, self.supervisor)
        self.post("balance_transfer", request)

    def move_cash(self) -> None:
        """Change in, change out, to the safe."""
        self.post(
            "move_cash",
            {
                "request_id": request_id(),
                "shift_id": self.shift_id,
                "reason": self.chance.choice(("change_in", "change_out", "to_safe")),
                "amount_fen": self.chance.randrange(1, 60_000),
                "note": "换零",
            },
        )

    def relieve(self) -> None:
        """Waive a part of a late fee, or put it off."""
        account = self.chance.choice(self.accounts)
        bills = [bill for bill in self.session.rows(OPEN_BILLS, account) if bill[2] > 0]
        if not bills:
            return
        period, _open_fen, fee = self.chance.choice(bills)
        request: dict[str, Any] = {
            "request_id": request_id(),
            "account_no": account,
            "account_version": self.session.rows(BALANCE, account)[0][0],
            "period": period,
            "part": 1,
            "reason": "银行系统故障",
        }
        if self.chance.random() < 0.7:
            action, more = (
                "late_fee_waiver",
                {"kind": "waiver", "waived_fen": self.chance.randrange(1, fee + 2)},
            )
        else:
            until = self.session.rows("SELECT (counter.business_date() + 30)::text")[0][0]
            action, more = "late_fee_deferral", {"kind": "deferral", "deferred_until": until}
        self.post("relieve_late_fee", self.asked(action, request | more, self.supervisor))

    def count_and_close(self) -> None:
        """Count well or badly, count again now and then, close, and open anew."""
        count = self._count()
        if self.chance.random() < 0.3:
            count = self._count()
        if self.chance.random() < 0.2:  # something is posted in between: the count is stale
            self.pay()
        if count:
            self.post(
                "close_shift", {"request_id": request_id(), "shift_id": self.shift_id, "count_id": count}
            )
        self.open()

    def _count(self) -> str:
        """The id of a signed count; empty when it was refused."""
        held = self.session.rows("SELECT cash_fen FROM counter.till WHERE till_no = %s", self.till_no)[0][0]
        counted = max(0, held + self.chance.choice((0, 0, 0, -100, 250)))
        count = {"request_id": request_id(), "shift_id": self.shift_id, "denominations": in_pieces(counted)}
        return str(count["request_id"]) if self.post("sign_count", count) else ""


def in_pieces(amount_fen: int) -> dict[str, int]:
    """Notes and coins that come to the amount."""
    pieces = {}
    for worth in PIECES:
        pieces[str(worth)], amount_fen = divmod(amount_fen, worth)
    return {worth: number for worth, number in pieces.items() if number}
