"""^Z without an account: the sales that are paid and have no token yet, with age and what is known of them.

Enter asks again for one; ⇧F12 lets a supervisor decide when the vending server does not answer any more.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from counter.domain.money import format_yuan
from counter.domain.tokens import TokenState
from counter.i18n import _
from counter.services.ports import DeskSession, Duty
from counter.services.ports.tokens import TokenOutcome, TokenSale
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.approval_words import subject_lines
from counter.ui.cells import plain
from counter.ui.messages_tokens import TokenDecided, TokenNotDecided, TokensListed
from counter.ui.messages_vends import VendsSigned
from counter.ui.request_id import new_request_id
from counter.ui.screens.base import CounterScreen
from counter.ui.token_words import token_state
from counter.ui.vend_words import age
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from counter.ui.dialogs.token_decision import TokenVerdict


class TokenTable(Table[TokenSale]):
    """The oldest first."""

    def __init__(self) -> None:
        """Age, whose, how much, how it stands, who."""
        super().__init__(
            (
                Column(lambda: _("Age"), lambda row: age(row.began_at, datetime.now(UTC)), 8, strong=True),
                Column(lambda: _("Account"), lambda row: row.account_no, 12),
                Column(lambda: _("Name"), lambda row: row.account_name, 10, grows=True),
                Column(lambda: _("Amount"), lambda row: format_yuan(row.amount_fen), 10, right=True),
                Column(lambda: _("State"), lambda row: token_state(row.state), 13),
                Column(lambda: _("Clerk"), lambda row: row.staff_name, 8, rank=1),
                Column(lambda: _("Receipt"), lambda row: row.receipt_no, 16, rank=2),
            ),
            id="doubts",
        )


class TokensOpenScreen(CounterScreen):
    """The list; what is under the cursor is told in full beneath it."""

    CSS_PATH = "tokens_open.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("reload", "decide_vend", "sign_vends"),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, session: DeskSession) -> None:
        """List with this session."""
        super().__init__()
        self._session = session

    def compose_body(self) -> ComposeResult:
        """Heading, list, what is known."""
        yield Words(self._heading, id="heading")
        yield TokenTable()
        yield Words(self._known, id="known")

    def on_mount(self) -> None:
        """List them."""
        super().on_mount()
        table = self.query_one(TokenTable)
        self.set_focus(table)
        self.watch(table, "cursor", self._moved, init=False)

    def on_screen_resume(self) -> None:
        """At first, and back from a sale: it may have its token now."""
        self.action_reload()

    def _heading(self) -> str:
        """How many."""
        return _("Sales without a token: {count}").format(count=len(self.query_one(TokenTable).rows))

    def _known(self) -> str:
        """Everything about the one under the cursor, and what can be done."""
        row = self.query_one(TokenTable).current
        if row is None:
            return _("Every sale has its token. Open an account first to sell one.")
        first = f"{row.receipt_no}  {row.began_at:%Y-%m-%d %H:%M}  {row.hall_name}  {row.meter_no}"
        third = _("Enter asks again: the same sale, the same token. ⇧F12: a supervisor decides.")
        if not row.state.open:
            third = _("It was refused: ^B at the desk reverses the receipt and gives the money back.")
        return "\n".join(plain(line) for line in (first, row.note, third))

    def _moved(self) -> None:
        """Another row, other words."""
        self.query_one("#known", Words).relabel()
        self.refresh_bindings()

    def action_reload(self) -> None:
        """Ask the books again."""
        jobs.start(self, self._session.tokens.unsettled, TokensListed)

    @on(TokensListed)
    def _listed(self, message: TokensListed) -> None:
        """Show them; the cursor stays where it was."""
        table = self.query_one(TokenTable)
        table.show_rows(message.sales, cursor=table.cursor)
        self.query_one("#heading", Words).relabel()
        self._moved()

    @on(Table.Chosen, "#doubts")
    def _chosen(self, message: Table.Chosen) -> None:
        """Enter: to the sale, which is asked for again there."""
        from counter.ui.screens.token import TokenScreen

        message.stop()
        self.app.push_screen(TokenScreen(self._session, message.row.account_no))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  (Textual's signature)
        """There is nothing to decide or to sign in an empty list, and only supervisors sign."""
        if action == "sign_vends":
            rows = self.query_one(TokenTable).rows if self.query(TokenTable) else ()
            return bool(rows) and self._session.staff.duty is Duty.SUPERVISOR
        if action == "decide_vend":
            row = self.query_one(TokenTable).current if self.query(TokenTable) else None
            return row is not None and row.state.open
        return True

    def action_sign_vends(self) -> None:
        """For everything that is not settled in the hall, by card or token, with a word why it waits."""
        from counter.ui.dialogs.reason import ReasonDialog

        words = _("You know of these {count} sales. The day can be closed, and they stay in the list.")
        said = words.format(count=len(self.query_one(TokenTable).rows))
        self.app.push_screen(ReasonDialog(_("Why are they not settled?"), said), self._sign)

    def _sign(self, note: str | None) -> None:
        """Once."""
        day = self.counter.status.business_date
        if note and day is not None:
            work = partial(self._session.vends.sign, new_request_id(), day, note)
            jobs.start(self, work, VendsSigned, TokenNotDecided)

    @on(VendsSigned)
    def _signed(self, message: VendsSigned) -> None:
        """Say for how many."""
        self.notice.say(Tone.GOOD, _("Signed for {count} vends.").format(count=message.count))

    def action_decide_vend(self) -> None:
        """What a supervisor is to sign."""
        from counter.ui.dialogs.token_decision import TokenDecisionDialog

        row = self.query_one(TokenTable).current
        if row is not None and row.state.open:
            self.app.push_screen(TokenDecisionDialog(row), partial(self._ask, row))

    def _ask(self, sale: TokenSale, verdict: TokenVerdict | None) -> None:
        """The supervisor signs here, or from the list of approvals."""
        if verdict is None:
            return
        from counter.ui.dialogs.approval import ApprovalDialog

        action, subject = self._session.tokens.decision_subject(
            sale.vend_id, digits=verdict.digits, reason=verdict.reason
        )
        shown: dict[str, Any] = {**subject, "amount_fen": sale.amount_fen, "account_no": sale.account_no}
        lines = [verdict.words, *subject_lines(action, shown, sale.account_name)]
        dialog = ApprovalDialog(self._session, action, subject, lines)
        self.counter.show_over(dialog, partial(self._decide, sale, verdict))

    def _decide(self, sale: TokenSale, verdict: TokenVerdict, approval_id: UUID | None) -> None:
        """Book what was signed."""
        if approval_id is None:
            self.notice.say(Tone.NOTE, _("It was not approved; nothing was posted."))
            return
        request_id = new_request_id()

        def work() -> TokenOutcome:
            """Once; asked for again it is the same."""
            return self._session.tokens.decide(
                sale.vend_id,
                request_id,
                digits=verdict.digits,
                reason=verdict.reason,
                approval_id=approval_id,
            )

        jobs.start(self, work, TokenDecided, TokenNotDecided)

    @on(TokenDecided)
    def _decided(self, message: TokenDecided) -> None:
        """It stands as the supervisor said, or as the vending server knew."""
        self.action_reload()
        outcome = message.outcome
        self.notice.say(Tone.GOOD, _("Decided: {state}.").format(state=token_state(outcome.state)))
        if outcome.state is TokenState.ISSUED:
            self.counter.print_receipt(outcome.receipt_no)

    @on(TokenNotDecided)
    def _not_decided(self, message: TokenNotDecided) -> None:
        """Say why."""
        self.tell(message.error)
        self.action_reload()

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Say why there is no list."""
        message.stop()
        self.tell(message.error)

    def action_leave(self) -> None:
        """Back to where one was."""
        self.dismiss()
