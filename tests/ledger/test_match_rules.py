"""Each rule finds what it is for, proves nothing more than it can, and everything posts what it says."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from counter.domain.matching import RULES, expected_fee_fen
from counter.services.ledger import verify
from tests.bureau import Bureau
from tests.ledger.closed import cash, cheque, close_shift, slip
from tests.services.statement_lines import BANK, MERCHANT, add_accounts, add_lines, line

ACCOUNT, OTHER = "330100000001", "330100000002"
CASHIER = "t20001"


class House:
    """A bureau with an open shift, and what its cashier does."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau
        add_accounts(bureau)
        bureau.add_account(ACCOUNT)
        bureau.add_account(OTHER)
        self.shift = bureau.open_shift()
        self.today = bureau.value("SELECT counter.business_date()")

    def pays(self, tender: dict[str, Any], account_no: str = ACCOUNT) -> int:
        total_fen = tender["amount_fen"]
        request = self.bureau.payment(
            self.shift, account_no, total_fen=total_fen, prepaid_fen=total_fen, tenders=[tender]
        )
        return int(self.bureau.call("t10001", "post_payment", request)["journal_id"])

    def reverses(self, journal_id: int, amount_fen: int) -> None:
        request = {
            "request_id": str(uuid4()),
            "shift_id": self.shift,
            "journal_id": journal_id,
            "account_no": ACCOUNT,
            "amount_fen": amount_fen,
            "cause": "other",
            "reason": "银行退票",
        }
        self.bureau.call("t10001", "reverse_payment", request)

    def approved(self, action: str, request: dict[str, Any]) -> dict[str, Any]:
        approval_id = str(uuid4())
        asked = {
            "approval_id": approval_id,
            "action": action,
            "subject": request,
            "reason": request["reason"],
        }
        self.bureau.call("t10001", "request_approval", asked)
        self.bureau.call("t30001", "decide_approval", {"approval_id": approval_id, "approved": True})
        return request | {"approval_id": approval_id}

    def deposits(self, *items: str, total_fen: int) -> str:
        close_shift(self.bureau, self.shift)
        asked = slip(self.bureau, total_fen, *((self.shift, item) for item in items), bank_account_no=BANK)
        return str(self.bureau.call(CASHIER, "post_deposit", asked)["slip_no"])

    def runs(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.bureau.call(CASHIER, "match_lines", {"request_id": str(uuid4())})
        return answer

    def does(self, function: str, **request: Any) -> Any:
        return self.bureau.call(CASHIER, function, {"request_id": str(uuid4()), **request})

    def refused(self, function: str, staff_no: str = CASHIER, **request: Any) -> str | None:
        before = self.bureau.value("SELECT count(*) FROM counter.journal")
        with pytest.raises(psycopg.Error) as error:
            self.bureau.call(staff_no, function, {"request_id": str(uuid4()), **request})
        assert self.bureau.value("SELECT count(*) FROM counter.journal") == before
        return error.value.sqlstate

    def suggested(self) -> dict[tuple[int, ...], str]:
        """The rule of each suggestion, by its lines."""
        query = "SELECT jsonb_agg(jsonb_build_array(line_ids, rule)) FROM counter.suggestion WHERE rejected_at IS NULL"
        return {tuple(lines): rule for lines, rule in self.bureau.value(query) or []}

    def item(self, kind: str = "transfer") -> int:
        self.bureau.call(CASHIER, "match_lines", {"request_id": str(uuid4())})
        query = "SELECT max(item_id) FROM counter.book_item WHERE kind = %s"
        return int(self.bureau.value(query, kind))

    def exposure(self) -> int:
        return int(self.bureau.value("SELECT sum(open_fen) FROM counter.payer_exposure"))

    def open_of(self, table: str, key: str, number: int) -> int:
        return int(self.bureau.value(f"SELECT open_fen FROM counter.{table} WHERE {key} = %s", number))

    def proven(self) -> bool:
        return verify(self.bureau.admin).finding is None


@pytest.fixture
def house(bureau: Bureau) -> House:
    return House(bureau)


def transfer(amount_fen: int, serial: str, payer: str = "62220001", name: str = "某某公司") -> dict[str, Any]:
    details = {"reference": f"工商银行/{serial}", "payer": payer, "payer_name": name}
    return {"kind": "transfer", "amount_fen": amount_fen, "details": details}


def pos(amount_fen: int, trace: str) -> dict[str, Any]:
    details = {"reference": f"12345678-000001-{trace}", "rrn": f"RRN000{trace}"}
    return {"kind": "pos", "amount_fen": amount_fen, "details": details}


def test_exact_keys_confirm_themselves_and_post_their_sums(house: House) -> None:
    """POS by its numbers and by its reference, its settlement, a deposit slip, a transfer, a cheque."""
    for tender in (pos(700, "000042"), pos(800, "000043"), transfer(5_000, "A1"), cash(300), cheque(900)):
        house.pays(tender)
    slip_no = house.deposits("cash", "cheque", total_fen=1_200)
    sold = line(700, terminal="12345678", batch="000001", trace="000042", fee_fen=4)
    add_lines(house.bureau, sold, line(800, reference="RRN000000043", fee_fen=5), account=MERCHANT)
    add_lines(
        house.bureau,
        line(1_491, text=f"银联清算款 {MERCHANT}"),
        line(1_200, text=f"现金解款 {slip_no.replace('-', '')}"),
        line(5_000, reference="A1"),
    )
    rules = house.runs()["rules"]
    exact = {"pos_terminal_trace", "pos_reference", "settlement_net", "deposit_slip", "transfer_serial"}
    assert set(rules) == exact == {rule.name for rule in RULES if rule.exact}
    assert house.bureau.value("SELECT count(*) FROM counter.book_item WHERE open_fen <> 0") == 0
    assert house.bureau.value("SELECT count(*) FROM counter.statement_line WHERE open_fen <> 0") == 0
    assert house.bureau.value("SELECT count(*) FROM counter.tender_document WHERE arrived_by IS NULL") == 0
    assert house.exposure() == 0
    assert house.proven()


def test_everything_else_is_a_suggestion_with_its_rule(house: House) -> None:
    """Each line has one, by the best rule that finds it; nothing is posted."""
    for amount_fen, serial, payer, name in (
        (1_001, "SERIAL77", "62220001", "甲公司"),
        (1_002, "X2", "62220002", "乙公司"),
        (1_003, "X3", "62220003", "丙（集团）公司"),
        (1_004, "X4", "62220004", "丁公司"),
        (2_000, "X5", "62220005", "戊公司"),
        (2_500, "X6", "62220005", "戊公司"),
        (6_000, "X7", "62220007", "己公司"),
    ):
        house.pays(transfer(amount_fen, serial, payer, name))
    house.pays(transfer(1_005, "X8", "62220008", "庚公司"), OTHER)
    house.pays(cash(333))
    slip_no = house.deposits("cash", total_fen=333)
    lines = [
        (line(1_001, text="电费 serial77"), "serial_in_text"),
        (line(1_005, text=f"户号{OTHER}电费"), "account_in_text"),
        (line(1_002, party_account="62220002", text="b"), "payer_account_amount"),
        (line(1_003, party="丙(集团)公司", text="c"), "payer_name_amount"),
        (line(4_500, party_account="62220005", text="d"), "group_sum"),
        (line(1_004, text="e"), "amount_date"),
        (line(-50, text="账户管理费"), "fee_line"),
        (line(320, text=f"解款{slip_no}"), "slip_differs"),
    ]
    ids = add_lines(house.bureau, *(each for each, _rule in lines))
    parts = add_lines(
        house.bureau,
        line(2_500, party_account="62220007", text="f"),
        line(3_500, party_account="62220007", text="g"),
    )
    taken = add_lines(
        house.bureau, line(77, text="h", reference="R9"), line(-77, text="i", reference="R9", reversal=True)
    )
    answer = house.runs()
    assert answer["rules"] == {}
    expected: dict[tuple[int, ...], str] = {
        (number,): rule for number, (_line, rule) in zip(ids, lines, strict=True)
    }
    expected |= {tuple(parts): "group_sum", tuple(taken): "line_reversal"}
    assert house.suggested() == expected
    for suggestion_id in house.bureau.value("SELECT array_agg(suggestion_id) FROM counter.suggestion"):
        house.does("confirm_match", suggestion_id=suggestion_id)
    assert house.bureau.value("SELECT count(*) FROM counter.statement_line WHERE open_fen <> 0") == 0
    short = "SELECT sum(amount_fen)::bigint FROM counter.posting WHERE ledger_account = 'cash_short'"
    assert house.bureau.value(short) == 13
    assert house.proven()


def test_the_same_key_twice_is_paired_once_each(house: House) -> None:
    """The second line of one serial number stays open, for a person to look at."""
    house.pays(transfer(5_000, "A1"))
    once, again = add_lines(house.bureau, line(5_000, reference="A1"), line(5_000, reference="A1"))
    house.runs()
    assert house.open_of("statement_line", "line_id", once) == 0
    assert house.open_of("statement_line", "line_id", again) == 5_000
    assert house.proven()


def test_a_slip_arrives_only_when_all_of_it_has(house: House) -> None:
    """In two parts, and back again: the payer's exposure follows the last fen."""
    house.pays(transfer(5_000, "A1"))
    first, second = add_lines(house.bureau, line(2_000, text="一"), line(3_000, text="二"))
    item = house.item()
    part = {"item_id": item, "amount_fen": 2_000}
    house.does("confirm_match", lines=[{"line_id": first}], items=[part])
    assert (house.exposure(), house.open_of("book_item", "item_id", item)) == (5_000, 3_000)
    made = house.does("confirm_match", lines=[{"line_id": second}], items=[{"item_id": item}])
    assert house.exposure() == 0
    house.does("unmatch", match_id=made["match_id"], reason="看错了")
    assert (house.exposure(), house.open_of("book_item", "item_id", item)) == (5_000, 3_000)
    assert house.refused("unmatch", match_id=made["match_id"], reason="再来") == "CN130"
    assert house.proven()


def test_what_was_taken_apart_or_turned_down_is_not_put_together_again(house: House) -> None:
    """Not by an exact rule, and not as a suggestion; by hand it still can be."""
    house.pays(transfer(5_000, "A1"))
    house.pays(transfer(600, "B2"))
    exact, near = add_lines(house.bureau, line(5_000, reference="A1"), line(600, text="?"))
    house.runs()
    assert house.suggested() == {(near,): "amount_date"}
    house.does(
        "reject_suggestion", suggestion_id=house.bureau.value("SELECT suggestion_id FROM counter.suggestion")
    )
    match_id = house.bureau.value("SELECT match_id FROM counter.bank_match")
    house.does("unmatch", match_id=match_id, reason="看错了")
    assert house.runs()["rules"] == {}
    assert house.suggested() == {}
    item = house.bureau.value("SELECT item_id FROM counter.book_item WHERE amount_fen = 5000")
    house.does("confirm_match", lines=[{"line_id": exact}], items=[{"item_id": item}])
    assert house.proven()


def test_a_payment_reversed_after_its_slip_arrived_is_expected_back(house: House) -> None:
    """The bank's debit line is suggested for it; the old match is not taken back any more."""
    paid = house.pays(transfer(5_000, "A1"))
    add_lines(house.bureau, line(5_000, reference="A1"))
    house.runs()
    house.reverses(paid, 5_000)
    back = "SELECT amount_fen FROM counter.book_item WHERE kind = 'transfer_back'"
    assert (house.bureau.value(back), house.exposure()) == (-5_000, 0)
    match_id = house.bureau.value("SELECT match_id FROM counter.bank_match")
    assert house.refused("unmatch", match_id=match_id, reason="退票") == "CN131"
    (returned,) = add_lines(house.bureau, line(-5_000, text="退票"))
    house.runs()
    assert house.suggested() == {(returned,): "returned"}
    house.does(
        "confirm_match", suggestion_id=house.bureau.value("SELECT suggestion_id FROM counter.suggestion")
    )
    cleared = "SELECT sum(amount_fen)::bigint FROM counter.posting WHERE ledger_account = 'transfer_clearing'"
    assert house.bureau.value(cleared) == 0
    assert house.proven()


def test_a_refund_by_the_bank_is_matched_with_its_debit_line(house: House) -> None:
    """By the payee's account; what was owed to the customer is owed no more."""
    house.pays(cash(1_000))
    seen = "SELECT version FROM counter.account_balance WHERE account_no = %s"
    request = {
        "request_id": str(uuid4()),
        "shift_id": house.shift,
        "account_no": ACCOUNT,
        "account_version": house.bureau.value(seen, ACCOUNT),
        "amount_fen": 400,
        "method": "bank",
        "reason": "销户退费",
        "payee_name": "王小四",
        "payee_account": "6222020200012345",
        "payee_bank": "工商银行",
    }
    house.bureau.call("t10001", "refund", house.approved("refund", request))
    (sent,) = add_lines(house.bureau, line(-400, party_account="6222020200012345", text="退费"))
    house.runs()
    assert house.suggested() == {(sent,): "payer_account_amount"}
    house.does(
        "confirm_match", suggestion_id=house.bureau.value("SELECT suggestion_id FROM counter.suggestion")
    )
    owed = "SELECT sum(amount_fen)::bigint FROM counter.posting WHERE ledger_account = 'refunds_payable'"
    assert house.bureau.value(owed) == 0
    assert house.proven()


@pytest.mark.parametrize("arrived", [True, False])
def test_a_cheque_that_the_bank_returns_leaves_transit_right(house: House, arrived: bool) -> None:
    """Credited and returned it is expected back; never credited it is expected no more."""
    house.pays(cash(300))
    paid = house.pays(cheque(900))
    house.deposits("cash", "cheque", total_fen=1_200)
    if arrived:
        add_lines(house.bureau, line(900, reference="12345678"))
    house.runs()
    house.shift = house.bureau.open_shift()
    request = {
        "request_id": str(uuid4()),
        "shift_id": house.shift,
        "journal_id": paid,
        "cause": "cheque_returned",
        "reason": "退票",
    }
    house.bureau.call("t10001", "reverse_payment", house.approved("reversal", request))
    assert house.proven()
    house.runs()
    open_now = "SELECT jsonb_object_agg(kind, open_fen) FROM counter.book_item WHERE open_fen <> 0"
    assert house.bureau.value(open_now) == {"cash_deposit": 300} | ({"cheque_back": -900} if arrived else {})
    assert house.proven()


def test_a_payment_reversed_before_it_arrived_is_expected_no_more(house: House) -> None:
    """And what somebody matched of it in part is expected back."""
    paid = house.pays(transfer(5_000, "A1"))
    (found,) = add_lines(house.bureau, line(2_000, text="?"))
    item = house.item()
    house.does("confirm_match", lines=[{"line_id": found}], items=[{"item_id": item, "amount_fen": 2_000}])
    house.reverses(paid, 5_000)
    open_now = "SELECT jsonb_object_agg(kind, open_fen) FROM counter.book_item"
    assert house.bureau.value(open_now) == {"transfer": 0, "transfer_back": -2_000}
    assert house.refused("confirm_match", lines=[{"line_id": found}], items=[{"item_id": item}]) in (
        "CN126",
        "CN129",
    )
    assert house.proven()


def test_what_is_no_match_is_refused(house: House) -> None:
    """Sums that differ, more than is open, the acquirer's with the bank's, nonsense, and who may not."""
    house.pays(transfer(5_000, "A1"))
    house.pays(pos(700, "000042"))
    found, fee = add_lines(house.bureau, line(4_990, text="?"), line(-10, text="?"))
    (sold,) = add_lines(house.bureau, line(701, trace="000009", terminal="T"), account=MERCHANT)
    item, card = house.item(), house.item("pos")
    lines, items = [{"line_id": found}], [{"item_id": item}]
    cases: dict[str, tuple[str, dict[str, Any]]] = {
        "sums": ("CN127", {"lines": lines, "items": items}),
        "over without cash": (
            "CN127",
            {"lines": lines, "items": items, "difference_account": "cash_short", "note": "x"},
        ),
        "no note": ("CN128", {"lines": lines, "items": items, "difference_account": "bank_fees"}),
        "money in is no fee": ("CN127", {"lines": lines, "difference_account": "bank_fees", "note": "x"}),
        "too much": ("CN126", {"lines": [{"line_id": found, "amount_fen": 4_991}], "items": items}),
        "other sign": ("CN126", {"lines": [{"line_id": fee, "amount_fen": 10}], "items": items}),
        "unknown line": ("CN126", {"lines": [{"line_id": 0}], "items": items}),
        "twice": ("CN128", {"lines": lines * 2, "items": items}),
        "nothing": ("CN128", {}),
        "other account": ("CN128", {"lines": lines, "items": items, "difference_account": "bank"}),
        "acquirer with bank": ("CN133", {"lines": [{"line_id": sold}], "items": items}),
        "both sides": ("CN133", {"lines": [{"line_id": sold}, *lines], "items": items}),
        "both items": ("CN133", {"lines": lines, "items": [*items, {"item_id": card}]}),
        "gone": ("CN132", {"suggestion_id": 99}),
    }
    for state, request in cases.values():
        assert house.refused("confirm_match", **request) == state, request
    assert house.refused("unmatch", match_id=0, reason="x") == "CN130"
    assert house.refused("unmatch", match_id=0, reason=" ") == "CN128"
    assert house.refused("match_lines", bank_account_no="'; --") == "CN128"
    for staff_no, state in (("t10001", "42501"), ("t40001", "42501")):
        assert house.refused("confirm_match", staff_no, lines=lines, items=items) == state


def test_the_same_request_is_one_match(house: House) -> None:
    """Answered as the first time; with other content it is refused."""
    house.pays(transfer(5_000, "A1"))
    (found,) = add_lines(house.bureau, line(5_000, text="?"))
    request = {
        "request_id": str(uuid4()),
        "lines": [{"line_id": found}],
        "items": [{"item_id": house.item()}],
    }
    answer = house.bureau.call(CASHIER, "confirm_match", request)
    assert house.bureau.call(CASHIER, "confirm_match", request) == {**answer, "replayed": True}
    with pytest.raises(psycopg.Error) as error:
        house.bureau.call(CASHIER, "confirm_match", request | {"note": "other"})
    assert error.value.sqlstate == "CN002"


@pytest.mark.parametrize(
    ("amount_fen", "rate_ppm", "least", "most", "fee_fen"),
    [(100_00, 5_500, 0, None, 55), (90, 5_500, 0, None, 0), (91, 5_500, 0, None, 1), (-100_00, 5_500, 0, None, -55),
     (1_000_000_00, 5_500, 0, 20_00, 20_00), (100, 5_500, 10, None, 10)],
)  # fmt: skip
def test_an_acquirers_fee_is_rounded_half_up_within_its_bounds(
    amount_fen: int, rate_ppm: int, least: int, most: int | None, fee_fen: int
) -> None:
    """Line by line, as the acquirer does it."""
    assert expected_fee_fen(amount_fen, rate_ppm, least, most) == fee_fen


def test_program_and_database_agree_on_the_fee_of_a_line(house: House) -> None:
    """POS, level 3: what the contract gives for each card class, of payments and of refunds."""
    contracts = {"借记卡": (5_500, 0, 20_00), "": (6_000, 8, None)}
    with house.bureau.psql() as connection:
        for card_class, (rate_ppm, least, most) in contracts.items():
            connection.execute(
                "INSERT INTO counter.acquirer_contract VALUES (%s, %s, '2020-01-01', %s, %s, %s)",
                [MERCHANT, card_class, rate_ppm, least, most],
            )
    amounts = (90, 91, 100_00, -100_00, 1_000_000_00, 123_45)
    told = [
        line(amount_fen, terminal="T", trace=f"{number:06d}", card_class=card_class)
        for number, (amount_fen, card_class) in enumerate(
            (amount_fen, card_class) for amount_fen in amounts for card_class in ("借记卡", "贷记卡")
        )
    ]
    add_lines(house.bureau, *told, account=MERCHANT)
    query = "SELECT array_agg(counter.contract_fee(l) ORDER BY l.line_id) FROM counter.statement_line l"
    expected = [
        expected_fee_fen(
            each["amount_fen"], *contracts[each["card_class"] if each["card_class"] in contracts else ""]
        )
        for each in told
    ]
    assert house.bureau.value(query) == expected
