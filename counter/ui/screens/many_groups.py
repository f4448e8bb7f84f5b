"""Keeping the accounts of a payment as a group of their payer: no money moves here."""

from __future__ import annotations

from functools import partial

from textual import on

from counter.i18n import _
from counter.services.ports import DeskSession
from counter.services.ports.payers import PayerGroup, SaveGroup
from counter.ui import jobs
from counter.ui.dialogs.group import GroupAnswer, GroupDialog, GroupWish
from counter.ui.messages_payers import GroupDeleted, GroupKept
from counter.ui.request_id import new_request_id
from counter.ui.screens.many_posting import ManyPostingScreen
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone


class ManyGroupsScreen(ManyPostingScreen):
    """^S asks what shall become of the group; ``source`` is what the accounts were chosen by."""

    def __init__(self, session: DeskSession) -> None:
        """No group is wished yet."""
        super().__init__(session)
        self.source = ""
        self._wish: tuple[object, ...] = ()
        self._group_request = new_request_id()

    def action_keep_group(self) -> None:
        """Keep the accounts as a group, or change or delete the one that is open."""
        name = self.form.group.name if self.form.group else self.pay.payer_name
        dialog = GroupDialog(self.form.group, name, len(self._members()))
        self.app.push_screen(dialog, self._group_wished)

    def _members(self) -> tuple[str, ...]:
        """The accounts that are not left out."""
        return tuple(row.account.account_no for row in self.form.rows if not row.left_out)

    def _group_wished(self, answer: GroupAnswer | None) -> None:
        """Save it under the same request id as long as the wish is the same."""
        if answer is None:
            return
        group = self.form.group if answer.wish is not GroupWish.SAVE_AS_NEW else None
        if answer.wish is GroupWish.DELETE and group is not None:
            self._ask_to_delete(group)
            return
        wish = (answer, group, self._members())
        if wish != self._wish:
            self._wish, self._group_request = wish, new_request_id()
        group_id, version = (group.group_id, group.version) if group else (self._group_request, 0)
        request = SaveGroup(self._group_request, group_id, version, answer.name, self._members())
        jobs.start(self, partial(self.session.payers.save_group, request), GroupKept)

    def _ask_to_delete(self, group: PayerGroup) -> None:
        """Only after a yes."""
        from counter.ui.dialogs.confirm import ConfirmDialog

        question = _("Delete the group {name}?").format(name=group.name)
        reason = _("Its accounts and their payments stay as they are.")
        self.app.push_screen(ConfirmDialog(question, reason), partial(self._delete, group))

    def _delete(self, group: PayerGroup, yes: bool | None) -> None:  # noqa: FBT001  (the dialog's answer)
        """Let the group go."""
        if yes:
            delete = partial(self.session.payers.delete_group, new_request_id(), group)
            jobs.start(self, delete, lambda _none: GroupDeleted(group.name))

    @on(GroupKept)
    def _group_kept(self, message: GroupKept) -> None:
        """Say so; it is the group of this form from now on."""
        self.form.group = message.group
        self.source = message.group.name
        self.query_one("#heading", Words).relabel()
        words = _("The group {name} is saved with {count} accounts.")
        self.notice.say(Tone.GOOD, words.format(name=message.group.name, count=message.group.account_count))

    @on(GroupDeleted)
    def _group_deleted(self, message: GroupDeleted) -> None:
        """Say so; the accounts of the form stay."""
        self.form.group = None
        self.notice.say(Tone.GOOD, _("The group {name} is deleted.").format(name=message.name))
