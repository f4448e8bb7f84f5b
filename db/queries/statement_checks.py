"""Proofs of statements: the ledger's bank is what they close with, and lines follow each other without a gap.

Each check is a query for the first thing that is wrong; ``ledger_checks`` runs them with the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_BANK = """
    SELECT 'ledger account bank', 'stands at ' || p.fen || ' but the statements close with ' || c.fen
      FROM (SELECT coalesce(sum(amount_fen), 0) AS fen FROM counter.posting WHERE ledger_account = 'bank') p
     CROSS JOIN (SELECT coalesce(sum(closing_fen), 0) AS fen FROM counter.bank_account WHERE kind = 'bank') c
     WHERE p.fen <> c.fen
"""
_LINES = """
    SELECT 'statement line ' || l.line_id,
           CASE WHEN l.seq <> l.place THEN 'has the number ' || l.seq || ' where ' || l.place || ' is expected'
                WHEN l.kind = 'bank' AND l.balance_fen IS DISTINCT FROM l.reached_fen
                     THEN 'stands at ' || coalesce(l.balance_fen::text, 'nothing') || ' but the lines reach ' || l.reached_fen
                WHEN l.last_seq <> l.lines THEN 'is of an account whose last line should be ' || l.last_seq
                ELSE 'is of an account that should close with ' || coalesce(l.closing_fen::text, 'nothing') END
      FROM (SELECT s.line_id, s.seq, s.balance_fen, a.kind, a.last_seq, a.closing_fen,
                   row_number() OVER lines AS place, count(*) OVER (PARTITION BY s.bank_account_no) AS lines,
                   first_value(s.balance_fen - s.amount_fen) OVER lines + sum(s.amount_fen) OVER lines AS reached_fen
              FROM counter.statement_line s JOIN counter.bank_account a USING (bank_account_no)
            WINDOW lines AS (PARTITION BY s.bank_account_no ORDER BY s.seq)) l
     WHERE l.seq <> l.place OR l.last_seq <> l.lines
        OR l.kind = 'bank' AND (l.balance_fen IS DISTINCT FROM l.reached_fen
                                OR l.seq = l.last_seq AND l.closing_fen IS DISTINCT FROM l.balance_fen)
     ORDER BY l.line_id LIMIT 1
"""
_JOURNALS = """
    WITH first AS (
        SELECT bank_account_no, min(statement_id) AS statement_id FROM counter.statement GROUP BY bank_account_no
    ), lines AS (
        SELECT s.statement_id, s.journal_id, s.lines_new, a.kind, count(l.line_id) AS lines,
               CASE WHEN f.statement_id IS NOT NULL AND a.kind = 'bank' THEN s.opening_fen ELSE 0 END AS opening_fen,
               coalesce(sum(l.amount_fen) FILTER (WHERE l.amount_fen > 0), 0) AS in_fen,
               coalesce(sum(l.amount_fen) FILTER (WHERE l.amount_fen < 0), 0) AS out_fen,
               coalesce(sum(l.fee_fen), 0) AS fee_fen
          FROM counter.statement s JOIN counter.bank_account a USING (bank_account_no)
          LEFT JOIN first f USING (statement_id) LEFT JOIN counter.statement_line l USING (statement_id)
         GROUP BY s.statement_id, a.kind, f.statement_id
    ), wanted AS (
        SELECT l.statement_id, l.journal_id, e.ledger_account, sum(e.fen) AS fen
          FROM lines l CROSS JOIN LATERAL (VALUES
               ('bank', 'bank', l.opening_fen + l.in_fen + l.out_fen), ('bank', 'opening_equity', -l.opening_fen),
               ('bank', 'unidentified_receipts', -l.in_fen), ('bank', 'unexplained_payments', -l.out_fen),
               ('acquirer', 'pos_unmatched', -l.in_fen - l.out_fen), ('acquirer', 'bank_fees', l.fee_fen),
               ('acquirer', 'acquirer_receivable', l.in_fen + l.out_fen - l.fee_fen)) AS e(kind, ledger_account, fen)
         WHERE e.kind = l.kind GROUP BY 1, 2, 3
    ), posted AS (
        SELECT j.journal_id, p.ledger_account::text AS ledger_account, sum(p.amount_fen) AS fen
          FROM counter.journal j JOIN counter.posting p USING (journal_id) WHERE j.kind = 'statement' GROUP BY 1, 2
    )
    SELECT coalesce('statement ' || w.statement_id, 'journal ' || p.journal_id),
           'posts ' || coalesce(p.fen, 0) || ' to ' || coalesce(w.ledger_account, p.ledger_account) || ' but its lines make '
               || coalesce(w.fen::text, 'nothing')
      FROM wanted w FULL JOIN posted p USING (journal_id, ledger_account)
     WHERE coalesce(w.fen, 0) <> coalesce(p.fen, 0)
    UNION ALL
    SELECT 'statement ' || statement_id, 'says ' || lines_new || ' new lines but has ' || lines FROM lines WHERE lines <> lines_new
     LIMIT 1
"""

STATEMENT_CHECKS: Final[Mapping[str, str]] = {
    "bank": _BANK,
    "statement lines": _LINES,
    "statements": _JOURNALS,
}
"""Every check by its name, in the order in which they run."""
