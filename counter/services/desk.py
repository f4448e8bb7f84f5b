"""Everything that one signed-in member of staff can do, behind ``ports.DeskSession``."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Engine

from counter.domain.phones import normalise_phone
from counter.errors import Refusal
from counter.i18n import _
from counter.services import accounts, search
from counter.services.agreements import Agreements
from counter.services.approvals import Approvals
from counter.services.bank_import import BankImport
from counter.services.bank_profiles import BankFolders
from counter.services.breaks import Breaks
from counter.services.card_desk import CardDesk
from counter.services.cards import Cards
from counter.services.corrections import Corrections
from counter.services.day_close import DayCloses
from counter.services.deposits import Deposits
from counter.services.drawer import Drawer
from counter.services.held_receipts import HeldReceipts
from counter.services.matching import Matching
from counter.services.paper import Paper
from counter.services.payers import Payers
from counter.services.payments import Payments
from counter.services.ports import (
    AccountView,
    OpenShift,
    PaymentSummary,
    PaymentTaken,
    Pending,
    PrintOutcome,
    SearchResults,
    Shift,
    StaffMember,
    TakePayment,
    Till,
)
from counter.services.ports.tokens import TokenVendor
from counter.services.posting import Posting
from counter.services.relief import Relief
from counter.services.reports import Reports
from counter.services.signing import Door
from counter.services.tokens import Tokens
from counter.services.unit_of_work import transaction
from counter.services.vends import Vends
from db.queries import payments, people


class Desk:
    """One sign-in with its engine; thread-safe, because each call takes a connection of its own."""

    def __init__(
        self,
        staff: StaffMember,
        engine: Engine,
        posting: Posting,
        paper: Paper,
        door: Door,
        cards: CardDesk,
        vendor: TokenVendor | None = None,
        bank: BankFolders | None = None,
    ) -> None:
        """Wired by ``gateway``; ``door`` is for who else signs here, ``cards`` the desk's reader.

        ``vendor`` makes tokens, where there is one; ``bank`` says where files of banks are, and
        what the finance system calls ledger accounts.
        """
        self.staff = staff
        self._engine = engine
        self._posting = posting
        self._taking = taking = Payments(posting)
        self.papers = paper
        self._door = door
        self.approvals = Approvals(engine, door)
        self.relief = Relief(posting)
        exports = posting.store.folder.parent / "exports"
        self.corrections = Corrections(engine, taking, exports)
        self.drawer = Drawer(engine, paper, posting, door)
        self.deposits = Deposits(engine, paper, posting)
        self.matching = Matching(engine, posting)
        self.day_close = DayCloses(engine, paper, posting, staff.hall_no)
        self.bank_import = BankImport(engine, posting, bank or BankFolders())
        self.payers = Payers(engine)
        self.held_receipts = HeldReceipts(engine)
        self.breaks = Breaks(engine, staff.hall_no, exports)
        self.reports = Reports(engine, paper, exports, (bank or BankFolders()).ledger_codes)
        self.agreements = Agreements(engine, staff.hall_no, exports, posting)
        self.cards = Cards(engine, taking)
        self.vends = Vends(engine, posting, cards, staff.staff_no)
        self.tokens = Tokens(engine, posting, vendor, staff.staff_no)

    def business_date(self) -> date:
        """The hall's date as the server has it."""
        with transaction(self._engine) as connection:
            return people.business_date(connection)

    def current_shift(self) -> Shift | None:
        """The caller's open shift, if any."""
        with transaction(self._engine) as connection:
            row = people.open_shift_of_me(connection)
        if row is None:
            return None
        return Shift(
            row.shift_id, row.till_no, row.till_name, row.business_date, row.opened_at, row.float_fen
        )

    def tills(self) -> tuple[Till, ...]:
        """The tills of the caller's hall."""
        with transaction(self._engine) as connection:
            return tuple(Till(row.till_no, row.name, row.held_by) for row in people.tills(connection))

    def open_shift(self, request: OpenShift) -> Shift:
        """Take a till; the same request id answers the same shift."""
        body = {
            "request_id": str(request.request_id),
            "till_no": request.till_no,
            "float_fen": request.float_fen,
        }
        self._posting.post("open_shift", body)
        shift = self.current_shift()
        assert shift is not None, "the shift was just opened"
        return shift

    def search(self, query: str) -> SearchResults:
        """Find accounts by whatever was typed."""
        with transaction(self._engine) as connection:
            return search.find(connection, query, self.staff.hall_no)

    def account(self, account_no: str) -> AccountView | None:
        """One account with its open bills and late fees to today; None when there is none."""
        engine = self._engine.execution_options(isolation_level="REPEATABLE READ")
        with transaction(engine) as connection:
            return accounts.read_account(connection, account_no)

    def set_phone(self, request_id: UUID, account_no: str, phone: str) -> None:
        """Keep a phone number that was asked for at the counter."""
        digits = normalise_phone(phone)
        if not digits:
            raise Refusal(
                _("This is not a phone number."),
                _("Nothing was saved."),
                _("Enter 7 to 12 digits, without blanks."),
            )
        self._posting.post("set_phone", accounts.phone_request(request_id, account_no, digits))

    def take_payment(self, request: TakePayment) -> PaymentTaken:
        """Post once, however often it is called with the same request."""
        return self._taking.take(request)

    def pending(self) -> tuple[Pending, ...]:
        """What this desk sent and does not know the outcome of."""
        return self._posting.unknown()

    def settle(self, request_id: UUID) -> PaymentTaken | None:
        """Ask again: the answer when it was posted, None when it certainly was not."""
        return self._taking.settle(request_id)

    def was_posted(self, request_id: UUID) -> bool:
        """Ask again after anything but a payment; False when it was not posted and never will be."""
        return self._posting.was_posted(request_id)

    def payments_today(self) -> tuple[PaymentSummary, ...]:
        """The caller's own payments of the business date, newest first."""
        with transaction(self._engine) as connection:
            rows = payments.mine_on(connection, people.business_date(connection))
        return tuple(map(accounts.summary, rows))

    def unprinted(self) -> tuple[PaymentSummary, ...]:
        """The caller's receipts that no printer and no file has taken yet."""
        with transaction(self._engine) as connection:
            return tuple(map(accounts.summary, payments.mine_unprinted(connection)))

    def print_receipt(self, receipt_no: str) -> PrintOutcome:
        """Make the receipt and print it; a second time marked as a reprint."""
        return self.papers.print_receipt(receipt_no)

    def check_password(self, password: str) -> None:
        """Unlock after idling; raises SignInRefused."""
        self._door.prove(self.staff.staff_no, password)

    def close(self) -> None:
        """Give the connections back; safe to call twice."""
        self.approvals.close()
        self.day_close.close()
        self._engine.dispose()
