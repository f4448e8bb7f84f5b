"""Every use case that posts sends its server one statement, counted on the wire.

A new method of a port, or a new function that the staff may call, fails until it stands in a table here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import pytest

from counter.domain.tenders import cash
from counter.services import ports
from counter.services.ledger import verify
from counter.services.ports import (
    agreements,
    approvals,
    bank_import,
    breaks,
    cards,
    corrections,
    day_close,
    deposits,
    drawer,
    held_receipts,
    matching,
    paper,
    payers,
    relief,
    reports,
    tokens,
    vends,
)
from tests.bureau import Bureau
from tests.services import matching_work
from tests.services import posting_work as ready
from tests.services.posting_work import Act, Work
from tests.services.tap import Tap

PING: Final = ";"
"""An empty message: it finds a dead connection before anything is sent on it, and asks for nothing."""


@dataclass(frozen=True)
class Case:
    """The port's method, the function it calls once, and how many statements it reads with afterwards.

    ``reads`` counts BEGIN and COMMIT; None where a second sign-in of its own belongs to the use case.
    """

    method: str
    function: str
    prepare: Callable[[Work], Act]
    reads: int | None = 0


def pay(prepare: Callable[[Work], Act]) -> Case:
    """A payment."""
    return Case("DeskSession.take_payment", "post_payment", prepare)


USE_CASES: Final = {
    "cash": pay(lambda work: work.pays(cash(1_000, 2_000))),
    "pos": pay(lambda work: work.pays(ready.POS)),
    "transfer slip": pay(lambda work: work.pays(ready.SLIP)),
    "cheque": pay(lambda work: work.pays(ready.CHEQUE)),
    "recharge card": pay(ready.recharge_card),
    "care fund": pay(ready.care_fund),
    "own balance": pay(ready.own_balance),
    "split": pay(lambda work: work.pays(ready.POS, ready.SLIP, ready.CHEQUE, cash(400, 500))),
    "many accounts": pay(ready.many_accounts),
    "instalment": pay(ready.instalment),
    "last arrears": pay(ready.last_arrears),
    "reversal": Case("Corrections.post", "reverse_payment", ready.reversal),
    "refund in cash": Case("Corrections.post", "refund", lambda work: ready.refund(work, by_bank=False)),
    "refund by bank": Case("Corrections.post", "refund", lambda work: ready.refund(work, by_bank=True)),
    "balance transfer": Case("Corrections.post", "balance_transfer", ready.transfer),
    "waiver": Case("Relief.relieve", "relieve_late_fee", lambda work: ready.relieves(work, waived_fen=100)),
    "deferral": Case(
        "Relief.relieve", "relieve_late_fee", lambda work: ready.relieves(work, waived_fen=None)
    ),
    "opening": Case("DeskSession.open_shift", "open_shift", ready.opens, reads=3),
    "cash in": Case("Drawer.move_cash", "move_cash", lambda work: ready.moves(work, "change_in")),
    "cash out": Case("Drawer.move_cash", "move_cash", lambda work: ready.moves(work, "to_safe")),
    "count": Case("Drawer.sign_count", "sign_count", ready.counts),
    "close": Case("Drawer.close_shift", "close_shift", ready.closes),
    "handover": Case("Drawer.take_over", "take_over", ready.takes_over, reads=None),
    "deposit": Case("Deposits.make_deposit", "post_deposit", ready.deposits),
    "card sale": Case("Cards.sell", "sell_cards", lambda work: work.with_card(sold=False).sells()),
    "card shown": Case("Cards.show", "show_card", ready.shows),
    "agreement": Case("Agreements.make", "make_agreement", ready.makes_agreement),
    "agreement ended": Case("Agreements.end", "end_agreement", ready.ends_agreement),
    "reconnection done": Case("Agreements.complete", "complete_reconnection", ready.completes),
    "approval asked": Case("Approvals.ask", "request_approval", ready.asks),
    "approval decided": Case("Approvals.decide", "decide_approval", ready.decides, reads=3),
    "approval signed here": Case("Approvals.sign_here", "decide_approval", ready.signs, reads=None),
    "approval withdrawn": Case("Approvals.withdraw", "decide_approval", ready.withdraws, reads=3),
    "group saved": Case("Payers.save_group", "save_group", ready.saves),
    "group deleted": Case("Payers.delete_group", "delete_group", ready.deletes),
    "bank receipt": pay(matching_work.claims),
    "claim reversed": Case("Corrections.post", "reverse_payment", matching_work.reverses_a_claim),
    "break noted": Case("Matching.note", "note_break", matching_work.notes),
    "match run": Case("Matching.run", "match_lines", matching_work.runs),
    "match by hand": Case("Matching.confirm", "confirm_match", matching_work.confirms),
    "match taken back": Case("Matching.unmatch", "unmatch", matching_work.takes_back),
    "suggestion turned down": Case("Matching.reject", "reject_suggestion", matching_work.rejects),
    "day closed": Case("DayClose.close_day", "close_day", ready.closes_day),
    "month closed": Case("DayClose.close_month", "close_month", ready.closes_month),
    "phone": Case("DeskSession.set_phone", "set_phone", ready.phones),
}

LOOKS: Final = set(
    "DeskSession.business_date DeskSession.current_shift DeskSession.tills DeskSession.search DeskSession.account"
    " DeskSession.pending DeskSession.payments_today DeskSession.unprinted DeskSession.check_password"
    " DeskSession.close Approvals.subject_of Approvals.waiting Approvals.mine Approvals.state Approvals.listen"
    " Relief.subject_of Corrections.find Corrections.subject_of Corrections.voids Corrections.export_voids Drawer.reasons Drawer.shifts"
    " Drawer.report Drawer.print_report Deposits.safe Deposits.cash_alarm Deposits.slips Deposits.print_slip"
    " Payers.groups Payers.members Payers.read Payers.read_list Payers.complete Agreements.of_account"
    " Agreements.due Agreements.basis Agreements.reconnections Agreements.reconnection_count"
    " Agreements.export_reconnections Agreements.balance_history Cards.look Cards.fund_fen"
    " Matching.board Matching.find Matching.matches HeldReceipts.find HeldReceipts.account_on"
    " BankImport.accounts BankImport.statements BankImport.files Reports.make Reports.save Reports.print"
    " Breaks.listed Breaks.alarm Breaks.returned_by Breaks.export"
    " DayClose.checklist DayClose.closed_days DayClose.print_summary DayClose.listen"
    " Papers.print_test_page".split()
)
"""What changes nothing in the books."""

AFTERWARDS: Final = {
    "DeskSession.settle": "settle_payment",  # asks what became of a request; posts nothing
    "DeskSession.was_posted": "settle_request",
    "BankImport.import_file": "import_statement",  # reads a file first: counted by test_bank_import
    "DeskSession.print_receipt": "record_print",  # notes what a printer did, after the payment is answered
}
ELSEWHERE: Final = {"add_to_fund"} | set("collect_items list_breaks".split())
"""Called from the command line, or before a look at the bank side; not to post anything."""

ON_CARDS: Final = {
    "Vends.sell": ("begin_vend", "settle_vend"),
    "Vends.resume": ("settle_vend",),
    "Vends.undo": ("doubt_vend", "undo_vend"),
    "Vends.decide": ("decide_vend",),
    "Vends.sign": ("sign_vends",),
    "Vends.replace_card": ("replace_card",),
    "Vends.return_card": ("return_card",),
    "Vends.change_meter": ("change_meter",),
}
"""With a card between the statements: counted by test_vend_round_trips."""
ON_CARDS_LOOKS: Final = set(
    "Vends.slot Vends.watch Vends.look Vends.books Vends.subject_of Vends.undo_subject Vends.decision_subject"
    " Vends.in_doubt Vends.unfinished".split()
)
ON_TOKENS: Final = {
    "Tokens.sell": ("begin_token_vend", "settle_token_vend"),
    "Tokens.resume": ("settle_token_vend",),
    "Tokens.decide": ("decide_token_vend",),
}
"""With a vending server between the statements: counted by test_token_round_trips."""
ON_TOKENS_LOOKS: Final = set(
    "Tokens.books Tokens.decision_subject Tokens.unsettled Tokens.unfinished Tokens.subject_of".split()
)

PROTOCOLS: Final = (
    ports.DeskSession,
    approvals.Approvals,
    relief.Relief,
    corrections.Corrections,
    drawer.Drawer,
    deposits.Deposits,
    day_close.DayClose,
    bank_import.BankImport,
    reports.Reports,
    matching.Matching,
    held_receipts.HeldReceipts,
    breaks.Breaks,
    payers.Payers,
    agreements.Agreements,
    cards.Cards,
    paper.Papers,
    vends.Vends,
    tokens.Tokens,
)
STAFF_FUNCTIONS: Final = """
    SELECT array_agg(DISTINCT p.proname::text ORDER BY p.proname::text) FROM pg_proc p
     WHERE p.pronamespace = 'counter'::regnamespace AND p.provolatile = 'v'
       AND (has_function_privilege('counter_clerk', p.oid, 'EXECUTE')
            OR has_function_privilege('counter_cashier', p.oid, 'EXECUTE')
            OR has_function_privilege('counter_supervisor', p.oid, 'EXECUTE'))
