"""Asking a supervisor: they sign at this desk with number and password, or from their own list.

Invariants: nothing is posted here; a password is handed to the job at once and the field is emptied; what was
asked and is left undecided is withdrawn, so that nobody approves what nobody waits for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen

from counter.i18n import _
from counter.services.ports import DeskSession
from counter.services.ports.approvals import ApprovalState, ApprovalView
from counter.ui import jobs
from counter.ui.approval_words import state_word
from counter.ui.cells import plain
from counter.ui.messages import ApprovalAsked, ApprovalFailed, ApprovalHeard, ApprovalSeen
from counter.ui.request_id import new_request_id
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words
from counter.ui.words import sentences

_REASON_MAX = 200
_LOOK_EVERY_S = 15.0
"""How often a waiting dialog looks by itself: it must also see that the time is over."""


class _Stage(Enum):
    """Where the dialog is; only ``BUSY`` takes no keys."""

    OPEN = auto()
    BUSY = auto()
    WAITING = auto()
    OVER = auto()


class ApprovalDialog(ModalScreen[UUID | None]):
    """Answers the id of an approval, or None when there is none.

    ``subject`` is the request that will be posted. A reason that it lacks is asked for here and put into it,
    so that the caller posts exactly what was allowed.
    """

    CSS_PATH = "approval.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("enter", "go_on", show=False),
        Binding("ctrl+x", "refuse", show=False, priority=True),
    ]

    def __init__(
        self, session: DeskSession, action: str, subject: dict[str, Any], summary_lines: Sequence[str]
    ) -> None:
        """``summary_lines`` say what is asked, as the customer would."""
        super().__init__()
        self._approvals = session.approvals
        self._action = action
        self._subject = subject
        self._summary = tuple(summary_lines)
        self._given_reason = str(subject.get("reason") or "")
        self._approval_id = new_request_id()
        self._asked = False
        self._wish: bool | None = None
        self._stage = _Stage.OPEN
        self._seen: ApprovalView | None = None
        self._leaving = False
        self._unlisten: Callable[[], None] = _nothing

    def compose(self) -> ComposeResult:
        """What is asked, why, and who allows it."""
        with Vertical(classes="dialog"):
            yield Words(lambda: _("A supervisor has to approve this."), classes="title")
            yield Words(lambda: plain_lines(self._summary), id="summary")
            with Horizontal(classes="entry"):
                yield Words(lambda: _("Reason"), classes="caption")
                yield Field(self._given_reason, id="reason")
            with Horizontal(classes="entry"):
                yield Words(lambda: _("Supervisor no."), classes="caption")
                yield Field(id="supervisor")
            with Horizontal(classes="entry"):
                yield Words(lambda: _("Password"), classes="caption")
                yield Field(id="password", password=True)
            with Horizontal(classes="entry"):
                yield Words(lambda: _("Remark"), classes="caption")
                yield Field(id="note")
            yield Words(lambda: "", id="complaint")
            yield Words(self._keys, classes="keys")

    def on_mount(self) -> None:
        """Begin with what is missing."""
        reason = self.query_one("#reason", Field)
        reason.disabled = bool(self._given_reason)
        self.set_focus(self.query_one("#supervisor") if self._given_reason else reason)
        self.set_interval(_LOOK_EVERY_S, self._look)

    def on_unmount(self) -> None:
        """Nobody waits here any more."""
        self._unlisten()

    def _keys(self) -> str:
        """What the keys do now."""
        if self._stage is _Stage.OVER:
            return _("Enter  go on      Esc  leave") if self._allowed else _("Esc  leave")
        if self._stage is _Stage.WAITING:
            return _("It waits in the list; a supervisor may also sign here.  Esc  withdraw")
        return _("Enter after the password: approve   ^X: refuse   Enter without a number: to the list   Esc")

    @property
    def _allowed(self) -> bool:
        """Whether it may be posted."""
        return self._seen is not None and self._seen.state is ApprovalState.APPROVED

    @on(Field.Submitted)
    def _entered(self, event: Field.Submitted) -> None:
        """From field to field; an empty number sends it to the list, the password signs."""
        event.stop()
        if self._stage not in (_Stage.OPEN, _Stage.WAITING):
            return
        if event.input.id == "reason":
            self._need_reason()
        elif event.input.id == "supervisor" and not event.value.strip():
            self._send(wish=None)
        elif event.input.id == "supervisor":
            self.set_focus(self.query_one("#password"))
        else:
            self._send(wish=True)

    def action_refuse(self) -> None:
        """The supervisor signs that it shall not be."""
        if self._stage in (_Stage.OPEN, _Stage.WAITING):
            self._send(wish=False)

    def action_go_on(self) -> None:
        """Enter when it is over."""
        if self._stage is _Stage.OVER:
            self.dismiss(self._approval_id if self._allowed else None)

    def _need_reason(self) -> bool:
        """Whether there is a reason that can be kept; says so when there is none."""
        reason = " ".join(plain(self.query_one("#reason", Field).value).split())
        if not 0 < len(reason) <= _REASON_MAX:
            self._complain(_("Give a reason: whoever reads it in a year must understand it."))
            self.set_focus(self.query_one("#reason"))
            return False
        self._subject["reason"] = reason
        self.set_focus(self.query_one("#supervisor"))
        return True

    def _send(self, *, wish: bool | None) -> None:
        """Ask, once, and then sign as ``wish`` says, or wait."""
        if not self._need_reason():
            return
        if wish is not None and not (
            self._value("supervisor").strip() and self.query_one("#password", Field).value
        ):
            self._complain(_("Number and password of the supervisor are needed to sign here."))
            self.set_focus(
                self.query_one("#password" if self._value("supervisor").strip() else "#supervisor")
            )
            return
        self._wish = wish
        self._become(_Stage.BUSY)
        if self._asked:
            self._after_asking()
            return
        ask = partial(
            self._approvals.ask, self._approval_id, self._action, dict(self._subject), self._subject["reason"]
        )
        jobs.start(self, ask, lambda _none: ApprovalAsked(), ApprovalFailed)

    @on(ApprovalAsked)
    def _was_asked(self, _message: ApprovalAsked) -> None:
        """It stands in the list: hear of its decision, and go on."""
        self._asked = True
        self.query_one("#reason").disabled = True
        self._unlisten()
        self._unlisten = self._approvals.listen(lambda: self.post_message(ApprovalHeard()))
        self._after_asking()

    def _after_asking(self) -> None:
        """Sign here, or wait."""
        if self._wish is None:
            self._become(_Stage.WAITING)
            self._complain(_("Waiting for a supervisor to decide."))
            return
        field = self.query_one("#password", Field)
        password, field.value = field.value, ""
        sign = partial(
            self._approvals.sign_here,
            self._approval_id,
            self._value("supervisor"),
            password,
            approved=self._wish,
            note=self._value("note"),
        )
        jobs.start(self, sign, lambda view: ApprovalSeen(view, signed_here=True), ApprovalFailed)

    @on(ApprovalFailed)
    def _failed(self, message: ApprovalFailed) -> None:
        """Say it; nothing was decided here, but somebody else may have."""
        self._become(_Stage.WAITING if self._asked else _Stage.OPEN)
        self._complain(sentences(message.error))
        if self._asked:
            self.set_focus(self.query_one("#password" if self._value("supervisor") else "#supervisor"))
            self._look()

    @on(ApprovalHeard)
    def _look(self) -> None:
        """Ask how it stands."""
        if self._asked and self._stage is not _Stage.OVER:
            state = partial(self._approvals.state, self._approval_id)
            jobs.start(self, state, lambda view: ApprovalSeen(view, signed_here=False), jobs.Unheard)

    @on(ApprovalSeen)
    def _saw(self, message: ApprovalSeen) -> None:
        """Decided, over, or still waiting."""
        view = message.view
        if view is None or view.approval_id != self._approval_id or self._stage is _Stage.OVER:
            return
        if self._stage is _Stage.BUSY and not message.signed_here:
            return  # the answer to the signature is on its way and says more
        if view.state is ApprovalState.WITHDRAWN or (
            message.signed_here and view.state is ApprovalState.APPROVED
        ):
            self._stage = _Stage.OVER  # the same may be heard twice: by the answer and by the list
            self.dismiss(self._approval_id if view.state is ApprovalState.APPROVED else None)
        elif view.state is ApprovalState.EXPIRED:
            self._ask_anew()
        elif view.state is not ApprovalState.WAITING:
            self._seen = view
            self._become(_Stage.OVER)
            self._complain(f"{state_word(view)}  {view.note}".rstrip())
            self.set_focus(None)

    def _ask_anew(self) -> None:
        """Its time is over: another question, under another id."""
        self._approval_id = new_request_id()
        self._asked = False
        self._become(_Stage.OPEN)
        self._complain(_("Nobody decided in time; it has expired. Ask again."))

    def action_leave(self) -> None:
        """Withdraw what waits, then go; a second Esc goes without the server."""
        if self._stage is _Stage.BUSY:
            return
        if self._stage is not _Stage.WAITING or self._leaving:
            self.dismiss(None)
            return
        self._leaving = True
        withdraw = partial(self._approvals.withdraw, self._approval_id)
        jobs.start(self, withdraw, lambda view: ApprovalSeen(view, signed_here=False), ApprovalFailed)

    def _become(self, stage: _Stage) -> None:
        """Another stage: other keys, and no typing while something is on its way."""
        self._stage = stage
        for field in self.query(Field):
            if field.id != "reason":
                field.disabled = stage in (_Stage.BUSY, _Stage.OVER)
        self.query_one(".keys", Words).relabel()
        if stage is _Stage.WAITING:
            self.set_focus(self.query_one("#supervisor"))

    def _complain(self, text: str) -> None:
        """Say something, verbatim, until something else is said."""
        self.query_one("#complaint", Words).say(lambda: plain(text))

    def _value(self, field_id: str) -> str:
        """What stands in a field."""
        return self.query_one(f"#{field_id}", Field).value


def plain_lines(lines: Sequence[str]) -> str:
    """Lines of text, each without anything that a terminal would obey."""
    return "\n".join(map(plain, lines))


def _nothing() -> None:
    """What there is to end before anybody listens."""
