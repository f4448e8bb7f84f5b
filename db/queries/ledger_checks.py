"""The ledger computed again from its rows: chains, sums, receipts, bills and balances.

Each check is one set-based query that gives the first thing that is wrong. The texts that are hashed come
from the same SQL functions that the posting used, so there is one definition of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from db.queries.closing_checks import CLOSING_CHECKS
from db.queries.match_checks import MATCH_CHECKS
from db.queries.statement_checks import STATEMENT_CHECKS


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: which check found it, where, and what it saw."""

    check: str
    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there was to look at."""

    journals: int
    postings: int
    tills: int


_CHAINS = """
    SELECT 'journal ' || c.journal_id,
           CASE WHEN c.lines IS NULL OR c.lines < 2 THEN 'has no lines'
                WHEN c.sum_fen <> 0 THEN 'does not balance: ' || c.sum_fen
                WHEN c.till_seq <> coalesce(c.seq_before, 0) + 1 THEN 'a journal before it is missing'
                WHEN c.prev_hash <> coalesce(c.hash_before, decode(repeat('00', 32), 'hex'))
                     THEN 'does not continue the chain'
                ELSE 'its content is not what was hashed' END
      FROM (SELECT j.journal_id, j.till_seq, j.prev_hash, j.hash, p.lines, p.sum_fen,
                   lag(j.hash) OVER chain AS hash_before, lag(j.till_seq) OVER chain AS seq_before,
                   counter.chain_hash(j.prev_hash, counter.journal_text(j), coalesce(t.tenders, ''), p.text) AS wanted
              FROM counter.journal j
              LEFT JOIN (SELECT journal_id, count(*) AS lines, sum(amount_fen) AS sum_fen,
                                string_agg(counter.posting_text(line, ledger_account::text, account_no, period, part,
                                                                amount_fen), E'\\n' ORDER BY line) AS text
                           FROM counter.posting GROUP BY journal_id) p USING (journal_id)
              LEFT JOIN (SELECT journal_id, string_agg(counter.tender_text(line, kind, amount_fen, received_fen, details),
                                                       E'\\n' ORDER BY line) AS tenders
                           FROM counter.tender GROUP BY journal_id) t USING (journal_id)
            WINDOW chain AS (PARTITION BY j.till_no ORDER BY j.journal_id)) c
     WHERE c.lines IS NULL OR c.lines < 2 OR c.sum_fen <> 0 OR c.wanted IS DISTINCT FROM c.hash
        OR c.till_seq <> coalesce(c.seq_before, 0) + 1
        OR c.prev_hash <> coalesce(c.hash_before, decode(repeat('00', 32), 'hex'))
     ORDER BY c.journal_id LIMIT 1
"""
_HEADS = """
    SELECT 'till ' || t.till_no, 'its chain should end at ' || t.chain_seq || ' but ends at ' || coalesce(j.till_seq, 0)
      FROM counter.till t
      LEFT JOIN LATERAL (SELECT till_seq, hash FROM counter.journal j
                          WHERE j.journal_id BETWEEN t.till_no * 10000000000 AND t.till_no * 10000000000 + 9999999999
                          ORDER BY journal_id DESC LIMIT 1) j ON true
     WHERE t.chain_seq <> coalesce(j.till_seq, 0)
        OR t.chain_head <> coalesce(j.hash, decode(repeat('00', 32), 'hex'))
     ORDER BY t.till_no LIMIT 1
"""
_ORPHANS = """
    SELECT 'journal ' || p.journal_id, 'has lines but does not exist'
      FROM (SELECT DISTINCT journal_id FROM counter.posting) p
     WHERE NOT EXISTS (SELECT FROM counter.journal j WHERE j.journal_id = p.journal_id) LIMIT 1
"""
_RECEIPT_NUMBERS = """
    SELECT 'till ' || till_no || ' on ' || business_date,
           'receipts 1 to ' || max(receipt_serial) || ' should be there, but there are ' || count(*)
      FROM counter.journal WHERE receipt_serial IS NOT NULL
     GROUP BY till_no, business_date HAVING max(receipt_serial) <> count(*)
     ORDER BY till_no, business_date LIMIT 1
