"""Prepaid cards: what was sold onto which card, how each sale stands, limits, and the supervisor's decision.

Safe on a live bureau? New tables and words of an enum only; no table that is there is touched.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JOURNAL_KINDS = ("vend", "vend_written", "vend_credited")


def upgrade() -> None:
    """Bring the schema forward; no new word of the enum is used before this transaction is over."""
    for kind in JOURNAL_KINDS:
        op.execute(f"ALTER TYPE counter.journal_kind ADD VALUE IF NOT EXISTS '{kind}'")
    make_cards()
    make_vends()
    op.execute("INSERT INTO counter.vend_policy VALUES ('2000-01-01', 5000000, 99999999)")
    op.execute("INSERT INTO counter.approval_rule (action, lifetime_min) VALUES ('vend_decision', 1440)")


def make_cards() -> None:
    """Limits, cards and counts."""
    op.create_table(
        "vend_policy",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("hoard_limit_fen", sa.BigInteger(), nullable=False),
        sa.Column("card_maximum_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "card_maximum_fen BETWEEN 1 AND 99999999", name=op.f("vend_policy_card_maximum_in_range")
        ),
        sa.CheckConstraint("hoard_limit_fen > 0", name=op.f("vend_policy_hoard_limit_positive")),
        sa.PrimaryKeyConstraint("valid_from", name=op.f("vend_policy_pk")),
        schema="counter",
        comment="The most that a meter accepts as balance, and the most that one sale may write on a card.",
    )
    op.create_table(
        "card_change",
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("card_serial", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("account_no", sa.Text(collation="C"), nullable=False),
        sa.Column("meter_no", sa.Text(collation="C"), nullable=False),
        sa.Column("vend_count", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("staff_no", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "change IN ('issued', 'replaced', 'returned', 'meter', 'taken_over')",
            name=op.f("card_change_change_known"),
        ),
        sa.CheckConstraint("length(reason) <= 200", name=op.f("card_change_reason_length")),
        sa.ForeignKeyConstraint(
            ["account_no"], ["counter.account.account_no"], name=op.f("card_change_account_no_fk")
        ),
        sa.ForeignKeyConstraint(
            ["staff_no"], ["counter.staff.staff_no"], name=op.f("card_change_staff_no_fk")
        ),
        sa.PrimaryKeyConstraint("request_id", "card_serial", name=op.f("card_change_pk")),
        schema="counter",
        comment="What happened to cards and meters beside the sales: issued, replaced, returned, another meter.",
    )
    op.create_index(
        op.f("card_change_account_no_ix"), "card_change", ["account_no"], unique=False, schema="counter"
    )
    op.create_table(
        "meter_card",
        sa.Column("card_serial", sa.Text(collation="C"), nullable=False),
        sa.Column("account_no", sa.Text(collation="C"), nullable=False),
        sa.Column("meter_no", sa.Text(collation="C"), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'active'"), nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint("card_serial ~ '^[0-9A-Za-z-]{1,40}$'", name=op.f("meter_card_serial_form")),
        sa.CheckConstraint(
            "status IN ('active', 'replaced', 'returned')", name=op.f("meter_card_status_known")
        ),
        sa.CheckConstraint("length(profile) BETWEEN 1 AND 60", name=op.f("meter_card_profile_length")),
        sa.ForeignKeyConstraint(
            ["account_no"], ["counter.account.account_no"], name=op.f("meter_card_account_no_fk")
        ),
        sa.PrimaryKeyConstraint("card_serial", name=op.f("meter_card_pk")),
        schema="counter",
        comment="Each piece of plastic and the account that it belongs to, or belonged to last.",
    )
    op.create_index(
        op.f("meter_card_account_no_ix"), "meter_card", ["account_no"], unique=False, schema="counter"
    )
    op.create_index(
        "meter_card_one_active",
        "meter_card",
        ["account_no"],
        unique=True,
        schema="counter",
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_table(
        "meter_count",
        sa.Column("account_no", sa.Text(collation="C"), nullable=False),
        sa.Column("meter_no", sa.Text(collation="C"), nullable=False),
        sa.Column("start_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("vend_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("meter_no ~ '^[0-9]{12}$'", name=op.f("meter_count_meter_no_form")),
        sa.CheckConstraint("start_count BETWEEN 0 AND vend_count", name=op.f("meter_count_goes_up")),
        sa.ForeignKeyConstraint(
            ["account_no"], ["counter.account.account_no"], name=op.f("meter_count_account_no_fk")
        ),
        sa.PrimaryKeyConstraint("account_no", name=op.f("meter_count_pk")),
        schema="counter",
        comment="The last count booked for the meter and not undone; start_count is where these books began.",
    )


def make_vends() -> None:
    """Sales and how they came to their state."""
    op.create_table(
        "vend",
        sa.Column("vend_id", sa.UUID(), nullable=False),
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("account_no", sa.Text(collation="C"), nullable=False),
        sa.Column("meter_no", sa.Text(collation="C"), nullable=False),
        sa.Column("card_serial", sa.Text(collation="C"), nullable=False),
        sa.Column("vend_count", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'pending'"), nullable=False),
        sa.Column("mark", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column("staff_no", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "began_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('opening', 'purchase', 'replacement', 'booking')", name=op.f("vend_kind_known")
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'in_doubt', 'written', 'undone')", name=op.f("vend_state_known")
        ),
        sa.CheckConstraint("mark IN ('', 'demonstration', 'simulated')", name=op.f("vend_mark_known")),
        sa.CheckConstraint("amount_fen BETWEEN 1 AND 99999999", name=op.f("vend_amount_in_range")),
        sa.CheckConstraint("vend_count BETWEEN 1 AND 4294967295", name=op.f("vend_count_in_range")),
        sa.ForeignKeyConstraint(
            ["account_no"], ["counter.account.account_no"], name=op.f("vend_account_no_fk")
        ),
        sa.ForeignKeyConstraint(["hall_no"], ["counter.hall.hall_no"], name=op.f("vend_hall_no_fk")),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.journal.journal_id"], name=op.f("vend_journal_id_fk")
        ),
        sa.ForeignKeyConstraint(["staff_no"], ["counter.staff.staff_no"], name=op.f("vend_staff_no_fk")),
        sa.PrimaryKeyConstraint("vend_id", name=op.f("vend_pk")),
        sa.UniqueConstraint("journal_id", name=op.f("vend_journal_id_uq")),
        schema="counter",
        comment="Power sold onto a card. The id is that of the sale's request; state is that of the last event;"
        " mark says that keys or reader were for show.",
    )
    op.create_index("vend_account_ix", "vend", ["account_no", "began_at"], unique=False, schema="counter")
    op.create_index(
        "vend_count_once",
        "vend",
        ["account_no", "meter_no", "vend_count"],
        unique=True,
        schema="counter",
        postgresql_where=sa.text("state <> 'undone'"),
    )
    op.create_index(
        "vend_one_open",
        "vend",
        ["account_no"],
        unique=True,
        schema="counter",
        postgresql_where=sa.text("state IN ('pending', 'in_doubt')"),
    )
    op.create_index(
        "vend_unsettled_ix",
        "vend",
        ["hall_no", "began_at"],
        unique=False,
        schema="counter",
        postgresql_where=sa.text("state IN ('pending', 'in_doubt')"),
    )
    op.create_table(
        "vend_event",
        sa.Column("vend_id", sa.UUID(), nullable=False),
        sa.Column("seq", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("journal_id", sa.BigInteger(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("staff_no", sa.Text(collation="C"), nullable=False),
        sa.Column("approval_id", sa.UUID(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'in_doubt', 'written', 'undone')", name=op.f("vend_event_state_known")
        ),
        sa.CheckConstraint("length(note) <= 200", name=op.f("vend_event_note_length")),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.journal.journal_id"], name=op.f("vend_event_journal_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["staff_no"], ["counter.staff.staff_no"], name=op.f("vend_event_staff_no_fk")
        ),
        sa.ForeignKeyConstraint(["vend_id"], ["counter.vend.vend_id"], name=op.f("vend_event_vend_id_fk")),
        sa.PrimaryKeyConstraint("vend_id", "seq", name=op.f("vend_event_pk")),
        schema="counter",
        comment="How a vend came to its state: what was read from the card, and the journal that followed.",
    )
    op.create_table(
        "vend_signature",
        sa.Column("vend_id", sa.UUID(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "signed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint("length(note) BETWEEN 1 AND 200", name=op.f("vend_signature_note_length")),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["counter.staff.staff_no"], name=op.f("vend_signature_signed_by_fk")
        ),
        sa.ForeignKeyConstraint(
            ["vend_id"], ["counter.vend.vend_id"], name=op.f("vend_signature_vend_id_fk")
        ),
        sa.PrimaryKeyConstraint("vend_id", "business_date", name=op.f("vend_signature_pk")),
        schema="counter",
        comment="A supervisor knows that a sale was not settled when a day was closed; no day is closed without.",
    )
    op.create_index(
        op.f("vend_signature_request_id_ix"), "vend_signature", ["request_id"], unique=False, schema="counter"
    )
    op.create_index(
        op.f("vend_event_request_id_ix"), "vend_event", ["request_id"], unique=False, schema="counter"
    )
