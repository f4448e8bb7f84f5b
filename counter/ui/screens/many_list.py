"""A payer's own list: named by its file, read in a job, looked at, and taken over."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import PurePath

from textual import on

from counter.i18n import _
from counter.services.ports.payers import CheckedLine, CheckedList
from counter.ui import jobs
from counter.ui.messages_payers import ListProgressed, ListRead, PathCompleted
from counter.ui.screens.many_groups import ManyGroupsScreen
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.path_box import PathBox


class ManyListScreen(ManyGroupsScreen):
    """The box takes the path of a file; Tab completes it."""

    @property
    def box(self) -> PathBox:
        """Where groups, accounts and files are named."""
        return self.query_one(PathBox)

    def say_no_shift(self) -> None:
        """Without a shift everything can be looked at only."""
        if self.counter.shift is None:
            self.notice.say(Tone.NOTE, _("No shift is open: you can look, but not take money. ^O opens one."))

    @on(PathBox.Completing)
    def _completing(self, message: PathBox.Completing) -> None:
        """Tab: add what is clear."""
        complete = partial(self.session.payers.complete, message.path)
        jobs.start(self, complete, lambda path: PathCompleted(message.path, path))

    @on(PathCompleted)
    def _completed(self, message: PathCompleted) -> None:
        """Put it in, unless somebody typed on."""
        if self.box.value == message.before:
            self.box.value = message.path
            self.box.cursor_position = len(message.path)

    def read_list(self, path: str) -> None:
        """Read a payer's list, telling how far it is."""
        self.notice.say(Tone.NOTE, _("Reading the list."))
        read = partial(self.session.payers.read_list, path, self._tell_progress)
        jobs.start(self, read, ListRead)

    def _tell_progress(self, done: int, whole: int) -> None:
        """Called by the job: a message, and nothing else."""
        self.post_message(ListProgressed(done, whole))

    @on(ListProgressed)
    def _progressed(self, message: ListProgressed) -> None:
        """How far the list is read."""
        words = _("Reading the list: {done} of {whole} lines.")
        self.notice.say(Tone.NOTE, words.format(done=message.done, whole=message.whole))

    @on(ListRead)
    def _list_read(self, message: ListRead) -> None:
        """Everything that does not fit is looked at first."""
        from counter.ui.screens.payer_list import PayerListScreen

        self.notice.clear()
        if self.busy:
            return
        take = partial(self._take_list, message.checked)
        if message.checked.mismatches:
            self.app.push_screen(PayerListScreen(message.checked, take))
        else:
            take(message.checked.lines)

    def _take_list(self, checked: CheckedList, lines: Sequence[CheckedLine]) -> None:
        """The lines of the list become the payment."""
        self.form.take_list(
            checked.reading.accounts, {line.line.account_no: line.line.amount_fen for line in lines}
        )
        self.source = PurePath(checked.path).name
        self.pay.name_payer(PurePath(checked.path).stem)
        self.box.value = ""
        self.show_form()
        self.pay.enter()
        self.say_no_shift()
