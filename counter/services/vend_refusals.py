"""What is refused of a vend because of what the card in the reader holds: each in three sentences."""

from __future__ import annotations

from cardio.contents import CardContents
from cardio.errors import Damaged
from counter.domain.money import format_yuan
from counter.errors import Refusal
from counter.i18n import _
from db.queries import vends


def taken_by_meter() -> Refusal:
    """The credit is in the meter: it cannot be taken back from the card."""
    return Refusal(
        _("The meter has taken this vend already."),
        _("Nothing was undone; the card was not changed."),
        _("What the customer does not need stays on the meter, or is refunded by a supervisor."),
    )


def further_on(vend: vends.VendRow, contents: CardContents) -> Refusal:
    """The card counts further than the books: somebody else wrote on it, or it is another meter's."""
    return Refusal(
        _("The card counts further than the books."),
        _("Nothing was written: {card} on the card, {books} in the books.").format(
            card=contents.vend_count, books=vend.vend_count
        ),
        _("Keep the card and let a supervisor decide."),
    )


def another_card(vend: vends.VendRow) -> Refusal:
    """The card in the reader is not the one that this vend belongs to."""
    return Refusal(
        _("This is not the card of this vend."),
        _("Nothing was written. The vend belongs to the card ending in {serial}.").format(
            serial=vend.card_serial[-4:]
        ),
        _("Put that card in; when it is lost, replace it or let a supervisor decide."),
    )


def still_on_card(amount_fen: int) -> Refusal:
    """A card that is to be cleared holds what nobody has taken off it."""
    return Refusal(
        _("The card holds {amount} that no meter has taken.").format(amount=format_yuan(amount_fen)),
        _("Nothing was done; the card was not changed."),
        _("Take that sale back first, or let the customer insert the card at home."),
    )


def is_torn(refused: Refusal, vend: vends.VendRow) -> bool:
    """Whether it is the vend's own card, and a write on it was broken off in the middle of a file."""
    torn = refused.__cause__
    return isinstance(torn, Damaged) and torn.serial == vend.card_serial
