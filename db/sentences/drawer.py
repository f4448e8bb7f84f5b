"""Tills, shifts, counts and deposits."""

from __future__ import annotations

from counter.errors import BalanceChanged, NotAllowed, Refusal, ShiftClosed
from counter.i18n import N_
from db.sentences.sentence import SentenceTable

SENTENCES: SentenceTable = {
    "CN009": (
        NotAllowed,
        N_("Till {till_no} is in use by {staff_name}."),
        N_("No shift was opened."),
        N_("Choose another till."),
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
    "CN051": (
        ShiftClosed,
        N_("The shift is closed already: {staff_name} closed it at {closed_at}, report Z{z_no}."),
        N_("Nothing was saved now."),
        N_("Its report is in the list of shifts. Open another shift to take money."),
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
    "till_cash_not_negative": (
        Refusal,
        N_("There is not that much cash in the drawer by the books."),
        N_("Nothing was saved."),
        N_("Bring change into the drawer first, or pay out in another way."),
    ),
    "shift_one_open_per_staff": (
        NotAllowed,
        N_("You have an open shift already."),
        N_("No second one was opened."),
        N_("Sign in again; the program goes on with the open shift."),
    ),
}
