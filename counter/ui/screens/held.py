"""Unidentified receipts by age; what stands on the customer's slip finds the one. Enter takes it.

Typing goes into the one field all the time, the arrows move in the list beneath it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from counter.domain.money import format_yuan
from counter.i18n import N_, _
from counter.services.ports import DeskSession
from counter.services.ports.held_receipts import HeldReceipt
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.cells import plain
from counter.ui.messages_held import HeldListed, HeldNotListed
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Column, Table

_KNOWN_BY = {
    "party_account": N_("bank account"),
    "party": N_("name"),
    "text": N_("text"),
}


class HeldTable(Table[HeldReceipt]):
    """The likeliest first, then the oldest."""

    def __init__(self) -> None:
        """Day, age, what is open, who paid, what they wrote, whom it was for before."""
        super().__init__(
            (
                Column(lambda: _("Booked"), lambda row: f"{row.booked:%Y-%m-%d}", 10),
                Column(lambda: _("Days"), lambda row: str(row.age_days), 4, right=True),
                Column(lambda: _("Open"), lambda row: format_yuan(row.open_fen), 12, right=True, strong=True),
                Column(lambda: _("Payer"), lambda row: plain(row.party), 12, grows=True),
                Column(lambda: _("Text"), lambda row: plain(row.text), 12, grows=True),
                Column(lambda: _("Usually for"), lambda row: row.usual_account, 12, rank=1),
                Column(lambda: _("Bank reference"), lambda row: plain(row.reference), 16, rank=2),
            ),
            id="held",
        )


class HeldScreen(CounterScreen):
    """The list, the field over it, and everything about the receipt under the cursor beneath it."""

    CSS_PATH = "held.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("reload"),
        Binding("escape", "leave", show=False),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
    ]

    def __init__(
        self, session: DeskSession, account_no: str, take: Callable[[HeldReceipt, str], None]
    ) -> None:
        """For the account on the desk, or for none; ``take`` is told which receipt, and for which account."""
        super().__init__()
        self._session = session
        self._account_no = account_no
        self._take = take
        self._asked: str | None = None

    def compose_body(self) -> ComposeResult:
        """Heading, field, list, particulars, keys."""
        yield Words(self._heading, id="heading")
        with Horizontal(id="find"):
            yield Words(lambda: _("On the slip"), classes="caption")
            yield Field(id="slip", placeholder="")
        yield HeldTable()
        yield Words(self._detail, id="detail")
        yield Words(self._sum, id="sum")

    def on_mount(self) -> None:
        """List them all."""
        super().on_mount()
        self.watch(self._table, "cursor", self.query_one("#detail", Words).relabel, init=False)
        self.set_focus(self.query_one("#slip", Field))
        self.action_reload()

    @property
    def _table(self) -> HeldTable:
        """The list."""
        return self.query_one(HeldTable)

    def _heading(self) -> str:
        """For whom."""
        if self._account_no:
            return _("Unidentified receipts, for account {account}").format(account=self._account_no)
        return _("Unidentified receipts")

    def _detail(self) -> str:
        """Everything about the receipt under the cursor."""
        row = self._table.current
        if row is None:
            return _("None is open with that. Amount, payer, day, text or bank reference find one.") + "\n\n"
        payer = "  ".join(
            filter(None, (plain(row.party), row.party_account, plain(row.reference), plain(row.bank)))
        )
        return "\n".join((payer, plain(row.text), _remarks(row)))

    def _sum(self) -> str:
        """How many, how much, and the keys."""
        rows = self._table.rows
        words = _("{count} open, {total}      Enter takes it      Esc back")
        return words.format(count=len(rows), total=format_yuan(sum(row.open_fen for row in rows)))

    @on(Field.Changed, "#slip")
    def action_reload(self) -> None:
        """Ask for what fits now; the newest wish counts."""
        typed = self.query_one("#slip", Field).value
        self._asked = typed
        find = partial(self._session.held_receipts.find, typed, self._account_no)
        jobs.start(self, find, partial(HeldListed, typed), partial(HeldNotListed, typed))

    @on(HeldListed)
    def _listed(self, message: HeldListed) -> None:
        """Show them, unless more was typed by now."""
        if message.typed == self._asked:
            self._asked = None
            self._table.show_rows(message.receipts)
            for part in ("#detail", "#sum"):
                self.query_one(part, Words).relabel()

    @on(HeldNotListed)
    def _not_listed(self, message: HeldNotListed) -> None:
        """Say why not."""
        if message.typed == self._asked:
            self._asked = None
            self.tell(message.error)

    def action_move(self, step: int) -> None:
        """One row up or down."""
        self._table.action_move(step)

    def action_page(self, step: int) -> None:
        """One screenful up or down."""
        self._table.action_page(step)

    @on(Field.Submitted, "#slip")
    def _entered(self, event: Field.Submitted) -> None:
        """Take the receipt under the cursor for the account on the desk, or the one it is usually for."""
        event.stop()
        row = self._table.current
        if row is None or self._asked is not None:
            return
        account_no = self._account_no or row.usual_account
        if not account_no:
            self.notice.say(
                Tone.NOTE, _("Open the customer's account on the desk first, then take the receipt.")
            )
            return
        self.dismiss()
        self._take(row, account_no)

    @on(Table.Chosen)
    def _chosen(self, event: Table.Chosen) -> None:
        """A click and Enter in the list is the same."""
        event.stop()

    def action_leave(self) -> None:
        """Back to the desk."""
        self.dismiss()


def _remarks(row: HeldReceipt) -> str:
    """Whose it probably is, and who waits for it."""
    said = []
    if row.usual_account:
        words = _("Known by the {what}: claimed {times} time(s) for {account}.")
        said.append(words.format(what=_(_KNOWN_BY[row.known_by]), times=row.times, account=row.usual_account))
    if row.waits_for:
        words = _("LOOK: this may be the slip taken for {account}, which is not matched yet.")
        said.append(words.format(account=plain(row.waits_for)))
    if row.open_fen < row.amount_fen:
        said.append(_("Of {amount} a part is claimed.").format(amount=format_yuan(row.amount_fen)))
    return " ".join(said)
