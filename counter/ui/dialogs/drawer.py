"""The drawer of simulated cards: put one in, pull it, also in the middle of a write, or take it home."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.services.ports.vends import DrawerCard, DrawerState
from counter.ui import jobs
from counter.ui.messages_vends import CardCameHome, DrawerListed, DrawerMoved
from counter.ui.vend_words import drawer_kind, home_words
from counter.ui.widgets.label import Words
from counter.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from counter.services.ports.vends import CardDrawer


class DrawerTable(Table[DrawerCard]):
    """What is in the reader is marked with a word, not only a colour."""

    def __init__(self) -> None:
        """What is special, whose, counts and amounts on card and meter."""
        super().__init__(
            (
                Column(_no_heading, _place, 9, strong=True),
                Column(lambda: _("What card"), lambda row: drawer_kind(row.kind), 20, grows=True),
                Column(lambda: _("Account"), lambda row: row.account_no or "-", 12),
                Column(lambda: _("Vends"), lambda row: str(row.vend_count), 5, right=True),
                Column(lambda: _("Amount"), lambda row: format_yuan(row.wallet_fen), 8, right=True),
                Column(lambda: _("On meter"), _meter, 8, right=True),
            ),
            id="drawer",
        )


class DrawerDialog(ModalScreen[None]):
    """It goes away as soon as a card was moved, so that one sees what comes of it."""

    CSS_PATH = "drawer.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False),
        Binding("delete,backspace", "pull", show=False),
        Binding("f2", "home", show=False),
    ]

    def __init__(self, drawer: CardDrawer) -> None:
        """The cards of this desk."""
        super().__init__()
        self._drawer = drawer
        self._said = ""

    def compose(self) -> ComposeResult:
        """The cards, what a meter did, the keys."""
        with Vertical(classes="dialog"):
            yield Words(lambda: _("SIMULATED cards of the demonstration"), classes="title")
            yield DrawerTable()
            yield Words(lambda: self._said, id="said")
            yield Words(
                lambda: _("Enter  put in, or pull    Del  pull    F2  home to the meter    Esc"),
                classes="keys",
            )

    def on_mount(self) -> None:
        """Show them, with the cursor where it was useful last."""
        self.set_focus(self.query_one(DrawerTable))
        self._list()

    def _list(self) -> None:
        """Look into the drawer."""
        jobs.start(self, self._drawer.cards, DrawerListed)

    @on(DrawerListed)
    def _listed(self, message: DrawerListed) -> None:
        """Show it; at first the cursor is on the card in the reader."""
        table = self.query_one(DrawerTable)
        inside = [n for n, card in enumerate(message.cards) if card.state is DrawerState.READER]
        table.show_rows(message.cards, cursor=table.cursor if table.rows or not inside else inside[0])

    @on(Table.Chosen, "#drawer")
    def _chosen(self, message: Table.Chosen) -> None:
        """Enter puts it in, or pulls it when it is in."""
        message.stop()
        card: DrawerCard = message.row
        if card.state is DrawerState.READER:
            self.action_pull()
        else:
            self._move(partial(self._drawer.insert, card.card_id))

    def action_pull(self) -> None:
        """Take out whatever is in there."""
        self._move(self._drawer.pull)

    def _move(self, move: Callable[[], None]) -> None:
        """Do it in a job; the reader tells the rest of the program."""
        jobs.start(self, move, lambda _none: DrawerMoved())

    @on(DrawerMoved)
    def _moved(self) -> None:
        """See what comes of it."""
        if self.is_current:
            self.dismiss()

    def action_home(self) -> None:
        """The card under the cursor goes home to its meter."""
        card = self.query_one(DrawerTable).current
        if card is not None:
            jobs.start(self, partial(self._drawer.take_home, card.card_id), CardCameHome)

    @on(CardCameHome)
    def _came_home(self, message: CardCameHome) -> None:
        """Say what the meter did."""
        self.query_one("#said", Words).say(lambda: home_words(message.result))
        self._list()


def _no_heading() -> str:
    """The column of the mark has none."""
    return ""


def _place(card: DrawerCard) -> str:
    """Where it is."""
    return _("in reader") if card.state is DrawerState.READER else ""


def _meter(card: DrawerCard) -> str:
    """What its meter has left."""
    return format_yuan(card.meter_fen) if card.meter_no else "-"
