"""What every function may refuse, and what the server itself refuses."""

from __future__ import annotations

from counter.errors import BalanceChanged, NotAllowed, Refusal, RequestIdReused, ServerUnreachable
from counter.i18n import N_
from db.sentences.sentence import SentenceTable

SENTENCES: SentenceTable = {
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
    "CN008": (
        BalanceChanged,
        N_("The account is closed and takes no prepayment."),
        N_("Nothing was saved."),
        N_("Take exactly what is owed, or find the customer's new account."),
    ),
    "CN013": (
        NotAllowed,
        N_("This login may not do that."),
        N_("Nothing was saved."),
        N_("Ask a supervisor or the administrator."),
    ),
    "CN016": (
        Refusal,
        N_("Another import is running."),
        N_("Nothing was imported."),
        N_("Wait until it has ended and start again."),
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
    "journal_request_id_uq": (
        RequestIdReused,
        N_("This request is already known with other content."),
        N_("Nothing was saved now."),
        N_("Open the account again and look at its last payments."),
    ),
    "account_phone_form": (
        Refusal,
        N_("This is not a phone number."),
        N_("Nothing was saved."),
        N_("Enter 7 to 12 digits, without blanks."),
    ),
}