"""
_RECEIPTS = """
    SELECT 'receipt ' || counter.receipt_no(j.till_no, j.business_date, j.receipt_serial),
           'says ' || coalesce(r.total_fen::text, 'nothing') || ' but debits are ' || p.debit_fen
               || ' and tenders are ' || coalesce(t.tendered_fen::text, 'none')
      FROM counter.journal j
      LEFT JOIN counter.receipt r USING (journal_id)
      LEFT JOIN (SELECT journal_id, sum(amount_fen) AS tendered_fen FROM counter.tender GROUP BY journal_id) t
           USING (journal_id)
      LEFT JOIN (SELECT journal_id, sum(amount_fen) AS debit_fen FROM counter.posting
                  WHERE amount_fen > 0 GROUP BY journal_id) p USING (journal_id)
     WHERE counter.has_receipt(j.kind::text) AND j.kind <> 'deposit'
       AND (abs(r.total_fen) IS DISTINCT FROM p.debit_fen
            OR r.total_fen IS DISTINCT FROM t.tendered_fen AND j.kind <> 'balance_transfer')
     ORDER BY j.journal_id LIMIT 1
"""
_DETAILS = """
    SELECT 'receipt of journal ' || r.journal_id, 'says ' || r.total_fen || ' but its accounts make ' || d.total_fen
      FROM counter.receipt r
      JOIN (SELECT journal_id, sum(total_fen) AS total_fen FROM counter.receipt_account GROUP BY journal_id) d
           USING (journal_id)
      JOIN counter.journal j USING (journal_id)
     WHERE r.total_fen <> d.total_fen AND j.kind <> 'balance_transfer' ORDER BY 1 LIMIT 1
"""
_MIRRORS = """
    SELECT 'journal ' || j.journal_id, 'does not mirror ' || j.reverses
      FROM counter.journal j
     WHERE j.reverses IS NOT NULL AND EXISTS (
           SELECT p.ledger_account, p.account_no, p.period, p.part, sum(p.amount_fen)
             FROM counter.posting p WHERE p.journal_id IN (j.journal_id, j.reverses)
            GROUP BY p.ledger_account, p.account_no, p.period, p.part HAVING sum(p.amount_fen) <> 0)
     ORDER BY j.journal_id LIMIT 1
"""
_VOIDS = """
    SELECT 'journal ' || j.reverses, 'is reversed by ' || j.journal_id || ' but its slips or advances still count'
      FROM counter.journal j
     WHERE j.reverses IS NOT NULL AND (
           EXISTS (SELECT FROM counter.tender_document d WHERE d.journal_id = j.reverses AND d.released_by IS NULL)
        OR EXISTS (SELECT FROM counter.instalment_payment i WHERE i.journal_id IN (j.journal_id, j.reverses)
                    GROUP BY i.agreement_id HAVING sum(i.amount_fen) <> 0))
     ORDER BY j.journal_id LIMIT 1
"""
_DRAWERS = """
    SELECT 'till ' || t.till_no, 'holds ' || t.cash_fen || ' in cash but its postings say ' || coalesce(p.cash_fen, 0)
      FROM counter.till t
      LEFT JOIN (SELECT journal_id / 10000000000 AS till_no, sum(amount_fen) AS cash_fen FROM counter.posting
                  WHERE ledger_account = 'cash_in_till' GROUP BY 1) p USING (till_no)
     WHERE t.cash_fen <> coalesce(p.cash_fen, 0) ORDER BY t.till_no LIMIT 1
"""
_FUNDS = """
    SELECT 'fund ' || f.fund, 'has ' || f.balance_fen || ' but its postings say ' || p.balance_fen
      FROM counter.fund f, (SELECT coalesce(-sum(amount_fen), 0) AS balance_fen FROM counter.posting
                             WHERE ledger_account = 'care_fund') p
     WHERE f.fund = 'care_fund' AND f.balance_fen <> p.balance_fen
