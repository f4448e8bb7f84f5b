"""Unidentified receipts, claimed once, on the bank's date, and given back by a reversal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.bureau import Bureau
from tests.ledger.bank_lines import BANK, MERCHANT, PAYER, PAYER_ACCOUNT, BankLines

ACCOUNT, OTHER = "330100000001", "330100000002"
PRINCIPAL_FEN = 100_000


class Desk:
    """A bureau with lines, an account that owes since a month ago, and a clerk's shift."""

    def __init__(self, bureau: Bureau) -> None:
        """Ten days overdue yesterday."""
        self.bureau = bureau
        self.lines = BankLines(bureau)
        bureau.add_account(ACCOUNT)
        bureau.add_account(OTHER, name="李四")
        bureau.add_bills(ACCOUNT, (202601, PRINCIPAL_FEN, self.lines.day(20)))
        self.shift = bureau.open_shift()

    def late_fee_fen(self, days: int) -> int:
        """What the policy gives for so many days on the principal."""
        fee = self.bureau.value(
            "SELECT counter.late_fee_due(counter.late_fee_accrual(counter.late_fee_policies('residential'), %s, %s, %s,"
            " %s), 0, counter.late_fee_minimum(counter.late_fee_policies('residential'), %s))",
            *(
                self.lines.day(20),
                self.lines.day(20),
                PRINCIPAL_FEN,
                self.lines.day(20 - days),
                self.lines.day(20 - days),
            ),
        )
        return int(fee)

    def advance(self, line_id: int, fen: int, account: str = ACCOUNT, **changes: Any) -> dict[str, Any]:
        """A claim that is kept as balance."""
        tenders = [tender(line_id, fen)]
        shift = changes.pop("shift", self.shift)
        return self.bureau.payment(shift, account, total_fen=fen, prepaid_fen=fen, tenders=tenders, **changes)

    def whole_bill(self, line_id: int, fee_fen: int, **changes: Any) -> dict[str, Any]:
        """A claim that pays the bill with so much late fee."""
        line = {"period": 202601, "part": 1, "late_fee_fen": fee_fen, "principal_fen": PRINCIPAL_FEN}
        total = PRINCIPAL_FEN + fee_fen
        return self.bureau.payment(
            self.shift, ACCOUNT, total_fen=total, lines=[line], tenders=[tender(line_id, total)], **changes
        )

    def post(self, request: dict[str, Any], staff_no: str = "t10001") -> dict[str, Any]:
        """Its answer."""
        return dict(self.bureau.call(staff_no, "post_payment", request))

    def refusal(self, request: dict[str, Any], staff_no: str = "t10001") -> psycopg.Error:
        """Why not."""
        with pytest.raises(psycopg.Error) as error:
            self.post(request, staff_no)
        return error.value

    def reverse(self, answer: dict[str, Any], staff_no: str = "t10001") -> dict[str, Any]:
        """Take a payment back."""
        request = {
            "request_id": str(uuid4()),
            "shift_id": self.shift,
            "journal_id": answer["journal_id"],
            "account_no": ACCOUNT,
            "amount_fen": answer["total_fen"],
            "cause": "mistake",
            "reason": "错认",
        }
        return dict(self.bureau.call(staff_no, "reverse_payment", request))


@pytest.fixture
def desk(bureau: Bureau) -> Desk:
    """Somebody who owes, and a clerk."""
    return Desk(bureau)


def tender(line_id: int, fen: int, **details: str) -> dict[str, Any]:
    """A claim of so much."""
    return {"kind": "bank_receipt", "amount_fen": fen, "details": {"reference": str(line_id), **details}}


def test_a_receipt_is_claimed_in_parts_and_never_beyond_what_is_open(desk: Desk) -> None:
    """The second claim for too much is told who took the first; the rest can still be claimed."""
    line = desk.lines.add(1_000, party=PAYER)
    first = desk.advance(line, 700)
    answer = desk.post(first)
    assert desk.post(first) == {**answer, "replayed": True}
    error = desk.refusal(desk.advance(line, 301))
    assert (error.sqlstate, desk.lines.open_fen(line)) == ("CN143", 300)
    assert answer["receipt_no"] in (error.diag.message_detail or "")
    desk.post(desk.advance(line, 300, OTHER))
    assert desk.lines.open_fen(line) == 0
    posted = desk.bureau.value(
        "SELECT sum(amount_fen) FROM counter.posting WHERE ledger_account = 'unidentified_receipts'"
    )
    assert posted == 1_000


def test_the_late_fee_stops_on_the_day_of_the_bank(desk: Desk) -> None:
    """Five days ago it was that of fifteen days; today's is refused, and the journal says the day."""
    then, now = desk.late_fee_fen(15), desk.late_fee_fen(20)
    assert then < now
    line = desk.lines.add(PRINCIPAL_FEN + now, ago=5)
    assert desk.refusal(desk.whole_bill(line, now)).sqlstate == "CN005"
    answer = desk.post(desk.whole_bill(line, then))
    assert answer["arrears_after_fen"] == 0
    assert desk.bureau.value(
        "SELECT (effective_at AT TIME ZONE timezone)::date FROM counter.journal CROSS JOIN counter.bureau"
        " WHERE journal_id = %s",
        answer["journal_id"],
    ) == desk.lines.day(5)


