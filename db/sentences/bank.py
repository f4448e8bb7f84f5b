"""Statements and settlement files: why one is not taken over, with the line that is to blame.

``line`` is the line of the file, or the number of the entry where a format has no lines.
"""

from __future__ import annotations

from counter.errors import Refusal
from counter.i18n import N_
from db.sentences.sentence import SentenceTable

_NOTHING = N_("Nothing of the file was taken over.")

SENTENCES: SentenceTable = {
    "CN112": (
        Refusal,
        N_("This file was already imported by {staff_name} at {imported_at}."),
        N_("Nothing was taken over twice."),
        N_("Choose the next file."),
    ),
    "CN113": (
        Refusal,
        N_("The file did not arrive as it was sent."),
        _NOTHING,
        N_("Import it again; if it happens again, tell the administrator."),
    ),
    "CN114": (
        Refusal,
        N_("{bank_account_no} is not an account of this company."),
        _NOTHING,
        N_("Choose the right file, or have the account entered: counter db add-bank-account."),
    ),
    "CN115": (
        Refusal,
        N_("The statement of {bank_account_no} is in {currency}; the account is kept in {expected}."),
        _NOTHING,
        N_("Choose the file of the account's own currency."),
    ),
    "CN116": (
        Refusal,
        N_("A file of the format {format} is no closed statement: what is in it may still change."),
        _NOTHING,
        N_("Choose the statement of the closed day (camt.053, MT940, OFX or a table)."),
    ),
    "CN117": (
        Refusal,
        N_("Line {line}: the date {date} is still to come; today is {today}."),
        _NOTHING,
        N_("Check the file and the server's clock."),
    ),
    "CN118": (
        Refusal,
        N_("{bank_account_no}: opening {opening} and movements make {reached}, the file says {stated}."),
        N_("It is off by {off}. Nothing of the file was taken over."),
        N_("Export it again; if it stays like this, ask the bank."),
    ),
    "CN119": (
        Refusal,
        N_("Line {line}: the balance there is {stated}, the movements make {reached}."),
        _NOTHING,
        N_("Export it again; a line is missing or changed before this one."),
    ),
    "CN120": (
        Refusal,
        N_("Line {line}: the statement opens with {opening}, but {bank_account_no} stands at {expected}."),
        N_("Statements are in through {through}; something between is missing. Nothing was taken over."),
        N_("Import the statement of the days between first."),
    ),
    "CN121": (
        Refusal,
        N_("Line {line}: {reference} was imported before as {was}, and now it says {now}."),
        N_("A line is never changed. Nothing of the file was taken over."),
        N_("Ask the bank which of the two is right."),
    ),
    "CN122": (
        Refusal,
        N_("Line {line}: {booked} {amount} {text} was not there when the lines around it came in."),
        N_("Statements are in through {through}. Nothing of the file was taken over."),
        N_("Ask the bank why this day has changed."),
    ),
    "CN123": (
        Refusal,
        N_("The statement begins on {opening_date}; {bank_account_no} began here on {begun}."),
        _NOTHING,
        N_("Days before the first statement are not taken over."),
    ),
    "CN124": (
        Refusal,
        N_("The file has no balances for {bank_account_no}."),
        _NOTHING,
        N_("Enter the opening and the closing balance from the bank's paper or screen."),
    ),
}
