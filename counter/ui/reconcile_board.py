"""The two sides of the cashier's screen, apart from any screen: rows, marks, and what a match leaves open.

Invariant: what a suggestion joins stands on the same rows on both sides, filled up with empty rows where one
side has fewer; a line or item is in one row only, and a mark belongs to it and not to its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Generic, TypeVar

from counter.services.ports.matching import (
    Board,
    BreakState,
    ConfirmMatch,
    ItemView,
    LineView,
    MatchPart,
    SuggestionView,
)

View = TypeVar("View", bound=LineView | ItemView)

_SETTLED = (BreakState.EXPLAINED, BreakState.WAITING)
"""What is known of and only waits counts no longer as unexplained."""


@dataclass(frozen=True, slots=True)
class BoardRow(Generic[View]):
    """A row of one side: its line or item, None where only the other side has one."""

    view: View | None
    suggestion: SuggestionView | None
    first: bool
    """Whether a suggestion begins on this row."""


LineRow = BoardRow[LineView]
ItemRow = BoardRow[ItemView]


def key_of(view: LineView | ItemView) -> tuple[str, int]:
    """What names a line or an item among all of them."""
    return ("line", view.line_id) if isinstance(view, LineView) else ("item", view.item_id)


class ReconcileBoard:
    """What is open, what may belong together, and what somebody has marked."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self.board: Board | None = None
        self.found: Board | None = None
        self.line_rows: tuple[LineRow, ...] = ()
        self.item_rows: tuple[ItemRow, ...] = ()
        self._marks: dict[tuple[str, int], LineView | ItemView] = {}

    def show(self, board: Board) -> None:
        """What is open now; marks of what is gone are gone."""
        self.board = board
        if self._marks or self.found is not None:
            both: tuple[LineView | ItemView, ...] = (*board.lines, *board.items)
            present = {key_of(view): view for view in both}
            self._marks = {key: present[key] for key in self._marks if key in present}
            self._show_found(present)
        self._lay()

    def forget(self) -> None:
        """Another account is looked at: nothing of this one stays."""
        self.board = self.found = None
        self._marks.clear()
        self._lay()

    def show_found(self, found: Board | None) -> None:
        """Only what was found, or everything again with None; marks stay."""
        self.found = found
        self._lay()

    def _show_found(self, present: Mapping[tuple[str, int], LineView | ItemView]) -> None:
        """Of what was found, what is still open."""
        if self.found is None:
            return
        lines = tuple(line for line in self.found.lines if key_of(line) in present)
        items = tuple(item for item in self.found.items if key_of(item) in present)
        self.found = replace(self.found, lines=lines, items=items)

    def _lay(self) -> None:
        """Rows of both sides: suggestions first, the best on top, then what stands alone."""
        shown = self.found or self.board
        if shown is None:
            self.line_rows = self.item_rows = ()
            return
        lines = {line.line_id: line for line in shown.lines}
        items = {item.item_id: item for item in shown.items}
        left: list[LineRow] = []
        right: list[ItemRow] = []
        for suggestion in _apart(shown.suggestions, lines, items):
            pairs = zip_longest(suggestion.line_ids, suggestion.item_ids)
            for place, (line_id, item_id) in enumerate(pairs):
                line = lines.pop(line_id) if line_id is not None else None
                item = items.pop(item_id) if item_id is not None else None
                left.append(BoardRow(line, suggestion, place == 0))
                right.append(BoardRow(item, suggestion, place == 0))
        left.extend(BoardRow(line, None, first=False) for line in lines.values())
        right.extend(BoardRow(item, None, first=False) for item in items.values())
        self.line_rows, self.item_rows = tuple(left), tuple(right)

    @property
    def joined(self) -> tuple[SuggestionView, ...]:
        """The suggestions that are on the screen, from the top."""
        return tuple(row.suggestion for row in self.line_rows if row.first and row.suggestion is not None)

    @property
    def empty(self) -> bool:
        """Whether nothing at all is open."""
        return self.board is not None and not self.board.lines and not self.board.items

    def view(self, key: tuple[str, int]) -> LineView | ItemView | None:
        """The line or item of this key, when it is open."""
        rows: Iterable[LineRow | ItemRow] = self.line_rows if key[0] == "line" else self.item_rows
        return next((row.view for row in rows if row.view is not None and key_of(row.view) == key), None)

    def members(self, suggestion: SuggestionView) -> tuple[tuple[LineView, ...], tuple[ItemView, ...]]:
        """The lines and items that it joins."""
        lines = [row.view for row in self.line_rows if row.suggestion is suggestion and row.view is not None]
        items = [row.view for row in self.item_rows if row.suggestion is suggestion and row.view is not None]
        return tuple(lines), tuple(items)

    def is_marked(self, view: LineView | ItemView) -> bool:
        """Whether it is marked."""
        return key_of(view) in self._marks

    def mark(self, view: LineView | ItemView) -> None:
        """Mark it, or take its mark away."""
        key = key_of(view)
        if self._marks.pop(key, None) is None:
            self._marks[key] = view

    def clear_marks(self) -> None:
        """Nothing is marked any more."""
        self._marks.clear()

    @property
    def any_marks(self) -> bool:
        """Whether anything is marked."""
        return bool(self._marks)

    @property
    def marked_lines(self) -> tuple[LineView, ...]:
        """The lines that are marked, in the order of marking."""
        return tuple(view for view in self._marks.values() if isinstance(view, LineView))

    @property
    def marked_items(self) -> tuple[ItemView, ...]:
        """The items that are marked, in the order of marking."""
        return tuple(view for view in self._marks.values() if isinstance(view, ItemView))

    @property
    def marked_fen(self) -> int:
        """Marked lines minus marked items."""
        return open_fen(self.marked_lines) - open_fen(self.marked_items)

    def matched(self, request: ConfirmMatch) -> None:
        """A match was made: take it off at once; the server is asked for the whole a little later."""
        board = self.board
        if board is None:
            return
        suggestion = next((s for s in board.suggestions if s.suggestion_id == request.suggestion_id), None)
        lines, items = _closed(request, suggestion)
        rest_lines, left_fen = _less(board.lines, lines)
        rest_items, right_fen = _less(board.items, items)
        change_fen = _unexplained(board.lines, lines) - _unexplained(board.items, items)
        self.show(
            replace(
                board,
                lines=rest_lines,
                items=rest_items,
                suggestions=tuple(s for s in board.suggestions if not _touches(s, lines, items)),
                unexplained_fen=board.unexplained_fen - change_fen,
                lines_open_fen=board.lines_open_fen - left_fen,
                items_open_fen=board.items_open_fen - right_fen,
                lines_open=board.lines_open - (len(board.lines) - len(rest_lines)),
                items_open=board.items_open - (len(board.items) - len(rest_items)),
                matched_today=board.matched_today + 1,
            )
        )

    def rejected(self, suggestion_id: int) -> None:
        """A suggestion is gone for good; another one for the same lines comes to the front."""
        if self.board is not None:
            left = tuple(s for s in self.board.suggestions if s.suggestion_id != suggestion_id)
            self.show(replace(self.board, suggestions=left))