def test_a_reversal_gives_the_receipt_and_the_late_fee_back(desk: Desk) -> None:
    """The bill owes again as if nothing had been paid, also when another payment counted days meanwhile."""
    line = desk.lines.add(PRINCIPAL_FEN + 10_000, ago=5)
    fee = desk.late_fee_fen(15)
    answer = desk.post(desk.whole_bill(line, fee))
    desk.reverse(answer)
    assert desk.lines.open_fen(line) == PRINCIPAL_FEN + 10_000
    claims = desk.bureau.value("SELECT sum(amount_fen) FROM counter.receipt_claim WHERE line_id = %s", line)
    assert claims == 0
    again = {
        "period": 202601,
        "part": 1,
        "late_fee_fen": desk.late_fee_fen(20),
        "principal_fen": PRINCIPAL_FEN,
    }
    total = again["late_fee_fen"] + PRINCIPAL_FEN
    desk.post(desk.bureau.payment(desk.shift, ACCOUNT, total_fen=total, lines=[again]))


@pytest.mark.parametrize(
    "case", ["mixed", "twice", "days", "unknown", "debit", "acquirer", "date", "no number"]
)
def test_what_is_no_receipt_by_itself_is_refused(desk: Desk, case: str) -> None:
    """Each with a state that says which."""
    line, older = desk.lines.add(1_000), desk.lines.add(1_000, ago=2)
    cash = {"kind": "cash", "amount_fen": 100, "received_fen": 100}
    tenders, state = {
        "mixed": ([tender(line, 100), cash], "CN140"),
        "twice": ([tender(line, 100), tender(line, 100)], "CN141"),
        "days": ([tender(line, 100), tender(older, 100)], "CN142"),
        "unknown": ([tender(999_999, 100)], "CN141"),
        "debit": ([tender(desk.lines.add(-1_000), 100)], "CN141"),
        "acquirer": ([tender(desk.lines.add(1_000, account=MERCHANT), 100)], "CN141"),
        "date": ([tender(line, 100, date="2020-01-01")], "CN141"),
        "no number": (
            [{"kind": "bank_receipt", "amount_fen": 100, "details": {"reference": "1'; --"}}],
            "CN141",
        ),
    }[case]
    total = sum(int(str(each["amount_fen"])) for each in tenders)
    request = desk.bureau.payment(desk.shift, ACCOUNT, total_fen=total, prepaid_fen=total, tenders=tenders)
    assert desk.refusal(request).sqlstate == state
    assert desk.lines.open_fen(line) == 1_000


@pytest.mark.parametrize("case", ["acquirer", "debit", "date"])
def test_no_other_way_to_pay_takes_what_is_no_receipt(desk: Desk, case: str) -> None:
    """The claim itself looks, whichever function lays the tender down."""
    line = desk.lines.add(-100 if case == "debit" else 100, account=MERCHANT if case == "acquirer" else BANK)
    details = f'{{"reference": "{line}"' + (', "date": "2020-01-01"}' if case == "date" else "}")
    claim = "SELECT counter.claim_receipt(ROW(1, 1, 'bank_receipt', 100, NULL, %s)::counter.tender)"
    with desk.bureau.psql() as connection, pytest.raises(psycopg.Error) as error:
        connection.execute(claim, [details])
    assert error.value.sqlstate == ("CN143" if case == "date" else "CN141")


def test_two_desks_with_the_same_slip_get_it_once(desk: Desk) -> None:
    """Both press Enter at the same moment, for two accounts."""
    line = desk.lines.add(1_000)
    shifts = {"t10001": desk.shift, "t10002": desk.bureau.open_shift("t10002", 102)}
    requests = {
        staff_no: desk.advance(line, 1_000, account, shift=shifts[staff_no])
        for staff_no, account in (("t10001", ACCOUNT), ("t10002", OTHER))
    }
    ready = Barrier(2)

    def claim(staff_no: str) -> str:
        ready.wait()
        try:
            desk.post(requests[staff_no], staff_no)
        except psycopg.Error as error:
            return error.sqlstate or ""
        return "posted"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(claim, requests))
    assert (outcomes, desk.lines.open_fen(line)) == (["CN143", "posted"], 0)


