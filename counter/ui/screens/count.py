"""Counting a drawer: pieces of each note and coin, signed blind; then over or short, close or handover."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Horizontal, Vertical
from textual.message import Message

from counter.domain.denominations import FACES_FEN
from counter.domain.money import format_yuan
from counter.errors import BalanceChanged, CounterError, OutcomeUnknown
from counter.i18n import _
from counter.services.ports import DeskSession, Shift
from counter.services.ports.drawer import CountSigned, HallShift, ShiftClosed
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.count_form import CountForm, Step
from counter.ui.messages import PaperMade, PaperRefused, ShiftEnded
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.big_number import BigNumber
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone

YUAN_FEN = 100


class Signed(Message):
    """The count stands."""

    def __init__(self, signed: CountSigned) -> None:
        """Keep what was expected."""
        super().__init__()
        self.signed = signed


class Closed(Message):
    """The shift is over; ``closed`` is None when somebody else has the till now."""

    def __init__(self, closed: ShiftClosed | None) -> None:
        """Keep how it ended."""
        super().__init__()
        self.closed = closed


class NotDone(Message):
    """A count, a closing or a handover was refused, or nobody knows."""

    def __init__(self, error: CounterError) -> None:
        """Keep why."""
        super().__init__()
        self.error = error


class CountScreen(CounterScreen):
    """Enter goes from note to note and at last signs; then Enter closes, ctrl+u counts again."""

    CSS_PATH = "count.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("count"),
        Binding("escape", "leave", show=False),
        Binding("enter", "go_on", show=False),
    ]

    def __init__(self, session: DeskSession, shift: HallShift) -> None:
        """Count the drawer of ``shift``, one's own or another's."""
        super().__init__()
        self._session = session
        self._shift = shift
        self._own = shift.staff_no == session.staff.staff_no
        self.form = CountForm(shift.shift_id)

    def compose_body(self) -> ComposeResult:
        """The fields at the left, the sums at the right."""
        yield Words(self._heading, id="heading")
        with Horizontal(id="count"):
            with Grid(id="faces"):
                for face in FACES_FEN:
                    yield Words(partial(_face, face), classes="face")
                    yield Field(id=f"face-{face}")
                    yield Words(lambda: "", id=f"worth-{face}", classes="worth")
            with Vertical(id="sums"):
                yield Words(lambda: _("Counted"), classes="caption")
                yield BigNumber(id="counted")
                yield Words(self._verdict, id="verdict")
                with Horizontal(id="handover"):
                    yield Words(lambda: _("Hand over to"))
                    yield Field(id="next-staff", placeholder="")
        yield Words(self._keys, id="keys")

    def on_mount(self) -> None:
        """Begin with the largest note."""
        super().on_mount()
        self.query_one("#handover").display = self._own
        self._first().focus()

    def _first(self) -> Field:
        """The field of the largest note."""
        return self.query_one(f"#face-{FACES_FEN[0]}", Field)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  (Textual's signature)
        """Counting again is possible once a count is signed."""
        return self.form.step is Step.SIGNED if action == "count" else True

    def _heading(self) -> str:
        """Whose drawer."""
        words = _("Count the drawer of {till}, {person}")
        return words.format(till=self._shift.till_name, person=self._shift.staff_name)

    def _keys(self) -> str:
        """What Enter does now."""
        if self.form.step is Step.SIGNED and self.form.handover_to:
            return _("Enter  the next person signs      ^U  count again      Esc  back, the shift stays open")
        if self.form.step is Step.SIGNED:
            return _("Enter  close the shift      ^U  count again      Esc  back, the shift stays open")
        if self.form.step is Step.CLOSED:
            return _("Enter or Esc  back")
        return _("Pieces, Enter; at the end sign. What is expected is shown after signing.      Esc  back")

    def _verdict(self) -> str:
        """Expected and difference, once it is signed."""
        signed = self.form.signed
        if signed is None:
            return ""
        lines = [_("Expected  {amount}").format(amount=format_yuan(signed.expected_fen))]
        if signed.difference_fen > 0:
            lines.append(_("OVER  {amount}").format(amount=format_yuan(signed.difference_fen)))
        elif signed.difference_fen < 0:
            lines.append(_("SHORT  {amount}").format(amount=format_yuan(-signed.difference_fen)))
        else:
            lines.append(_("It agrees."))
        closed = self.form.closed
        if closed is not None:
            lines.append(_("Report Z{number:04d}").format(number=closed.z_no))
            lines.append(_("To the bank  {amount}").format(amount=format_yuan(closed.to_bank_fen)))
        return "\n".join(lines)

    @on(Field.Changed)
    def _typed(self, event: Field.Changed) -> None:
        """Sum up with every key."""
        face = _face_of(event.input.id or "")
        if not face:
            return
        if self.form.set_pieces(face, event.value):
            self.notice.clear()
        else:
            self.notice.say(Tone.NOTE, _("Whole numbers of pieces only, 0 to 999,999."))
        worth = self.form.worth_fen(face)
        self.query_one(f"#worth-{face}", Words).say(lambda: format_yuan(worth) if worth else "")
        self.query_one("#counted", BigNumber).value = format_yuan(self.form.total_fen)

    @on(Field.Submitted)
    def _entered(self, event: Field.Submitted) -> None:
        """On to the next field; after the last one ask for the signature."""
        event.stop()
        fields = [*(f"face-{face}" for face in FACES_FEN), *(["next-staff"] if self._own else [])]
        face = _face_of(event.input.id or "")
        if face and not self.form.set_pieces(face, event.value):
            self.notice.say(Tone.NOTE, _("Whole numbers of pieces only, 0 to 999,999."))
            return
        place = fields.index(event.input.id or "") + 1
        if place < len(fields):
            self.query_one(f"#{fields[place]}").focus()
        else:
            self._ask_signature()

    def _ask_signature(self) -> None:
        """The last look before it stands."""
        from counter.ui.dialogs.confirm import ConfirmDialog

        wrong = [face for face in FACES_FEN if not self.form.set_pieces(face, self._field(face).value)]
        if wrong:
            self._field(wrong[0]).focus()
            return
        self.form.handover_to = (
            self.query_one("#next-staff", Field).value.strip().lower() if self._own else ""
        )
        question = _("Sign the count of {amount}?").format(amount=format_yuan(self.form.total_fen))
        reason = _("A signed count stands; only then is it shown what was expected.")
        self.app.push_screen(ConfirmDialog(question, reason), lambda yes: self._sign() if yes else None)

    def _field(self, face: int) -> Field:
        """The pieces of a note or coin."""
        return self.query_one(f"#face-{face}", Field)

    def _sign(self) -> None:
        """Sign it, once."""
        if self.form.step is not Step.COUNTING:
            return
        request = self.form.sign()
        self._lock(locked=True)
        jobs.start(self, partial(self._session.drawer.sign_count, request), Signed, NotDone)

    @on(Signed)
    def _signed(self, message: Signed) -> None:
        """Show what was expected."""
        self.form.was_signed(message.signed)
        self._show()

    def action_count(self) -> None:
        """Count again: the signed one stays beside it."""
        self.form.again()
        self._lock(locked=False)
        self._show()
        self._first().focus()

    def action_go_on(self) -> None:
        """Enter, when no field has it: close, let the next person sign, or go back."""
        if self.form.step is Step.CLOSED:
            self.dismiss()
        elif self.form.step is Step.COUNTING and self.form.sent_unknown:
            self._sign()
        elif self.form.step is Step.SIGNED and self.form.handover_to:
            self._ask_next()
        elif self.form.step is Step.SIGNED:
            request = self.form.close()
            jobs.start(self, partial(self._session.drawer.close_shift, request), Closed, NotDone)

    def _ask_next(self, complaint: str = "") -> None:
        """The next person signs at this desk."""
        from counter.ui.dialogs.take_over import TakeOverDialog

        signed = self.form.signed
        assert signed is not None
        dialog = TakeOverDialog(self.form.handover_to, signed.counted_fen, complaint)
        self.app.push_screen(dialog, self._next_signed)

    def _next_signed(self, answer: tuple[str, int] | None) -> None:
        """Hand the till over."""
        if answer is None:
            return
        password, float_fen = answer
        request = self.form.hand_over(float_fen)
        work = partial(self._session.drawer.take_over, request, self.form.handover_to, password)
        jobs.start(self, work, _handed_over, NotDone)

    @on(Closed)
    def _shift_closed(self, message: Closed) -> None:
        """It is over: print the Z, and the desk is without a shift."""
        self.form.was_closed(message.closed)
        work = partial(self._session.drawer.print_report, self._shift.shift_id, reprint=False)
        jobs.start(self.app, work, PaperMade, PaperRefused)
        if self._own:
            self.app.post_message(ShiftEnded(self._shift.shift_id))
        self.notice.say(Tone.GOOD, self._over())
        self.counter.look_at_cash()
        self._show()

    def _over(self) -> str:
        """That it is over, and what comes next."""
        if self.form.closed is None:
            said = _("The till is handed over to {number}. Sign out, so that they can sign in.")
            return said.format(number=self.form.handover_to)
        return _("The shift is closed.")

    def paper_made(self, where: str, error: str) -> None:
        """The report went out, or ``error`` says why not; the shift is over either way."""
        if self.form.step is not Step.CLOSED:
            super().paper_made(where, error)
        elif error:
            said = _("{done} Its report is not printed: {reason} F6 among the tills prints it again.")
            self.notice.say(Tone.FAULT, said.format(done=self._over(), reason=error))
        else:
            self.notice.say(Tone.GOOD, _("{done} Its report is printed.").format(done=self._over()))

    @on(NotDone)
    def _not_done(self, message: NotDone) -> None:
        """Say why; what is not known is sent again, the same, by Enter."""
        error = message.error
        self.form.refused()
        self.tell(error)
        if isinstance(error, BalanceChanged):
            self.action_count()
            self.tell(error)
        elif self.form.signed is None and not isinstance(error, OutcomeUnknown):
            self._lock(locked=False)
            self._first().focus()
        self._show()

    def _lock(self, *, locked: bool) -> None:
        """While a count is signed nothing of it is changed."""
        for field in self.query(Field):
            field.disabled = locked
        if locked:
            self.set_focus(None)

    def _show(self) -> None:
        """Everything that follows from the step."""
        for name in ("#verdict", "#keys"):
            self.query_one(name, Words).relabel()
        self.refresh_bindings()

    def action_leave(self) -> None:
        """Back; never while something has no answer."""
        if not self.form.on_its_way:
            self.dismiss()


def _handed_over(_shift: Shift) -> Closed:
    """The next person has the till."""
    return Closed(None)


def _face(face: int) -> str:
    """100, 0.5: as it is printed on notes and coins."""
    yuan, fen = divmod(face, YUAN_FEN)
    return _("{amount} yuan").format(amount=yuan or f"0.{fen:02d}")


def _face_of(field_id: str) -> int:
    """The face value of a field; 0 for another field."""
    return int(field_id.removeprefix("face-")) if field_id.startswith("face-") else 0
