"""Closing a day and a month: the checklist, the closing, the paper of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine

from counter.errors import Refusal
from counter.i18n import _
from counter.services.day_papers import day_summary
from counter.services.listening import Listener
from counter.services.paper import Paper
from counter.services.ports.day_close import (
    CloseDay,
    ClosedDay,
    CloseMonth,
    DayChecklist,
    DayClosed,
    DayStep,
    DayTaking,
    MonthClosed,
    StepName,
    StepState,
)
from counter.services.ports.paper import PaperOutcome
from counter.services.posting import Posting
from counter.services.unit_of_work import transaction
from db.queries import day_close

DAYS_LISTED: Final = 100
"""How many closed days a list shows."""

_CHANNEL = "counter_day"
_NOTE_MAX = 200


@dataclass(frozen=True, slots=True)
class DayCloses:
    """The real part behind ``ports.day_close.DayClose``."""

    engine: Engine
    paper: Paper
    posting: Posting
    hall_no: int
    listener: Listener = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Nobody listens yet."""
        object.__setattr__(self, "listener", Listener(self.engine, _CHANNEL))

    def checklist(self, day: date | None = None, *, proven: bool = True) -> DayChecklist:
        """A day of the own hall as it stands."""
        with transaction(self.engine) as connection:
            return read_checklist(day_close.checklist(connection, self.hall_no, day, proven=proven))

    def close_day(self, request: CloseDay) -> DayClosed:
        """Close a day once; a word that could not be kept is refused before it is sent."""
        answer = self.posting.post("close_day", close_body(request))
        return DayClosed(
            UUID(answer["request_id"]),
            date.fromisoformat(answer["business_date"]),
            answer["journals"],
            datetime.fromisoformat(answer["closed_at"]),
            answer["replayed"],
        )

    def close_month(self, request: CloseMonth) -> MonthClosed:
        """Close a month once."""
        body = {"request_id": str(request.request_id), "month": request.month.isoformat()}
        answer = self.posting.post("close_month", body)
        return MonthClosed(
            UUID(answer["request_id"]),
            date.fromisoformat(answer["month"]),
            datetime.fromisoformat(answer["closed_at"]),
            answer["replayed"],
        )

    def closed_days(self) -> tuple[ClosedDay, ...]:
        """The last closed days, the newest first."""
        with transaction(self.engine) as connection:
            rows = day_close.closings(connection, DAYS_LISTED)
        return tuple(
            ClosedDay(row.business_date, row.closed_at, row.staff_name, row.journals, row.month_closed)
            for row in rows
        )

    def print_summary(self, day: date, *, reprint: bool) -> PaperOutcome:
        """Draw the summary from what was signed and print it."""
        with transaction(self.engine) as connection:
            row = day_close.summary(connection, day)
            if row is None:
                raise Refusal(
                    _("The day {day} of this hall is not closed.").format(day=day),
                    _("Nothing was printed."),
                    _("A day has a summary when it is closed."),
                )
            document = day_summary(connection, row, reprint=reprint, language=self.paper.language)
        return self.paper.print_document(document, business_date=row.business_date)

    def listen(self, heard: Callable[[], object]) -> Callable[[], None]:
        """Call ``heard`` whenever a day was closed, in the listener's thread."""
        return self.listener.add(heard)

    def close(self) -> None:
        """End the listening."""
        self.listener.close()


def close_body(request: CloseDay) -> dict[str, Any]:
    """The request as the function takes it; raises Refusal for a word that cannot be kept."""
    notes = {name: said.replace("\u3000", " ").strip() for name, said in request.notes}
    for said in notes.values():
        if len(said) > _NOTE_MAX or not said.isprintable():
            raise Refusal(
                _("A word for a step has at most 200 characters, all of them visible."),
                _("Nothing was closed."),
                _("Correct it and confirm again."),
            )
    body: dict[str, Any] = {
        "request_id": str(request.request_id),
        "business_date": request.business_date.isoformat(),
        "checklist": {name: said for name, said in sorted(notes.items()) if said},
    }
    return body | ({} if request.journals is None else {"journals": request.journals})


def read_checklist(row: Mapping[str, Any]) -> DayChecklist:
    """The server's answer as the screens take it."""
    steps = [read_step(step) for step in row["steps"]]
    if steps and not row["closed"] and StepName.LEDGER not in {step.name for step in steps}:
        steps.append(DayStep(StepName.LEDGER, StepState.UNKNOWN))
    return DayChecklist(
        hall_no=row["hall_no"],
        hall_name=row["hall_name"],
        business_date=date.fromisoformat(row["business_date"]),
        today=date.fromisoformat(row["today"]),
        closed_through=_day(row["closed_through"]),
        next_day=_day(row["next_day"]),
        closed=row["closed"],
        journals=row["journals"],
        takings=tuple(DayTaking(each["kind"], each["count"], each["amount_fen"]) for each in row["takings"]),
        steps=tuple(steps),
        closable_month=_day(row["closable_month"]),
    )


def read_step(step: Mapping[str, Any]) -> DayStep:
    """One step of the server's answer, or of what was signed."""
    return DayStep(
        StepName(step["step"]),
        StepState(step["state"]),
        step["count"],
        step["amount_fen"],
        step["age_days"],
        step["waiting"],
        step["waiting_fen"],
        tuple(str(fact) for fact in step["facts"]),
        step.get("note", ""),
    )


def _day(told: str | None) -> date | None:
    """A date where there is one."""
    return date.fromisoformat(told) if told else None
