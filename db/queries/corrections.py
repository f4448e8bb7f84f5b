"""What a reversal has to know of a payment, and the list of what was reversed."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from db.queries.receipts import receipt_key


def payment(connection: Connection, receipt_no: str) -> tuple[Any, ...] | None:
    """A receipt with what stands in the way of reversing it; raises ValueError for what is no number."""
    till_no, day, serial = receipt_key(receipt_no)
    row = connection.execute(
        text(
            "SELECT j.journal_id, counter.receipt_no(j.till_no, j.business_date, j.receipt_serial),"
            " j.recorded_at AT TIME ZONE u.timezone, coalesce(r.account_no, ''), r.account_name, r.total_fen,"
            " (SELECT coalesce(sum(t.amount_fen), 0)::bigint FROM counter.tender t"
            "   WHERE t.journal_id = j.journal_id AND t.kind = 'cash'), coalesce(s.name, j.staff_no),"
            " ARRAY(SELECT t.kind FROM counter.tender t WHERE t.journal_id = j.journal_id ORDER BY t.line),"
            " CASE WHEN j.kind NOT IN ('payment', 'card_sale', 'vend') OR j.hall_no <> counter.my_hall() THEN 'no_payment'"
            "      WHEN v.journal_id IS NOT NULL THEN 'reversed' WHEN k.state = 'issued' THEN 'token'"
            "      WHEN k.state IN ('pending', 'in_doubt') THEN 'token_open'"
            "      WHEN k.state = 'refused' THEN 'token_refused'"
            "      WHEN j.kind = 'vend' AND k.state IS NULL THEN 'vend'"
            "      WHEN j.kind = 'card_sale' AND NOT counter.cards_untouched(j.journal_id) THEN 'card_used'"
            "      WHEN counter.is_deposited(j.journal_id) THEN 'deposited'"
            "      WHEN j.business_date <> counter.business_date() THEN 'earlier_day'"
            "      WHEN j.staff_no <> CAST(session_user AS text) THEN 'other_clerk' ELSE '' END,"
            " coalesce(counter.receipt_no(v.till_no, v.business_date, v.receipt_serial), '')"
            " FROM counter.journal j JOIN counter.receipt r USING (journal_id)"
            " LEFT JOIN counter.staff s ON s.staff_no = j.staff_no"
            " LEFT JOIN counter.token_vend k ON k.journal_id = j.journal_id"
            " LEFT JOIN counter.journal v ON v.reverses = j.journal_id CROSS JOIN counter.bureau u"
            " WHERE j.till_no = :till_no AND j.business_date = :day AND j.receipt_serial = :serial"
        ),
        {"till_no": till_no, "day": day, "serial": serial},
    ).one_or_none()
    return tuple(row) if row else None


def voids(connection: Connection, first: date, last: date) -> list[tuple[Any, ...]]:
    """What was reversed from one business date to another where this login may look, newest first.

    An index has reversals alone; their number is small beside the ledger's.
    """
    rows = connection.execute(
        text(
            "SELECT counter.receipt_no(w.till_no, w.business_date, w.receipt_serial),"
            " counter.receipt_no(j.till_no, j.business_date, j.receipt_serial), j.recorded_at AT TIME ZONE u.timezone,"
            " coalesce(r.account_no, ''), r.account_name, r.total_fen, coalesce(s.name, j.staff_no),"
            " coalesce(n.cause, ''), n.reason, coalesce(a.name, d.decided_by, '')"
            " FROM counter.journal j JOIN counter.receipt r USING (journal_id)"
            " JOIN counter.journal w ON w.journal_id = j.reverses"
            " JOIN counter.journal_note n ON n.journal_id = j.journal_id"
            " LEFT JOIN counter.staff s ON s.staff_no = j.staff_no"
            " LEFT JOIN counter.approval_decision d ON d.approval_id = n.approval_id"
            " LEFT JOIN counter.staff a ON a.staff_no = d.decided_by CROSS JOIN counter.bureau u"
            " WHERE j.reverses IS NOT NULL AND j.kind = 'reversal'"
            " AND j.business_date BETWEEN :first AND :last ORDER BY j.recorded_at DESC"
        ),
        {"first": first, "last": last},
    )
    return [tuple(row) for row in rows]
