"""Whatever cashiers and clerks do to each other, and whoever dies at it: the books are right afterwards."""

from __future__ import annotations

import random
import threading
from contextlib import suppress
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from counter.services.ledger import verify
from tests.bureau import Bureau
from tests.services.statement_lines import MERCHANT, add_accounts, add_lines, line

ACCOUNTS = ("0100000001", "0100000002")
AMOUNTS = (1_000, 2_500, 2_500, 4_000)
STEPS = 30


class Clerk:
    """Takes slips, and takes payments back."""

    def __init__(self, bureau: Bureau, staff_no: str, till_no: int, account_no: str, seed: int) -> None:
        self.bureau, self.staff_no, self.account_no = bureau, staff_no, account_no
        self.chance = random.Random(seed)
        self.shift_id = bureau.open_shift(staff_no, till_no)
        self.paid: list[tuple[int, int]] = []
        self.till_no = till_no

    def tender(self, number: int) -> dict[str, Any]:
        amount_fen = self.chance.choice(AMOUNTS)
        if self.chance.random() < 0.6:
            details = {
                "reference": f"工商银行/{self.till_no}{number:05d}",
                "payer": f"6222{self.till_no}",
                "payer_name": "某某公司",
            }
            return {"kind": "transfer", "amount_fen": amount_fen, "details": details}
        slip = f"00000{self.till_no}-000001-{number:06d}"
        details = {"reference": slip, "rrn": f"{self.till_no:06d}{number:06d}"}
        return {"kind": "pos", "amount_fen": amount_fen, "details": details}

    def pay(self, number: int) -> None:
        tender = self.tender(number)
        request = self.bureau.payment(
            self.shift_id,
            self.account_no,
            total_fen=tender["amount_fen"],
            prepaid_fen=tender["amount_fen"],
            tenders=[tender],
        )
        answer = self.bureau.call(self.staff_no, "post_payment", request)
        self.paid.append((answer["journal_id"], tender["amount_fen"]))
        if self.chance.random() < 0.75:
            self.arrive(tender)

    def arrive(self, tender: dict[str, Any]) -> None:
        """The bank, or the acquirer, has it; mostly as the slip says."""
        details = tender["details"]
        if tender["kind"] == "pos":
            terminal, batch, trace = details["reference"].split("-")
            told = line(tender["amount_fen"], terminal=terminal, batch=batch, trace=trace, fee_fen=6)
            add_lines(self.bureau, told, account=MERCHANT)
        else:
            reference = details["reference"].partition("/")[2]
            party = {"party": "某某公司", "party_account": details["payer"]}
            right = self.chance.random() < 0.7
            told = line(
                tender["amount_fen"], reference=reference if right else "", text=str(uuid4()), **party
            )
            add_lines(self.bureau, told)

    def reverse(self) -> None:
        if self.paid:
            journal_id, amount_fen = self.paid.pop(self.chance.randrange(len(self.paid)))
            request = {
                "request_id": str(uuid4()),
                "shift_id": self.shift_id,
                "journal_id": journal_id,
                "account_no": self.account_no,
                "amount_fen": amount_fen,
                "cause": "mistake",
                "reason": "退票",
            }
            self.bureau.call(self.staff_no, "reverse_payment", request)

    def work(self) -> None:
        for number in range(STEPS):
            with suppress(psycopg.Error):
                self.reverse() if self.chance.random() < 0.25 else self.pay(number)


class Cashier:
    """Matches by rule and by hand, in part, takes back; and is killed in the middle now and then."""

    def __init__(self, bureau: Bureau, staff_no: str, seed: int) -> None:
        self.bureau, self.staff_no, self.chance = bureau, staff_no, random.Random(seed)

    def call(self, function: str, request: dict[str, Any]) -> None:
        """Once, or twice when the connection dies under it."""
        request["request_id"] = str(uuid4())
        if self.chance.random() < 0.25:
            with suppress(psycopg.Error):
                self.die_in(function, request)
        self.bureau.call(self.staff_no, function, request)

    def die_in(self, function: str, request: dict[str, Any]) -> None:
        with self.bureau.psql(self.staff_no) as connection:
            pid = connection.info.backend_pid
            killer = threading.Timer(self.chance.random() * 0.02, self.kill, [pid])
            killer.start()
            try:
                connection.execute(f"SELECT counter.{function}(%s)", [psycopg.types.json.Jsonb(request)])
            finally:
                killer.join()

    def kill(self, pid: int) -> None:
        with self.bureau.psql() as connection:
            connection.execute("SELECT pg_terminate_backend(%s)", [pid])

    def some(self, table: str, key: str) -> dict[str, Any] | None:
        """An open line or item, with the whole of it or a part."""
        with self.bureau.psql() as connection:
            query = (
                f"SELECT {key}, open_fen FROM counter.{table} WHERE open_fen <> 0 ORDER BY random() LIMIT 1"
            )
            row = connection.execute(query).fetchone()
        return {key: row[0], "amount_fen": row[1]} if row else None

    def by_hand(self) -> None:
        found, item = self.some("statement_line", "line_id"), self.some("book_item", "item_id")
        if found and item and (found["amount_fen"] > 0) == (item["amount_fen"] > 0):
            part = min(abs(found["amount_fen"]), abs(item["amount_fen"]))
            sign = 1 if found["amount_fen"] > 0 else -1
            found["amount_fen"] = item["amount_fen"] = sign * part
            self.call("confirm_match", {"lines": [found], "items": [item]})

    def suggested(self) -> None:
        with self.bureau.psql() as connection:
            row = connection.execute(
                "SELECT suggestion_id FROM counter.suggestion ORDER BY random()"
            ).fetchone()
        if row:
            function = "confirm_match" if self.chance.random() < 0.7 else "reject_suggestion"
            self.call(function, {"suggestion_id": row[0]})

    def take_back(self) -> None:
        with self.bureau.psql() as connection:
            row = connection.execute("SELECT match_id FROM counter.bank_match ORDER BY random()").fetchone()
        if row:
            self.call("unmatch", {"match_id": row[0], "reason": "看错了"})

    def work(self) -> None:
        for _step in range(STEPS):
            what = self.chance.choice((self.run, self.by_hand, self.by_hand, self.suggested, self.take_back))
            with suppress(psycopg.Error):
                what()

    def run(self) -> None:
        self.call("match_lines", {})


@pytest.mark.parametrize("seed", range(2))
def test_the_books_stay_right_whoever_matches_reverses_and_dies(bureau: Bureau, seed: int) -> None:
    """Lines and items are open by what was not matched, and clearing is what is open."""
    add_accounts(bureau)
    for account_no in ACCOUNTS:
        bureau.add_account(account_no)
    people: list[Clerk | Cashier] = [
        Clerk(bureau, "t10001", 101, ACCOUNTS[0], seed),
        Clerk(bureau, "t10002", 102, ACCOUNTS[1], seed + 100),
        Cashier(bureau, "t20001", seed),
        Cashier(bureau, "t30002", seed + 100),
    ]
    threads = [threading.Thread(target=each.work) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bureau.call("t20001", "match_lines", {"request_id": str(uuid4())})
    assert verify(bureau.admin).finding is None
    happened = """SELECT count(*) > 5 AND count(unmatches) > 0 AND (SELECT count(*) > 0 FROM counter.book_item WHERE withdrawn)
                    FROM counter.bank_match"""
    assert bureau.value(happened)
