"""Deposit slips as the database referees them: what, once, by whom, and what the books say afterwards."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from db.queries import ledger_checks
from tests.bureau import Bureau
from tests.ledger.closed import add_bank_account, cash, cheque, close_shift, closed_shift, pos, slip

ACCOUNT = "330100000001"
CASHIER, SUPERVISOR = "t20001", "t30001"


@pytest.fixture
def hall(bureau: Bureau) -> Bureau:
    """An account to pay for and a bank account to bring the money to."""
    bureau.add_account(ACCOUNT)
    add_bank_account(bureau)
    return bureau


def refused(hall: Bureau, request: dict[str, Any], staff_no: str = CASHIER) -> psycopg.Error:
    """The refusal of a slip; nothing of it may be left behind."""
    before = hall.value("SELECT count(*) FROM counter.journal")
    with pytest.raises(psycopg.Error) as error:
        hall.call(staff_no, "post_deposit", request)
    assert hall.value("SELECT count(*) FROM counter.journal") == before
    return error.value


def verified(hall: Bureau) -> list[ledger_checks.Finding]:
    """What the proof of the ledger finds wrong."""
    with hall.admin.connect() as connection:
        return [finding for _name, finding in ledger_checks.run(connection) if finding]


def balance(hall: Bureau, ledger_account: str) -> int:
    """What a ledger account stands at."""
    query = "SELECT coalesce(sum(amount_fen), 0)::bigint FROM counter.posting WHERE ledger_account = %s"
    return int(hall.value(query, ledger_account))


def test_cash_and_cheques_are_in_transit_and_pos_is_only_listed(hall: Bureau) -> None:
    """One slip over three parts; its number is the safe's first receipt of the day."""
    shift = closed_shift(hall, ACCOUNT, cash(700), cheque(5_000), pos(300), pos(40, "000043"))
    request = slip(hall, 6_040, (shift, "cash"), (shift, "cheque"), (shift, "pos"))
    answer = hall.call(CASHIER, "post_deposit", request)
    assert (answer["cash_fen"], answer["cheques_fen"], answer["pos_fen"]) == (700, 5_000, 340)
    assert answer["slip_no"].startswith("800001-")
    assert answer["slip_no"].endswith("-0001")
    assert balance(hall, "cash_in_transit") == 5_700
    assert balance(hall, "undeposited_cash") == balance(hall, "cheques_in_hand") == 0
    assert balance(hall, "pos_clearing") == 340
    assert verified(hall) == []


def test_the_same_request_is_answered_as_the_first_time(hall: Bureau) -> None:
    """And with other content it is refused."""
    shift = closed_shift(hall, ACCOUNT, cash(700))
    request = slip(hall, 700, (shift, "cash"))
    answer = hall.call(CASHIER, "post_deposit", request)
    assert hall.call(CASHIER, "post_deposit", request) == {**answer, "replayed": True}
    assert refused(hall, request | {"carried_by": "别人"}).sqlstate == "CN002"
    assert refused(hall, request, SUPERVISOR).sqlstate == "CN002"


def test_a_part_is_banked_once_and_the_second_hears_of_the_slip(hall: Bureau) -> None:
    """Also when the rest of its shift is new."""
    shift = closed_shift(hall, ACCOUNT, cash(700), pos(300))
    first = hall.call(CASHIER, "post_deposit", slip(hall, 700, (shift, "cash")))
    error = refused(hall, slip(hall, 1_000, (shift, "cash"), (shift, "pos")), SUPERVISOR)
    assert error.sqlstate == "CN056"
    assert first["slip_no"] in (error.diag.message_detail or "")
    assert "赵静" in (error.diag.message_detail or "")
    second = hall.call(SUPERVISOR, "post_deposit", slip(hall, 300, (shift, "pos")))
    assert second["slip_no"].endswith("-0002")
    assert verified(hall) == []


def test_two_cashiers_at_once_make_one_slip(hall: Bureau) -> None:
    """The other hears which."""
    shifts = [
        closed_shift(hall, ACCOUNT, cash(100), till_no=101),
        closed_shift(hall, ACCOUNT, cash(200), till_no=102),
    ]
    items = [(shift, "cash") for shift in shifts]

    def post(turn: int) -> str:
        """One of both, each with the items in an order of its own."""
        request = slip(hall, 300, *items[:: 1 if turn % 2 else -1])
        try:
            return str(hall.call((CASHIER, SUPERVISOR)[turn % 2], "post_deposit", request)["slip_no"])
        except psycopg.Error as error:
            return str(error.sqlstate)

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(post, range(6)))
    assert outcomes[0].startswith("800001-")
    assert outcomes[1:] == ["CN056"] * 5
    assert verified(hall) == []


