"""What is agreed with customers: groups of accounts, instalments, relief of late fees, reconnections."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)

from db.base import metadata
from db.models.account import account
from db.models.billing import bill
from db.models.bureau import hall, staff
from db.models.ledger import journal
from db.types import Code, Digest, Fen, Moment, RequestId

payer_group = Table(
    "payer_group",
    metadata,
    Column("group_id", RequestId, primary_key=True),
    Column("name", Code, nullable=False, unique=True),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("request_id", RequestId, nullable=False),
    Column("request_hash", Digest, nullable=False),
    Column("changed_by", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("changed_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    CheckConstraint("length(name) BETWEEN 1 AND 100", name="name_length"),
    comment="One payer of many accounts, across halls. The last change can be sent again.",
)

payer_group_member = Table(
    "payer_group_member",
    metadata,
    Column("group_id", RequestId, ForeignKey(payer_group.c.group_id), nullable=False),
    Column("account_no", Code, ForeignKey(account.c.account_no), nullable=False, index=True),
    PrimaryKeyConstraint("group_id", "account_no"),
)

instalment_agreement = Table(
    "instalment_agreement",
    metadata,
    Column("agreement_id", RequestId, primary_key=True),
    Column("request_hash", Digest, nullable=False),
    Column("account_no", Code, ForeignKey(account.c.account_no), nullable=False, index=True),
    Column("period", Integer, nullable=False),
    Column("expected_kwh", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("agreed_by", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("agreed_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    CheckConstraint("length(reason) BETWEEN 1 AND 200", name="reason_length"),
    CheckConstraint("expected_kwh >= 0", name="kwh_not_negative"),
    comment="Advances before the final bill of a month, which settles them. agreement_id is the request's.",
)

instalment = Table(
    "instalment",
    metadata,
    Column("agreement_id", RequestId, ForeignKey(instalment_agreement.c.agreement_id), nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("amount_fen", Fen, nullable=False),
    PrimaryKeyConstraint("agreement_id", "number"),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    Index("instalment_due_ix", "due_date"),
)

instalment_payment = Table(
    "instalment_payment",
    metadata,
    Column("agreement_id", RequestId, ForeignKey(instalment_agreement.c.agreement_id), nullable=False),
    Column("journal_id", Fen, ForeignKey(journal.c.journal_id), nullable=False),
    Column("amount_fen", Fen, nullable=False),
    PrimaryKeyConstraint("agreement_id", "journal_id"),
    comment="What was paid in advance under an agreement; negative when that was reversed.",
)

instalment_end = Table(
    "instalment_end",
    metadata,
    Column("agreement_id", RequestId, ForeignKey(instalment_agreement.c.agreement_id), primary_key=True),
    Column("request_id", RequestId, nullable=False, unique=True),
    Column("request_hash", Digest, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ended_by", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("ended_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    CheckConstraint("length(reason) BETWEEN 1 AND 200", name="reason_length"),
    comment="An agreement that was given up before its final bill.",
)

late_fee_relief = Table(
    "late_fee_relief",
    metadata,
    Column("relief_id", RequestId, primary_key=True),
    Column("request_hash", Digest, nullable=False),
    Column("account_no", Code, nullable=False),
    Column("period", Integer, nullable=False),
    Column("part", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("original_fen", Fen, nullable=False),
    Column("waived_fen", Fen, nullable=False, server_default=text("0")),
    Column("deferred_until", Date),
    Column("reason", Text, nullable=False),
    Column("approval_id", RequestId, nullable=False),
    Column("granted_by", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("granted_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    ForeignKeyConstraint(
        ["account_no", "period", "part"],
        [bill.c.account_no, bill.c.period, bill.c.part],
        name="late_fee_relief_bill_fk",
    ),
    CheckConstraint(
        "kind = 'waiver' AND waived_fen > 0 AND waived_fen <= original_fen AND deferred_until IS NULL"
        " OR kind = 'deferral' AND waived_fen = 0 AND deferred_until IS NOT NULL",
        name="makes_sense",
    ),
    CheckConstraint("length(reason) BETWEEN 1 AND 200", name="reason_length"),
    Index("late_fee_relief_bill_ix", "account_no", "period", "part"),
    comment="What was waived or put off, of what, and who allowed it. relief_id is the request's.",
)

reconnection_task = Table(
    "reconnection_task",
    metadata,
    Column("journal_id", Fen, ForeignKey(journal.c.journal_id), nullable=False),
    Column("account_no", Code, ForeignKey(account.c.account_no), nullable=False),
    Column("hall_no", SmallInteger, ForeignKey(hall.c.hall_no), nullable=False),
    Column("raised_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    Column("due_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("done_by", Code, ForeignKey(staff.c.staff_no)),
    Column("cancelled_by", Fen, ForeignKey(journal.c.journal_id)),
    PrimaryKeyConstraint("journal_id", "account_no"),
    Index(
        "reconnection_task_open",
        "account_no",
        unique=True,
        postgresql_where=text("done_at IS NULL AND cancelled_by IS NULL"),
    ),
    Index(
        "reconnection_task_hall_ix",
        "hall_no",
        "due_at",
        postgresql_where=text("done_at IS NULL AND cancelled_by IS NULL"),
    ),
    comment="The last arrears of a disconnected account were paid by this journal: connect it again.",
)
