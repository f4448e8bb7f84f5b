"""Money that the bank takes back (退票): what it paid is open again, and both sides come to nothing."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counter.services.ledger import verify
from tests.bureau import Bureau
from tests.ledger.statements import ACCOUNT as BANK
from tests.ledger.statements import MERCHANT, request, send, statement

ACCOUNT, FEN = "330100000001", 70_000


class Office:
    """A bureau whose bank sends a statement a day; everything goes through the functions that desks call."""

    def __init__(self, bureau: Bureau) -> None:
        """Somebody who owes, a clerk and a cashier with tills."""
        self.bureau = bureau
        self.balance_fen = 1_000_000
        bureau.add_account(ACCOUNT)
        bureau.add_bills(ACCOUNT, (202601, FEN, bureau.value("SELECT counter.business_date() + 30")))
        self.today = bureau.value("SELECT counter.business_date()").isoformat()
        self.shift = bureau.open_shift()
        self.cashier_shift = bureau.open_shift("t20001", 102)

    def bank_says(self, *lines: tuple[int, str, str]) -> None:
        """A statement with these lines: amount, reference, text."""
        rows = [(self.today, fen, reference, text) for fen, reference, text in lines]
        send(self.bureau, *request(statement(rows, self.balance_fen)))
        self.balance_fen += sum(line[0] for line in lines)
        self.bureau.call("t20001", "match_lines", {"request_id": str(uuid4())})

    def pay(self, *tenders: dict[str, Any]) -> dict[str, Any]:
        """The bill, by these tenders."""
        line = {"period": 202601, "part": 1, "late_fee_fen": 0, "principal_fen": FEN}
        body = self.bureau.payment(self.shift, ACCOUNT, total_fen=FEN, lines=[line], tenders=list(tenders))
        return dict(self.bureau.call("t10001", "post_payment", body))

    def reverse(self, paid: dict[str, Any]) -> None:
        """The cashier, with a supervisor's approval."""
        body = {
            "shift_id": self.cashier_shift,
            "journal_id": paid["journal_id"],
            "account_no": ACCOUNT,
            "amount_fen": paid["total_fen"],
            "cause": "cheque_returned",
            "reason": "银行退票",
        }
        approval_id = str(uuid4())
        asked = {"approval_id": approval_id, "action": "reversal", "subject": body, "reason": body["reason"]}
        self.bureau.call("t20001", "request_approval", asked)
        self.bureau.call("t30001", "decide_approval", {"approval_id": approval_id, "approved": True})
        request_id = str(uuid4())
        self.bureau.call(
            "t20001", "reverse_payment", {**body, "request_id": request_id, "approval_id": approval_id}
        )

    def kinds(self) -> list[str]:
        """The kinds of all breaks."""
        with self.bureau.psql("t20001") as connection:
            rows = connection.execute("SELECT kind FROM counter.list_breaks() ORDER BY kind").fetchall()
        return [row[0] for row in rows]

    def confirm_all(self) -> None:
        """What the rules suggest."""
        self.bureau.call("t20001", "match_lines", {"request_id": str(uuid4())})
        with self.bureau.psql("t20001") as connection:
            rows = connection.execute("SELECT suggestion_id FROM counter.suggestion").fetchall()
        for (suggestion_id,) in rows:
            body = {"request_id": str(uuid4()), "suggestion_id": suggestion_id}
            self.bureau.call("t20001", "confirm_match", body)

    @property
    def owed_fen(self) -> int:
        """What the account owes."""
        return int(
            self.bureau.value(
                "SELECT arrears_fen FROM counter.account_balance WHERE account_no = %s", ACCOUNT
            )
        )


@pytest.fixture
def office(bureau: Bureau) -> Office:
    """With its accounts at the bank."""
    bureau.value(
        "INSERT INTO counter.bank_account (bank_account_no, bank_name, holder, kind)"
        " VALUES (%s, '工商银行', '供电局', 'bank'), (%s, '银联商务', '供电局', 'acquirer')"
        " ON CONFLICT DO NOTHING RETURNING 1",
        BANK,
        MERCHANT,
    )
    return Office(bureau)


