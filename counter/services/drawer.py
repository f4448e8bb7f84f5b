"""A shift between its opening and its close: cash in and out, counts, handover, reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from counter.errors import Refusal
from counter.i18n import _
from counter.services.paper import Paper
from counter.services.ports import Shift
from counter.services.ports.drawer import (
    CashReason,
    CloseShift,
    CountSigned,
    HallShift,
    MoveCash,
    ShiftClosed,
    ShiftReport,
    SignCount,
    TakeOver,
)
from counter.services.ports.paper import PaperOutcome
from counter.services.posting import Posting
from counter.services.shift_reports import on_paper, read_report
from counter.services.signing import Door
from counter.services.unit_of_work import transaction
from db.queries import people, shifts


@dataclass(frozen=True, slots=True)
class Drawer:
    """The real part behind ``ports.drawer.Drawer``."""

    engine: Engine
    paper: Paper
    posting: Posting
    door: Door

    def reasons(self) -> tuple[CashReason, ...]:
        """Why cash may be moved."""
        with transaction(self.engine) as connection:
            return tuple(CashReason(*row) for row in shifts.reasons(connection))

    def move_cash(self, request: MoveCash) -> None:
        """Book cash in or out, once."""
        body = {
            "request_id": str(request.request_id),
            "shift_id": request.shift_id,
            "reason": request.reason,
            "amount_fen": request.amount_fen,
            "note": request.note.replace("\0", " "),
        }
        self.posting.post("move_cash", body)

    def sign_count(self, request: SignCount) -> CountSigned:
        """Sign a count; tells what was expected."""
        body: dict[str, Any] = {
            "request_id": str(request.request_id),
            "shift_id": request.shift_id,
            "denominations": {str(face): pieces for face, pieces in request.pieces if pieces},
        }
        if request.handover_to:
            body["handover_to"] = request.handover_to
        answer = self.posting.post("sign_count", body)
        return CountSigned(UUID(answer["count_id"]), answer["counted_fen"], answer["expected_fen"])

    def close_shift(self, request: CloseShift) -> ShiftClosed:
        """Close it by its last count."""
        body = {
            "request_id": str(request.request_id),
            "shift_id": request.shift_id,
            "count_id": str(request.count_id),
        }
        answer = self.posting.post("close_shift", body)
        names = (
            "shift_id",
            "z_no",
            "expected_fen",
            "counted_fen",
            "over_fen",
            "short_fen",
            "float_fen",
            "to_bank_fen",
        )
        return ShiftClosed(*(answer[name] for name in names))

    def take_over(self, request: TakeOver, staff_no: str, password: str) -> Shift:
        """Sign for the till as the next person, on a connection of theirs that ends with it."""
        body = {
            "request_id": str(request.request_id),
            "shift_id": request.shift_id,
            "count_id": str(request.count_id),
            "float_fen": request.float_fen,
        }
        with self.door.signed_in_as(staff_no, password) as signing:
            answer = self.posting.signed_by(str(signing.url.username), signing).post("take_over", body)
            with transaction(signing) as connection:
                row = people.open_shift_of_me(connection)
        assert row is not None, f"shift {answer['shift_id']} was just opened"
        return Shift(
            row.shift_id, row.till_no, row.till_name, row.business_date, row.opened_at, row.float_fen
        )

    def shifts(self) -> tuple[HallShift, ...]:
        """Open ones, and those closed in the last days."""
        with transaction(self.engine) as connection:
            rows = shifts.hall_shifts(connection)
        return tuple(
            HallShift(
                row.shift_id,
                row.till_no,
                row.till_name,
                row.staff_no,
                row.staff_name,
                row.business_date,
                row.opened_at,
                row.z_no,
            )
            for row in rows
        )

    def report(self, shift_id: int) -> ShiftReport | None:
        """X of an open shift, Z of a closed one, in one snapshot."""
        engine = self.engine.execution_options(isolation_level="REPEATABLE READ")
        with transaction(engine) as connection:
            return read_report(connection, shift_id)

    def print_report(self, shift_id: int, *, reprint: bool) -> PaperOutcome:
        """The same on paper; raises Refusal when there is no such shift here."""
        report = self.report(shift_id)
        if report is None:
            raise Refusal(
                _("There is no such shift in this hall."),
                _("Nothing was printed."),
                _("Look at the list again."),
            )
        day: date = report.business_date
        return self.paper.print_document(
            on_paper(report, reprint=reprint, language=self.paper.language), business_date=day
        )
