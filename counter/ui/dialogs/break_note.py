"""What is known of an open line or item: its state, who looks after it, and a note."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen

from counter.i18n import _
from counter.services.ports.matching import BreakState, ItemView, LineView, NoteBreak
from counter.ui.cells import plain
from counter.ui.reconcile_words import signed, state_options, who, whose
from counter.ui.request_id import new_request_id
from counter.ui.widgets.choice import Choice
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words

NOTE_MAX = 200


class BreakNoteDialog(ModalScreen[NoteBreak | None]):
    """Answers what to keep, or None when it was left."""

    CSS_PATH = "reconcile.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, view: LineView | ItemView, staff_no: str) -> None:
        """``staff_no`` is who is signed in, and looks after it unless another number is entered."""
        super().__init__()
        self._view = view
        self._staff_no = staff_no
        self._request_id = new_request_id()

    def compose(self) -> ComposeResult:
        """What it is about, and three fields."""
        with Vertical(classes="dialog"):
            yield Words(self._title, classes="title")
            with Horizontal(classes="entry"):
                yield Words(lambda: _("State"))
                yield Choice(id="state")
            with Horizontal(classes="entry"):
                yield Words(lambda: _("Who looks after it"))
                yield Field(self._staff_no, id="owner", placeholder=self._view.owner)
            with Horizontal(classes="entry"):
                yield Words(lambda: _("Remark"))
                yield Field(self._view.note, id="note")
            yield Words(lambda: "", id="complaint")
            yield Words(
                lambda: _("Left, Right  choose      Enter  go on, keep      Esc  leave"), classes="keys"
            )

    def on_mount(self) -> None:
        """Begin with the state that is next: what is new is usually explained."""
        choice = self.query_one(Choice)
        choice.show_options(state_options())
        states = [value for value, _word in state_options()]
        now = self._view.state
        choice.place = states.index(BreakState.EXPLAINED if now is BreakState.NEW else now)
        self.set_focus(choice)

    def _title(self) -> str:
        """Which line or item."""
        view = self._view
        if isinstance(view, LineView):
            return plain(f"{view.booked}  {signed(view.open_fen)}  {who(view)}")
        return plain(f"{view.business_date}  {signed(view.open_fen)}  {whose(view)}")

    @on(Choice.Chosen)
    def _state_chosen(self) -> None:
        """On to the owner."""
        self.set_focus(self.query_one("#owner"))

    @on(Field.Submitted, "#owner")
    def _owner_entered(self, event: Field.Submitted) -> None:
        """On to the note."""
        event.stop()
        self.set_focus(self.query_one("#note"))

    @on(Field.Submitted, "#note")
    def _note_entered(self, event: Field.Submitted) -> None:
        """Keep it; what is explained says how."""
        event.stop()
        state = BreakState(self.query_one(Choice).value)
        note = " ".join(plain(event.value).split())
        if not note and state is not BreakState.NEW:
            said = _("Say in the note what is known, so that the next one can go on.")
            self.query_one("#complaint", Words).say(lambda: said)
            return
        view = self._view
        self.dismiss(
            NoteBreak(
                self._request_id,
                state,
                line_id=view.line_id if isinstance(view, LineView) else None,
                item_id=view.item_id if isinstance(view, ItemView) else None,
                owner=self.query_one("#owner", Field).value.strip() or None,
                note=note[:NOTE_MAX],
            )
        )

    def action_leave(self) -> None:
        """Keep nothing."""
        self.dismiss(None)