def test_a_returned_transfer_opens_its_bill_and_both_sides_come_to_nothing(office: Office) -> None:
    """Taken, arrived, returned: the debit names the payment; reversed, its negative item meets the debit."""
    details = {"reference": "工商银行/A100002", "payer": "6222", "payer_name": "某某公司"}
    paid = office.pay({"kind": "transfer", "amount_fen": FEN, "details": details})
    assert office.kinds() == ["book_only"]
    office.bank_says((FEN, "A100002", "电费"))
    assert office.kinds() == []
    office.bank_says((-FEN, "R1", "退票 A100002"))
    assert office.kinds() == ["one_sided_reversal"]
    office.reverse(paid)
    assert office.owed_fen == FEN
    assert office.kinds() == ["one_sided_reversal", "one_sided_reversal"]
    office.confirm_all()
    assert office.kinds() == []
    assert verify(office.bureau.admin).finding is None


def test_a_claimed_receipt_that_is_taken_back_meets_its_own_debit(office: Office) -> None:
    """Claimed, returned, reversed: credit and debit of the bank cancel each other."""
    office.bank_says((FEN, "C1", "电费"))
    line = office.bureau.value("SELECT line_id FROM counter.statement_line")
    paid = office.pay({"kind": "bank_receipt", "amount_fen": FEN, "details": {"reference": str(line)}})
    assert (office.owed_fen, office.kinds()) == (0, [])
    office.bank_says((-FEN, "C1", "退汇"))
    office.reverse(paid)
    assert (office.owed_fen, office.kinds()) == (FEN, ["bank_only", "one_sided_reversal"])
    office.confirm_all()
    assert office.kinds() == []
    assert verify(office.bureau.admin).finding is None


def test_a_receipt_claimed_in_part_and_matched_in_part_is_proven(office: Office) -> None:
    """What is open is what neither match nor claim has used; the ledger says the same."""
    office.bank_says((FEN + 500, "C1", "电费"))
    line = office.bureau.value("SELECT line_id FROM counter.statement_line")
    office.pay({"kind": "bank_receipt", "amount_fen": FEN, "details": {"reference": str(line)}})
    assert office.kinds() == ["bank_only"]
    held = office.bureau.value(
        "SELECT -sum(amount_fen)::bigint FROM counter.posting WHERE ledger_account = 'unidentified_receipts'"
    )
    assert held == office.bureau.value("SELECT sum(open_fen)::bigint FROM counter.statement_line") == 500
    assert verify(office.bureau.admin).finding is None


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["claim", "reverse"]), st.integers(0, 2), st.integers(1, 60_000))))
def test_whatever_is_claimed_and_given_back_the_held_money_is_what_is_open(
    office: Office, steps: list[tuple[str, int, int]]
) -> None:
    """Of three receipts, in any order, also more than there is."""
    office.bank_says(*((30_000, f"X{uuid4().hex[:8]}", "电费") for _each in range(3)))
    query = "SELECT array_agg(line_id ORDER BY line_id DESC) FROM counter.statement_line"
    lines = office.bureau.value(query)[:3]
    taken: list[dict[str, Any]] = []
    left = dict.fromkeys(lines, 30_000)
    for what, place, fen in steps:
        if what == "claim":
            details = {"reference": str(lines[place])}
            tenders = [{"kind": "bank_receipt", "amount_fen": fen, "details": details}]
            body = office.bureau.payment(
                office.shift, ACCOUNT, total_fen=fen, prepaid_fen=fen, tenders=tenders
            )
            if fen <= left[lines[place]]:
                taken.append(office.bureau.call("t10001", "post_payment", body) | {"line": lines[place]})
                left[lines[place]] -= fen
            else:
                with pytest.raises(psycopg.Error, match="not open"):
                    office.bureau.call("t10001", "post_payment", body)
        elif taken:
            paid = taken.pop(place % len(taken))
            body = {
                "request_id": str(uuid4()),
                "shift_id": office.shift,
                "journal_id": paid["journal_id"],
                "cause": "mistake",
                "reason": "错认",
            }
            office.bureau.call("t10001", "reverse_payment", body)
            left[paid["line"]] += paid["total_fen"]
    found = office.bureau.value(
        "SELECT array_agg(open_fen ORDER BY line_id DESC) FROM counter.statement_line WHERE line_id = ANY (%s)",
        lines,
    )
    assert found == list(left.values())
    held = (
        "SELECT -sum(amount_fen)::bigint FROM counter.posting WHERE ledger_account = 'unidentified_receipts'"
    )
    assert office.bureau.value(held) == office.bureau.value(
        "SELECT sum(open_fen)::bigint FROM counter.statement_line"
    )
