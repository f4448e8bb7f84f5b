"""Words and sentences about prepaid cards: reader, findings, steps, states, and what a meter did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter.domain.money import format_yuan
from counter.i18n import N_, _
from counter.ui.vend_offer import Finding

if TYPE_CHECKING:
    from datetime import datetime

    from counter.services.ports.vends import CardView, HomeResult, Slot

_SLOTS = {
    "no_service": N_("no card service"),
    "no_reader": N_("no reader"),
    "no_sam": N_("no SAM"),
    "empty": N_("reader ready"),
    "card": N_("card in"),
    "mute": N_("card mute"),
    "busy": N_("reader busy"),
}
_FINDINGS = {
    Finding.NO_CARD: (N_("There is no card in the reader."), N_("Put the customer's card in.")),
    Finding.NO_CARD_OPEN_VEND: (
        N_("A vend of this account is paid and not finished."),
        N_("Put its card in; then Enter goes on. Do not take the money again."),
    ),
    Finding.NEW_FOR_OPENING: (
        N_("This is a new card, and the account has none yet."),
        N_("Type the first amount: the card is opened with it."),
    ),
    Finding.NEW_FOR_REPLACING: (
        N_("This is a new card; the account has another one."),
        N_("Enter replaces a lost or broken card by it. Nothing is sold; the old one is worth nothing then."),
    ),
    Finding.NEW_ALONE: (
        N_("This is a new card; it belongs to nobody."),
        N_("Open the customer's account first, then press F12 again."),
    ),
    Finding.NOBODY_KNOWS: (
        N_("The account on this card is not known here."),
        N_("Do not sell on it. It can be looked at only."),
    ),
    Finding.OTHER_ACCOUNT: (
        N_("This card belongs to another account than the one that was open."),
        N_("Do not sell on it for this customer. Esc, then put it in again to open its own account."),
    ),
    Finding.OTHER_CARD: (
        N_("This is not the card that is in use for this account."),
        N_("It was replaced or returned. Ask for the newer card."),
    ),
    Finding.OPEN_VEND: (
        N_("A vend on this card is paid and not finished."),
        N_("Enter reads the card and finishes it; nothing is paid again. ^B takes it back."),
    ),
    Finding.OPEN_VEND_OTHER_CARD: (
        N_("A vend of this account waits on another card."),
        N_("Put that card in; or a supervisor decides in the list (⇧F1)."),
    ),
    Finding.READY: (
        N_("The meter has taken the last vend."),
        N_("Power can be sold: type the amount."),
    ),
    Finding.NOT_INSERTED: (
        N_("The meter has not taken the last vend yet."),
        N_("No new vend: the customer inserts the card at home first. ^B takes the last vend back."),
    ),
    Finding.NOT_INSERTED_SOLD_ELSEWHERE: (
        N_("The meter has not taken the last vend yet."),
        N_("No new vend: the customer inserts the card at home first. It was not sold by this program."),
    ),
    Finding.BOOKING_LOST: (
        N_("The card holds a vend that is not in the books."),
        N_("Book its money now; nothing is written on the card."),
    ),
    Finding.NEVER_WRITTEN: (
        N_("The books have a vend that this card never got."),
        N_("Enter writes it now; nothing is paid again. ^B takes it back."),
    ),
    Finding.BEHIND: (
        N_("The card of this account is behind the books."),
        N_("Enter writes the last count and its amount on it again. Nothing is sold."),
    ),
    Finding.FOREIGN: (
        N_("The counts of this card do not fit the books."),
        N_("Do not sell on it. A new card replaces it; tell a supervisor."),
    ),
}
_STEPS = {
    "connect": N_("Find the card"),
    "authenticate": N_("Prove the keys"),
    "parameters": N_("Write the parameters"),
    "wallet": N_("Write the amount"),
    "clear_writeback": N_("Clear the write-back"),
    "read_back": N_("Read all back"),
    "compare": N_("Compare"),
}
STEPS = tuple(_STEPS)
_STATES = {
    "pending": N_("not written"),
    "writing": N_("being written"),
    "in_doubt": N_("in doubt"),
    "written": N_("written"),
    "undone": N_("taken back"),
}
_KINDS = {
    "opening": N_("Card opening"),
    "purchase": N_("Card purchase"),
    "replacement": N_("Card replacement"),
    "booking": N_("Booking completed"),
}
_TYPES = {"01": N_("opening card"), "02": N_("purchase card"), "03": N_("replacement card")}
_DRAWER_KINDS = {
    "new": N_("new, blank"),
    "in_use": N_("in use"),
    "not_inserted": N_("not inserted at home"),
    "never_written": N_("last vend never written"),
    "booking_lost": N_("last booking lost"),
    "torn": N_("slips out while written"),
    "worn_out": N_("worn out"),
    "foreign": N_("of another bureau"),
}
_HOME = {
    "credited": N_("The meter took the amount and wrote back."),
    "parameters": N_("Nothing new on the card: the meter wrote back only."),
    "old_card": N_("The meter refused: the card is older than the meter's count."),
    "not_empty": N_("The meter gave no credit: the write-back was not empty."),
    "above_limit": N_("The meter gave no credit: its balance would be above the limit."),
    "too_far": N_("The meter refused: a vend is missing in between."),
    "other_meter": N_("The card belongs to no meter, or to another one."),
    "not_read": N_("The meter cannot read this card."),
}


def slot_word(slot: Slot) -> str:
    """The reader in a word or two; empty where there is none."""
    state = slot.state.value
    if state not in _SLOTS:
        return ""
    return _("card in the wrong slot") if slot.wrong_slot else _(_SLOTS[state])


def finding_words(finding: Finding) -> tuple[str, str]:
    """What a card is, and what may be done."""
    what, may = _FINDINGS[finding]
    return _(what), _(may)


def step_word(step: str) -> str:
    """A step of a write; one that is new is shown as it is called."""
    return _(_STEPS[step]) if step in _STEPS else step


def vend_state(value: str) -> str:
    """How a vend stands."""
    return _(_STATES[value]) if value in _STATES else value


def vend_kind(value: str) -> str:
    """What kind of vend it is."""
    return _(_KINDS[value]) if value in _KINDS else value


def card_type(value: str) -> str:
    """What a card is for, by its byte."""
    return f"{value} {_(_TYPES[value])}" if value in _TYPES else value


def drawer_kind(value: str) -> str:
    """What is special about a card of the demonstration."""
    return _(_DRAWER_KINDS[value]) if value in _DRAWER_KINDS else value


def home_words(result: HomeResult) -> str:
    """What the meter at home did."""
    return _(_HOME[result.value])


def age(began_at: datetime, now: datetime) -> str:
    """How long a vend has been open: minutes, hours or days."""
    minutes = max(0, int((now - began_at).total_seconds()) // 60)
    if minutes < 2 * 60:
        return _("{count} min").format(count=minutes)
    if minutes < 2 * 24 * 60:
        return _("{count} h").format(count=minutes // 60)
    return _("{count} days").format(count=minutes // (24 * 60))


def writeback_words(card: CardView) -> str:
    """What the meter wrote back."""
    if card.writeback_count is None:
        return _("none: not inserted since")
    return _("count {count}").format(count=card.writeback_count)


def remaining_words(card: CardView) -> str:
    """What the meter had left when it last saw the card."""
    return "-" if card.remaining_fen is None else format_yuan(card.remaining_fen)
