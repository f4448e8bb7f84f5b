"""What is rarely done with a card: it is taken back for good, or its account gets another meter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen

from counter.i18n import _
from counter.ui.cells import plain
from counter.ui.vend_offer import CardCase
from counter.ui.widgets.choice import Choice
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words

_METER_DIGITS = 12
_COUNT_MAX = 9_999
_REASON_MAX = 200


@dataclass(frozen=True, slots=True)
class CardWork:
    """What is to be done; ``meter_no`` is empty when the card is taken back."""

    reason: str
    meter_no: str = ""
    vend_count: int = 0


class CardWorkDialog(ModalScreen[CardWork | None]):
    """Answers what is to be done, or None."""

    CSS_PATH = "card_work.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, case: CardCase) -> None:
        """A card is taken back only when it is the account's and lies in the reader."""
        super().__init__()
        card, books = case.card, case.books
        assert books is not None, "only an account's card is worked on"
        self._books = books
        self._in_reader = card is not None and bool(books.card_serial) and card.serial == books.card_serial

    def compose(self) -> ComposeResult:
        """What, the fields of the new meter, why."""
        with Vertical(classes="dialog"):
            yield Words(lambda: _("Card and meter"), classes="title")
            yield Words(lambda: plain(f"{self._books.account_no}  {self._books.account_name}"))
            yield Choice(id="what")
            with Horizontal(classes="entry", id="meter-entry"):
                yield Words(lambda: _("New meter no."), classes="caption")
                yield Field(id="meter")
            with Horizontal(classes="entry", id="count-entry"):
                yield Words(lambda: _("Its vend count"), classes="caption")
                yield Field("0", id="count")
            with Horizontal(classes="entry"):
                yield Words(lambda: _("Reason"), classes="caption")
                yield Field(id="reason")
            yield Words(lambda: "", id="complaint")
            yield Words(lambda: _("Left, right  choose    Enter  next    Esc  leave"), classes="keys")

    def on_mount(self) -> None:
        """Offer what is possible."""
        choice = self.query_one("#what", Choice)
        self.watch(choice, "place", self._chosen, init=False)
        meter = ("meter", _("Another meter"))
        back = ("back", _("Take the card back and clear it"))
        choice.show_options([back, meter] if self._in_reader else [meter])
        choice.focus()
        self._chosen()

    def _chosen(self) -> None:
        """Show the fields that belong to it."""
        meter = self.query_one("#what", Choice).value == "meter"
        self.query_one("#meter-entry").display = self.query_one("#count-entry").display = meter

    @on(Choice.Chosen)
    def _go_on(self) -> None:
        """To the first field."""
        self.query_one("#meter" if self.query_one("#meter-entry").display else "#reason").focus()

    @on(Field.Submitted)
    def _entered(self, event: Field.Submitted) -> None:
        """From field to field; the reason is the last."""
        event.stop()
        following = {"meter": "#count", "count": "#reason"}.get(event.input.id or "")
        if following:
            self.query_one(following).focus()
        else:
            self._answer()

    def _answer(self) -> None:
        """Check it all, and answer it or say what is wrong."""
        reason = " ".join(plain(self._text("reason")).split())
        meter_no, count = "", 0
        if self.query_one("#what", Choice).value == "meter":
            meter_no, typed = self._text("meter"), self._text("count")
            count = int(typed) if typed.isdecimal() and len(typed) <= len(str(_COUNT_MAX)) else -1
            if not meter_no.isdecimal() or len(meter_no) != _METER_DIGITS or not meter_no.isascii():
                self._complain(_("A meter number has 12 digits. Nothing was changed."), "meter")
                return
            if not 0 <= count <= _COUNT_MAX:
                self._complain(
                    _("The count is a whole number from 0 to {most}.").format(most=_COUNT_MAX), "count"
                )
                return
        if not 0 < len(reason) <= _REASON_MAX:
            self._complain(_("A reason of 1 to 200 characters is needed."), "reason")
            return
        self.dismiss(CardWork(reason, meter_no, count))

    def _text(self, name: str) -> str:
        """What stands in a field; full-width digits count as digits."""
        import unicodedata

        return unicodedata.normalize("NFKC", self.query_one(f"#{name}", Field).value).strip()

    def _complain(self, text: str, name: str) -> None:
        """Say what is wrong, where it is."""
        self.query_one("#complaint", Words).say(lambda: text)
        self.query_one(f"#{name}").focus()

    def action_leave(self) -> None:
        """Nothing is done."""
        self.dismiss(None)
