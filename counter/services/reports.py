"""The reports of a hall from the ledger as it stands, and as files and paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Connection, Engine

from counter.domain.tabular import Chart, Column, Kind, Report, Table
from counter.errors import Refusal
from counter.i18n import N_, _
from counter.services.paper import Paper
from counter.services.ports.paper import PaperOutcome
from counter.services.ports.reports import AskReport, FileForm, ReportKind
from counter.services.report_files import write_report_csv, write_report_pdf, write_report_xlsx
from counter.services.report_tables import bank, takings, vouchers
from counter.services.unit_of_work import transaction
from db.queries import bank_reports, reports
from db.queries.reports import DepositRow

DAYS_MAX: Final = 366
"""The longest span that a report may ask for."""

TITLES: Final = {
    ReportKind.RECONCILIATION: N_("Bank reconciliation statement"),
    ReportKind.TAKINGS: N_("Takings"),
    ReportKind.DEPOSITS: N_("Deposits and money in transit"),
    ReportKind.POS: N_("POS on three levels"),
    ReportKind.UNIDENTIFIED: N_("Unidentified receipts"),
    ReportKind.BREAKS: N_("Breaks"),
    ReportKind.DAY: N_("Day summary"),
    ReportKind.VOUCHERS: N_("Vouchers for the finance system"),
}
_SIGNED: Final = (ReportKind.RECONCILIATION, ReportKind.DAY)
_OF_A_DAY: Final = (ReportKind.RECONCILIATION, ReportKind.UNIDENTIFIED, ReportKind.BREAKS)
"""These say how things stood in the evening of the last day."""

_OF_THE_BANK: Final = (*_OF_A_DAY, ReportKind.DEPOSITS, ReportKind.POS)
"""These look at what the books expect of banks."""


class Content(NamedTuple):
    """What one kind of report is made of."""

    tables: tuple[Table, ...]
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True, slots=True)
class Reports:
    """The real part behind ``ports.reports.Reports``; files go into ``folder``."""

    engine: Engine
    paper: Paper
    folder: Path
    codes: Mapping[str, str] = field(default_factory=dict)
    """The finance system's codes where they are not the standard ones."""

    def make(self, ask: AskReport) -> Report:
        """Read everything in one snapshot."""
        _check(ask)
        if ask.kind in _OF_THE_BANK:
            with transaction(self.engine) as connection:
                bank_reports.collect(connection)
        engine = self.engine.execution_options(isolation_level="REPEATABLE READ")
        with transaction(engine) as connection:
            place = reports.place(connection)
            if ask.until > place.today:
                raise Refusal(
                    _("{day} has not been yet.").format(day=ask.until),
                    _("No report was made."),
                    _("Choose days up to today."),
                )
            content = _MAKERS[ask.kind](self, connection, ask)
        return Report(
            name=f"{ask.kind.value}-{ask.since:%Y%m%d}-{ask.until:%Y%m%d}",
            title=_(TITLES[ask.kind]),
            place=f"{place.payee} {place.hall_name}",
            since=ask.until if ask.kind in _OF_A_DAY else ask.since,
            until=ask.until,
            made_by=place.staff_name,
            made_at=place.now,
            tables=content.tables,
            charts=content.charts,
            signatures=(_("Cashier"), _("Supervisor")) if ask.kind in _SIGNED else (),
        )

    def save(self, report: Report, form: FileForm) -> Path:
        """Write it whole."""
        path = self.folder / f"{report.name}.{form.value}"
        if form is FileForm.PDF:
            write_report_pdf(self.paper.draw_report(report), path)
        else:
            (write_report_xlsx if form is FileForm.XLSX else write_report_csv)(report, path)
        return path

    def print(self, report: Report) -> PaperOutcome:
        """Save it as PDF and print it."""
        content = self.paper.draw_report(report)
        path = self.folder / f"{report.name}.pdf"
        write_report_pdf(content, path)
        printer, error = self.paper.print_sheet(content, report.title)
        return PaperOutcome(report.name, path, printer, error)

    def _takings(self, connection: Connection, ask: AskReport) -> Content:
        rows = reports.takings(connection, ask.since, ask.until)
        return Content(takings.takings_tables(rows), (takings.takings_chart(rows),))

    def _deposits(self, connection: Connection, ask: AskReport) -> Content:
        items = [
            item
            for item in bank_reports.open_items(connection, ask.until)
            if item.ledger_account == "cash_in_transit"
        ]
        ages = bank.ages_table([(item.business_date, item.open_fen) for item in items], ask.until)
        slips = reports.deposits(connection, ask.since, ask.until)
        return Content((_slips(slips), ages, bank.items_table(_("In transit"), items, ask.until)))

    def _reconciliation(self, connection: Connection, ask: AskReport) -> Content:
        return Content(
            bank.reconciliation_tables(
                bank_reports.balances(connection, ask.until),
                bank_reports.books(connection, ask.until),
                bank_reports.open_items(connection, ask.until),
                bank_reports.open_lines(connection, "bank", ask.until),
                ask.until,
            )
        )

    def _pos(self, connection: Connection, ask: AskReport) -> Content:
        rows = bank_reports.settlements(connection, ask.since, ask.until)
        slips = [
            item
            for item in bank_reports.open_items(connection, ask.until)
            if item.ledger_account == "pos_clearing"
        ]
        lines = bank_reports.open_lines(connection, "acquirer", ask.until)
        return Content(
            (
                bank.settlement_table(rows),
                bank.items_table(_("Slips that no file has"), slips, ask.until),
                bank.lines_table(_("Lines without a slip"), lines, ask.until),
            )
        )

    def _unidentified(self, connection: Connection, ask: AskReport) -> Content:
        lines = [line for line in bank_reports.open_lines(connection, "bank", ask.until) if line.open_fen > 0]
        return Content(
            (
                bank.ages_table([(line.booked, line.open_fen) for line in lines], ask.until),
                bank.lines_table(_("Unidentified receipts"), lines, ask.until),
            )
        )

    def _breaks(self, connection: Connection, ask: AskReport) -> Content:
        lines = bank_reports.open_lines(connection, "bank", ask.until)
        pos = bank_reports.open_lines(connection, "acquirer", ask.until)
        items = bank_reports.open_items(connection, ask.until)
        dated = [(line.booked, line.open_fen) for line in (*lines, *pos)]
        dated += [(item.business_date, item.open_fen) for item in items]
        return Content(
            (
                bank.ages_table(dated, ask.until),
                bank.lines_table(_("At the bank only"), lines, ask.until),
                bank.lines_table(_("At the acquirer only"), pos, ask.until),
                bank.items_table(_("In the books only"), items, ask.until),
            )
        )

    def _day(self, connection: Connection, ask: AskReport) -> Content:
        rows = reports.takings(connection, ask.since, ask.until)
        sums = reports.ledger_sums(connection, ask.since, ask.until)
        heads = reports.chain_heads(connection, ask.until)
        return Content(
            (*takings.takings_tables(rows)[:2], vouchers.ledger_table(sums), _heads(heads)),
            (takings.takings_chart(rows),),
        )

    def _vouchers(self, connection: Connection, ask: AskReport) -> Content:
        sums = reports.ledger_sums(connection, ask.since, ask.until)
        return Content((vouchers.voucher_table(sums, self.codes),))


