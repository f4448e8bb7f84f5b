"""Recharge cards and the care fund, as the database referees them."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from counter.services.ledger import verify
from tests.bureau import Bureau

ACCOUNT, CARD, OTHER = "330100000001", "80000001", "80000002"
FACE_FEN = 20_000


def proof(secret: str) -> bytes:
    """A stand-in for the slow hash: the server does not care how slow it was."""
    return hashlib.sha256(secret.encode()).digest()


@pytest.fixture
def desk(bureau: Bureau) -> Bureau:
    """Two cards in stock, an account and an open shift."""
    bureau.add_account(ACCOUNT)
    cards = [
        {"card_no": number, "face_fen": FACE_FEN, "digest": hashlib.sha256(proof(number)).hexdigest()}
        for number in (CARD, OTHER)
    ]
    assert bureau.call("t60001", "load_cards", {"cards": cards}) == {"added": 2}
    assert bureau.call("t60001", "load_cards", {"cards": cards}) == {"added": 0}
    bureau.open_shift()
    return bureau


def shift(desk: Bureau, till_no: int = 101) -> int:
    """The open shift of a till."""
    return int(desk.value("SELECT shift_id FROM counter.till WHERE till_no = %s", till_no))


def sell(desk: Bureau, *cards: str, **changes: Any) -> dict[str, Any]:
    """Sell cards for cash."""
    total = FACE_FEN * len(cards)
    request = {
        "request_id": str(uuid4()),
        "shift_id": shift(desk),
        "cards": list(cards),
        "tenders": [{"kind": "cash", "amount_fen": total, "received_fen": total}],
    }
    return dict(desk.call("t10001", "sell_cards", request | changes))


def show(desk: Bureau, secret: str, card: str = CARD) -> dict[str, Any]:
    """Show a card with a secret."""
    request = {"shift_id": shift(desk), "card_no": card, "proof": proof(secret).hex()}
    return dict(desk.call("t10001", "show_card", request))


def redeem(desk: Bureau, amount_fen: int = FACE_FEN) -> dict[str, Any]:
    """Pay in advance with the card."""
    tender = {"kind": "recharge_card", "amount_fen": amount_fen, "details": {"reference": CARD}}
    request = desk.payment(shift(desk), ACCOUNT, prepaid_fen=amount_fen, tenders=[tender])
    return dict(desk.call("t10001", "post_payment", request))


def state(error: pytest.ExceptionInfo[psycopg.Error]) -> str:
    """The state of a refusal."""
    return error.value.sqlstate or ""


def test_a_card_is_sold_shown_and_redeemed_once(desk: Bureau) -> None:
    """Sold: owed to whoever has it; redeemed: owed to the account."""
    sold = sell(desk, CARD, OTHER)
    assert sold["total_fen"] == 2 * FACE_FEN
    assert show(desk, CARD) == {"result": "shown", "face_fen": FACE_FEN, "tries_left": 5}
    assert redeem(desk)["prepaid_after_fen"] == FACE_FEN
    with pytest.raises(psycopg.Error) as again:
        redeem(desk)
    assert state(again) == "CN023"
    owed = desk.value("SELECT -sum(amount_fen) FROM counter.posting WHERE ledger_account = 'recharge_cards'")
    assert owed == FACE_FEN
    assert verify(desk.engine("t40001")).finding is None


def test_a_sale_is_answered_again_and_a_card_is_sold_once(desk: Bureau) -> None:
    """The same request after a lost reply; another for the same card is refused."""
    request_id = str(uuid4())
    first = sell(desk, CARD, request_id=request_id)
    assert sell(desk, CARD, request_id=request_id) == {**first, "replayed": True}
    with pytest.raises(psycopg.Error) as twice:
        sell(desk, CARD)
    assert state(twice) == "CN066"


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"cards": []}, "CN066"),
        ({"cards": ["99999999"]}, "CN066"),
        ({"cards": [CARD, CARD]}, "CN066"),
        ({"tenders": [{"kind": "cash", "amount_fen": 1, "received_fen": 1}]}, "CN067"),
        ({"tenders": [{"kind": "care_fund", "amount_fen": FACE_FEN}]}, "23514"),
        ({"tenders": []}, "CN067"),
    ],
)
def test_a_sale_without_sense_is_refused(desk: Bureau, change: dict[str, Any], wanted: str) -> None:
    """Cards that are not there, money that does not fit."""
    with pytest.raises(psycopg.Error) as error:
        sell(desk, CARD, **change)
    assert state(error) == wanted


def test_two_desks_that_sell_the_same_cards_at_once_sell_them_once(desk: Bureau) -> None:
    """In opposite order: one waits for the other and is refused, and none waits for ever."""
    other = desk.open_shift("t10002", 102)
    for _round in range(5):
        start = Barrier(2)

        def sale(staff_no: str, of_shift: int, cards: list[str], start: Barrier = start) -> dict[str, Any]:
            total = FACE_FEN * len(cards)
            request = {
                "request_id": str(uuid4()),
                "shift_id": of_shift,
                "cards": cards,
                "tenders": [{"kind": "cash", "amount_fen": total, "received_fen": total}],
            }
            start.wait()
            return dict(desk.call(staff_no, "sell_cards", request))

        with ThreadPoolExecutor(2) as pool:
            jobs = {
                pool.submit(sale, "t10001", shift(desk), [CARD, OTHER]): ("t10001", 101),
                pool.submit(sale, "t10002", other, [OTHER, CARD]): ("t10002", 102),
            }
            ended = {job: getattr(job.exception(), "sqlstate", None) for job in jobs}
        assert sorted(ended.values(), key=str) == ["CN066", None]
        winner = next(job for job, refusal in ended.items() if refusal is None)
        staff_no, till_no = jobs[winner]
        back = reversal(desk, winner.result()["journal_id"], shift_id=shift(desk, till_no))
        desk.call(staff_no, "reverse_payment", back)
    assert verify(desk.engine("t40001")).finding is None


def test_cards_are_not_sold_on_slips_without_end(desk: Bureau) -> None:
    """The strictest limit of the day counts, and nothing of a refused sale is kept."""
    with desk.psql() as connection:
        connection.execute(
            "UPDATE counter.payment_policy SET slip_exposure_fen = 30000 WHERE payment_mode = 'card'"
        )
    slips = [
        {
            "kind": "transfer",
            "amount_fen": FACE_FEN,
            "details": {"reference": f"ICBC/S{n}", "payer": "62220202"},
        }
        for n in (1, 2)
    ]
    sell(desk, CARD, tenders=slips[:1])
    with pytest.raises(psycopg.Error) as error:
        sell(desk, OTHER, tenders=slips[1:])
    assert state(error) == "CN063"
    assert stock(desk) == [OTHER]
    assert verify(desk.engine("t40001")).finding is None


def test_five_wrong_secrets_from_two_desks_lock_a_card(desk: Bureau) -> None:
    """Each try counts although it is no error; a locked card stays locked for the right secret too."""
    sell(desk, CARD)
    other = desk.open_shift("t10002", 102)
    for left in (4, 3, 2):
        assert show(desk, "wrong") == {"result": "wrong", "face_fen": 0, "tries_left": left}
    request = {"shift_id": other, "card_no": CARD, "proof": proof("wrong").hex()}
    assert desk.call("t10002", "show_card", request)["tries_left"] == 1
    assert desk.call("t10002", "show_card", request)["result"] == "locked"
    assert show(desk, CARD)["result"] == "locked"


def test_a_card_is_not_redeemed_unshown_or_elsewhere_or_in_part(desk: Bureau) -> None:
    """Shown here, whole, lately."""
    sell(desk, CARD)
    for prepare in ("", "UPDATE counter.recharge_card SET shown_at = now() - interval '16 minutes'"):
        with desk.psql() as connection:
            if prepare:
                show(desk, CARD)
                connection.execute(prepare)
        with pytest.raises(psycopg.Error) as error:
            redeem(desk)
        assert state(error) == "CN023"
    show(desk, CARD)
    with pytest.raises(psycopg.Error) as part:
        redeem(desk, FACE_FEN - 1)
    assert state(part) == "CN023"


def reversal(desk: Bureau, journal_id: int, **changes: Any) -> dict[str, Any]:
    """A request to take a sale back."""
    return {
        "request_id": str(uuid4()),
        "shift_id": shift(desk),
        "journal_id": journal_id,
        "cause": "mistake",
        "reason": "客户退卡",
        **changes,
    }


def stock(desk: Bureau) -> list[str]:
    """The cards that can be sold."""
    query = "SELECT array_agg(card_no ORDER BY card_no) FROM counter.recharge_card WHERE status = 'stock'"
    return list(desk.value(query) or [])


def test_a_sale_is_taken_back_while_no_card_was_used(desk: Bureau) -> None:
    """Mirror, cash out of the drawer, cards in stock; they are sold and redeemed again afterwards."""
    sold = sell(desk, CARD, OTHER)
    request = reversal(desk, sold["journal_id"])
    answer = desk.call("t10001", "reverse_payment", request)
    assert (answer["total_fen"], answer["change_fen"]) == (-2 * FACE_FEN, 2 * FACE_FEN)
    assert stock(desk) == [CARD, OTHER]
    assert desk.call("t10001", "reverse_payment", request) == {**answer, "replayed": True}
    assert desk.value("SELECT cash_fen FROM counter.till WHERE till_no = 101") == 50_000
    with pytest.raises(psycopg.Error) as again:
        desk.call("t10001", "reverse_payment", reversal(desk, sold["journal_id"]))
    assert state(again) == "CN036"
    assert show(desk, CARD)["result"] == "stock"
    sell(desk, CARD)
    show(desk, CARD)
    redeem(desk)
    sales = "SELECT array_agg(card_no ORDER BY card_no) FROM counter.sold_card WHERE journal_id = %s"
    assert desk.value(sales, sold["journal_id"]) == [CARD, OTHER]
    with desk.psql("t10001") as connection:
        for journal_id in (sold["journal_id"], answer["journal_id"]):
            shown = connection.execute("SELECT card_no FROM counter.cards_sold(%s)", [journal_id]).fetchall()
            assert [row[0] for row in shown] == ["80**0001", "80**0002"]
    assert verify(desk.engine("t40001")).finding is None


def test_the_proof_finds_a_sale_of_other_cards_than_its_receipt_says(desk: Bureau) -> None:
    """One card more than was paid for."""
    sold = sell(desk, CARD)
    with desk.psql() as connection:
        connection.execute("INSERT INTO counter.sold_card VALUES (%s, %s)", [sold["journal_id"], OTHER])
    finding = verify(desk.engine("t40001")).finding
    assert finding is not None
    assert finding.check == "card sales"


def test_a_sale_with_a_used_card_is_not_taken_back(desk: Bureau) -> None:
    """One redeemed or locked card of two is enough, and nothing is changed."""
    sold = sell(desk, CARD, OTHER)
    show(desk, CARD)
    redeem(desk)
    with pytest.raises(psycopg.Error) as redeemed:
        desk.call("t10001", "reverse_payment", reversal(desk, sold["journal_id"]))
    assert state(redeemed) == "CN064"
    assert stock(desk) == []
    with desk.psql() as connection:
        connection.execute("UPDATE counter.recharge_card SET status = 'locked' WHERE card_no = %s", [OTHER])
    assert verify(desk.engine("t40001")).finding is None


def test_a_card_that_is_sold_again_has_no_more_tries_than_before(desk: Bureau) -> None:
    """Else selling and taking back would give as many as one likes."""
    sold = sell(desk, CARD)
    for _try in range(4):
        show(desk, "wrong")
    desk.call("t10001", "reverse_payment", reversal(desk, sold["journal_id"]))
    sell(desk, CARD)
    assert show(desk, "wrong")["result"] == "locked"


def test_a_sale_of_somebody_else_needs_a_supervisor(desk: Bureau) -> None:
    """As every reversal does."""
    sold = sell(desk, CARD)
    other = desk.open_shift("t10002", 102)
    request = reversal(desk, sold["journal_id"], shift_id=other)
    with pytest.raises(psycopg.Error) as error:
        desk.call("t10002", "reverse_payment", request)
    assert state(error) == "CN040"
    approval = str(uuid4())
    asked = {"approval_id": approval, "action": "reversal", "subject": request, "reason": request["reason"]}
    desk.call("t10002", "request_approval", asked)
    desk.call("t30001", "decide_approval", {"approval_id": approval, "approved": True})
    desk.call("t10002", "reverse_payment", request | {"approval_id": approval})
    assert stock(desk) == [CARD, OTHER]
    assert verify(desk.engine("t40001")).finding is None


def test_a_redemption_and_a_reversal_at_once_leave_one_of_them(desk: Bureau) -> None:
    """The card is redeemed or back in stock, never both."""
    for _round in range(4):
        sold = sell(desk, CARD)
        other = desk.open_shift("t10002", 102) if _round == 0 else shift(desk, 102)
        shown = {"shift_id": other, "card_no": CARD, "proof": proof(CARD).hex()}
        assert desk.call("t10002", "show_card", shown)["result"] == "shown"
        tender = {"kind": "recharge_card", "amount_fen": FACE_FEN, "details": {"reference": CARD}}
        payment = desk.payment(other, ACCOUNT, prepaid_fen=FACE_FEN, tenders=[tender])
        back = reversal(desk, sold["journal_id"])
        with ThreadPoolExecutor(2) as pool:
            jobs = [
                pool.submit(desk.call, "t10002", "post_payment", payment),
                pool.submit(desk.call, "t10001", "reverse_payment", back),
            ]
            states = [getattr(job.exception(), "sqlstate", None) for job in jobs]
        assert states.count(None) == 1, states
        assert verify(desk.engine("t40001")).finding is None
        if states[0] is None:
            return


@pytest.mark.parametrize("staff_no", ["t10001", "t30001", "t40001", "t50001"])
def test_nobody_reads_what_is_kept_of_the_secret(desk: Bureau, staff_no: str) -> None:
    """Not with psql either."""
    with desk.psql(staff_no) as connection, pytest.raises(psycopg.Error) as error:
        connection.execute("SELECT secret_digest FROM counter.recharge_card")
    assert state(error) == "42501"


def test_the_fund_is_fed_by_supervisors_with_a_reason_and_once(desk: Bureau) -> None:
    """In the books of the billing till; a clerk cannot."""
    request = {"request_id": str(uuid4()), "amount_fen": 500_000, "reason": "年度拨款"}
    assert desk.call("t30001", "add_to_fund", request) == {"balance_fen": 500_000}
    assert desk.call("t30001", "add_to_fund", request) == {"balance_fen": 500_000}
    for change in ({"amount_fen": 0}, {"amount_fen": -5}, {"reason": "  "}):
        with pytest.raises(psycopg.Error) as error:
            desk.call("t30001", "add_to_fund", request | {"request_id": str(uuid4())} | change)
        assert state(error) == "CN069"
    with pytest.raises(psycopg.Error) as clerk:
        desk.call("t10001", "add_to_fund", request)
    assert state(clerk) == "42501"
    assert verify(desk.engine("t40001")).finding is None
