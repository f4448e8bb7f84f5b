"""What is open at the bank and in the books, what may belong together, and what was matched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of a statement with what is known of it."""

    line_id: int
    acquirer: bool
    bank_account_no: str
    booked: date
    amount_fen: int
    open_fen: int
    reference: str
    text: str
    party: str
    party_account: str
    state: str
    owner: str
    note: str
    age_days: int


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item of the books with what is known of it."""

    item_id: int
    kind: str
    hall_no: int
    hall_name: str
    business_date: date
    amount_fen: int
    open_fen: int
    reference: str
    payer: str
    account_no: str
    state: str
    owner: str
    note: str
    age_days: int


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """What may belong together; ``cash`` when an item is a deposit."""

    suggestion_id: int
    rule: str
    score: int
    facts: dict[str, Any]
    line_ids: list[int]
    item_ids: list[int]
    difference_fen: int
    cash: bool


@dataclass(frozen=True, slots=True)
class TotalsRow:
    """Everything that is open of a side, also what a limit left off."""

    lines_open: int
    lines_open_fen: int
    items_open: int
    items_open_fen: int
    matched_today: int


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A match that was made."""

    match_id: int
    rule: str
    score: int
    facts: dict[str, Any]
    difference_fen: int
    staff_name: str
    recorded_at: datetime
    note: str
    undone: bool
    unmatches: int | None
    line_ids: list[int]
    item_ids: list[int]


_LINE = """
    SELECT l.line_id, a.kind = 'acquirer', l.bank_account_no, l.booked, l.amount_fen, l.open_fen, l.reference, l.text, l.party,
           l.party_account, coalesce(e.state, 'new'), coalesce(p.name, e.owner, ''), coalesce(e.note, ''),
           greatest((SELECT counter.business_date()) - l.booked, 0)
      FROM counter.statement_line l JOIN counter.bank_account a USING (bank_account_no)
      LEFT JOIN LATERAL (SELECT b.state, b.owner, b.note FROM counter.break_event b WHERE b.line_id = l.line_id
                          ORDER BY b.event_id DESC LIMIT 1) e ON true
      LEFT JOIN counter.staff p ON p.staff_no = e.owner
"""
_ITEM = """
    SELECT i.item_id, i.kind, i.hall_no, h.name, i.business_date, i.amount_fen, i.open_fen, i.reference, i.payer,
           coalesce(i.account_no, ''), coalesce(e.state, 'new'), coalesce(p.name, e.owner, ''), coalesce(e.note, ''),
           greatest((SELECT counter.business_date()) - i.business_date, 0)
      FROM counter.book_item i JOIN counter.hall h USING (hall_no)
      LEFT JOIN LATERAL (SELECT b.state, b.owner, b.note FROM counter.break_event b WHERE b.item_id = i.item_id
                          ORDER BY b.event_id DESC LIMIT 1) e ON true
      LEFT JOIN counter.staff p ON p.staff_no = e.owner
"""
_OPEN_LINES = """
     WHERE l.open_fen <> 0 AND (a.kind = 'acquirer') = :acquirer
       AND (CAST(:account AS text) IS NULL OR l.bank_account_no = :account)
"""
_OPEN_ITEMS = """
     WHERE i.open_fen <> 0 AND (i.ledger_account = 'pos_clearing') = :acquirer
       AND (CAST(:account AS text) IS NULL OR i.bank_account_no IS NULL OR i.bank_account_no = :account
            OR i.kind = 'settlement')
"""
_LINE_WORDS = """
       AND (strpos(upper(concat_ws(' ', l.text, l.reference, l.party, l.party_account)), :words) > 0
            OR abs(l.open_fen) = :fen OR abs(l.amount_fen) = :fen OR l.booked = :day)
"""
_ITEM_WORDS = """
       AND (strpos(upper(concat_ws(' ', i.reference, i.payer, i.payer_account, i.account_no, i.batch)), :words) > 0
            OR abs(i.open_fen) = :fen OR abs(i.amount_fen) = :fen OR i.business_date = :day)
"""
_LINE_ORDER = " ORDER BY l.booked, l.line_id LIMIT :most"
_ITEM_ORDER = " ORDER BY i.business_date, i.item_id LIMIT :most"
_SUGGESTIONS = """
    SELECT s.suggestion_id, s.rule, s.score, s.facts, s.line_ids, s.item_ids, s.difference_fen,
           s.difference_fen <> 0 AND EXISTS (SELECT FROM counter.book_item i WHERE i.item_id = ANY (s.item_ids)
                                                AND i.ledger_account = 'cash_in_transit')
      FROM counter.suggestion s
      JOIN counter.statement_line f ON f.line_id = s.line_ids[1] JOIN counter.bank_account a USING (bank_account_no)
     WHERE s.rejected_at IS NULL AND (a.kind = 'acquirer') = :acquirer
       AND (CAST(:account AS text) IS NULL OR f.bank_account_no = :account)
       AND s.suggestion_id NOT IN (
               SELECT u.suggestion_id
                 FROM (SELECT x.suggestion_id, unnest(x.line_ids) AS line_id FROM counter.suggestion x
                        WHERE x.rejected_at IS NULL) u
                 JOIN counter.statement_line l ON l.line_id = u.line_id WHERE l.open_fen = 0
               UNION ALL
               SELECT u.suggestion_id
                 FROM (SELECT x.suggestion_id, unnest(x.item_ids) AS item_id FROM counter.suggestion x
                        WHERE x.rejected_at IS NULL) u
                 JOIN counter.book_item i ON i.item_id = u.item_id WHERE i.open_fen = 0)
     ORDER BY s.score DESC, s.suggestion_id
"""
_TOTALS = f"""
    SELECT l.n, l.fen, i.n, i.fen,
           (SELECT count(*) FROM counter.bank_match m
             WHERE m.recorded_at >= (counter.business_date()::timestamp AT TIME ZONE (SELECT timezone FROM counter.bureau))
               AND m.unmatches IS NULL AND NOT EXISTS (SELECT FROM counter.bank_match u WHERE u.unmatches = m.match_id))
      FROM (SELECT count(*) AS n, coalesce(sum(l.open_fen), 0)::bigint AS fen
              FROM counter.statement_line l JOIN counter.bank_account a USING (bank_account_no) {_OPEN_LINES}) l,
           (SELECT count(*) AS n, coalesce(sum(i.open_fen), 0)::bigint AS fen FROM counter.book_item i {_OPEN_ITEMS}) i
"""
_MATCHES = """
    SELECT m.match_id, m.rule, m.score, m.facts, m.difference_fen, coalesce(p.name, m.staff_no), m.recorded_at, m.note,
           EXISTS (SELECT FROM counter.bank_match u WHERE u.unmatches = m.match_id), m.unmatches,
           ARRAY(SELECT l.line_id FROM counter.bank_match_line l WHERE l.match_id = m.match_id ORDER BY 1),
           ARRAY(SELECT i.item_id FROM counter.bank_match_item i WHERE i.match_id = m.match_id ORDER BY 1)
      FROM counter.bank_match m LEFT JOIN counter.staff p ON p.staff_no = m.staff_no
     WHERE m.recorded_at >= (CAST(:first AS timestamp) AT TIME ZONE (SELECT timezone FROM counter.bureau))
       AND m.recorded_at < (CAST(:last AS timestamp) AT TIME ZONE (SELECT timezone FROM counter.bureau)) + interval '1 day'
       AND coalesce((SELECT a.kind = 'acquirer' FROM counter.bank_match_line x JOIN counter.statement_line l USING (line_id)
                      JOIN counter.bank_account a USING (bank_account_no) WHERE x.match_id = m.match_id LIMIT 1), false) = :acquirer
     ORDER BY m.match_id DESC LIMIT :most
"""