def open_fen(views: Sequence[LineView] | Sequence[ItemView]) -> int:
    """What is open of them together."""
    return sum(view.open_fen for view in views)


def _apart(
    suggestions: Iterable[SuggestionView], lines: Mapping[int, LineView], items: Mapping[int, ItemView]
) -> Iterator[SuggestionView]:
    """The best suggestions that share no line and no item and whose members are all on the board."""
    used_lines: set[int] = set()
    used_items: set[int] = set()
    for each in sorted(suggestions, key=lambda s: (-s.score, s.suggestion_id)):
        there = all(i in lines for i in each.line_ids) and all(i in items for i in each.item_ids)
        free = used_lines.isdisjoint(each.line_ids) and used_items.isdisjoint(each.item_ids)
        if there and free and (each.line_ids or each.item_ids):
            used_lines.update(each.line_ids)
            used_items.update(each.item_ids)
            yield each


def _closed(
    request: ConfirmMatch, suggestion: SuggestionView | None
) -> tuple[dict[int, int | None], dict[int, int | None]]:
    """How much of which line and item a request closes; None for all of it."""
    lines = {part.id: part.amount_fen for part in request.lines}
    items = {part.id: part.amount_fen for part in request.items}
    if not request.lines and not request.items and suggestion is not None:
        lines = dict.fromkeys(suggestion.line_ids)
        items = dict.fromkeys(suggestion.item_ids)
    return lines, items


def _less(views: tuple[View, ...], closed: Mapping[int, int | None]) -> tuple[tuple[View, ...], int]:
    """What is left open of one side, and the fen that went."""
    left: list[View] = []
    gone_fen = 0
    for view in views:
        number = key_of(view)[1]
        if number not in closed:
            left.append(view)
            continue
        part = closed[number]
        fen = view.open_fen if part is None else part
        gone_fen += fen
        if view.open_fen != fen:
            left.append(replace(view, open_fen=view.open_fen - fen, suggestion_id=None))
    return tuple(left), gone_fen


def _unexplained(views: tuple[View, ...], closed: Mapping[int, int | None]) -> int:
    """Of what is closed, the part that counted as unexplained."""
    total_fen = 0
    for view in views:
        number = key_of(view)[1]
        if number in closed and view.suggestion_id is None and view.state not in _SETTLED:
            part = closed[number]
            total_fen += view.open_fen if part is None else part
    return total_fen


def _touches(
    suggestion: SuggestionView, lines: Mapping[int, int | None], items: Mapping[int, int | None]
) -> bool:
    """Whether a suggestion has a line or an item of which something was closed."""
    return any(i in lines for i in suggestion.line_ids) or any(i in items for i in suggestion.item_ids)


def all_of(lines: Iterable[LineView], items: Iterable[ItemView]) -> tuple[tuple[MatchPart, ...], ...]:
    """These lines and items whole, as a request names them: what the cashier saw, to the fen."""
    return (
        tuple(MatchPart(line.line_id, line.open_fen) for line in lines),
        tuple(MatchPart(item.item_id, item.open_fen) for item in items),
    )
