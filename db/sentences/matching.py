"""Matching of statement lines with what the books expect."""

from __future__ import annotations

from counter.errors import NotAllowed, Refusal
from counter.i18n import N_
from db.sentences.sentence import SentenceTable

SENTENCES: SentenceTable = {
    "CN125": (
        NotAllowed,
        N_("This login does no matching."),
        N_("Nothing was matched."),
        N_("Ask a cashier or a supervisor."),
    ),
    "CN126": (
        Refusal,
        N_("Not that much is open any more."),
        N_("Nothing was matched."),
        N_("Refresh the screen: somebody matched or claimed part of it meanwhile."),
    ),
    "CN127": (
        Refusal,
        N_("Lines and items do not come to the same sum."),
        N_("Nothing was matched."),
        N_("Choose other lines or items, a smaller part, or say where the difference belongs."),
    ),
    "CN128": (
        Refusal,
        N_("This is not complete: {field}."),
        N_("Nothing was matched."),
        N_("Correct it and confirm again."),
    ),
    "CN129": (
        Refusal,
        N_("The payment of one of these items was reversed."),
        N_("Nothing was matched."),
        N_("Refresh the screen: what the bank sent for it stands as returned."),
    ),
    "CN130": (
        Refusal,
        N_("There is no such match, or it was taken back already."),
        N_("Nothing was changed."),
        N_("Refresh the list of matches."),
    ),
    "CN131": (
        Refusal,
        N_("The payment of one of these items was reversed after it had been matched."),
        N_("The match stays as it is."),
        N_("Match what the bank returned, or another item, with the item that stands as returned."),
    ),
    "CN132": (
        Refusal,
        N_("This suggestion is gone."),
        N_("Nothing was changed."),
        N_("Refresh the screen: it was used, turned down or made anew."),
    ),
    "CN133": (
        Refusal,
        N_("Bank and acquirer do not match with each other."),
        N_("Nothing was matched."),
        N_("Match POS slips with the acquirer's file, and its settlement with the bank's line."),
    ),
}
