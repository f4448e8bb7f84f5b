"""After a day is closed nothing is posted into it: by every use case of the staff, and by hand."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from counter.errors import CounterError
from tests.bureau import Bureau
from tests.ledger.bank_lines import BankLines
from tests.ledger.statements import bring, statement
from tests.services.posting_work import ACCOUNT, CASHIER, OTHER, Work
from tests.services.tap import Tap
from tests.services.test_one_round_trip import USE_CASES

POSTS_NOTHING = frozenset(
    "sign_count show_card make_agreement end_agreement complete_reconnection request_approval decide_approval"
    " save_group delete_group reject_suggestion note_break set_phone relieve_late_fee close_month".split()
)
"""Functions that write no journal: they may go on after the closing."""

WRITERS = {
    "append_import_journal",
    "bring_cheque_back",
    "close_drawer",
    "move_cash",
    "open_shift",
    "pay_vend",
    "post_correction",
    "post_deposit",
    "post_matches",
    "post_payment",
    "post_statement",
    "post_vend_journal",
    "sell_cards",
    "add_to_fund",
}
"""Every function that appends a journal. Another one needs a case in the tables of the round trips, too."""

_WRITERS = """
    SELECT array_agg(p.proname::text) FROM pg_proc p
     WHERE p.pronamespace = 'counter'::regnamespace AND p.prosrc LIKE %s AND p.proname <> 'append_journal'
"""
_HEADERS = """
    SELECT array_agg(p.proname::text) FROM pg_proc p
     WHERE p.pronamespace = 'counter'::regnamespace AND p.prosrc ~ 'INSERT INTO counter.journal\\M(?!_)'
"""
_CLOSE = "INSERT INTO counter.closed_day (hall_no, business_date) SELECT hall_no, counter.business_date() FROM counter.hall"


@pytest.fixture
def work(bureau: Bureau) -> Iterator[Work]:
    """Two accounts, and a clerk with an open shift."""
    bureau.add_account(ACCOUNT)
    bureau.add_account(OTHER, name="李四")
    tap = Tap(bureau.url)
    made = Work(bureau, tap)
    bureau.open_shift()
    yield made
    for desk in made.desks.values():
        desk.close()
    tap.close()


def close(bureau: Bureau) -> None:
    """Every hall's day, as the closing leaves it."""
    with bureau.psql() as connection:
        connection.execute(_CLOSE)


@pytest.mark.parametrize("name", [name for name, case in USE_CASES.items() if case.function != "close_day"])
def test_nothing_is_posted_into_a_closed_day_by_anybody(work: Work, name: str) -> None:
    case = USE_CASES[name]
    act = case.prepare(work)
    entries = work.bureau.value("SELECT count(*) FROM counter.journal")
    close(work.bureau)
    if case.function in POSTS_NOTHING:
        act()
    else:
        with pytest.raises(CounterError) as error:
            act()
        assert error.value.title
    assert entries == work.bureau.value("SELECT count(*) FROM counter.journal")


def test_no_statement_no_bill_and_no_fund_is_posted_into_a_closed_day(bureau: Bureau) -> None:
    bureau.add_account(ACCOUNT)
    BankLines(bureau)
    account = bureau.value("SELECT bank_account_no FROM counter.bank_account WHERE kind = 'bank'")
    close(bureau)
    today = bureau.value("SELECT counter.business_date()")
    yesterday = str(bureau.value("SELECT counter.business_date() - 1"))
    states = []
    for attempt in (
        lambda: bring(bureau, statement([(yesterday, 100, "R1", "x")], 0, account)),
        lambda: bureau.add_bills(ACCOUNT, (202601, 100, today)),
        lambda: bureau.call(
            "t30001",
            "add_to_fund",
            {"request_id": "0192f000-0000-7000-8000-00000000000a", "amount_fen": 700, "reason": "拨款"},
        ),
    ):
        with pytest.raises(Exception) as error:
            attempt()
        states.append(getattr(getattr(error.value, "orig", error.value), "sqlstate", "?"))
    assert states == ["CN004"] * 3


def test_only_known_functions_append_and_only_one_writes(bureau: Bureau) -> None:
    assert set(bureau.value(_WRITERS, "%append_journal(%")) == WRITERS
    assert bureau.value(_HEADERS) == ["append_journal"]


def test_the_owner_writes_nothing_into_a_closed_day_by_hand(bureau: Bureau) -> None:
    bureau.open_shift()
    close(bureau)
    copy = """
        WITH lines AS (
            INSERT INTO counter.posting
            SELECT journal_id + 1, line, ledger_account, account_no, period, part, amount_fen FROM counter.posting)
        INSERT INTO counter.journal
        SELECT journal_id + 1, till_no, till_seq + 1, kind, business_date, hall_no, shift_id, staff_no, gen_random_uuid(),
               request_hash, reverses, receipt_serial, effective_at, recorded_at, hash, hash FROM counter.journal
    """
    with bureau.psql() as connection, pytest.raises(psycopg.Error) as error:
        connection.execute(copy)
    assert error.value.sqlstate == "CN012"
    assert bureau.value("SELECT count(*) FROM counter.journal") == 1


def test_the_cashier_of_another_hall_goes_on(bureau: Bureau) -> None:
    with bureau.psql() as connection:
        connection.execute(f"{_CLOSE} WHERE hall_no = 1")
    assert bureau.open_shift("t10003", 201)
    with pytest.raises(psycopg.Error):
        bureau.open_shift(CASHIER, 101)
