"""What the cashier's screen keeps of the one thing that it sent.

Invariant: one request at a time; the same content goes out under the same id until it is known, other content
never does; while the outcome of a request is not known, only that request can be sent again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from counter.errors import CounterError, OutcomeUnknown, Refusal
from counter.services.ports.matching import ConfirmMatch, NoteBreak, RejectSuggestion, RunMatching, Unmatch
from counter.ui.sent_once import Stage

MatchRequest: TypeAlias = ConfirmMatch | Unmatch | RejectSuggestion | NoteBreak | RunMatching


class OneRequest:
    """The stage of a screen and its last request; see ``counter.ui.sent_once`` for forms that take money."""

    def __init__(self) -> None:
        """Nothing was sent."""
        self.stage = Stage.EDITING
        self.sent: MatchRequest | None = None
        self._unsure = False

    @property
    def free(self) -> bool:
        """Whether nothing is on its way or without an answer."""
        return self.stage is Stage.EDITING

    def going_out(self, request: MatchRequest) -> MatchRequest:
        """``request`` is on its way; what was refused and is sent unchanged keeps its id."""
        assert self.free, "one request at a time"
        if self.sent is not None and replace(request, request_id=self.sent.request_id) == self.sent:
            request = self.sent
        self.stage, self.sent = Stage.POSTING, request
        return request

    def hold(self, request: MatchRequest | None = None) -> None:
        """Many requests are on their way one after the other; ``request`` is the one that they stopped at."""
        self.stage, self.sent = Stage.POSTING, request

    def again(self) -> MatchRequest | None:
        """The request without an answer, on its way once more; None when there is none."""
        if self.stage is not Stage.UNKNOWN:
            return None
        self.stage = Stage.POSTING
        return self.sent

    def failed(self, error: CounterError) -> None:
        """Refused: nothing was saved. No answer, now or before: hold everything until it is known."""
        self._unsure = isinstance(error, OutcomeUnknown) or (self._unsure and not isinstance(error, Refusal))
        self.stage = Stage.UNKNOWN if self._unsure else Stage.EDITING

    def done(self) -> None:
        """It is saved; whatever comes next is something else."""
        self.stage, self.sent, self._unsure = Stage.EDITING, None, False
