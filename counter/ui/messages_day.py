"""What the screens of closing hear from their jobs."""

from __future__ import annotations

from textual.message import Message

from counter.errors import CounterError
from counter.services.ports.day_close import ClosedDay, DayChecklist, DayClosed, MonthClosed


class DayHeard(Message):
    """Somebody closed a day."""


class ChecklistRead(Message):
    """The checklist came."""

    def __init__(self, checklist: DayChecklist) -> None:
        """Keep it."""
        super().__init__()
        self.checklist = checklist


class DaySigned(Message):
    """The day is closed."""

    def __init__(self, closed: DayClosed) -> None:
        """Keep the answer."""
        super().__init__()
        self.closed = closed


class MonthSigned(Message):
    """The month is closed."""

    def __init__(self, closed: MonthClosed) -> None:
        """Keep the answer."""
        super().__init__()
        self.closed = closed


class ClosedDaysListed(Message):
    """The list of closed days came."""

    def __init__(self, days: tuple[ClosedDay, ...]) -> None:
        """Keep them."""
        super().__init__()
        self.days = days


class _Failed(Message):
    """Something was refused, or nobody knows."""

    def __init__(self, error: CounterError) -> None:
        """Keep why."""
        super().__init__()
        self.error = error


class ChecklistNotRead(_Failed):
    """The checklist could not be read."""


class DayNotSigned(_Failed):
    """The day is not closed, or nobody knows."""


class MonthNotSigned(_Failed):
    """The month is not closed, or nobody knows."""
