"""``counter day``: how the day of a hall stands, and closing it; as the login of the address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated
from uuid import uuid4

import typer
from sqlalchemy import text

from counter.cli.administration import administrator
from counter.config import load_settings
from counter.domain.money import format_yuan
from counter.errors import Refusal
from counter.i18n import _
from counter.services.day_close import DayCloses
from counter.services.paper import Paper
from counter.services.pending import PendingStore
from counter.services.ports.day_close import CloseDay, CloseMonth, DayStep, StepName
from counter.services.ports.day_words import STATE_WORDS, STEP_TITLES
from counter.services.posting import Posting
from receipts.press import Press

app = typer.Typer(help="Closing of days and months.", no_args_is_help=True)

Day = Annotated[
    datetime | None,
    typer.Option("--day", formats=["%Y-%m-%d"], help="Else the one to be closed next."),
]


@app.callback()
def day() -> None:
    """Closing of days and months."""


@app.command()
def status(
    of_day: Day = None,
    hall: Annotated[int | None, typer.Option("--hall", help="Another hall, for auditors.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object.")] = False,
) -> None:
    """The checklist of a day, with the books proven; ends with 1 while a step stops the closing."""
    with closings(hall) as area:
        seen = area.checklist(of_day.date() if of_day else None)
    if as_json:
        steps = {step.name.value: {"state": step.state.value, "count": step.count} for step in seen.steps}
        told = {"day": f"{seen.business_date}", "closed": seen.closed, "steps": steps}
        print(json.dumps(told | {"taken": format_yuan(seen.taken_fen).replace(",", "")}))
    else:
        print(_("Closing of the day {day}   {hall}").format(day=seen.business_date, hall=seen.hall_name))
        for step in seen.steps:
            print(sentence(step))
    if not seen.closed and seen.first_stop({}) is not None:
        raise typer.Exit(1)


@app.command()
def close(
    of_day: Day = None,
    note: Annotated[
        list[str] | None, typer.Option("--note", help="STEP=WORDS, why a step can wait; may be repeated.")
    ] = None,
    month: Annotated[
        datetime | None, typer.Option("--month", formats=["%Y-%m"], help="Close this month instead.")
    ] = None,
) -> None:
    """Close a day, or a month, of the login's own hall; refused by the name of the step that stops it."""
    notes = tuple(sorted(noted(each) for each in note or ()))
    with closings(None) as area:
        if month is not None:
            done = area.close_month(CloseMonth(uuid4(), month.date()))
            print(_("The month {month} is closed.").format(month=f"{done.month:%Y-%m}"))
            return
        wanted = of_day.date() if of_day else area.checklist(proven=False).business_date
        closed = area.close_day(CloseDay(uuid4(), wanted, None, notes))
    print(_("The day {day} is closed.").format(day=closed.business_date))


def noted(typed: str) -> tuple[str, str]:
    """A step and the words for it; raises Refusal."""
    name, _equals, said = typed.partition("=")
    if name not in set(StepName) or not said.strip():
        raise Refusal(
            _("{typed} is no word for a step.").format(typed=typed),
            _("Nothing was closed."),
            _("Write STEP=WORDS; the steps are {names}.").format(names=", ".join(StepName)),
        )
    return name, said


def sentence(step: DayStep) -> str:
    """A step in one line."""
    parts = [f"{_(STEP_TITLES[step.name])}: {_(STATE_WORDS[step.state])}"]
    count, amount_fen = (step.count, step.amount_fen) if step.count else (step.waiting, step.waiting_fen)
    if count:
        parts.append(f"{count}  {format_yuan(amount_fen)}")
    return "  ".join([*parts, *step.facts, step.note]).rstrip()


@contextmanager
def closings(hall: int | None) -> Iterator[DayCloses]:
    """Closing as the login of the address does it; raises Refusal or Fault."""
    settings = load_settings()
    with administrator() as engine:
        with engine.connect() as connection:
            query = "SELECT session_user::text, counter.my_hall(), timezone FROM counter.bureau"
            row = connection.execute(text(query)).one_or_none()
        login, own = (row[0], row[1]) if row else ("", None)
        posting = Posting(engine, PendingStore(settings.data_dir / "pending", login))
        yield DayCloses(
            engine, Paper(engine, Press(settings.data_dir / "receipts")), posting, hall or own or 0
        )
