"""Matching: what the bank and the acquirer show against what the books expect of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine

from counter.domain.money import parse_yuan
from counter.domain.text import BLANKS, DASHES, HALF_WIDTH
from counter.domain.undeposited import masked_account
from counter.errors import Refusal
from counter.i18n import _
from counter.services.match_words import reason
from counter.services.ports.matching import (
    Board,
    BreakState,
    ConfirmMatch,
    ItemView,
    LineView,
    MatchMade,
    MatchPart,
    MatchRun,
    MatchView,
    NoteBreak,
    RejectSuggestion,
    RuleResult,
    RunMatching,
    Side,
    SuggestionView,
    Unmatch,
)
from counter.services.posting import Posting
from counter.services.unit_of_work import transaction
from db.queries import matching
from db.queries.matching import ItemRow, LineRow, MatchRow, SuggestionRow, Wanted

FOUND_MOST: Final = 500
"""How many lines and items a search gives back."""

NOTE_MAX: Final = 200
_SETTLED: Final = (BreakState.EXPLAINED, BreakState.WAITING)
_TIDY: Final = {**HALF_WIDTH, **dict.fromkeys(BLANKS, " "), **dict.fromkeys(DASHES, "-")}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Matching:
    """The real part behind ``ports.matching.Matching``."""

    engine: Engine
    posting: Posting

    def board(self, side: Side, bank_account_no: str | None = None, limit: int = 20_000) -> Board:
        """What is open on both sides, of one account or of all of the side."""
        acquirer = side is Side.POS
        with transaction(self.engine) as connection:
            matching.collect(connection)
            lines = matching.lines(connection, acquirer=acquirer, account=bank_account_no, most=limit)
            items = matching.items(connection, acquirer=acquirer, account=bank_account_no, most=limit)
            found = matching.suggestions(connection, acquirer=acquirer, account=bank_account_no)
            totals = matching.totals(connection, acquirer=acquirer, account=bank_account_no)
        by_line = {each: row.suggestion_id for row in found for each in row.line_ids}
        by_item = {each: row.suggestion_id for row in found for each in row.item_ids}
        line_views = tuple(_line(row, by_line.get(row.line_id)) for row in lines)
        item_views = tuple(_item(row, by_item.get(row.item_id)) for row in items)
        return Board(
            lines=line_views,
            items=item_views,
            suggestions=tuple(_suggestion(row) for row in found),
            unexplained_fen=_unexplained(line_views) - _unexplained(item_views),
            lines_open_fen=totals.lines_open_fen,
            items_open_fen=totals.items_open_fen,
            lines_open=totals.lines_open,
            items_open=totals.items_open,
            matched_today=totals.matched_today,
        )

    def find(self, words: str, side: Side) -> Board:
        """Open lines and items that have these words, this amount or this date."""
        acquirer = side is Side.POS
        with transaction(self.engine) as connection:
            matching.collect(connection)
            lines, items = matching.find(connection, wanted(words), acquirer=acquirer, most=FOUND_MOST)
            totals = matching.totals(connection, acquirer=acquirer, account=None)
        line_views = tuple(_line(row, None) for row in lines)
        item_views = tuple(_item(row, None) for row in items)
        return Board(
            lines=line_views,
            items=item_views,
            suggestions=(),
            unexplained_fen=_unexplained(line_views) - _unexplained(item_views),
            lines_open_fen=sum(each.open_fen for each in line_views),
            items_open_fen=sum(each.open_fen for each in item_views),
            lines_open=len(line_views),
            items_open=len(item_views),
            matched_today=totals.matched_today,
        )

    def run(self, request: RunMatching) -> MatchRun:
        """Match by exact keys and renew the suggestions."""
        body: dict[str, Any] = {"request_id": str(request.request_id)}
        if request.bank_account_no is not None:
            body["bank_account_no"] = request.bank_account_no
        answer = self.posting.post("match_lines", body)
        return MatchRun(
            request_id=UUID(answer["request_id"]),
            rules=tuple(
                RuleResult(rule, result["matches"], result["amount_fen"])
                for rule, result in answer["rules"].items()
            ),
            suggestions=answer["suggestions"],
            open_lines=answer["open_lines"],
            open_items=answer["open_items"],
            replayed=answer["replayed"],
        )

    def confirm(self, request: ConfirmMatch) -> MatchMade:
        """Make a match by hand or of a suggestion, and post its journal."""
        body: dict[str, Any] = {
            "request_id": str(request.request_id),
            "lines": _parts(request.lines, "line_id"),
            "items": _parts(request.items, "item_id"),
            "note": _words(request.note),
        }
        if request.difference_account is not None:
            body["difference_account"] = request.difference_account
        if request.suggestion_id is not None:
            body["suggestion_id"] = request.suggestion_id
        return _made(self.posting.post("confirm_match", body))

    def unmatch(self, request: Unmatch) -> MatchMade:
        """Take a match back, with a mirrored journal of today."""
        if not _words(request.reason):
            raise Refusal(
                _("Why is this match wrong? Enter a reason."),
                _("The match stays as it is."),
                _("Enter a reason and confirm again."),
            )
        body = {
            "request_id": str(request.request_id),
            "match_id": request.match_id,
            "reason": _words(request.reason),
        }
        return _made(self.posting.post("unmatch", body))

    def reject(self, request: RejectSuggestion) -> None:
        """Throw a suggestion away for good."""
        body = {"request_id": str(request.request_id), "suggestion_id": request.suggestion_id}
        self.posting.post("reject_suggestion", body)

    def note(self, request: NoteBreak) -> None:
        """Say what is known of an open line or item."""
        body: dict[str, Any] = {
            "request_id": str(request.request_id),
            "state": request.state.value,
            "owner": request.owner,
            "note": _words(request.note),
        }
        about = {"line_id": request.line_id, "item_id": request.item_id}
        body |= {name: value for name, value in about.items() if value is not None}
        self.posting.post("note_break", body)

    def matches(self, side: Side, first: date, last: date, limit: int = 500) -> tuple[MatchView, ...]:
        """The matches that were made on these days, newest first."""
        with transaction(self.engine) as connection:
            made, lines, items = matching.matches(
                connection, first, last, acquirer=side is Side.POS, most=limit
            )
        return tuple(_match(row, lines, items) for row in made)


def wanted(typed: str) -> Wanted:
    """What somebody typed: an amount in yuan, a date, or words of the line; each of them is enough."""
    text = typed.translate(_TIDY).strip()[:NOTE_MAX]
    try:
        amount_fen: int | None = abs(parse_yuan(text.lstrip("-")))
    except ValueError:
        amount_fen = None
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    return Wanted(text.replace("\0", "").upper() or "\n", amount_fen, day)


def _parts(parts: Iterable[MatchPart], name: str) -> list[dict[str, int]]:
    return [
        {name: part.id} | ({} if part.amount_fen is None else {"amount_fen": part.amount_fen})
        for part in sorted(parts, key=lambda part: part.id)
    ]


def _words(typed: str) -> str:
    """What was typed, with the wide blanks of an input method as plain ones; refuses what cannot be kept."""
    text = typed.replace("\u3000", " ").strip()
    if len(text) > NOTE_MAX or not text.isprintable():
        raise Refusal(
            _("The remark has at most 200 characters, all of them visible."),
            _("Nothing was saved."),
            _("Correct it and confirm again."),
        )
    return text


def _made(answer: Any) -> MatchMade:
    return MatchMade(
        UUID(answer["request_id"]),
        answer["match_id"],
        answer["journal_id"],
        answer["difference_fen"],
        answer["replayed"],
    )


def _unexplained(views: Iterable[LineView] | Iterable[ItemView]) -> int:
    """What neither a suggestion joins nor anybody has explained."""
    return sum(each.open_fen for each in views if each.suggestion_id is None and each.state not in _SETTLED)


def _line(row: LineRow, suggestion_id: int | None) -> LineView:
    return LineView(
        line_id=row.line_id,
        side=Side.POS if row.acquirer else Side.BANK,
        account_masked=masked_account(row.bank_account_no),
        booked=row.booked,
        amount_fen=row.amount_fen,
        open_fen=row.open_fen,
        reference=row.reference,
        text=row.text,
        party=row.party,
        party_account_masked=masked_account(row.party_account) if row.party_account else "",
        state=BreakState(row.state),
        owner=row.owner,
        note=row.note,
        age_days=row.age_days,
        suggestion_id=suggestion_id,
    )


def _item(row: ItemRow, suggestion_id: int | None) -> ItemView:
    return ItemView(
        item_id=row.item_id,
        kind=row.kind,
        hall_no=row.hall_no,
        hall_name=row.hall_name,
        business_date=row.business_date,
        amount_fen=row.amount_fen,
        open_fen=row.open_fen,
        reference=row.reference,
        payer=row.payer,
        account_no=row.account_no,
        state=BreakState(row.state),
        owner=row.owner,
        note=row.note,
        age_days=row.age_days,
        suggestion_id=suggestion_id,
    )


def _suggestion(row: SuggestionRow) -> SuggestionView:
    return SuggestionView(
        suggestion_id=row.suggestion_id,
        rule=row.rule,
        score=row.score,
        reason=reason(row.rule, row.facts),
        line_ids=tuple(row.line_ids),
        item_ids=tuple(row.item_ids),
        difference_fen=row.difference_fen,
        difference_account=_difference_account(row),
    )


def _difference_account(row: SuggestionRow) -> str:
    """Where the server will post the difference: over and short for counted cash, else the bank's fees."""
    if row.difference_fen == 0:
        return ""
    if not row.cash:
        return "bank_fees"
    return "cash_over" if row.difference_fen > 0 else "cash_short"


def _match(row: MatchRow, lines: dict[int, LineRow], items: dict[int, ItemRow]) -> MatchView:
    first = next((lines[each].reference for each in row.line_ids if each in lines), "")
    return MatchView(
        match_id=row.match_id,
        rule=row.rule,
        score=row.score,
        reason=reason(row.rule, row.facts, reference=first),
        lines=tuple(_line(lines[each], None) for each in row.line_ids if each in lines),
        items=tuple(_item(items[each], None) for each in row.item_ids if each in items),
        difference_fen=row.difference_fen,
        staff_name=row.staff_name,
        recorded_at=row.recorded_at,
        note=row.note,
        undone=row.undone,
        unmatches=row.unmatches,
    )