_MAKERS: Final[Mapping[ReportKind, Callable[[Reports, Connection, AskReport], Content]]] = {
    ReportKind.RECONCILIATION: Reports._reconciliation,  # noqa: SLF001
    ReportKind.TAKINGS: Reports._takings,  # noqa: SLF001
    ReportKind.DEPOSITS: Reports._deposits,  # noqa: SLF001
    ReportKind.POS: Reports._pos,  # noqa: SLF001
    ReportKind.UNIDENTIFIED: Reports._unidentified,  # noqa: SLF001
    ReportKind.BREAKS: Reports._breaks,  # noqa: SLF001
    ReportKind.DAY: Reports._day,  # noqa: SLF001
    ReportKind.VOUCHERS: Reports._vouchers,  # noqa: SLF001
}


def _check(ask: AskReport) -> None:
    """Days in order, and not too many."""
    if not 0 <= (ask.until - ask.since).days < DAYS_MAX:
        raise Refusal(
            _("From {since} to {until} is no span of days for a report.").format(
                since=ask.since, until=ask.until
            ),
            _("No report was made."),
            _("The first day comes first, and a report is of a year at most."),
        )


def _slips(rows: tuple[DepositRow, ...]) -> Table:
    return Table(
        _("Deposit slips"),
        (
            Column(_("Date"), Kind.DAY, 11),
            Column(_("Slip"), width=20),
            Column(_("Carried by"), width=12),
            Column(_("Made by"), width=12),
            Column(_("Cash"), Kind.FEN, 14),
            Column(_("Cheques"), Kind.FEN, 14),
            Column(_("POS slips"), Kind.FEN, 14),
        ),
        tuple(
            (
                row.business_date,
                row.slip_no,
                row.carried_by,
                row.made_by,
                row.cash_fen,
                row.cheques_fen,
                row.pos_fen,
            )
            for row in rows
        ),
        (
            _("Total"),
            None,
            None,
            None,
            sum(row.cash_fen for row in rows),
            sum(row.cheques_fen for row in rows),
            sum(row.pos_fen for row in rows),
        ),
    )


def _heads(rows: tuple[reports.ChainHead, ...]) -> Table:
    return Table(
        _("Chain heads"),
        (
            Column(_("Till"), width=14),
            Column(_("Entries"), Kind.COUNT, 8),
            Column(_("Last receipt"), width=20),
            Column(_("SHA-256 of the last entry"), width=66),
        ),
        tuple((row.till_name, row.entries, row.last_receipt, row.head) for row in rows),
    )
