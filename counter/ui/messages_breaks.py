"""What happened with breaks: listed, exported, looked at from the foot of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter.ui.messages import Told

if TYPE_CHECKING:
    from pathlib import Path

    from counter.services.ports.breaks import BreakAlarm, BreakView, ReturnedPayment


class BreaksListed(Told):
    """Every open line and item."""

    rows: tuple[BreakView, ...]


class BreaksExported(Told):
    """The list is in a file."""

    path: Path


class ReturnedFound(Told):
    """The payments that a debit line may have taken back."""

    row: BreakView
    payments: tuple[ReturnedPayment, ...]


class AlarmSeen(Told):
    """The breaks were looked at; ``alarm`` is what needs somebody."""

    alarm: BreakAlarm