"""
_CARDS = """
    SELECT 'recharge cards', 'are worth ' || c.worth_fen || ' but their postings say ' || p.owed_fen
      FROM (SELECT counter.cards_outstanding_fen() AS worth_fen) c,
           (SELECT coalesce(-sum(amount_fen), 0) AS owed_fen FROM counter.posting
             WHERE ledger_account = 'recharge_cards') p
     WHERE c.worth_fen <> p.owed_fen
"""
_CARD_SALES = """
    SELECT 'sale of cards in journal ' || coalesce(s.journal_id, j.journal_id),
           'is of cards worth ' || coalesce(s.worth_fen, 0) || ' but its receipt says ' || coalesce(r.total_fen::text, 'nothing')
      FROM counter.card_sales() s
      FULL JOIN (SELECT journal_id FROM counter.journal WHERE kind = 'card_sale') j USING (journal_id)
      LEFT JOIN counter.receipt r USING (journal_id)
     WHERE s.worth_fen IS DISTINCT FROM r.total_fen LIMIT 1
"""
_EXPOSURE = """
    SELECT 'payer of slips', 'has ' || coalesce(e.open_fen, 0) || ' open but its slips make ' || coalesce(d.open_fen, 0)
      FROM counter.payer_exposure e
      FULL JOIN (SELECT payer, sum(amount_fen) AS open_fen FROM counter.tender_document
                  WHERE kind = 'transfer' AND released_by IS NULL AND arrived_by IS NULL GROUP BY payer) d USING (payer)
     WHERE coalesce(e.open_fen, 0) <> coalesce(d.open_fen, 0) LIMIT 1
"""
_RELIEFS = """
    SELECT 'bill ' || concat_ws('-', b.account_no, b.period, b.part),
           'has ' || b.late_fee_waived_fen || ' of late fee waived but ' || coalesce(r.waived_fen, 0) || ' was granted'
               || '; put off until ' || coalesce(b.late_fee_deferred_until::text, '-') || ', granted '
               || coalesce(r.deferred_until::text, '-')
      FROM counter.bill b
      LEFT JOIN (SELECT account_no, period, part, sum(waived_fen) AS waived_fen,
                        (array_agg(deferred_until ORDER BY granted_at DESC)
                             FILTER (WHERE kind = 'deferral'))[1] AS deferred_until
                   FROM counter.late_fee_relief GROUP BY account_no, period, part) r USING (account_no, period, part)
     WHERE b.late_fee_waived_fen <> coalesce(r.waived_fen, 0)
        OR b.late_fee_deferred_until IS DISTINCT FROM r.deferred_until LIMIT 1
"""
_DEPOSITS = """
    SELECT 'deposit of journal ' || d.journal_id,
           'says ' || d.cash_fen || ' in cash, ' || d.cheques_fen || ' in cheques and ' || d.pos_fen
               || ' by POS but its items are ' || concat_ws(', ', i.cash_fen, i.cheques_fen, i.pos_fen)
               || ' and its postings ' || concat_ws(', ', p.cash_fen, p.cheques_fen, p.transit_fen)
      FROM counter.deposit d
      FULL JOIN (SELECT journal_id FROM counter.journal WHERE kind = 'deposit') j USING (journal_id)
      LEFT JOIN (SELECT journal_id, coalesce(sum(amount_fen) FILTER (WHERE part = 'cash'), 0) AS cash_fen,
                        coalesce(sum(amount_fen) FILTER (WHERE part = 'cheque'), 0) AS cheques_fen,
                        coalesce(sum(amount_fen) FILTER (WHERE part = 'pos'), 0) AS pos_fen
                   FROM counter.deposit_item GROUP BY journal_id) i USING (journal_id)
      LEFT JOIN (SELECT journal_id,
                        -coalesce(sum(amount_fen) FILTER (WHERE ledger_account = 'undeposited_cash'), 0) AS cash_fen,
                        -coalesce(sum(amount_fen) FILTER (WHERE ledger_account = 'cheques_in_hand'), 0) AS cheques_fen,
                        coalesce(sum(amount_fen) FILTER (WHERE ledger_account = 'cash_in_transit'), 0) AS transit_fen
                   FROM counter.posting GROUP BY journal_id) p USING (journal_id)
     WHERE (d.cash_fen, d.cheques_fen, d.pos_fen) IS DISTINCT FROM (i.cash_fen, i.cheques_fen, i.pos_fen)
        OR (d.cash_fen, d.cheques_fen, d.cash_fen + d.cheques_fen)
           IS DISTINCT FROM (p.cash_fen, p.cheques_fen, p.transit_fen)
     ORDER BY 1 LIMIT 1
