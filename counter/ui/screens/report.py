"""A report on the screen: one page for each table and each chart, with keys to print it and to save it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from counter.domain import tabular
from counter.domain.tabular import Cell, Chart, Kind, Report, shown
from counter.i18n import _
from counter.services.ports import DeskSession
from counter.services.ports.reports import FileForm
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.cells import fit, plain
from counter.ui.messages import PaperMade
from counter.ui.messages_reports import ReportSaved
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.widgets.table import Column, Table

_NUMBERS = (Kind.FEN, Kind.COUNT)
_WIDTH_LEAST = 4
_LABEL_CELLS, _BAR_CELLS = 8, 40

Row = tuple[Cell, ...]


class ReportTable(Table[Row]):
    """One table of a report; the columns with the longest texts give way first."""

    def __init__(self, table: tabular.Table) -> None:
        """All its columns; amounts are never left out."""
        super().__init__([_column(table, place) for place in range(len(table.columns))], id="page")
        self._table = table

    def fill(self) -> None:
        """Rows and totals."""
        self.show_rows((*self._table.rows, *filter(None, (self._table.totals,))))


def _column(table: tabular.Table, place: int) -> Column[Row]:
    column = table.columns[place]
    number = column.kind in _NUMBERS
    rank = 0 if number or place == 0 else place

    def text(row: Row) -> str:
        return plain(shown(row[place], column.kind))

    return Column(
        _said(column.title),
        text,
        max(_WIDTH_LEAST, column.width - 2) if number else min(column.width, 24),
        right=number,
        grows=not number,
        rank=rank,
    )


def _said(title: str) -> Callable[[], str]:
    return lambda: title


class ReportScreen(CounterScreen):
    """Left and right turn the pages; F6 prints, F4 saves as PDF, F7 as CSV, F8 as a workbook."""

    CSS_PATH = "report.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("report_print", "report_pdf", "report_csv", "report_xlsx", "reports"),
        Binding("escape", "leave", show=False),
        Binding("left", "turn(-1)", show=False),
        Binding("right", "turn(1)", show=False),
    ]

    def __init__(self, session: DeskSession, report: Report) -> None:
        """Show this one; it is what is printed and saved, whatever is posted meanwhile."""
        super().__init__()
        self._session = session
        self._report = report
        self._pages: tuple[tabular.Table | Chart, ...] = (*report.tables, *report.charts)
        self._page = 0

    def compose_body(self) -> ComposeResult:
        """Heading, page, remark."""
        yield Words(self._heading, id="heading")
        yield Words(self._title, id="title")
        yield VerticalScroll(id="body", can_focus=False)
        yield Words(self._remark, id="remark")

    @on(events.Mount)
    async def _begin(self) -> None:
        """The first page."""
        await self._show()

    def _heading(self) -> str:
        report = self._report
        days = f"{report.since}" if report.since == report.until else f"{report.since} - {report.until}"
        return plain(f"{report.title}   {report.place}   {days}")

    def _title(self) -> str:
        page = self._pages[self._page]
        return plain(f"{self._page + 1}/{len(self._pages)}  {page.title}")

    def _remark(self) -> str:
        page = self._pages[self._page]
        if isinstance(page, tabular.Table) and not page.rows:
            return _("There is nothing to list.")
        return _("Left and right turn the pages.") if len(self._pages) > 1 else ""

    async def _show(self) -> None:
        """Put the page there."""
        body = self.query_one("#body", VerticalScroll)
        await body.remove_children()
        page = self._pages[self._page]
        if isinstance(page, Chart):
            await body.mount(Words(partial(_bars, page), id="chart"))
        else:
            table = ReportTable(page)
            await body.mount(table)
            table.fill()
            self.set_focus(table)
        for name in ("#title", "#remark"):
            self.query_one(name, Words).relabel()

    async def action_turn(self, step: int) -> None:
        """The next page, or the one before."""
        self._page = (self._page + step) % len(self._pages)
        await self._show()

    def action_report_print(self) -> None:
        """On paper."""
        self.notice.say(Tone.NOTE, _("The report is being printed."))
        jobs.start(self.app, partial(self._session.reports.print, self._report), PaperMade)

    def action_report_pdf(self) -> None:
        """As a document."""
        self._save(FileForm.PDF)

    def action_report_csv(self) -> None:
        """For another system."""
        self._save(FileForm.CSV)

    def action_report_xlsx(self) -> None:
        """For a spreadsheet."""
        self._save(FileForm.XLSX)

    def _save(self, form: FileForm) -> None:
        jobs.start(self, partial(self._session.reports.save, self._report, form), ReportSaved)

    @on(ReportSaved)
    def _saved(self, message: ReportSaved) -> None:
        """Say where it is."""
        self.notice.say(Tone.GOOD, _("Saved as {path}").format(path=message.path))

    @on(jobs.JobFailed)
    def _failed(self, message: jobs.JobFailed) -> None:
        """Say why there is no file."""
        message.stop()
        self.tell(message.error)

    def action_reports(self) -> None:
        """The same key again: another report."""
        self.dismiss()

    def action_leave(self) -> None:
        """Back to the list of reports."""
        self.dismiss()


def _bars(chart: Chart) -> Content:
    """A bar of coloured blanks for each label, its figure beside it."""
    most = max(map(abs, chart.values), default=0) or 1
    lines = []
    for label, value in zip(chart.labels, chart.values, strict=True):
        cells = abs(value) * _BAR_CELLS // most
        figure = shown(value, chart.kind)
        bar = (" " * cells, "on $accent")
        lines.append(Content.assemble(f"{fit(label, _LABEL_CELLS)} ", bar, f" {figure}"))
    return Content("\n").join(lines)
