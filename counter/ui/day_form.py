"""The form of a day's closing, apart from any screen: the checklist of now, the words for it, the request.

Invariant: the same content is always sent under the same request id, other content never is; while the
outcome of a request is not known, only that request can be sent again.
"""

from __future__ import annotations

from dataclasses import replace

from counter.services.ports.day_close import CloseDay, DayChecklist, DayStep, StepName, StepState
from counter.ui.sent_once import SentOnce, Stage


class DayForm:
    """What a cashier is about to sign."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.seen: DayChecklist | None = None
        self.notes: dict[str, str] = {}
        self._once: SentOnce[CloseDay] = SentOnce()
        self._ledger: DayStep | None = None

    @property
    def stage(self) -> Stage:
        """Whether something is on its way, or without an answer."""
        return self._once.stage

    def show(self, seen: DayChecklist) -> None:
        """The checklist of now; what the last proof of the books found stands until the next."""
        if self.seen is not None and self.seen.business_date != seen.business_date:
            self.notes, self._ledger = {}, None
        proven = next((step for step in seen.steps if step.name is StepName.LEDGER), None)
        if proven is not None and proven.state is not StepState.UNKNOWN:
            self._ledger = proven
        elif proven is not None and self._ledger is not None:
            seen = replace(seen, steps=(*seen.steps[:-1], self._ledger))
        self.seen = seen

    def state_of(self, step: DayStep) -> StepState:
        """How it stands with what was said about it."""
        if step.state is StepState.NOTE and self.notes.get(step.name.value):
            return StepState.EXPLAINED
        return step.state

    @property
    def first_stop(self) -> DayStep | None:
        """The first step that stops the closing."""
        return self.seen.first_stop(self.notes) if self.seen else None

    @property
    def can_be_signed(self) -> bool:
        """Whether nothing stops it and nothing is on its way."""
        seen = self.seen
        open_day = seen is not None and not seen.closed and self.first_stop is None
        return open_day and self.stage is Stage.EDITING

    def send(self) -> CloseDay:
        """The request for what is seen; one that is not known yet is sent again as it was."""
        if self._once.stage is Stage.UNKNOWN and self._once.sent is not None:
            self._once.stage = Stage.POSTING
            return self._once.sent
        assert self.seen is not None, "a day is seen before it is signed"
        needed = {step.name.value for step in self.seen.steps if step.state is StepState.NOTE}
        notes = tuple(sorted((name, said) for name, said in self.notes.items() if name in needed))
        request = CloseDay(self._once.request_id, self.seen.business_date, self.seen.journals, notes)
        return self._once.going_out(request)

    def refused(self) -> None:
        """Nothing was closed: it can be mended."""
        self._once.not_posted()

    def outcome_unknown(self) -> None:
        """No answer came."""
        self._once.outcome_unknown()
