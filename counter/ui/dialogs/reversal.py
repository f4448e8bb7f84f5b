"""A payment is taken back: which, for what cause, and why."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import on

from counter.domain.money import format_yuan
from counter.i18n import N_, _
from counter.services.ports import DeskSession
from counter.services.ports.corrections import (
    CAUSES,
    Barrier,
    Cause,
    Correction,
    PaymentToReverse,
    ReversePayment,
)
from counter.ui import jobs
from counter.ui.correction_messages import ReceiptFound
from counter.ui.dialogs.correction import CorrectionDialog, Stage
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words
from counter.ui.words import sentences, tender, whose

_BARRIERS = {
    Barrier.NONE: N_("Your own payment of today: it is reversed directly."),
    Barrier.DEPOSITED: N_("Its money is on a deposit slip: a supervisor has to approve."),
    Barrier.EARLIER_DAY: N_("It is of an earlier day: a supervisor has to approve."),
    Barrier.OTHER_CLERK: N_("Somebody else took it: a supervisor has to approve."),
    Barrier.REVERSED: N_("It was reversed already, by receipt {number}."),
    Barrier.CARD_USED: N_("A card of this sale was redeemed or is locked: it cannot be taken back."),
    Barrier.VEND: N_("Power sold onto a card: insert the card and undo the sale there."),
    Barrier.TOKEN: N_("A token was issued: it cannot be taken back."),
    Barrier.TOKEN_REFUSED: N_("The vending server refused the token: a supervisor has to approve."),
    Barrier.TOKEN_OPEN: N_("There may be a token: ask the vending server for it first."),
    Barrier.NO_PAYMENT: N_("This is no payment of this hall, and cannot be reversed."),
}


class ReversalDialog(CorrectionDialog):
    """Receipt, cause, reason."""

    ENTRIES: ClassVar[Sequence[str]] = ("receipt", "cause", "reason")

    def __init__(
        self, session: DeskSession, shift_id: int, receipt_no: str, *, cause: Cause | None = None
    ) -> None:
        """``receipt_no`` is the one that is probably meant, empty when none is; so is ``cause``."""
        super().__init__(session, shift_id)
        self._preset_cause = str(list(CAUSES).index(cause) + 1) if cause is not None else ""
        self._receipt_no = receipt_no
        self._payment: PaymentToReverse | None = None
        self._looking = False

    def title_text(self) -> str:
        """The heading."""
        return _("Reverse a payment")

    def captions(self) -> dict[str, str]:
        """Of the three fields."""
        return {"receipt": _("Receipt"), "cause": _("Cause 1-4"), "reason": _("Reason")}

    def preset(self, name: str) -> str:
        """The receipt and the cause that are probably meant."""
        return {"receipt": self._receipt_no, "cause": self._preset_cause}.get(name, "")

    def first_entry(self) -> str:
        """A receipt that is known is looked up at once, and the cause is asked."""
        if not self._receipt_no:
            return "receipt"
        self._find(self._receipt_no)
        return "cause"

    @on(Field.Changed, "#receipt")
    def _other_receipt(self, event: Field.Changed) -> None:
        """What was found belongs to another number."""
        if event.value.strip() != self._receipt_no:
            self._receipt_no, self._payment = event.value.strip(), None
            self.query_one("#summary", Words).relabel()

    @on(Field.Submitted, "#receipt")
    def _receipt_entered(self, event: Field.Submitted) -> None:
        """Look it up."""
        if self._payment is None and event.value.strip():
            self._find(event.value.strip())

    def _find(self, receipt_no: str) -> None:
        """Ask for the receipt in a job."""
        self._looking = True
        jobs.start(
            self, partial(self.session.corrections.find, receipt_no), partial(ReceiptFound, receipt_no)
        )

    @on(ReceiptFound)
    def _found(self, message: ReceiptFound) -> None:
        """Show it, or say that there is none."""
        if message.receipt_no != self._receipt_no:
            return
        self._looking = False
        self._payment = message.payment
        summary = self.query_one("#summary", Words)
        summary.relabel()
        # Once more when all is painted: what comes while the dialog is put up would stay cut short.
        self.call_after_refresh(summary.refresh, layout=True)
        if message.payment is None:
            self.complain(_("There is no such receipt in this hall."), "receipt")

    @on(jobs.JobFailed)
    def _lookup_failed(self, message: jobs.JobFailed) -> None:
        """Say why nothing was found."""
        message.stop()
        self._looking = False
        self.complain(sentences(message.error))

    def summary(self) -> str:
        """The payment, what stands in the way, and the causes."""
        causes = "   ".join(f"{place} {_(word)}" for place, word in enumerate(CAUSES.values(), 1))
        found = self._payment
        if found is None:
            return _("Type the number of the receipt.") + f"\n{causes}"
        facts = _facts(found)
        if self.stage is Stage.DONE:
            return "\n".join(facts)
        barrier = _(_BARRIERS[found.barrier]).format(number=found.reversed_by)
        return "\n".join([*facts, barrier, causes])

    def asked_lines(self, request: Correction) -> list[str]:
        """The payment and the cause that was chosen."""
        assert isinstance(request, ReversePayment), request
        return [*_facts(request.payment), _(CAUSES[request.cause])]

    def request(self) -> Correction | None:
        """The reversal, or None after a complaint."""
        found = self._payment
        if self._looking:
            self.complain(_("Still looking for the receipt: press Enter again."))
            return None
        if found is None:
            self.complain(_("There is no such receipt in this hall."), "receipt")
            return None
        if found.barrier.final:
            self.complain(_(_BARRIERS[found.barrier]).format(number=found.reversed_by), "receipt")
            return None
        cause, reason = self._cause(), self.reason()
        if cause is None or reason is None:
            return None
        return ReversePayment(self.request_id, self.shift_id, found, cause, reason)

    def accepts(self, name: str) -> bool:
        """A cause is one of the four."""
        return name != "cause" or self._cause() is not None

    def _cause(self) -> Cause | None:
        """The chosen cause, or None after a complaint; full-width digits count."""
        text = self.text("cause")
        place = int(text) if text.isdecimal() else 0
        if 1 <= place <= len(CAUSES):
            return list(CAUSES)[place - 1]
        self.complain(_("Choose the cause by its number, 1 to 4."), "cause")
        return None


def _facts(found: PaymentToReverse) -> list[str]:
    """Which payment, whose, how much, and how much of it in cash."""
    kinds = " ".join(map(tender, found.tenders))
    sums = _("Amount {total}, of it in cash {cash}")
    return [
        f"{found.receipt_no}  {found.paid_at:%m-%d %H:%M}  {found.staff_name}  {kinds}",
        f"{whose(found.account_no, found.account_name)}  {found.account_no}",
        sums.format(total=format_yuan(found.total_fen), cash=format_yuan(found.cash_fen)),
    ]
