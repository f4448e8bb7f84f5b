"""Receipts of the bank that nobody has claimed, breaks, and payers whose slips never came."""

from __future__ import annotations

from counter.errors import BalanceChanged, Refusal
from counter.i18n import N_
from db.sentences.sentence import SentenceTable

SENTENCES: SentenceTable = {
    "CN140": (
        Refusal,
        N_("A receipt of the bank is claimed by itself."),
        N_("Nothing was saved."),
        N_("Take whatever else is paid as a payment of its own: the receipt counts from the bank's day."),
    ),
    "CN141": (
        Refusal,
        N_("There is no such receipt of the bank."),
        N_("Nothing was saved."),
        N_("Open the list of unidentified receipts again and choose it there."),
    ),
    "CN142": (
        Refusal,
        N_("These receipts are of different days: {first_day} and {last_day}."),
        N_("Nothing was saved."),
        N_("Claim the receipts of each day in a payment of its own; the late fee stops on that day."),
    ),
    "CN143": (
        BalanceChanged,
        N_("Only {open} of this receipt is open any more."),
        N_("Last claimed: {staff_name}, {taken_at}, receipt {receipt_no}. Nothing was saved now."),
        N_("Open the list again; if the customer's slip is genuine, look at that receipt."),
    ),
    "CN145": (
        Refusal,
        N_("A slip of this payer never arrived: {reference}, {amount}, {days} days ago."),
        N_("{staff_name} took it on {taken_at} in {hall_name}, receipt {receipt_no}. Nothing was saved now."),
        N_("Take another tender. Only the arrival or the reversal of that slip lifts this."),
    ),
    "CN146": (
        Refusal,
        N_("This line or item is not open any more."),
        N_("Nothing was saved."),
        N_("Read the list again."),
    ),
    "CN147": (
        Refusal,
        N_("A break has a state, an owner of the house and a note of at most 200 characters."),
        N_("Nothing was saved."),
        N_("Say in the note why it is explained or what it waits for."),
    ),
}
