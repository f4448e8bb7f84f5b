"""What jobs tell the screens of reports."""

from __future__ import annotations

from pathlib import Path

from textual.message import Message

from counter.domain.tabular import Report


class ReportComputed(Message):
    """A report is there."""

    def __init__(self, report: Report) -> None:
        """Keep it."""
        super().__init__()
        self.report = report


class ReportSaved(Message):
    """A report stands in a file."""

    def __init__(self, path: Path) -> None:
        """Where."""
        super().__init__()
        self.path = path
