"""Reversals, refunds and balance transfers."""

from __future__ import annotations

from counter.errors import BalanceChanged, NeedsApproval, Refusal
from counter.i18n import N_
from db.sentences.sentence import SentenceTable

SENTENCES: SentenceTable = {
    "CN034": (
        Refusal,
        N_("There is no such payment in this hall."),
        N_("Nothing was saved."),
        N_("A payment is reversed in the hall that took it."),
    ),
    "CN035": (
        Refusal,
        N_("Receipt {receipt_no} is a reversal, and a reversal is not reversed."),
        N_("{staff_name} made it at {taken_at}. Nothing was saved."),
        N_("Take the payment anew."),
    ),
    "CN036": (
        Refusal,
        N_("This was reversed already: receipt {receipt_no}."),
        N_("{staff_name} did it at {taken_at}. Nothing was saved now."),
        N_("Look at that receipt before any money is handed out."),
    ),
    "CN037": (
        NeedsApproval,
        N_("The money of receipt {receipt_no} is on a deposit slip: a supervisor has to approve."),
        N_("{staff_name} took it at {taken_at}. Nothing was saved."),
        N_("Ask a supervisor; it becomes a negative entry of today."),
    ),
    "CN038": (
        Refusal,
        N_("The balance that receipt {receipt_no} brought is spent already."),
        N_("Account {account_no} has less than it brought. Nothing was saved."),
        N_("Reverse first what was paid out of the balance, or let the payer pay that much in."),
    ),
    "CN039": (
        NeedsApproval,
        N_("Receipt {receipt_no} is of an earlier day: a supervisor has to approve."),
        N_("{staff_name} took it at {taken_at}. Nothing was saved."),
        N_("Ask a supervisor; it becomes a negative entry of today."),
    ),
    "CN040": (
        NeedsApproval,
        N_("Receipt {receipt_no} was taken by {staff_name}: a supervisor has to approve."),
        N_("It was taken at {taken_at}. Nothing was saved."),
        N_("Let {staff_name} reverse it, or ask a supervisor."),
    ),
    "CN041": (
        Refusal,
        N_("A reversal needs a cause and a reason."),
        N_("Nothing was saved."),
        N_("Choose the cause and write why, in at most 200 characters."),
    ),
    "CN042": (
        BalanceChanged,
        N_("The prepaid balance of {account_no} is not enough for this."),
        N_("Nothing was saved."),
        N_("Look at the balance again; part of it may be spent."),
    ),
    "CN043": (
        Refusal,
        N_("The particulars of the refund are not right."),
        N_("Nothing was saved."),
        N_("An amount, a reason, and for the bank a payee with account (8 to 32 digits) and bank."),
    ),
    "CN044": (
        Refusal,
        N_("The particulars of the transfer are not right."),
        N_("Nothing was saved."),
        N_("Two accounts, an amount and a reason are needed."),
    ),
    "journal_reverses_uq": (
        Refusal,
        N_("This was reversed already."),
        N_("Nothing was saved now."),
        N_("Look at the account's last payments."),
    ),
}
