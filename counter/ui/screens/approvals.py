"""Approvals: what waits for a supervisor in this hall, and for a clerk what became of the own questions.

The list follows the server by NOTIFY. A supervisor is signed in as themselves, so a look and an Enter are
enough; nobody decides what they asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from counter.i18n import _
from counter.services.ports import DeskSession, Duty
from counter.services.ports.approvals import ApprovalState, ApprovalView
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.approval_words import (
    accounts_word,
    action_word,
    age_word,
    amount_word,
    state_word,
    subject_lines,
)
from counter.ui.cells import plain
from counter.ui.messages import ApprovalDecided, ApprovalHeard, ApprovalsListed
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Column, Table
from counter.ui.words import clock

_AGE_EVERY_S = 30.0
"""How often the list is read again without being told, so that ages and expired questions are right."""


class ApprovalTable(Table[ApprovalView]):
    """One line a question."""

    def __init__(self) -> None:
        """When, what, for whom, how much, why, by whom, how it stands."""
        super().__init__(
            (
                Column(lambda: _("Time"), lambda view: clock(view.asked_at), 5),
                Column(lambda: _("Waits"), lambda view: age_word(view.age_s), 8, right=True, rank=3),
                Column(lambda: _("Action"), lambda view: action_word(view.action), 16),
                Column(lambda: _("Account"), lambda view: accounts_word(view.subject), 12, rank=1),
                Column(lambda: _("Amount"), lambda view: amount_word(view.subject), 10, right=True),
                Column(lambda: _("Asked by"), lambda view: view.asked_by, 8),
                Column(lambda: _("Reason"), lambda view: view.reason, 8, grows=True, rank=4),
                Column(lambda: _("State"), state_word, 14, rank=2),
            ),
            id="approvals",
        )

    def is_quiet(self, row: ApprovalView) -> bool:
        """What is over stands back."""
        return row.state not in (ApprovalState.WAITING, ApprovalState.APPROVED)


class ApprovalsScreen(CounterScreen):
    """F10. Enter approves and ^X refuses for a supervisor; for others ^X withdraws."""

    CSS_PATH = "approvals.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("reload"),
        Binding("ctrl+x", "refuse", show=False, priority=True),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, session: DeskSession) -> None:
        """List with this session."""
        super().__init__()
        self._session = session
        self._supervisor = session.staff.duty is Duty.SUPERVISOR
        self._unlisten: Callable[[], None] | None = None

    def compose_body(self) -> ComposeResult:
        """Heading, list, the one under the cursor in full, keys."""
        yield Words(self._heading, id="heading")
        yield ApprovalTable()
        yield Words(self._details, id="details")
        yield Words(self._keys, id="sum")

    def on_mount(self) -> None:
        """List, and listen."""
        super().on_mount()
        table = self.query_one(ApprovalTable)
        self.set_focus(table)
        self.watch(table, "cursor", self._show_details, init=False)
        self._unlisten = self._session.approvals.listen(lambda: self.post_message(ApprovalHeard()))
        self.set_interval(_AGE_EVERY_S, self.action_reload)
        self.action_reload()

    def on_unmount(self) -> None:
        """Nobody looks any more."""
        if self._unlisten is not None:
            self._unlisten()

    def _heading(self) -> str:
        """What is listed."""
        return _("Waiting for a supervisor") if self._supervisor else _("What I have asked for")

    def _keys(self) -> str:
        """How many, and what can be done."""
        count = len(self.query_one(ApprovalTable).rows)
        if self._supervisor:
            return _("{count} waiting      Enter approve   ^X refuse   Esc back").format(count=count)
        return _("{count} within a day      ^X withdraw   Esc back").format(count=count)

    def _details(self) -> str:
        """The question under the cursor, line by line."""
        view = self.query_one(ApprovalTable).current
        if view is None:
            return _("Nothing waits.") if self._supervisor else ""
        lines = subject_lines(view.action, {**view.subject, "reason": view.reason}, view.account_name)
        said = _("Asked by {name} at {time}").format(
            name=f"{view.asked_by} {view.asked_by_no}", time=clock(view.asked_at)
        )
        return "\n".join([*lines, plain(f"{said}   {state_word(view)}  {view.note}".rstrip())])

    def _show_details(self) -> None:
        """Another question is under the cursor."""
        self.query_one("#details", Words).relabel()

    @on(ApprovalHeard)
    def action_reload(self) -> None:
        """Ask for the list."""
        approvals = self._session.approvals
        jobs.start(self, approvals.waiting if self._supervisor else approvals.mine, ApprovalsListed)

    @on(ApprovalsListed)
    def _listed(self, message: ApprovalsListed) -> None:
        """Show it; the cursor stays on its question."""
        table = self.query_one(ApprovalTable)
        before = table.current
        ids = [view.approval_id for view in message.views]
        place = ids.index(before.approval_id) if before and before.approval_id in ids else table.cursor
        table.show_rows(message.views, cursor=place)
        self._show_details()
        self.query_one("#sum", Words).relabel()

    @on(Table.Chosen)
    def _chosen(self) -> None:
        """Enter approves."""
        if self._supervisor:
            self._ask(approved=True)

    def action_refuse(self) -> None:
        """Refuse, or take the own question back."""
        view = self.query_one(ApprovalTable).current
        if self._supervisor and view is not None and view.asked_by_no != self._session.staff.staff_no:
            self._ask(approved=False)
        elif view is not None and view.state is ApprovalState.WAITING:
            withdraw = partial(self._session.approvals.withdraw, view.approval_id)
            jobs.start(self, withdraw, ApprovalDecided)

    def _ask(self, *, approved: bool) -> None:
        """The last look."""
        from counter.ui.dialogs.decision import DecisionDialog

        view = self.query_one(ApprovalTable).current
        if view is not None:
            decided = partial(self._decide, view, approved)
            self.app.push_screen(DecisionDialog(view, approved=approved), decided)

    def _decide(self, view: ApprovalView, approved: bool, note: str | None) -> None:  # noqa: FBT001
        """Send it."""
        if note is not None:
            decide = partial(self._session.approvals.decide, view.approval_id, approved=approved, note=note)
            jobs.start(self, decide, ApprovalDecided)

    @on(ApprovalDecided)
    def _decided(self, message: ApprovalDecided) -> None:
        """Say it, and list anew."""
        self.notice.say(Tone.GOOD, f"{action_word(message.view.action)}: {state_word(message.view)}")
        self.action_reload()

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Say why not; the list may be another by now."""
        message.stop()
        self.tell(message.error)

    def action_leave(self) -> None:
        """Back to where one was."""
        self.dismiss()
