"""One payer, many accounts: a group, a payer's list or accounts one by one, and one payment for all.

Keys of the usual case: name of the group, Enter; Enter; (cash) Enter. The flow of the money is in
``counter.ui.screens.many_posting``; here is what is shown when.
"""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from counter.domain.money import format_yuan
from counter.domain.tenders import Tender
from counter.i18n import _
from counter.services.ports import DeskSession, MatchRank, PaymentPolicy, SearchHit
from counter.services.ports.payers import (
    ACCOUNTS_MAX,
    PayerGroup,
    Reading,
)
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.many import ManyForm, ManyRow, Rule
from counter.ui.messages_payers import (
    HitsFound,
    ManyRead,
)
from counter.ui.screens.many_list import ManyListScreen
from counter.ui.widgets.change_panel import ChangePanel
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words
from counter.ui.widgets.many_pane import ManyPane
from counter.ui.widgets.many_tables import Hit, HitTable, ManyTable
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.path_box import PathBox, is_path
from counter.ui.widgets.table import Table

_TENDERS = ("cash", "pos", "transfer", "cheque", "recharge_card")
"""What many accounts may be paid by; the rules of each account are the server's to look at."""


class PayersScreen(ManyListScreen):
    """Choose accounts, look at the amounts, take the money once for all."""

    CSS_PATH = "payers.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("find", "open_shift", "tick", "reload", "reprint", "keep_group", "tenders"),
        Binding("escape", "back", show=False),
        Binding("down", "table", show=False),
    ]

    def __init__(self, session: DeskSession) -> None:
        """Work with this session."""
        super().__init__(session)
        self._asked = ""

    def compose_body(self) -> ComposeResult:
        """The box, what it leads to, and the payment."""
        with Horizontal(id="find"):
            yield Words(lambda: _("Payer"), id="find-label")
            yield PathBox(id="box")
        yield Words(self._heading, id="heading")
        with Vertical(id="body"):
            yield Words(_hint, id="hint")
            yield ChangePanel(id="done")
            yield HitTable()
            yield ManyTable()
        yield ManyPane()

    def on_mount(self) -> None:
        """Begin with the box."""
        super().on_mount()
        self._show("#hint")
        self.pay.open_fields(possible=False)
        self.set_focus(self.box)

    @property
    def many(self) -> ManyTable:
        """The accounts."""
        return self.query_one(ManyTable)

    def _show(self, part: str) -> None:
        """Show one of the middles."""
        for each in ("#hint", "#done", "#found", "#many"):
            self.query_one(each).display = each == part
        self.refresh_bindings()

    def _heading(self) -> str:
        """Where the accounts come from, how many, what they owe, and by which rule they are paid."""
        if not self.form.accounts:
            return _("One payer, many accounts")
        words = _("{source}  {paid} of {count} accounts, owed {owed}, {rule}")
        return words.format(
            source=self.source,
            paid=self.form.paid_count,
            count=len(self.form.accounts),
            owed=format_yuan(self.form.due_fen),
            rule=_(self.form.rule.value),
        )

    def show_form(self, *, total: bool = True) -> None:
        """Show the accounts and amounts of now."""
        self.taken = None
        self.many.show_rows(self.form.rows, cursor=self.many.cursor)
        self.query_one("#heading", Words).relabel()
        self.pay.show_total(self.form.total_fen, preset=total)
        self.pay.open_fields(possible=self.may_take)
        self._show("#many" if self.form.accounts else "#hint")

    def show_done(self) -> None:
        """The change, and an empty box with the focus."""
        self.source = ""
        self.many.show_rows(())
        self.query_one("#heading", Words).relabel()
        self.pay.name_payer("", always=True)
        self.pay.show_total(0, preset=True)
        self.pay.open_fields(possible=False)
        self.box.value = ""
        self._show("#done")
        self.set_focus(self.box)

    def rest_account(self) -> str:
        """The account under the cursor gets what is more than owed."""
        row = self.many.current
        return row.account.account_no if isinstance(row, ManyRow) else ""

    @on(Field.Submitted, "#box")
    def _entered(self, event: Field.Submitted) -> None:
        """A file is read; anything else is looked for among groups and accounts. Nothing: to the amount."""
        event.stop()
        text = event.value.strip()
        if self.busy:
            return
        self.notice.clear()
        if not text:
            self.pay.enter()
        elif is_path(text):
            self.read_list(text)
        else:
            self._asked = text
            jobs.start(self, partial(self._find, text), lambda hits: HitsFound(text, hits))

    def _find(self, text: str) -> tuple[Hit, ...]:
        """Groups first, then accounts; one that is meant exactly stands alone."""
        groups = self.session.payers.groups(text)
        accounts = self.session.search(text).hits
        exact = [hit for hit in accounts if hit.rank is MatchRank.EXACT]
        named = [group for group in groups if group.name == text]
        if len(named) == 1:
            return tuple(named)
        return tuple(exact) if len(exact) == 1 and not groups else (*groups, *accounts)

    @on(HitsFound)
    def _hits_found(self, message: HitsFound) -> None:
        """Take the only one, or let somebody choose."""
        if message.text != self._asked or self.busy:
            return
        if len(message.hits) == 1:
            self._take(message.hits[0])
        elif message.hits:
            self.query_one(HitTable).show_rows(message.hits)
            self._show("#found")
            self.set_focus(self.query_one(HitTable))
        else:
            self.notice.say(Tone.NOTE, _("No group and no account is called that."))

    @on(Table.Chosen, "#found")
    def _hit_chosen(self, message: Table.Chosen) -> None:
        """Enter on a line of what was found."""
        message.stop()
        self._take(message.row)

    def _take(self, hit: Hit) -> None:
        """Read a group's accounts, or one."""
        if isinstance(hit, PayerGroup):
            jobs.start(self, partial(self._read_group, hit), lambda reading: ManyRead(hit, reading))
        else:
            assert isinstance(hit, SearchHit)
            numbers = [hit.account_no]
            jobs.start(
                self, partial(self.session.payers.read, numbers), lambda reading: ManyRead(None, reading)
            )

    def _read_group(self, group: PayerGroup) -> Reading:
        """The members of a group as they stand."""
        return self.session.payers.read(self.session.payers.members(group.group_id))

    @on(ManyRead)
    def _many_read(self, message: ManyRead) -> None:
        """Add them to the payment."""
        if self.busy:
            return
        if len(self.form.accounts) + len(message.reading.accounts) > ACCOUNTS_MAX:
            words = _("One payment takes at most {most} accounts.")
            self.notice.say(Tone.NOTE, words.format(most=ACCOUNTS_MAX))
            return
        self.form.add(message.reading.accounts)
        group = message.group
        if group is not None:
            self.form.group = group
            self.pay.name_payer(group.name)
            self.source = group.name
        elif message.reading.accounts:
            self.pay.name_payer(message.reading.accounts[0].name)
        self.box.value = ""
        self.show_form()
        if group is not None:
            self.pay.enter()
        else:
            self.set_focus(self.box)
        self.say_no_shift()

    @on(Table.Chosen, "#many")
    def _account_chosen(self, message: Table.Chosen) -> None:
        """Enter on an account: another amount for it."""
        from counter.ui.dialogs.share import ShareDialog

        message.stop()
        row = message.row
        if isinstance(row, ManyRow) and not self.busy:
            set_it = partial(self._set_amount, row.account.account_no)
            self.app.push_screen(ShareDialog(row), set_it)

    def _set_amount(self, account_no: str, amount_fen: int | None) -> None:
        """The amount of one account by hand."""
        if amount_fen is not None and amount_fen >= 0 and not self.busy:
            self.form.set_amount(account_no, amount_fen)
            self.show_form()

    def shift_changed(self) -> None:
        """A till was taken: the form can be paid now."""
        self.notice.clear()
        self.pay.open_fields(possible=self.may_take and bool(self.form.accounts))
        self.refresh_bindings()

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Something failed that moved no money: say it."""
        message.stop()
        self.tell(message.error)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  (Textual's signature)
        """What is possible now; the rest is neither shown nor listed."""
        some = bool(self.form.accounts) and not self.busy
        possible = {
            "tick": some,
            "reload": some,
            "keep_group": some,
            "tenders": some and self.counter.shift is not None,
            "reprint": bool(self.last_receipt_no),
            "open_shift": self.counter.shift is None,
        }
        return possible.get(action, True)

    def action_find(self) -> None:
        """To the box."""
        self.set_focus(self.box)

    def action_table(self) -> None:
        """From the box down into the list."""
        if self.box.has_focus:
            table = self.query_one(HitTable) if self.query_one(HitTable).display else self.many
            self.set_focus(table)

    def action_tick(self) -> None:
        """Leave the account under the cursor out, or take it in again."""
        row = self.many.current
        if isinstance(row, ManyRow):
            self.form.toggle(row.account.account_no)
            self.show_form()

    def action_reload(self) -> None:
        """Read again, and undo what was changed by hand."""
        if self.form.rule in (Rule.BY_HAND, Rule.OLDEST):
            self.form.by_rule()
        self.read_again(None)

    def action_reprint(self) -> None:
        """Print the last receipt again."""
        self.counter.print_receipt(self.last_receipt_no)

    def action_open_shift(self) -> None:
        """Take a till."""
        self.counter.open_shift()

    def action_tenders(self) -> None:
        """Pay by POS, slip, cheque, or several together."""
        from counter.ui.dialogs.split import SplitDialog
        from counter.ui.split import Payer, Split

        shift = self.counter.shift
        if shift is not None and self._ready():
            split = Split(self.form.total_fen, Payer(PaymentPolicy(tenders=_TENDERS)))
            day = str(self.counter.status.business_date or "")
            self.app.push_screen(SplitDialog(self.session, shift.shift_id, split, day=day), self._split_given)

    def _split_given(self, tenders: tuple[Tender, ...] | None) -> None:
        """Everything is laid down: post."""
        if tenders and sum(tender.amount_fen for tender in tenders) == self.form.total_fen:
            self.post(tenders)

    def action_back(self) -> None:
        """One step back: cash to amount, list to box, form to nothing, nothing to the desk."""
        if self.busy:
            return
        if self.pay.received.has_focus:
            self.pay.received.value = ""
            self.pay.enter()
        elif self.query_one(HitTable).display:
            self.show_form()
            self.set_focus(self.box)
        elif not self.box.has_focus:
            self.set_focus(self.box)
        elif self.box.value:
            self.box.value = ""
        elif self.form.accounts:
            self.form = ManyForm()
            self.source = ""
            self.pay.name_payer("", always=True)
            self.notice.clear()
            self.show_form()
        else:
            self.dismiss()


def _hint() -> str:
    """What can be typed into the box."""
    from counter.ui.cells import fit

    rows = (
        (_("A group"), _("any part of its name")),
        (_("An account"), _("number, phone, name or address; one after the other")),
        (_("A payer's list"), _("its file, /folder/list.xlsx or .csv; Tab completes it")),
    )
    lines = [f"{fit(word, 18)}{note}" for word, note in rows]
    return "\n".join([_("Type into the box what is to be paid, and Enter:"), "", *lines])
