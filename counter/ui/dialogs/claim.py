"""How much of a receipt of the bank is claimed, and where it goes: one amount, Enter."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.ui.cells import plain
from counter.ui.claim_form import ClaimForm
from counter.ui.widgets.field import AmountField, pasted_rubbish
from counter.ui.widgets.label import Words


class ClaimDialog(ModalScreen[int]):
    """Answers the fen to claim, 0 when it was left."""

    CSS_PATH = "claim.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, form: ClaimForm) -> None:
        """The receipt and the account as of its day."""
        super().__init__()
        self._form = form

    def compose(self) -> ComposeResult:
        """The receipt, the amount, what it settles."""
        warned = " warning" if self._form.receipt.waits_for else ""
        with Vertical(classes=f"dialog{warned}"):
            yield Words(self._title, classes="title")
            yield Words(self._facts, id="facts")
            yield AmountField(format_yuan(self._form.receipt.open_fen), id="claimed")
            yield Words(self._split, id="split")
            yield Words(lambda: "", id="complaint")
            yield Words(lambda: _("Enter  post it      Esc  leave"), classes="keys")

    def on_mount(self) -> None:
        """All of it, unless somebody types less."""
        self.query_one(AmountField).select_all()

    def _title(self) -> str:
        """For whom."""
        account = self._form.account
        words = _("Claim a receipt for {account} {name}")
        return words.format(account=account.account_no, name=plain(account.name))

    def _facts(self) -> str:
        """Which receipt, and what counts from its day."""
        receipt = self._form.receipt
        words = _("{payer}, booked {day}, open {open}. The late fee stops on that day: due then {due}.")
        said = words.format(
            payer=plain(receipt.party) or _("Without a name"),
            day=receipt.booked,
            open=format_yuan(receipt.open_fen),
            due=format_yuan(self._form.due_fen),
        )
        if receipt.waits_for:
            warning = _("LOOK: this may be the slip taken for {account}; then it is not claimed again.")
            said = f"{warning.format(account=plain(receipt.waits_for))}\n{said}"
        return said

    def _split(self) -> str:
        """What the amount would do."""
        fen = self.query_one(AmountField).fen if self.is_mounted else None
        if not fen:
            return ""
        allocation = self._form.preview(fen)
        words = _("Bills {bills}, of it late fee {fee}; to prepaid {prepaid}")
        return words.format(
            bills=format_yuan(sum(line.total_fen for line in allocation.lines)),
            fee=format_yuan(sum(line.late_fee_fen for line in allocation.lines)),
            prepaid=format_yuan(allocation.prepaid_fen),
        )

    @on(AmountField.Changed)
    def _changed(self, event: AmountField.Changed) -> None:
        """Count again with every key."""
        event.stop()
        self._complain(self.query_one(AmountField).early_complaint)
        self.query_one("#split", Words).relabel()

    @on(AmountField.Submitted)
    def _entered(self, event: AmountField.Submitted) -> None:
        """Answer an amount that is there, complain about anything else."""
        event.stop()
        field = self.query_one(AmountField)
        if field.fen is None:
            self._complain(field.complaint)
        elif field.fen > self._form.receipt.open_fen:
            words = _("Only {open} of it is open.")
            self._complain(words.format(open=format_yuan(self._form.receipt.open_fen)))
        else:
            self.dismiss(field.fen)

    @on(AmountField.Rejected)
    def _rejected(self, event: AmountField.Rejected) -> None:
        """Say why nothing appeared."""
        event.stop()
        self._complain(pasted_rubbish())

    def _complain(self, text: str) -> None:
        """Say what is wrong, or that nothing is."""
        self.query_one("#complaint", Words).say(lambda: text)

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(0)
