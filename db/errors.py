"""From the server's refusal to the sentence that the clerk needs.

The functions refuse with states of their own (``CN…``) and facts as JSON; constraints are known by name;
everything else is told apart only as far as somebody decides differently on it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError

from counter.errors import (
    BalanceChanged,
    CounterError,
    NeedsApproval,
    NotAllowed,
    Refusal,
    RequestIdReused,
    ServerUnreachable,
)
from counter.i18n import N_, _

RETRYABLE = frozenset({"40001", "40P01", "55P03"})
"""Serialization failure, deadlock, lock timeout: the same request may be sent again with the same id."""

Facts = Mapping[str, Any]


def cause(error: BaseException) -> psycopg.Error | None:
    """The driver's own error behind SQLAlchemy's."""
    if isinstance(error, DBAPIError):
        return error.orig if isinstance(error.orig, psycopg.Error) else None
    return error if isinstance(error, psycopg.Error) else None


def state_of(error: BaseException) -> str:
    """The five-character state of the server, or nothing when the connection failed."""
    found = cause(error)
    return (found.sqlstate or "") if found else ""


def is_retryable(error: BaseException) -> bool:
    """Whether the server rolled back and asks for another try."""
    return state_of(error) in RETRYABLE


def connection_lost(error: BaseException) -> bool:
    """Whether the server did not answer, so that the outcome of a write is open."""
    state = state_of(error)
    if state:
        return state.startswith(("08", "57P"))
    return isinstance(cause(error), (psycopg.OperationalError, psycopg.InterfaceError))


def translate(error: BaseException) -> CounterError:
    """The refusal or fault to show for an error of the server; nothing was saved in each of them."""
    found = cause(error)
    if found is None or connection_lost(error):
        return unreachable()
    by_constraint = _SENTENCES.get(found.diag.constraint_name or "")
    kind, *sentences = by_constraint or _SENTENCES.get(found.sqlstate or "", _UNEXPECTED)
    facts = defaultdict(str, _facts(found), state=found.sqlstate or "?")
    return kind(*(_(sentence).format_map(facts) for sentence in sentences))


def unreachable() -> ServerUnreachable:
    """No server: nothing was sent."""
    return ServerUnreachable(
        _("The server cannot be reached."),
        _("Nothing was sent and nothing was saved."),
        _("Check the network; the program tries again by itself."),
    )


def _facts(error: psycopg.Error) -> Facts:
    try:
        facts = json.loads(error.diag.message_detail or "{}")
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


_Sentences = tuple[type[CounterError], str, str, str]

_UNEXPECTED: _Sentences = (
    Refusal,
    N_("The server refused this."),
    N_("Nothing was saved. The server's code is {state}."),
    N_("Try once more; if it happens again, tell the administrator this code."),
)

_SENTENCES: Mapping[str, _Sentences] = {
    "CN001": (
        BalanceChanged,
        N_("The balance changed in the meantime."),
        N_("Another desk worked on this account. Nothing was saved here."),
        N_("Look at the new amounts and confirm again."),
    ),
    "CN002": (
        RequestIdReused,
        N_("This request is already known with other content."),
        N_("Nothing was saved now."),
        N_("Open the account again and look at its last payments."),
    ),
    "CN003": (
        NotAllowed,
        N_("This is not your open shift."),
        N_("Nothing was saved."),
        N_("Sign out, sign in again and open a shift."),
    ),
    "CN004": (
        NotAllowed,
        N_("The business day {business_date} is closed."),
        N_("Nothing was saved."),
        N_("Payments go on the next business day."),
    ),
    "CN005": (
        BalanceChanged,
        N_("The late fee is not what the policy gives today."),
        N_("Nothing was saved. The day or the policy may have changed."),
        N_("Look at the new amounts and confirm again."),
    ),
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
    "CN008": (
        BalanceChanged,
        N_("The account is closed and takes no prepayment."),
        N_("Nothing was saved."),
        N_("Take exactly what is owed, or find the customer's new account."),
    ),
    "CN009": (
        NotAllowed,
        N_("Till {till_no} is in use by {staff_name}."),
        N_("No shift was opened."),
        N_("Choose another till."),
    ),
    "CN013": (
        NotAllowed,
        N_("This login may not do that."),
        N_("Nothing was saved."),
        N_("Ask a supervisor or the administrator."),
    ),
    "CN014": (
        NotAllowed,
        N_("There is no till {till_no} in your hall."),
        N_("No shift was opened."),
        N_("Choose a till from the list."),
    ),
    "CN015": (
        Refusal,
        N_("The float must lie between 0 and 1,000,000.00."),
        N_("No shift was opened."),
        N_("Enter the change that is in the drawer."),
    ),
    "CN016": (
        Refusal,
        N_("Another import is running."),
        N_("Nothing was imported."),
        N_("Wait until it has ended and start again."),
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
    "CN026": (
        NeedsApproval,
        N_("A supervisor has to approve this."),
        N_("Nothing was saved."),
        N_("Ask a supervisor to sign here, or send the request to their list."),
    ),
    "CN028": (
        Refusal,
        N_("A transfer slip does not count before the money has arrived."),
        N_("Nothing was saved."),
        N_("Ask the payer to come again when the bank has it, or take another tender."),
    ),
    "CN029": (
        NotAllowed,
        N_("Nobody approves what they asked for themselves."),
        N_("Nothing was approved."),
        N_("Ask another supervisor."),
    ),
    "CN030": (
        NeedsApproval,
        N_("The approval has expired."),
        N_("Nothing was saved."),
        N_("Ask for it again."),
    ),
    "CN031": (
        NotAllowed,
        N_("{staff_name} has decided this already."),
        N_("Your decision was not saved."),
        N_("Look at the list again."),
    ),
    "CN032": (
        NeedsApproval,
        N_("The approval is for something else."),
        N_("Nothing was saved. The request has changed since it was approved."),
        N_("Ask for it again."),
    ),
    "CN033": (
        Refusal,
        N_("There is no such open instalment agreement for this account."),
        N_("Nothing was saved."),
        N_("Open the account again and look at its agreements."),
    ),
    "CN046": (
        Refusal,
        N_("This is no cash movement that can be booked."),
        N_("Nothing was saved."),
        N_("Choose a reason from the list, and an amount above 0."),
    ),
    "CN047": (
        Refusal,
        N_("This is no count of notes and coins."),
        N_("Nothing was signed."),
        N_("Enter whole numbers of pieces, 0 to 999,999."),
    ),
    "CN048": (
        BalanceChanged,
        N_("The count no longer holds: another one came after it, or something was posted since."),
        N_("The shift is still open; the count is kept."),
        N_("Count the drawer again and sign."),
    ),
    "CN049": (
        NotAllowed,
        N_("This till is not handed over to this person."),
        N_("Nothing was saved; the shift is still open."),
        N_("The one who leaves counts first and names the one who takes over."),
    ),
    "CN050": (
        Refusal,
        N_("{staff_no} cannot take this till over."),
        N_("Nothing was signed."),
        N_("Name a colleague of this hall who works at tills, not yourself."),
    ),
    "CN053": (
        Refusal,
        N_("The deposit slip is not complete."),
        N_("Nothing was deposited. Not right: {field}"),
        N_("Choose a bank account, and enter carrier, seal and note on one line each."),
    ),
    "CN054": (
        BalanceChanged,
        N_("What waits in the safe is not what was shown."),
        N_("Nothing was deposited. Something was corrected meanwhile, or nothing was ticked."),
        N_("Look at the new amounts, count the bag again and confirm."),
    ),
    "CN055": (
        Refusal,
        N_("Only what a closed shift of your hall took can be deposited."),
        N_("Nothing was deposited."),
        N_("Close the shift first, with a count."),
    ),
    "CN056": (
        BalanceChanged,
        N_("{till_name} is on deposit slip {slip_no} already."),
        N_("{staff_name} made that slip. Nothing was saved now."),
        N_("Look again; what is on a slip stays on it."),
    ),
    "CN057": (
        NotAllowed,
        N_("This is not an active supervisor of this hall."),
        N_("Nothing was decided."),
        N_("Ask a supervisor of this hall to sign."),
    ),
    "CN065": (
        Refusal,
        N_("This cannot be the secret of a card."),
        N_("No try was counted."),
        N_("Enter the digits under the scratched field."),
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
    "payer_group_name_uq": (
        Refusal,
        N_("There is a group of this name already."),
        N_("The group was not saved."),
        N_("Open that group, or choose another name."),
    ),
    "CN058": (
        BalanceChanged,
        N_("No late fee is due on this bill."),
        N_("Nothing was waived or put off."),
        N_("Look at the bills again; it may be paid by now."),
    ),
    "CN059": (
        Refusal,
        N_("The late fee cannot be relieved like that."),
        N_("Nothing was waived or put off. Not right: {field}"),
        N_("Waive at most what is due today, or put it off by at most a year, and give a reason."),
    ),
    "late_fee_relief_pk": (
        RequestIdReused,
        N_("This request is already known with other content."),
        N_("Nothing was saved now."),
        N_("Open the account again and look at its last payments."),
    ),
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
        N_("Reverse first what was paid out of the balance."),
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
    "approval_use_pk": (
        NeedsApproval,
        N_("This approval was used already."),
        N_("Nothing was saved now."),
        N_("Look at the last receipts; ask again if it is needed once more."),
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
    "till_cash_not_negative": (
        Refusal,
        N_("There is not that much cash in the drawer by the books."),
        N_("Nothing was saved."),
        N_("Bring change into the drawer first, or pay out in another way."),
    ),
    "account_balance_not_negative": (
        BalanceChanged,
        N_("The prepaid balance is not enough for this."),
        N_("Nothing was saved."),
        N_("Look at the balance again; part of it may be spent."),
    ),
    "journal_reverses_uq": (
        Refusal,
        N_("This was reversed already."),
        N_("Nothing was saved now."),
        N_("Look at the account's last payments."),
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
    "CN079": (
        Refusal,
        N_("The reconnection of {account_no} is not open any more."),
        N_("Nothing was saved now. It was done already, or its payment was reversed."),
        N_("Look at the list again."),
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
    "42501": (
        NotAllowed,
        N_("This login may not do that."),
        N_("Nothing was saved."),
        N_("Ask a supervisor or the administrator."),
    ),
    "53100": (
        Refusal,
        N_("The server's disk is full."),
        N_("Nothing was saved."),
        N_("Tell the administrator now; the server needs space."),
    ),
    "53300": (
        ServerUnreachable,
        N_("The server has no free connection."),
        N_("Nothing was sent and nothing was saved."),
        N_("Wait a moment and try again; if it stays, tell the administrator."),
    ),
    "shift_one_open_per_staff": (
        NotAllowed,
        N_("You have an open shift already."),
        N_("No second one was opened."),
        N_("Sign in again; the program goes on with the open shift."),
    ),
    "journal_request_id_uq": (
        RequestIdReused,
        N_("This request is already known with other content."),
        N_("Nothing was saved now."),
        N_("Open the account again and look at its last payments."),
    ),
    "bill_not_overpaid": (
        BalanceChanged,
        N_("This is more than the bill still owes."),
        N_("Nothing was saved."),
        N_("Look at the new amounts and confirm again."),
    ),
    "account_phone_form": (
        Refusal,
        N_("This is not a phone number."),
        N_("Nothing was saved."),
        N_("Enter 7 to 12 digits, without blanks."),
    ),
}
"""By the state or the broken constraint: what to raise, and its title, message and hint."""
