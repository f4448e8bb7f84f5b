"""What the bank side prepares for a use case: a slip that a line of the bank proves, and a fee."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from counter.services.ports import PaymentTaken
from counter.services.ports.corrections import Cause, ReversePayment
from counter.services.ports.matching import (
    Board,
    BreakState,
    ConfirmMatch,
    LineView,
    MatchPart,
    NoteBreak,
    RejectSuggestion,
    RunMatching,
    Side,
    Unmatch,
)
from tests.services import posting_work as ready
from tests.services.posting_work import CASHIER, Act, Work
from tests.services.statement_lines import BANK, MERCHANT, add_accounts, add_lines, line


def arrives(work: Work) -> None:
    """A transfer slip of 1,000 fen, its line at the bank, and a fee of 50."""
    add_accounts(work.bureau)
    work.pays(ready.SLIP)()
    slip_fen = work.bureau.value("SELECT amount_fen FROM counter.tender_document WHERE kind = 'transfer'")
    add_lines(work.bureau, line(slip_fen, reference="SLIP-1"), line(-50, text="账户手续费"))


def board(work: Work) -> Board:
    """What the cashier sees of the bank."""
    return work.desk(CASHIER).matching.board(Side.BANK)


def runs(work: Work) -> Act:
    """The rules over it."""
    arrives(work)
    request = RunMatching(uuid4())
    cashier = work.desk(CASHIER)
    return lambda: cashier.matching.run(request)


def confirms(work: Work) -> Act:
    """By hand, before any rule ran."""
    arrives(work)
    seen = board(work)
    line_id = next(each.line_id for each in seen.lines if each.amount_fen > 0)
    request = ConfirmMatch(uuid4(), (MatchPart(line_id),), (MatchPart(seen.items[0].item_id),))
    cashier = work.desk(CASHIER)
    return lambda: cashier.matching.confirm(request)


def takes_back(work: Work) -> Act:
    """The match that a rule made."""
    runs(work)()
    cashier = work.desk(CASHIER)
    today = date.today() + timedelta(days=1)  # noqa: DTZ011  (wide enough for every zone)
    made = cashier.matching.matches(Side.BANK, today - timedelta(days=3), today)
    request = Unmatch(uuid4(), made[0].match_id, "看错了")
    return lambda: cashier.matching.unmatch(request)


def rejects(work: Work) -> Act:
    """The suggestion that the fee is a fee."""
    runs(work)()
    cashier = work.desk(CASHIER)
    request = RejectSuggestion(uuid4(), board(work).suggestions[0].suggestion_id)
    return lambda: cashier.matching.reject(request)


def claims(work: Work) -> Act:
    """A receipt that nobody knew, for one account."""
    add_accounts(work.bureau)
    add_lines(work.bureau, line(1_000, party="某某公司", text="电费"))
    (receipt,) = work.desk().held_receipts.find("某某", ready.ACCOUNT)
    return work.pays(receipt.tender(1_000))


def reverses_a_claim(work: Work) -> Act:
    """It is given back to the list."""
    taken = claims(work)()
    assert isinstance(taken, PaymentTaken)
    payment = work.desk().corrections.find(taken.receipt_no)
    assert payment is not None
    request = ReversePayment(uuid4(), work.shift_id, payment, Cause.MISTAKE, "错认")
    return lambda: work.desk().corrections.post(request)


def notes(work: Work) -> Act:
    """A break is explained."""
    arrives(work)
    cashier = work.desk(CASHIER)
    row = next(row for row in cashier.breaks.listed() if isinstance(row.view, LineView))
    assert isinstance(row.view, LineView)
    request = NoteBreak(uuid4(), BreakState.EXPLAINED, line_id=row.view.line_id, note="已查")
    return lambda: cashier.matching.note(request)


__all__ = [
    "BANK",
    "MERCHANT",
    "board",
    "claims",
    "confirms",
    "notes",
    "rejects",
    "reverses_a_claim",
    "runs",
    "takes_back",
]
