"""Signatures of a supervisor, and the late-fee reliefs they sign."""

from __future__ import annotations

from counter.errors import BalanceChanged, NeedsApproval, NotAllowed, Refusal, RequestIdReused
from counter.i18n import N_
from db.sentences.sentence import SentenceTable

SENTENCES: SentenceTable = {
    "CN026": (
        NeedsApproval,
        N_("A supervisor has to approve this."),
        N_("Nothing was saved."),
        N_("Ask a supervisor to sign here, or send the request to their list."),
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
    "CN057": (
        NotAllowed,
        N_("This is not an active supervisor of this hall."),
        N_("Nothing was decided."),
        N_("Ask a supervisor of this hall to sign."),
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
    "CN060": (
        Refusal,
        N_("The request is too large to be approved as one."),
        N_("No supervisor was asked, and nothing was saved."),
        N_("Take fewer accounts at a time."),
    ),
    "approval_use_pk": (
        NeedsApproval,
        N_("This approval was used already."),
        N_("Nothing was saved now."),
        N_("Look at the last receipts; ask again if it is needed once more."),
    ),
    "late_fee_relief_pk": (
        RequestIdReused,
        N_("This request is already known with other content."),
        N_("Nothing was saved now."),
        N_("Open the account again and look at its last payments."),
    ),
}
