"""What happened on the screen for many accounts, in the past tense."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter.ui.messages import Told

if TYPE_CHECKING:
    from counter.errors import CounterError
    from counter.services.ports.payers import CheckedList, PayerGroup, Reading
    from counter.ui.widgets.many_tables import Hit


class HitsFound(Told):
    """Groups and accounts for what was typed."""

    text: str
    hits: tuple[Hit, ...]


class ManyRead(Told):
    """Accounts came, of ``group`` or by their numbers."""

    group: PayerGroup | None
    reading: Reading


class ManyReadAgain(Told):
    """The accounts of the form came once more; ``after`` says why: another desk was first, or nothing."""

    reading: Reading
    after: CounterError | None


class ListRead(Told):
    """A payer's list came."""

    checked: CheckedList


class ListProgressed(Told):
    """So much of the list is read."""

    done: int
    whole: int


class PathCompleted(Told):
    """A path got longer, or not."""

    before: str
    path: str


class GroupKept(Told):
    """A group was saved."""

    group: PayerGroup


class GroupDeleted(Told):
    """A group is gone."""

    name: str
