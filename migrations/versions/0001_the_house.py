"""The house: bureau, accounts, bills and the ledger.

Safe on a live bureau? A migration must not rewrite or lock a ledger table for long: add columns as
nullable, build indexes concurrently in a migration of their own, and never change a ledger row.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "abandoned_request",
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("staff_no", sa.Text(collation="C"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("request_id", name=op.f("abandoned_request_pk")),
        schema="counter",
        comment="Ids whose reply never came and that were found not posted: they can never be posted later.",
    )
    op.create_table(
        "account_staging",
        sa.Column("line_no", sa.BigInteger(), nullable=False),
        sa.Column("account_no", sa.Text(collation="C"), nullable=True),
        sa.Column("hall_no", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(collation="C"), nullable=True),
        sa.Column("name_initials", sa.Text(collation="C"), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("places", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("tails", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("meter_no", sa.Text(collation="C"), nullable=True),
        sa.Column("phone", sa.Text(collation="C"), nullable=True),
        sa.Column("customer_class", sa.Text(), nullable=True),
        sa.Column("payment_mode", sa.Text(), nullable=True),
        sa.Column("tenant", sa.Text(), nullable=True),
        sa.Column("hardship", sa.Text(), nullable=True),
        sa.Column("disconnected", sa.Text(), nullable=True),
        sa.Column("corporate_bank", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("prepaid", sa.Text(), nullable=True),
        schema="counter",
        comment="One line of an accounts file; places and tails are the address as the search wants it.",
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "bill_staging",
        sa.Column("line_no", sa.BigInteger(), nullable=False),
        sa.Column("account_no", sa.Text(collation="C"), nullable=True),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("part", sa.Text(), nullable=True),
        sa.Column("kwh", sa.Text(), nullable=True),
        sa.Column("amount", sa.Text(), nullable=True),
        sa.Column("due_date", sa.Text(), nullable=True),
        schema="counter",
        comment="One line of a bills file.",
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "bureau",
        sa.Column("one", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payee", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), server_default=sa.text("'Asia/Shanghai'"), nullable=False),
        sa.Column("epoch", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("epoch >= 1", name=op.f("bureau_epoch_positive")),
        sa.CheckConstraint("one", name=op.f("bureau_one_row")),
        sa.PrimaryKeyConstraint("one", name=op.f("bureau_pk")),
        schema="counter",
        comment="One row. The epoch rises at every failover; a desk refuses an older one.",
    )
    op.create_table(
        "hall",
        sa.Column("hall_no", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("hall_no > 0", name=op.f("hall_hall_no_positive")),
        sa.PrimaryKeyConstraint("hall_no", name=op.f("hall_pk")),
        schema="counter",
    )
    op.create_table(
        "late_fee_policy",
        sa.Column("customer_class", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("rate_same_year_ppm", sa.Integer(), nullable=False),
        sa.Column("rate_earlier_year_ppm", sa.Integer(), nullable=False),
        sa.Column("minimum_fen", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "customer_class IN ('residential', 'non_residential')", name=op.f("late_fee_policy_class_known")
        ),
        sa.CheckConstraint("minimum_fen > 0", name=op.f("late_fee_policy_minimum_positive")),
        sa.CheckConstraint(
            "rate_same_year_ppm >= 0 AND rate_earlier_year_ppm >= 0",
            name=op.f("late_fee_policy_rates_not_negative"),
        ),
        sa.PrimaryKeyConstraint("customer_class", "valid_from", name=op.f("late_fee_policy_pk")),
        schema="counter",
        comment="Parts per million of the open principal a day; in force until the next row of the class.",
    )
    op.create_table(
        "place",
        sa.Column("place_id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("place_id", name=op.f("place_pk")),
        sa.UniqueConstraint("name", name=op.f("place_name_uq")),
        schema="counter",
        comment="Streets, communities and villages: the dictionary behind address search.",
    )
    op.create_table(
        "posting",
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column(
            "ledger_account",
            sa.Enum(
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
                name="ledger_account",
                schema="counter",
            ),
            nullable=False,
        ),
        sa.Column("account_no", sa.Text(collation="C"), nullable=True),
        sa.Column("period", sa.Integer(), nullable=True),
        sa.Column("part", sa.SmallInteger(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("journal_id", "line", name=op.f("posting_pk")),
        schema="counter",
        comment="Debit positive, credit negative. Triggers check journal, account and bill once a journal.",
    )
    op.create_table(
        "account",
        sa.Column("account_no", sa.Text(collation="C"), nullable=False),
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("name_initials", sa.Text(collation="C"), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("meter_no", sa.Text(collation="C"), nullable=True),
        sa.Column("phone", sa.Text(collation="C"), nullable=True),
        sa.Column("customer_class", sa.Text(), nullable=False),
        sa.Column("payment_mode", sa.Text(), server_default=sa.text("'postpaid'"), nullable=False),
        sa.Column("tenant", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("hardship", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("disconnected", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("corporate_bank", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'active'"), nullable=False),
        sa.CheckConstraint("account_no ~ '^[0-9]{10,12}$'", name=op.f("account_account_no_form")),
        sa.CheckConstraint(
            "customer_class IN ('residential', 'non_residential')", name=op.f("account_class_known")
        ),
        sa.CheckConstraint("meter_no ~ '^[0-9]{12}$'", name=op.f("account_meter_no_form")),
        sa.CheckConstraint(
            "payment_mode IN ('postpaid', 'prepaid', 'card')", name=op.f("account_mode_known")
        ),
        sa.CheckConstraint("phone ~ '^[0-9]{7,12}$'", name=op.f("account_phone_form")),
        sa.CheckConstraint("status IN ('active', 'closed')", name=op.f("account_status_known")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 100", name=op.f("account_name_length")),
        sa.ForeignKeyConstraint(["hall_no"], ["counter.hall.hall_no"], name=op.f("account_hall_no_fk")),
        sa.PrimaryKeyConstraint("account_no", name=op.f("account_pk")),
        schema="counter",
        comment="Master data, written by imports; money is in account_balance.",
    )
    op.create_index(
        "account_hall_no_ix", "account", ["hall_no", "account_no"], unique=False, schema="counter"
    )
    op.create_index(
        "account_initials_ix",
        "account",
        ["hall_no", "name_initials", "account_no"],
        unique=False,
        schema="counter",
    )
    op.create_index("account_meter_ix", "account", ["meter_no"], unique=False, schema="counter")
    op.create_index(
        "account_name_2_ix",
        "account",
        ["hall_no", sa.literal_column("substr(name, 2, 4)"), "account_no"],
        unique=False,
        schema="counter",
    )
    op.create_index(
        "account_name_3_ix",
        "account",
        ["hall_no", sa.literal_column("substr(name, 3, 4)"), "account_no"],
        unique=False,
        schema="counter",
    )
    op.create_index(
        "account_name_ix", "account", ["hall_no", "name", "account_no"], unique=False, schema="counter"
    )
    op.create_index(
        "account_phone_ix", "account", [sa.literal_column("reverse(phone)")], unique=False, schema="counter"
    )
    op.create_table(
        "closed_day",
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["hall_no"], ["counter.hall.hall_no"], name=op.f("closed_day_hall_no_fk")),
        sa.PrimaryKeyConstraint("hall_no", "business_date", name=op.f("closed_day_pk")),
        schema="counter",
        comment="Nothing is posted on a day that stands here.",
    )
    op.create_table(
        "staff",
        sa.Column("staff_no", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(
            "duty IN ('clerk', 'cashier', 'supervisor', 'auditor', 'admin', 'service')",
            name=op.f("staff_duty_known"),
        ),
        sa.CheckConstraint("staff_no ~ '^[a-z0-9_]{1,32}$'", name=op.f("staff_staff_no_form")),
        sa.ForeignKeyConstraint(["hall_no"], ["counter.hall.hall_no"], name=op.f("staff_hall_no_fk")),
        sa.PrimaryKeyConstraint("staff_no", name=op.f("staff_pk")),
        schema="counter",
        comment="staff_no is the name of the login role.",
    )
    op.create_table(
        "account_address",
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column("tail", sa.Text(collation="C"), nullable=False),
        sa.Column("account_no", sa.Text(collation="C"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_no"], ["counter.account.account_no"], name=op.f("account_address_account_no_fk")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["counter.place.place_id"], name=op.f("account_address_place_id_fk")
        ),
        sa.PrimaryKeyConstraint("place_id", "hall_no", "tail", "account_no", name=op.f("account_address_pk")),
        schema="counter",
        comment="What follows each place name in an address; found by place, then by prefix of the tail.",
    )
    op.create_table(
        "account_balance",
        sa.Column("account_no", sa.Text(collation="C"), nullable=False),
        sa.Column("prepaid_fen", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("arrears_fen", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("least(prepaid_fen, arrears_fen) >= 0", name=op.f("account_balance_not_negative")),
        sa.ForeignKeyConstraint(
            ["account_no"], ["counter.account.account_no"], name=op.f("account_balance_account_no_fk")
        ),
        sa.PrimaryKeyConstraint("account_no", name=op.f("account_balance_pk")),
        schema="counter",
        comment="Cached from postings (counter ledger verify re-derives it); its row is the account's lock.",
        postgresql_with={"fillfactor": "80"},
    )
    op.create_table(
        "account_change",
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("account_no", sa.Text(collation="C"), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("old_value", sa.Text(), nullable=True),
        sa.Column("new_value", sa.Text(), nullable=True),
        sa.Column("staff_no", sa.Text(collation="C"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_no"], ["counter.account.account_no"], name=op.f("account_change_account_no_fk")
        ),
        sa.ForeignKeyConstraint(
            ["staff_no"], ["counter.staff.staff_no"], name=op.f("account_change_staff_no_fk")
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("account_change_pk")),
        schema="counter",
        comment="Who changed which master datum at a desk, and from what.",
    )
    op.create_table(
        "account_name_part",
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column("part", sa.Text(collation="C"), nullable=False),
        sa.Column("account_no", sa.Text(collation="C"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_no"], ["counter.account.account_no"], name=op.f("account_name_part_account_no_fk")
        ),
        sa.PrimaryKeyConstraint("hall_no", "part", "account_no", name=op.f("account_name_part_pk")),
        schema="counter",
        comment="Four-character windows of a name from its fourth character on; indexes cover the first three.",
    )
    op.create_table(
        "till",
        sa.Column("till_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("desk", "billing", name="till_kind", schema="counter"),
            server_default=sa.text("'desk'"),
            nullable=False,
        ),
        sa.Column("shift_id", sa.BigInteger(), nullable=True),
        sa.Column("staff_no", sa.Text(collation="C"), nullable=True),
        sa.Column("has_abandoned", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("timezone", sa.Text(), server_default=sa.text("'Asia/Shanghai'"), nullable=False),
        sa.Column("closed_through", sa.Date(), server_default=sa.text("'2000-01-01'"), nullable=False),
        sa.Column("chain_seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "chain_head",
            sa.LargeBinary(),
            server_default=sa.text("decode(repeat('00', 32), 'hex')"),
            nullable=False,
        ),
        sa.Column("receipt_date", sa.Date(), nullable=True),
        sa.Column("receipt_serial", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["hall_no"], ["counter.hall.hall_no"], name=op.f("till_hall_no_fk")),
        sa.ForeignKeyConstraint(["staff_no"], ["counter.staff.staff_no"], name=op.f("till_staff_no_fk")),
        sa.PrimaryKeyConstraint("till_no", name=op.f("till_pk")),
        sa.UniqueConstraint("till_no", "hall_no", name=op.f("till_till_no_hall_no_uq")),
        schema="counter",
        comment="The only hot row of a desk: chain head, last receipt number, who may post. Billing tills take no cash.",
        postgresql_with={"fillfactor": "50"},
    )
    op.create_table(
        "bill",
        sa.Column("account_no", sa.Text(collation="C"), nullable=False),
        sa.Column("period", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "part", sa.SmallInteger(), server_default=sa.text("1"), autoincrement=False, nullable=False
        ),
        sa.Column("kwh", sa.Integer(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("late_fee_through", sa.Date(), nullable=False),
        sa.Column("principal_fen", sa.BigInteger(), nullable=False),
        sa.Column("principal_paid_fen", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("late_fee_paid_fen", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("late_fee_accrued_fen", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "principal_paid_fen BETWEEN 0 AND principal_fen AND least(late_fee_paid_fen, late_fee_accrued_fen) >= 0",
            name=op.f("bill_not_overpaid"),
        ),
        sa.ForeignKeyConstraint(
            ["account_no"], ["counter.account_balance.account_no"], name=op.f("bill_account_no_fk")
        ),
        sa.PrimaryKeyConstraint("account_no", "period", "part", name=op.f("bill_pk")),
        schema="counter",
        comment="What never changes is checked by a trigger on insert. late_fee_accrued_fen counts the days up to late_fee_through, before any minimum.",
        postgresql_with={"fillfactor": "85"},
    )
    op.create_table(
        "shift",
        sa.Column("shift_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("till_no", sa.Integer(), nullable=False),
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column("staff_no", sa.Text(collation="C"), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("float_fen", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("float_fen >= 0", name=op.f("shift_float_not_negative")),
        sa.ForeignKeyConstraint(["staff_no"], ["counter.staff.staff_no"], name=op.f("shift_staff_no_fk")),
        sa.ForeignKeyConstraint(["till_no"], ["counter.till.till_no"], name=op.f("shift_till_no_fk")),
        sa.PrimaryKeyConstraint("shift_id", name=op.f("shift_pk")),
        sa.UniqueConstraint("till_no", "shift_id", name=op.f("shift_till_no_shift_id_uq")),
        schema="counter",
        comment="shift_id is the journal that opened it.",
    )
    op.create_index(
        "shift_one_open_per_staff",
        "shift",
        ["staff_no"],
        unique=True,
        schema="counter",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "shift_one_open_per_till",
        "shift",
        ["till_no"],
        unique=True,
        schema="counter",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "journal",
        sa.Column("journal_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("till_no", sa.Integer(), nullable=False),
        sa.Column("till_seq", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "shift_opening",
                "payment",
                "billing",
                "draw_down",
                "opening_balance",
                name="journal_kind",
                schema="counter",
            ),
            nullable=False,
        ),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column("shift_id", sa.BigInteger(), nullable=True),
        sa.Column("staff_no", sa.Text(collation="C"), nullable=False),
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("reverses", sa.BigInteger(), nullable=True),
        sa.Column("receipt_serial", sa.Integer(), nullable=True),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reverses"], ["counter.journal.journal_id"], name=op.f("journal_reverses_fk")
        ),
        sa.ForeignKeyConstraint(
            ["till_no", "shift_id"],
            ["counter.shift.till_no", "counter.shift.shift_id"],
            name="journal_shift_fk",
        ),
        sa.PrimaryKeyConstraint("journal_id", name=op.f("journal_pk")),
        sa.UniqueConstraint("request_id", name="journal_request_id_uq"),
        schema="counter",
        comment="One business event; its hash covers its content, its postings and the journal before it.",
    )
    op.create_index(
        "journal_receipt_uq",
        "journal",
        ["till_no", "business_date", "receipt_serial"],
        unique=True,
        schema="counter",
        postgresql_where=sa.text("receipt_serial IS NOT NULL"),
    )
    op.create_table(
        "receipt",
        sa.Column("journal_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column("account_no", sa.Text(collation="C"), nullable=False),
        sa.Column("account_name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("meter_no", sa.Text(), nullable=True),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("prepaid_before_fen", sa.BigInteger(), nullable=False),
        sa.Column("prepaid_after_fen", sa.BigInteger(), nullable=False),
        sa.Column("arrears_after_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.journal.journal_id"], name=op.f("receipt_journal_id_fk")
        ),
        sa.PrimaryKeyConstraint("journal_id", name=op.f("receipt_pk")),
        schema="counter",
        comment="What was true when the number was given, so that a reprint says the same.",
    )
    op.create_index(
        "receipt_account_ix", "receipt", ["account_no", "journal_id"], unique=False, schema="counter"
    )
    op.create_table(
        "tender",
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("received_fen", sa.BigInteger(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "kind = 'cash' AND amount_fen > 0 AND received_fen >= amount_fen", name=op.f("tender_makes_sense")
        ),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.journal.journal_id"], name=op.f("tender_journal_id_fk")
        ),
        sa.PrimaryKeyConstraint("journal_id", "line", name=op.f("tender_pk")),
        schema="counter",
        comment="How the payer paid; received minus amount is the change.",
    )
    op.create_table(
        "receipt_print",
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reprint", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("staff_no", sa.Text(collation="C"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('printed', 'saved', 'failed')", name=op.f("receipt_print_outcome_known")
        ),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.receipt.journal_id"], name=op.f("receipt_print_journal_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["staff_no"], ["counter.staff.staff_no"], name=op.f("receipt_print_staff_no_fk")
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("receipt_print_pk")),
        schema="counter",
        comment="Every attempt to put a receipt on paper, right or wrong.",
    )
    op.create_index(
        op.f("receipt_print_journal_id_ix"), "receipt_print", ["journal_id"], unique=False, schema="counter"
    )
    seed_defaults()


def seed_defaults() -> None:
    """The one row of the bureau, and the late fee as the regulation has it.

    供电营业规则 1996 §98: 1‰ a day for residential accounts, else 2‰ in the due date's year and 3‰ later,
    at least 1.00. The minimum is believed to have gone with the revision of 2024 (a setting: the rows).
    """
    op.execute("INSERT INTO counter.bureau (name, payee) VALUES ('供电营业厅', '供电公司')")
    op.execute(
        "INSERT INTO counter.late_fee_policy"
        " (customer_class, valid_from, rate_same_year_ppm, rate_earlier_year_ppm, minimum_fen) VALUES"
        " ('residential', '1996-10-08', 1000, 1000, 100), ('non_residential', '1996-10-08', 2000, 3000, 100),"
        " ('residential', '2024-06-01', 1000, 1000, NULL), ('non_residential', '2024-06-01', 2000, 3000, NULL)"
    )
