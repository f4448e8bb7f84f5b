"""The form of one payment at the desk, apart from any screen: bills, amounts and what is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from counter.domain.allocation import Allocation, OpenBill, allocate
from counter.domain.tenders import Tender
from counter.services.ports import AccountView, BillView, TakePayment
from counter.ui.sent_once import PaymentSentOnce


class PaymentForm(PaymentSentOnce):
    """What the clerk is about to take for one account."""

    def __init__(self, account: AccountView) -> None:
        """A form opens."""
        super().__init__()
        self.account = account
        self.chosen: frozenset[str] = frozenset()

    @property
    def due_fen(self) -> int:
        """What the ticked bills come to, or what is due of all; without bills, of instalments.

        A late fee that was put off is due only when its bill is ticked by hand.
        """
        if not self.account.bills:
            dues = (agreed.standing.due_fen for agreed in self.account.agreements)
            return next((due_fen for due_fen in dues if due_fen), 0)
        today = self.account.business_date
        return sum(
            owed_fen(bill) - (0 if self.chosen or not fee_waits(bill, today) else bill.late_fee_due_fen)
            for bill in self._wanted()
        )

    def agreement_of(self, prepaid_fen: int) -> UUID | None:
        """The agreement that an advance is paid under: the earliest that is not paid to its end."""
        return next(
            (
                agreed.agreement_id
                for agreed in self.account.agreements
                if prepaid_fen and agreed.paid_fen < agreed.total_fen
            ),
            None,
        )

    @property
    def ticked(self) -> frozenset[str] | None:
        """The bills ticked by hand; None lets the oldest be paid first."""
        return self.chosen or None

    def toggle(self, bill_no: str) -> None:
        """Tick a bill, or take its tick away."""
        self.chosen ^= {bill_no}

    def preview(self, amount_fen: int) -> Allocation:
        """Where ``amount_fen`` (1 or more) would go."""
        return allocate(
            amount_fen, [open_bill(self.account, bill) for bill in self.account.bills], self.ticked
        )

    def send(self, shift_id: int, total_fen: int, received_fen: int) -> TakePayment | None:
        """The request to post now, or None when one is already on its way."""
        if not self.may_send:
            return None
        return self.going_out(self._request(shift_id, total_fen, received_fen))

    def send_by(self, shift_id: int, tenders: tuple[Tender, ...]) -> TakePayment | None:
        """The request to post now by these tenders, or None when one is already on its way."""
        if not self.may_send:
            return None
        total_fen = sum(tender.amount_fen for tender in tenders)
        return self.going_out(replace(self._request(shift_id, total_fen, total_fen), tenders=tenders))

    def _wanted(self) -> list[BillView]:
        """The ticked bills, or all."""
        return [bill for bill in self.account.bills if not self.chosen or bill.bill_no in self.chosen]

    def _request(self, shift_id: int, total_fen: int, received_fen: int) -> TakePayment:
        """The content of the form."""
        allocation = self.preview(total_fen)
        request = TakePayment.in_cash(
            self.request_id,
            self.account.account_no,
            self.account.version,
            shift_id,
            total_fen,
            received_fen,
            allocation.lines,
            allocation.prepaid_fen,
        )
        agreement_id = self.agreement_of(allocation.prepaid_fen)
        return replace(request, accounts=(replace(request.accounts[0], agreement_id=agreement_id),))


def owed_fen(bill: BillView) -> int:
    """Principal and late fee of a bill to today."""
    return bill.principal_open_fen + bill.late_fee_due_fen


def open_bill(account: AccountView, bill: BillView) -> OpenBill:
    """A shown bill as the allocation rules take it."""
    return OpenBill(
        bill.bill_no,
        account.account_no,
        bill.period,
        bill.due_date,
        bill.principal_open_fen,
        bill.late_fee_due_fen,
        fee_waits(bill, account.business_date),
    )


def fee_waits(bill: BillView, on_date: date) -> bool:
    """Whether the late fee of a bill was put off to ``on_date`` or later."""
    return bill.late_fee_deferred_until is not None and bill.late_fee_deferred_until >= on_date
