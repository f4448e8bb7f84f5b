"""From a payment that needs a supervisor to the same payment with their approval.

What was allowed is what is sent: the request goes into the question, and the same comes out of it, with
reason and approval. Nothing is posted when the form has changed in between.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from counter.errors import NeedsApproval
from counter.i18n import _
from counter.services.ports import TakePayment
from counter.ui.approval_words import subject_lines
from counter.ui.widgets.notice import Tone

if TYPE_CHECKING:
    from counter.ui.screens.posting import PostingScreen


@dataclass(frozen=True, slots=True)
class Allowance:
    """An approval that came and may not be used yet, and the payment that it is for."""

    content: TakePayment
    reason: str
    approval_id: UUID


def ask_for_payment(screen: PostingScreen, request: TakePayment, error: NeedsApproval) -> None:
    """Open the dialog for a payment that was refused for want of an approval; ``error`` says why.

    What was allowed before for the same content, and not used because another desk was quicker, is used now.
    """
    from counter.ui.dialogs.approval import ApprovalDialog

    form = screen.form
    assert form is not None, "only a form's payment is refused"
    kept, screen.allowance = screen.allowance, None
    if kept is not None and request.approval_id is None and kept.content == content_of(request):
        screen.post(form.send_approved(kept.reason, kept.approval_id))
        return
    subject = screen.session.approvals.subject_of(request)
    why = [] if error.title == _("A supervisor has to approve this.") else [error.title]
    lines = [*why, *subject_lines("payment", {**subject, "reason": ""}, form.account.name)]
    dialog: ApprovalDialog = ApprovalDialog(screen.session, "payment", subject, lines)
    screen.counter.show_over(dialog, partial(_decided, screen, request, subject))


def _decided(
    screen: PostingScreen, request: TakePayment, subject: dict[str, Any], approval_id: UUID | None
) -> None:
    """Post it as it was allowed; or say that it was not."""
    form = screen.form
    if form is None or form.sent != request:
        return
    if approval_id is None:
        screen.notice.say(Tone.NOTE, _("It was not approved; nothing was posted."))
        screen.focus_form()
    else:
        screen.allowance = Allowance(content_of(request), str(subject["reason"]), approval_id)
        screen.post(form.send_approved(str(subject["reason"]), approval_id))


def content_of(request: TakePayment) -> TakePayment:
    """What of a payment an approval is for: all but its ids, its reason and the versions of its accounts."""
    accounts = tuple(replace(account, version=0) for account in request.accounts)
    return replace(
        request, request_id=UUID(int=0), shift_id=0, reason="", approval_id=None, accounts=accounts
    )
