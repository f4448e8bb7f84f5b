"""Groups of accounts, instalment agreements and reconnections."""

from __future__ import annotations

from counter.errors import Refusal
from counter.i18n import N_
from db.sentences.sentence import SentenceTable

SENTENCES: SentenceTable = {
    "CN033": (
        Refusal,
        N_("There is no such open instalment agreement for this account."),
        N_("Nothing was saved."),
        N_("Open the account again and look at its agreements."),
    ),
    "CN070": (
        Refusal,
        N_("{staff_name} has changed the group {name} since you opened it."),
        N_("Your change was not saved; theirs of {changed_at} stands."),
        N_("Open the group again and make your change once more."),
    ),
    "CN071": (
        Refusal,
        N_("There is no account {accounts}."),
        N_("The group was not saved. Unknown accounts in all: {count}."),
        N_("Correct the numbers or leave them out."),
    ),
    "CN072": (
        Refusal,
        N_("There is no group {name} any more."),
        N_("Nothing was saved."),
        N_("Somebody deleted it; save the accounts as a new group."),
    ),
    "CN073": (
        Refusal,
        N_("A group has at most 5,000 accounts."),
        N_("The group was not saved. It would have {count}."),
        N_("Make two groups of it."),
    ),
    "CN074": (
        Refusal,
        N_("This is not a name for a group."),
        N_("The group was not saved."),
        N_("Enter 1 to 100 visible characters."),
    ),
    "CN075": (
        Refusal,
        N_("Above {large_kwh} kWh a month there are at least {least} instalments; this one has {kwh} kWh."),
        N_("Nothing was saved."),
        N_("Divide the month into more instalments."),
    ),
    "CN076": (
        Refusal,
        N_("These dates and amounts are not a plan for {period}."),
        N_("Nothing was saved."),
        N_("Each date lies in that month, later than the one before; each amount is more than zero."),
    ),
    "CN077": (
        Refusal,
        N_("There is an instalment agreement for {period} already."),
        N_("No second one was saved."),
        N_("End the other one first, or keep to it."),
    ),
    "CN078": (
        Refusal,
        N_("The bill for {period} is there already."),
        N_("Nothing was saved: instalments are paid before the bill."),
        N_("Choose a later month."),
    ),
    "CN080": (
        Refusal,
        N_("This is a risk customer: {period} is to be settled every {days} days, to its end."),
        N_("Nothing was saved."),
        N_("Enter 0 as the number of instalments, or add days."),
    ),
    "CN079": (
        Refusal,
        N_("The reconnection of {account_no} is not open any more."),
        N_("Nothing was saved now. It was done already, or its payment was reversed."),
        N_("Look at the list again."),
    ),
    "payer_group_name_uq": (
        Refusal,
        N_("There is a group of this name already."),
        N_("The group was not saved."),
        N_("Open that group, or choose another name."),
    ),
    "instalment_agreement_reason_length": (
        Refusal,
        N_("A reason of 1 to 200 characters is needed."),
        N_("Nothing was saved."),
        N_("Type why, and confirm again."),
    ),
    "instalment_end_reason_length": (
        Refusal,
        N_("A reason of 1 to 200 characters is needed."),
        N_("Nothing was saved."),
        N_("Type why, and confirm again."),
    ),
}
