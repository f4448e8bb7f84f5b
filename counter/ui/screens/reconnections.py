"""Accounts to be connected again, by deadline; Enter says that the field team has done it."""

from __future__ import annotations

from functools import partial
from typing import ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from counter.i18n import _
from counter.services.ports import DeskSession
from counter.services.ports.agreements import ReconnectionTask
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.agreement_messages import NotChanged, TaskDone, TasksExported, TasksListed
from counter.ui.request_id import new_request_id
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Column, Table


class TaskTable(Table[ReconnectionTask]):
    """The next deadline first; a word tells what is overdue."""

    def __init__(self) -> None:
        """Deadline, state, account, name, address, phone."""
        super().__init__(
            (
                Column(lambda: _("Deadline"), lambda row: f"{row.due_at:%m-%d %H:%M}", 11),
                Column(lambda: _("State"), lambda row: _("overdue") if row.overdue else _("open"), 8),
                Column(lambda: _("Account"), lambda row: row.account_no, 12),
                Column(lambda: _("Name"), lambda row: row.account_name, 10, grows=True),
                Column(lambda: _("Address"), lambda row: row.address, 14, grows=True),
                Column(lambda: _("Phone"), lambda row: row.phone, 12, rank=2),
                Column(lambda: _("Meter"), lambda row: row.meter_no, 12, rank=1),
            ),
            id="tasks",
        )


class ReconnectionsScreen(CounterScreen):
    """The open tasks of the hall."""

    CSS_PATH = "agreements.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("reload", "export"),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, session: DeskSession) -> None:
        """List with this session."""
        super().__init__()
        self._session = session
        self._ids: dict[ReconnectionTask, UUID] = {}
        self._sending = False

    def compose_body(self) -> ComposeResult:
        """Heading, list, what can be done."""
        yield Words(lambda: _("Reconnections to be done"), classes="heading")
        yield TaskTable()
        yield Words(self._sum, id="sum", classes="foot")

    def _sum(self) -> str:
        """How many, and the keys."""
        rows = self.query_one(TaskTable).rows
        late = sum(row.overdue for row in rows)
        words = _("{count} open, {late} overdue      Enter done      ⇧F6 export      Esc back")
        return words.format(count=len(rows), late=late)

    def on_mount(self) -> None:
        """Ask for the list."""
        super().on_mount()
        self.set_focus(self.query_one(TaskTable))
        self.action_reload()

    def action_reload(self) -> None:
        """Ask again."""
        jobs.start(self, self._session.agreements.reconnections, TasksListed)

    @on(TasksListed)
    def _listed(self, message: TasksListed) -> None:
        """Show them; the cursor stays where it was."""
        table = self.query_one(TaskTable)
        table.show_rows(message.tasks, cursor=table.cursor)
        self.query_one("#sum", Words).relabel()
        self.counter.set_status(reconnections=len(message.tasks))

    @on(Table.Chosen)
    def _chosen(self, event: Table.Chosen) -> None:
        """Ask before it is done."""
        from counter.ui.dialogs.confirm import ConfirmDialog

        task = event.row
        if not self._sending:
            question = _("Is {account} connected again?").format(account=task.account_no)
            reason = _("{name}, {address}. The task is done then, and the account no longer disconnected.")
            said = reason.format(name=task.account_name, address=task.address)
            self.app.push_screen(ConfirmDialog(question, said), partial(self._answered, task))

    def _answered(self, task: ReconnectionTask, yes: bool | None) -> None:  # noqa: FBT001  (a dialog's answer)
        """Send it; the same task keeps its request id."""
        if yes and not self._sending:
            self._sending = True
            request_id = self._ids.setdefault(task, new_request_id())
            done = partial(self._session.agreements.complete, request_id, task)
            jobs.start(self, done, lambda _none: TaskDone(task), NotChanged)

    @on(TaskDone)
    def _done(self, message: TaskDone) -> None:
        """Say it and list anew."""
        self._sending = False
        self.notice.say(Tone.GOOD, _("{account} is connected again.").format(account=message.task.account_no))
        self.action_reload()

    @on(NotChanged)
    def _not_done(self, message: NotChanged) -> None:
        """Say why; Enter asks again under the same id."""
        self._sending = False
        self.tell(message.error)
        self.action_reload()

    def action_export(self) -> None:
        """Write the list into a file."""
        jobs.start(self, self._session.agreements.export_reconnections, TasksExported)

    @on(TasksExported)
    def _exported(self, message: TasksExported) -> None:
        """Say where it is."""
        self.notice.say(Tone.GOOD, _("Exported to {path}").format(path=message.path))

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Say why not."""
        message.stop()
        self.tell(message.error)

    def action_leave(self) -> None:
        """Back to the desk."""
        self.dismiss()
