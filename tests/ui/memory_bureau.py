"""A bureau in memory: a real implementation of the protocols of ``counter.services.ports``.

It keeps the promises that the screens rely on: a request id posts once, a stale version is refused, an
unknown outcome can be settled. Faults and delays happen when a test asks for them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast
from uuid import UUID

from counter.errors import (
    BalanceChanged,
    CounterError,
    NotAllowed,
    OutcomeUnknown,
    PrintFailed,
    RequestIdReused,
    ServerUnreachable,
    SignInRefused,
)
from counter.services.ports import (
    AccountView,
    DemoStaff,
    Duty,
    MatchRank,
    OpenShift,
    PaymentSummary,
    PaymentTaken,
    Pending,
    PrintOutcome,
    SearchHit,
    SearchResults,
    Shift,
    StaffMember,
    TakePayment,
    Till,
)
from counter.services.ports.agreements import Agreements
from counter.services.ports.approvals import Approvals
from counter.services.ports.bank_import import BankImport
from counter.services.ports.breaks import BreakAlarm, Breaks
from counter.services.ports.cards import Cards
from counter.services.ports.corrections import Corrections
from counter.services.ports.day_close import DayClose
from counter.services.ports.deposits import Deposits
from counter.services.ports.drawer import Drawer
from counter.services.ports.held_receipts import HeldReceipts
from counter.services.ports.paper import Papers
from counter.services.ports.payers import Payers
from counter.services.ports.relief import Relief
from counter.services.ports.reports import Reports
from counter.services.ports.vends import Vends
from counter.services.without_cards import WithoutCards
from tests.ui.customers import HALL, NOW, TODAY, ordinary_accounts
from tests.ui.memory_agreements import MemoryAgreements
from tests.ui.memory_approvals import MemoryApprovals
from tests.ui.memory_deposits import MemoryDeposits
from tests.ui.memory_matching import MemoryAccounts, MemoryMatching
from tests.ui.memory_tokens import NoTokens
from tests.ui.settling import jobs_held

PASSWORD = "demo-0107"
SEARCH_LIMIT = 50


@dataclass
class MemoryBureau:
    """All state of the bureau, shared by every session, and the switches for faults."""

    accounts: dict[str, AccountView] = field(
        default_factory=lambda: {a.account_no: a for a in ordinary_accounts()}
    )
    posted: dict[UUID, tuple[TakePayment, PaymentTaken]] = field(default_factory=dict)
    payments: list[PaymentSummary] = field(default_factory=list)
    shifts: dict[str, Shift] = field(default_factory=dict)
    prints: list[tuple[str, bool]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    unknown: dict[UUID, Pending] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    vends: Vends = field(default_factory=WithoutCards)
    matching: MemoryMatching = field(default_factory=MemoryMatching)
    unreachable: bool = False
    lose_reply: bool = False
    lose_request: bool = False
    printer_broken: bool = False
    refuse_printing: bool = False
    keep_payments: bool = True
    hold: threading.Event = field(default_factory=threading.Event)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        """Nothing is held up at first."""
        self.hold.set()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let every call wait inside, as a slow server does."""
        self.hold.clear()
        try:
            with jobs_held():
                yield
        finally:
            self.hold.set()

    def arrive(self, call: str) -> None:
        """A call reaches the server, or not."""
        self.calls.append(call)
        self.hold.wait(10)
        if self.unreachable:
            raise ServerUnreachable("服务器连不上。", "没有发送任何内容。", "请检查网络。")

    def change(self, account_no: str, **changes: object) -> None:
        """Another desk changes an account."""
        with self.lock:
            old = self.accounts[account_no]
            self.accounts[account_no] = replace(old, version=old.version + 1, **changes)  # type: ignore[arg-type]


class NoBreaks:
    """Nothing is open on one side only."""

    def alarm(self) -> BreakAlarm:
        """Nobody is needed."""
        return BreakAlarm(0, 0, "", 0)