"""
_SAFES = """
    SELECT 'shift ' || shift_id, 'put ' || put_fen || ' of cash into the safe but ' || taken_fen || ' was deposited'
      FROM (SELECT j.shift_id, sum(p.amount_fen) AS put_fen
              FROM counter.posting p JOIN counter.journal j USING (journal_id)
             WHERE p.ledger_account = 'undeposited_cash' AND j.kind <> 'deposit' GROUP BY j.shift_id) s
      FULL JOIN (SELECT shift_id, amount_fen AS taken_fen FROM counter.deposit_item WHERE part = 'cash') d
           USING (shift_id)
     WHERE coalesce(put_fen, 0) < 0 OR taken_fen IS NOT NULL AND taken_fen <> coalesce(put_fen, 0)
     ORDER BY shift_id LIMIT 1
"""
_HALLS = """
    SELECT 'hall ' || j.hall_no, p.ledger_account || ' stands at ' || sum(p.amount_fen)
      FROM counter.posting p JOIN counter.journal j USING (journal_id)
     WHERE p.ledger_account IN ('undeposited_cash', 'cheques_in_hand')
     GROUP BY j.hall_no, p.ledger_account HAVING sum(p.amount_fen) < 0
     ORDER BY j.hall_no LIMIT 1
"""
_CLOSINGS = """
    SELECT 'shift ' || s.shift_id,
           'is closed but ' || coalesce(p.cash_fen, 0) || ' of its cash is left; counted ' || coalesce(c.counted_fen::text, 'never')
               || ', postings say ' || coalesce(p.banked_fen + p.float_fen, 0) || '; over or short '
               || coalesce((c.counted_fen - c.expected_fen)::text, 'unknown') || ', postings ' || coalesce(p.over_fen, 0)
      FROM counter.shift s
      LEFT JOIN counter.shift_closing c USING (shift_id)
      LEFT JOIN counter.shift_count n ON n.count_id = c.count_id AND n.shift_id = c.shift_id
      LEFT JOIN (SELECT j.shift_id, sum(q.amount_fen) FILTER (WHERE q.ledger_account = 'cash_in_till') AS cash_fen,
                        coalesce(sum(q.amount_fen) FILTER (WHERE j.kind = 'shift_closing'
                                 AND q.ledger_account = 'undeposited_cash'), 0) AS banked_fen,
                        coalesce(sum(q.amount_fen) FILTER (WHERE j.kind = 'shift_closing'
                                 AND q.ledger_account = 'float_fund'), 0) AS float_fen,
                        coalesce(-sum(q.amount_fen) FILTER (WHERE j.kind = 'shift_closing'
                                 AND q.ledger_account IN ('cash_over', 'cash_short')), 0) AS over_fen
                   FROM counter.journal j JOIN counter.posting q USING (journal_id)
                  WHERE j.shift_id IS NOT NULL GROUP BY j.shift_id) p ON p.shift_id = s.shift_id
     WHERE s.closed_at IS NOT NULL
       AND (p.cash_fen <> 0 OR p.banked_fen <> c.to_bank_fen OR p.float_fen <> c.float_fen
            OR c.counted_fen <> c.float_fen + c.to_bank_fen OR p.over_fen <> c.counted_fen - c.expected_fen
            OR n.counted_fen <> c.counted_fen OR n.expected_fen <> c.expected_fen) IS NOT FALSE
     ORDER BY s.shift_id LIMIT 1
