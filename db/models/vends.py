"""Prepaid cards in the books: what was sold onto which card, how each sale stands, which card is in use.

Invariants: an account has at most one vend that is not settled, and at most one card in use; the counts of
an account's meter go up by one. Partial unique indexes keep them, whoever writes. How a vend came to its
state is append-only beside it.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from db.base import metadata
from db.models.account import account
from db.models.bureau import hall, staff
from db.models.ledger import journal
from db.types import Code, Digest, Fen, Moment, RequestId

_UNSETTLED = text("state IN ('pending', 'in_doubt')")

vend = Table(
    "vend",
    metadata,
    Column("vend_id", RequestId, primary_key=True),
    Column("journal_id", Fen, ForeignKey(journal.c.journal_id), nullable=False, unique=True),
    Column("account_no", Code, ForeignKey(account.c.account_no), nullable=False),
    Column("meter_no", Code, nullable=False),
    Column("card_serial", Code, nullable=False),
    Column("vend_count", BigInteger, nullable=False),
    Column("amount_fen", Fen, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'pending'")),
    Column("mark", Text, nullable=False, server_default=text("''")),
    Column("hall_no", SmallInteger, ForeignKey(hall.c.hall_no), nullable=False),
    Column("staff_no", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("began_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    Column("changed_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    CheckConstraint("kind IN ('opening', 'purchase', 'replacement', 'booking')", name="kind_known"),
    CheckConstraint("state IN ('pending', 'in_doubt', 'written', 'undone')", name="state_known"),
    CheckConstraint("mark IN ('', 'demonstration', 'simulated')", name="mark_known"),
    CheckConstraint("amount_fen BETWEEN 1 AND 99999999", name="amount_in_range"),
    CheckConstraint("vend_count BETWEEN 1 AND 4294967295", name="count_in_range"),
    Index("vend_one_open", "account_no", unique=True, postgresql_where=_UNSETTLED),
    Index(
        "vend_count_once",
        "account_no",
        "meter_no",
        "vend_count",
        unique=True,
        postgresql_where=text("state <> 'undone'"),
    ),
    Index("vend_account_ix", "account_no", "began_at"),
    Index("vend_unsettled_ix", "hall_no", "began_at", postgresql_where=_UNSETTLED),
    comment="Power sold onto a card. The id is that of the sale's request; state is that of the last event;"
    " mark says that keys or reader were for show.",
)

vend_event = Table(
    "vend_event",
    metadata,
    Column("vend_id", RequestId, ForeignKey(vend.c.vend_id), nullable=False),
    Column("seq", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("request_id", RequestId, nullable=False, index=True),
    Column("request_hash", Digest, nullable=False),
    Column("journal_id", Fen, ForeignKey(journal.c.journal_id)),
    Column("evidence", JSONB),
    Column("note", Text, nullable=False, server_default=text("''")),
    Column("staff_no", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("approval_id", RequestId),
    Column("recorded_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    PrimaryKeyConstraint("vend_id", "seq"),
    CheckConstraint("state IN ('pending', 'in_doubt', 'written', 'undone')", name="state_known"),
    CheckConstraint("length(note) <= 200", name="note_length"),
    comment="How a vend came to its state: what was read from the card, and the journal that followed.",
)

vend_signature = Table(
    "vend_signature",
    metadata,
    Column("vend_id", RequestId, ForeignKey(vend.c.vend_id), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("request_id", RequestId, nullable=False, index=True),
    Column("request_hash", Digest, nullable=False),
    Column("note", Text, nullable=False),
    Column("signed_by", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("signed_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    PrimaryKeyConstraint("vend_id", "business_date"),
    CheckConstraint("length(note) BETWEEN 1 AND 200", name="note_length"),
    comment="A supervisor knows that a sale was not settled when a day was closed; no day is closed without.",
)

meter_card = Table(
    "meter_card",
    metadata,
    Column("card_serial", Code, primary_key=True),
    Column("account_no", Code, ForeignKey(account.c.account_no), nullable=False, index=True),
    Column("meter_no", Code, nullable=False),
    Column("profile", Text, nullable=False),
    Column("status", Text, nullable=False, server_default=text("'active'")),
    Column("changed_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    CheckConstraint("card_serial ~ '^[0-9A-Za-z-]{1,40}$'", name="serial_form"),
    CheckConstraint("length(profile) BETWEEN 1 AND 60", name="profile_length"),
    CheckConstraint("status IN ('active', 'replaced', 'returned')", name="status_known"),
    Index("meter_card_one_active", "account_no", unique=True, postgresql_where=text("status = 'active'")),
    comment="Each piece of plastic and the account that it belongs to, or belonged to last.",
)

meter_count = Table(
    "meter_count",
    metadata,
    Column("account_no", Code, ForeignKey(account.c.account_no), primary_key=True),
    Column("meter_no", Code, nullable=False),
    Column("start_count", BigInteger, nullable=False, server_default=text("0")),
    Column("vend_count", BigInteger, nullable=False, server_default=text("0")),
    CheckConstraint("meter_no ~ '^[0-9]{12}$'", name="meter_no_form"),
    CheckConstraint("start_count BETWEEN 0 AND vend_count", name="goes_up"),
    comment="The last count booked for the meter and not undone; start_count is where these books began.",
)

card_change = Table(
    "card_change",
    metadata,
    Column("request_id", RequestId, nullable=False),
    Column("card_serial", Code, nullable=False, server_default=text("''")),
    Column("request_hash", Digest, nullable=False),
    Column("change", Text, nullable=False),
    Column("account_no", Code, ForeignKey(account.c.account_no), nullable=False, index=True),
    Column("meter_no", Code, nullable=False),
    Column("vend_count", BigInteger, nullable=False),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("staff_no", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("recorded_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    PrimaryKeyConstraint("request_id", "card_serial"),
    CheckConstraint(
        "change IN ('issued', 'replaced', 'returned', 'meter', 'taken_over')", name="change_known"
    ),
    CheckConstraint("length(reason) <= 200", name="reason_length"),
    comment="What happened to cards and meters beside the sales: issued, replaced, returned, another meter.",
)

vend_policy = Table(
    "vend_policy",
    metadata,
    Column("valid_from", Date, primary_key=True),
    Column("hoard_limit_fen", Fen, nullable=False),
    Column("card_maximum_fen", Fen, nullable=False),
    CheckConstraint("hoard_limit_fen > 0", name="hoard_limit_positive"),
    CheckConstraint("card_maximum_fen BETWEEN 1 AND 99999999", name="card_maximum_in_range"),
    comment="The most that a meter accepts as balance, and the most that one sale may write on a card.",
)

__all__ = ["card_change", "meter_card", "meter_count", "vend", "vend_event", "vend_policy", "vend_signature"]