def test_slips_made_at_once_follow_each_other_without_a_gap(hall: Bureau) -> None:
    """One chain of the safe, whoever posts; also the same request from two threads is one slip."""
    shifts = [closed_shift(hall, ACCOUNT, cash(100 + turn)) for turn in range(6)]
    requests = [slip(hall, 100 + turn, (shift, "cash")) for turn, shift in enumerate(shifts)]

    def post(turn: int) -> str:
        """Each request twice, by the same person."""
        who = (CASHIER, SUPERVISOR)[turn // 2 % 2]
        return str(hall.call(who, "post_deposit", requests[turn // 2])["slip_no"])

    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(post, range(12)))
    assert numbers[::2] == numbers[1::2]
    assert sorted(int(number[-4:]) for number in numbers[::2]) == [1, 2, 3, 4, 5, 6]
    assert verified(hall) == []


def test_cash_that_went_to_the_safe_before_the_close_goes_along(hall: Bureau) -> None:
    """It stands in the same shift."""
    shift = hall.open_shift()
    hall.call("t10001", "post_payment", hall.payment(shift, ACCOUNT, total_fen=900, prepaid_fen=900))
    moved = {
        "request_id": str(uuid4()),
        "shift_id": shift,
        "reason": "to_safe",
        "amount_fen": 400,
        "note": "",
    }
    hall.call("t10001", "move_cash", moved)
    assert refused(hall, slip(hall, 400, (shift, "cash"))).sqlstate == "CN055"
    close_shift(hall, shift)
    answer = hall.call(CASHIER, "post_deposit", slip(hall, 900, (shift, "cash")))
    assert answer["cash_fen"] == 900
    assert verified(hall) == []


def test_a_cheque_that_was_given_back_is_not_deposited(hall: Bureau) -> None:
    """The sum that was shown before is refused."""
    shift = closed_shift(hall, ACCOUNT, cheque(5_000), cheque(600, "87654321"))
    with hall.psql() as connection:
        connection.execute(
            "UPDATE counter.tender_document SET released_by = journal_id WHERE reference = '建设银行/87654321'"
        )
    error = refused(hall, slip(hall, 5_600, (shift, "cheque")))
    assert (error.sqlstate, '"total_fen": 5000' in str(error.diag.message_detail)) == ("CN054", True)
    assert hall.call(CASHIER, "post_deposit", slip(hall, 5_000, (shift, "cheque")))["cheques_fen"] == 5_000


GIVE_BACK = (
    "WITH mirrored AS (SELECT j.* FROM counter.till t, counter.append_journal(t, jsonb_populate_record("
    " NULL::counter.journal, jsonb_build_object('kind', 'cash_movement', 'shift_id', t.shift_id,"
    " 'request_id', gen_random_uuid(), 'request_hash', sha256('x'))), ARRAY["
    " ROW('cheques_in_hand', NULL, NULL, NULL, -5000)::counter.posting_line,"
    " ROW('opening_equity', NULL, NULL, NULL, 5000)::counter.posting_line]) AS j WHERE t.shift_id = %s)"
    " UPDATE counter.tender_document SET released_by = (SELECT journal_id FROM mirrored)"
)


def test_a_cheque_on_a_slip_is_not_given_back_from_the_hand(hall: Bureau) -> None:
    """It is not there any more; before the slip it is."""
    shift = closed_shift(hall, ACCOUNT, cheque(5_000))
    request = slip(hall, 5_000, (shift, "cheque"))
    other = hall.open_shift("t10002", 102)
    with hall.psql() as connection:
        with connection.transaction(force_rollback=True):
            connection.execute(GIVE_BACK, [other])
            connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        answer = hall.call(CASHIER, "post_deposit", request)
        with pytest.raises(psycopg.Error) as error:
            connection.execute(GIVE_BACK, [other])
    assert (error.value.sqlstate, answer["slip_no"] in str(error.value.diag.message_detail)) == (
        "CN056",
        True,
    )
    assert verified(hall) == []


def test_a_cheque_that_the_bank_returns_comes_back_from_transit(hall: Bureau) -> None:
    """With an approval: out of transit, into the hand, and out of it again."""
    shift = closed_shift(hall, ACCOUNT, cheque(5_000), cash(100))
    other = hall.open_shift("t10002", 102)
    hall.call(CASHIER, "post_deposit", slip(hall, 5_100, (shift, "cheque"), (shift, "cash")))
    with hall.psql() as connection, connection.transaction():
        connection.execute(GIVE_BACK, [other])
        connection.execute(
            "INSERT INTO counter.journal_note (journal_id, reason, approval_id)"
            " SELECT released_by, '退票', gen_random_uuid() FROM counter.tender_document"
        )
    assert (balance(hall, "cash_in_transit"), balance(hall, "cheques_in_hand")) == (100, 0)
    assert verified(hall) == []


def test_a_slip_and_a_cheque_given_back_at_once_do_not_both_have_it(hall: Bureau) -> None:
    """The slip waits for whoever gives it back, and then its sum is another."""
    shift = closed_shift(hall, ACCOUNT, cheque(5_000), cash(100))
    other = hall.open_shift("t10002", 102)
    request = slip(hall, 5_100, (shift, "cheque"), (shift, "cash"))
    with hall.psql() as connection, ThreadPoolExecutor(1) as pool:
        with connection.transaction():
            connection.execute(GIVE_BACK, [other])
            connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            outcome = pool.submit(hall.call, CASHIER, "post_deposit", request)
            while not hall.value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                assert not outcome.done(), "the slip did not wait"
        with pytest.raises(psycopg.Error) as error:
            outcome.result()
    assert error.value.sqlstate == "CN054"
    assert hall.value("SELECT count(*) FROM counter.deposit") == 0
    assert verified(hall) == []


def test_parts_of_nothing_wait_no_longer_than_the_rest(hall: Bureau) -> None:
    """A shift without cheques is done when its cash is banked."""
    shift = closed_shift(hall, ACCOUNT, cash(700))
    hall.call(CASHIER, "post_deposit", slip(hall, 700, (shift, "cash")))
    assert hall.value("SELECT count(*) FROM counter.waiting_parts(1::smallint)") == 0


def test_money_on_a_slip_is_told(hall: Bureau) -> None:
    """By the kind of money: cash is on it, the POS slip is not."""
    shift = closed_shift(hall, ACCOUNT, cash(700), pos(300))
    hall.call(CASHIER, "post_deposit", slip(hall, 700, (shift, "cash")))
    with hall.psql() as connection:
        told = connection.execute(
            "SELECT counter.is_deposited(journal_id) FROM counter.journal WHERE kind = 'payment' ORDER BY journal_id"
        ).fetchall()
    assert told == [(True,), (False,)]


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"bank_account_no": "no such"}, "CN053"),
        ({"bank_account_no": None}, "CN053"),
        ({"carried_by": "   "}, "CN053"),
        ({"carried_by": None}, "CN053"),
        ({"carried_by": "张" * 41}, "CN053"),
        ({"carried_by": "张\n三"}, "CN053"),
        ({"seal_no": "9" * 41}, "CN053"),
        ({"note": "x" * 201}, "CN053"),
        ({"note": "a\tb"}, "CN053"),
        ({"items": []}, "CN053"),
        ({"items": None}, "CN053"),
        ({"items": {"shift_id": 1}}, "CN053"),
        ({"items": [{"shift_id": 1, "part": "gold"}]}, "CN053"),
        ({"items": [{"part": "cash"}]}, "CN053"),
        ({"items": [{"shift_id": 1, "part": "cash"}, {"shift_id": 1, "part": "cash"}]}, "CN053"),
        ({"items": [{"shift_id": 1, "part": "cash"}]}, "CN055"),
        ({"items": [{"shift_id": -1, "part": "cash"}]}, "CN055"),
        ({"total_fen": 699}, "CN054"),
        ({"total_fen": -700}, "CN054"),
        ({"total_fen": None}, "CN054"),
    ],
)
def test_what_makes_no_slip_is_refused(hall: Bureau, changes: dict[str, Any], state: str) -> None:
    """Also what only psql could send."""
    shift = closed_shift(hall, ACCOUNT, cash(700))
    assert refused(hall, slip(hall, 700, (shift, "cash")) | changes).sqlstate == state


