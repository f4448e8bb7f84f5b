"""What a clerk, a cashier and a supervisor do all day, each step chosen by chance and told to the database.

A step may be refused for a reason that the rules give; then nothing has happened and the day goes on. Any
other answer is a fault of the program and ends the test.
"""

from __future__ import annotations

from random import Random
from typing import Any, Final

from tests.bureau import Bureau
from tests.days.session import Refused, Session, request_id

REFUSALS: Final = {
    "CN001", "CN003", "CN005", "CN006", "CN007", "CN008", "CN009", "CN022", "CN023", "CN026", "CN032", "CN051",
    "CN034", "CN035", "CN036", "CN037", "CN038", "CN039", "CN040", "CN041", "CN042", "CN047", "CN048",
    "CN053", "CN054", "CN055", "CN056", "CN058", "CN059", "CN064", "CN066",
    "CN082", "CN083", "CN086", "CN088", "CN089", "CN090", "CN091", "CN092", "CN093", "CN094", "CN096", "CN099",
}  # fmt: skip
"""States that a step may meet because another session was quicker."""

CONSTRAINTS: Final = {
    "bill_not_overpaid",
    "account_balance_not_negative",
    "till_cash_not_negative",
    "fund_not_negative",
    "journal_reverses_uq",
    "tender_document_once",
    "approval_use_pk",
    "vend_one_open",
    "shift_one_open_per_staff",
}
OPEN_BILLS = """
    SELECT b.period, b.principal_fen - b.principal_paid_fen, counter.late_fee_due(
               b.late_fee_accrued_fen + counter.late_fee_accrual(
                   counter.late_fee_policies(a.customer_class), b.due_date, b.late_fee_through,
                   b.principal_fen - b.principal_paid_fen, counter.business_date()),
               b.late_fee_paid_fen + b.late_fee_waived_fen,
               counter.late_fee_minimum(counter.late_fee_policies(a.customer_class), counter.business_date()))
      FROM counter.bill b JOIN counter.account a USING (account_no)
     WHERE b.account_no = %s AND b.principal_paid_fen < b.principal_fen ORDER BY b.due_date, b.period
"""
BALANCE = "SELECT version, prepaid_fen, arrears_fen FROM counter.account_balance WHERE account_no = %s"


class Worker:
    """A member of staff with a session, a source of chance and a memory of what was sent."""

    def __init__(self, bureau: Bureau, staff_no: str, chance: Random, accounts: list[str]) -> None:
        """Work on ``accounts``."""
        self.bureau = bureau
        self.session = Session(bureau, staff_no)
        self.chance = chance
        self.accounts = accounts
        self.sent: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
        self.steps: dict[str, int] = {}
        self.refused: dict[str, int] = {}

    def post(self, function: str, request: dict[str, Any]) -> dict[str, Any] | None:
        """Send it; None when the rules refused it. Now and then it is sent twice."""
        try:
            answer = self.session.post(function, request)
        except Refused as refused:
            if refused.state not in REFUSALS and refused.constraint not in CONSTRAINTS:
                raise
            why = f"{function} {refused.constraint or refused.state}"
            self.refused[why] = self.refused.get(why, 0) + 1
            return None
        self.steps[function] = self.steps.get(function, 0) + 1
        self.sent.append((function, request, answer))
        return answer

    def repeat(self) -> None:
        """Send something again: the first answer comes again, and nothing else happens."""
        if self.sent:
            function, request, answer = self.chance.choice(self.sent)
            again = self.session.post(function, request)
            same = {key: again.get(key) for key in answer if key != "replayed"}
            assert same == {key: value for key, value in answer.items() if key != "replayed"}, function

    def asked(self, action: str, request: dict[str, Any], supervisor: Session) -> dict[str, Any]:
        """The request with an approval by the supervisor."""
        approval = request_id()
        ask = {"approval_id": approval, "action": action, "subject": request, "reason": request["reason"]}
        self.session.post("request_approval", ask)
        supervisor.post("decide_approval", {"approval_id": approval, "approved": True})
        return request | {"approval_id": approval}

    def close(self) -> None:
        """The session ends."""
        self.session.close()