def test_a_claim_that_was_given_up_never_takes_the_receipt(desk: Desk) -> None:
    """The reply was lost before the server had it; the delayed copy is refused."""
    line = desk.lines.add(1_000)
    request = desk.advance(line, 1_000)
    with desk.bureau.psql("t10001") as connection:
        row = connection.execute(
            "SELECT counter.settle_payment(%s, %s)", [request["request_id"], desk.shift]
        ).fetchone()
    assert row == (None,)
    assert desk.refusal(request).sqlstate == "CN002"
    assert desk.lines.open_fen(line) == 1_000


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE counter.statement_line SET open_fen = amount_fen",
        "INSERT INTO counter.receipt_claim VALUES (1, 1, 1, NULL)",
        "SELECT counter.claim_receipt(ROW(1, 1, 'bank_receipt', 1, NULL, '{}')::counter.tender)",
        "SELECT counter.release_claims(1, 1)",
        "SELECT * FROM counter.learned_payers",
        "SELECT * FROM counter.statement_line",
        "SELECT * FROM counter.list_breaks()",
        "SELECT counter.note_break('{}')",
        "SELECT * FROM counter.returned_payments(1)",
    ],
)
def test_a_clerk_with_psql_can_do_no_more_than_claim(desk: Desk, statement: str) -> None:
    """Neither write nor look beyond the list of what is open."""
    with desk.bureau.psql("t10001") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def found(desk: Desk, *words: dict[str, Any], account: str = "", staff_no: str = "t10001") -> list[int]:
    """The lines that the list shows for these words."""
    from json import dumps

    with desk.bureau.psql(staff_no) as connection:
        rows = connection.execute(
            "SELECT line_id FROM counter.held_receipts(%s, %s, 100)", [dumps(words), account]
        )
        return [row[0] for row in rows]


def test_the_slip_finds_its_receipt_by_amount_payer_day_and_text(desk: Desk) -> None:
    """Every word narrows; what is claimed, a debit and the acquirer's lines are not there."""
    old = desk.lines.add(50_000, ago=9, party=PAYER, party_account=PAYER_ACCOUNT, text="１月电费")
    new = desk.lines.add(50_000, ago=2, party="张三", reference="ICBC20260001")
    gone = desk.lines.add(7_000)
    desk.post(desk.advance(gone, 7_000))
    desk.lines.add(-50_000)
    desk.lines.add(50_000, account=MERCHANT)
    assert found(desk) == [old, new]
    assert found(desk, {"text": "500", "amount_fen": 50_000}) == [old, new]
    assert found(desk, {"text": "500", "amount_fen": 50_000}, {"text": "餐饮"}) == [old]
    assert found(desk, {"text": "1月"}) == [old]
    assert found(desk, {"text": "icbc2026"}) == [new]
    assert found(desk, {"text": "x", "date": desk.lines.day(9).isoformat()}) == [old]
    assert found(desk, {"text": "没有"}) == []
    assert found(desk, {"text": "%"}) == []


def test_a_payer_who_was_claimed_once_is_suggested_next_time(desk: Desk) -> None:
    """By bank account, by name, by the words of the text; a reversed claim teaches nothing."""
    first = desk.lines.add(1_000, ago=3, party=PAYER, party_account=PAYER_ACCOUNT, text="9月 电费 001")
    other = desk.lines.add(9_000, ago=9)
    by_account = desk.lines.add(2_000, ago=2, party="别的名字", party_account=PAYER_ACCOUNT)
    by_text = desk.lines.add(3_000, ago=2, text="10月 电费 002")
    answer = desk.post(desk.advance(first, 1_000))
    assert found(desk, account=ACCOUNT) == [by_account, by_text, other]
    assert found(desk, account=OTHER) == [other, by_account, by_text]
    desk.reverse(answer)
    assert found(desk, account=ACCOUNT) == [other, first, by_account, by_text]


def slip(desk: Desk, number: str, payer: str = PAYER_ACCOUNT, fen: int = 500) -> dict[str, Any]:
    """An advance by a transfer slip."""
    details = {"reference": f"工商银行/{number}", "payer": payer}
    tenders = [{"kind": "transfer", "amount_fen": fen, "details": details}]
    return desk.bureau.payment(desk.shift, ACCOUNT, total_fen=fen, prepaid_fen=fen, tenders=tenders)


def test_a_slip_that_never_came_blocks_its_payer_until_it_comes_or_is_reversed(desk: Desk) -> None:
    """Only as far as statements are in; other payers and other tenders go on; an approval changes nothing."""
    answer = desk.post(slip(desk, "A1"))
    desk.post(slip(desk, "A2"))
    desk.lines.age_journal(answer["journal_id"], 4)
    error = desk.refusal(slip(desk, "A3"))
    assert error.sqlstate == "CN145"
    for fact in ("A1", "张敏", answer["receipt_no"][:5]):
        assert fact in (error.diag.message_detail or ""), error.diag.message_detail
    assert desk.refusal(slip(desk, "A3") | {"approval_id": str(uuid4()), "reason": "x"}).sqlstate == "CN145"
    desk.post(slip(desk, "B1", "6222000000009999"))
    desk.bureau.value("UPDATE counter.bank_account SET through = NULL RETURNING 1")
    desk.post(slip(desk, "A4"))
    desk.bureau.value("UPDATE counter.bank_account SET through = %s RETURNING 1", desk.lines.day(1))
    assert desk.refusal(slip(desk, "A5")).sqlstate == "CN145"
    desk.bureau.value(
        "UPDATE counter.tender_document SET arrived_by = journal_id WHERE journal_id = %s RETURNING 1",
        answer["journal_id"],
    )
    desk.post(slip(desk, "A5"))
