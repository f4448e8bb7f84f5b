"""The way of the takings to the bank: what waits, ticked, carried by a named person, on a printed slip."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget

from counter.domain.money import format_yuan
from counter.errors import BalanceChanged, CounterError, OutcomeUnknown
from counter.i18n import _
from counter.services.ports import DeskSession, Duty
from counter.services.ports.deposits import DepositMade, DepositPart, Safe, WaitingItem
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.deposit_form import DepositForm
from counter.ui.messages import PaperMade, PaperRefused
from counter.ui.screens.base import CounterScreen
from counter.ui.sent_once import Stage
from counter.ui.widgets.big_number import BigNumber
from counter.ui.widgets.choice import Choice
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Table
from counter.ui.widgets.waiting import WaitingTable, part_word

_FIELDS = ("#bank", "#carrier", "#seal", "#note")


class SafeRead(Message):
    """What waits came."""

    def __init__(self, safe: Safe) -> None:
        """Keep it."""
        super().__init__()
        self.safe = safe


class SafeNotRead(Message):
    """What waits could not be read."""

    def __init__(self, error: CounterError) -> None:
        """Keep why."""
        super().__init__()
        self.error = error


class DepositPosted(Message):
    """The slip stands in the ledger."""

    def __init__(self, made: DepositMade) -> None:
        """Keep the answer."""
        super().__init__()
        self.made = made


class DepositNotPosted(Message):
    """The slip was refused, or nobody knows."""

    def __init__(self, error: CounterError) -> None:
        """Keep why."""
        super().__init__()
        self.error = error


class DepositsScreen(CounterScreen):
    """Space ticks, Enter goes from field to field and at last asks; ctrl+d lists the earlier slips."""

    CSS_PATH = "deposits.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("tick_all", "reload", "deposits"),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, session: DeskSession) -> None:
        """For the hall of this session; clerks only look."""
        super().__init__()
        self._session = session
        self._may_post = session.staff.duty in (Duty.CASHIER, Duty.SUPERVISOR)
        self._safe: Safe | None = None
        self._slip_no = ""
        self.form = DepositForm()

    def compose_body(self) -> ComposeResult:
        """What waits, and the form beside the sum."""
        yield Words(self._heading, id="heading")
        yield WaitingTable(self._is_ticked)
        yield Words(self._empty, id="empty")
        if not self._may_post:
            yield Words(
                lambda: _("You can look; cashiers and supervisors make the slips.      Esc back"),
                id="look-only",
            )
            return
        with Horizontal(id="slip"):
            with Vertical(id="form"):
                yield from _entry(lambda: _("Bank account"), Choice(id="bank"))
                yield from _entry(lambda: _("Carried by"), Field(id="carrier"))
                yield from _entry(lambda: _("Seal number"), Field(id="seal"))
                yield from _entry(lambda: _("Remark"), Field(id="note"))
                yield Words(
                    lambda: _("Space ticks   Enter goes on   Esc back\n^D earlier slips"), classes="keys"
                )
            with Vertical(id="sum"):
                yield Words(self._parts, id="parts")
                yield BigNumber(id="total")

    def _is_ticked(self, item: WaitingItem) -> bool:
        """Whether it goes along, by the form of now."""
        return self.form.is_ticked(item)

    def on_mount(self) -> None:
        """Ask what waits."""
        super().on_mount()
        self.set_focus(self.query_one(WaitingTable))
        self.action_reload()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  (Textual's signature)
        """Ticking is for those who post, and not while a slip is on its way."""
        if action == "tick_all":
            return self._may_post and self.form.stage is Stage.EDITING
        return True

    @property
    def half_done(self) -> str:
        """What would be lost by leaving now."""
        if self.form.stage is not Stage.EDITING:
            return _("It is not known yet whether the deposit slip was posted.")
        return _("A deposit slip is filled in, but not posted.") if self.form.ticked else ""

    def action_reload(self) -> None:
        """Ask again what waits; first of all what became of a slip that is not known."""
        if self.form.stage is Stage.UNKNOWN:
            self._send()
            return
        jobs.start(self, self._session.deposits.safe, SafeRead, SafeNotRead)

    def action_deposits(self) -> None:
        """The earlier slips."""
        from counter.ui.screens.deposit_slips import DepositSlipsScreen

        self.app.push_screen(DepositSlipsScreen(self._session))

    @on(SafeRead)
    def _read(self, message: SafeRead) -> None:
        """Show it; ticks stay."""
        safe = self._safe = message.safe
        self.form.show(safe.items)
        drawers = [drawer for drawer in safe.drawers if drawer.over_float_fen + drawer.safe_fen]
        table = self.query_one(WaitingTable)
        table.show_rows((*safe.items, *drawers), cursor=table.cursor)
        if self._may_post:
            self.query_one("#bank", Choice).show_options(
                [(bank.bank_account_no, f"{bank.masked} {bank.bank_name}") for bank in safe.bank_accounts]
            )
        self.query_one("#empty").display = not table.rows
        self._show_sum()

    @on(SafeNotRead)
    def _not_read(self, message: SafeNotRead) -> None:
        """Say why there is no list."""
        self.tell(message.error)

    def _heading(self) -> str:
        """What is in the safe, and until when it goes; what is wrong with it stands in the list and below."""
        safe = self._safe
        if safe is None:
            return _("Deposits")
        words = _("Deposits      cash in the safe {cash}, to the bank by {time}")
        return words.format(cash=format_yuan(safe.cash_fen), time=safe.deposit_by)

    def _empty(self) -> str:
        """Nothing waits, or it is not known yet."""
        return _("Nothing waits to be deposited.") if self._safe is not None else _("Reading what waits")

    def _parts(self) -> str:
        """How much of what."""
        pairs = [(part_word(part), self.form.part_fen(part)) for part in DepositPart]
        return "  ".join(f"{word} {format_yuan(fen)}" for word, fen in pairs if fen) or _(
            "Nothing is ticked."
        )

    def _show_sum(self) -> None:
        """The sum of what is ticked."""
        self.query_one("#heading", Words).relabel()
        self.query_one("#empty", Words).relabel()
        self.query_one(WaitingTable).refresh()
        if self._may_post:
            self.query_one("#parts", Words).relabel()
            total_fen = self.form.total_fen
            self.query_one(BigNumber).value = format_yuan(total_fen) if total_fen else ""

    @on(WaitingTable.Ticked)
    def _ticked(self, message: WaitingTable.Ticked) -> None:
        """Take it along, or leave it; then the next row."""
        if self._may_post and self.form.stage is Stage.EDITING:
            self.form.tick(message.item)
            self.notice.clear()
            self._show_sum()
            self.query_one(WaitingTable).action_move(1)

    def action_tick_all(self) -> None:
        """Everything, or nothing."""
        self.form.tick_all()
        self._show_sum()

    @on(Table.Chosen, "#waiting")
    def _rows_done(self) -> None:
        """On to the bank account, when there is something to bring there."""
        if not self._may_post:
            return
        if self.form.stage is Stage.UNKNOWN:
            self._send()
        elif self.form.ticked:
            self.set_focus(self.query_one("#bank"))
        else:
            self.notice.say(Tone.NOTE, _("Tick with Space what goes to the bank."))

    @on(Choice.Chosen)
    def _bank_chosen(self) -> None:
        """On to the carrier."""
        if self.query_one("#bank", Choice).value:
            self.set_focus(self.query_one("#carrier"))
        else:
            said = _(
                "No bank account is entered; the administrator does it with counter db add-bank-account."
            )
            self.notice.say(Tone.NOTE, said)

    @on(Field.Submitted)
    def _entered(self, event: Field.Submitted) -> None:
        """On to the next field; after the last one ask."""
        event.stop()
        names = [name[1:] for name in _FIELDS]
        place = names.index(event.input.id or "") + 1
        if event.input.id == "carrier" and not event.value.strip():
            self.notice.say(Tone.NOTE, _("Who carries the money? Enter a name."))
        elif place < len(names):
            self.notice.clear()
            self.set_focus(self.query_one(_FIELDS[place]))
        else:
            self._ask()

    def _ask(self) -> None:
        """The last look before it is posted."""
        from counter.ui.dialogs.confirm import ConfirmDialog

        if self.form.stage is not Stage.EDITING:
            return
        bank = self.query_one("#bank", Choice)
        if not self.form.ticked or not bank.value:
            (self._rows_done if bank.value else self._bank_chosen)()
            return
        carrier = self.query_one("#carrier", Field).value.strip()
        question = _("Deposit {amount}?").format(amount=format_yuan(self.form.total_fen))
        reason = _("{carrier} brings it to {bank}. {parts}").format(
            carrier=carrier, bank=bank.words, parts=self._parts()
        )
        self.app.push_screen(ConfirmDialog(question, reason), lambda yes: self._send() if yes else None)

    def _send(self) -> None:
        """Post it, or ask again for what was sent."""
        if self.form.stage is Stage.POSTING:
            return
        values = (self.query_one(name, Field).value.strip() for name in _FIELDS[1:])
        request = self.form.send(self.query_one("#bank", Choice).value, *values)
        self._lock_fields(locked=True)
        self.notice.say(Tone.NOTE, _("The slip is being posted."))
        jobs.start(
            self, partial(self._session.deposits.make_deposit, request), DepositPosted, DepositNotPosted
        )

    def _lock_fields(self, *, locked: bool) -> None:
        """While a slip is on its way nothing of it is changed; the list keeps the keys."""
        if locked:
            self.set_focus(self.query_one(WaitingTable))
        for name in _FIELDS:
            self.query_one(name, Widget).disabled = locked
        self.refresh_bindings()

    @on(DepositPosted)
    def _posted(self, message: DepositPosted) -> None:
        """It stands: print it, begin anew."""
        made = message.made
        self._slip_no = made.slip_no
        self.form = DepositForm()
        for name in _FIELDS[1:]:
            self.query_one(name, Field).value = ""
        self._lock_fields(locked=False)
        said = _("Deposit slip {number}: {amount} posted; printing.")
        self.notice.say(Tone.GOOD, said.format(number=made.slip_no, amount=format_yuan(made.total_fen)))
        work = partial(self._session.deposits.print_slip, made.slip_no, reprint=False)
        jobs.start(self.app, work, PaperMade, PaperRefused)
        self.action_reload()
        self.counter.look_at_cash()

    @on(DepositNotPosted)
    def _not_posted(self, message: DepositNotPosted) -> None:
        """Refused: mend it. No answer: Enter asks again, with the same request."""
        error = message.error
        if isinstance(error, OutcomeUnknown) or self.form.stage is Stage.UNKNOWN:
            self.form.outcome_unknown()
            self.tell(error)
            return
        self.form.refused()
        self._lock_fields(locked=False)
        self.tell(error)
        if isinstance(error, BalanceChanged):
            self.action_reload()

    def paper_made(self, where: str, error: str) -> None:
        """The slip went out, or ``error`` says why not; it is posted either way."""
        if not self._slip_no:
            super().paper_made(where, error)
        elif error:
            said = _("Deposit slip {number} is posted, but not printed: {reason} Ctrl+D prints it again.")
            self.notice.say(Tone.FAULT, said.format(number=self._slip_no, reason=error))
        else:
            said = _("Deposit slip {number} is posted. Sent to {where}.")
            self.notice.say(Tone.GOOD, said.format(number=self._slip_no, where=where))
        self._slip_no = ""

    def action_leave(self) -> None:
        """Back; first out of a field to the list, and never while nobody knows what became of a slip."""
        if self.form.stage is Stage.POSTING:
            return
        if self.form.stage is Stage.UNKNOWN:
            self._leave_unknown()
        elif self.query_one(WaitingTable).has_focus:
            self.dismiss()
        else:
            self.set_focus(self.query_one(WaitingTable))

    def _leave_unknown(self) -> None:
        """Only after a question: the list of slips will say what became of it."""
        from counter.ui.dialogs.confirm import ConfirmDialog

        question = _("Leave although it is not known whether the slip was posted?")
        reason = _("When it was posted, it stands among the earlier slips and its items wait no longer.")
        self.app.push_screen(ConfirmDialog(question, reason), self._left)

    def _left(self, yes: bool | None) -> None:  # noqa: FBT001  (a callback of Textual)
        """Leave it as it is, or stay."""
        if yes:
            self.dismiss()


def _entry(label: Callable[[], str], widget: Widget) -> ComposeResult:
    """A label and what is entered."""
    with Horizontal(classes="entry"):
        yield Words(label, classes="label")
        yield widget
