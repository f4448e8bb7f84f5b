"""Prepaid cards: what is sold onto them, taken back, decided, and which card and meter are in use."""

from __future__ import annotations

from counter.errors import BalanceChanged, Refusal
from counter.i18n import N_
from db.sentences.sentence import SentenceTable

SENTENCES: SentenceTable = {
    "CN081": (
        Refusal,
        N_("The card is for another meter than the books have: {meter_no}."),
        N_("Nothing was saved."),
        N_("If another meter was put up, enter the change of the meter first."),
    ),
    "CN082": (
        Refusal,
        N_("This is not the card of the account that is in use."),
        N_("Nothing was saved. In use is {in_use}."),
        N_("Take the card that is in use, or replace it by this one."),
    ),
    "CN083": (
        BalanceChanged,
        N_("The books are at another vend count: the next one is {wanted}."),
        N_("Nothing was saved."),
        N_("Read the card again and sell once more."),
    ),
    "CN084": (
        Refusal,
        N_("The amount has to be between 0.01 and {limit} yuan."),
        N_("Nothing was saved."),
        N_("Sell less at once; the limits are set by the administrator."),
    ),
    "CN085": (
        Refusal,
        N_("The account is closed: nothing is sold on it."),
        N_("Nothing was saved."),
        N_("Ask the customer for the account that is in use."),
    ),
    "CN086": (
        Refusal,
        N_("This sale is settled already: receipt {receipt_no}."),
        N_("Nothing was changed."),
        N_("Look at the last sales of the account."),
    ),
    "CN087": (
        Refusal,
        N_("There is no such sale onto a card."),
        N_("Nothing was changed."),
        N_("Open the list again."),
    ),
    "CN088": (
        Refusal,
        N_("What was read from the card does not prove that."),
        N_("Nothing was changed. The sale is count {vend_count} on card {card_serial}."),
        N_("Insert that card and read it again."),
    ),
    "CN089": (
        Refusal,
        N_("The meter has taken this sale: it cannot be taken back."),
        N_("Nothing was changed. Receipt {receipt_no} stands."),
        N_("Explain to the customer that the power is in the meter."),
    ),
    "CN090": (
        Refusal,
        N_("The card still has this sale, or was not read without it."),
        N_("Nothing was changed. The sale is count {vend_count} on card {card_serial}."),
        N_("Clear the card and read it again; without the card a supervisor decides."),
    ),
    "CN091": (
        Refusal,
        N_("Receipt {receipt_no} is a sale onto a card: it is not reversed like a payment."),
        N_("Nothing was saved."),
        N_("Insert the card and undo the sale there."),
    ),
    "CN092": (
        Refusal,
        N_("Something was sold on this meter since: only the last sale can be taken back."),
        N_("Nothing was changed. Receipt {receipt_no} stands."),
        N_("Look at the last sales of the account."),
    ),
    "CN093": (
        Refusal,
        N_("Card {card_serial} is in use for another account."),
        N_("Nothing was saved."),
        N_("Take another card, or have that one returned first."),
    ),
    "CN094": (
        Refusal,
        N_("This account does not need a new card like that."),
        N_("Nothing was saved. In use is {in_use}."),
        N_("A first card is opened, a lost or broken one is replaced."),
    ),
    "CN095": (
        Refusal,
        N_("The request is not in order: something is missing."),
        N_("Nothing was saved."),
        N_("Enter a reason of at most 200 characters and try again."),
    ),
    "CN096": (
        Refusal,
        N_("This was sold in another hall: receipt {receipt_no}."),
        N_("Nothing was changed."),
        N_("The hall that took the money takes it back or decides."),
    ),
    "CN097": (
        Refusal,
        N_("Card {card_serial} is not in use."),
        N_("Nothing was saved."),
        N_("Read the card again; what was returned is not returned twice."),
    ),
    "CN098": (
        Refusal,
        N_("This cannot be the new meter: {meter_no}."),
        N_("Nothing was saved."),
        N_("Enter the 12 digits of the new meter and the count that it begins with."),
    ),
    "CN099": (
        Refusal,
        N_("A sale of this account is not settled yet: receipt {receipt_no}."),
        N_("{staff_name} sold it on {taken_at}. Nothing was saved now."),
        N_("Read its card first, or let a supervisor decide; then sell again."),
    ),
    "CN110": (
        Refusal,
        N_("The day cannot be closed: {count} sales of power are not settled."),
        N_("Nothing was saved."),
        N_("Settle them, or let a supervisor sign for them."),
    ),
    "vend_one_open": (
        BalanceChanged,
        N_("Another desk is selling onto a card of this account."),
        N_("Nothing was saved."),
        N_("Open the account again and look at its last sales."),
    ),
}
