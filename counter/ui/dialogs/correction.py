"""What every correction asks in the same way: fields, perhaps a supervisor, one posting, cash to hand out.

Invariants: a field takes no keys between the last Enter and the answer; what has no answer is sent again as
it was and under the same request id, and nothing else can be sent from this dialog any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen

from counter.domain.money import format_yuan
from counter.errors import BalanceChanged, NeedsApproval, OutcomeUnknown
from counter.i18n import _
from counter.services.ports import DeskSession, PaymentTaken, Pending
from counter.services.ports.corrections import Correction
from counter.ui import jobs
from counter.ui.cells import plain
from counter.ui.correction_messages import CorrectionNotPosted, CorrectionPosted
from counter.ui.request_id import new_request_id
from counter.ui.widgets.big_number import BigNumber
from counter.ui.widgets.field import AmountField, Field
from counter.ui.widgets.label import Words
from counter.ui.words import sentences

if TYPE_CHECKING:
    from counter.ui.app import CounterApp

REASON_MAX = 200


class Stage(Enum):
    """Where the dialog is."""

    EDITING = auto()
    POSTING = auto()
    UNKNOWN = auto()
    DONE = auto()


class CorrectionDialog(ModalScreen[PaymentTaken | None]):
    """Answers what was posted, or None. A subclass says what is asked and makes the request of it."""

    CSS_PATH = "correction.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("enter", "go_on", show=False),
    ]
    ENTRIES: ClassVar[Sequence[str]] = ()

    def __init__(self, session: DeskSession, shift_id: int) -> None:
        """A form opens: its request id is made now."""
        super().__init__()
        self.session = session
        self.shift_id = shift_id
        self.request_id: UUID = new_request_id()
        self.stage = Stage.EDITING
        self.taken: PaymentTaken | None = None
        self._sent: Correction | None = None
        self._unknown: OutcomeUnknown | None = None

    def title_text(self) -> str:
        """What is done here; to be overridden."""
        return ""

    def summary(self) -> str:
        """What it is about, as it is known now; to be overridden."""
        return ""

    def asked_lines(self, request: Correction) -> list[str]:  # noqa: ARG002  (for subclasses)
        """What a supervisor is shown of it beside the heading; to be extended."""
        return self.summary().splitlines()

    def captions(self) -> dict[str, str]:
        """The captions of the fields; to be overridden."""
        return {}

    def request(self) -> Correction | None:
        """What is to be posted, or None after a complaint; to be overridden."""
        raise NotImplementedError

    def accepts(self, name: str) -> bool:  # noqa: ARG002  (for subclasses)
        """Whether a field may be left as it is; complains when not. To be overridden."""
        return True

    def read_again(self) -> None:
        """The state changed meanwhile: read it again; to be overridden."""

    def preset(self, name: str) -> str:  # noqa: ARG002  (for subclasses)
        """What stands in a field from the beginning."""
        return ""

    def compose(self) -> ComposeResult:
        """What it is about, the fields, what is wrong, the cash."""
        with Vertical(classes="dialog"):
            yield Words(self.title_text, classes="title")
            yield Words(lambda: plain_lines(self.summary()), id="summary")
            with Vertical(id="entries"):
                yield from self._entries()
            with Vertical(id="done"):
                yield Words(lambda: _("Cash to hand back"), id="cash-title")
                yield BigNumber(id="cash", pixel_max=2)
            yield Words(lambda: "", id="complaint")
            yield Words(self._keys, classes="keys")

    def _entries(self) -> Iterator[Horizontal]:
        """One line for each field."""
        for name in self.ENTRIES:
            kind = AmountField if name == "amount" else Field
            yield Horizontal(
                Words(partial(self._caption, name), classes="caption"),
                kind(self.preset(name), id=name),
                classes="entry",
            )

    def _caption(self, name: str) -> str:
        """In the language of now."""
        return self.captions()[name]

    def on_mount(self) -> None:
        """Begin with the first field."""
        self.query_one("#done").display = False
        self.set_focus(self.field(self.first_entry()))

    def first_entry(self) -> str:
        """The field to begin with; to be overridden where the first one is filled in already."""
        return self.ENTRIES[0]

    def field(self, name: str) -> Field:
        """A field by its name."""
        return self.query_one(f"#{name}", Field)

    def text(self, name: str) -> str:
        """What stands in a field, on one line and without anything that a terminal would obey."""
        return " ".join(plain(self.field(name).value).split())

    def reason(self) -> str | None:
        """The reason, or None after a complaint."""
        reason = self.text("reason")
        if 0 < len(reason) <= REASON_MAX:
            return reason
        self.complain(_("Give a reason: whoever reads it in a year must understand it."), "reason")
        return None

    def complain(self, text: str, name: str = "") -> None:
        """Say what is wrong, and go to the field that it is about; the next key writes over it."""
        self.query_one("#complaint", Words).say(lambda: plain(text))
        if name:
            self.set_focus(self.field(name))
            self.field(name).select_all()

    @on(Field.Submitted)
    def _entered(self, event: Field.Submitted) -> None:
        """From field to field; the last one posts."""
        event.stop()
        name = event.input.id or ""
        if self.stage is Stage.EDITING and name in self.ENTRIES:
            place = self.ENTRIES.index(name) + 1
            if place == len(self.ENTRIES):
                self._confirm()
            elif self.accepts(name):
                self.complain("", self.ENTRIES[place])

    def _confirm(self) -> None:
        """The last Enter."""
        request = self.request()
        if request is not None:
            self._send(request)

    def action_go_on(self) -> None:
        """Enter when no field has it: ask again, or go."""
        if self.stage is Stage.UNKNOWN and self._sent is not None:
            self._send(self._sent)
        elif self.stage is Stage.DONE:
            self.dismiss(self.taken)

    def _send(self, request: Correction) -> None:
        """Post it, once."""
        self._sent = request
        self._become(Stage.POSTING)
        self.complain(_("Posting: waiting for the server. It is posted once."))
        jobs.start(
            self,
            partial(self.session.corrections.post, request),
            partial(CorrectionPosted, request),
            partial(CorrectionNotPosted, request),
        )

    @on(CorrectionPosted)
    def _posted(self, message: CorrectionPosted) -> None:
        """Show the cash in large figures, and print."""
        if self.stage is Stage.DONE:
            return
        self.taken = message.taken
        self._become(Stage.DONE)
        self.query_one("#entries").display = False
        self.query_one("#done").display = bool(self.taken.change_fen)
        self.query_one("#cash", BigNumber).value = format_yuan(self.taken.change_fen)
        self.query_one("#summary", Words).relabel()
        self.complain(_("Posted. Receipt {number}").format(number=self.taken.receipt_no))
        cast("CounterApp", self.app).print_receipt(self.taken.receipt_no)

    @on(CorrectionNotPosted)
    def _not_posted(self, message: CorrectionNotPosted) -> None:
        """No answer: hold it. A supervisor is needed: ask. Anything else: mend it."""
        error = message.error
        if isinstance(error, OutcomeUnknown):
            self._unknown = error
            self._become(Stage.UNKNOWN)
            again = _("Enter asks again; it is posted once.")
            self.complain(f"{sentences(error)} {again}")
            return
        self._become(Stage.EDITING)
        self.complain(sentences(error))
        self.set_focus(self.field(self.ENTRIES[-1]))
        if isinstance(error, NeedsApproval):
            self._ask_supervisor(message.request, error)
            return
        self.request_id = new_request_id()
        if isinstance(error, BalanceChanged):
            self.read_again()

    def _ask_supervisor(self, request: Correction, error: NeedsApproval) -> None:
        """Put it to a supervisor, and why it needs one."""
        from counter.ui.dialogs.approval import ApprovalDialog

        action, subject = self.session.corrections.subject_of(replace(request, approval_id=None))
        lines = [self.title_text(), *self.asked_lines(request), error.title]
        dialog = ApprovalDialog(self.session, action, subject, lines)
        cast("CounterApp", self.app).show_over(dialog, partial(self._decided, request, subject))

    def _decided(self, request: Correction, subject: dict[str, Any], approval_id: UUID | None) -> None:
        """Post what was allowed."""
        if approval_id is None:
            self.complain(_("It was not approved; nothing was posted."))
        else:
            self._send(replace(request, approval_id=approval_id, reason=str(subject["reason"])))

    def action_leave(self) -> None:
        """Close; what has no answer goes on being asked for."""
        if self.stage is Stage.POSTING:
            return
        self.dismiss(self.taken)
        if self.stage is Stage.UNKNOWN and self._sent is not None:
            action, body = self.session.corrections.subject_of(self._sent)
            account_no = body.get("account_no") or body.get("from_account", "")
            now = datetime.now(UTC).astimezone()
            function = "reverse_payment" if action == "reversal" else action
            pending = Pending(self._sent.request_id, account_no, body["amount_fen"], now, function=function)
            cast("CounterApp", self.app).await_outcome(self._unknown, pending)

    def _become(self, stage: Stage) -> None:
        """Another stage: other keys, and no typing while something is on its way."""
        self.stage = stage
        for field in self.query(Field):
            field.disabled = stage is not Stage.EDITING
        if stage is not Stage.EDITING:
            self.set_focus(None)
        self.query_one(".keys", Words).relabel()

    def _keys(self) -> str:
        """What the keys do now."""
        if self.stage is Stage.DONE:
            return _("Enter  go on")
        if self.stage is Stage.UNKNOWN:
            return _("Enter  ask now      Esc  later")
        return _("Enter  next field, in the last one post      Esc  leave")


def plain_lines(text: str) -> str:
    """Lines of text, each without anything that a terminal would obey."""
    return "\n".join(map(plain, text.splitlines()))
