"""Keeping the accounts of a payment as a group: under its name, as a new one, or no longer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from counter.i18n import _
from counter.services.ports.payers import PayerGroup
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words


class GroupWish(Enum):
    """What shall become of a group."""

    SAVE = auto()
    SAVE_AS_NEW = auto()
    DELETE = auto()


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """What was wished, and under which name."""

    wish: GroupWish
    name: str


class GroupDialog(ModalScreen[GroupAnswer | None]):
    """Answers what to do with the group, or None when it was left."""

    CSS_PATH = "payers.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("f2", "answer('SAVE_AS_NEW')", show=False, priority=True),
        Binding("f8", "answer('DELETE')", show=False, priority=True),
    ]

    def __init__(self, group: PayerGroup | None, name: str, count: int) -> None:
        """``group`` is the one that is open, if any; ``count`` accounts would be its members."""
        super().__init__()
        self._group = group
        self._preset = name
        self._count = count

    def compose(self) -> ComposeResult:
        """The name and the keys."""
        with Vertical(classes="dialog"):
            yield Words(
                lambda: _("Keep {count} accounts as a group").format(count=self._count), classes="title"
            )
            yield Words(self._present)
            yield Field(self._preset, id="group-name")
            yield Words(lambda: "", id="complaint")
            yield Words(self._keys, classes="keys")

    def _present(self) -> str:
        """Which group is open."""
        if self._group is None:
            return _("Name of the new group:")
        words = _("The group {name} has {count} accounts so far. Name:")
        return words.format(name=self._group.name, count=self._group.account_count)

    def _keys(self) -> str:
        """What the keys do."""
        if self._group is None:
            return _("Enter  keep      Esc  leave")
        return _("Enter  change it    F2  as a new group    F8  delete it    Esc  leave")

    @on(Field.Submitted)
    def _entered(self, event: Field.Submitted) -> None:
        """Keep it."""
        event.stop()
        self.action_answer("SAVE")

    def action_answer(self, wish: str) -> None:
        """Close with the wish, when there is a name for it."""
        name = self.query_one("#group-name", Field).value.strip()
        if self._group is None and wish != "SAVE":
            return
        if not name:
            self.query_one("#complaint", Words).say(lambda: _("Enter a name."))
            return
        self.dismiss(GroupAnswer(GroupWish[wish], name))

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
