"""Tokens for meters without a card: what was sold, whether the vending server issued a token, and which.

Invariants: an account has at most one sale that is not settled; a token is there if and only if the sale is
issued, is never changed, and is never that of two sales of a meter. How a sale came to its state is
append-only beside it.
"""

from __future__ import annotations

from sqlalchemy import (
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

from db.base import metadata
from db.models.account import account
from db.models.bureau import hall, staff
from db.models.ledger import journal
from db.types import Code, Digest, Fen, Moment, RequestId

_UNSETTLED = text("state IN ('pending', 'in_doubt')")
_STATES = "state IN ('pending', 'in_doubt', 'issued', 'refused', 'undone')"

token_vend = Table(
    "token_vend",
    metadata,
    Column("vend_id", RequestId, primary_key=True),
    Column("journal_id", Fen, ForeignKey(journal.c.journal_id), nullable=False, unique=True),
    Column("account_no", Code, ForeignKey(account.c.account_no), nullable=False),
    Column("meter_no", Code, nullable=False),
    Column("amount_fen", Fen, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'pending'")),
    Column("token", Code),
    Column("mark", Text, nullable=False, server_default=text("''")),
    Column("hall_no", SmallInteger, ForeignKey(hall.c.hall_no), nullable=False),
    Column("staff_no", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("began_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    Column("changed_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    CheckConstraint(_STATES, name="state_known"),
    CheckConstraint("mark IN ('', 'simulated')", name="mark_known"),
    CheckConstraint("(token IS NOT NULL) = (state = 'issued')", name="issued_has_token"),
    CheckConstraint("token ~ '^[0-9]{20}$'", name="token_form"),
    CheckConstraint("meter_no ~ '^[0-9]{12}$'", name="meter_no_form"),
    CheckConstraint("amount_fen BETWEEN 1 AND 99999999", name="amount_in_range"),
    Index("token_vend_one_open", "account_no", unique=True, postgresql_where=_UNSETTLED),
    Index("token_vend_token_once", "meter_no", "token", unique=True),
    Index("token_vend_account_ix", "account_no", "began_at"),
    Index("token_vend_unsettled_ix", "hall_no", "began_at", postgresql_where=_UNSETTLED),
    comment="Power sold as a token. The id is that of the sale's request, also at the vending server.",
)

token_vend_event = Table(
    "token_vend_event",
    metadata,
    Column("vend_id", RequestId, ForeignKey(token_vend.c.vend_id), nullable=False),
    Column("seq", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("request_id", RequestId, nullable=False, index=True),
    Column("request_hash", Digest, nullable=False),
    Column("journal_id", Fen, ForeignKey(journal.c.journal_id)),
    Column("note", Text, nullable=False, server_default=text("''")),
    Column("staff_no", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("approval_id", RequestId),
    Column("recorded_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    PrimaryKeyConstraint("vend_id", "seq"),
    CheckConstraint(_STATES, name="state_known"),
    CheckConstraint("length(note) <= 200", name="note_length"),
    comment="How a sale of a token came to its state, and the journal that followed.",
)

token_vend_signature = Table(
    "token_vend_signature",
    metadata,
    Column("vend_id", RequestId, ForeignKey(token_vend.c.vend_id), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("request_id", RequestId, nullable=False, index=True),
    Column("request_hash", Digest, nullable=False),
    Column("note", Text, nullable=False),
    Column("signed_by", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("signed_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    PrimaryKeyConstraint("vend_id", "business_date"),
    CheckConstraint("length(note) BETWEEN 1 AND 200", name="note_length"),
    comment="A supervisor knows that a sale had no token when a day was closed; no day is closed without.",
)

__all__ = ["token_vend", "token_vend_event", "token_vend_signature"]
