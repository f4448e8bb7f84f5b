"""Every use case that posts, made ready to be done once: what is counted is the doing alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from counter.domain.allocation import AllocationLine
from counter.domain.card_secrets import card_proof, kept_digest
from counter.domain.instalments import Instalment
from counter.domain.tenders import Tender, TenderKind, cash
from counter.services.desk import Desk
from counter.services.gateway import ServerGateway
from counter.services.ports import AccountPayment, OpenShift, TakePayment
from counter.services.ports.agreements import EndAgreement, MakeAgreement
from counter.services.ports.cards import SellCards, ShowCard
from counter.services.ports.corrections import Cause, RefundBalance, ReversePayment, TransferBalance
from counter.services.ports.day_close import CloseDay, CloseMonth
from counter.services.ports.deposits import MakeDeposit
from counter.services.ports.drawer import CloseShift, MoveCash, SignCount, TakeOver
from counter.services.ports.payers import SaveGroup
from counter.services.ports.relief import RelieveLateFee
from receipts.press import Press
from tests.bureau import PASSWORD, Bureau
from tests.ledger.closed import add_bank_account
from tests.services.tap import Tap

ACCOUNT, OTHER, CARD = "330100000001", "330100000002", "80000001"
CLERK, HEIR, CASHIER, SUPERVISOR = "t10001", "t10002", "t20001", "t30001"
FLOAT_FEN, FACE_FEN, PERIOD = 50_000, 20_000, 203001
FAR = date(2999, 1, 1)
BILL = AllocationLine(f"{ACCOUNT}-202601-1", ACCOUNT, 0, 900)
Act = Callable[[], object]


@dataclass
class Work:
    """A bureau, its desks behind the tap, and a clerk with an open shift."""

    bureau: Bureau
    tap: Tap
    desks: dict[str, Desk] = field(default_factory=dict)

    def desk(self, staff_no: str = CLERK) -> Desk:
        """The desk of somebody; signed in once."""
        if staff_no not in self.desks:
            folder = self.bureau.folder / staff_no
            gateway = ServerGateway(self.tap.url, folder, Press(folder / "receipts"))
            self.desks[staff_no] = gateway.sign_in(staff_no, PASSWORD)
        return self.desks[staff_no]

    @property
    def shift_id(self) -> int:
        """The open shift of till 101."""
        return int(self.bureau.value("SELECT shift_id FROM counter.till WHERE till_no = 101"))

    def version(self, account_no: str = ACCOUNT) -> int:
        """Of an account as it stands."""
        query = "SELECT version FROM counter.account_balance WHERE account_no = %s"
        return int(self.bureau.value(query, account_no))

    def bend(self, statement: str) -> None:
        """Change a master datum as the administrator does."""
        with self.bureau.psql() as connection:
            connection.execute(statement.encode())

    def approved(self, action: str, subject: Any, reason: str) -> UUID:
        """A supervisor's approval for it."""
        approval_id = uuid4()
        self.desk().approvals.ask(approval_id, action, subject, reason)
        self.desk(SUPERVISOR).approvals.decide(approval_id, approved=True, note="")
        return approval_id

    def advance(self, *tenders: Tender, **more: Any) -> TakePayment:
        """Everything that is laid down, into the balance of one account."""
        total_fen = sum(tender.amount_fen for tender in tenders)
        share = AccountPayment(ACCOUNT, self.version(), (), total_fen)
        return TakePayment(uuid4(), self.shift_id, tenders, (share,), **more)

    def pays(self, *tenders: Tender) -> Act:
        """An advance by these."""
        request = self.advance(*tenders)
        return lambda: self.desk().take_payment(request)

    def paid(self, total_fen: int = 1_000) -> str:
        """The number of a receipt for an advance in cash."""
        return self.desk().take_payment(self.advance(cash(total_fen, total_fen))).receipt_no

    def counted(self, handover_to: str = "") -> UUID:
        """A count of what the books say."""
        held = int(self.bureau.value("SELECT cash_fen FROM counter.till WHERE till_no = 101"))
        pieces = ((100, held // 100), (1, held % 100))
        return self.desk().drawer.sign_count(SignCount(uuid4(), self.shift_id, pieces, handover_to)).count_id

    def with_card(self, *, sold: bool) -> Work:
        """A recharge card in stock, or one that a customer has and has shown."""
        digest = kept_digest(card_proof(CARD, "secret")).hex()
        card = {"card_no": CARD, "face_fen": FACE_FEN, "digest": digest}
        self.bureau.call("t60001", "load_cards", {"cards": [card]})
        if sold:
            self.sells()()
        return self

    def sells(self) -> Act:
        """The card for cash."""
        request = SellCards(uuid4(), self.shift_id, (CARD,), (cash(FACE_FEN, FACE_FEN),))
        return lambda: self.desk().cards.sell(request)


def paper(kind: TenderKind, reference: str, amount_fen: int = 300) -> Tender:
    """A tender that is a paper."""
    return Tender(kind, amount_fen, details={"reference": reference, "payer": "6222020200012345"})


POS = paper(TenderKind.POS, "12345678-000001-000042")
SLIP = paper(TenderKind.TRANSFER, "工商银行/SLIP-1")
CHEQUE = paper(TenderKind.CHEQUE, "建设银行/12345678")
PURSE = paper(TenderKind.RECHARGE_CARD, CARD, FACE_FEN)


def recharge_card(work: Work) -> Act:
    """A card that was sold and shown pays."""
    work.with_card(sold=True)
    work.desk().cards.show(ShowCard(work.shift_id, CARD, "secret"))
    return work.pays(PURSE)


def care_fund(work: Work) -> Act:
    """The fund pays for a hardship household, approved."""
    work.bend("UPDATE counter.account SET hardship = true")
    work.bureau.call(
        SUPERVISOR, "add_to_fund", {"request_id": str(uuid4()), "amount_fen": 700, "reason": "拨款"}
    )
    request = work.advance(Tender(TenderKind.CARE_FUND, 500), reason="低保户")
    subject = work.desk().approvals.subject_of(request)
    allowed = replace(request, approval_id=work.approved("payment", subject, "低保户"))
    return lambda: work.desk().take_payment(allowed)


def own_balance(work: Work) -> Act:
    """A bill that came before the money is settled from the balance."""
    work.bureau.add_bills(ACCOUNT, (202601, 900, FAR))
    work.paid()
    share = AccountPayment(ACCOUNT, work.version(), (BILL,), 0)
    request = TakePayment(uuid4(), work.shift_id, (Tender(TenderKind.PREPAID, 900),), (share,))
    return lambda: work.desk().take_payment(request)


def last_arrears(work: Work) -> Act:
    """Of a disconnected account: a task is raised."""
    work.bureau.add_bills(ACCOUNT, (202601, 900, FAR))
    work.bend("UPDATE counter.account SET disconnected = true")
    share = AccountPayment(ACCOUNT, work.version(), (BILL,), 0)
    request = TakePayment(uuid4(), work.shift_id, (cash(900, 1_000),), (share,))
    return lambda: work.desk().take_payment(request)


def many_accounts(work: Work) -> Act:
    """One transfer for two."""
    shares = tuple(AccountPayment(number, work.version(number), (), 150) for number in (OTHER, ACCOUNT))
    request = TakePayment(uuid4(), work.shift_id, (SLIP,), shares, "某某公司")
    return lambda: work.desk().take_payment(request)


def instalment(work: Work) -> Act:
    """An advance under an agreement."""
    made = agreement(work)
    work.desk().agreements.make(made)
    request = work.advance(cash(1_000, 1_000))
    share = replace(request.accounts[0], agreement_id=made.request_id)
    request = replace(request, accounts=(share,))
    return lambda: work.desk().take_payment(request)


def agreement(work: Work) -> MakeAgreement:
    """Three instalments."""
    assert work.shift_id
    plan = tuple(Instalment(date(2030, 1, day), 1_000) for day in (10, 20, 31))
    return MakeAgreement(uuid4(), ACCOUNT, PERIOD, 100, plan, "按月用电")


def makes_agreement(work: Work) -> Act:
    """Made once."""
    request = agreement(work)
    return lambda: work.desk().agreements.make(request)


def ends_agreement(work: Work) -> Act:
    """Given up before its bill."""
    made = agreement(work)
    work.desk().agreements.make(made)
    request = EndAgreement(uuid4(), made.request_id, "客户停产")
    return lambda: work.desk().agreements.end(request)


def completes(work: Work) -> Act:
    """Connected again."""
    last_arrears(work)()
    (task,) = work.desk().agreements.reconnections()
    request_id = uuid4()
    return lambda: work.desk().agreements.complete(request_id, task)


def reversal(work: Work) -> Act:
    """Of today's own payment."""
    payment = work.desk().corrections.find(work.paid())
    assert payment is not None
    request = ReversePayment(uuid4(), work.shift_id, payment, Cause.MISTAKE, "录错户号")
    return lambda: work.desk().corrections.post(request)


def refund(work: Work, *, by_bank: bool) -> Act:
    """Out of the balance, approved."""
    work.paid()
    payee = ("王小四", "6222020200012345", "工商银行") if by_bank else ("", "", "")
    request = RefundBalance(uuid4(), work.shift_id, ACCOUNT, work.version(), 400, by_bank, "销户退费", *payee)
    allowed = replace(
        request, approval_id=work.approved(*work.desk().corrections.subject_of(request), "销户退费")
    )
    return lambda: work.desk().corrections.post(allowed)


def transfer(work: Work) -> Act:
    """To another customer, approved."""
    work.paid()
    versions = work.version(), work.version(OTHER)
    request = TransferBalance(uuid4(), work.shift_id, ACCOUNT, OTHER, *versions, 400, "并户")
    allowed = replace(
        request, approval_id=work.approved(*work.desk().corrections.subject_of(request), "并户")
    )
    return lambda: work.desk().corrections.post(allowed)


def relieves(work: Work, *, waived_fen: int | None) -> Act:
    """A late fee waived, or put off."""
    today = work.desk().business_date()
    work.bureau.add_bills(ACCOUNT, (202601, 100_000, today - timedelta(days=9)))
    until = None if waived_fen else today + timedelta(days=9)
    request = RelieveLateFee(uuid4(), ACCOUNT, work.version(), BILL.bill_no, waived_fen, until, "抄表有误")
    subject = work.desk().relief.subject_of(request)
    allowed = replace(request, approval_id=work.approved(request.action, subject, "抄表有误"))
    return lambda: work.desk().relief.relieve(allowed)


def opens(work: Work) -> Act:
    """Another clerk takes another till."""
    request = OpenShift(uuid4(), 102, FLOAT_FEN)
    heir = work.desk(HEIR)
    return lambda: heir.open_shift(request)


def moves(work: Work, reason: str) -> Act:
    """Cash in or out."""
    request = MoveCash(uuid4(), work.shift_id, reason, 100, "[/]")
    return lambda: work.desk().drawer.move_cash(request)


def counts(work: Work) -> Act:
    """Blind."""
    request = SignCount(uuid4(), work.shift_id, ((10_000, 5),))
    return lambda: work.desk().drawer.sign_count(request)


def closes(work: Work) -> Act:
    """By the last count."""
    request = CloseShift(uuid4(), work.shift_id, work.counted())
    return lambda: work.desk().drawer.close_shift(request)


def takes_over(work: Work) -> Act:
    """The next clerk signs at this desk."""
    request = TakeOver(uuid4(), work.shift_id, work.counted(HEIR), FLOAT_FEN)
    return lambda: work.desk().drawer.take_over(request, HEIR, PASSWORD)


def deposits(work: Work) -> Act:
    """The takings of a closed shift, by the cashier."""
    add_bank_account(work.bureau)
    work.paid()
    shift_id = work.shift_id
    closes(work)()
    request = MakeDeposit(uuid4(), "4400123412341234", ((shift_id, "cash"),), 1_000, "赵静")
    cashier = work.desk(CASHIER)
    return lambda: cashier.deposits.make_deposit(request)


def closes_day(work: Work) -> Act:
    """A day with a shift that took nothing, by the cashier."""
    closes(work)()
    request, cashier = CloseDay(uuid4(), work.desk().business_date()), work.desk(CASHIER)
    return lambda: cashier.day_close.close_day(request)


def closes_month(work: Work) -> Act:
    """A month long ago whose last day is closed."""
    work.bend("INSERT INTO counter.closed_day VALUES (1, '2020-01-31')")
    work.bend(
        "INSERT INTO counter.day_closing (hall_no, business_date, request_id, request_hash, staff_no, journals, totals,"
        " heads, checklist, bank) VALUES (1, '2020-01-31', gen_random_uuid(), sha256(''), 't20001', 0, '{}', '{}',"
        " '[]', '{}')"
    )
    request, cashier = CloseMonth(uuid4(), date(2020, 1, 1)), work.desk(CASHIER)
    return lambda: cashier.day_close.close_month(request)


def saves(work: Work) -> Act:
    """A group of two."""
    request = SaveGroup(uuid4(), uuid4(), 0, "某某公司", (ACCOUNT, OTHER))
    return lambda: work.desk().payers.save_group(request)


def deletes(work: Work) -> Act:
    """A group that is there."""
    group = work.desk().payers.save_group(SaveGroup(uuid4(), uuid4(), 0, "某某公司", (ACCOUNT,)))
    request_id = uuid4()
    return lambda: work.desk().payers.delete_group(request_id, group)


def shows(work: Work) -> Act:
    """A sold card with its secret."""
    work.with_card(sold=True)
    request = ShowCard(work.shift_id, CARD, "secret")
    return lambda: work.desk().cards.show(request)


def asks(work: Work) -> Act:
    """A question to a supervisor."""
    approval_id, desk = uuid4(), work.desk()
    return lambda: desk.approvals.ask(approval_id, "refund", {"reason": "销户"}, "销户")


def decides(work: Work) -> Act:
    """At the supervisor's own desk."""
    approval_id, boss = uuid4(), work.desk(SUPERVISOR)
    work.desk().approvals.ask(approval_id, "refund", {"reason": "销户"}, "销户")
    return lambda: boss.approvals.decide(approval_id, approved=True, note="")


def signs(work: Work) -> Act:
    """At the clerk's desk."""
    approval_id, desk = uuid4(), work.desk()
    desk.approvals.ask(approval_id, "refund", {"reason": "销户"}, "销户")
    return lambda: desk.approvals.sign_here(approval_id, SUPERVISOR, PASSWORD, approved=True, note="")


def withdraws(work: Work) -> Act:
    """One's own question."""
    approval_id, desk = uuid4(), work.desk()
    desk.approvals.ask(approval_id, "refund", {"reason": "销户"}, "销户")
    return lambda: desk.approvals.withdraw(approval_id)


def phones(work: Work) -> Act:
    """Asked for at the counter."""
    desk, request_id = work.desk(), uuid4()
    return lambda: desk.set_phone(request_id, ACCOUNT, "13800000000")