"""


@pytest.fixture
def work(bureau: Bureau) -> Iterator[Work]:
    """Two accounts, and a clerk behind the tap with an open shift."""
    bureau.add_account(ready.ACCOUNT)
    bureau.add_account(ready.OTHER, name="李四")
    bureau.open_shift(float_fen=ready.FLOAT_FEN)
    tap = Tap(bureau.url)
    work = Work(bureau, tap)
    work.desk()
    yield work
    for desk in work.desks.values():
        desk.close()
    tap.close()


@pytest.mark.parametrize("name", USE_CASES)
def test_a_use_case_is_one_statement_to_post(work: Work, name: str) -> None:
    """And its books are right; nothing is read before it is posted, within or beside it."""
    case = USE_CASES[name]
    act = case.prepare(work)
    work.tap.statements.clear()
    act()
    said = [statement for statement in work.tap.statements if statement != PING]
    post = f"SELECT counter.{case.function}($1)"
    assert [statement for statement in said if "counter." in statement and "($1)" in statement] == [post]
    if case.reads is not None:
        assert (said[0], len(said)) == (post, 1 + case.reads)
    assert verify(work.bureau.admin).finding is None


def test_every_method_of_every_port_is_counted_or_known_to_post_nothing() -> None:
    """Somebody who adds one says here what it does."""
    methods = {
        f"{protocol.__name__}.{name}"
        for protocol in PROTOCOLS
        for name, member in vars(protocol).items()
        if inspect.isfunction(member) and not name.startswith("_")
    }
    posting = {case.method for case in USE_CASES.values()} | set(ON_CARDS) | set(ON_TOKENS)
    assert posting | LOOKS | ON_CARDS_LOOKS | ON_TOKENS_LOOKS | set(AFTERWARDS) == methods
    assert not posting & LOOKS


def test_every_area_of_a_desk_is_looked_through() -> None:
    """A new area of the session adds its protocol."""
    areas = {
        member.fget.__annotations__["return"]
        for member in vars(ports.DeskSession).values()
        if isinstance(member, property) and member.fget is not None
    }
    assert areas - {"StaffMember"} == {protocol.__name__ for protocol in PROTOCOLS} - {"DeskSession"}


def test_every_function_that_the_staff_may_call_is_counted(bureau: Bureau) -> None:
    """What is not STABLE or IMMUTABLE writes."""
    called = {case.function for case in USE_CASES.values()} | set(AFTERWARDS.values()) | ELSEWHERE
    called |= {function for functions in (ON_CARDS | ON_TOKENS).values() for function in functions}
    assert sorted(called) == bureau.value(STAFF_FUNCTIONS)