"""
_BILLS = """
    SELECT 'bill ' || concat_ws('-', b.account_no, b.period, b.part),
           'owes ' || (b.principal_fen - b.principal_paid_fen) || ' but its postings say ' || coalesce(p.owed_fen, 0)
               || '; late fee paid ' || b.late_fee_paid_fen || ', postings ' || coalesce(p.late_fee_fen, 0)
      FROM counter.bill b
      FULL JOIN (SELECT account_no, period, part,
                        coalesce(sum(amount_fen) FILTER (WHERE ledger_account = 'receivable'), 0) AS owed_fen,
                        coalesce(-sum(amount_fen) FILTER (WHERE ledger_account = 'late_fee_income'), 0) AS late_fee_fen
                   FROM counter.posting WHERE period IS NOT NULL GROUP BY account_no, period, part) p
        USING (account_no, period, part)
     WHERE b.principal_fen - b.principal_paid_fen IS DISTINCT FROM coalesce(p.owed_fen, 0)
        OR b.late_fee_paid_fen IS DISTINCT FROM coalesce(p.late_fee_fen, 0) LIMIT 1
"""
_BALANCES = """
    SELECT 'account ' || b.account_no,
           'prepaid ' || b.prepaid_fen || ' but its postings say ' || coalesce(p.prepaid_fen, 0)
               || '; arrears ' || b.arrears_fen || ', postings ' || coalesce(p.arrears_fen, 0)
      FROM counter.account_balance b
      FULL JOIN (SELECT account_no,
                        coalesce(-sum(amount_fen) FILTER (WHERE ledger_account = 'prepaid'), 0) AS prepaid_fen,
                        coalesce(sum(amount_fen) FILTER (WHERE ledger_account = 'receivable'), 0) AS arrears_fen
                   FROM counter.posting WHERE account_no IS NOT NULL GROUP BY account_no) p USING (account_no)
     WHERE b.prepaid_fen IS DISTINCT FROM coalesce(p.prepaid_fen, 0)
        OR b.arrears_fen IS DISTINCT FROM coalesce(p.arrears_fen, 0) LIMIT 1
"""
_INSTALMENTS = """
    SELECT 'instalment of agreement ' || i.agreement_id,
           'journal ' || i.journal_id || ': ' || i.amount_fen || ' but its postings say ' || coalesce(p.fen, 0)
      FROM counter.instalment_payment i JOIN counter.instalment_agreement g USING (agreement_id)
      LEFT JOIN (SELECT journal_id, account_no, -sum(amount_fen) AS fen FROM counter.posting
                  WHERE ledger_account = 'prepaid' GROUP BY 1, 2) p USING (journal_id, account_no)
     WHERE i.amount_fen IS DISTINCT FROM p.fen LIMIT 1
"""
_VENDS = """
    SELECT 'account ' || account_no,
           'has sales of ' || coalesce(v.open_fen, 0) || ' not settled and ' || coalesce(v.written_fen, 0)
               || ' written but its postings say ' || coalesce(p.open_fen, 0) || ' and ' || coalesce(p.written_fen, 0)
      FROM (SELECT account_no, coalesce(sum(amount_fen) FILTER (WHERE state IN ('pending', 'in_doubt')), 0) AS open_fen,
                   coalesce(sum(amount_fen) FILTER (WHERE state = 'written'), 0) AS written_fen
              FROM (SELECT account_no, amount_fen, state FROM counter.vend
                    UNION ALL
                    SELECT account_no, amount_fen, CASE state WHEN 'issued' THEN 'written' ELSE state END
                      FROM counter.token_vend WHERE state <> 'refused'
                    UNION ALL
                    SELECT account_no, amount_fen, 'pending' FROM counter.token_vend WHERE state = 'refused') s
             GROUP BY account_no) v
      FULL JOIN (SELECT account_no, coalesce(-sum(amount_fen) FILTER (WHERE ledger_account = 'vend_in_flight'), 0) AS open_fen,
                        coalesce(-sum(amount_fen) FILTER (WHERE ledger_account = 'vended'), 0) AS written_fen
                   FROM counter.posting WHERE ledger_account IN ('vend_in_flight', 'vended') GROUP BY account_no) p
           USING (account_no)
     WHERE (coalesce(v.open_fen, 0), coalesce(v.written_fen, 0))
           IS DISTINCT FROM (coalesce(p.open_fen, 0), coalesce(p.written_fen, 0)) LIMIT 1
