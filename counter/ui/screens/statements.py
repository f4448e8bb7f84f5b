"""What is in of the bank: the accounts as their statements left them, and every statement. Enter imports."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from counter.domain.money import format_yuan
from counter.errors import CounterError
from counter.i18n import _
from counter.services.ports import DeskSession, Duty
from counter.services.ports.bank_import import FileImported, StatementAccount, StatementView
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.cells import plain
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Column, Table

ACCOUNTS_SHOWN = 4
"""Lines of the upper list; more of them scroll."""


class StatementsRead(Message):
    """What is in came."""

    def __init__(self, found: tuple[tuple[StatementAccount, ...], tuple[StatementView, ...]]) -> None:
        """Accounts and statements."""
        super().__init__()
        self.accounts, self.views = found


class StatementsNotRead(Message):
    """What is in could not be read."""

    def __init__(self, error: CounterError) -> None:
        """Keep why."""
        super().__init__()
        self.error = error


class AccountTable(Table[StatementAccount]):
    """The accounts, banks first."""

    def __init__(self) -> None:
        """Who keeps it, how far statements are in, what is open."""
        super().__init__(
            (
                Column(lambda: _("Account at the bank"), lambda row: row.masked, 12),
                Column(lambda: _("Bank"), lambda row: plain(row.bank_name), 14, grows=True),
                Column(lambda: _("In through"), lambda row: _day(row.through), 10),
                Column(
                    lambda: _("Bank balance"),
                    lambda row: _balance(row.closing_fen),
                    17,
                    right=True,
                    strong=True,
                ),
                Column(lambda: _("Lines"), lambda row: f"{row.lines:,}", 9, right=True, rank=1),
                Column(lambda: _("Not matched"), lambda row: f"{row.open_lines:,}", 11, right=True),
            ),
            id="accounts",
        )


class StatementTable(Table[StatementView]):
    """The statements, the newest first."""

    def __init__(self) -> None:
        """When, what, which days, how many lines, who."""
        super().__init__(
            (
                Column(lambda: _("Imported"), lambda row: f"{row.recorded_at.astimezone():%m-%d %H:%M}", 11),
                Column(lambda: _("Account at the bank"), lambda row: row.masked, 12),
                Column(lambda: _("Dates"), _days, 11),
                Column(lambda: _("New"), lambda row: f"{row.lines_new:,}", 7, right=True, strong=True),
                Column(
                    lambda: _("Known"),
                    lambda row: f"{row.lines_in_file - row.lines_new:,}",
                    7,
                    right=True,
                    rank=1,
                ),
                Column(lambda: _("Closing"), lambda row: _balance(row.closing_fen), 16, right=True),
                Column(lambda: _("By"), lambda row: plain(row.staff_name), 8, rank=2),
                Column(lambda: _("File"), lambda row: plain(row.file_name), 12, grows=True, rank=3),
            ),
            id="statements",
        )

    def action_choose(self) -> None:
        """Enter imports, also while there is no row yet."""
        self.post_message(self.Chosen(self, self.current))


class StatementsScreen(CounterScreen):
    """Two lists; F2 or Enter asks for a file."""

    CSS_PATH = "statements.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("import_file", "statements", "reconcile", "reload"),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, session: DeskSession) -> None:
        """For whoever looks at the bank side; cashiers and supervisors import."""
        super().__init__()
        self._session = session
        self._may_import = session.staff.duty in (Duty.CASHIER, Duty.SUPERVISOR)
        self._read = False
        self._new = False

    def compose_body(self) -> ComposeResult:
        """Accounts above, statements below, and everything about the one under the cursor."""
        yield Words(lambda: _("Statements"), id="heading")
        yield AccountTable()
        yield StatementTable()
        yield Words(self._detail, id="detail")
        yield Words(self._keys, id="sum")

    def on_mount(self) -> None:
        """Ask what is in."""
        super().on_mount()
        self.watch(self._table, "cursor", self.query_one("#detail", Words).relabel, init=False)
        self.set_focus(self._table)
        self.action_reload()

    @property
    def _table(self) -> StatementTable:
        """The list of statements."""
        return self.query_one(StatementTable)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  (Textual's signature)
        """Importing is for those who keep the bank side."""
        return self._may_import if action in ("import_file", "statements") else True

    def action_reload(self) -> None:
        """Ask again."""
        area = self._session.bank_import
        jobs.start(self, lambda: (area.accounts(), area.statements()), StatementsRead, StatementsNotRead)

    @on(StatementsRead)
    def _shown(self, message: StatementsRead) -> None:
        """Show it, with the cursor where it was."""
        self._read = True
        accounts = self.query_one(AccountTable)
        accounts.styles.height = 1 + min(ACCOUNTS_SHOWN, max(1, len(message.accounts)))
        accounts.show_rows(message.accounts, cursor=accounts.cursor)
        self._table.show_rows(message.views, cursor=self._table.cursor)
        self.query_one("#detail", Words).relabel()

    @on(StatementsNotRead)
    def _not_shown(self, message: StatementsNotRead) -> None:
        """Say why not."""
        self.tell(message.error)

    @on(Table.Chosen)
    def _chosen(self) -> None:
        """Enter does what is done here all the time."""
        if self._may_import:
            self.action_import_file()

    def action_import_file(self) -> None:
        """Ask for a file."""
        from counter.ui.dialogs.import_file import ImportDialog

        accounts = self.query_one(AccountTable).rows
        self.app.push_screen(ImportDialog(self._session, accounts), self._imported)

    def action_statements(self) -> None:
        """The key that led here does here what is done here."""
        self.action_import_file()

    def _imported(self, done: FileImported | None) -> None:
        """Say what came of it, and list it."""
        if done is not None:
            self._new = self._new or bool(done.lines_new)
            self.notice.say(Tone.GOOD, outcome(done))
        self.action_reload()

    def action_reconcile(self) -> None:
        """On to the matching; the rules look at what is new at once."""
        from counter.ui.screens.reconcile import ReconcileScreen

        screen = ReconcileScreen(self._session, run=self._new)
        self._new = False
        self.app.push_screen(screen, lambda _none: self.action_reload())

    def action_leave(self) -> None:
        """Back to where one was."""
        self.dismiss()

    def _detail(self) -> str:
        """Everything about the statement under the cursor."""
        row = self._table.current
        if row is None:
            return (_("No statement is in yet.") if self._read else _("Reading what is in")) + "\n"
        first = "  ".join(filter(None, (plain(row.file_name), row.format, plain(row.number), row.staff_name)))
        if row.opening_fen is None:
            return first + "\n" + _("Settlement file of an acquirer")
        second = _("Opening {opening}, closing {closing}").format(
            opening=format_yuan(row.opening_fen), closing=_balance(row.closing_fen)
        )
        return first + "\n" + second + (_(", as stated by a person") if row.by_person else "")

    def _keys(self) -> str:
        """What the keys do."""
        if self._may_import:
            return _("Enter imports a file      ^F2 matches what is open      Esc back")
        return _("You can look; cashiers and supervisors import.      Esc back")


def outcome(done: FileImported) -> str:
    """What a file brought, in words."""
    if not done.lines_new:
        return _("{file}: nothing new, {known} lines were in already.").format(
            file=plain(done.name), known=f"{done.lines_known:,}"
        )
    said = _("{file}: {new} new lines, {known} were in already.").format(
        file=plain(done.name), new=f"{done.lines_new:,}", known=f"{done.lines_known:,}"
    )
    last = {each.masked: each.closing_fen for each in done.statements if each.closing_fen is not None}
    balances = [f"{masked} {format_yuan(fen)}" for masked, fen in last.items()]
    return said + (" " + _("Balance: {balances}").format(balances="  ".join(balances)) if balances else "")


def _day(day: date | None) -> str:
    return "-" if day is None else f"{day:%Y-%m-%d}"


def _days(row: StatementView) -> str:
    if row.opening_date == row.closing_date:
        return f"{row.closing_date:%m-%d}"
    return f"{row.opening_date:%m-%d}/{row.closing_date:%m-%d}"


def _balance(fen: int | None) -> str:
    return "-" if fen is None else format_yuan(fen)
