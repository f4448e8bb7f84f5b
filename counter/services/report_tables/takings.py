"""Takings by tender, business, clerk and hour."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from counter.domain.tabular import Chart, Column, Kind, Table
from counter.i18n import _
from counter.services.report_tables.ledger_words import business_words, tender_words
from db.queries.reports import TakingRow

_HOURS_SHOWN = range(24)


def takings_tables(rows: tuple[TakingRow, ...]) -> tuple[Table, ...]:
    """By tender, by business and by clerk with each tender."""
    return (
        _sums(_("By tender"), (_("Tender"),), rows, lambda row: (tender_words(row.tender),)),
        _sums(_("By business"), (_("Business"),), rows, lambda row: (business_words(row.business),)),
        _sums(
            _("By clerk"),
            (_("Clerk"), _("Tender")),
            rows,
            lambda row: (row.staff_name, tender_words(row.tender)),
        ),
        _sums(_("By hour"), (_("Hour"),), rows, lambda row: (f"{row.hour:02d}:00",)),
    )


def takings_chart(rows: tuple[TakingRow, ...]) -> Chart:
    """Bars by the hour, from the first with takings to the last."""
    sums = {hour: sum(row.amount_fen for row in rows if row.hour == hour) for hour in _HOURS_SHOWN}
    busy = [hour for hour, amount_fen in sums.items() if amount_fen]
    shown = range(min(busy, default=0), max(busy, default=-1) + 1)
    return Chart(
        _("Takings by hour (yuan)"),
        tuple(f"{hour}" for hour in shown),
        tuple(sums[hour] for hour in shown),
    )


def _sums(
    title: str,
    names: tuple[str, ...],
    rows: Iterable[TakingRow],
    key: Callable[[TakingRow], tuple[str, ...]],
) -> Table:
    """One line for each key: how often money was taken, what came in, what went back, what stayed."""
    sums: dict[tuple[str, ...], list[int]] = {}
    for row in rows:
        tally = sums.setdefault(key(row), [0, 0, 0, 0])
        for place, value in enumerate(
            (row.taken, row.amount_fen + row.back_fen, row.back_fen, row.amount_fen)
        ):
            tally[place] += value
    totals = [sum(column) for column in zip(*sums.values(), strict=True)] or [0, 0, 0, 0]
    return Table(
        title,
        (
            *(Column(name, width=16) for name in names),
            Column(_("How many"), Kind.COUNT, 8),
            Column(_("Taken"), Kind.FEN, 14),
            Column(_("Given back"), Kind.FEN, 14),
            Column(_("Net"), Kind.FEN, 14),
        ),
        tuple((*name, *sums[name]) for name in sorted(sums)),
        (_("Total"), *("" for _name in names[1:]), *totals),
    )
