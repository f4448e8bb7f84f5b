"""Proofs of the bank side: what is open is what is owed, and every match is what its journal says.

Each check is a query for the first thing that is wrong; ``ledger_checks`` runs them with the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_LINES = """
    SELECT 'statement line ' || l.line_id,
           'has ' || l.open_fen || ' open of ' || l.amount_fen || ' but ' || coalesce(m.used_fen, 0) || ' is matched and '
               || coalesce(c.used_fen, 0) || ' claimed'
      FROM counter.statement_line l
      LEFT JOIN (SELECT line_id, sum(amount_fen) AS used_fen FROM counter.bank_match_line GROUP BY line_id) m USING (line_id)
      LEFT JOIN (SELECT line_id, sum(amount_fen) AS used_fen FROM counter.receipt_claim GROUP BY line_id) c USING (line_id)
     WHERE l.open_fen <> l.amount_fen - coalesce(m.used_fen, 0) - coalesce(c.used_fen, 0) ORDER BY l.line_id LIMIT 1
"""
_ITEMS = """
    SELECT 'book item ' || i.item_id,
           'has ' || i.open_fen || ' open of ' || i.amount_fen || ' but ' || coalesce(m.used_fen, 0) || ' is matched'
               || CASE WHEN i.withdrawn THEN '; it was withdrawn, and ' || coalesce(b.amount_fen::text, 'nothing') || ' stands as returned'
                       ELSE '' END
      FROM counter.book_item i
      LEFT JOIN (SELECT item_id, sum(amount_fen) AS used_fen FROM counter.bank_match_item GROUP BY item_id) m USING (item_id)
      LEFT JOIN counter.journal r ON i.withdrawn AND r.reverses = i.journal_id
      LEFT JOIN counter.book_item b ON b.journal_id = r.journal_id AND b.line = i.line AND b.kind = i.kind || '_back'
     WHERE CASE WHEN i.withdrawn THEN i.open_fen <> 0 OR coalesce(b.amount_fen, 0) <> -coalesce(m.used_fen, 0)
                ELSE i.open_fen <> i.amount_fen - coalesce(m.used_fen, 0) END
     ORDER BY i.item_id LIMIT 1
"""
_MATCHES = """
    SELECT 'journal ' || coalesce(m.journal_id, p.journal_id),
           'posts ' || coalesce(p.amount_fen::text, 'nothing') || ' to ' || coalesce(m.ledger_account, p.ledger_account)
               || ' but its matches make ' || coalesce(m.amount_fen::text, 'nothing')
      FROM (SELECT journal_id, ledger_account, sum(amount_fen) AS amount_fen
              FROM (SELECT x.journal_id, counter.line_account(a.kind = 'acquirer', l.amount_fen) AS ledger_account, q.amount_fen
                      FROM counter.bank_match x JOIN counter.bank_match_line q USING (match_id)
                      JOIN counter.statement_line l USING (line_id) JOIN counter.bank_account a USING (bank_account_no)
                    UNION ALL
                    SELECT x.journal_id, i.ledger_account, -q.amount_fen
                      FROM counter.bank_match x JOIN counter.bank_match_item q USING (match_id)
                      JOIN counter.book_item i USING (item_id)
                    UNION ALL
                    SELECT x.journal_id, x.difference_account, -x.difference_fen FROM counter.bank_match x
                     WHERE x.difference_fen <> 0) e
             GROUP BY 1, 2) m
      FULL JOIN (SELECT j.journal_id, q.ledger_account::text AS ledger_account, sum(q.amount_fen) AS amount_fen
                   FROM counter.journal j JOIN counter.posting q USING (journal_id) WHERE j.kind = 'bank_match'
                  GROUP BY 1, 2) p USING (journal_id, ledger_account)
     WHERE coalesce(m.amount_fen, 0) <> coalesce(p.amount_fen, 0) ORDER BY 1 LIMIT 1