class Clerk(Worker):
    """Takes money at a till, and corrects."""

    def __init__(
        self, bureau: Bureau, staff_no: str, till_no: int, chance: Random, accounts: list[str]
    ) -> None:
        """At ``till_no``."""
        super().__init__(bureau, staff_no, chance, accounts)
        self.till_no = till_no
        self.shift_id = 0
        self.supervisor = Session(bureau, "t30001" if till_no < 200 else "t30002")

    def open(self) -> None:
        """Take the till with a float, unless it is held."""
        rows = self.session.rows(
            "SELECT shift_id FROM counter.shift WHERE staff_no = %s AND closed_at IS NULL",
            self.session.staff_no,
        )
        if rows:
            self.shift_id = rows[0][0]
            return
        floats = {
            "request_id": request_id(),
            "till_no": self.till_no,
            "float_fen": self.chance.randrange(100_000),
        }
        answer = self.post("open_shift", floats)
        self.shift_id = answer["shift_id"] if answer else 0

    def share(self, account_no: str, amount: int, *, bills: bool = True) -> dict[str, Any]:
        """What of ``amount`` an account owes, oldest bill first, late fee first, rest prepaid."""
        version, _prepaid, _arrears = self.session.rows(BALANCE, account_no)[0]
        lines, left = [], amount
        for period, open_fen, fee_due in self.session.rows(OPEN_BILLS, account_no) if bills else []:
            fee = min(left, fee_due)
            principal = min(left - fee, open_fen)
            left -= fee + principal
            if fee or principal:
                lines.append({"period": period, "part": 1, "late_fee_fen": fee, "principal_fen": principal})
        return {"account_no": account_no, "version": version, "prepaid_fen": left, "lines": lines}

    def tenders(self, amount: int) -> list[dict[str, Any]]:
        """One or several that come to the amount; papers have few numbers, so that some come twice."""
        number = self.chance.randrange(400)
        cash = {"kind": "cash", "amount_fen": amount, "received_fen": amount + self.chance.randrange(5_000)}
        papers = [
            {"kind": "pos", "details": {"reference": f"12345678-000001-{number:06d}"}},
            {
                "kind": "transfer",
                "details": {"reference": f"ICBC/S{number}", "payer": f"62220202{number % 7:08d}"},
            },
            {"kind": "cheque", "details": {"reference": f"CCB/{number:08d}"}},
        ]
        if amount < 10 or self.chance.random() < 0.5:
            return [cash]
        part = self.chance.randrange(1, amount)
        paper = self.chance.choice(papers)
        return [paper | {"amount_fen": amount - part}, cash | {"amount_fen": part, "received_fen": part}]

    def pay(self) -> None:
        """For one account or several."""
        some = sorted(self.chance.sample(self.accounts, self.chance.choice((1, 1, 1, 2, 3))))
        shares = [self.share(account, self.chance.choice((1, 500, 12_345, 300_000))) for account in some]
        total = sum(
            share["prepaid_fen"]
            + sum(line["late_fee_fen"] + line["principal_fen"] for line in share["lines"])
            for share in shares
        )
        request = {
            "request_id": request_id(),
            "shift_id": self.shift_id,
            "tenders": self.tenders(total),
            "accounts": shares,
        }
        self.post("post_payment", request)

    def pay_from_balance(self) -> None:
        """An open bill from the account's own balance."""
        account = self.chance.choice(self.accounts)
        _version, prepaid, _arrears = self.session.rows(BALANCE, account)[0]
        if prepaid:
            share = self.share(account, self.chance.randrange(1, prepaid + 1))
            amount = sum(line["late_fee_fen"] + line["principal_fen"] for line in share["lines"])
            if amount:
                self.post(
                    "post_payment",
                    {
                        "request_id": request_id(),
                        "shift_id": self.shift_id,
                        "tenders": [{"kind": "prepaid", "amount_fen": amount}],
                        "accounts": [share | {"prepaid_fen": 0}],
                    },
                )

    def pay_by_fund(self) -> None:
        """A hardship household, approved."""
        account = self.accounts[0]
        share = self.share(account, self.chance.randrange(1, 400), bills=False)
        request = {
            "request_id": request_id(),
            "shift_id": self.shift_id,
            "tenders": [{"kind": "care_fund", "amount_fen": share["prepaid_fen"]}],
            "accounts": [share],
            "reason": "低保户",
        }
        request = self.asked("payment", request, self.supervisor)
        self.post("post_payment", request)
        if self.chance.random() < 0.3:  # an approval is used once
            self.post("post_payment", request | {"request_id": request_id()})

    def close(self) -> None:
        """Both sessions end."""
        super().close()
        self.supervisor.close()
