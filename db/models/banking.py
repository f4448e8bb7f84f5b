"""The bank side: files that came in, statements and their lines, what the books expect, and what was matched.

Invariants: a file is kept whole and once; the lines of an account are numbered without a gap and their
figures never change, only what is open of them; an item of the books is collected once; matches, breaks and
claims are append-only. Money in is positive for lines and for items alike.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from db.base import metadata
from db.models.bureau import hall, staff, till
from db.models.ledger import journal
from db.models.tills import bank_account
from db.types import Code, Digest, Fen, Moment, RequestId

_NOW = text("clock_timestamp()")
_EMPTY = text("''")
_ZERO = text("0")
_OPEN = text("open_fen <> 0")
_OPEN_WITHIN = "open_fen BETWEEN least(amount_fen, 0) AND greatest(amount_fen, 0)"

bank_file = Table(
    "bank_file",
    metadata,
    Column("file_id", RequestId, primary_key=True),
    Column("request_hash", Digest, nullable=False),
    Column("digest", Digest, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("encoding", Text, nullable=False),
    Column("size_bytes", Fen, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("staff_no", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("hall_no", SmallInteger, ForeignKey(hall.c.hall_no), nullable=False),
    Column("recorded_at", Moment, nullable=False, server_default=_NOW),
    CheckConstraint("kind IN ('statement', 'settlement')", name="kind_known"),
    CheckConstraint("length(name) BETWEEN 1 AND 200", name="name_length"),
    comment="Every file that was imported, whole; the id is that of the request, the digest its SHA-256.",
)

statement = Table(
    "statement",
    metadata,
    Column("statement_id", Fen, Identity(always=True), primary_key=True),
    Column("file_id", RequestId, ForeignKey(bank_file.c.file_id), nullable=False, index=True),
    Column("bank_account_no", Code, ForeignKey(bank_account.c.bank_account_no), nullable=False),
    Column("number", Text, nullable=False, server_default=_EMPTY),
    Column("opening_fen", Fen),
    Column("closing_fen", Fen),
    Column("opening_date", Date, nullable=False),
    Column("closing_date", Date, nullable=False),
    Column("balance_source", Text, nullable=False),
    Column("lines_in_file", Integer, nullable=False),
    Column("lines_new", Integer, nullable=False),
    Column("journal_id", Fen, ForeignKey(journal.c.journal_id), unique=True),
    CheckConstraint("balance_source IN ('file', 'person')", name="source_known"),
    CheckConstraint("lines_new BETWEEN 0 AND lines_in_file", name="new_are_in_file"),
    CheckConstraint("opening_date <= closing_date", name="dates_ordered"),
    Index("statement_account_ix", "bank_account_no", "statement_id"),
    comment="One account in one file. No journal where no line was new. An acquirer's has no balances.",
)

statement_line = Table(
    "statement_line",
    metadata,
    Column("line_id", Fen, Identity(always=True), primary_key=True),
    Column("bank_account_no", Code, nullable=False),
    Column("seq", Fen, nullable=False),
    Column("statement_id", Fen, ForeignKey(statement.c.statement_id), nullable=False, index=True),
    Column("booked", Date, nullable=False),
    Column("value_date", Date),
    Column("amount_fen", Fen, nullable=False),
    Column("balance_fen", Fen),
    Column("reference", Code, nullable=False, server_default=_EMPTY),
    Column("text", Text, nullable=False, server_default=_EMPTY),
    Column("party", Text, nullable=False, server_default=_EMPTY),
    Column("party_account", Code, nullable=False, server_default=_EMPTY),
    Column("reversal", Boolean, nullable=False, server_default=text("false")),
    Column("file_line", Integer, nullable=False),
    Column("occurrence", Integer, nullable=False),
    Column("details", JSONB),
    Column("fee_fen", Fen, nullable=False, server_default=_ZERO),
    Column("terminal", Code, nullable=False, server_default=_EMPTY),
    Column("batch", Code, nullable=False, server_default=_EMPTY),
    Column("trace", Code, nullable=False, server_default=_EMPTY),
    Column("card", Text, nullable=False, server_default=_EMPTY),
    Column("card_class", Text, nullable=False, server_default=_EMPTY),
    Column("traded_at", Moment),
    Column("open_fen", Fen, nullable=False),
    CheckConstraint("amount_fen <> 0", name="amount_not_zero"),
    CheckConstraint(_OPEN_WITHIN, name="open_within_amount"),
    UniqueConstraint("bank_account_no", "seq"),
    Index("statement_line_open_ix", "bank_account_no", "booked", postgresql_where=_OPEN),
    Index("statement_line_reference_ix", "bank_account_no", "reference"),
    Index("statement_line_amount_ix", "bank_account_no", "booked", "amount_fen"),
    comment="What the bank, or the acquirer, booked: money in is positive. occurrence counts lines that look"
    " the same; open_fen is what no match and no claim has used, and moves to 0.",
    postgresql_with={"fillfactor": "80"},
)

book_item = Table(
    "book_item",
    metadata,
    Column("item_id", Fen, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("ledger_account", Text, nullable=False),
    Column("journal_id", Fen, ForeignKey(journal.c.journal_id), nullable=False),
    Column("line", SmallInteger, nullable=False, server_default=_ZERO),
    Column("hall_no", SmallInteger, nullable=False),
    Column("bank_account_no", Code, ForeignKey(bank_account.c.bank_account_no)),
    Column("business_date", Date, nullable=False),
    Column("amount_fen", Fen, nullable=False),
    Column("open_fen", Fen, nullable=False),
    Column("reference", Code, nullable=False, server_default=_EMPTY),
    Column("payer", Text, nullable=False, server_default=_EMPTY),
    Column("payer_account", Code, nullable=False, server_default=_EMPTY),
    Column("account_no", Code),
    Column("terminal", Code, nullable=False, server_default=_EMPTY),
    Column("batch", Code, nullable=False, server_default=_EMPTY),
    Column("trace", Code, nullable=False, server_default=_EMPTY),
    Column("statement_id", Fen, ForeignKey(statement.c.statement_id)),
    Column("withdrawn", Boolean, nullable=False, server_default=text("false")),
    Column("collected_at", Moment, nullable=False, server_default=_NOW),
    UniqueConstraint("kind", "journal_id", "line"),
    CheckConstraint(
        "kind IN ('transfer', 'pos', 'cash_deposit', 'cheque', 'refund', 'settlement', 'transfer_back',"
        " 'cheque_back', 'pos_back', 'refund_back')",
        name="kind_known",
    ),
    CheckConstraint("amount_fen <> 0", name="amount_not_zero"),
    CheckConstraint(_OPEN_WITHIN, name="open_within_amount"),
    Index("book_item_open_ix", "ledger_account", "business_date", postgresql_where=_OPEN),
    Index("book_item_reference_ix", "reference"),
    comment="What the books expect the bank to show, collected from papers, deposits and settlements.",
    postgresql_with={"fillfactor": "80"},
)

collected_till = Table(
    "collected_till",
    metadata,
    Column("till_no", Integer, ForeignKey(till.c.till_no), primary_key=True, autoincrement=False),
    Column("through", Fen, nullable=False, server_default=_ZERO),
    comment="The last journal of each till that was looked through for what the bank will show.",
)

bank_match = Table(
    "bank_match",
    metadata,
    Column("match_id", Fen, Identity(always=True), primary_key=True),
    Column("request_id", RequestId, nullable=False, index=True),
    Column("rule", Text, nullable=False),
    Column("score", SmallInteger, nullable=False),
    Column("facts", JSONB, nullable=False, server_default=text("'{}'")),
    Column("journal_id", Fen, ForeignKey(journal.c.journal_id), nullable=False, index=True),
    Column("unmatches", Fen, ForeignKey("counter.bank_match.match_id"), unique=True),
    Column("difference_fen", Fen, nullable=False, server_default=_ZERO),
    Column("difference_account", Text),
    Column("note", Text, nullable=False, server_default=_EMPTY),
    Column("staff_no", Code, nullable=False),
    Column("recorded_at", Moment, nullable=False, server_default=_NOW),
    CheckConstraint("score BETWEEN 0 AND 100", name="score_in_range"),
    CheckConstraint(
        "(difference_fen <> 0) = (difference_account IS NOT NULL)", name="difference_has_account"
    ),
    CheckConstraint("length(note) <= 200", name="note_length"),
    comment="Lines and items that belong together, by which rule and why; taking one back is another row.",
)

bank_match_line = Table(
    "bank_match_line",
    metadata,
    Column("match_id", Fen, nullable=False),
    Column("line_id", Fen, nullable=False, index=True),
    Column("amount_fen", Fen, nullable=False),
    PrimaryKeyConstraint("match_id", "line_id"),
    CheckConstraint("amount_fen <> 0", name="amount_not_zero"),
)

bank_match_item = Table(
    "bank_match_item",
    metadata,
    Column("match_id", Fen, nullable=False),
    Column("item_id", Fen, nullable=False, index=True),
    Column("amount_fen", Fen, nullable=False),
    PrimaryKeyConstraint("match_id", "item_id"),
    CheckConstraint("amount_fen <> 0", name="amount_not_zero"),
)

suggestion = Table(
    "suggestion",
    metadata,
    Column("suggestion_id", Fen, Identity(always=True), primary_key=True),
    Column("key", Digest, nullable=False, unique=True),
    Column("rule", Text, nullable=False),
    Column("score", SmallInteger, nullable=False),
    Column("facts", JSONB, nullable=False, server_default=text("'{}'")),
    Column("line_ids", ARRAY(Fen), nullable=False),
    Column("item_ids", ARRAY(Fen), nullable=False),
    Column("difference_fen", Fen, nullable=False, server_default=_ZERO),
    Column("made_at", Moment, nullable=False, server_default=_NOW),
    Column("rejected_by", Code, ForeignKey(staff.c.staff_no)),
    Column("rejected_at", Moment),
    CheckConstraint("score BETWEEN 0 AND 100", name="score_in_range"),
    CheckConstraint("(rejected_by IS NULL) = (rejected_at IS NULL)", name="rejected_by_somebody"),
    comment="What may belong together, made anew by every run; key is the digest of the ids, so that what"
    " was rejected is not suggested again.",
)

break_event = Table(
    "break_event",
    metadata,
    Column("event_id", Fen, Identity(always=True), primary_key=True),
    Column("request_id", RequestId, nullable=False, unique=True),
    Column("request_hash", Digest, nullable=False),
    Column("line_id", Fen, ForeignKey(statement_line.c.line_id), index=True),
    Column("item_id", Fen, ForeignKey(book_item.c.item_id), index=True),
    Column("state", Text, nullable=False),
    Column("owner", Code, ForeignKey(staff.c.staff_no)),
    Column("note", Text, nullable=False, server_default=_EMPTY),
    Column("staff_no", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("recorded_at", Moment, nullable=False, server_default=_NOW),
    CheckConstraint("num_nonnulls(line_id, item_id) = 1", name="about_one"),
    CheckConstraint("state IN ('new', 'explained', 'waiting', 'escalated')", name="state_known"),
    CheckConstraint("length(note) <= 200", name="note_length"),
    comment="How far somebody is with a line or an item that found no partner; the last one counts.",
)

receipt_claim = Table(
    "receipt_claim",
    metadata,
    Column("journal_id", Fen, ForeignKey(journal.c.journal_id), nullable=False),
    Column("line_id", Fen, ForeignKey(statement_line.c.line_id), nullable=False, index=True),
    Column("amount_fen", Fen, nullable=False),
    Column("account_no", Code),
    PrimaryKeyConstraint("journal_id", "line_id"),
    CheckConstraint("amount_fen <> 0", name="amount_not_zero"),
    comment="Money that nobody knew and a customer claimed; negative where a reversal gave it back.",
)

acquirer_contract = Table(
    "acquirer_contract",
    metadata,
    Column("merchant", Code, ForeignKey(bank_account.c.bank_account_no), nullable=False),
    Column("card_class", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("rate_ppm", Integer, nullable=False),
    Column("fee_min_fen", Fen, nullable=False, server_default=_ZERO),
    Column("fee_max_fen", Fen),
    PrimaryKeyConstraint("merchant", "card_class", "valid_from"),
    CheckConstraint("rate_ppm BETWEEN 0 AND 1000000", name="rate_in_range"),
    CheckConstraint("fee_min_fen >= 0 AND fee_max_fen >= fee_min_fen", name="fees_ordered"),
    comment="What the acquirer may keep of a card payment, in millionths; in force until the next row.",
)

bank_policy = Table(
    "bank_policy",
    metadata,
    Column("valid_from", Date, primary_key=True),
    Column("arrive_within_days", SmallInteger, nullable=False),
    Column("deposit_within_days", SmallInteger, nullable=False),
    Column("settle_within_days", SmallInteger, nullable=False),
    Column("window_days", SmallInteger, nullable=False),
    Column("amount_tolerance_fen", Fen, nullable=False),
    Column("alarm_days", SmallInteger, nullable=False),
    Column("checklist", JSONB, nullable=False, server_default=text("'{}'")),
    CheckConstraint(
        "least(arrive_within_days, deposit_within_days, settle_within_days, window_days, alarm_days) >= 0",
        name="days_not_negative",
    ),
    CheckConstraint("amount_tolerance_fen >= 0", name="tolerance_not_negative"),
    comment="How long money may be on its way, how far suggestions look, when a break alarms; in force until"
    " the next row.",
)

__all__ = [
    "acquirer_contract",
    "bank_file",
    "bank_match",
    "bank_match_item",
    "bank_match_line",
    "bank_policy",
    "book_item",
    "break_event",
    "collected_till",
    "receipt_claim",
    "statement",
    "statement_line",
    "suggestion",
]
