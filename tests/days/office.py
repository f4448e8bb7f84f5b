"""What the cashier does at the same time: deposits of whatever is closed, and money for the care fund."""

from __future__ import annotations

from random import Random

from tests.bureau import Bureau
from tests.days.clerk import Worker
from tests.days.session import Session, request_id

CLOSED = """
    SELECT c.shift_id FROM counter.shift_closing c JOIN counter.shift s USING (shift_id)
     WHERE s.hall_no = counter.my_hall() ORDER BY c.shift_id DESC LIMIT 6
"""


class Office(Worker):
    """The cashier of the hall, and the supervisor beside."""

    def __init__(self, bureau: Bureau, staff_no: str, chance: Random, accounts: list[str]) -> None:
        """Two sessions."""
        super().__init__(bureau, staff_no, chance, accounts)
        self.supervisor = Session(bureau, "t30001")

    def close(self) -> None:
        """Both end."""
        super().close()
        self.supervisor.close()

    def deposit(self) -> None:
        """Parts of closed shifts, also such as are on a slip already."""
        shifts = [row[0] for row in self.session.rows(CLOSED)]
        if not shifts:
            return
        some = self.chance.sample(shifts, self.chance.randrange(1, len(shifts) + 1))
        parts = self.chance.sample(("cash", "cheque", "pos"), self.chance.randrange(1, 4))
        request = {
            "request_id": request_id(),
            "bank_account_no": "330000000001",
            "items": [{"shift_id": shift, "part": part} for shift in some for part in parts],
            "carried_by": "赵静",
            "seal_no": "A-17",
        }
        self.post("post_deposit", request)

    def feed_fund(self) -> None:
        """The fund gets something to give; a supervisor does it."""
        self.supervisor.post("add_to_fund", {"request_id": request_id(), "amount_fen": 500, "reason": "捐款"})
