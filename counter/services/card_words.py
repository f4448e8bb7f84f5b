"""Faults of cards and readers as the person at the desk needs to hear them."""

from __future__ import annotations

from collections.abc import Mapping

from cardio import errors
from counter.errors import Refusal
from counter.i18n import N_, _

_Words = tuple[str, str]

_NOTHING = N_("Nothing was written on the card.")
_UNKNOWN = N_("It is not known whether the card was written.")

_SAID: Mapping[type[errors.CardError], _Words] = {
    errors.NoService: (
        N_("The card service of this computer does not answer."),
        N_("Ask the administrator to start it; the program goes on by itself. Everything else works."),
    ),
    errors.NoReader: (
        N_("The card reader is not connected."),
        N_("Check its cable; the program finds it by itself."),
    ),
    errors.ReaderBusy: (
        N_("Another program uses the card reader."),
        N_("Close it, or wait a moment and try again."),
    ),
    errors.ReaderStuck: (
        N_("The card gives no answer."),
        N_("Take the card out, put it in again and read it."),
    ),
    errors.NoCard: (N_("There is no card in the reader."), N_("Put the card in.")),
    errors.CardMute: (
        N_("This card does not answer."),
        N_("Turn it over or clean it; a card that is worn out is replaced."),
    ),
    errors.CardLost: (
        N_("The card was taken out too early, or the contact was lost."),
        N_("Put the same card in again: it is read, and then it is certain."),
    ),
    errors.CardSwapped: (
        N_("This is another card than the one before."),
        N_("Put the first card in again."),
    ),
    errors.AccessRefused: (
        N_("The card does not accept our key. It is not tried again."),
        N_("Do not use this card here again; tell the administrator."),
    ),
    errors.LastTry: (
        N_("This card has one try left before it locks; this program does not use it."),
        N_("Tell the administrator."),
    ),
    errors.CardRefused: (
        N_("The card refused a step."),
        N_("Put it in again; if it happens again, the card is replaced."),
    ),
    errors.Garbled: (
        N_("The card's answer cannot be understood."),
        N_("Take it out, clean it and try again."),
    ),
    errors.Damaged: (
        N_("A write on this card was broken off in the middle."),
        N_("Finish its vend from the list of unfinished ones, with this card in the reader."),
    ),
    errors.NotCompared: (
        N_("What the card holds now is not what was written."),
        N_("Read the card again before anything else."),
    ),
    errors.UnknownCard: (
        N_("This is no card for electricity, or one that is not known here."),
        N_("Look whether the customer has another card."),
    ),
    errors.KeysMissing: (
        N_("The security module is missing or has not the right keys."),
        N_("Check the small card in the second slot; cards can be read meanwhile."),
    ),
}


def told(error: errors.CardError | None) -> Refusal:
    """The three sentences for a fault; None is a desk without a reader."""
    if error is None:
        return Refusal(
            _("This desk has no card reader."),
            _(_NOTHING),
            _("Serve the customer at a desk with a reader, or set one up (docs/settings.md)."),
        )
    title, hint = next(
        (_SAID[kind] for kind in type(error).__mro__ if kind in _SAID),
        (N_("Something is wrong with the card or the reader."), N_("Try again.")),
    )
    code = f" ({error.sw:04X})" if isinstance(error, errors.CardRefused) else ""
    return Refusal(_(title) + code, _(_UNKNOWN if error.maybe_written else _NOTHING), _(hint))
