"""A card beside the books, line by line, what that means, and the raw bytes on request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports.vends import CardBooks, CardView
from counter.ui.cells import clip, fit, plain
from counter.ui.vend_offer import CardCase, is_same_number
from counter.ui.vend_words import (
    card_type,
    finding_words,
    remaining_words,
    vend_state,
    writeback_words,
)
from counter.ui.widgets.label import Words

Thing = TypeVar("Thing", CardView, CardBooks)

_CAPTION_CELLS = 15
_CELLS = 33
_BOOKS_CELLS = 29
_BYTES_IN_LINE = 16
_CLOCK_DIGITS = 10


class CardFacts(Vertical):
    """Shows one case; ``F11`` shows the bytes instead."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        super().__init__(id="card-facts")
        self._case = CardCase(None, None)

    def compose(self) -> ComposeResult:
        """The lines, the meaning, the bytes."""
        yield Words(self._lines, id="lines")
        yield Words(self._meaning, id="meaning")
        with VerticalScroll(id="bytes"):
            yield Words(self._bytes)

    def on_mount(self) -> None:
        """No bytes unless somebody asks."""
        self.show_bytes(False)

    def show(self, case: CardCase) -> None:
        """Another card, or other books."""
        self._case = case
        for words in self.query(Words):
            words.relabel()

    @property
    def bytes_shown(self) -> bool:
        """Whether the bytes are on the screen."""
        return bool(self.query_one("#bytes").display)

    def show_bytes(self, shown: bool) -> None:  # noqa: FBT001  (a state, not a flag)
        """Show the bytes, or hide them."""
        self.query_one("#bytes").display = shown
        self.query_one("#lines").display = not shown

    def _lines(self) -> Content:
        """Every fact, the card at the left and the books at the right."""
        rows = [Content.styled(_row("", _("On the card"), _("In the books")), "bold $quiet")]
        rows += [
            Content.assemble((fit(caption, _CAPTION_CELLS), "$quiet"), _pair(card, books))
            for caption, card, books in self._facts()
        ]
        return Content("\n").join(rows)

    def _facts(self) -> Iterator[tuple[str, str, str]]:
        """Caption, card, books."""
        card, books = self._case.card, self._case.books
        account_no, meter_no = (books.account_no, books.meter_no) if books else ("", "")
        yield _("Account"), _of(card, lambda it: _number(it.account_no, account_no)), _of(books, _who)
        yield _("Meter"), _of(card, lambda it: _number(it.meter_no, meter_no)), meter_no
        yield _("Card"), _of(card, _plastic), _of(books, lambda it: it.card_serial)
        yield _("Vend count"), _of(card, lambda it: str(it.vend_count)), _of(books, _count)
        yield _("Amount"), _of(card, lambda it: format_yuan(it.wallet_fen)), _of(books, _last)
        yield _("Write-back"), _of(card, _written_back), _of(books, _limit)
        yield _("Remaining"), _of(card, _remaining), _of(books, _owed)
        yield _("Alarms"), _of(card, _alarms), _of(books, _prepaid)

    def _meaning(self) -> Content:
        """What it is, and what may be done."""
        what, may = finding_words(self._case.finding)
        return Content.assemble((what, "bold $accent"), "\n", may)

    def _bytes(self) -> str:
        """Every file as it was read: where, and sixteen bytes a line."""
        card = self._case.card
        if card is None or not card.raw:
            return _("No bytes were read.")
        return "\n".join(line for name, content in card.raw.items() for line in _dump(name, content))


def _dump(name: str, content: bytes) -> Iterator[str]:
    """One file."""
    yield plain(_("File {name}, {count} bytes").format(name=name, count=len(content)))
    for start in range(0, len(content), _BYTES_IN_LINE):
        yield f"  {start:04X}  {content[start : start + _BYTES_IN_LINE].hex(' ').upper()}"


def _of(thing: Thing | None, say: Callable[[Thing], str]) -> str:
    """What is said of something that may not be there."""
    return "" if thing is None else say(thing) or "-"


def _row(caption: str, card: str, books: str) -> str:
    """Three columns."""
    return fit(caption, _CAPTION_CELLS) + _pair(card, books)


def _pair(card: str, books: str) -> str:
    """Card and books."""
    return f"{fit(card, _CELLS)} {clip(books, _BOOKS_CELLS)}"


def _number(on_card: str, in_books: str) -> str:
    """A number as the books write it, when it is theirs: a card has no zeros in front."""
    return in_books if on_card and is_same_number(on_card, in_books) else on_card


def _who(books: CardBooks) -> str:
    """Number and name."""
    return f"{books.account_no} {books.account_name}"


def _plastic(card: CardView) -> str:
    """Its own number and what it is for."""
    return f"{card.serial} {card_type(card.card_type)}"


def _count(books: CardBooks) -> str:
    """The last count booked."""
    return str(books.vend_count)


def _last(books: CardBooks) -> str:
    """The vend that is open, or the last one."""
    vend = books.open_vend or next(iter(books.last_vends), None)
    if vend is None:
        return _("no vend yet")
    return f"{format_yuan(vend.amount_fen)} {vend.began_at:%m-%d} {vend_state(vend.state.value)}"


def _written_back(card: CardView) -> str:
    """Which count the meter has, and when by its own clock."""
    said, at = writeback_words(card), card.written_at
    if card.writeback_count is None or len(at) != _CLOCK_DIGITS or not at.strip("0"):
        return said
    return f"{said}  {at[0:2]}-{at[2:4]}-{at[4:6]} {at[6:8]}:{at[8:10]}"


def _limit(books: CardBooks) -> str:
    """The most that may be sold now."""
    return _("at most {amount} now").format(amount=format_yuan(books.limit_fen))


def _remaining(card: CardView) -> str:
    """What is left on the meter, and what it is owed."""
    said = _("overdraft {amount}").format(amount=format_yuan(card.overdraft_fen))
    return f"{remaining_words(card)}  {said}"


def _owed(books: CardBooks) -> str:
    """Arrears of the account."""
    return _("owed {amount}").format(amount=format_yuan(books.arrears_fen))


def _prepaid(books: CardBooks) -> str:
    """Balance of the account."""
    return _("prepaid balance {amount}").format(amount=format_yuan(books.prepaid_fen))


def _alarms(card: CardView) -> str:
    """When the meter warns, and how often it saw a wrong card."""
    words = _("{first} and {second}; wrong cards {count}")
    return words.format(
        first=format_yuan(card.alarm1_fen), second=format_yuan(card.alarm2_fen), count=card.illegal_inserts
    )
