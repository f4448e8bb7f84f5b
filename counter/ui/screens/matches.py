"""The matches that were made: by which rule, by whom, why; and taking one back."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from counter.errors import CounterError
from counter.i18n import _
from counter.services.ports import DeskSession
from counter.services.ports.matching import MatchMade, MatchView, Side, Unmatch
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.cells import plain
from counter.ui.messages_reconcile import MatchesListed
from counter.ui.reconcile_posting import Answer, MatchPostingScreen
from counter.ui.reconcile_sending import MatchRequest
from counter.ui.reconcile_words import item_kind, rule_word, signed, who, whose
from counter.ui.request_id import new_request_id
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Column, Table

DAYS = 31


class MatchTable(Table[MatchView]):
    """Newest first."""

    def __init__(self) -> None:
        """When, by which rule, how much, how many, by whom, taken back or not."""
        super().__init__(
            (
                Column(lambda: _("Made"), lambda row: f"{row.recorded_at:%m-%d %H:%M}", 11),
                Column(lambda: _("Rule"), lambda row: rule_word(row.rule), 18, grows=True),
                Column(lambda: _("Amount"), lambda row: signed(_amount_fen(row)), 12, right=True),
                Column(
                    lambda: _("Lines : items"), lambda row: f"{len(row.lines)} : {len(row.items)}", 13, rank=1
                ),
                Column(lambda: _("Staff name"), lambda row: row.staff_name, 8),
                Column(lambda: _("State"), _state, 12),
            ),
            id="matches",
        )

    def is_quiet(self, row: MatchView) -> bool:
        """What was taken back stands back; the state says it too."""
        return row.undone or row.unmatches is not None


class MatchesScreen(MatchPostingScreen):
    """The last month's matches of one side; ctrl+b takes the one under the cursor back."""

    CSS_PATH = "matches.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("reload", "unmatch"),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, session: DeskSession, side: Side) -> None:
        """Of this side."""
        super().__init__(session)
        self._side = side
        self._read = False

    def compose_body(self) -> ComposeResult:
        """Heading, list, the one under the cursor in full."""
        yield Words(lambda: _("Matches of the last {count} days").format(count=DAYS), id="heading")
        yield MatchTable()
        yield Words(self._detail, id="detail")
        yield Words(self._sum, id="sum")

    def on_mount(self) -> None:
        """Ask for the list."""
        super().on_mount()
        table = self.query_one(MatchTable)
        self.set_focus(table)
        self.watch(table, "cursor", self._moved)
        self.action_reload()

    @property
    def _current(self) -> MatchView | None:
        """The match under the cursor."""
        return self.query_one(MatchTable).current

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  (Textual's signature)
        """Taking back is for those who match, and once."""
        if action != "unmatch" or not self.is_mounted or not self.query(MatchTable):
            return True
        row = self._current
        standing = row is not None and not row.undone and row.unmatches is None
        return self.may_write and self.sending.free and standing

    def action_reload(self) -> None:
        """Ask what has no answer, or list again."""
        if not self.ask_again():
            jobs.start(self, self._fetch, MatchesListed)

    def _fetch(self) -> tuple[MatchView, ...]:
        """The last month by the server's day."""
        today = self.session.business_date()
        return self.matching.matches(self._side, today - timedelta(days=DAYS), today)

    @on(MatchesListed)
    def _listed(self, message: MatchesListed) -> None:
        """Show them; the cursor stays on its match."""
        table, here = self.query_one(MatchTable), self._current
        numbers = [row.match_id for row in message.matches]
        kept = here is not None and here.match_id in numbers
        self._read = True
        table.show_rows(
            message.matches,
            cursor=numbers.index(here.match_id) if kept and here is not None else table.cursor,
        )
        self._moved()

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Say why there is no list."""
        message.stop()
        self.tell(message.error)

    def _moved(self) -> None:
        """Show the one under the cursor."""
        self.query_one("#detail", Words).relabel()
        self.query_one("#sum", Words).relabel()
        self.refresh_bindings()

    def _detail(self) -> str:
        """Why, and what belongs to it."""
        row = self._current
        if row is None:
            return _("Nothing was matched yet.") if self._read else ""
        said = [f"{rule_word(row.rule)} {row.score}: {row.reason}  {row.note}".rstrip()]
        said += [
            f"{line.booked:%m-%d}  {signed(line.amount_fen)}  {who(line)}  {line.reference}"
            for line in row.lines
        ]
        said += [
            f"{item.business_date:%m-%d}  {signed(item.amount_fen)}  {item_kind(item.kind)}  {whose(item)}"
            for item in row.items
        ]
        return "\n".join(map(plain, said))

    def _sum(self) -> str:
        """How many, and what the keys do."""
        words = _("{count} match(es)      ^B takes one back      Esc back")
        return words.format(count=len(self.query_one(MatchTable).rows))

    @on(Table.Chosen)
    def _chosen(self, message: Table.Chosen) -> None:
        """Enter asks again for what has no answer."""
        message.stop()
        self.ask_again()

    def action_unmatch(self) -> None:
        """Ask why."""
        from counter.ui.dialogs.reason import ReasonDialog

        row = self._current
        if row is not None:
            question = _("Take this match back?")
            what = _("{amount} is open again on both sides; an entry of today says so.")
            dialog = ReasonDialog(question, what.format(amount=signed(_amount_fen(row))))
            self.app.push_screen(dialog, partial(self._reasoned, row.match_id))

    def _reasoned(self, match_id: int, reason: str | None) -> None:
        """Take it back."""
        if reason:
            self.send(Unmatch(new_request_id(), match_id, reason))

    def written(self, request: MatchRequest, answer: Answer) -> None:  # noqa: ARG002  (only one kind here)
        """Say it and list again."""
        if isinstance(answer, MatchMade):
            said = _("Taken back, journal {number}.").format(number=answer.journal_id)
            self.notice.say(Tone.GOOD, said)
        self.action_reload()

    def not_written(self, request: MatchRequest, error: CounterError) -> None:  # noqa: ARG002  (the screen's own)
        """Somebody else may have been faster: list again."""
        self.action_reload()

    def action_leave(self) -> None:
        """Back to what is open."""
        self.leave()


def _amount_fen(row: MatchView) -> int:
    """What it is about: its lines, or its items where it has none."""
    return sum(line.amount_fen for line in row.lines) or sum(item.amount_fen for item in row.items)


def _state(row: MatchView) -> str:
    """Whether it stands."""
    if row.unmatches is not None:
        return _("takes back")
    return _("taken back") if row.undone else _("stands")