"""
_VEND_PAPERS = """
    SELECT 'journal ' || coalesce(v.journal_id, j.journal_id),
           'is a sale of ' || coalesce(v.amount_fen::text, 'nothing') || ' to ' || coalesce(v.account_no, 'nobody')
               || ' but its receipt says ' || coalesce(r.total_fen::text, 'nothing') || ' and ' || coalesce(r.account_no, 'nobody')
      FROM (SELECT vend_id, journal_id, account_no, amount_fen FROM counter.vend
            UNION ALL
            SELECT vend_id, journal_id, account_no, amount_fen FROM counter.token_vend) v
      FULL JOIN (SELECT journal_id, request_id FROM counter.journal WHERE kind = 'vend') j USING (journal_id)
      LEFT JOIN counter.receipt r USING (journal_id)
     WHERE (v.vend_id = j.request_id AND v.amount_fen = r.total_fen AND v.account_no = r.account_no) IS NOT TRUE LIMIT 1
"""
_VEND_COUNTS = """
    SELECT 'meter ' || meter_no || ' of account ' || account_no,
           'counts ' || coalesce(v.first, 0) || ' to ' || coalesce(v.last, 0) || ' in ' || coalesce(v.sales, 0)
               || ' sales; the books are at ' || coalesce(m.vend_count::text, 'another meter') || ' and began at '
               || coalesce(m.start_count::text, '-')
      FROM (SELECT account_no, meter_no, min(vend_count) AS first, max(vend_count) AS last, count(*) AS sales
              FROM counter.vend WHERE state <> 'undone' GROUP BY account_no, meter_no) v
      FULL JOIN counter.meter_count m USING (account_no, meter_no)
     WHERE v.last - v.first + 1 <> v.sales
        OR m.vend_count IS NOT NULL AND (m.start_count, m.vend_count)
           IS DISTINCT FROM (coalesce(v.first - 1, m.start_count), coalesce(v.last, m.start_count))
        OR m.vend_count IS NULL AND NOT EXISTS (SELECT FROM counter.meter_count o WHERE o.account_no = v.account_no)
     LIMIT 1
"""
_VEND_STATES = """
    SELECT 'vend ' || v.vend_id, 'is ' || v.state || ' but what was last noted of it is ' || coalesce(e.state, 'nothing')
               || ', with ' || coalesce(e.evidence::text, 'no evidence')
      FROM counter.vend v
      LEFT JOIN (SELECT DISTINCT ON (vend_id) vend_id, state, evidence, approval_id, journal_id FROM counter.vend_event
                  ORDER BY vend_id, seq DESC) e USING (vend_id)
      LEFT JOIN counter.approval_use u USING (approval_id)
     WHERE e.state IS DISTINCT FROM v.state
        OR v.state = 'written' AND NOT coalesce(u.approval_id IS NOT NULL
               OR (e.evidence->>'vend_count')::bigint = v.vend_count AND e.evidence->>'card_serial' IN (
                      v.card_serial, (SELECT c.card_serial FROM counter.card_change c
                                       WHERE c.account_no = v.account_no AND c.card_serial = e.evidence->>'card_serial'
                                       LIMIT 1)), false)
        OR v.state = 'undone' AND NOT EXISTS (SELECT FROM counter.journal j WHERE j.journal_id = e.journal_id
                                               AND (j.reverses = v.journal_id OR j.kind = 'vend_credited'))
     LIMIT 1
