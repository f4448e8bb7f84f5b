"""What happened on the cashier's screen, in the past tense."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter.ui.messages import Told

if TYPE_CHECKING:
    from counter.errors import CounterError
    from counter.services.ports.bank_import import StatementAccount
    from counter.services.ports.matching import Board, MatchMade, MatchRun, MatchView
    from counter.ui.accept_many import Accepted
    from counter.ui.reconcile_sending import MatchRequest


class AccountsRead(Told):
    """The accounts that statements come for."""

    accounts: tuple[StatementAccount, ...]


class BoardRead(Told):
    """Both sides came; ``ticket`` says for which question."""

    ticket: int
    board: Board


class BoardNotRead(Told):
    """Both sides could not be read."""

    ticket: int
    error: CounterError


class OpenFound(Told):
    """What has these words."""

    words: str
    board: Board


class MatchWritten(Told):
    """A match, its taking back, a rejection, a note or a run is saved."""

    request: MatchRequest
    answer: MatchMade | MatchRun | None


class MatchNotWritten(Told):
    """It was refused, or nobody knows."""

    request: MatchRequest
    error: CounterError


class AcceptedSome(Told):
    """One more of many suggestions is done."""

    done: int
    total: int


class AcceptedMany(Told):
    """Many suggestions were accepted, as far as it went."""

    accepted: Accepted


class MatchesListed(Told):
    """The matches that were made."""

    matches: tuple[MatchView, ...]
