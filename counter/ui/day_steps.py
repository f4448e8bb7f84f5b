"""How a step of the day's checklist is told in a row and in full, and where it is mended."""

from __future__ import annotations

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports.day_close import DayStep, StepName, StepState
from counter.services.ports.day_words import STATE_WORDS, STEP_TITLES
from counter.ui.actions import BY_ID, key_name
from counter.ui.widgets.table import Column, Table

MENDED_AT = {
    StepName.SHIFTS: "till",
    StepName.DEPOSITS: "deposits",
    StepName.SETTLEMENT: "reconcile",
    StepName.STATEMENTS: "statements",
    StepName.MATCHES: "reconcile",
    StepName.BREAKS: "breaks",
    StepName.VENDS: "vends_in_doubt",
}
"""The action of the desk that leads there; gaps and broken chains are mended at no desk."""

_MARKS = {
    StepState.DONE: "+",
    StepState.WAITING: "+",
    StepState.EXPLAINED: "+",
    StepState.NOTE: "?",
    StepState.MEND: "X",
    StepState.UNKNOWN: " ",
}

Row = tuple[DayStep, StepState]
"""A step, and how it stands with what was said about it."""


class StepTable(Table[Row]):
    """The steps in their order."""

    def __init__(self) -> None:
        """Mark, what, how it stands, how many, how much, how old, where to."""
        super().__init__(
            (
                Column(lambda: "", lambda row: _MARKS[row[1]], 2, strong=True),
                Column(lambda: _("Step"), lambda row: _(STEP_TITLES[row[0].name]), 24, grows=True),
                Column(lambda: _("State"), lambda row: _(STATE_WORDS[row[1]]), 13),
                Column(lambda: _("How many"), _count, 8, right=True),
                Column(lambda: _("Amount"), _amount, 13, right=True),
                Column(lambda: _("Days"), _age, 5, right=True),
                Column(lambda: _("Mend"), lambda row: key_of(row[0]), 5),
            ),
            id="steps",
        )

    def is_quiet(self, row: Row) -> bool:
        """What is in order stands back."""
        return row[1] in (StepState.DONE, StepState.WAITING, StepState.UNKNOWN)


def _count(row: Row) -> str:
    """How many are wrong, else how many wait."""
    count = row[0].count or row[0].waiting
    return str(count) if count else ""


def _amount(row: Row) -> str:
    """Their sum."""
    amount_fen = row[0].amount_fen if row[0].count else row[0].waiting_fen
    return format_yuan(amount_fen) if amount_fen else ""


def _age(row: Row) -> str:
    """The age of the oldest."""
    return str(row[0].age_days) if row[0].age_days and row[0].count else ""


def key_of(step: DayStep) -> str:
    """The key of the desk that leads to where it is mended; nothing where it cannot be."""
    action = BY_ID.get(MENDED_AT.get(step.name, ""))
    return key_name(action.key) if action else ""


def in_full(step: DayStep, state: StepState, note: str) -> str:
    """Everything known of a step, and what can be done: at most three lines."""
    lines = [f"{_(STEP_TITLES[step.name])}: {_(STATE_WORDS[state])}"]
    if step.facts and step.name is not StepName.VENDS:
        lines.append(", ".join(step.facts))
    elif step.waiting:
        waits = _("In time: {count}, together {amount}")
        lines.append(waits.format(count=step.waiting, amount=format_yuan(step.waiting_fen)))
    lines.append(_hint(step, state, note))
    return "\n".join(lines)


def _hint(step: DayStep, state: StepState, note: str) -> str:
    """What was said, or what to do now."""
    if note:
        return _("Said: {note}").format(note=note)
    if state is StepState.NOTE:
        return _("Enter: mend it. F4: say why it can wait; the words are signed with the day.")
    if state is StepState.MEND and key_of(step):
        return _("Enter: mend it. The day is not closed before.")
    if state is StepState.MEND:
        return _("Tell the supervisor and the administrator: this is mended at no desk.")
    if state is StepState.UNKNOWN:
        return _("F5 proves the books; they are proven at the closing in any case.")
    return ""