"""
_TOKENS = """
    SELECT 'token sale ' || v.vend_id, 'is ' || v.state || ' but what was last noted of it is ' || coalesce(e.state, 'nothing')
               || CASE WHEN v.state = 'undone' THEN ', or its payment is not reversed'
                       WHEN v.state = 'issued' THEN ', or it was issued more than once' ELSE '' END
      FROM counter.token_vend v
      LEFT JOIN (SELECT DISTINCT ON (vend_id) vend_id, state FROM counter.token_vend_event ORDER BY vend_id, seq DESC) e
           USING (vend_id)
      LEFT JOIN (SELECT vend_id, count(*) AS times FROM counter.token_vend_event WHERE state = 'issued' GROUP BY vend_id) i
           USING (vend_id)
      LEFT JOIN counter.journal r ON r.reverses = v.journal_id
     WHERE e.state IS DISTINCT FROM v.state OR (v.state = 'undone') <> (r.journal_id IS NOT NULL)
        OR coalesce(i.times, 0) <> CASE v.state WHEN 'issued' THEN 1 ELSE 0 END
     LIMIT 1
"""
_METER_CARDS = """
    SELECT 'card ' || c.card_serial, 'is in use for ' || c.account_no || ' but the last change of it is '
               || coalesce(h.change || ' for ' || h.account_no, 'none')
      FROM counter.meter_card c
      LEFT JOIN (SELECT DISTINCT ON (card_serial) card_serial, change, account_no FROM counter.card_change
                  WHERE card_serial <> '' ORDER BY card_serial, recorded_at DESC) h USING (card_serial)
     WHERE c.account_no IS DISTINCT FROM h.account_no
        OR c.status <> 'replaced' AND (c.status = 'returned') <> (h.change = 'returned') LIMIT 1
"""

CHECKS: Final[Mapping[str, str]] = {
    "chains": _CHAINS,
    "chain heads": _HEADS,
    "orphans": _ORPHANS,
    "receipt numbers": _RECEIPT_NUMBERS,
    "receipts": _RECEIPTS,
    "receipt details": _DETAILS,
    "reversals": _MIRRORS,
    "voids": _VOIDS,
    "drawers": _DRAWERS,
    "closings": _CLOSINGS,
    "funds": _FUNDS,
    "cards": _CARDS,
    "card sales": _CARD_SALES,
    "slips": _EXPOSURE,
    "reliefs": _RELIEFS,
    "deposits": _DEPOSITS,
    "safes": _SAFES,
    "halls' money in hand": _HALLS,
    "bills": _BILLS,
    "balances": _BALANCES,
    "instalments": _INSTALMENTS,
    "vends": _VENDS,
    "vend receipts": _VEND_PAPERS,
    "vend counts": _VEND_COUNTS,
    "vend states": _VEND_STATES,
    "meter cards": _METER_CARDS,
    "tokens": _TOKENS,
    **CLOSING_CHECKS,
    **STATEMENT_CHECKS,
    **MATCH_CHECKS,
}
"""Every check by its name, in the order in which they run."""


def extent(connection: Connection) -> Extent:
    """How many journals, postings and tills there are."""
    row = connection.execute(
        text(
            "SELECT (SELECT count(*) FROM counter.journal), (SELECT count(*) FROM counter.posting),"
            " (SELECT count(*) FROM counter.till)"
        )
    ).one()
    return Extent(*row)


def share_snapshot(connection: Connection) -> str:
    """The name under which other transactions can see exactly what this one sees."""
    return str(connection.execute(text("SELECT pg_export_snapshot()")).scalar_one())


def use_snapshot(connection: Connection, name: str) -> None:
    """See what the transaction that shared ``name`` sees; the first statement of a transaction."""
    connection.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{name}'")


def run(connection: Connection, names: Iterable[str] = CHECKS) -> Iterator[tuple[str, Finding | None]]:
    """Each named check with the first thing that it found wrong, or None."""
    connection.execute(text("SET LOCAL work_mem = '256MB'"))
    # Every row is read: LIMIT 1 must not tempt the planner into plans for the first one.
    connection.execute(text("SET LOCAL enable_nestloop = off"))
    connection.execute(text("SET LOCAL enable_mergejoin = off"))
    for name in names:
        row = connection.execute(text(CHECKS[name])).first()
        yield name, Finding(name, str(row[0]), str(row[1])) if row else None
