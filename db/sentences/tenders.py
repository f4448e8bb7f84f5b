"""Payments: their tenders, recharge cards, what they settle."""

from __future__ import annotations

from counter.errors import BalanceChanged, Refusal
from counter.i18n import N_
from db.sentences.sentence import SentenceTable

SENTENCES: SentenceTable = {
    "CN006": (
        BalanceChanged,
        N_("This is more than the bill still owes."),
        N_("Nothing was saved."),
        N_("Look at the new amounts and confirm again."),
    ),
    "CN007": (
        Refusal,
        N_("The amounts do not add up."),
        N_("Nothing was saved."),
        N_("Open the account again and enter the payment once more."),
    ),
    "CN021": (
        Refusal,
        N_("The particulars of the {kind} are not right."),
        N_("Nothing was saved. Reference: {reference}"),
        N_("Compare them with the slip, and type them as it prints them."),
    ),
    "CN022": (
        Refusal,
        N_("This paper was taken before: {reference}."),
        N_("{staff_name} took it on {taken_at}, receipt {receipt_no}. Nothing was saved now."),
        N_("Keep the paper, look at that receipt, and ask the payer."),
    ),
    "CN023": (
        Refusal,
        N_("The recharge card {reference} cannot be redeemed here now."),
        N_("Nothing was saved."),
        N_("Enter its number and secret again; it is redeemed whole and within a quarter of an hour."),
    ),
    "CN024": (
        Refusal,
        N_("The care fund is for hardship households only."),
        N_("Nothing was saved."),
        N_("Take another tender, or have the household registered first."),
    ),
    "CN025": (
        Refusal,
        N_("The rules do not allow this tender for this customer."),
        N_("Nothing was saved."),
        N_("Take another tender; the rules are set by the administrator."),
    ),
    "CN028": (
        Refusal,
        N_("A transfer slip does not count before the money has arrived."),
        N_("Nothing was saved."),
        N_("Ask the payer to come again when the bank has it, or take another tender."),
    ),
    "CN065": (
        Refusal,
        N_("This cannot be the secret of a card."),
        N_("No try was counted."),
        N_("Enter the digits under the scratched field."),
    ),
    "CN063": (
        Refusal,
        N_("Slips of this payer that have not arrived are too much already for cards."),
        N_("Nothing was sold."),
        N_("Take cash, POS or cheque, or sell the cards when the money has arrived."),
    ),
    "CN064": (
        Refusal,
        N_("A card of receipt {receipt_no} was redeemed or is locked: the sale cannot be taken back."),
        N_("{staff_name} sold it at {taken_at}. Nothing was saved."),
        N_("Ask for the cards; what is redeemed is refunded out of the balance of its account."),
    ),
    "CN066": (
        Refusal,
        N_("Not all of these recharge cards are in stock."),
        N_("Nothing was sold."),
        N_("Look at the numbers; a card is sold once."),
    ),
    "CN067": (
        Refusal,
        N_("Recharge cards are not paid like that, or not with that much."),
        N_("Nothing was sold."),
        N_("Take cash, POS, transfer or cheque for exactly what the cards are worth."),
    ),
    "CN068": (
        Refusal,
        N_("Card {card_no} is known with another secret or value."),
        N_("No card of the file was taken over."),
        N_("Ask whoever printed the cards which list is right."),
    ),
    "CN069": (
        Refusal,
        N_("The fund gets an amount above 0, with a reason."),
        N_("Nothing was saved."),
        N_("Enter both."),
    ),
    "tender_document_once": (
        Refusal,
        N_("This paper was taken before."),
        N_("Nothing was saved now."),
        N_("Keep the paper and look at the account's last payments."),
    ),
    "fund_not_negative": (
        Refusal,
        N_("The care fund does not have that much."),
        N_("Nothing was saved."),
        N_("Take less from the fund, or another tender."),
    ),
    "account_balance_not_negative": (
        BalanceChanged,
        N_("The prepaid balance is not enough for this."),
        N_("Nothing was saved."),
        N_("Look at the balance again; part of it may be spent."),
    ),
    "bill_not_overpaid": (
        BalanceChanged,
        N_("This is more than the bill still owes."),
        N_("Nothing was saved."),
        N_("Look at the new amounts and confirm again."),
    ),
}