def test_hostile_words_are_kept_as_they_are(hall: Bureau) -> None:
    """They are data and nothing else."""
    shift = closed_shift(hall, ACCOUNT, cash(700))
    request = slip(hall, 700, (shift, "cash"), carried_by="'; --", seal_no="[/]１２", note="[b]${x}{0}%s")
    hall.call(CASHIER, "post_deposit", request)
    kept = hall.value("SELECT concat_ws('|', carried_by, seal_no) FROM counter.deposit")
    assert kept == "'; --|[/]１２"


def test_a_closed_bank_account_takes_nothing(hall: Bureau) -> None:
    """Inactive is as good as none."""
    shift = closed_shift(hall, ACCOUNT, cash(700))
    with hall.psql() as connection:
        connection.execute("UPDATE counter.bank_account SET active = false")
    assert refused(hall, slip(hall, 700, (shift, "cash"))).sqlstate == "CN053"


@pytest.mark.parametrize(
    ("staff_no", "state"),
    [("t10001", "42501"), ("t40001", "42501"), ("t50001", "42501"), ("t60001", "42501")],
)
def test_only_cashiers_and_supervisors_post(hall: Bureau, staff_no: str, state: str) -> None:
    """Whoever tries by psql is refused by the server."""
    shift = closed_shift(hall, ACCOUNT, cash(700))
    assert refused(hall, slip(hall, 700, (shift, "cash")), staff_no).sqlstate == state
    with hall.psql(staff_no) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("INSERT INTO counter.deposit_item VALUES (%s, 'cash', %s, 1)", [shift, shift])


