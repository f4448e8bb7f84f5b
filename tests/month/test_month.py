"""日清月结: eleven halls close a month day by day, and every planted break is found, no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest

from counter.services.ledger import verify
from tests.bureau import Bureau
from tests.days.session import request_id
from tests.month.acquirer_files import settlement_csv
from tests.month.bank_files import FORMATS, Day
from tests.month.bureau_of_eleven import CENTRAL, OWN, furnish, sign_contract
from tests.month.clock import set_clock, take_the_clock
from tests.month.halls import Hall
from tests.month.office import Office
from tests.month.world import MERCHANT, ONE_DAY, World

WRONG_FEES = """
    SELECT l.trace FROM counter.statement_line l WHERE l.trace <> '' AND l.fee_fen <> counter.contract_fee(l)
"""
START, DAYS, HALLS = date(2026, 9, 1), 30, 11
SEED = 20_260_901


class Month:
    """The month as it was lived, for the tests to look at."""

    def __init__(self, bureau: Bureau) -> None:
        """Furnish the bureau."""
        take_the_clock(bureau)
        self.bureau = bureau
        self.halls = furnish(bureau, HALLS)
        sign_contract(bureau)
        self.world = World(self.halls, Random(SEED), START, DAYS)
        self.office = Office(bureau, self.halls[0].cashier.staff_no, self.world.truth)

    def live(self) -> None:
        """All days; in the morning after each the bank side of it is worked and the day is closed."""
        for number in range(DAYS):
            day = START + timedelta(number)
            self.work(day)
            self.world.settle(day, CENTRAL)
            if number % 10 == 9:
                self.world.bank_fee(CENTRAL, day)
            set_clock(self.bureau, day + ONE_DAY, 7)
            self.bring(day, number)
            self.office.match()
            self.office.note_breaks()
            assert self.office.unreconciled_fen(day) == 0
            for hall in self.halls:
                hall.close_day(day)

    def work(self, day: date) -> None:
        """Every hall from opening to the deposit."""
        set_clock(self.bureau, day, 9)
        for hall in self.halls:
            hall.open()
            self.world.trade(hall, day)
        set_clock(self.bureau, day, 23)
        for hall in self.halls:
            self.world.trade_late(hall, day)
            self.world.deposit(hall, day, hall.close())

    def bring(self, day: date, number: int) -> None:
        """The files of the day; now and then yesterday's come again, in another format."""
        for account in (CENTRAL, OWN):
            opening, lines = self.world.statement(account, day)
            content = FORMATS[number % 3](Day(account, day, opening, lines))
            self.office.bring(content, f"{account}-{day}")
            if number % 7 == 6:
                again = self.office.bring(
                    FORMATS[(number + 1) % 3](Day(account, day, opening, lines)), f"again-{day}"
                )
                assert again.lines_new == 0
        if slips := self.world.truth.pos.get(day):
            taken = self.office.bring(settlement_csv(MERCHANT, slips), f"pos-{day}.csv")
            self.office.settled[taken.statements[0].statement_id] = day

    def leave(self) -> None:
        """Everybody signs out."""
        self.office.leave()
        for hall in self.halls:
            hall.leave()


@pytest.fixture
def month(bureau: Bureau) -> Iterator[Month]:
    """Lived through."""
    lived = Month(bureau)
    try:
        lived.live()
        yield lived
    finally:
        lived.leave()


def test_a_month_of_eleven_halls_closes_and_every_planted_break_is_found(
    month: Month, bureau: Bureau
) -> None:
    """Its days and months are closed, no match joins strangers, the books are right to the fen."""
    office, truth = month.office, month.world.truth
    assert office.wrong_matches() == []
    planted = {plant.event: plant.kind for plant in truth.planted}
    assert len(planted) == 21
    lost = {event: kind for event, kind in planted.items() if kind not in office.found.get(event, ())}
    assert lost == {}
    quiet = {"across_midnight"}  # it comes right the day after
    assert office.alarmed == {event: {kind} for event, kind in planted.items() if kind not in quiet}, (
        "none invented"
    )
    with bureau.psql() as owner:
        fees = {row[0] for row in owner.execute(WRONG_FEES)}
    assert fees == {event.removeprefix("pos-").zfill(6) for event, kind in planted.items() if kind == "fee"}
    closed = "SELECT count(*) FROM counter.day_closing WHERE business_date BETWEEN %s AND %s"
    assert bureau.value(closed, START, START + timedelta(DAYS - 1)) == DAYS * HALLS
    for hall in month.halls:
        close_month(hall)
    assert bureau.value("SELECT count(*) FROM counter.month_closing WHERE month = %s", START) == HALLS
    proof = verify(bureau.admin)
    assert proof.finding is None, proof.finding


def close_month(hall: Hall) -> None:
    """The first of the next month."""
    hall.cashier.post("close_month", {"request_id": request_id(), "month": START.isoformat()})
