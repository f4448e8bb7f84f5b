"""The last look before a supervisor decides from the list: what is asked, and a note."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen

from counter.i18n import _
from counter.services.ports.approvals import ApprovalView
from counter.ui.approval_words import subject_lines
from counter.ui.cells import plain
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words


class DecisionDialog(ModalScreen[str | None]):
    """Answers the note, or None when it was left; a refusal has to say why."""

    CSS_PATH = "approval.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, view: ApprovalView, *, approved: bool) -> None:
        """``approved`` is what Enter will decide."""
        super().__init__()
        self._view = view
        self._approved = approved

    def compose(self) -> ComposeResult:
        """The question in full, and the field."""
        with Vertical(classes="dialog"):
            yield Words(self._title, classes="title")
            yield Words(self._lines)
            with Horizontal(classes="entry"):
                yield Words(lambda: _("Remark"), classes="caption")
                yield Field(id="note")
            yield Words(lambda: "", id="complaint")
            yield Words(self._keys, classes="keys")

    def on_mount(self) -> None:
        """Straight to the note."""
        self.set_focus(self.query_one("#note"))

    def _title(self) -> str:
        """Which way it goes."""
        return _("Approve this?") if self._approved else _("Refuse this?")

    def _lines(self) -> str:
        """What is asked, and by whom."""
        view = self._view
        subject = {**view.subject, "reason": view.reason}
        asked = _("Asked by {name} at {time}").format(
            name=f"{view.asked_by} {view.asked_by_no}", time=f"{view.asked_at:%H:%M}"
        )
        return "\n".join([*subject_lines(view.action, subject, view.account_name), plain(asked)])

    def _keys(self) -> str:
        """What the keys do."""
        return _("Enter  approve      Esc  leave") if self._approved else _("Enter  refuse      Esc  leave")

    @on(Field.Submitted)
    def _entered(self, event: Field.Submitted) -> None:
        """Decide; who refuses says why."""
        event.stop()
        note = " ".join(plain(event.value).split())
        if note or self._approved:
            self.dismiss(note)
        else:
            self.query_one("#complaint", Words).say(
                lambda: _("Say why, so that the clerk can tell the customer.")
            )

    def action_leave(self) -> None:
        """Nothing is decided."""
        self.dismiss(None)
