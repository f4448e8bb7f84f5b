"""⇧F1: the vends that are paid and whose card is not proven written, with age and what is known of them.

Enter goes on with one by its card; ⇧F12 lets a supervisor decide when the card does not come back, and with
^V a supervisor signs for all of them, so that the day can be closed over them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from counter.domain.money import format_yuan
from counter.domain.vends import VendState
from counter.errors import OutcomeUnknown
from counter.i18n import _
from counter.services.ports import DeskSession, Duty, Pending
from counter.services.ports.vends import OpenVend
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.approval_words import subject_lines
from counter.ui.cells import plain
from counter.ui.messages_vends import CardWorkRefused, DoubtsListed, VendDecided, VendsSigned
from counter.ui.request_id import new_request_id
from counter.ui.screens.base import CounterScreen
from counter.ui.screens.taking import sent_now
from counter.ui.vend_words import age, vend_kind, vend_state
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from uuid import UUID

    from counter.ui.dialogs.vend_decision import Verdict


class DoubtTable(Table[OpenVend]):
    """The oldest first."""

    def __init__(self) -> None:
        """Age, whose, how much, how it stands, who."""
        super().__init__(
            (
                Column(lambda: _("Age"), _age, 8, strong=True),
                Column(lambda: _("Account"), lambda row: row.account_no, 12),
                Column(lambda: _("Name"), lambda row: row.account_name, 10, grows=True),
                Column(lambda: _("Amount"), lambda row: format_yuan(row.amount_fen), 10, right=True),
                Column(lambda: _("State"), lambda row: vend_state(row.state.value), 11),
                Column(lambda: _("Clerk"), lambda row: row.staff_name, 8, rank=1),
                Column(lambda: _("Receipt"), lambda row: row.receipt_no, 16, rank=2),
            ),
            id="doubts",
        )


class VendsInDoubtScreen(CounterScreen):
    """The list; what is under the cursor is told in full beneath it."""

    CSS_PATH = "vends_in_doubt.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("reload", "decide_vend", "sign_vends"),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, session: DeskSession) -> None:
        """List with this session."""
        super().__init__()
        self._session = session
        self._deciding: OpenVend | None = None

    def compose_body(self) -> ComposeResult:
        """Heading, list, what is known, the keys."""
        yield Words(self._heading, id="heading")
        yield DoubtTable()
        yield Words(self._known, id="known")

    def on_mount(self) -> None:
        """List them."""
        super().on_mount()
        table = self.query_one(DoubtTable)
        self.set_focus(table)
        self.watch(table, "cursor", self._moved, init=False)
        self.action_reload()

    def on_screen_resume(self) -> None:
        """Back from the card: one of them may be settled."""
        self.action_reload()

    def _heading(self) -> str:
        """How many."""
        rows = self.query_one(DoubtTable).rows
        return _("Vends whose card is not proven written: {count}").format(count=len(rows))

    def _known(self) -> str:
        """Everything about the one under the cursor, and what can be done."""
        row = self.query_one(DoubtTable).current
        if row is None:
            return _("Every vend is on its card.")
        first = (
            f"{vend_kind(row.kind.value)}  {row.receipt_no}  {row.began_at:%Y-%m-%d %H:%M}  {row.hall_name}"
        )
        words = _("Card {serial}, meter {meter}, count {count}. {note}")
        second = words.format(serial=row.card_serial, meter=row.meter_no, count=row.vend_count, note=row.note)
        third = _("Put this card in and press Enter. If it does not come back: ⇧F12, a supervisor decides.")
        return "\n".join(plain(line) for line in (first, second, third))

    def _moved(self) -> None:
        """Another row, other words."""
        self.query_one("#known", Words).relabel()
        self.refresh_bindings()

    def action_reload(self) -> None:
        """Ask again."""
        jobs.start(self, self._session.vends.in_doubt, DoubtsListed)

    @on(DoubtsListed)
    def _listed(self, message: DoubtsListed) -> None:
        """Show them; the cursor stays where it was."""
        table = self.query_one(DoubtTable)
        table.show_rows(message.vends, cursor=table.cursor)
        self.query_one("#heading", Words).relabel()
        self._moved()
        self.counter.set_status(doubts=len(message.vends))

    @on(Table.Chosen, "#doubts")
    def _chosen(self, message: Table.Chosen) -> None:
        """Enter: to the card."""
        message.stop()
        self.counter.go_on_with(message.row)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  (Textual's signature)
        """There is nothing to decide or to sign in an empty list, and only supervisors sign."""
        if action == "sign_vends" and self._session.staff.duty is not Duty.SUPERVISOR:
            return False
        if action in {"decide_vend", "sign_vends"}:
            return bool(self.query(DoubtTable)) and self.query_one(DoubtTable).current is not None
        return True

    def action_sign_vends(self) -> None:
        """For everything in the list, with a word why it waits."""
        from counter.ui.dialogs.reason import ReasonDialog

        words = _("You know of these {count} vends. The day can be closed, and they stay in the list.")
        said = words.format(count=len(self.query_one(DoubtTable).rows))
        self.app.push_screen(ReasonDialog(_("Why are they not settled?"), said), self._sign)

    def _sign(self, note: str | None) -> None:
        """Once."""
        day = self.counter.status.business_date
        if note and day is not None:
            request_id, self._deciding = new_request_id(), None
            work = partial(self._session.vends.sign, request_id, day, note)
            jobs.start(self, work, VendsSigned, partial(CardWorkRefused, request_id, "sign_vends"))

    @on(VendsSigned)
    def _signed(self, message: VendsSigned) -> None:
        """Say for how many."""
        self.notice.say(Tone.GOOD, _("Signed for {count} vends.").format(count=message.count))

    def action_decide_vend(self) -> None:
        """What a supervisor is to sign."""
        from counter.ui.dialogs.vend_decision import VendDecisionDialog

        row = self.query_one(DoubtTable).current
        if row is not None:
            self.app.push_screen(VendDecisionDialog(row), partial(self._ask, row))

    def _ask(self, vend: OpenVend, verdict: Verdict | None) -> None:
        """The supervisor signs here, or from the list of approvals."""
        if verdict is None:
            return
        from counter.ui.dialogs.approval import ApprovalDialog

        action, subject = self._session.vends.decision_subject(
            vend.vend_id, written=verdict.written, reason=verdict.reason
        )
        shown: dict[str, Any] = {**subject, "amount_fen": vend.amount_fen, "account_no": vend.account_no}
        lines = [verdict.words, *subject_lines(action, shown, vend.account_name)]
        dialog = ApprovalDialog(self._session, action, subject, lines)
        self.counter.show_over(dialog, partial(self._decide, vend, verdict))

    def _decide(self, vend: OpenVend, verdict: Verdict, approval_id: UUID | None) -> None:
        """Book what was signed."""
        if approval_id is None:
            self.notice.say(Tone.NOTE, _("It was not approved; nothing was posted."))
            return
        request_id, self._deciding = new_request_id(), vend

        def work() -> VendState:
            """Once; what has no answer is asked for by its id."""
            return self._session.vends.decide(
                vend.vend_id,
                request_id,
                written=verdict.written,
                reason=verdict.reason,
                approval_id=approval_id,
            )

        jobs.start(self, work, VendDecided, partial(CardWorkRefused, request_id, "decide_vend"))

    @on(VendDecided)
    def _decided(self, message: VendDecided) -> None:
        """It stands as the supervisor said."""
        self.action_reload()
        words = _("Decided: {state}.").format(state=vend_state(message.state.value))
        if message.state is VendState.UNDONE:
            words += " " + _("The money is on the account's prepaid balance.")
        self.notice.say(Tone.GOOD, words)

    @on(CardWorkRefused)
    def _refused(self, message: CardWorkRefused) -> None:
        """Say why, or ask what became of it."""
        if isinstance(message.error, OutcomeUnknown):
            vend = self._deciding
            account_no, amount_fen = (vend.account_no, vend.amount_fen) if vend else ("", 0)
            pending = Pending(
                message.request_id, account_no, amount_fen, sent_now(), function=message.function
            )
            self.counter.await_outcome(message.error, pending)
        else:
            self.tell(message.error)

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Say why there is no list."""
        message.stop()
        self.tell(message.error)

    def action_leave(self) -> None:
        """Back to where one was."""
        self.dismiss()


def _age(vend: OpenVend) -> str:
    """How long it has been open."""
    return age(vend.began_at, datetime.now(UTC))
