"""What happens to a drawer between its opening and the bank: cash in and out, counts, closings, deposits."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from db.base import metadata
from db.models.bureau import hall, shift, staff
from db.models.ledger import journal
from db.types import Code, Digest, Fen, Moment, RequestId

cash_movement_reason = Table(
    "cash_movement_reason",
    metadata,
    Column("reason", Text, primary_key=True),
    Column("direction", Text, nullable=False),
    Column("ledger_account", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    CheckConstraint("direction IN ('in', 'out')", name="direction_known"),
    comment="Why cash goes into a drawer or out of it without a customer, and what stands against it.",
)

cash_movement = Table(
    "cash_movement",
    metadata,
    Column("journal_id", Fen, ForeignKey(journal.c.journal_id), primary_key=True, autoincrement=False),
    Column("shift_id", Fen, ForeignKey(shift.c.shift_id), nullable=False, index=True),
    Column("reason", Text, ForeignKey(cash_movement_reason.c.reason), nullable=False),
    Column("amount_fen", Fen, nullable=False),
    Column("note", Text, nullable=False, server_default=text("''")),
    CheckConstraint("amount_fen <> 0", name="amount_not_zero"),
    comment="Positive: into the drawer.",
)

shift_count = Table(
    "shift_count",
    metadata,
    Column("count_id", RequestId, primary_key=True),
    Column("request_hash", Digest, nullable=False),
    Column("shift_id", Fen, ForeignKey(shift.c.shift_id), nullable=False, index=True),
    Column("till_seq", Fen, nullable=False),
    Column("denominations", JSONB, nullable=False),
    Column("counted_fen", Fen, nullable=False),
    Column("expected_fen", Fen, nullable=False),
    Column("handover_to", Code, ForeignKey(staff.c.staff_no)),
    Column("counted_by", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("recorded_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    CheckConstraint("counted_fen >= 0", name="counted_not_negative"),
    comment="A signed count; the sum that was expected is told only afterwards. till_seq is the journal that"
    " the till was at, so that a count is stale when anything was posted since.",
)

shift_closing = Table(
    "shift_closing",
    metadata,
    Column("shift_id", Fen, ForeignKey(shift.c.shift_id), primary_key=True, autoincrement=False),
    Column("journal_id", Fen, ForeignKey(journal.c.journal_id), nullable=False, unique=True),
    Column("count_id", RequestId, ForeignKey(shift_count.c.count_id), nullable=False),
    Column("z_no", Integer, nullable=False),
    Column("closed_by", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("expected_fen", Fen, nullable=False),
    Column("counted_fen", Fen, nullable=False),
    Column("float_fen", Fen, nullable=False),
    Column("to_bank_fen", Fen, nullable=False),
    comment="How a shift ended: counted minus expected is over or short; the float goes back, the rest"
    " to the safe.",
)

bank_account = Table(
    "bank_account",
    metadata,
    Column("bank_account_no", Code, primary_key=True),
    Column("bank_name", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("kind", Text, nullable=False, server_default=text("'bank'")),
    Column("currency", Text, nullable=False, server_default=text("'CNY'")),
    Column("closing_fen", Fen),
    Column("last_seq", Fen, nullable=False, server_default=text("0")),
    Column("through", Date),
    CheckConstraint("kind IN ('bank', 'acquirer')", name="kind_known"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_form"),
    comment="Where deposits go and statements come from; an acquirer's account is the merchant's number."
    " closing_fen is the balance after the line last_seq, and through the day that statements are in for.",
)

deposit = Table(
    "deposit",
    metadata,
    Column("journal_id", Fen, ForeignKey(journal.c.journal_id), primary_key=True, autoincrement=False),
    Column("hall_no", SmallInteger, ForeignKey(hall.c.hall_no), nullable=False),
    Column("bank_account_no", Code, ForeignKey(bank_account.c.bank_account_no), nullable=False),
    Column("carried_by", Text, nullable=False),
    Column("seal_no", Text, nullable=False, server_default=text("''")),
    Column("cash_fen", Fen, nullable=False),
    Column("cheques_fen", Fen, nullable=False),
    Column("pos_fen", Fen, nullable=False),
    Index("deposit_hall_ix", "hall_no", "journal_id"),
    comment="A deposit slip; its number is the receipt number of the journal in the hall's safe.",
)

deposit_item = Table(
    "deposit_item",
    metadata,
    Column("shift_id", Fen, ForeignKey(shift.c.shift_id), nullable=False),
    Column("part", Text, nullable=False),
    Column("journal_id", Fen, ForeignKey(deposit.c.journal_id), nullable=False, index=True),
    Column("amount_fen", Fen, nullable=False),
    PrimaryKeyConstraint("shift_id", "part"),
    CheckConstraint("part IN ('cash', 'cheque', 'pos')", name="part_known"),
    comment="What of a closed shift is on which slip; each part is banked once.",
)
