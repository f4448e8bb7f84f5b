"""One payment over several tenders: what was laid down so far, what is still open, the next one."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import ModalScreen

from counter.domain.money import format_yuan
from counter.domain.tender_forms import FORMS, read_pos_slip
from counter.domain.tenders import Tender, TenderKind, cash
from counter.i18n import _
from counter.ui.cells import clip
from counter.ui.widgets.field import AmountField, Field, pasted_rubbish
from counter.ui.widgets.label import Words
from counter.ui.widgets.pay_pane import CHANGE_FEN_MAX
from counter.ui.words import tender as tender_name

KINDS = (
    TenderKind.CASH,
    TenderKind.POS,
    TenderKind.TRANSFER,
    TenderKind.CHEQUE,
    TenderKind.CARE_FUND,
    TenderKind.PREPAID,
)
"""By the digit that chooses one: 1 is cash."""
TENDERS_MAX = 20
_ROWS = 5


class SlipField(Field):
    """A field that takes a whole POS slip apart when one is pasted."""

    class Pasted(Message):
        """The slip shows these fields."""

        def __init__(self, found: dict[str, str]) -> None:
            """By the names of the form."""
            super().__init__()
            self.found = found

    def on_paste(self, event: events.Paste) -> None:
        """A slip fills the form; anything else goes the way of every paste."""
        found = read_pos_slip(event.text)
        if found:
            event.stop()
            event.prevent_default()
            self.post_message(self.Pasted(found))
        else:
            super().on_paste(event)


class SplitDialog(ModalScreen[tuple[Tender, ...]]):
    """Answers the tenders of a whole payment, or nothing when it was left."""

    CSS_PATH = "split.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+x", "remove", show=False, priority=True),
    ]

    def __init__(self, total_fen: int, kinds: tuple[TenderKind, ...] = KINDS) -> None:
        """``kinds`` are those that this customer may be offered."""
        super().__init__()
        self._total_fen = total_fen
        self._kinds = kinds
        self._kind: TenderKind | None = None
        self.tenders: tuple[Tender, ...] = ()

    def compose(self) -> ComposeResult:
        """List, kind, amount, and the fields of the kind."""
        with Vertical(classes="dialog"):
            yield Words(self._title, classes="title")
            yield Words(self._listed, id="listed")
            yield Words(self._offered, id="offered")
            with Horizontal():
                yield Words(lambda: _("Kind (number)"))
                yield Field(id="kind")
            with Horizontal(id="amount-row"):
                yield Words(lambda: _("Amount"))
                yield AmountField(id="part")
            for place in range(_ROWS):
                with Horizontal(id=f"row-{place}", classes="row"):
                    yield Words(lambda: "", id=f"label-{place}")
                    yield SlipField(id=f"field-{place}")
            yield Words(lambda: "", id="complaint")
            yield Words(self._keys, classes="keys")

    def on_mount(self) -> None:
        """Begin with the kind."""
        self._choose(None)

    @property
    def rest_fen(self) -> int:
        """What is still open."""
        return self._total_fen - sum(tender.amount_fen for tender in self.tenders)

    def _title(self) -> str:
        """How much of what is open."""
        words = _("Payment of {amount}: {rest} is still open")
        return words.format(amount=format_yuan(self._total_fen), rest=format_yuan(self.rest_fen))

    def _listed(self) -> str:
        """One line a tender."""
        lines = []
        for tender in self.tenders:
            change = (
                _("change {amount}").format(amount=format_yuan(tender.change_fen))
                if tender.change_fen
                else ""
            )
            what = clip(tender.details.get("reference", "") or change, 38)
            lines.append(f"{format_yuan(tender.amount_fen):>14}  {tender_name(tender.kind)}  {what}")
        return "\n".join(lines[-6:]) or _("Nothing is laid down yet.")

    def _offered(self) -> str:
        """The kinds with their numbers; what needs a supervisor is asked for when it is posted."""
        return "  ".join(f"{place} {tender_name(kind)}" for place, kind in enumerate(self._kinds, 1))

    def _keys(self) -> str:
        """What Enter does."""
        done = _("Enter  post") if not self.rest_fen else _("Enter  next")
        return done + "      " + _("^X  remove the last      Esc  leave")

    def _names(self) -> tuple[str, ...]:
        """The fields of the chosen kind."""
        if self._kind is TenderKind.CASH:
            return ("received",)
        return tuple(FORMS[self._kind].fields) if self._kind else ()

    def _choose(self, kind: TenderKind | None) -> None:
        """Show the fields of a kind, or ask for one."""
        self._kind = kind
        names = self._names()
        self.query_one("#amount-row").display = kind is not None
        for place in range(_ROWS):
            self.query_one(f"#row-{place}").display = place < len(names)
            self._field(place).value = ""
            if place < len(names):
                self.query_one(f"#label-{place}", Words).say(_labels()[names[place]])
        for words in self.query(Words):
            words.relabel()
        if kind is None:
            self.query_one("#kind", Field).value = ""
            self.set_focus(self.query_one("#kind", Field))
        else:
            self._part.show_fen(self.rest_fen)
            self.set_focus(self._part)

    @property
    def _part(self) -> AmountField:
        """The amount of the tender that is being entered."""
        return self.query_one("#part", AmountField)

    def _field(self, place: int) -> SlipField:
        """A field of the kind by its place."""
        return self.query_one(f"#field-{place}", SlipField)

    def _complain(self, text: str) -> None:
        """Say what is wrong; nothing was added."""
        self.query_one("#complaint", Words).say(lambda: text)

    @on(Field.Submitted, "#kind")
    def _kind_entered(self, event: Field.Submitted) -> None:
        """Choose a kind; when nothing is open any more, Enter posts."""
        event.stop()
        self._complain("")
        typed = event.value.strip()
        offered = {str(place): kind for place, kind in enumerate(self._kinds, 1)}
        if not self.rest_fen and not typed:
            self.dismiss(self.tenders)
        elif not self.rest_fen:
            self._complain(_("Nothing is open any more: Enter posts."))
        elif typed not in offered:
            self._complain(_("Enter the number of a kind of tender."))
        elif len(self.tenders) >= TENDERS_MAX or _once(offered[typed]) in {t.kind for t in self.tenders}:
            self._complain(_("This payment has that tender already."))
        else:
            self._choose(offered[typed])

    @on(AmountField.Submitted, "#part")
    def _part_entered(self, event: Field.Submitted) -> None:
        """On to the fields, when the amount is one and not more than is open."""
        event.stop()
        if not self._amount_right():
            return
        if self._kind is TenderKind.CASH:
            self._field(0).value = self._part.value
        if self._names():
            self.set_focus(self._field(0))
        else:
            self._add()

    def _amount_right(self) -> bool:
        """Whether the amount can be a part of this payment; says why not."""
        fen = self._part.fen
        if fen is None:
            self._complain(self._part.complaint)
        elif fen > self.rest_fen:
            self._complain(_("Only {rest} is still open.").format(rest=format_yuan(self.rest_fen)))
        else:
            self._complain("")
            return True
        self.set_focus(self._part)
        return False

    @on(AmountField.Rejected)
    def _rejected(self, event: AmountField.Rejected) -> None:
        """Say why nothing appeared."""
        event.stop()
        self._complain(pasted_rubbish())

    @on(SlipField.Pasted)
    def _pasted(self, event: SlipField.Pasted) -> None:
        """A slip was pasted: its fields go where they belong."""
        event.stop()
        for place, name in enumerate(self._names()):
            if name in event.found:
                self._field(place).value = event.found[name]

    @on(Field.Submitted, ".row SlipField")
    def _field_entered(self, event: Field.Submitted) -> None:
        """On to the next field; behind the last one the tender is added."""
        event.stop()
        place = int((event.input.id or "field-0").rpartition("-")[2])
        if place + 1 < len(self._names()):
            self.set_focus(self._field(place + 1))
        elif self._amount_right():
            self._add()

    def _add(self) -> None:
        """Add the tender when all its fields have their form."""
        tender = self._cash() if self._kind is TenderKind.CASH else self._paper()
        if tender is None:
            return
        if any(same_paper(tender, other) for other in self.tenders):
            self._complain(_("This paper is in the list already."))
            return
        self.tenders = (*self.tenders, tender)
        self._complain("")
        self._choose(None)

    def _cash(self) -> Tender | None:
        """Cash with its change, which nothing else gives."""
        fen, received = self._part.fen or 0, AmountField(self._field(0).value)
        if received.fen is None:
            self._complain(received.complaint)
        elif not 0 <= received.fen - fen <= CHANGE_FEN_MAX:
            self._complain(_("The cash received does not fit the amount."))
        else:
            return cash(fen, received.fen)
        return None

    def _paper(self) -> Tender | None:
        """The tender of a kind with fields."""
        assert self._kind is not None
        form = FORMS[self._kind]
        values = {name: form.tidy(name, self._field(place).value) for place, name in enumerate(form.fields)}
        for place, name in enumerate(form.fields):
            self._field(place).value = values[name]  # a whole card number stands nowhere any longer
        wrong = form.wrong(values)
        if wrong:
            label = _labels()[wrong]()
            self._complain(_("{field} is not as a slip prints it; nothing was added.").format(field=label))
            self.set_focus(self._field(self._names().index(wrong)))
            return None
        if not form.fields:
            return Tender(self._kind, self._part.fen or 0)
        return form.tender(self._part.fen or 0, values)

    def action_remove(self) -> None:
        """Take the last tender back."""
        self.tenders = self.tenders[:-1]
        self._choose(None)

    def action_leave(self) -> None:
        """A step back: from the fields to the kind, from there to the desk."""
        self._complain("")
        if self._kind is not None:
            self._choose(None)
        else:
            self.dismiss(())


def _once(kind: TenderKind) -> TenderKind | None:
    """``kind`` when a payment has it at most once."""
    return None if kind in (TenderKind.POS, TenderKind.TRANSFER, TenderKind.CHEQUE) else kind


def same_paper(one: Tender, other: Tender) -> bool:
    """Whether two tenders are one and the same paper."""
    reference = one.details.get("reference")
    return bool(reference) and (one.kind, reference) == (other.kind, other.details.get("reference"))


def _labels() -> dict[str, Callable[[], str]]:
    """What each field is called."""
    return {
        "received": lambda: _("Received"),
        "terminal": lambda: _("Terminal No."),
        "batch": lambda: _("Batch No."),
        "trace": lambda: _("Trace No."),
        "rrn": lambda: _("Reference No."),
        "card": lambda: _("Card No."),
        "bank": lambda: _("Bank"),
        "slip": lambda: _("Slip number"),
        "date": lambda: _("Date on the slip"),
        "payer": lambda: _("Payer's account"),
        "payer_name": lambda: _("Payer's name"),
        "cheque": lambda: _("Cheque No."),
    }
