"""The cashier's screen: the statement left, the books right, what may belong together side by side.

Enter accepts the suggestion under the cursor, or matches what is marked. What it shows is in
``counter.ui.screens.reconcile_view``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from counter.domain.money import format_yuan
from counter.errors import CounterError
from counter.i18n import N_, _
from counter.services.ports import DeskSession
from counter.services.ports.matching import (
    ConfirmMatch,
    ItemView,
    LineView,
    MatchMade,
    MatchRun,
    NoteBreak,
    RejectSuggestion,
    RunMatching,
    SuggestionView,
)
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.messages_reconcile import OpenFound
from counter.ui.reconcile_board import all_of, open_fen
from counter.ui.reconcile_posting import Answer
from counter.ui.reconcile_sending import MatchRequest
from counter.ui.request_id import new_request_id
from counter.ui.screens.reconcile_many import AcceptingMany, of_suggestion
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Table

if TYPE_CHECKING:
    from textual.timer import Timer

RELOAD_AFTER_S = 1.0
"""So long after the last match everything is read again: many are accepted in a row, and each is taken off
the screen at once."""

LOOK_EVERY_S = 30.0
"""So often the screen looks what other cashiers have done, while nobody reads anything on top of it."""

_WRITES = frozenset(
    {"mark", "clear_marks", "note_open", "split_match", "reject_suggestion", "accept_many", "run_rules"}
)


PARTS_MAX = 40
"""So many lines and items are looked at amount by amount; more are matched when their sums agree."""


class ReconcileScreen(AcceptingMany):
    """Accept, reject, mark, match by hand, note, find; and the list of what was matched."""

    FIXED_KEYS: ClassVar[tuple[tuple[str, str, str], ...]] = (
        ("Enter", N_("Accept"), N_("Accept the suggestion, or match what is marked; ask for a lost answer.")),
        ("Space", N_("Mark"), N_("Mark the line or item under the cursor, and go to the next.")),
        ("Tab", N_("Other side"), N_("From the statement to the books, and back; Left and Right too.")),
        ("Up Down", N_("Move"), N_("Move in a list; on a suggestion the other side goes along.")),
        ("Esc", N_("Back"), N_("Stop; all again after a search; no marks; at last the desk.")),
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("find_open", "next_suggestion", "earlier_suggestion", "mark", "clear_marks", "reload"),
        *bindings("run_rules", "note_open", "split_match", "reject_suggestion", "accept_many"),
        *bindings("next_account", "reconcile"),
    ]

    def __init__(self, session: DeskSession, *, run: bool = False) -> None:
        """``run`` lets the rules look first, after something came in."""
        super().__init__(session)
        self._run_first = run
        self._reload: Timer | None = None

    def on_mount(self) -> None:
        """Ask for both sides, and again by itself."""
        super().on_mount()
        self.set_interval(LOOK_EVERY_S, self.look)
        if self._run_first and self.may_write:
            self.action_run_rules()

    def look(self) -> None:
        """See what others have done; not while something is on its way or another screen is in front."""
        if self.app.screen is self and self.sending.free and self.work.board is not None:
            self.read(by_itself=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  (Textual's signature)
        """What is possible now; the rest is neither shown nor listed."""
        if not self.is_mounted or not self.query("#lines"):
            return True
        if action in _WRITES and not (self.may_write and self.sending.free):
            return False
        suggested = bool(self.work.joined)
        return {
            "next_suggestion": suggested,
            "earlier_suggestion": suggested,
            "accept_many": suggested,
            "reject_suggestion": self.suggestion is not None,
            "clear_marks": self.work.any_marks,
            "note_open": self.current is not None,
            "next_account": len(self.views) > 1,
        }.get(action, True)

    @property
    def half_done(self) -> str:
        """What would be lost by leaving now."""
        marked = self.work.any_marks
        return super().half_done or (_("Lines and items are marked, but not matched.") if marked else "")

    @on(Table.Chosen)
    def _chosen(self, message: Table.Chosen) -> None:
        """Enter: what has no answer, else what is marked, else the suggestion."""
        message.stop()
        if self.ask_again() or not self.sending.free:
            return
        if not self.may_write:
            self.notice.say(Tone.NOTE, _("You can look; cashiers and supervisors match."))
        elif self.work.any_marks:
            self._match_marked()
        elif self.suggestion is not None:
            self._accept(self.suggestion)
        else:
            said = _(
                "Nothing is suggested here. Space marks what belongs together, F7 takes a fee or a part."
            )
            self.notice.say(Tone.NOTE, said)

    def _accept(self, suggestion: SuggestionView) -> None:
        """Make the suggestion a match, as it stands; a difference without an account has to be placed."""
        if suggestion.difference_fen and not suggestion.difference_account:
            self.action_split_match()
        else:
            self.send(of_suggestion(suggestion))

    def _match_marked(self) -> None:
        """Match what is marked; sums that differ are asked about."""
        if self.work.marked_fen:
            self.action_split_match()
        else:
            lines, items = all_of(self.work.marked_lines, self.work.marked_items)
            self.send(ConfirmMatch(new_request_id(), lines, items))

    def written(self, request: MatchRequest, answer: Answer) -> None:
        """Say it, take it off the screen at once, and read everything again when the keys rest."""
        if isinstance(request, ConfirmMatch) and isinstance(answer, MatchMade):
            self.work.matched(request)
            self.notice.say(Tone.GOOD, _("Matched, journal {number}.").format(number=answer.journal_id))
            self.show_rows()
            self._read_later()
        elif isinstance(request, RejectSuggestion):
            self.work.rejected(request.suggestion_id)
            self.notice.say(Tone.GOOD, _("Rejected; it is not suggested again."))
            self.show_rows()
            self._read_later()
        elif isinstance(answer, MatchRun):
            self.notice.say(Tone.GOOD, _run_words(answer))
            self.read()
        else:
            self.notice.say(Tone.GOOD, _("The note is kept."))
            self.read()

    def not_written(self, request: MatchRequest, error: CounterError) -> None:  # noqa: ARG002  (the screen's own)
        """Somebody else may have been faster: look again."""
        self.read()

    def _read_later(self) -> None:
        """Read everything again, unless another match comes first; what was asked before it is stale."""
        self._ticket += 1
        if self._reload is not None:
            self._reload.stop()
        self._reload = self.set_timer(RELOAD_AFTER_S, self.read)

    def action_reload(self) -> None:
        """Ask what has no answer, or read both sides again."""
        if not self.ask_again():
            self.read()

    def action_next_suggestion(self) -> None:
        """To the next one below, and from the last to the first."""
        self._to_suggestion(1)

    def action_earlier_suggestion(self) -> None:
        """To the next one above, and from the first to the last."""
        self._to_suggestion(-1)

    def _to_suggestion(self, step: int) -> None:
        """The keys go left, onto the first row of another suggestion."""
        starts = [place for place, row in enumerate(self.work.line_rows) if row.first]
        if not starts:
            return
        here = self.side_in_front.cursor
        ahead = [place for place in starts if (place > here if step > 0 else place < here)]
        place = (ahead or starts)[0 if step > 0 else -1]
        self.set_focus(self.lines)
        if self.lines.cursor == place:
            self.show_pair()
        self.lines.cursor = place

    def action_mark(self) -> None:
        """The same as Space."""
        self.side_in_front.action_mark_row()

    def action_clear_marks(self) -> None:
        """Nothing is marked."""
        self.work.clear_marks()
        self.lines.refresh()
        self.items.refresh()
        self.show_pair()
        self.refresh_bindings()

    def action_reject_suggestion(self) -> None:
        """These do not belong together."""
        if self.suggestion is not None:
            self.send(RejectSuggestion(new_request_id(), self.suggestion.suggestion_id))

    def action_run_rules(self) -> None:
        """Let the database look again."""
        self.notice.say(Tone.NOTE, _("The rules are running."))
        self.send(RunMatching(new_request_id(), self.view.bank_account_no))

    def action_next_account(self) -> None:
        """Look at the next account or side; marks do not go along."""
        if self.sending.free:
            place = self.views.index(self.view) if self.view in self.views else -1
            self.view = self.views[(place + 1) % len(self.views)]
            self.words = ""
            self.work.forget()
            self.show_rows(keep=False)
            self.read()

    def action_find_open(self) -> None:
        """Ask for words."""
        from counter.ui.dialogs.find_open import FindOpenDialog

        self.app.push_screen(FindOpenDialog(self.words), self._look_for)

    def _look_for(self, words: str | None) -> None:
        """Ask the server for what has them."""
        if words:
            ask = partial(self.matching.find, words, self.view.side)
            jobs.start(self, ask, partial(OpenFound, words))

    def action_note_open(self) -> None:
        """Say what is known of what is under the cursor."""
        from counter.ui.dialogs.break_note import BreakNoteDialog

        if self.current is not None:
            dialog = BreakNoteDialog(self.current, self.session.staff.staff_no)
            self.app.push_screen(dialog, self._noted)

    def _noted(self, request: NoteBreak | None) -> None:
        """Keep it."""
        if request is not None:
            self.send(request)

    def action_split_match(self) -> None:
        """Look at the amounts: of what is marked, of the suggestion, or of the one under the cursor."""
        from counter.ui.dialogs.match_amounts import MatchAmountsDialog

        lines, items = self._meant()
        if len(lines) + len(items) > PARTS_MAX:
            said = _(
                "At most {count} lines and items are matched amount by amount; these differ by {amount}."
            )
            differ = format_yuan(open_fen(lines) - open_fen(items))
            self.notice.say(Tone.NOTE, said.format(count=PARTS_MAX, amount=differ))
        elif lines or items:
            account = self.suggestion.difference_account if self.suggestion is not None else ""
            self.app.push_screen(MatchAmountsDialog(lines, items, account), self._amounts_given)

    def _meant(self) -> tuple[tuple[LineView, ...], tuple[ItemView, ...]]:
        """What a match by hand would be about."""
        if self.work.any_marks:
            return self.work.marked_lines, self.work.marked_items
        if self.suggestion is not None:
            return self.work.members(self.suggestion)
        here = self.current
        if isinstance(here, LineView):
            return (here,), ()
        return (), (here,) if here is not None else ()

    def _amounts_given(self, request: ConfirmMatch | None) -> None:
        """Match these amounts."""
        if request is not None:
            self.send(request)

    def action_reconcile(self) -> None:
        """What was matched."""
        from counter.ui.screens.matches import MatchesScreen

        if self.sending.free:
            screen = MatchesScreen(self.session, self.view.side)
            self.app.push_screen(screen, lambda _none: self.read())

    def action_leave(self) -> None:
        """One step back: stop, all again after a search, no marks, the desk."""
        if self.stop_many():
            return
        if self.words:
            self.show_all_again()
        elif self.sending.free and (self.work.any_marks):
            self.action_clear_marks()
        else:
            self.leave()


def _run_words(run: MatchRun) -> str:
    """What a run of the rules brought."""
    words = _("The rules matched {matches} by exact keys; {suggestions} suggestion(s) wait for you.")
    return words.format(matches=run.matches, suggestions=run.suggestions)