class MemoryDesk:
    """A signed-in clerk."""

    def __init__(self, bureau: MemoryBureau, staff: StaffMember) -> None:
        """Work on this bureau."""
        self._bureau = bureau
        self._staff = staff
        self.closed = False

    @property
    def staff(self) -> StaffMember:
        """Who is signed in."""
        return self._staff

    @property
    def approvals(self) -> Approvals:
        """Two questions that wait."""
        return MemoryApprovals()

    @property
    def relief(self) -> Relief:
        """Not in memory: ``real_desk`` has it."""
        raise AssertionError("use real_desk")

    @property
    def papers(self) -> Papers:
        """Not in memory: ``real_desk`` has it."""
        raise AssertionError("use real_desk")

    @property
    def corrections(self) -> Corrections:
        """Not in memory: ``real_desk`` has it."""
        raise AssertionError("use real_desk")

    @property
    def drawer(self) -> Drawer:
        """Not in memory: ``real_desk`` has it."""
        raise AssertionError("use real_desk")

    @property
    def deposits(self) -> Deposits:
        """What waits, for pictures; for everything else ``real_desk`` has it."""
        return cast("Deposits", MemoryDeposits())

    @property
    def matching(self) -> MemoryMatching:
        """The statement and the books of the bureau in memory."""
        return self._bureau.matching

    @property
    def breaks(self) -> Breaks:
        """None is late; for everything else ``real_desk`` has it."""
        return cast("Breaks", NoBreaks())

    @property
    def held_receipts(self) -> HeldReceipts:
        """Not in memory: ``real_desk`` has it."""
        raise AssertionError("use real_desk")

    @property
    def bank_import(self) -> BankImport:
        """Two bank accounts and a merchant, to look at; for everything else ``real_desk`` has it."""
        return cast("BankImport", MemoryAccounts())

    @property
    def payers(self) -> Payers:
        """Not in memory: ``real_desk`` has it."""
        raise AssertionError("use real_desk")

    @property
    def agreements(self) -> Agreements:
        """Some rows, for pictures; for everything else ``real_desk`` has it."""
        return cast("Agreements", MemoryAgreements())

    @property
    def cards(self) -> Cards:
        """Not in memory: ``real_desk`` has it."""
        raise AssertionError("use real_desk")

    @property
    def reports(self) -> Reports:
        """Tried on a real bureau only."""
        raise NotImplementedError

    @property
    def day_close(self) -> DayClose:
        """Days are closed on a real bureau only."""
        raise AssertionError("no day is closed in memory")

    @property
    def tokens(self) -> NoTokens:
        """No vending server."""
        return NoTokens()

    @property
    def vends(self) -> Vends:
        """No reader, unless ``memory_vends.with_cards`` gave the bureau one."""
        return self._bureau.vends

    def business_date(self) -> date:
        """The fixed day of the tests."""
        self._bureau.arrive("business_date")
        return TODAY

    def current_shift(self) -> Shift | None:
        """The caller's shift."""
        self._bureau.arrive("current_shift")
        return self._bureau.shifts.get(self._staff.staff_no)

    def tills(self) -> tuple[Till, ...]:
        """One held, two free."""
        self._bureau.arrive("tills")
        return (Till(107, "1号柜台", "赵强"), Till(108, "2号柜台", ""), Till(109, "3号柜台", ""))

    def open_shift(self, request: OpenShift) -> Shift:
        """Take a till."""
        self._bureau.arrive("open_shift")
        shift = Shift(
            request.till_no * 10**10 + 1,
            request.till_no,
            f"{request.till_no - 106}号柜台",
            TODAY,
            NOW,
            request.float_fen,
        )
        return self._bureau.shifts.setdefault(self._staff.staff_no, shift)

    def search(self, query: str) -> SearchResults:
        """Number by prefix, name by fragment."""
        self._bureau.arrive(f"search {query}")
        found = []
        for view in self._bureau.accounts.values():
            if view.account_no.startswith(query) or query in view.name:
                rank = MatchRank.EXACT if query in (view.account_no, view.name) else MatchRank.PREFIX
                matched = "account_no" if view.account_no.startswith(query) else "name"
                found.append(_hit(view, rank, matched))
        found.sort(key=lambda hit: (hit.rank is not MatchRank.EXACT, hit.account_no))
        return SearchResults(query, tuple(found[:SEARCH_LIMIT]), len(found) > SEARCH_LIMIT)

    def account(self, account_no: str) -> AccountView | None:
        """The account as it is now."""
        self._bureau.arrive(f"account {account_no}")
        return self._bureau.accounts.get(account_no)

    def set_phone(self, _request_id: UUID, account_no: str, phone: str) -> None:
        """Keep the number."""
        self._bureau.arrive("set_phone")
        self._bureau.phones[account_no] = phone
        self._bureau.change(account_no, phone=phone)

    def take_payment(self, request: TakePayment) -> PaymentTaken:
        """Post once; lose request or reply when the test says so."""
        bureau = self._bureau
        bureau.arrive("take_payment")
        pending = Pending(request.request_id, request.account_no, request.total_fen, NOW)
        if bureau.lose_request or bureau.lose_reply:
            bureau.unknown[request.request_id] = pending
        if bureau.lose_request:
            raise _lost()
        with bureau.lock:
            taken = self._post(request)
        if bureau.lose_reply:
            raise _lost()
        return taken

    def _post(self, request: TakePayment) -> PaymentTaken:
        """The ledger's part."""
        bureau = self._bureau
        if request.request_id in bureau.posted:
            first, taken = bureau.posted[request.request_id]
            if first != request:
                raise RequestIdReused("请求号已用于别的内容。")
            return replace(taken, replayed=True)
        view = bureau.accounts[request.account_no]
        if view.closed:
            raise NotAllowed("该户已销户。", "没有入账。", "请核对户号。")
        (share,) = request.accounts
        if view.version != share.version:
            raise BalanceChanged("余额已变。", "没有入账。", "请重新核对。")
        assert request.total_fen == share.total_fen
        after = _paid(view, request)
        bureau.accounts[view.account_no] = after
        number = f"0108-261123-{len(bureau.posted) + 1:04d}"
        taken = PaymentTaken(
            request.request_id,
            len(bureau.posted) + 1,
            number,
            request.total_fen,
            sum(tender.change_fen for tender in request.tenders),
            after.prepaid_fen,
            after.arrears_fen,
            False,
        )
        bureau.posted[request.request_id] = (request, taken)
        if bureau.keep_payments:
            bureau.payments.insert(
                0,
                PaymentSummary(
                    number,
                    NOW,
                    view.account_no,
                    view.name,
                    request.total_fen,
                    HALL,
                    self._staff.name,
                    ("cash",),
                    False,
                ),
            )
        return taken

    def pending(self) -> tuple[Pending, ...]:
        """What was sent without an answer."""
        return tuple(self._bureau.unknown.values())

    def settle(self, request_id: UUID) -> PaymentTaken | None:
        """Look in the ledger."""
        self._bureau.arrive("settle")
        self._bureau.unknown.pop(request_id, None)
        found = self._bureau.posted.get(request_id)
        return None if found is None else replace(found[1], replayed=True)

    def was_posted(self, request_id: UUID) -> bool:
        """Nothing but payments is lost here."""
        raise NotImplementedError(request_id)

    def payments_today(self) -> tuple[PaymentSummary, ...]:
        """Newest first."""
        self._bureau.arrive("payments_today")
        return tuple(self._bureau.payments)

    def unprinted(self) -> tuple[PaymentSummary, ...]:
        """Those not on paper."""
        self._bureau.arrive("unprinted")
        return tuple(row for row in self._bureau.payments if not row.printed)

    def print_receipt(self, receipt_no: str) -> PrintOutcome:
        """Print, or fail as the test says."""
        bureau = self._bureau
        bureau.arrive("print_receipt")
        if bureau.refuse_printing:
            raise PrintFailed("磁盘已满。", "款项已入账, 收据未生成。", "腾出空间后补打。")
        if bureau.printer_broken:
            return PrintOutcome(receipt_no, False, None, "office", "打印机缺纸")
        reprint = any(number == receipt_no for number, _again in bureau.prints)
        bureau.prints.append((receipt_no, reprint))
        bureau.payments[:] = [
            replace(row, printed=row.printed or row.receipt_no == receipt_no) for row in bureau.payments
        ]
        return PrintOutcome(receipt_no, reprint, None, "office")

    def check_password(self, password: str) -> None:
        """Right or wrong."""
        self._bureau.arrive("check_password")
        if password != PASSWORD:
            raise SignInRefused("密码不对。")

    def close(self) -> None:
        """Gone."""
        self.closed = True


