"""One bank transfer by its slip: bank, number, date, payer and the payer's account."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen

from counter.domain.money import format_yuan
from counter.domain.tenders import Tender, TenderKind
from counter.domain.text import BLANKS, HALF_WIDTH
from counter.i18n import _
from counter.ui.widgets.field import Field
from counter.ui.widgets.label import Words

_TIDY = {**HALF_WIDTH, **dict.fromkeys(BLANKS, "")}
_FORMS = {
    "bank": r"[^/]{1,40}",
    "slip": r"[0-9A-Za-z-]{1,40}",
    "date": r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
    "payer": r".{0,100}",
    "payer_account": r"[0-9A-Za-z-]{4,40}",
}


class SlipDialog(ModalScreen[Tender | None]):
    """Answers the transfer for a given total, or None when it was left."""

    CSS_PATH = "payers.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, total_fen: int, payer_name: str, day: str) -> None:
        """``day`` is the business date, which most slips bear."""
        super().__init__()
        self._total_fen = total_fen
        self._first = {"payer": payer_name, "date": day}

    def compose(self) -> ComposeResult:
        """Five fields, one beneath the other."""
        with Vertical(classes="dialog"):
            yield Words(self._title, classes="title")
            for name, label in _labels().items():
                with Horizontal():
                    yield Words(label)
                    yield Field(self._first.get(name, ""), id=name)
            yield Words(lambda: "", id="complaint")
            yield Words(lambda: _("Enter  next, and on the last one post      Esc  leave"), classes="keys")

    def _title(self) -> str:
        """How much by what."""
        return _("Bank transfer of {amount}").format(amount=format_yuan(self._total_fen))

    @on(Field.Submitted)
    def _entered(self, event: Field.Submitted) -> None:
        """On to the next field; behind the last one answer, when all have their form."""
        event.stop()
        names = list(_FORMS)
        place = names.index(event.input.id or "")
        if place + 1 < len(names):
            self.set_focus(self.query_one(f"#{names[place + 1]}", Field))
            return
        values = {name: self._value(name) for name in names}
        wrong = next((name for name, form in _FORMS.items() if not re.fullmatch(form, values[name])), "")
        if wrong:
            label = _labels()[wrong]
            words = _("{field} is not as a slip prints it; nothing was sent.")
            self.query_one("#complaint", Words).say(lambda: words.format(field=label()))
            self.set_focus(self.query_one(f"#{wrong}", Field))
        else:
            self.dismiss(_tender(self._total_fen, values))

    def _value(self, name: str) -> str:
        """A field in half-width; codes without blanks."""
        text = self.query_one(f"#{name}", Field).value
        return text.translate(HALF_WIDTH).strip() if name == "payer" else text.translate(_TIDY)

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


def _labels() -> dict[str, Callable[[], str]]:
    """What each field is called."""
    return {
        "bank": lambda: _("Bank"),
        "slip": lambda: _("Slip number"),
        "date": lambda: _("Date on the slip"),
        "payer": lambda: _("Payer's name"),
        "payer_account": lambda: _("Payer's account"),
    }


def _tender(amount_fen: int, values: dict[str, str]) -> Tender:
    """The transfer as the ledger keeps it: bank and number tell the paper, the account tells the payer."""
    details = {
        "reference": f"{values['bank']}/{values['slip']}",
        "payer": values["payer_account"],
        "date": values["date"],
        "payer_name": values["payer"],
    }
    return Tender(
        TenderKind.TRANSFER, amount_fen, details={name: text for name, text in details.items() if text}
    )