"""
_CLEARING = """
    WITH expected AS (
        SELECT i.ledger_account, i.open_fen AS amount_fen FROM counter.book_item i
        UNION ALL
        SELECT CASE d.kind WHEN 'pos' THEN 'pos_clearing' ELSE 'transfer_clearing' END, d.amount_fen
          FROM counter.tender_document d
         WHERE d.kind IN ('transfer', 'pos') AND d.released_by IS NULL
           AND NOT EXISTS (SELECT FROM counter.book_item i
                            WHERE i.kind = d.kind AND i.journal_id = d.journal_id AND i.line = d.line)
        UNION ALL
        SELECT 'cash_in_transit', p.cash_fen FROM counter.deposit p
         WHERE NOT EXISTS (SELECT FROM counter.book_item i WHERE i.kind = 'cash_deposit' AND i.journal_id = p.journal_id)
        UNION ALL
        SELECT 'cash_in_transit', d.amount_fen
          FROM counter.deposit_item x JOIN counter.shift_closing c USING (shift_id)
          JOIN counter.tender_document d ON d.journal_id BETWEEN x.shift_id AND c.journal_id
         WHERE x.part = 'cheque' AND d.kind = 'cheque' AND d.released_by IS NULL
           AND NOT EXISTS (SELECT FROM counter.book_item i
                            WHERE i.kind = 'cheque' AND i.journal_id = d.journal_id AND i.line = d.line)
        UNION ALL
        SELECT 'refunds_payable', t.amount_fen
          FROM counter.tender t JOIN counter.journal j USING (journal_id)
         WHERE j.kind = 'refund' AND t.kind = 'transfer'
           AND NOT EXISTS (SELECT FROM counter.book_item i WHERE i.kind = 'refund' AND i.journal_id = t.journal_id)
        UNION ALL
        SELECT 'acquirer_receivable', p.amount_fen
          FROM counter.statement s JOIN counter.posting p USING (journal_id)
         WHERE p.ledger_account = 'acquirer_receivable'
           AND NOT EXISTS (SELECT FROM counter.book_item i WHERE i.kind = 'settlement' AND i.journal_id = s.journal_id)
        UNION ALL
        SELECT counter.line_account(a.kind = 'acquirer', l.amount_fen), -l.open_fen
          FROM counter.statement_line l JOIN counter.bank_account a USING (bank_account_no)
    )
    SELECT 'ledger account ' || coalesce(e.ledger_account, p.ledger_account),
           'stands at ' || coalesce(p.amount_fen, 0) || ' but what is open makes ' || coalesce(e.amount_fen, 0)
      FROM (SELECT ledger_account, sum(amount_fen) AS amount_fen FROM expected GROUP BY 1) e
      FULL JOIN (SELECT q.ledger_account::text AS ledger_account, sum(q.amount_fen) AS amount_fen FROM counter.posting q
                  WHERE q.ledger_account IN ('transfer_clearing', 'pos_clearing', 'cash_in_transit', 'refunds_payable',
                                             'acquirer_receivable', 'pos_unmatched', 'unidentified_receipts',
                                             'unexplained_payments')
                  GROUP BY 1) p USING (ledger_account)
     WHERE coalesce(e.amount_fen, 0) <> coalesce(p.amount_fen, 0) ORDER BY 1 LIMIT 1
"""
_ARRIVED = """
    SELECT 'paper of journal ' || d.journal_id || ' line ' || d.line,
           CASE WHEN d.arrived_by IS NULL THEN 'has not arrived, but nothing of it is open'
                ELSE 'has arrived by ' || d.arrived_by || ', but ' || i.open_fen || ' of it is open' END
      FROM counter.tender_document d
      JOIN counter.book_item i ON i.kind = d.kind AND i.journal_id = d.journal_id AND i.line = d.line
     WHERE d.released_by IS NULL AND (d.arrived_by IS NOT NULL) <> (i.open_fen = 0)
        OR (d.released_by IS NOT NULL) <> i.withdrawn
     ORDER BY 1 LIMIT 1
"""

MATCH_CHECKS: Final[Mapping[str, str]] = {
    "open lines": _LINES,
    "open items": _ITEMS,
    "matches": _MATCHES,
    "clearing": _CLEARING,
    "arrivals": _ARRIVED,
}
"""Every check by its name, in the order in which they run."""
