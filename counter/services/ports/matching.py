"""Matching: what the bank and the acquirer show against what the books expect of them.

Plain data and the protocol that the screens ask; see ``counter.services.ports``. Amounts are signed as the
statement has them: positive is money in. ``open_fen`` runs from the amount to nothing as matches are made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from counter.i18n import N_

ITEM_KINDS = {
    "transfer": N_("transfer slip"),
    "pos": N_("POS slip"),
    "cash_deposit": N_("cash deposit"),
    "cheque": N_("cheque deposited"),
    "refund": N_("refund by bank"),
    "settlement": N_("POS settlement"),
    "transfer_back": N_("transfer returned"),
    "cheque_back": N_("cheque returned by the bank"),
    "pos_back": N_("POS slip returned"),
    "refund_back": N_("refund returned"),
}
"""What each kind of item is called on screens and papers; to be translated."""


class Side(StrEnum):
    """Which statement is on the left: the bank's, or the acquirer's file of card slips."""

    BANK = "bank"
    POS = "pos"


class BreakState(StrEnum):
    """How far the search for an open line or item has come."""

    NEW = "new"
    EXPLAINED = "explained"
    WAITING = "waiting"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of a statement. ``owner`` is the name of who looks after it, empty for nobody."""

    line_id: int
    side: Side
    account_masked: str
    booked: date
    amount_fen: int
    open_fen: int
    reference: str
    text: str
    party: str
    party_account_masked: str
    state: BreakState
    owner: str
    note: str
    age_days: int
    suggestion_id: int | None


@dataclass(frozen=True, slots=True)
class ItemView:
    """What the books expect to see. ``kind`` is one of ``ITEM_KINDS``."""

    item_id: int
    kind: str
    hall_no: int
    hall_name: str
    business_date: date
    amount_fen: int
    open_fen: int
    reference: str
    payer: str
    account_no: str
    state: BreakState
    owner: str
    note: str
    age_days: int
    suggestion_id: int | None


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """A match that a person may confirm: lines against items, with a sentence why.

    ``difference_fen`` is lines minus items, for ``difference_account`` (bank_fees, cash_over, cash_short);
    both are nothing when the sums agree. ``score`` runs from 1 to 99.
    """

    suggestion_id: int
    rule: str
    score: int
    reason: str
    line_ids: tuple[int, ...]
    item_ids: tuple[int, ...]
    difference_fen: int
    difference_account: str


@dataclass(frozen=True, slots=True)
class Board:
    """Both sides as they stand: open lines, open items, and what may belong together.

    ``unexplained_fen`` is Σ open lines − Σ open items that no suggestion joins and nobody has explained;
    ``lines_open`` and ``items_open`` count all, also those beyond the limit.
    """

    lines: tuple[LineView, ...]
    items: tuple[ItemView, ...]
    suggestions: tuple[SuggestionView, ...]
    unexplained_fen: int
    lines_open_fen: int
    items_open_fen: int
    lines_open: int
    items_open: int
    matched_today: int


@dataclass(frozen=True, slots=True)
class MatchPart:
    """One side of a match: a line or an item, and how much of it (None: all that is open)."""

    id: int
    amount_fen: int | None = None


@dataclass(frozen=True, slots=True)
class MatchView:
    """A match that was made; ``undone`` when it was taken back, ``unmatches`` when it is the taking back."""

    match_id: int
    rule: str
    score: int
    reason: str
    lines: tuple[LineView, ...]
    items: tuple[ItemView, ...]
    difference_fen: int
    staff_name: str
    recorded_at: datetime
    note: str
    undone: bool
    unmatches: int | None


@dataclass(frozen=True, slots=True)
class RunMatching:
    """Request: confirm what exact keys prove and suggest the rest, of one account or of all."""

    request_id: UUID
    bank_account_no: str | None = None


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one rule confirmed in a run."""

    rule: str
    matches: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class MatchRun:
    """The answer to a run. ``replayed`` means that it had run before, and only once."""

    request_id: UUID
    rules: tuple[RuleResult, ...]
    suggestions: int
    open_lines: int
    open_items: int
    replayed: bool

    @property
    def matches(self) -> int:
        """All matches that the run made."""
        return sum(each.matches for each in self.rules)


@dataclass(frozen=True, slots=True)
class ConfirmMatch:
    """Request: these lines are these items. Fees match no item; a difference needs its account.

    With ``suggestion_id`` alone the suggestion is confirmed as it stands.
    """

    request_id: UUID
    lines: tuple[MatchPart, ...] = field(default=())
    items: tuple[MatchPart, ...] = field(default=())
    difference_account: str | None = None
    suggestion_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Unmatch:
    """Request: take a match back, by a new entry."""

    request_id: UUID
    match_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class MatchMade:
    """The answer to a match and to its taking back."""

    request_id: UUID
    match_id: int
    journal_id: int
    difference_fen: int
    replayed: bool


@dataclass(frozen=True, slots=True)
class RejectSuggestion:
    """Request: these do not belong together, and shall not be suggested again."""

    request_id: UUID
    suggestion_id: int


@dataclass(frozen=True, slots=True)
class NoteBreak:
    """Request: what is known of an open line or of an open item; ``owner`` is a staff number."""

    request_id: UUID
    state: BreakState
    line_id: int | None = None
    item_id: int | None = None
    owner: str | None = None
    note: str = ""


class Matching(Protocol):
    """Lines against items. Cashiers and supervisors write, auditors read; all halls are seen together."""

    def board(self, side: Side, bank_account_no: str | None = None, limit: int = 20_000) -> Board:
        """What is open on both sides, oldest first, of one account or of all of the side."""
        ...

    def find(self, words: str, side: Side) -> Board:
        """Open lines and items that have these words, this amount or this date; no suggestions."""
        ...

    def run(self, request: RunMatching) -> MatchRun:
        """Match by exact keys and renew the suggestions; raises Refusal and OutcomeUnknown."""
        ...

    def confirm(self, request: ConfirmMatch) -> MatchMade:
        """Make a match by hand or of a suggestion, and post its journal."""
        ...

    def unmatch(self, request: Unmatch) -> MatchMade:
        """Take a match back, with a mirrored journal of today."""
        ...

    def reject(self, request: RejectSuggestion) -> None:
        """Throw a suggestion away for good."""
        ...

    def note(self, request: NoteBreak) -> None:
        """Say what is known of an open line or item."""
        ...

    def matches(self, side: Side, first: date, last: date, limit: int = 500) -> tuple[MatchView, ...]:
        """The matches that were made on these days, newest first."""
        ...
