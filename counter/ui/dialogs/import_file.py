"""Taking a file of the bank over: which one, and what a person has to say of it where the file does not.

A file that asks (for its account, for balances) is asked back in the same dialog. While it is on its way
nothing can be changed; when no answer comes, Enter asks for the same again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import ProgressBar

from counter.domain.money import AmountError, parse_balance
from counter.errors import CounterError, OutcomeUnknown
from counter.i18n import _
from counter.services.ports import DeskSession
from counter.services.ports.bank_import import (
    AccountNeeded,
    BalancesNeeded,
    FileImported,
    FoundFile,
    ImportFile,
    ImportStage,
    StatementAccount,
)
from counter.ui import jobs
from counter.ui.cells import plain
from counter.ui.messages_payers import PathCompleted
from counter.ui.request_id import new_request_id
from counter.ui.sent_once import Stage
from counter.ui.widgets.choice import Choice
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words
from counter.ui.widgets.path_box import PathBox
from counter.ui.widgets.table import Column, Table
from counter.ui.words import amount_fault, sentences


class FilesFound(Message):
    """The folder of bank files was read."""

    def __init__(self, files: tuple[FoundFile, ...]) -> None:
        """Keep them."""
        super().__init__()
        self.files = files


class StageReached(Message):
    """How far the import is."""

    def __init__(self, stage: ImportStage, lines: int) -> None:
        """Keep it."""
        super().__init__()
        self.stage, self.lines = stage, lines


class FileTaken(Message):
    """The file is in."""

    def __init__(self, done: FileImported) -> None:
        """Keep what it brought."""
        super().__init__()
        self.done = done


class FileNotTaken(Message):
    """The file was refused, or nobody knows."""

    def __init__(self, error: CounterError) -> None:
        """Keep why."""
        super().__init__()
        self.error = error


class FoundTable(Table[FoundFile]):
    """The files of the folder, the newest first."""

    def __init__(self) -> None:
        """Name, when, how large."""
        super().__init__(
            (
                Column(lambda: _("In the folder"), lambda row: plain(row.path.name), 30, grows=True),
                Column(lambda: _("Changed"), lambda row: f"{row.changed_at.astimezone():%m-%d %H:%M}", 11),
                Column(lambda: "KB", lambda row: f"{-(-row.size_bytes // 1000):,}", 9, right=True),
            ),
            id="found",
        )


class ImportDialog(ModalScreen[FileImported | None]):
    """Answers what was taken over, or None when it was left."""

    CSS_PATH = "import_file.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(self, session: DeskSession, accounts: Sequence[StatementAccount]) -> None:
        """``accounts`` are those a person can name."""
        super().__init__()
        self._session = session
        self._accounts = tuple(accounts)
        self._stage = Stage.EDITING
        self._sent: ImportFile | None = None
        self._before: Widget | None = None

    def compose(self) -> ComposeResult:
        """The path; what is asked back; the folder; how far it is; what is wrong."""
        with Vertical(classes="dialog"):
            yield Words(lambda: _("Import a statement or a settlement file"), classes="title")
            yield from _entry(lambda: _("File"), PathBox(id="path"))
            yield from _entry(lambda: _("Account at the bank"), Choice(id="account"), asked=True)
            yield from _entry(lambda: _("Opening"), Field(id="opening"), asked=True)
            yield from _entry(lambda: _("Closing"), Field(id="closing"), asked=True)
            yield FoundTable()
            yield ProgressBar(id="bar", show_percentage=False, show_eta=False)
            yield Words(lambda: "", id="sum")
            yield Words(lambda: "", id="complaint")
            yield Words(
                lambda: _("Enter  import      Tab  complete the path      Esc  leave"), classes="keys"
            )

    def on_mount(self) -> None:
        """Show only the path, and the folder when there is one."""
        self.query_one("#account", Choice).show_options(
            [("", _("as the file says")), *((each.bank_account_no, _named(each)) for each in self._accounts)]
        )
        for name in ("found", "bar"):
            self.query_one(f"#{name}").display = False
        self.set_focus(self.query_one("#path"))
        jobs.start(self, self._session.bank_import.files, FilesFound, FileNotTaken)

    @on(FilesFound)
    def _files_found(self, message: FilesFound) -> None:
        """Offer them."""
        table = self.query_one(FoundTable)
        table.show_rows(message.files)
        table.display = bool(message.files)

    @on(Table.Chosen, "#found")
    def _file_chosen(self, event: Table.Chosen) -> None:
        """This one."""
        self.query_one("#path", PathBox).value = str(event.row.path)
        self._send()

    @on(PathBox.Completing)
    def _completing(self, message: PathBox.Completing) -> None:
        """Ask the disk for the rest of the path."""
        complete = partial(self._session.payers.complete, message.path)
        jobs.start(self, complete, partial(PathCompleted, message.path), jobs.Unheard)

    @on(PathCompleted)
    def _completed(self, message: PathCompleted) -> None:
        """Put it in, unless somebody typed on."""
        box = self.query_one("#path", PathBox)
        if box.value == message.before:
            box.value = message.path
            box.cursor_position = len(message.path)

    @on(Field.Submitted)
    def _entered(self, event: Field.Submitted) -> None:
        """From field to field of what was asked back, then import."""
        event.stop()
        self._go_on(event.input)

    @on(Choice.Chosen)
    def _account_chosen(self) -> None:
        """On to the balances, or import."""
        self._go_on(self.query_one("#account"))

    def _go_on(self, widget: Widget) -> None:
        """The next thing that was asked back and is empty, else import."""
        if self._stage is not Stage.EDITING:
            self._send()
            return
        asked = [self.query_one(f"#{name}") for name in ("path", "account", "opening", "closing")]
        for following in asked[asked.index(widget) + 1 :]:
            row = following.parent
            if row is not None and getattr(row, "display", False) and _is_empty(following):
                self.set_focus(following)
                return
        self._send()

    def _send(self) -> None:
        """Take it over, or ask again for what was sent."""
        if self._stage is Stage.POSTING:
            return
        request = self._sent if self._stage is Stage.UNKNOWN else self._request()
        if request is None:
            return
        self._sent, self._stage = request, Stage.POSTING
        self._lock(locked=True)
        self._complain("")
        work = partial(self._session.bank_import.import_file, request, self._hear)
        jobs.start(self, work, FileTaken, FileNotTaken)

    def _hear(self, stage: ImportStage, lines: int) -> None:
        """In the thread of the job: pass on how far it is."""
        self.post_message(StageReached(stage, lines))

    def _request(self) -> ImportFile | None:
        """What is filled in; the same content keeps its id. None when something is wrong, which is said."""
        path = self.query_one("#path", PathBox).value.strip()
        if not path:
            self._complain(_("Enter the path of a file, or choose one."))
            return None
        balances: list[int | None] = []
        for name in ("opening", "closing"):
            typed = self.query_one(f"#{name}", Field).value.strip()
            try:
                balances.append(parse_balance(typed) if typed else None)
            except AmountError as error:
                self._complain(amount_fault(error.reason))
                self.set_focus(self.query_one(f"#{name}"))
                return None
        account_no = self.query_one("#account", Choice).value
        request = ImportFile(new_request_id(), path, account_no, balances[0], balances[1])
        sent = self._sent
        same = sent is not None and replace(request, request_id=sent.request_id) == sent
        return sent if same else request

    @on(StageReached)
    def _stage_reached(self, message: StageReached) -> None:
        """Move the bar: reading, then the ledger, of which nobody knows how far it is."""
        words = {
            ImportStage.READING: _("The file is being read."),
            ImportStage.SAVING: _("{lines} lines are being taken over."),
            ImportStage.SAVED: _("{lines} lines are taken over."),
        }[message.stage]
        self.query_one("#sum", Words).say(lambda: words.format(lines=f"{message.lines:,}"))
        if message.stage is ImportStage.SAVED:
            self.query_one("#bar", ProgressBar).update(total=1, progress=1)

    @on(FileTaken)
    def _taken(self, message: FileTaken) -> None:
        """Done."""
        self.dismiss(message.done)

    @on(FileNotTaken)
    def _not_taken(self, message: FileNotTaken) -> None:
        """Refused: mend it. Asked back: answer. No answer: Enter asks for the same again."""
        error = message.error
        unknown = isinstance(error, OutcomeUnknown) or self._stage is Stage.UNKNOWN
        self._stage = Stage.UNKNOWN if unknown else Stage.EDITING
        self._lock(locked=unknown)
        self.query_one("#bar").display = False
        self.query_one("#sum", Words).say(lambda: "")
        self._complain(sentences(error))
        if unknown:
            self.query_one("#path").disabled = False
            self.set_focus(self.query_one("#path"))
        elif isinstance(error, AccountNeeded):
            self._ask("account")
        elif isinstance(error, BalancesNeeded):
            self._ask("closing", "opening")

    def _ask(self, *names: str) -> None:
        """Show what the file asks for, in the place of the folder; the last named gets the focus."""
        self.query_one("#found").display = False
        for name in names:
            widget = self.query_one(f"#{name}")
            assert isinstance(widget.parent, Widget), "an entry"
            widget.parent.display = True
            self.set_focus(widget)

    def _lock(self, *, locked: bool) -> None:
        """While it is on its way nothing of it is changed."""
        if locked:
            self._before = self.focused
        for name in ("path", "account", "opening", "closing", "found"):
            self.query_one(f"#{name}").disabled = locked
        self.query_one("#bar").display = locked
        if not locked:
            self.set_focus(self._before or self.query_one("#path"))

    def _complain(self, words: str) -> None:
        """Say what is wrong, or nothing."""
        self.query_one("#complaint", Words).say(lambda: plain(words))

    def action_leave(self) -> None:
        """Close; not while the answer is awaited."""
        if self._stage is Stage.POSTING:
            self.query_one("#sum", Words).say(lambda: _("The file is being taken over; wait for the answer."))
        else:
            self.dismiss(None)


def _entry(label: Callable[[], str], widget: Widget, *, asked: bool = False) -> ComposeResult:
    """A word and what is filled in; ``asked`` ones are hidden until a file asks."""
    row = Horizontal(Words(label), widget, classes="entry")
    row.display = not asked
    yield row


def _is_empty(widget: Widget) -> bool:
    """Whether nothing is filled in."""
    return not (widget.value if isinstance(widget, Field | Choice) else "")


def _named(account: StatementAccount) -> str:
    """An account for the choice."""
    return f"{account.masked} {plain(account.bank_name)}"
