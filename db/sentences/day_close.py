"""The closing of a day and of a month; what stops it has a sentence for every step of the checklist."""

from __future__ import annotations

from counter.errors import BalanceChanged, NotAllowed, Refusal
from counter.i18n import N_
from db.sentences.sentence import SentenceTable

_KEPT = N_("Nothing was closed.")

SENTENCES: SentenceTable = {
    "CN155": (
        Refusal,
        N_("The day {business_date} cannot be closed: {step}."),
        _KEPT,
        N_("Mend what the checklist shows, or say why where it asks for a word; then close again."),
    ),
    "CN155:shifts": (
        Refusal,
        N_("The day {business_date} cannot be closed: shifts of the hall are still open ({count})."),
        _KEPT,
        N_("Count and close them at the tills (^K), then close the day."),
    ),
    "CN155:deposits": (
        Refusal,
        N_("The day {business_date} cannot be closed: takings are on no deposit slip ({count})."),
        _KEPT,
        N_("Make the deposit slip (^D), then close the day."),
    ),
    "CN155:settlement": (
        Refusal,
        N_("The day {business_date} cannot be closed: POS slips are not settled in time ({count})."),
        _KEPT,
        N_("Import the acquirer's file and match it, or say why it is late."),
    ),
    "CN155:statements": (
        Refusal,
        N_("The day {business_date} cannot be closed: bank statements are not in ({count})."),
        _KEPT,
        N_("Import the statements through the day, or say why they are not there."),
    ),
    "CN155:matches": (
        Refusal,
        N_("The day {business_date} cannot be closed: suggested matches are undecided ({count})."),
        _KEPT,
        N_("Confirm or reject each of them, then close the day."),
    ),
    "CN155:breaks": (
        Refusal,
        N_("The day {business_date} cannot be closed: breaks are not explained ({count})."),
        _KEPT,
        N_("Give each of them a state and a note, then close the day."),
    ),
    "CN155:vends": (
        Refusal,
        N_("The day {business_date} cannot be closed: sales of power are not settled ({count})."),
        _KEPT,
        N_("Settle them, or let a supervisor sign for them; then close the day."),
    ),
    "CN155:receipts": (
        Refusal,
        N_("The day {business_date} cannot be closed: receipt numbers are missing ({count})."),
        _KEPT,
        N_("Tell the supervisor at once: a gap is an incident. Nothing can be posted into it."),
    ),
    "CN155:ledger": (
        Refusal,
        N_("The day {business_date} cannot be closed: the books are not what was written ({count})."),
        _KEPT,
        N_("Tell the administrator at once; counter ledger verify names what is wrong."),
    ),
    "CN156": (
        Refusal,
        N_("An earlier day has to be closed first: {first}."),
        _KEPT,
        N_("Days are closed in their order."),
    ),
    "CN157": (
        Refusal,
        N_("The day {business_date} has not begun."),
        _KEPT,
        N_("Close it when its work is done."),
    ),
    "CN158": (
        Refusal,
        N_("The day {business_date} is closed already, by {staff_name} at {closed_at}."),
        N_("Nothing was changed. A closed day is not opened again."),
        N_("What is wrong in it is corrected in today's books."),
    ),
    "CN159": (
        NotAllowed,
        N_("This login closes no days."),
        _KEPT,
        N_("Cashiers and supervisors close the days of their own hall."),
    ),
    "CN160": (
        Refusal,
        N_("The closing is not complete: {field}."),
        _KEPT,
        N_("A word for a step has 1 to 200 characters, all of them visible."),
    ),
    "CN161": (
        BalanceChanged,
        N_("Something was posted since you looked: there are {journals} entries, not {seen}."),
        _KEPT,
        N_("Look at the checklist again and close once more."),
    ),
    "CN162": (
        Refusal,
        N_("Not all days of {month} are closed: they are up to {closed_through}."),
        _KEPT,
        N_("Close the days up to {last_day} first."),
    ),
    "CN163": (
        Refusal,
        N_("The month {month} is not the next one to be closed, {first} is."),
        _KEPT,
        N_("Months are closed in their order."),
    ),
    "CN164": (
        Refusal,
        N_("The month {month} is closed already, by {staff_name} at {closed_at}."),
        N_("Nothing was changed. A closed month is not opened again."),
        N_("What is wrong in it is corrected in today's books."),
    ),
}
