"""Days closed at random, clocks turned back, requests sent late: what is closed stays as it was signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from counter.services.ledger import verify
from tests.bureau import Bureau
from tests.ledger.closed import add_bank_account, cash, close_shift, pos, slip
from tests.ledger.turned_clock import take_clock, turn_to

ACCOUNT = "330100000001"
FIRST = date(2026, 9, 26)
DAYS, STEPS = 9, 70
CASHIERS, CLERKS = ("t20001", "t30001"), (("t10001", 101), ("t10002", 102))
EXPECTED = {
    "23505",
    "CN002",
    "CN004",
    "CN009",
    "CN051",
    "CN054",
    "CN155",
    "CN156",
    "CN157",
    "CN158",
    "CN161",
    "CN162",
    "CN163",
    "CN164",
}
"""What a random move may be refused with; anything else is a fault. 23505: a till whose clock went back
would give a receipt's number twice."""

_GAPS = """
    SELECT count(*) FROM generate_series((SELECT min(business_date) FROM counter.closed_day),
                                         (SELECT max(business_date) FROM counter.closed_day), interval '1 day') d
     WHERE NOT EXISTS (SELECT FROM counter.closed_day c WHERE c.business_date = d::date AND c.hall_no = 1)
"""


class Hall:
    """One hall in which things happen by chance, and a clock that mostly goes forward."""

    def __init__(self, bureau: Bureau, seed: int) -> None:
        """It is the first morning."""
        self.bureau, self.chance, self.today = bureau, Random(seed), FIRST
        self.sent: list[tuple[str, str, dict[str, Any]]] = []
        self.closed = self.refused_back = 0

    def some_day(self) -> str:
        """Any day of the story, or the next one."""
        return str(FIRST + timedelta(days=self.chance.randrange(DAYS + 1)))

    def call(self, staff_no: str, function: str, body: dict[str, Any]) -> Any:
        """Send, and keep it to be sent again."""
        self.sent.append((staff_no, function, body))
        return self.bureau.call(staff_no, function, body)

    def morning(self) -> None:
        """The next day, at times the one after; not beyond the story."""
        self.today = min(self.today + timedelta(days=self.chance.choice((1, 1, 2))), FIRST + timedelta(DAYS))
        turn_to(self.bureau, str(self.today))

    def work(self) -> None:
        """A shift with some payments, closed, and mostly banked."""
        staff_no, till_no = self.chance.choice(CLERKS)
        shift = self.bureau.open_shift(staff_no, till_no, 0)
        fen = self.chance.randint(1, 9_000)
        tender = cash(fen) if self.chance.random() < 0.7 else pos(fen, f"{self.chance.randrange(10**6):06d}")
        request = self.bureau.payment(shift, ACCOUNT, total_fen=fen, prepaid_fen=fen, tenders=[tender])
        self.call(staff_no, "post_payment", request)
        self.tidy()
        if self.chance.random() < 0.8:
            self.call("t20001", "post_deposit", slip(self.bureau, fen, (shift, str(tender["kind"]))))

    def tidy(self) -> None:
        """Close what is open, also what a refusal left open."""
        open_shifts = "SELECT shift_id, staff_no FROM counter.shift WHERE closed_at IS NULL ORDER BY 1"
        with self.bureau.psql() as connection:
            for shift, staff_no in connection.execute(open_shifts).fetchall():
                close_shift(self.bureau, shift, staff_no)

    def close(self) -> None:
        """Any day, by either of both, with the words that are needed."""
        notes = {"statements": "late", "settlement": "late", "deposits": "late", "breaks": "late"}
        body = {"request_id": str(uuid4()), "business_date": self.some_day(), "checklist": notes}
        self.call(self.chance.choice(CASHIERS), "close_day", body)
        self.closed += 1

    def close_next(self) -> None:
        """The day that waits."""
        day = self.bureau.value("SELECT counter.next_day(1::smallint)")
        notes = {"statements": "late", "settlement": "late", "deposits": "late", "breaks": "late"}
        body = {"request_id": str(uuid4()), "business_date": str(day), "checklist": notes}
        if day is not None:
            self.call("t20001", "close_day", body)
            self.closed += 1

    def close_month(self) -> None:
        """Either month."""
        month = self.chance.choice(("2026-09-01", "2026-10-01"))
        self.call("t20001", "close_month", {"request_id": str(uuid4()), "month": month})

    def post_back(self) -> None:
        """Somebody turns the clock of the server back and works."""
        turn_to(self.bureau, self.some_day())
        try:
            self.work()
        except psycopg.Error as error:
            self.refused_back += error.sqlstate == "CN004"
            raise
        finally:
            turn_to(self.bureau, str(self.today))

    def send_again(self) -> None:
        """A request that was delayed on its way."""
        if self.sent:
            self.bureau.call(*self.chance.choice(self.sent))

    def live(self) -> None:
        """By chance; every refusal is one that somebody can understand."""
        moves: tuple[Callable[[], None], ...] = (
            self.morning,
            self.work,
            self.work,
            self.work,
            self.close,
            self.close_next,
            self.close_month,
            self.post_back,
            self.send_again,
        )
        for _step in range(STEPS):
            try:
                self.chance.choice(moves)()
            except psycopg.Error as error:
                if error.sqlstate not in EXPECTED:
                    raise


@pytest.mark.parametrize("seed", range(3))
def test_what_is_closed_stays_as_it_was_signed(bureau: Bureau, seed: int) -> None:
    take_clock(bureau, str(FIRST))
    bureau.add_account(ACCOUNT)
    add_bank_account(bureau)
    with bureau.psql() as connection:
        connection.execute(
            """UPDATE counter.bank_policy SET checklist = '{"deposits": "note", "breaks": "note"}'"""
        )
    hall = Hall(bureau, seed)
    hall.live()
    turn_to(bureau, str(FIRST + timedelta(days=DAYS + 1)))
    hall.tidy()
    while bureau.value("SELECT counter.next_day(1::smallint)") is not None:
        hall.close_next()
    assert (
        bureau.value(_GAPS),
        bureau.value("SELECT count(*) FROM counter.shift WHERE closed_at IS NULL"),
    ) == (0, 0)
    assert min(hall.closed - 2, hall.refused_back) > 0
    assert verify(bureau.engine("t40001")).finding is None, seed
