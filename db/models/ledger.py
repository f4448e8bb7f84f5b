"""The append-only ledger: journals with their postings, tenders, receipts and prints.

Invariants, each kept by a trigger or a constraint: a journal sums to zero and has at least two lines;
nothing is ever updated, deleted or truncated; each till's journals form one hash chain without a gap.
What a trigger holds (``db/sql/040_balance.sql``) is not repeated as a CHECK: PostgreSQL parses every CHECK
of a table anew in every INSERT, which cost a payment a tenth of its time.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from db.base import metadata
from db.models.bureau import shift, staff
from db.types import Code, Digest, Fen, Moment, RequestId

JOURNAL_KINDS = (
    "shift_opening",
    "payment",
    "billing",
    "draw_down",
    "opening_balance",
    "reversal",
    "refund",
    "balance_transfer",
    "card_sale",
    "cash_movement",
    "shift_closing",
    "deposit",
    "fund_movement",
    "vend",
    "vend_written",
    "vend_credited",
    "statement",
    "bank_match",
)
LEDGER_ACCOUNTS = (
    "cash_in_till",
    "float_fund",
    "pos_clearing",
    "transfer_clearing",
    "cash_in_transit",
    "bank",
    "bank_fees",
    "receivable",
    "billed_sales",
    "late_fee_income",
    "prepaid",
    "opening_equity",
    "cash_over",
    "cash_short",
    "vend_in_flight",
    "vended",
    "unidentified_receipts",
    "care_fund",
    "recharge_cards",
    "cheques_in_hand",
    "undeposited_cash",
    "refunds_payable",
    "unexplained_payments",
    "acquirer_receivable",
    "pos_unmatched",
)


journal = Table(
    "journal",
    metadata,
    Column("journal_id", Fen, primary_key=True, autoincrement=False),
    Column("till_no", Integer, nullable=False),
    Column("till_seq", Fen, nullable=False),
    Column("kind", Enum(*JOURNAL_KINDS, name="journal_kind", metadata=metadata), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("hall_no", SmallInteger, nullable=False),
    Column("shift_id", Fen),
    Column("staff_no", Code, nullable=False),
    Column("request_id", RequestId, nullable=False),
    Column("request_hash", Digest, nullable=False),
    Column("reverses", Fen, ForeignKey("counter.journal.journal_id")),
    Column("receipt_serial", Integer),
    Column("effective_at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("prev_hash", Digest, nullable=False),
    Column("hash", Digest, nullable=False),
    UniqueConstraint("request_id", name="journal_request_id_uq"),
    Index(
        "journal_receipt_uq",
        "till_no",
        "business_date",
        "receipt_serial",
        unique=True,
        postgresql_where=text("receipt_serial IS NOT NULL"),
    ),
    Index("journal_reverses_uq", "reverses", unique=True, postgresql_where=text("reverses IS NOT NULL")),
    ForeignKeyConstraint(
        ["till_no", "shift_id"], [shift.c.till_no, shift.c.shift_id], name="journal_shift_fk"
    ),
    comment="One business event; its hash covers its content, its postings and the journal before it.",
)

posting = Table(
    "posting",
    metadata,
    Column("journal_id", Fen, nullable=False),
    Column("line", Integer, nullable=False),
    Column(
        "ledger_account", Enum(*LEDGER_ACCOUNTS, name="ledger_account", metadata=metadata), nullable=False
    ),
    Column("account_no", Code),
    Column("period", Integer),
    Column("part", SmallInteger),
    Column("amount_fen", Fen, nullable=False),
    PrimaryKeyConstraint("journal_id", "line"),
    Index(
        "posting_prepaid_ix",
        "account_no",
        "journal_id",
        postgresql_where=text("ledger_account = 'prepaid'"),
        info={"built_later": True},
    ),
    comment="Debit positive, credit negative. Triggers check journal, account and bill once a journal.",
)

tender = Table(
    "tender",
    metadata,
    Column("journal_id", Fen, ForeignKey(journal.c.journal_id), nullable=False),
    Column("line", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount_fen", Fen, nullable=False),
    Column("received_fen", Fen),
    Column("details", JSONB),
    PrimaryKeyConstraint("journal_id", "line"),
    CheckConstraint("amount_fen <> 0 AND (received_fen IS NULL OR kind = 'cash')", name="makes_sense"),
    comment="How the payer paid; received minus amount is the change. Negative where money went back.",
)

receipt = Table(
    "receipt",
    metadata,
    Column("journal_id", Fen, ForeignKey(journal.c.journal_id), primary_key=True, autoincrement=False),
    Column("hall_no", SmallInteger, nullable=False),
    Column("account_no", Code),
    Column("account_name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("meter_no", Text),
    Column("total_fen", Fen, nullable=False),
    Column("prepaid_before_fen", Fen, nullable=False),
    Column("prepaid_after_fen", Fen, nullable=False),
    Column("arrears_after_fen", Fen, nullable=False),
    Index("receipt_account_ix", "account_no", "journal_id"),
    comment="What was true when the number was given, so that a reprint says the same."
    " Without an account it is for several, account_name is the payer, and receipt_account has them.",
)

receipt_account = Table(
    "receipt_account",
    metadata,
    Column("journal_id", Fen, ForeignKey(receipt.c.journal_id), primary_key=True, autoincrement=False),
    Column("account_no", Code, primary_key=True),
    Column("account_name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("meter_no", Text),
    Column("total_fen", Fen, nullable=False),
    Column("prepaid_before_fen", Fen, nullable=False),
    Column("prepaid_after_fen", Fen, nullable=False),
    Column("arrears_after_fen", Fen, nullable=False),
    Index("receipt_account_account_ix", "account_no", "journal_id"),
    comment="The page of details of a receipt for several accounts.",
)

journal_note = Table(
    "journal_note",
    metadata,
    Column("journal_id", Fen, ForeignKey(journal.c.journal_id), primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
    Column("approval_id", RequestId),
    Column("cause", Text),
    CheckConstraint("length(reason) BETWEEN 1 AND 200", name="reason_length"),
    comment="Why: for every journal that needs a reason, and who allowed it.",
)

receipt_print = Table(
    "receipt_print",
    metadata,
    Column("request_id", RequestId, primary_key=True),
    Column("journal_id", Fen, ForeignKey(receipt.c.journal_id), nullable=False, index=True),
    Column("outcome", Text, nullable=False),
    Column("reprint", Boolean, nullable=False),
    Column("detail", Text, nullable=False, server_default=text("''")),
    Column("staff_no", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("recorded_at", Moment, nullable=False, server_default=text("now()")),
    CheckConstraint("outcome IN ('printed', 'saved', 'unsure', 'failed')", name="outcome_known"),
    comment="Every attempt to put a receipt on paper, right or wrong.",
)

abandoned_request = Table(
    "abandoned_request",
    metadata,
    Column("request_id", RequestId, primary_key=True),
    Column("staff_no", Code, nullable=False),
    Column("recorded_at", Moment, nullable=False, server_default=text("now()")),
    comment="Ids whose reply never came and that were found not posted: they can never be posted later.",
)

request_claim = Table(
    "request_claim",
    metadata,
    Column("request_id", RequestId, primary_key=True),
    Column("staff_no", Code, nullable=False),
    Column("posted", Boolean, nullable=False),
    Column("recorded_at", Moment, nullable=False, server_default=text("now()")),
    comment="Each request but a payment, once: posted, or given up because it was not there when asked for.",
)
