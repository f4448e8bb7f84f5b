"""One payment by several tenders: kind by kind with the fields of its paper, until nothing is open."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import ModalScreen

from counter.domain.money import AmountError, format_yuan, parse_yuan
from counter.domain.tender_papers import PAPERS, FieldFault, read_slip
from counter.domain.tenders import Tender, TenderKind
from counter.errors import CounterError
from counter.i18n import _
from counter.services.ports import DeskSession
from counter.services.ports.cards import CardShown, CardState, ShowCard
from counter.ui import jobs
from counter.ui.split import AmountRefusal, Split
from counter.ui.widgets.choice import Choice
from counter.ui.widgets.field import AmountField, Field, pasted_rubbish
from counter.ui.widgets.label import Words
from counter.ui.words import amount_fault, paper_field, sentences, tender

_TENDERS_MAX = 20
_SHOWN_MAX = 2


class PaperText(Field):
    """A field of a paper; several pasted lines are a whole slip and go to all fields."""

    class SlipPasted(Message):
        """A slip came with all its lines."""

        def __init__(self, text: str) -> None:
            """Keep it until it is read; nothing of it is shown as it came."""
            super().__init__()
            self.text = text

    def on_paste(self, event: events.Paste) -> None:
        """One line goes into this field, several are a slip."""
        if len(event.text.splitlines()) > 1:
            event.stop()
            event.prevent_default()
            self.post_message(self.SlipPasted(event.text))
        else:
            super().on_paste(event)


class CardCame(Message):
    """The server looked at a card."""

    def __init__(self, card_no: str, shown: CardShown) -> None:
        """Keep what it said."""
        super().__init__()
        self.card_no = card_no
        self.shown = shown


class CardNotSeen(Message):
    """The server could not be asked."""

    def __init__(self, error: CounterError) -> None:
        """Keep why."""
        super().__init__()
        self.error = error


class SplitDialog(ModalScreen[tuple[Tender, ...] | None]):
    """Answers the tenders, which come to the total or more, or None when it was left."""

    CSS_PATH = "split.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("backspace", "take_back", show=False),
    ]

    def __init__(self, session: DeskSession, shift_id: int, split: Split, *, day: str = "") -> None:
        """For what ``split`` says; cards are shown to the server in this shift, ``day`` is on most papers."""
        super().__init__()
        self._day = day
        self._session = session
        self._shift_id = shift_id
        self._split = split
        self._asking = False

    def compose(self) -> ComposeResult:
        """What was given, what is open, the kind, its fields."""
        with Vertical(classes="dialog"):
            yield Words(self._title, classes="title")
            yield Words(self._given, id="given")
            yield Words(self._open, id="open")
            yield Choice(id="kind")
            yield Vertical(id="fields")
            yield Words(lambda: "", id="complaint")
            yield Words(self._keys, classes="keys", id="split-keys")

    def on_mount(self) -> None:
        """Offer the first kind."""
        self.watch(self.query_one("#kind"), "place", self._kind_changed, init=False)
        self._offer()

    @property
    def _kind(self) -> TenderKind | None:
        """The chosen kind; None when none can be offered."""
        value = self.query_one("#kind", Choice).value
        return TenderKind(value) if value else None

    def _title(self) -> str:
        """How much."""
        return _("Take {amount} by several tenders").format(amount=format_yuan(self._split.total_fen))

    def _given(self) -> str:
        """The tenders so far; of many the last ones, so that the fields stay on the screen."""
        given = self._split.given
        lines = [
            f"{tender(each.kind.value)}  {format_yuan(each.amount_fen)}  {each.details.get('reference', '')}"
            for each in given[-_SHOWN_MAX:]
        ]
        if len(given) > _SHOWN_MAX:
            earlier = sum(each.amount_fen for each in given[:-_SHOWN_MAX])
            words = _("{count} earlier, together {total}")
            said = words.format(count=len(given) - _SHOWN_MAX, total=format_yuan(earlier))
            lines.insert(0, said)
        return "\n".join(lines)

    def _open(self) -> str:
        """What is still to be laid down."""
        if self._done:
            return _("Nothing is open.")
        return _("Still open  {amount}").format(amount=format_yuan(self._split.open_fen))

    def _keys(self) -> str:
        """What Enter does now."""
        if self._done:
            return _("Enter  post    Backspace  undo the last    Esc  leave")
        return _("Left, right  kind    Enter  next    Backspace  undo the last    Esc  leave")

    @property
    def _done(self) -> bool:
        """Whether it is enough."""
        return bool(self._split.given) and self._split.open_fen == 0

    def _offer(self) -> None:
        """The kinds that are possible now, and the fields of the first."""
        for name in ("#given", "#open", "#split-keys"):
            self.query_one(name, Words).relabel()
        choice = self.query_one("#kind", Choice)
        kinds = [] if self._done or len(self._split.given) == _TENDERS_MAX else self._split.kinds()
        choice.show_options([(kind.value, self._label(kind)) for kind in kinds])
        choice.focus()
        self._kind_changed()

    def _label(self, kind: TenderKind) -> str:
        """A kind, and whether a supervisor will be asked."""
        if self._split.needs_supervisor(kind):
            return _("{tender} (needs a supervisor)").format(tender=tender(kind.value))
        return tender(kind.value)

    def _kind_changed(self) -> None:
        """Other fields, after whatever is being laid out now."""
        self.call_later(self._show_fields)

    async def _show_fields(self) -> None:
        """The fields of the chosen kind, and the amount."""
        kind = self._kind
        rows: list[Horizontal] = []
        if kind is not None:
            for field in PAPERS[kind].fields:
                preset = self._day if field.name == "date" else ""
                text = PaperText(preset, id=f"paper-{field.name}", password=field.secret)
                rows.append(Horizontal(Words(partial(paper_field, field.caption)), text))
            if kind is not TenderKind.RECHARGE_CARD:
                amount = AmountField(format_yuan(self._split.preset_fen(kind)), id="part")
                rows.append(Horizontal(Words(lambda: _("Amount")), amount))
            if kind is TenderKind.CASH:
                rows.append(Horizontal(Words(lambda: _("Received")), AmountField(id="part-received")))
        fields = self.query_one("#fields", Vertical)
        await fields.remove_children()
        await fields.mount_all(rows)

    @on(Choice.Chosen)
    def _kind_chosen(self) -> None:
        """On to its fields; with nothing open this is the last Enter."""
        if self._done:
            self.dismiss(tuple(self._split.given))
            return
        fields = self.query("#fields Field").results(Field)
        first = next(iter(fields), None)
        if first is not None:
            first.focus()

    @on(PaperText.SlipPasted)
    def _slip_pasted(self, message: PaperText.SlipPasted) -> None:
        """Fill what the slip prints; say when it prints nothing that is known."""
        kind = self._kind
        found = read_slip(PAPERS[kind], message.text) if kind else {}
        for name, text in found.items():
            self.query_one(f"#paper-{name}", Field).value = text
        self._complain("" if found else _("This is no slip of this kind; nothing of it was taken over."))

    @on(AmountField.Rejected)
    def _rejected(self, event: AmountField.Rejected) -> None:
        """Say why nothing appeared."""
        event.stop()
        self._complain(pasted_rubbish())

    @on(Field.Submitted)
    def _entered(self, event: Field.Submitted) -> None:
        """On to the next field; behind the last one lay it down."""
        event.stop()
        fields = list(self.query("#fields Field").results(Field))
        place = fields.index(event.input) + 1  # type: ignore[arg-type]
        if event.input.id == "part" and place < len(fields) and not fields[place].value:
            fields[place].value = event.value
        if place < len(fields):
            fields[place].focus()
        else:
            self._lay_down()

    def _lay_down(self) -> None:
        """Check it all, and take it or say what is wrong."""
        kind = self._kind
        if kind is None or self._asking:
            return
        typed = {field.name: self._typed(field.name) for field in PAPERS[kind].fields}
        try:
            typed = PAPERS[kind].values(typed)
            amount_fen = 0 if kind is TenderKind.RECHARGE_CARD else parse_yuan(self._amount("part"))
            received_fen = (
                parse_yuan(self._amount("part-received")) if kind is TenderKind.CASH else amount_fen
            )
        except FieldFault as fault:
            said = _("{field} is not as the paper prints it; nothing was taken.")
            self._complain(said.format(field=paper_field(fault.field.caption)))
            self.query_one(f"#paper-{fault.field.name}").focus()
            return
        except AmountError as error:
            self._complain(amount_fault(error.reason))
            return
        if self._split.holds(kind, typed):
            self._complain(_("This paper is in the list already."))
            return
        if kind is TenderKind.RECHARGE_CARD:
            self._show_card(typed)
            return
        refusal = self._split.refusal(kind, amount_fen, received_fen)
        if refusal is not None:
            self._complain(self._refusal_words(refusal))
            return
        self._split.add(kind, amount_fen, received_fen, typed)
        self._complain("")
        self._offer()

    def _typed(self, name: str) -> str:
        """What stands in the field of a paper."""
        return self.query_one(f"#paper-{name}", Field).value

    def _amount(self, field_id: str) -> str:
        """What stands in a field of an amount."""
        return self.query_one(f"#{field_id}", AmountField).value

    def _refusal_words(self, refusal: AmountRefusal) -> str:
        """Why an amount is not taken."""
        if refusal is AmountRefusal.MORE_THAN_OPEN:
            words = _("Only {amount} is open; change is given from cash received.")
            return words.format(amount=format_yuan(self._split.open_fen))
        if refusal is AmountRefusal.MORE_THAN_BALANCE:
            return _("The balance has only {amount}.").format(amount=format_yuan(self._split.own_fen))
        return _("The cash received is less than the amount.")

    def _show_card(self, typed: dict[str, str]) -> None:
        """Prove the secret to the server, once; the field is emptied first."""
        self.query_one("#paper-secret", Field).value = ""
        self._asking = True
        request = ShowCard(self._shift_id, typed["card_no"], typed["secret"])
        jobs.start(
            self,
            partial(self._session.cards.show, request),
            partial(CardCame, typed["card_no"]),
            CardNotSeen,
        )

    @on(CardCame)
    def _card_came(self, message: CardCame) -> None:
        """Lay it down, or say what is wrong with it."""
        self._asking = False
        shown = message.shown
        if shown.state is CardState.SHOWN:
            self._split.add(TenderKind.RECHARGE_CARD, shown.face_fen, 0, {"card_no": message.card_no})
            self._complain("")
            self._offer()
            return
        self._complain(_card_words(shown))
        self.query_one("#paper-card_no").focus()

    @on(CardNotSeen)
    def _card_not_seen(self, message: CardNotSeen) -> None:
        """Say why; a try may have been counted."""
        self._asking = False
        self._complain(sentences(message.error))

    def _complain(self, text: str) -> None:
        """Say what is wrong, or that nothing is any more."""
        self.query_one("#complaint", Words).say(lambda: text)

    def action_take_back(self) -> None:
        """The last tender goes back."""
        self._split.take_back()
        self._complain("")
        self._offer()

    def action_leave(self) -> None:
        """From a field to the kinds; from there without an answer."""
        if self.query_one("#kind").has_focus:
            self.dismiss(None)
        else:
            self.query_one("#kind").focus()


def _card_words(shown: CardShown) -> str:
    """What is wrong with a card."""
    if shown.state is CardState.WRONG:
        return _("The secret is wrong; {count} tries are left before the card locks.").format(
            count=shown.tries_left
        )
    return {
        CardState.LOCKED: _("The card is locked after five wrong secrets."),
        CardState.REDEEMED: _("The card was redeemed before."),
        CardState.STOCK: _("The card was never sold: keep it and tell a supervisor."),
    }.get(shown.state, _("There is no such card."))
