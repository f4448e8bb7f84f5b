"""What the cashier's screen shows: both sides, the pair under the cursors, the sums, and the place kept.

What its keys do is in ``counter.ui.screens.reconcile``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports import DeskSession
from counter.services.ports.bank_import import AccountKind
from counter.services.ports.matching import ItemView, LineView, Side, SuggestionView
from counter.ui import garbage, jobs
from counter.ui.cells import plain
from counter.ui.messages_reconcile import AccountsRead, BoardNotRead, BoardRead, OpenFound
from counter.ui.reconcile_board import BoardRow, ReconcileBoard, View, key_of
from counter.ui.reconcile_posting import MatchPostingScreen
from counter.ui.reconcile_words import summary
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.pair_pane import PairPane
from counter.ui.widgets.reconcile_tables import ItemTable, LineTable, Marked, SideSwitched
from counter.ui.widgets.table import Table


@dataclass(frozen=True, slots=True)
class BoardOf:
    """What is looked at: a side, one account of it or all (None), and what that is called."""

    side: Side
    bank_account_no: str | None = None
    name: str = ""

    @property
    def words(self) -> str:
        """Its name."""
        if self.side is Side.POS:
            return f"{_('card slips of the acquirer')} {plain(self.name)}".rstrip()
        return plain(self.name) or _("all bank accounts")


_EVERYTHING = (BoardOf(Side.BANK), BoardOf(Side.POS))


class ReconcileView(MatchPostingScreen):
    """Reads both sides, keeps the place, and shows what is under the cursors."""

    CSS_PATH = "reconcile.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, session: DeskSession) -> None:
        """For all halls; everybody who may look at the bank."""
        super().__init__(session)
        self.work = ReconcileBoard()
        self.views: tuple[BoardOf, ...] = _EVERYTHING
        self.view = _EVERYTHING[0]
        self.words = ""
        self._ticket = 0
        self._unread = ""
        self._had_suggestion: bool | None = None
        self._placing = False

    def compose_body(self) -> ComposeResult:
        """Heading, sums, both sides, the pair."""
        yield Words(self._heading, id="heading")
        with Horizontal(id="summary"):
            yield Words(self._unexplained, id="unexplained")
            yield Words(self._sums, id="sums")
        yield Words(self._empty, id="empty")
        with Horizontal(id="sides"):
            yield LineTable(self.work.is_marked)
            yield ItemTable(self.work.is_marked)
        yield PairPane(self.work, may_write=self.may_write)

    def on_mount(self) -> None:
        """Ask for both sides."""
        super().on_mount()
        self.set_focus(self.lines)
        self.watch(self.lines, "cursor", self._line_moved)
        self.watch(self.items, "cursor", self._item_moved)
        jobs.start(self, self.session.bank_import.accounts, AccountsRead, jobs.Unheard)
        self._show_all()
        self.read()

    @property
    def lines(self) -> LineTable:
        """The left side."""
        return self.query_one(LineTable)

    @property
    def items(self) -> ItemTable:
        """The right side."""
        return self.query_one(ItemTable)

    @property
    def side_in_front(self) -> LineTable | ItemTable:
        """The side that has the keys."""
        return self.items if self.items.has_focus else self.lines

    @property
    def suggestion(self) -> SuggestionView | None:
        """The suggestion under the cursor."""
        row = self.side_in_front.current
        return row.suggestion if row is not None else None

    @property
    def current(self) -> LineView | ItemView | None:
        """The line or item under the cursor."""
        row = self.side_in_front.current
        return row.view if row is not None else None

    @on(AccountsRead)
    def _accounts_read(self, message: AccountsRead) -> None:
        """More to choose from."""
        self.views = ()
        for everything, kind in zip(_EVERYTHING, (AccountKind.BANK, AccountKind.ACQUIRER), strict=True):
            accounts = [each for each in message.accounts if each.kind is kind]
            own = [
                BoardOf(everything.side, each.bank_account_no, f"{each.masked} {each.bank_name}")
                for each in accounts
            ]
            self.views += (everything, *(own if len(own) > 1 else ()))

    def read(self, *, by_itself: bool = False) -> None:
        """Ask for both sides; only the newest question counts. What nobody asked for fails in silence."""
        self._ticket += 1
        ticket, view = self._ticket, self.view
        ask = partial(self.matching.board, view.side, view.bank_account_no)
        failed = jobs.Unheard if by_itself else partial(BoardNotRead, ticket)
        jobs.start(self, ask, partial(BoardRead, ticket), failed)

    @on(BoardRead)
    def _read(self, message: BoardRead) -> None:
        """Show it; the cursors stay on what they were on."""
        if message.ticket == self._ticket:
            first = self.work.board is None
            self._unread = ""
            self.work.show(message.board)
            self.show_rows()
            if first:
                self.call_after_refresh(garbage.set_aside)

    @on(BoardNotRead)
    def _not_read(self, message: BoardNotRead) -> None:
        """Say why; what was there before stays to be looked at."""
        if message.ticket == self._ticket:
            self._unread = _("What is open could not be read. F5 asks again.")
            self._show_all()
            self.tell(message.error)

    @on(OpenFound)
    def _found(self, message: OpenFound) -> None:
        """Only what was found, or a word that there is nothing."""
        if not message.board.lines and not message.board.items:
            said = _("Nothing that is open has “{words}”.")
            self.notice.say(Tone.NOTE, said.format(words=plain(message.words)))
            return
        self.notice.clear()
        self.words = message.words
        self.work.show_found(message.board)
        self.show_rows(keep=False)
        self.set_focus(self.lines if message.board.lines else self.items)

    def show_all_again(self) -> None:
        """Everything that is open, after a search."""
        self.words = ""
        self.work.show_found(None)
        self.show_rows()

    def show_rows(self, *, keep: bool = True) -> None:
        """The rows of now; a cursor stays on its line or item, or else where it was on the screen."""
        left, right = self.lines, self.items
        with self._quietly():
            left.show_rows(self.work.line_rows, cursor=_place(left, self.work.line_rows) if keep else 0)
            right.show_rows(self.work.item_rows, cursor=_place(right, self.work.item_rows) if keep else 0)
        self._show_all()
        self._follow(self.side_in_front)

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """While the program puts a cursor somewhere it leads no other."""
        self._placing = True
        try:
            yield
        finally:
            self._placing = False

    def _line_moved(self) -> None:
        """Lead the right side, when it is the left one that moves."""
        if not self._placing and self.side_in_front is self.lines:
            self._follow(self.lines)

    def _item_moved(self) -> None:
        """Lead the left side, when it is the right one that moves."""
        if not self._placing and self.side_in_front is self.items:
            self._follow(self.items)

    def _follow(self, leading: LineTable | ItemTable) -> None:
        """On a suggestion the other side shows the same rows; elsewhere it stays where it is."""
        other = self.items if leading is self.lines else self.lines
        row = leading.current
        if row is not None and row.suggestion is not None and not self.words:
            with self._quietly():
                other.cursor = leading.cursor
                if other.scroll_offset.y != leading.scroll_offset.y:
                    other.scroll_to(y=leading.scroll_offset.y, animate=False, force=True)
                    other.refresh()
        self.show_pair()

    def show_pair(self) -> None:
        """What is under the cursors, and whether it belongs together."""
        left, right = self.lines.current, self.items.current
        self.query_one(PairPane).show(
            left.view if left is not None else None,
            right.view if right is not None else None,
            self.suggestion,
        )
        has = self.suggestion is not None
        if has is not self._had_suggestion:
            self._had_suggestion = has
            self.refresh_bindings()

    def _show_all(self) -> None:
        """Heading and sums of now, and lists or the sentence that nothing is open."""
        nothing = self.work.board is None or self.work.empty
        self.query_one("#sides").display = not nothing
        self.query_one("#empty").display = nothing
        if not nothing and self.focused is None:
            self.set_focus(self.lines)  # a list that was hidden has lost the keys
        self.query_one(PairPane).side = self.view.side
        for name in ("#heading", "#sums", "#unexplained", "#empty"):
            self.query_one(name, Words).relabel()
        self.refresh_bindings()

    def _heading(self) -> str:
        """What is looked at, how much is suggested, how much was done today."""
        board = self.work.board
        title = _("Match: {what}").format(what=self.view.words)
        if self.words:
            return _("{title}      found: {words}      Esc all").format(title=title, words=plain(self.words))
        if board is None:
            return title
        words = _("{title}   lines {lines}   items {items}   suggestions {count}   matched today {matched}")
        return words.format(
            title=title,
            lines=board.lines_open,
            items=board.items_open,
            count=len(board.suggestions),
            matched=board.matched_today,
        )

    def _sums(self) -> str:
        """Statement minus books."""
        return summary(self.work.board) if self.work.board is not None else ""

    def _unexplained(self) -> Content:
        """What nobody has explained; a word and not only a colour when it is nothing."""
        board = self.work.board
        if board is None:
            return Content("")
        amount = format_yuan(board.unexplained_fen)
        return Content(_("Unexplained {amount}").format(amount=amount))

    def _empty(self) -> str:
        """Why there is no list."""
        if self._unread:
            return self._unread
        if self.work.board is None:
            return _("Reading what is open")
        return _("Everything is matched: no line and no item is open.")

    @on(SideSwitched)
    def _switched(self) -> None:
        """The keys go to the other side."""
        self.set_focus(self.lines if self.side_in_front is self.items else self.items)
        self.show_pair()

    @on(Marked)
    def _marked(self, message: Marked) -> None:
        """Mark it, or not any more; then the next row."""
        if self.may_write and self.sending.free:
            had = self.work.any_marks
            self.work.mark(message.view)
            table = self.side_in_front
            table.repaint_rows((table.cursor,))
            before = table.cursor
            table.action_move(1)
            self.notice.clear()
            if table.cursor == before:
                self.show_pair()  # a cursor that moved has shown it
            if self.work.any_marks is not had:
                self.refresh_bindings()

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Something failed that changed nothing: say it."""
        message.stop()
        self.tell(message.error)

    def relabel(self) -> None:
        """The language is another: reasons come from the server in it."""
        if self.is_mounted:
            self.read()


def _place(table: Table[BoardRow[View]], rows: Sequence[BoardRow[View]]) -> int:
    """Where what is under the cursor stands among other rows; where the cursor was when it is gone."""
    row = table.current
    if row is None or row.view is None:
        return table.cursor
    key = key_of(row.view)
    places = (place for place, each in enumerate(rows) if each.view is not None and key_of(each.view) == key)
    return next(places, table.cursor)