def collect(connection: Connection) -> None:
    """Take in what is new in the books; tills that somebody else is collecting are passed over."""
    connection.execute(text("SELECT counter.collect_items(false)"))


def lines(connection: Connection, *, acquirer: bool, account: str | None, most: int) -> list[LineRow]:
    """Open lines, the oldest first."""
    values = {"acquirer": acquirer, "account": account, "most": most}
    found = connection.execute(text(_LINE + _OPEN_LINES + _LINE_ORDER), values)
    return [LineRow(*row) for row in found]


def items(connection: Connection, *, acquirer: bool, account: str | None, most: int) -> list[ItemRow]:
    """Open items, the oldest first; those that wait for another account are left out."""
    values = {"acquirer": acquirer, "account": account, "most": most}
    found = connection.execute(text(_ITEM + _OPEN_ITEMS + _ITEM_ORDER), values)
    return [ItemRow(*row) for row in found]


def suggestions(connection: Connection, *, acquirer: bool, account: str | None) -> list[SuggestionRow]:
    """What may belong together and is still open, the best first."""
    found = connection.execute(text(_SUGGESTIONS), {"acquirer": acquirer, "account": account})
    return [SuggestionRow(*row) for row in found]


def totals(connection: Connection, *, acquirer: bool, account: str | None) -> TotalsRow:
    """How much is open."""
    values = {"acquirer": acquirer, "account": account}
    return TotalsRow(*connection.execute(text(_TOTALS), values).one())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for: words in capitals, an amount, a day; each of them is enough."""

    words: str
    amount_fen: int | None
    day: date | None


def find(
    connection: Connection, wanted: Wanted, *, acquirer: bool, most: int
) -> tuple[list[LineRow], list[ItemRow]]:
    """Open lines and items that have it."""
    values: dict[str, object] = {"acquirer": acquirer, "account": None, "most": most, "words": wanted.words}
    values |= {"fen": wanted.amount_fen, "day": wanted.day}
    lined = connection.execute(text(_LINE + _OPEN_LINES + _LINE_WORDS + _LINE_ORDER), values)
    itemed = connection.execute(text(_ITEM + _OPEN_ITEMS + _ITEM_WORDS + _ITEM_ORDER), values)
    return [LineRow(*row) for row in lined], [ItemRow(*row) for row in itemed]


def matches(
    connection: Connection, first: date, last: date, *, acquirer: bool, most: int
) -> tuple[list[MatchRow], dict[int, LineRow], dict[int, ItemRow]]:
    """The matches of these days, the newest first, with their lines and items by id."""
    values = {"first": first, "last": last, "acquirer": acquirer, "most": most}
    made = [MatchRow(*row) for row in connection.execute(text(_MATCHES), values)]
    line_ids = [each for match in made for each in match.line_ids]
    item_ids = [each for match in made for each in match.item_ids]
    lined = connection.execute(text(f"{_LINE} WHERE l.line_id = ANY (:ids)"), {"ids": line_ids})
    itemed = connection.execute(text(f"{_ITEM} WHERE i.item_id = ANY (:ids)"), {"ids": item_ids})
    return (
        made,
        {row.line_id: row for row in (LineRow(*each) for each in lined)},
        {row.item_id: row for row in (ItemRow(*each) for each in itemed)},
    )