def test_another_hall_s_shift_is_not_deposited_here(hall: Bureau) -> None:
    """Nor seen."""
    shift = closed_shift(hall, ACCOUNT, cash(700), staff_no="t10003", till_no=201)
    assert refused(hall, slip(hall, 700, (shift, "cash"))).sqlstate == "CN055"
    with hall.psql(CASHIER) as connection:
        assert connection.execute("SELECT * FROM counter.waiting_parts(2::smallint)").fetchall() == []


def test_a_locked_cashier_posts_nothing(hall: Bureau) -> None:
    """The role alone is not enough."""
    shift = closed_shift(hall, ACCOUNT, cash(700))
    with hall.psql() as connection:
        connection.execute("UPDATE counter.staff SET active = false WHERE staff_no = %s", [CASHIER])
    assert refused(hall, slip(hall, 700, (shift, "cash"))).sqlstate == "CN013"


def test_slips_stand_for_ever(hall: Bureau) -> None:
    """Not even the owner changes one."""
    shift = closed_shift(hall, ACCOUNT, cash(700))
    hall.call(CASHIER, "post_deposit", slip(hall, 700, (shift, "cash")))
    for statement in ("UPDATE counter.deposit SET cash_fen = 1", "DELETE FROM counter.deposit_item"):
        with hall.psql() as connection, pytest.raises(psycopg.Error) as error:
            connection.execute(statement)
        assert error.value.sqlstate == "CN011"


def test_the_proof_finds_a_slip_that_does_not_agree(hall: Bureau) -> None:
    """Rows that somebody put beside the function."""
    shift = closed_shift(hall, ACCOUNT, cash(700), cheque(50))
    hall.call(CASHIER, "post_deposit", slip(hall, 700, (shift, "cash")))
    with hall.psql() as connection:
        connection.execute(
            "INSERT INTO counter.deposit_item SELECT shift_id, 'cheque', journal_id, 50 FROM counter.deposit_item"
            " WHERE part = 'cash'"
        )
    assert [finding.check for finding in verified(hall)] == ["deposits", "clearing"]


POST = (
    "SELECT counter.append_journal(t, jsonb_populate_record(NULL::counter.journal, jsonb_build_object("
    " 'kind', 'cash_movement', 'shift_id', s.shift_id, 'request_id', gen_random_uuid(), 'request_hash', sha256('x'))),"
    " ARRAY[ROW('cash_in_transit', NULL, NULL, NULL, 1)::counter.posting_line,"
    " ROW(%s, NULL, NULL, NULL, -1)::counter.posting_line])"
    " FROM counter.till t JOIN counter.shift s USING (till_no)"
)


@pytest.mark.parametrize(
    ("ledger_account", "check"),
    [("undeposited_cash", "safes"), ("cheques_in_hand", "halls' money in hand")],
)
def test_the_proof_finds_money_that_left_without_a_slip(
    hall: Bureau, ledger_account: str, check: str
) -> None:
    """A journal that takes from the safe what is banked, or was never there."""
    shift = closed_shift(hall, ACCOUNT, cash(700))
    hall.call(CASHIER, "post_deposit", slip(hall, 700, (shift, "cash")))
    with hall.psql() as connection:
        connection.execute(POST, [ledger_account])
    assert check in [finding.check for finding in verified(hall)]


def test_no_such_request(hall: Bureau) -> None:
    """A request without an id is none."""
    shift = closed_shift(hall, ACCOUNT, cash(700))
    assert refused(hall, slip(hall, 700, (shift, "cash")) | {"request_id": None}).sqlstate is not None
    assert (
        refused(hall, slip(hall, 700, (shift, "cash")) | {"request_id": "x" + str(uuid4())}).sqlstate
        == "22P02"
    )
