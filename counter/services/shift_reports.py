"""The report of a shift from the ledger's rows, for the screen and for the paper."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from counter.i18n import N_, translations
from counter.services.ports.drawer import (
    Count,
    HourSum,
    Movement,
    ReversedReceipt,
    ShiftReport,
    TenderSum,
)
from db.queries import shifts
from receipts import reports
from receipts.document import TenderKind

_REASONS = {
    "change_in": N_("Change brought in"),
    "change_out": N_("Change taken out"),
    "to_safe": N_("Takings to the safe"),
}


def read_report(connection: Connection, shift_id: int) -> ShiftReport | None:
    """X of an open shift, Z of a closed one; None when this login sees no such shift."""
    head = shifts.report_head(connection, shift_id)
    if head is None:
        return None
    back = {row[0]: TenderSum(row[0], row[1], row[2]) for row in shifts.given_back(connection, head)}
    first_no, last_no, numbers = shifts.receipt_range(connection, head)
    return ShiftReport(
        shift_id=head.shift_id,
        z_no=head.z_no,
        payee=head.payee,
        hall_name=head.hall_name,
        till_no=head.till_no,
        till_name=head.till_name,
        staff_name=head.staff_name,
        business_date=head.business_date,
        opened_at=head.opened_at,
        closed_at=head.closed_at,
        made_at=head.made_at,
        float_fen=head.float_fen,
        expected_fen=head.expected_fen,
        counted_fen=head.counted_fen,
        takings=tuple(TenderSum(*row) for row in shifts.takings(connection, head)),
        reversals=back.get("reversal", TenderSum("reversal", 0, 0)),
        refunds=back.get("refund", TenderSum("refund", 0, 0)),
        movements=tuple(Movement(*row) for row in shifts.movements(connection, head)),
        counts=tuple(_count(*row) for row in shifts.counts(connection, head)),
        hours=tuple(HourSum(*row) for row in shifts.hours(connection, head)),
        reversed_receipts=tuple(ReversedReceipt(*row) for row in shifts.reversed_receipts(connection, head)),
        first_receipt_no=first_no,
        last_receipt_no=last_no,
        receipt_count=numbers,
        chain_head=head.chain_head,
    )


def _count(at: datetime, staff_name: str, denominations: dict[str, int], counted_fen: int) -> Count:
    pieces = sorted(((int(face), number) for face, number in denominations.items()), reverse=True)
    return Count(at, staff_name, tuple(pieces), counted_fen)


def on_paper(report: ShiftReport, *, reprint: bool, language: str) -> reports.ShiftReport:
    """The same as the paper takes it."""
    say = translations(language).gettext
    return reports.ShiftReport(
        kind=reports.ReportKind.Z if report.z_no else reports.ReportKind.X,
        business_date=report.business_date,
        payee=report.payee,
        hall_name=report.hall_name,
        till_no=report.till_no,
        till_name=report.till_name,
        clerk_names=(report.staff_name,),
        opened_at=report.opened_at,
        printed_at=report.made_at,
        number=report.z_no,
        closed_at=report.closed_at,
        float_fen=report.float_fen,
        takings=tuple(
            reports.TenderTaking(TenderKind(row.kind), row.count, row.amount_fen) for row in report.takings
        ),
        reversals=reports.Tally(report.reversals.count, report.reversals.amount_fen),
        refunds=reports.Tally(report.refunds.count, report.refunds.amount_fen),
        movements=tuple(
            reports.CashMovement(row.at, row.amount_fen, _why(row, say(_REASONS.get(row.reason, row.reason))))
            for row in report.movements
        ),
        cash_expected_fen=report.expected_fen,
        counts=tuple(
            reports.CashCount(
                row.at, row.staff_name, tuple(reports.CountedPieces(*pieces) for pieces in row.pieces)
            )
            for row in report.counts
        ),
        cash_over_fen=report.over_fen,
        cash_short_fen=report.short_fen,
        first_receipt_no=report.first_receipt_no,
        last_receipt_no=report.last_receipt_no,
        receipt_count=report.receipt_count,
        voided=tuple(
            reports.VoidedReceipt(row.receipt_no, row.reversed_by, row.amount_fen, row.reason)
            for row in report.reversed_receipts
        ),
        hours=tuple(reports.HourTaking(row.hour, row.count, row.amount_fen) for row in report.hours),
        chain_head=report.chain_head,
        reprint=reprint,
        language=language,
    )


def _why(row: Movement, reason: str) -> str:
    return f"{reason} {row.note}".strip()
