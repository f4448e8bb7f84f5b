"""Random days from four sessions at once, clients killed by chance: the ledger is right at the end, always.

Proven afterwards: every check of ``counter ledger verify``, and in words of their own the invariants that the
money desk promises.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counter.services.ledger import verify
from tests.bureau import Bureau
from tests.days.card_work import stock
from tests.days.clerk import Worker
from tests.days.office import Office
from tests.days.vend_work import VendWork

STEPS = 30
ACCOUNTS = [f"3301000000{number:02d}" for number in range(8)]
CLERKS = (("t10001", 101), ("t10002", 102), ("t10003", 201))


@pytest.fixture
def hall(bureau: Bureau) -> Bureau:
    """Eight accounts with bills, some overdue, one of a hardship household, a bank account, cards."""
    today = bureau.value("SELECT counter.business_date()")
    for number, account in enumerate(ACCOUNTS):
        hardship = "t" if number == 0 else "f"
        bureau.add_account(account, name=f"户{number}", hardship=hardship, meter_no=f"2503668090{number:02d}")
        bureau.add_bills(
            account,
            (202401, 10_000 + number, today - timedelta(days=40)),
            (202402, 20_000, today - timedelta(days=5)),
            (202403, 250_000, today + timedelta(days=5)),
        )
    with bureau.psql() as connection:
        connection.execute("INSERT INTO counter.bank_account VALUES ('330000000001', '工商银行', '供电公司')")
    stock(bureau)
    return bureau


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32), kills=st.integers(0, 25))
def test_whatever_the_desks_do_the_ledger_is_right(hall: Bureau, seed: int, kills: int) -> None:
    """One bureau lives through all examples, so that each day begins on what the day before left."""
    day = Day(hall, seed)
    try:
        day.work(kills)
    finally:
        day.end()
    proof = verify(hall.engine("t40001"))
    assert proof.finding is None, (seed, kills, proof.finding)
    assert wrong(hall) == [], (seed, kills)


class Day:
    """Three clerks and an office at work, and somebody who pulls plugs."""

    def __init__(self, bureau: Bureau, seed: int) -> None:
        """Everybody has a chance of their own, made from the seed."""
        self.bureau = bureau
        self.chance = Random(seed)
        self.clerks = [
            VendWork(bureau, staff_no, till_no, Random(self.chance.random()), ACCOUNTS)
            for staff_no, till_no in CLERKS
        ]
        self.office = Office(bureau, "t20001", Random(self.chance.random()), ACCOUNTS)

    def work(self, kills: int) -> None:
        """Everybody at once; the first fault of anybody is raised."""
        for clerk in self.clerks:
            clerk.open()
        done = threading.Event()
        killer = threading.Thread(target=self._kill, args=(kills, done), daemon=True)
        killer.start()
        with ThreadPoolExecutor(4) as pool:
            jobs = [pool.submit(self._clerk_day, clerk) for clerk in self.clerks]
            jobs.append(pool.submit(self._office_day))
            try:
                for job in jobs:
                    job.result(timeout=120)
            finally:
                done.set()
        killer.join(10)

    def _clerk_day(self, clerk: VendWork) -> None:
        steps: list[Callable[[], None]] = [
            *[clerk.pay] * 6,
            clerk.pay_from_balance,
            clerk.pay_by_fund,
            *[clerk.reverse] * 3,
            clerk.refund,
            clerk.transfer,
            clerk.move_cash,
            clerk.relieve,
            *[clerk.sell_cards] * 2,
            *[clerk.redeem_card] * 2,
            clerk.guess_secret,
            *[clerk.sell_power] * 5,
            *[clerk.settle_power] * 6,
            *[clerk.undo_power] * 2,
            clerk.decide_power,
            clerk.replace_card,
            clerk.return_card,
            clerk.count_and_close,
            clerk.repeat,
        ]
        for _step in range(STEPS):
            clerk.chance.choice(steps)()

    def _office_day(self) -> None:
        for _step in range(STEPS // 2):
            self.office.chance.choice([self.office.deposit, self.office.feed_fund, self.office.repeat])()

    def _kill(self, kills: int, done: threading.Event) -> None:
        """End the server's side of somebody's connection, in the middle of whatever it does."""
        chance = Random(self.chance.random())
        people: list[Worker] = [*self.clerks, self.office]
        with self.bureau.psql() as connection:
            for _kill in range(kills):
                if done.wait(chance.random() * 0.05):
                    return
                victim = chance.choice(people).session.backend_pid
                connection.execute("SELECT pg_terminate_backend(%s)", [victim])
                time.sleep(0)

    def end(self) -> None:
        """Everybody goes home."""
        for worker in (*self.clerks, self.office):
            worker.close()


RULES = {
    "a journal sums to zero": "SELECT journal_id FROM counter.posting GROUP BY journal_id HAVING sum(amount_fen) <> 0",
    "cash in a till is what its journals say, and nothing below zero": """
        SELECT t.till_no FROM counter.till t
         WHERE t.cash_fen < 0 OR t.cash_fen <> (
               SELECT coalesce(sum(p.amount_fen), 0) FROM counter.posting p JOIN counter.journal j USING (journal_id)
                WHERE j.till_no = t.till_no AND p.ledger_account = 'cash_in_till')""",
    "a free till is empty": "SELECT till_no FROM counter.till WHERE shift_id IS NULL AND cash_fen <> 0",
    "an open drawer is float + cash - change - given back, and in and out": """
        SELECT t.till_no FROM counter.till t JOIN counter.shift s ON s.shift_id = t.shift_id
         WHERE t.cash_fen <> s.float_fen
               + coalesce((SELECT sum(x.amount_fen) FROM counter.tender x JOIN counter.journal j USING (journal_id)
                            WHERE j.shift_id = s.shift_id AND x.kind = 'cash'), 0)
               + coalesce((SELECT sum(m.amount_fen) FROM counter.cash_movement m WHERE m.shift_id = s.shift_id), 0)""",
    "no bill is over-allocated": "SELECT account_no FROM counter.bill WHERE principal_paid_fen > principal_fen"
    " OR principal_paid_fen < 0 OR late_fee_paid_fen < 0",
    "no balance, fund or card is below zero": "SELECT account_no FROM counter.account_balance WHERE prepaid_fen < 0"
    " OR arrears_fen < 0 UNION ALL SELECT fund FROM counter.fund WHERE balance_fen < 0",
    "receipt numbers have no gap and no double": """
        SELECT till_no::text || business_date FROM counter.journal WHERE receipt_serial IS NOT NULL
         GROUP BY till_no, business_date
        HAVING count(*) <> max(receipt_serial) OR count(DISTINCT receipt_serial) <> count(*)""",
    "an approval is used once": "SELECT approval_id FROM counter.journal_note WHERE approval_id IS NOT NULL"
    " GROUP BY approval_id HAVING count(*) > 1",
    "a reversal mirrors exactly one payment, sale of cards or sale onto a card": """
        SELECT r.journal_id FROM counter.journal r LEFT JOIN counter.journal o ON o.journal_id = r.reverses
         WHERE r.kind = 'reversal' AND (o.kind IN ('payment', 'card_sale', 'vend')) IS NOT TRUE""",
    "a paper counts once": "SELECT reference FROM counter.tender_document WHERE released_by IS NULL"
    " GROUP BY kind, reference HAVING count(*) > 1",
    "a card is sold once, and what is sold and not redeemed is owed": """
        SELECT 'recharge cards' FROM counter.posting p WHERE p.ledger_account = 'recharge_cards'
        HAVING coalesce(-sum(p.amount_fen), 0) <> (
               SELECT coalesce(sum(c.face_fen), 0) FROM counter.recharge_card c WHERE c.status IN ('sold', 'locked'))""",
    "a redeemed card paid for one payment that stands": """
        SELECT c.card_no FROM counter.recharge_card c
         WHERE (c.status = 'redeemed') IS DISTINCT FROM EXISTS (
               SELECT FROM counter.tender_document d
                WHERE d.kind = 'recharge_card' AND d.reference = c.card_no AND d.released_by IS NULL)""",
    "five wrong secrets lock, and fewer do not": """
        SELECT card_no FROM counter.recharge_card WHERE (status = 'locked') <> (failed_tries = 5)""",
    "an account has one sale onto its card that is not settled, and one card in use": """
        SELECT account_no FROM counter.vend WHERE state IN ('pending', 'in_doubt') GROUP BY account_no HAVING count(*) > 1
        UNION ALL
        SELECT account_no FROM counter.meter_card WHERE status = 'active' GROUP BY account_no HAVING count(*) > 1""",
    "the counts of a meter have no gap and no double, and the books are at the last": """
        SELECT m.account_no FROM counter.meter_count m
          LEFT JOIN counter.vend v ON v.account_no = m.account_no AND v.state <> 'undone'
         GROUP BY m.account_no, m.vend_count
        HAVING count(v.vend_id) <> m.vend_count OR count(DISTINCT v.vend_count) <> m.vend_count""",
    "power that is paid is owed, sold or given back": """
        SELECT v.vend_id::text FROM counter.vend v
         WHERE (SELECT count(*) FROM counter.journal j WHERE j.reverses = v.journal_id)
               + (SELECT count(*) FROM counter.vend_event e JOIN counter.journal j USING (journal_id)
                   WHERE e.vend_id = v.vend_id AND j.kind = 'vend_credited') <> (v.state = 'undone')::integer""",
    "what is owed in power is what is not settled": """
        SELECT 'power' FROM counter.posting p WHERE p.ledger_account = 'vend_in_flight'
        HAVING coalesce(-sum(p.amount_fen), 0) <> (
               SELECT coalesce(sum(v.amount_fen), 0) FROM counter.vend v WHERE v.state IN ('pending', 'in_doubt'))""",
    "over and short are never netted": """
        SELECT p.journal_id::text FROM counter.posting p WHERE p.ledger_account IN ('cash_over', 'cash_short')
         GROUP BY p.journal_id HAVING count(*) > 1""",
}


def wrong(bureau: Bureau) -> list[str]:
    """The promises that do not hold."""
    with bureau.psql() as connection:
        return [rule for rule, query in RULES.items() if connection.execute(query).fetchall()]