class MemoryGateway:
    """The way in."""

    def __init__(self, bureau: MemoryBureau, *, demo: bool = True) -> None:
        """``demo`` shows the sign-ins."""
        self._bureau = bureau
        self._demo = demo
        self.desks: list[MemoryDesk] = []

    def demo_staff(self) -> tuple[DemoStaff, ...]:
        """Three of them."""
        if not self._demo:
            return ()
        rows = (
            ("0107", "李敏", Duty.CLERK),
            ("0108", "赵强", Duty.CASHIER),
            ("0109", "陈静", Duty.SUPERVISOR),
        )
        return tuple(DemoStaff(number, name, duty, HALL, f"demo-{number}") for number, name, duty in rows)

    def sign_in(self, staff_no: str, password: str) -> MemoryDesk:
        """Only 0107, with the one password; 0999 is locked."""
        self._bureau.arrive("sign_in")
        if staff_no == "0999":
            raise SignInRefused("该工号已停用。", "", "请找管理员。")
        if (staff_no, password) != ("0107", PASSWORD):
            raise SignInRefused("工号或密码不对。", "没有登录。", "请重新输入。")
        desk = MemoryDesk(self._bureau, StaffMember("0107", "李敏", Duty.CLERK, 1, HALL))
        self.desks.append(desk)
        return desk


def _lost() -> CounterError:
    """The fault of a reply that never came."""
    return OutcomeUnknown("没有收到答复。", "不知道是否已入账。", "稍后会自动查询。")


def _hit(view: AccountView, rank: MatchRank, matched: str) -> SearchHit:
    """One line of the result list."""
    return SearchHit(
        view.account_no,
        view.name,
        view.address,
        view.hall_name,
        view.account_no.startswith("01"),
        view.arrears_fen,
        view.prepaid_fen,
        view.closed,
        rank,
        matched,
    )


def _paid(view: AccountView, request: TakePayment) -> AccountView:
    """The account after the payment."""
    lines = {line.bill_no: line for line in request.accounts[0].lines}
    bills = []
    for old in view.bills:
        line = lines.get(old.bill_no)
        row = old
        if line is not None:
            left_fen = old.principal_open_fen - line.principal_fen
            late_fen = old.late_fee_due_fen - line.late_fee_fen
            row = replace(old, principal_open_fen=left_fen, late_fee_due_fen=late_fen)
        if row.principal_open_fen or row.late_fee_due_fen:
            bills.append(row)
    return replace(
        view,
        version=view.version + 1,
        bills=tuple(bills),
        prepaid_fen=view.prepaid_fen + request.accounts[0].prepaid_fen,
    )
