"""Breaks: the list of everything that is open on one side only, as screens and files show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from counter.domain.money import format_yuan
from counter.i18n import N_, _
from counter.services.csv_file import write_csv
from counter.services.ports.breaks import BREAK_KINDS, BreakAlarm, BreakKind, BreakView, ReturnedPayment
from counter.services.ports.matching import ITEM_KINDS, BreakState, ItemView, LineView, Side
from counter.services.unit_of_work import transaction
from db.queries import breaks
from db.queries.breaks import BreakRow, ReturnedRow

_STATES = {
    BreakState.NEW: N_("new"),
    BreakState.EXPLAINED: N_("explained"),
    BreakState.WAITING: N_("waiting"),
    BreakState.ESCALATED: N_("escalated"),
}


@dataclass(frozen=True, slots=True)
class Breaks:
    """The real part behind ``ports.breaks.Breaks``; exports go into ``folder``."""

    engine: Engine
    hall_no: int
    folder: Path

    def listed(self) -> tuple[BreakView, ...]:
        """Every open line and item, the loudest and oldest first; raises Refusal or Fault."""
        with transaction(self.engine) as connection:
            rows = breaks.listed(connection)
        others = {("line", row.line_id): row for row in rows} | {("item", row.item_id): row for row in rows}
        return tuple(_view(row, others) for row in rows)

    def alarm(self) -> BreakAlarm:
        """What needs somebody; raises Refusal or Fault."""
        with transaction(self.engine) as connection:
            found = breaks.alarms(connection)
        return BreakAlarm(found["late"], found["alarm"], found["kind"], found["age_days"])

    def returned_by(self, line_id: int) -> tuple[ReturnedPayment, ...]:
        """The payments of exactly the amount of a debit line, the likeliest first; raises Fault."""
        with transaction(self.engine) as connection:
            rows = breaks.returned_by(connection, line_id)
        return tuple(self._returned(row) for row in rows)

    def _returned(self, row: ReturnedRow) -> ReturnedPayment:
        return ReturnedPayment(
            receipt_no=row.receipt_no,
            business_date=row.business_date,
            own_hall=row.hall_no == self.hall_no,
            hall_name=row.hall_name,
            account_no=row.account_no,
            account_name=row.account_name,
            tender=row.kind,
            amount_fen=row.amount_fen,
            reference=row.reference,
            payer=row.payer,
            score=row.score,
        )

    def export(self, rows: tuple[BreakView, ...]) -> Path:
        """Write these rows into a file of their own; raises Fault."""
        path = self.folder / f"breaks-{datetime.now().astimezone():%Y%m%d-%H%M%S}.csv"
        write_csv(_headings(), map(_cells, rows), path)
        return path


def _view(row: BreakRow, others: Mapping[tuple[str, int | None], BreakRow]) -> BreakView:
    """One break; what it was compared with is named when it is in the list too."""
    other = others.get(("line", row.other_line or -1)) or others.get(("item", row.other_item or -1))
    said = f"{other.day} {format_yuan(other.open_fen)} {other.reference}" if other else ""
    return BreakView(
        kind=BreakKind(row.kind),
        view=_line(row) if row.line_id is not None else _item(row),
        place=row.place,
        owner_no=row.owner,
        alarm=row.alarm,
        other=said.strip(),
    )


def _line(row: BreakRow) -> LineView:
    assert row.line_id is not None, row
    return LineView(
        line_id=row.line_id,
        side=Side(row.side),
        account_masked=row.place,
        booked=row.day,
        amount_fen=row.amount_fen,
        open_fen=row.open_fen,
        reference=row.reference,
        text=row.said,
        party=row.party,
        party_account_masked="",
        state=BreakState(row.state),
        owner=row.owner_name,
        note=row.note,
        age_days=row.age_days,
        suggestion_id=None,
    )


def _item(row: BreakRow) -> ItemView:
    assert row.item_id is not None, row
    return ItemView(
        item_id=row.item_id,
        kind=row.item_kind,
        hall_no=0,
        hall_name=row.place,
        business_date=row.day,
        amount_fen=row.amount_fen,
        open_fen=row.open_fen,
        reference=" ".join(filter(None, (row.reference, row.said))),
        payer=row.party,
        account_no=row.account_no,
        state=BreakState(row.state),
        owner=row.owner_name,
        note=row.note,
        age_days=row.age_days,
        suggestion_id=None,
    )


def _headings() -> Sequence[str]:
    """The first line of the file."""
    return (
        _("Kind of break"),
        _("Date"),
        _("Age in days"),
        _("Open amount"),
        _("Amount"),
        _("What it is"),
        _("Reference"),
        _("Payer"),
        _("Text"),
        _("Account"),
        _("Where"),
        _("State"),
        _("Who looks after it"),
        _("Remark"),
        _("Alarm"),
        _("Compared with"),
    )


def _cells(row: BreakView) -> Sequence[str]:
    """One line of it; ``write_csv`` makes every cell harmless."""
    view = row.view
    return (
        _(BREAK_KINDS[row.kind]),
        row.day.isoformat(),
        str(view.age_days),
        format_yuan(view.open_fen).replace(",", ""),
        format_yuan(view.amount_fen).replace(",", ""),
        _("statement line") if isinstance(view, LineView) else _(ITEM_KINDS.get(view.kind, view.kind)),
        view.reference,
        view.party if isinstance(view, LineView) else view.payer,
        view.text if isinstance(view, LineView) else "",
        "" if isinstance(view, LineView) else view.account_no,
        row.place,
        _(_STATES[view.state]),
        view.owner,
        view.note,
        str(row.alarm),
        row.other,
    )
