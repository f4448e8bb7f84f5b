"""Prepaid balance goes back to the customer, or over to another account."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import on

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports import AccountView, DeskSession
from counter.services.ports.corrections import Correction, RefundBalance, TransferBalance
from counter.ui import jobs
from counter.ui.correction_messages import AccountSeen
from counter.ui.dialogs.correction import CorrectionDialog
from counter.ui.widgets.field import AmountField, Field
from counter.ui.widgets.label import Words
from counter.ui.words import sentences

_PAYEE_ACCOUNT_DIGITS = range(8, 33)


class BalanceDialog(CorrectionDialog):
    """What a refund and a transfer have in common: an account and how much of its balance."""

    def __init__(self, session: DeskSession, shift_id: int, account: AccountView) -> None:
        """``account`` as the desk has it; it is read again when it changed meanwhile."""
        super().__init__(session, shift_id)
        self.account = account

    def balance_line(self) -> str:
        """Whose balance and how much."""
        words = _("{name}  {number}   prepaid balance {prepaid}")
        return words.format(
            name=self.account.name,
            number=self.account.account_no,
            prepaid=format_yuan(self.account.prepaid_fen),
        )

    @on(Field.Changed, "#amount")
    def _amount_typed(self) -> None:
        """Say at once what is wrong with the amount."""
        if self.field("amount").value.strip():
            self.query_one("#complaint", Words).say(self._amount_complaint)

    def _amount_complaint(self) -> str:
        """What is wrong with the amount; empty when nothing is."""
        field = self.query_one("#amount", AmountField)
        if field.fen is None:
            return field.complaint
        if field.fen > self.account.prepaid_fen:
            return _("There is only {prepaid} of balance.").format(
                prepaid=format_yuan(self.account.prepaid_fen)
            )
        return ""

    def accepts(self, name: str) -> bool:
        """An amount is one that the balance has."""
        return name != "amount" or self.amount_fen() is not None

    def amount_fen(self) -> int | None:
        """The amount, or None after a complaint."""
        complaint = self._amount_complaint()
        if complaint:
            self.complain(complaint, "amount")
            return None
        return self.query_one("#amount", AmountField).fen

    def read_again(self) -> None:
        """The balance of now."""
        self.see(self.account.account_no)

    def see(self, account_no: str) -> None:
        """Read an account in a job."""
        jobs.start(self, partial(self.session.account, account_no), partial(AccountSeen, account_no))

    @on(AccountSeen)
    def _account_seen(self, message: AccountSeen) -> None:
        """Show what it has now."""
        if message.account is not None and message.account_no == self.account.account_no:
            self.account = message.account
        self.query_one("#summary", Words).relabel()

    @on(jobs.JobFailed)
    def _not_seen(self, message: jobs.JobFailed) -> None:
        """Say why it cannot be read."""
        message.stop()
        self.complain(sentences(message.error))


class RefundDialog(BalanceDialog):
    """Amount, payee of the bank or nobody, reason; a supervisor always."""

    ENTRIES: ClassVar[Sequence[str]] = ("amount", "payee", "payee-account", "payee-bank", "reason")

    def title_text(self) -> str:
        """The heading."""
        return _("Refund out of the prepaid balance")

    def summary(self) -> str:
        """Whose, and how it works."""
        note = _("Without a payee it is paid in cash. A supervisor always has to approve.")
        return f"{self.balance_line()}\n{note}"

    def captions(self) -> dict[str, str]:
        """Of the five fields."""
        return {
            "amount": _("Amount"),
            "payee": _("Payee (bank)"),
            "payee-account": _("Their account"),
            "payee-bank": _("Their bank"),
            "reason": _("Reason"),
        }

    def request(self) -> Correction | None:
        """The refund, or None after a complaint."""
        payee, number, bank = (self.text(name) for name in ("payee", "payee-account", "payee-bank"))
        by_bank = bool(payee or number or bank)
        amount_fen = self.amount_fen()
        if amount_fen is None:
            return None
        digits = number.isascii() and number.isdigit() and len(number) in _PAYEE_ACCOUNT_DIGITS
        if by_bank and not (payee and bank and digits):
            self.complain(_("For the bank: payee, account of 8 to 32 digits, and bank."), "payee")
            return None
        reason = self.reason()
        if reason is None:
            return None
        account = self.account
        return RefundBalance(
            self.request_id,
            self.shift_id,
            account.account_no,
            account.version,
            amount_fen,
            by_bank,
            reason,
            payee,
            number,
            bank,
        )


class TransferDialog(BalanceDialog):
    """The other account, amount, reason; a supervisor when it is another customer's."""

    ENTRIES: ClassVar[Sequence[str]] = ("target", "amount", "reason")

    def __init__(self, session: DeskSession, shift_id: int, account: AccountView) -> None:
        """The target is not known yet."""
        super().__init__(session, shift_id, account)
        self._target: AccountView | None = None

    def title_text(self) -> str:
        """The heading."""
        return _("Move prepaid balance to another account")

    def captions(self) -> dict[str, str]:
        """Of the three fields."""
        return {"target": _("To account"), "amount": _("Amount"), "reason": _("Reason")}

    def summary(self) -> str:
        """From whom, to whom, and whether a supervisor is needed."""
        target = self._target
        if target is None:
            return f"{self.balance_line()}\n" + _("To: type the account number.") + "\n"
        to = _("To {name}  {number}").format(name=target.name, number=target.account_no)
        return f"{self.balance_line()}\n{to}\n{self._who_decides(target)}"

    def _who_decides(self, target: AccountView) -> str:
        """One customer moves freely."""
        same = (target.name, target.phone) == (self.account.name, self.account.phone) and target.phone
        if target.closed:
            return _("This account is closed and takes nothing.")
        if same:
            return _("The same customer: no approval is needed.")
        return _("Another customer: a supervisor has to approve.")

    @on(Field.Changed, "#target")
    def _target_typed(self, event: Field.Changed) -> None:
        """Look a whole number up while it is typed."""
        number = event.value.strip()
        self._target = None
        self.query_one("#summary", Words).relabel()
        if number.isascii() and number.isdigit() and len(number) in range(10, 13):
            self.see(number)

    @on(AccountSeen)
    def _target_seen(self, message: AccountSeen) -> None:
        """It is the target, when it still stands there."""
        if message.account is not None and message.account_no == self.text("target"):
            self._target = message.account
        self.query_one("#summary", Words).relabel()

    def read_again(self) -> None:
        """Both of them."""
        super().read_again()
        if self._target is not None:
            self.see(self._target.account_no)

    def request(self) -> Correction | None:
        """The transfer, or None after a complaint."""
        target = self._target
        if target is None or target.account_no == self.account.account_no or target.closed:
            self.complain(_("Type the number of another account that is not closed."), "target")
            return None
        amount_fen, reason = self.amount_fen(), self.reason()
        if amount_fen is None or reason is None:
            return None
        return TransferBalance(
            self.request_id,
            self.shift_id,
            self.account.account_no,
            target.account_no,
            self.account.version,
            target.version,
            amount_fen,
            reason,
        )
