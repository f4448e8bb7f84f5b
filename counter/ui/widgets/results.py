"""What was found: one search on its way at a time, and the newest text always wins."""

from __future__ import annotations

from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer

from counter.domain.money import format_yuan
from counter.errors import CounterError
from counter.i18n import _
from counter.services.ports import DeskSession, MatchRank, SearchHit, SearchResults
from counter.ui import jobs
from counter.ui.messages import Found, SearchFailed
from counter.ui.widgets.label import Words
from counter.ui.widgets.table import Column, Table
from counter.ui.words import matched, rank

_PAUSE_S = 0.01
"""Keys that follow each other faster than this are one search."""


class ResultList(Table[SearchHit]):
    """The hits, best first."""

    def __init__(self) -> None:
        """Number, name, address, what is owed, and why it was found."""
        super().__init__(
            (
                Column(lambda: _("Account"), lambda hit: hit.account_no, 12),
                Column(lambda: _("Name"), _name, 14, grows=True),
                Column(lambda: _("Address"), lambda hit: hit.address, 14, grows=True, rank=2),
                Column(lambda: _("Hall"), _hall, 10, grows=True, rank=1),
                Column(lambda: _("Found by"), _why, 13),
                Column(lambda: _("Arrears"), lambda hit: format_yuan(hit.arrears_fen), 10, right=True),
            ),
            id="hits",
        )

    def is_quiet(self, row: SearchHit) -> bool:
        """Closed accounts stand back; the word says it too."""
        return row.closed


class ResultPane(Vertical):
    """Searches as somebody types, and lists what comes."""

    class Opened(Message):
        """An account was chosen."""

        def __init__(self, account_no: str) -> None:
            """Tell which."""
            super().__init__()
            self.account_no = account_no

    class Failed(Message):
        """The newest search was not answered."""

        def __init__(self, error: CounterError) -> None:
            """Tell why."""
            super().__init__()
            self.error = error

    def __init__(self, session: DeskSession) -> None:
        """Search with this session."""
        super().__init__(id="results")
        self._session = session
        self._wanted = ""
        self._asked: str | None = None
        self._results: SearchResults | None = None
        self._shown_for = ""
        self._enter = False
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The list and a line that says how many."""
        yield ResultList()
        yield Words(lambda: "", id="found")

    def typed(self, text: str) -> None:
        """Another text was typed: search for it after the smallest pause."""
        self._wanted = text.strip()
        self._enter = False
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE_S, self._ask)

    def enter(self) -> None:
        """Enter in the box: open the one account that is meant, or go to the list to choose."""
        if self._results is not None and self._shown_for == self._wanted:
            self._open_or_choose(self._results)
        else:
            self._enter = True
            self._ask()

    def forget(self) -> None:
        """The customer is another one: list nothing."""
        self._wanted, self._shown_for, self._results, self._enter = "", "", None, False
        self.query_one(ResultList).show_rows(())
        self.query_one("#found", Words).say(lambda: "")

    def _ask(self) -> None:
        """Start the newest search, unless one is on its way; that one's end starts it."""
        if self._asked is None and self._wanted and self._wanted != self._shown_for:
            text = self._asked = self._wanted
            jobs.start(
                self, partial(self._session.search, text), partial(Found, text), partial(SearchFailed, text)
            )

    @on(Found)
    def _found(self, message: Found) -> None:
        """Show the newest only."""
        self._asked = None
        if message.text != self._wanted:
            self._ask()
            return
        self._results, self._shown_for = message.results, message.text
        self.query_one(ResultList).show_rows(message.results.hits)
        self.query_one("#found", Words).say(partial(_count_line, message.results))
        if self._enter:
            self._enter = False
            self._open_or_choose(message.results)

    @on(SearchFailed)
    def _failed(self, message: SearchFailed) -> None:
        """Tell it when it was the newest."""
        self._asked = None
        if message.text == self._wanted:
            self.forget()
            self._wanted = message.text
            self.post_message(self.Failed(message.error))
        else:
            self._ask()

    def _open_or_choose(self, results: SearchResults) -> None:
        """One hit, or only one exact one, is what was meant; else somebody has to choose."""
        exact = [hit for hit in results.hits if hit.rank is MatchRank.EXACT]
        if len(results.hits) == 1 and not results.more:
            self.post_message(self.Opened(results.hits[0].account_no))
        elif len(exact) == 1:
            self.post_message(self.Opened(exact[0].account_no))
        elif results.hits:
            self.screen.set_focus(self.query_one(ResultList))

    @on(Table.Chosen)
    def _chosen(self, message: Table.Chosen) -> None:
        """Enter on a line of the list."""
        message.stop()
        self.post_message(self.Opened(message.row.account_no))


def _name(hit: SearchHit) -> str:
    """The name, with a word when the account is closed."""
    return f"({_('CLOSED')}) {hit.name}" if hit.closed else hit.name


def _hall(hit: SearchHit) -> str:
    """The hall, this one by a word."""
    return _("here") if hit.this_hall else hit.hall_name


def _why(hit: SearchHit) -> str:
    """What fitted, and how well when it was not all of it."""
    return matched(hit.matched) if hit.rank is MatchRank.EXACT else f"{matched(hit.matched)} {rank(hit.rank)}"


def _count_line(results: SearchResults) -> str:
    """How many there are, and what to do next."""
    if not results.hits:
        return _("Nothing found. Try the account, meter, phone, name, pinyin initials or address.")
    words = _("{count} or more found; type on to narrow it.") if results.more else _("{count} found.")
    return words.format(count=len(results.hits)) + "  " + _("Down and Enter choose.")
