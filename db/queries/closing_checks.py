"""What was signed at closings, computed again: totals from postings, heads in the chains, months from days.

Part of ``ledger_checks``; each query gives the first thing that is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_DAY_TOTALS = """
    WITH moved AS (
        SELECT j.hall_no, j.business_date, p.ledger_account::text AS account,
               coalesce(sum(p.amount_fen) FILTER (WHERE p.amount_fen > 0), 0) AS debits_fen,
               coalesce(-sum(p.amount_fen) FILTER (WHERE p.amount_fen < 0), 0) AS credits_fen
          FROM counter.journal j JOIN counter.posting p USING (journal_id)
         WHERE j.hall_no IN (SELECT hall_no FROM counter.day_closing) GROUP BY 1, 2, 3
    ), closed AS (
        SELECT m.hall_no, c.business_date, m.account, sum(m.debits_fen) AS debits_fen, sum(m.credits_fen) AS credits_fen
          FROM moved m
         CROSS JOIN LATERAL (SELECT d.business_date FROM counter.day_closing d
                              WHERE d.hall_no = m.hall_no AND d.business_date >= m.business_date
                              ORDER BY d.business_date LIMIT 1) c
         GROUP BY 1, 2, 3
    ), accounts AS (
        SELECT hall_no, account FROM closed
        UNION SELECT d.hall_no, t.key FROM counter.day_closing d CROSS JOIN LATERAL jsonb_each(d.totals) AS t
    ), grid AS (
        SELECT d.hall_no, d.business_date, a.account, d.totals->a.account AS signed, m.debits_fen, m.credits_fen,
               sum(coalesce(m.debits_fen - m.credits_fen, 0)) OVER days AS fen, row_number() OVER days AS place
          FROM counter.day_closing d JOIN accounts a USING (hall_no)
          LEFT JOIN closed m ON m.hall_no = d.hall_no AND m.business_date = d.business_date AND m.account = a.account
        WINDOW days AS (PARTITION BY d.hall_no, a.account ORDER BY d.business_date)
    )
    SELECT 'day ' || business_date || ' of hall ' || hall_no,
           'signs ' || coalesce(signed::text, 'nothing') || ' for ' || account || ' but its postings say ' || fen
      FROM grid
     WHERE coalesce((signed->>'closing_fen')::bigint, 0) <> fen
        OR (signed->>'opening_fen')::bigint + (signed->>'debits_fen')::bigint - (signed->>'credits_fen')::bigint
           <> (signed->>'closing_fen')::bigint
        OR place > 1 AND (coalesce((signed->>'debits_fen')::bigint, 0), coalesce((signed->>'credits_fen')::bigint, 0))
           IS DISTINCT FROM (coalesce(debits_fen, 0), coalesce(credits_fen, 0))
     ORDER BY hall_no, business_date LIMIT 1
"""
_DAY_HEADS = """
    SELECT 'day ' || c.business_date || ' of hall ' || c.hall_no,
           'signs till ' || h.key || ' at ' || (h.value->>'seq') || ' but its chain does not go through there'
      FROM counter.day_closing c CROSS JOIN LATERAL jsonb_each(c.heads) AS h
      LEFT JOIN counter.journal j ON j.journal_id = h.key::bigint * 10000000000 + (h.value->>'seq')::bigint
     WHERE (h.value->>'seq')::bigint > 0 AND encode(j.hash, 'hex') IS DISTINCT FROM h.value->>'hash'
     ORDER BY c.hall_no, c.business_date, h.key LIMIT 1
"""
_DAY_ENTRIES = """
    SELECT 'day ' || c.business_date || ' of hall ' || c.hall_no,
           'was closed with ' || c.journals || ' entries but has ' || coalesce(sum(j.journals), 0)
      FROM (SELECT hall_no, business_date, journals,
                   lag(business_date, 1, business_date - 1) OVER (PARTITION BY hall_no ORDER BY business_date) AS before
              FROM counter.day_closing) c
      LEFT JOIN (SELECT hall_no, business_date, count(*) AS journals FROM counter.journal GROUP BY 1, 2) j
           ON j.hall_no = c.hall_no AND j.business_date > c.before AND j.business_date <= c.business_date
     GROUP BY c.hall_no, c.business_date, c.journals HAVING coalesce(sum(j.journals), 0) <> c.journals
     ORDER BY c.hall_no, c.business_date LIMIT 1
"""
_MONTHS = """
    SELECT 'month ' || to_char(m.month, 'YYYY-MM') || ' of hall ' || m.hall_no,
           'signs ' || t.value::text || ' for ' || t.key || ' but its days end at ' || coalesce(d.totals->t.key->>'closing_fen', '0')
               || ', and the month before at ' || coalesce(p.totals->t.key->>'closing_fen', 'nothing')
      FROM counter.month_closing m CROSS JOIN LATERAL jsonb_each(m.totals) AS t
      LEFT JOIN counter.month_closing p ON p.hall_no = m.hall_no AND p.month = (m.month - interval '1 month')::date
      LEFT JOIN LATERAL (SELECT c.totals FROM counter.day_closing c
                          WHERE c.hall_no = m.hall_no AND c.business_date < m.month + interval '1 month'
                          ORDER BY c.business_date DESC LIMIT 1) d ON true
     WHERE (t.value->>'opening_fen')::bigint + (t.value->>'debits_fen')::bigint - (t.value->>'credits_fen')::bigint
           <> (t.value->>'closing_fen')::bigint
        OR (t.value->>'closing_fen')::bigint <> coalesce((d.totals->t.key->>'closing_fen')::bigint, 0)
        OR p.month IS NOT NULL
           AND (t.value->>'opening_fen')::bigint <> coalesce((p.totals->t.key->>'closing_fen')::bigint, 0)
     ORDER BY m.hall_no, m.month LIMIT 1
"""

CLOSING_CHECKS: Final[Mapping[str, str]] = {
    "day totals": _DAY_TOTALS,
    "day heads": _DAY_HEADS,
    "day entries": _DAY_ENTRIES,
    "months": _MONTHS,
}
"""Every check by its name, in the order in which they run."""
