"""The bank side: statements and their lines, what the books expect, matches, breaks, claims, closings.

Safe on a live bureau? New tables, and columns with constant defaults on the few rows of bank accounts:
nothing is rewritten. Every hall gets its bank till from ``db/sql``, in the transaction after this one.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JOURNAL_KINDS = ("statement", "bank_match")
LEDGER_ACCOUNTS = ("unexplained_payments", "acquirer_receivable", "pos_unmatched")


def upgrade() -> None:
    """Bring the schema forward."""
    for kind in JOURNAL_KINDS:
        op.execute(f"ALTER TYPE counter.journal_kind ADD VALUE IF NOT EXISTS '{kind}'")
    for account in LEDGER_ACCOUNTS:
        op.execute(f"ALTER TYPE counter.ledger_account ADD VALUE IF NOT EXISTS '{account}'")
    op.execute("ALTER TYPE counter.till_kind ADD VALUE IF NOT EXISTS 'bank'")
    change_accounts()
    make_rules()
    make_files()
    make_lines()
    make_items()
    make_collecting()
    make_matches()
    make_suggestions()
    make_breaks()
    make_closings()
    seed_rules()


def change_accounts() -> None:
    """Bank accounts say how far their statements are in; an acquirer's is one of them."""
    op.add_column(
        "bank_account",
        sa.Column("kind", sa.Text(), server_default=sa.text("'bank'"), nullable=False),
        schema="counter",
    )
    op.add_column(
        "bank_account",
        sa.Column("currency", sa.Text(), server_default=sa.text("'CNY'"), nullable=False),
        schema="counter",
    )
    op.add_column("bank_account", sa.Column("closing_fen", sa.BigInteger(), nullable=True), schema="counter")
    op.add_column(
        "bank_account",
        sa.Column("last_seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        schema="counter",
    )
    op.add_column("bank_account", sa.Column("through", sa.Date(), nullable=True), schema="counter")
    op.create_table_comment(
        "bank_account",
        "Where deposits go and statements come from; an acquirer's account is the merchant's number. closing_fen is the balance after the line last_seq, and through the day that statements are in for.",
        existing_comment="Where deposits go.",
        schema="counter",
    )
    op.create_table_comment(
        "till",
        "The only hot row of a desk: chain head, last receipt number, cash in the drawer, who may post. Billing tills take no cash; a hall's safe is where its deposits are posted, its bank till what the bank says.",
        existing_comment="The only hot row of a desk: chain head, last receipt number, cash in the drawer, who may post. Billing tills take no cash; a hall's safe is where its deposits are posted.",
        schema="counter",
    )
    op.create_check_constraint(
        op.f("bank_account_kind_known"), "bank_account", "kind IN ('bank', 'acquirer')", schema="counter"
    )
    op.create_check_constraint(
        op.f("bank_account_currency_form"), "bank_account", "currency ~ '^[A-Z]{3}$'", schema="counter"
    )


def make_rules() -> None:
    """How long money may be on its way, and what an acquirer may keep."""
    op.create_table(
        "bank_policy",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("arrive_within_days", sa.SmallInteger(), nullable=False),
        sa.Column("deposit_within_days", sa.SmallInteger(), nullable=False),
        sa.Column("settle_within_days", sa.SmallInteger(), nullable=False),
        sa.Column("window_days", sa.SmallInteger(), nullable=False),
        sa.Column("amount_tolerance_fen", sa.BigInteger(), nullable=False),
        sa.Column("alarm_days", sa.SmallInteger(), nullable=False),
        sa.Column(
            "checklist",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.CheckConstraint("amount_tolerance_fen >= 0", name=op.f("bank_policy_tolerance_not_negative")),
        sa.CheckConstraint(
            "least(arrive_within_days, deposit_within_days, settle_within_days, window_days, alarm_days) >= 0",
            name=op.f("bank_policy_days_not_negative"),
        ),
        sa.PrimaryKeyConstraint("valid_from", name=op.f("bank_policy_pk")),
        schema="counter",
        comment="How long money may be on its way, how far suggestions look, when a break alarms; in force until the next row.",
    )
    op.create_table(
        "acquirer_contract",
        sa.Column("merchant", sa.Text(collation="C"), nullable=False),
        sa.Column("card_class", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("rate_ppm", sa.Integer(), nullable=False),
        sa.Column("fee_min_fen", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("fee_max_fen", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "fee_min_fen >= 0 AND fee_max_fen >= fee_min_fen", name=op.f("acquirer_contract_fees_ordered")
        ),
        sa.CheckConstraint("rate_ppm BETWEEN 0 AND 1000000", name=op.f("acquirer_contract_rate_in_range")),
        sa.ForeignKeyConstraint(
            ["merchant"], ["counter.bank_account.bank_account_no"], name=op.f("acquirer_contract_merchant_fk")
        ),
        sa.PrimaryKeyConstraint("merchant", "card_class", "valid_from", name=op.f("acquirer_contract_pk")),
        schema="counter",
        comment="What the acquirer may keep of a card payment, in millionths; in force until the next row.",
    )


def make_files() -> None:
    """What came in, whole, and what it was a statement of."""
    op.create_table(
        "bank_file",
        sa.Column("file_id", sa.UUID(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("encoding", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("staff_no", sa.Text(collation="C"), nullable=False),
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint("kind IN ('statement', 'settlement')", name=op.f("bank_file_kind_known")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name=op.f("bank_file_name_length")),
        sa.ForeignKeyConstraint(["hall_no"], ["counter.hall.hall_no"], name=op.f("bank_file_hall_no_fk")),
        sa.ForeignKeyConstraint(["staff_no"], ["counter.staff.staff_no"], name=op.f("bank_file_staff_no_fk")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("bank_file_pk")),
        sa.UniqueConstraint("digest", name=op.f("bank_file_digest_uq")),
        schema="counter",
        comment="Every file that was imported, whole; the id is that of the request, the digest its SHA-256.",
    )
    op.create_table(
        "statement",
        sa.Column("statement_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("file_id", sa.UUID(), nullable=False),
        sa.Column("bank_account_no", sa.Text(collation="C"), nullable=False),
        sa.Column("number", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("opening_fen", sa.BigInteger(), nullable=True),
        sa.Column("closing_fen", sa.BigInteger(), nullable=True),
        sa.Column("opening_date", sa.Date(), nullable=False),
        sa.Column("closing_date", sa.Date(), nullable=False),
        sa.Column("balance_source", sa.Text(), nullable=False),
        sa.Column("lines_in_file", sa.Integer(), nullable=False),
        sa.Column("lines_new", sa.Integer(), nullable=False),
        sa.Column("journal_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("balance_source IN ('file', 'person')", name=op.f("statement_source_known")),
        sa.CheckConstraint("lines_new BETWEEN 0 AND lines_in_file", name=op.f("statement_new_are_in_file")),
        sa.CheckConstraint("opening_date <= closing_date", name=op.f("statement_dates_ordered")),
        sa.ForeignKeyConstraint(
            ["bank_account_no"],
            ["counter.bank_account.bank_account_no"],
            name=op.f("statement_bank_account_no_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["counter.bank_file.file_id"], name=op.f("statement_file_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.journal.journal_id"], name=op.f("statement_journal_id_fk")
        ),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("statement_pk")),
        sa.UniqueConstraint("journal_id", name=op.f("statement_journal_id_uq")),
        schema="counter",
        comment="One account in one file. No journal where no line was new. An acquirer's has no balances.",
    )
    op.create_index(
        "statement_account_ix",
        "statement",
        ["bank_account_no", "statement_id"],
        unique=False,
        schema="counter",
    )
    op.create_index(op.f("statement_file_id_ix"), "statement", ["file_id"], unique=False, schema="counter")


def make_lines() -> None:
    """What the bank booked."""
    op.create_table(
        "statement_line",
        sa.Column("line_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("bank_account_no", sa.Text(collation="C"), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("booked", sa.Date(), nullable=False),
        sa.Column("value_date", sa.Date(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("balance_fen", sa.BigInteger(), nullable=True),
        sa.Column("reference", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("text", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("party", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("party_account", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("reversal", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("file_line", sa.Integer(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("fee_fen", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("terminal", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("batch", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("trace", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("card", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("card_class", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("traded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("open_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("statement_line_amount_not_zero")),
        sa.CheckConstraint(
            "open_fen BETWEEN least(amount_fen, 0) AND greatest(amount_fen, 0)",
            name=op.f("statement_line_open_within_amount"),
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["counter.statement.statement_id"], name=op.f("statement_line_statement_id_fk")
        ),
        sa.PrimaryKeyConstraint("line_id", name=op.f("statement_line_pk")),
        sa.UniqueConstraint("bank_account_no", "seq", name=op.f("statement_line_bank_account_no_seq_uq")),
        schema="counter",
        comment="What the bank, or the acquirer, booked: money in is positive. occurrence counts lines that look the same; open_fen is what no match and no claim has used, and moves to 0.",
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index(
        "statement_line_amount_ix",
        "statement_line",
        ["bank_account_no", "booked", "amount_fen"],
        unique=False,
        schema="counter",
    )
    op.create_index(
        "statement_line_open_ix",
        "statement_line",
        ["bank_account_no", "booked"],
        unique=False,
        schema="counter",
        postgresql_where=sa.text("open_fen <> 0"),
    )
    op.create_index(
        "statement_line_reference_ix",
        "statement_line",
        ["bank_account_no", "reference"],
        unique=False,
        schema="counter",
    )
    op.create_index(
        op.f("statement_line_statement_id_ix"),
        "statement_line",
        ["statement_id"],
        unique=False,
        schema="counter",
    )


def make_items() -> None:
    """What the books expect of the bank."""
    op.create_table(
        "book_item",
        sa.Column("item_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ledger_account", sa.Text(), nullable=False),
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column("bank_account_no", sa.Text(collation="C"), nullable=True),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("open_fen", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("payer", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("payer_account", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("account_no", sa.Text(collation="C"), nullable=True),
        sa.Column("terminal", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("batch", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("trace", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "collected_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('transfer', 'pos', 'cash_deposit', 'cheque', 'refund', 'settlement', 'transfer_back', 'cheque_back', 'pos_back', 'refund_back')",
            name=op.f("book_item_kind_known"),
        ),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("book_item_amount_not_zero")),
        sa.CheckConstraint(
            "open_fen BETWEEN least(amount_fen, 0) AND greatest(amount_fen, 0)",
            name=op.f("book_item_open_within_amount"),
        ),
        sa.ForeignKeyConstraint(
            ["bank_account_no"],
            ["counter.bank_account.bank_account_no"],
            name=op.f("book_item_bank_account_no_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.journal.journal_id"], name=op.f("book_item_journal_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["counter.statement.statement_id"], name=op.f("book_item_statement_id_fk")
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("book_item_pk")),
        sa.UniqueConstraint("kind", "journal_id", "line", name=op.f("book_item_kind_journal_id_line_uq")),
        schema="counter",
        comment="What the books expect the bank to show, collected from papers, deposits and settlements.",
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index(
        "book_item_open_ix",
        "book_item",
        ["ledger_account", "business_date"],
        unique=False,
        schema="counter",
        postgresql_where=sa.text("open_fen <> 0"),
    )
    op.create_index("book_item_reference_ix", "book_item", ["reference"], unique=False, schema="counter")


def make_collecting() -> None:
    """How far the books were looked through for items."""
    op.create_table(
        "collected_till",
        sa.Column("till_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("through", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["till_no"], ["counter.till.till_no"], name=op.f("collected_till_till_no_fk")
        ),
        sa.PrimaryKeyConstraint("till_no", name=op.f("collected_till_pk")),
        schema="counter",
        comment="The last journal of each till that was looked through for what the bank will show.",
    )


def make_matches() -> None:
    """What belongs together."""
    op.create_table(
        "bank_match",
        sa.Column("match_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column(
            "facts", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("unmatches", sa.BigInteger(), nullable=True),
        sa.Column("difference_fen", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("difference_account", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("staff_no", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(difference_fen <> 0) = (difference_account IS NOT NULL)",
            name=op.f("bank_match_difference_has_account"),
        ),
        sa.CheckConstraint("length(note) <= 200", name=op.f("bank_match_note_length")),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("bank_match_score_in_range")),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.journal.journal_id"], name=op.f("bank_match_journal_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["unmatches"], ["counter.bank_match.match_id"], name=op.f("bank_match_unmatches_fk")
        ),
        sa.PrimaryKeyConstraint("match_id", name=op.f("bank_match_pk")),
        sa.UniqueConstraint("unmatches", name=op.f("bank_match_unmatches_uq")),
        schema="counter",
        comment="Lines and items that belong together, by which rule and why; taking one back is another row.",
    )
    op.create_index(
        op.f("bank_match_journal_id_ix"), "bank_match", ["journal_id"], unique=False, schema="counter"
    )
    op.create_index(
        op.f("bank_match_request_id_ix"), "bank_match", ["request_id"], unique=False, schema="counter"
    )
    op.create_table(
        "bank_match_item",
        sa.Column("match_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("bank_match_item_amount_not_zero")),
        sa.PrimaryKeyConstraint("match_id", "item_id", name=op.f("bank_match_item_pk")),
        schema="counter",
    )
    op.create_index(
        op.f("bank_match_item_item_id_ix"), "bank_match_item", ["item_id"], unique=False, schema="counter"
    )
    op.create_table(
        "bank_match_line",
        sa.Column("match_id", sa.BigInteger(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("bank_match_line_amount_not_zero")),
        sa.PrimaryKeyConstraint("match_id", "line_id", name=op.f("bank_match_line_pk")),
        schema="counter",
    )
    op.create_index(
        op.f("bank_match_line_line_id_ix"), "bank_match_line", ["line_id"], unique=False, schema="counter"
    )


def make_suggestions() -> None:
    """What may belong together."""
    op.create_table(
        "suggestion",
        sa.Column("suggestion_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column(
            "facts", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("line_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("item_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("difference_fen", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("rejected_by", sa.Text(collation="C"), nullable=True),
        sa.Column("rejected_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(rejected_by IS NULL) = (rejected_at IS NULL)", name=op.f("suggestion_rejected_by_somebody")
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("suggestion_score_in_range")),
        sa.ForeignKeyConstraint(
            ["rejected_by"], ["counter.staff.staff_no"], name=op.f("suggestion_rejected_by_fk")
        ),
        sa.PrimaryKeyConstraint("suggestion_id", name=op.f("suggestion_pk")),
        sa.UniqueConstraint("key", name=op.f("suggestion_key_uq")),
        schema="counter",
        comment="What may belong together, made anew by every run; key is the digest of the ids, so that what was rejected is not suggested again.",
    )


def make_breaks() -> None:
    """What found no partner, and what was claimed."""
    op.create_table(
        "break_event",
        sa.Column("event_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=True),
        sa.Column("item_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(collation="C"), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("staff_no", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state IN ('new', 'explained', 'waiting', 'escalated')", name=op.f("break_event_state_known")
        ),
        sa.CheckConstraint("length(note) <= 200", name=op.f("break_event_note_length")),
        sa.CheckConstraint("num_nonnulls(line_id, item_id) = 1", name=op.f("break_event_about_one")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["counter.book_item.item_id"], name=op.f("break_event_item_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["counter.statement_line.line_id"], name=op.f("break_event_line_id_fk")
        ),
        sa.ForeignKeyConstraint(["owner"], ["counter.staff.staff_no"], name=op.f("break_event_owner_fk")),
        sa.ForeignKeyConstraint(
            ["staff_no"], ["counter.staff.staff_no"], name=op.f("break_event_staff_no_fk")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("break_event_pk")),
        sa.UniqueConstraint("request_id", name=op.f("break_event_request_id_uq")),
        schema="counter",
        comment="How far somebody is with a line or an item that found no partner; the last one counts.",
    )
    op.create_index(
        op.f("break_event_item_id_ix"), "break_event", ["item_id"], unique=False, schema="counter"
    )
    op.create_index(
        op.f("break_event_line_id_ix"), "break_event", ["line_id"], unique=False, schema="counter"
    )
    op.create_table(
        "receipt_claim",
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("account_no", sa.Text(collation="C"), nullable=True),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("receipt_claim_amount_not_zero")),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.journal.journal_id"], name=op.f("receipt_claim_journal_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["counter.statement_line.line_id"], name=op.f("receipt_claim_line_id_fk")
        ),
        sa.PrimaryKeyConstraint("journal_id", "line_id", name=op.f("receipt_claim_pk")),
        schema="counter",
        comment="Money that nobody knew and a customer claimed; negative where a reversal gave it back.",
    )
    op.create_index(
        op.f("receipt_claim_line_id_ix"), "receipt_claim", ["line_id"], unique=False, schema="counter"
    )


def make_closings() -> None:
    """How a day and a month ended."""
    op.create_table(
        "day_closing",
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_no", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "closed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("journals", sa.Integer(), nullable=False),
        sa.Column("totals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("heads", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("checklist", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("bank", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("journals >= 0", name=op.f("day_closing_journals_counted")),
        sa.ForeignKeyConstraint(
            ["hall_no", "business_date"],
            ["counter.closed_day.hall_no", "counter.closed_day.business_date"],
            name="day_closing_closed_day_fk",
        ),
        sa.ForeignKeyConstraint(
            ["staff_no"], ["counter.staff.staff_no"], name=op.f("day_closing_staff_no_fk")
        ),
        sa.PrimaryKeyConstraint("hall_no", "business_date", name=op.f("day_closing_pk")),
        sa.UniqueConstraint("request_id", name=op.f("day_closing_request_id_uq")),
        schema="counter",
        comment="What was signed when a day was closed: totals per ledger account, the head of every till's chain, the checklist as it was, and the bank reconciliation statement.",
    )
    op.create_table(
        "month_closing",
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_no", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "closed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("totals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("month_closing_first_of_month")),
        sa.ForeignKeyConstraint(["hall_no"], ["counter.hall.hall_no"], name=op.f("month_closing_hall_no_fk")),
        sa.ForeignKeyConstraint(
            ["staff_no"], ["counter.staff.staff_no"], name=op.f("month_closing_staff_no_fk")
        ),
        sa.PrimaryKeyConstraint("hall_no", "month", name=op.f("month_closing_pk")),
        sa.UniqueConstraint("request_id", name=op.f("month_closing_request_id_uq")),
        schema="counter",
        comment="A month whose days are all closed, with its totals carried; month is its first day.",
    )


def seed_rules() -> None:
    """Defaults that a bureau changes as rows; money that the bank had first is a way to pay."""
    op.execute("INSERT INTO counter.bank_policy VALUES ('2000-01-01', 3, 1, 2, 7, 0, 7)")
    op.execute(
        "INSERT INTO counter.tender_kind (kind, ledger_account, position, reference_form)"
        " VALUES ('bank_receipt', 'unidentified_receipts', 8, '^[0-9]{1,18}$')"
    )
    op.execute("UPDATE counter.payment_policy SET tenders = tenders || ARRAY['bank_receipt']")
