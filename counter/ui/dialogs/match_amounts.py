"""A match by hand, amount by amount: parts of lines and items, a fee without an item, a small difference.

Invariant: what is answered adds up: lines minus items is nothing, or goes to the account that was chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget

from counter.domain.money import AmountError, format_yuan, parse_yuan
from counter.i18n import _
from counter.services.ports.matching import ConfirmMatch, ItemView, LineView, MatchPart
from counter.ui.cells import plain
from counter.ui.reconcile_words import difference_options, short_kind, signed, who, whose
from counter.ui.request_id import new_request_id
from counter.ui.widgets.choice import Choice
from counter.ui.widgets.field import AmountField, Field, pasted_rubbish
from counter.ui.widgets.label import Words
from counter.ui.words import amount_fault


class MatchAmountsDialog(ModalScreen[ConfirmMatch | None]):
    """Answers the match, or None when it was left; an amount of 0 leaves a line or item out."""

    CSS_PATH = "reconcile.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]

    def __init__(self, lines: Sequence[LineView], items: Sequence[ItemView], account: str) -> None:
        """Begin with all that is open of them; ``account`` is where a difference would go."""
        super().__init__()
        self._views: tuple[LineView | ItemView, ...] = (*lines, *items)
        self._account = account
        self._request_id = new_request_id()

    def compose(self) -> ComposeResult:
        """Each line and item with its amount, the difference and where it goes."""
        with Vertical(classes="dialog"):
            yield Words(lambda: _("Match these amounts"), classes="title")
            with VerticalScroll(id="parts", can_focus=False):
                for place, view in enumerate(self._views):
                    with Horizontal(classes="entry"):
                        yield Words(_side(view), classes="side")
                        yield Words(_words(view))
                        yield AmountField(format_yuan(abs(view.open_fen)), id=f"part-{place}")
            yield Words(self._sum, id="sum")
            with Horizontal(classes="entry"):
                yield Words(lambda: _("Difference to"))
                yield Choice(id="difference")
            with Horizontal(classes="entry"):
                yield Words(lambda: _("Remark"))
                yield Field(id="note")
            yield Words(lambda: "", id="complaint")
            yield Words(lambda: _("Enter  go on, match      Up, Down  move      Esc  leave"), classes="keys")

    def on_mount(self) -> None:
        """To the first amount; where sums agree there is no difference to place."""
        choice = self.query_one(Choice)
        choice.show_options(difference_options())
        names = [name for name, _word in difference_options()]
        choice.place = names.index(self._account) if self._account in names else 0
        self.set_focus(self.query_one("#part-0"))
        self._show_sum()

    @property
    def _parts(self) -> list[int] | None:
        """The amounts with their signs; None while one of them is none."""
        parts = []
        for place, view in enumerate(self._views):
            try:
                fen = parse_yuan(self.query_one(f"#part-{place}", AmountField).value, allow_zero=True)
            except AmountError:
                return None
            parts.append(fen if view.open_fen > 0 else -fen)
        return parts

    @property
    def _difference_fen(self) -> int | None:
        """Lines minus items; None while an amount is none."""
        parts = self._parts
        if parts is None:
            return None
        signs = [1 if isinstance(view, LineView) else -1 for view in self._views]
        return sum(sign * fen for sign, fen in zip(signs, parts, strict=True))

    def _sum(self) -> str:
        """What is left between the two sides."""
        if not self.is_mounted or self._difference_fen is None:
            return ""
        return _("Statement minus books: {amount}").format(amount=signed(self._difference_fen) or "0.00")

    def _show_sum(self) -> None:
        """The difference of now."""
        self.query_one("#sum", Words).relabel()

    def _complain(self, text: str) -> None:
        """Say what is wrong, or nothing."""
        self.query_one("#complaint", Words).say(lambda: text)

    @on(AmountField.Changed)
    def _typed(self) -> None:
        """Another amount: another difference."""
        self._complain("")
        self._show_sum()

    @on(AmountField.Rejected)
    def _rejected(self, event: AmountField.Rejected) -> None:
        """Say why nothing appeared."""
        event.stop()
        self._complain(pasted_rubbish())

    @on(Field.Submitted)
    def _entered(self, event: Field.Submitted) -> None:
        """On to the next field; after the note, match."""
        event.stop()
        if event.input.id == "note":
            self._match()
        elif not self._complain_of(event.input):
            self.focus_next()

    @on(Choice.Chosen)
    def _difference_chosen(self) -> None:
        """On to the note."""
        self.set_focus(self.query_one("#note"))

    def _complain_of(self, field: Widget) -> bool:
        """Whether the amount of this field is wrong, and if so say why."""
        view = self._views[int((field.id or "part-0").removeprefix("part-"))]
        assert isinstance(field, AmountField)
        try:
            fen = parse_yuan(field.value, allow_zero=True)
        except AmountError as error:
            self._complain(amount_fault(error.reason))
            return True
        if fen > abs(view.open_fen):
            most = format_yuan(abs(view.open_fen))
            self._complain(_("No more than {amount} is open there.").format(amount=most))
            return True
        return False

    def _match(self) -> None:
        """Answer it when it adds up."""
        fields = [self.query_one(f"#part-{place}", AmountField) for place in range(len(self._views))]
        wrong = next((field for field in fields if self._complain_of(field)), None)
        parts, difference_fen = self._parts, self._difference_fen
        account = self.query_one(Choice).value
        if wrong is not None or parts is None or difference_fen is None:
            self.set_focus(wrong)
        elif not any(parts):
            self._complain(_("There is nothing to match: every amount is 0."))
        elif difference_fen and not account:
            self._complain(_("The sums differ: change an amount, or say where the difference goes."))
            self.set_focus(self.query_one("#difference"))
        else:
            self.dismiss(self._request(parts, account if difference_fen else None))

    def _request(self, parts: Sequence[int], account: str | None) -> ConfirmMatch:
        """The match of these amounts."""
        pairs = list(zip(self._views, parts, strict=True))
        return ConfirmMatch(
            self._request_id,
            tuple(MatchPart(v.line_id, fen) for v, fen in pairs if isinstance(v, LineView) and fen),
            tuple(MatchPart(v.item_id, fen) for v, fen in pairs if isinstance(v, ItemView) and fen),
            account,
            note=" ".join(plain(self.query_one("#note", Field).value).split()),
        )

    def action_leave(self) -> None:
        """Match nothing."""
        self.dismiss(None)


def _side(view: LineView | ItemView) -> Callable[[], str]:
    """What stands before an amount: where it is from."""
    if isinstance(view, LineView):
        return lambda: _("Statement")
    return lambda: short_kind(view.kind)


def _words(view: LineView | ItemView) -> Callable[[], str]:
    """What stands beside an amount."""
    if isinstance(view, LineView):
        return lambda: plain(f"{view.booked:%m-%d} {who(view)}")
    return lambda: plain(f"{view.business_date:%m-%d} {whose(view)}")
