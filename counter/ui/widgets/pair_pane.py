"""The pair under the cursor: the line left, the item right, and below them why, or what is marked."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports.matching import ItemView, LineView, Side, SuggestionView
from counter.ui.cells import clip, plain
from counter.ui.reconcile_board import ReconcileBoard, open_fen
from counter.ui.reconcile_words import item_facts, line_facts, signed, why
from counter.ui.widgets.label import Words


class PairPane(Vertical):
    """Fixed in height, so that a key lays nothing out; long texts are cut at the edge, never wrapped."""

    DEFAULT_CSS = """
    PairPane {
        height: 6; background: $panel; padding: 0 1;
        #pair { height: 5; }
        #pair Words { width: 1fr; height: 5; text-wrap: nowrap; }
        #pair #join { width: 4; color: $accent; text-style: bold; }
        #why { height: 1; text-wrap: nowrap; color: $accent; }
    }
    """

    def __init__(self, board: ReconcileBoard, *, may_write: bool) -> None:
        """Show what is under the cursors of this board."""
        super().__init__(id="pair-pane")
        self._board = board
        self._may_write = may_write
        self._line: LineView | None = None
        self._item: ItemView | None = None
        self._suggestion: SuggestionView | None = None
        self.side = Side.BANK

    def compose(self) -> ComposeResult:
        """Left, the join, right; why."""
        with Horizontal(id="pair"):
            yield Words(self._left, id="left")
            yield Words(self._join, id="join")
            yield Words(self._right, id="right")
        yield Words(self._why, id="why")

    def show(self, line: LineView | None, item: ItemView | None, suggestion: SuggestionView | None) -> None:
        """Something else is under the cursor; ``suggestion`` is what joins the two."""
        self._line, self._item, self._suggestion = line, item, suggestion
        for words in self.query(Words):
            words.relabel()

    def _left(self) -> Content:
        """The line in full."""
        if self._line is None:
            return Content("")
        return self._facts(line_facts(self._line, self.side))

    def _right(self) -> Content:
        """The item in full; a fee has none."""
        if self._item is not None:
            return self._facts(item_facts(self._item))
        if self._suggestion is not None and not self._suggestion.item_ids:
            return Content(_("No item: the books do not know it yet."))
        return Content("")

    def _join(self) -> str:
        """The score between the two."""
        return f"={self._suggestion.score}=" if self._suggestion is not None else ""

    def _why(self) -> str:
        """What is marked comes first: it is what Enter would match."""
        lines, items = self._board.marked_lines, self._board.marked_items
        if lines or items:
            words = _(
                "Marked {line_count}: {lines}, {item_count}: {items}, difference {amount}   Enter matches"
            )
            return words.format(
                line_count=len(lines),
                lines=format_yuan(open_fen(lines)),
                item_count=len(items),
                items=format_yuan(open_fen(items)),
                amount=signed(self._board.marked_fen) or "0.00",
            )
        if self._suggestion is not None:
            accepts = _("Enter accepts") if self._may_write else ""
            return f"{plain(why(self._suggestion))}      {accepts}".rstrip()
        if not self._may_write:
            return _("You can look; cashiers and supervisors match.      Esc back")
        return self._note or _("Nothing is suggested here. Space marks, Tab changes the side.")

    @property
    def _note(self) -> str:
        """What was noted of one of the two: it may be longer than its side."""
        notes = [view.note for view in (self._line, self._item) if view is not None and view.note]
        return _("Note: {note}").format(note=plain("  ".join(notes))) if notes else ""

    def _facts(self, facts: tuple[str, ...]) -> Content:
        """The first fact stands out, the rest are quiet; nothing of them is markup, none is cut in a sign."""
        cells = max(0, self.query_one("#left").size.width - 1)
        first, *rest = (clip(fact, cells) for fact in facts)
        return Content("\n").join([Content.styled(first, "bold"), *map(Content, rest)])

    def on_resize(self) -> None:
        """More room shows more."""
        for words in self.query(Words):
            words.relabel()
