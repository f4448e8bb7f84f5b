"""The report of a shift on the screen: X at any time, Z of a closed one; with a chart where there is room."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message

from counter.domain.money import format_yuan
from counter.errors import CounterError
from counter.i18n import _
from counter.services.ports import DeskSession
from counter.services.ports.drawer import Count, ShiftReport
from counter.ui import jobs
from counter.ui.actions import bindings
from counter.ui.cells import fit
from counter.ui.messages import PaperMade, PaperRefused
from counter.ui.screens.base import CounterScreen
from counter.ui.widgets.label import Words
from counter.ui.widgets.notice import Tone
from counter.ui.words import cash_reason, clock, tender

_LABEL_CELLS, _COUNT_CELLS, _AMOUNT_CELLS = 20, 6, 14
_BAR_CELLS = 9
_TENDER_CELLS = 10


class ReportRead(Message):
    """The report came, or there is no such shift."""

    def __init__(self, report: ShiftReport | None) -> None:
        """Keep it."""
        super().__init__()
        self.report = report


class ReportNotRead(Message):
    """It could not be read."""

    def __init__(self, error: CounterError) -> None:
        """Keep why."""
        super().__init__()
        self.error = error


class ShiftReportScreen(CounterScreen):
    """Up and down scroll; F6 prints; F5 reads again."""

    CSS_PATH = "shift_report.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("reprint", "reload"),
        Binding("escape,enter", "leave", show=False),
        Binding("up", "scroll(-1)", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("pageup", "scroll(-15)", show=False),
        Binding("pagedown", "scroll(15)", show=False),
    ]

    def __init__(self, session: DeskSession, shift_id: int) -> None:
        """Of this shift."""
        super().__init__()
        self._session = session
        self._shift_id = shift_id
        self._report: ShiftReport | None = None

    def compose_body(self) -> ComposeResult:
        """The sums at the left, the hours at the right."""
        yield Words(self._heading, id="heading")
        with VerticalScroll(id="report", can_focus=False), Horizontal(id="columns"):
            yield Words(self._sums, id="sums")
            yield Words(self._hours, id="hours")

    def on_mount(self) -> None:
        """Read it."""
        super().on_mount()
        self.action_reload()

    def action_reload(self) -> None:
        """Read it again."""
        jobs.start(self, partial(self._session.drawer.report, self._shift_id), ReportRead, ReportNotRead)

    @on(ReportRead)
    def _read(self, message: ReportRead) -> None:
        """Show it."""
        self._report = message.report
        if message.report is None:
            self.notice.say(Tone.NOTE, _("There is no such shift in this hall."))
        for words in self.query(Words):
            words.relabel()

    @on(ReportNotRead)
    def _not_read(self, message: ReportNotRead) -> None:
        """Say why there is nothing to see."""
        self.tell(message.error)

    def _heading(self) -> str:
        """Which report of which till."""
        report = self._report
        if report is None:
            return _("Reading the report")
        kind = f"Z{report.z_no:04d}" if report.z_no else "X"
        until = clock(report.closed_at or report.made_at)
        times = f"{clock(report.opened_at)} - {until}"
        return f"{kind}   {report.till_name}   {report.staff_name}   {report.business_date}   {times}"

    def _sums(self) -> Content:
        """Everything that is a sum."""
        report = self._report
        if report is None:
            return Content("")
        lines = [_head(_("Taken"))]
        lines += [_line(tender(row.kind), row.amount_fen, row.count) for row in report.takings]
        total_fen = sum(row.amount_fen for row in report.takings)
        lines.append(_line(_("Together"), total_fen, sum(row.count for row in report.takings), strong=True))
        for label, row in ((_("Reversed"), report.reversals), (_("Refunded"), report.refunds)):
            if row.count:
                lines.append(_line(label, -row.amount_fen, row.count))
        lines += [_head(_("Drawer")), _line(_("Float"), report.float_fen)]
        lines += [
            _line(cash_reason(row.reason, into=row.amount_fen > 0), row.amount_fen)
            for row in report.movements
        ]
        lines += self._ending(report)
        return Content("\n").join(lines)

    def _ending(self, report: ShiftReport) -> list[Content]:
        """Counts, over and short, receipts; in an X the expected cash is not told."""
        lines = []
        if report.expected_fen is None:
            lines.append(Content.styled(_("Expected: shown when a count is signed"), "$quiet"))
        else:
            lines.append(_line(_("Expected"), report.expected_fen))
            lines.append(_line(_("Counted"), report.counted_fen or 0))
            lines.append(_line(_("Over"), report.over_fen, strong=bool(report.over_fen)))
            lines.append(_line(_("Short"), report.short_fen, strong=bool(report.short_fen)))
        if report.counts:
            lines.append(_head(_("Counts")))
            lines += [_count_line(number, row) for number, row in enumerate(report.counts, 1)]
        if report.receipt_count:
            lines.append(_head(_("Receipts  {count}").format(count=report.receipt_count)))
            lines.append(Content(f"{report.first_receipt_no} - {report.last_receipt_no}"))
        lines += [
            Content(f"{row.receipt_no} -> {row.reversed_by}  {format_yuan(row.amount_fen)}  {row.reason}")
            for row in report.reversed_receipts
        ]
        lines += [_head(_("Head of the chain")), Content(report.chain_head[:32])]
        return lines

    def _hours(self) -> Content:
        """Takings by hour and by tender: figures, and bars beside them."""
        report = self._report
        if report is None or not report.hours:
            return Content("")
        most = max(row.amount_fen for row in report.hours) or 1
        lines = [_head(_("By hour"))]
        for row in report.hours:
            words = (f"{row.hour:02d}:00 {row.count:>4} ", f" {format_yuan(row.amount_fen):>12}")
            lines.append(Content.assemble(words[0], *_bar(row.amount_fen, most), words[1]))
        return Content("\n").join([*lines, *_tender_bars(report)])

    def action_reprint(self) -> None:
        """On paper."""
        self.notice.say(Tone.NOTE, _("The report is being printed."))
        reprint = self._report is not None and bool(self._report.z_no)
        work = partial(self._session.drawer.print_report, self._shift_id, reprint=reprint)
        jobs.start(self.app, work, PaperMade, PaperRefused)

    def action_scroll(self, lines: int) -> None:
        """Up or down."""
        self.query_one("#report", VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_leave(self) -> None:
        """Back to the tills."""
        self.dismiss()


def _tender_bars(report: ShiftReport) -> list[Content]:
    """Takings by tender as bars; the figures stand beside them."""
    most = max((row.amount_fen for row in report.takings), default=0) or 1
    return [
        _head(_("By tender")),
        *(
            Content.assemble(
                f"{fit(tender(row.kind), _TENDER_CELLS)} ",
                *_bar(row.amount_fen, most),
                f" {format_yuan(row.amount_fen):>12}",
            )
            for row in report.takings
        ),
    ]


def _bar(amount_fen: int, most_fen: int) -> tuple[tuple[str, str], str]:
    """A bar of coloured blanks: block characters are two cells wide in many Chinese terminals."""
    cells = max(1, amount_fen * _BAR_CELLS // most_fen)
    return (" " * cells, "on $accent"), " " * (_BAR_CELLS - cells)


def _head(text: str) -> Content:
    """A heading with a blank line before it."""
    return Content.styled(f"\n{text}", "bold $primary")


def _line(label: str, amount_fen: int, count: int | None = None, *, strong: bool = False) -> Content:
    """Label, how often, how much."""
    often = "" if count is None else str(count)
    text = f"{fit(label, _LABEL_CELLS)}{often:>{_COUNT_CELLS}}{format_yuan(amount_fen):>{_AMOUNT_CELLS}}"
    return Content.styled(text, "bold") if strong else Content(text)


def _count_line(number: int, row: Count) -> Content:
    """Which count, when, by whom, how much."""
    return Content(
        f"{number}  {clock(row.at)}  {fit(row.staff_name, 12)}{format_yuan(row.counted_fen):>{_AMOUNT_CELLS}}"
    )
