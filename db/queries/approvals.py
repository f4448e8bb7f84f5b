"""Questions to supervisors and what became of them; the row policies show those of the own hall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """One question; ``approved`` is None while nobody has decided.

    ``subject`` is what of the request is shown: of its accounts only the numbers, because a payment for
    thousands would otherwise travel whole with every look at the list. Of a sale onto a card that is to be
    undone or decided it says what the books have, whatever the request says of it.
    """

    approval_id: UUID
    action: str
    subject: Mapping[str, Any]
    reason: str
    asked_by_no: str
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    age_s: int
    account_name: str
    expired: bool
    approved: bool | None
    decided_by_no: str
    decided_by: str
    note: str
    used: bool


_SHOWN = (
    "CASE WHEN jsonb_typeof(r.subject->'accounts') = 'array' THEN jsonb_set(r.subject, '{accounts}', coalesce((SELECT"
    " jsonb_agg(jsonb_strip_nulls(jsonb_build_object('account_no', x.item->'account_no')) ORDER BY x.place)"
    " FROM jsonb_array_elements(r.subject->'accounts') WITH ORDINALITY AS x(item, place)"
    " WHERE jsonb_typeof(x.item) = 'object'), '[]')) ELSE r.subject END"
)
_ROWS = (
    f"SELECT r.approval_id, r.action, {_SHOWN} || coalesce(s.facts, '{{}}'), r.reason, r.requested_by, coalesce(p.name, r.requested_by),"
    " r.requested_at, r.expires_at,"
    " CAST(greatest(0, extract(epoch FROM clock_timestamp() - r.requested_at)) AS integer),"
    " coalesce(a.name, ''), r.expires_at < clock_timestamp(), d.approved, coalesce(d.decided_by, ''),"
    " coalesce(q.name, d.decided_by, ''), coalesce(d.note, ''), u.approval_id IS NOT NULL"
    " FROM counter.approval_request r"
    " LEFT JOIN counter.approval_decision d USING (approval_id)"
    " LEFT JOIN counter.approval_use u USING (approval_id)"
    " LEFT JOIN counter.staff p ON p.staff_no = r.requested_by"
    " LEFT JOIN counter.staff q ON q.staff_no = d.decided_by"
    " LEFT JOIN LATERAL (SELECT v.account_no, jsonb_build_object('account_no', v.account_no, 'amount_fen', v.amount_fen,"
    " 'receipt_no', counter.receipt_no(j.till_no, j.business_date, j.receipt_serial), 'vend_count', v.vend_count) AS facts"
    " FROM (SELECT vend_id, journal_id, account_no, amount_fen, vend_count FROM counter.vend UNION ALL"
    " SELECT vend_id, journal_id, account_no, amount_fen, NULL FROM counter.token_vend) v"
    " JOIN counter.journal j USING (journal_id) WHERE CAST(v.vend_id AS text) = r.subject->>'vend_id'"
    " AND (r.action = 'vend_decision' OR r.action = 'reversal' AND NOT r.subject ? 'journal_id')) s ON true"
    " LEFT JOIN counter.account a ON a.account_no = coalesce(s.account_no, "
    "r.subject->'accounts'->0->>'account_no', r.subject->>'account_no', r.subject->>'from_account_no')"
)


def waiting(connection: Connection) -> tuple[ApprovalRow, ...]:
    """The undecided and unexpired of the caller's hall, the oldest first."""
    rows = connection.execute(
        text(
            f"{_ROWS} WHERE d.approval_id IS NULL AND r.hall_no = (SELECT counter.my_hall())"
            " AND r.expires_at >= clock_timestamp() ORDER BY r.requested_at LIMIT 500"
        )
    )
    return tuple(ApprovalRow(*row) for row in rows)


def mine(connection: Connection) -> tuple[ApprovalRow, ...]:
    """What the caller asked for within a day, the newest first."""
    rows = connection.execute(
        text(
            f"{_ROWS} WHERE r.requested_by = CAST(session_user AS text) AND r.hall_no = (SELECT counter.my_hall())"
            " AND r.expires_at > now() - interval '1 day' ORDER BY r.requested_at DESC LIMIT 500"
        )
    )
    return tuple(ApprovalRow(*row) for row in rows)


def one(connection: Connection, approval_id: UUID) -> ApprovalRow | None:
    """One question by its id."""
    row = connection.execute(text(f"{_ROWS} WHERE r.approval_id = :id"), {"id": approval_id}).one_or_none()
    return ApprovalRow(*row) if row else None
