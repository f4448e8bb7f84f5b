"""Tokens for meters without a card: who pays by them, what was sold, and which token was issued.

Safe on a live bureau? Three new tables. The check of the accounts' payment mode is made anew with one word
more, which reads the accounts once under a lock: a second or so for a million of them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATES = "state IN ('pending', 'in_doubt', 'issued', 'refused', 'undone')"
MODES = "payment_mode IN ('postpaid', 'prepaid', 'card', 'token')"


def upgrade() -> None:
    """Bring the schema forward; an account that pays by tokens has the tenders of one with a card."""
    for table in ("account", "payment_policy"):
        op.execute(f"ALTER TABLE counter.{table} DROP CONSTRAINT {table}_mode_known")
        op.execute(f"ALTER TABLE counter.{table} ADD CONSTRAINT {table}_mode_known CHECK ({MODES}) NOT VALID")
        op.execute(f"ALTER TABLE counter.{table} VALIDATE CONSTRAINT {table}_mode_known")
    op.execute(
        "INSERT INTO counter.payment_policy (customer_class, payment_mode, valid_from, tenders, approval_tenders,"
        " corporate_cash_approval, slip_counts, slip_exposure_fen)"
        " SELECT customer_class, 'token', valid_from, tenders, approval_tenders, corporate_cash_approval,"
        " slip_counts, slip_exposure_fen FROM counter.payment_policy WHERE payment_mode = 'card'"
    )
    make_sales()
    make_events()
    make_signatures()


def make_sales() -> None:
    """What was sold, with its token once there is one."""
    op.create_table(
        "token_vend",
        sa.Column("vend_id", sa.UUID(), nullable=False),
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("account_no", sa.Text(collation="C"), nullable=False),
        sa.Column("meter_no", sa.Text(collation="C"), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'pending'"), nullable=False),
        sa.Column("token", sa.Text(collation="C"), nullable=True),
        sa.Column("mark", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column("staff_no", sa.Text(collation="C"), nullable=False),
        *(
            sa.Column(
                name,
                sa.DateTime(timezone=True),
                server_default=sa.text("clock_timestamp()"),
                nullable=False,
            )
            for name in ("began_at", "changed_at")
        ),
        sa.CheckConstraint(STATES, name=op.f("token_vend_state_known")),
        sa.CheckConstraint("mark IN ('', 'simulated')", name=op.f("token_vend_mark_known")),
        sa.CheckConstraint(
            "(token IS NOT NULL) = (state = 'issued')", name=op.f("token_vend_issued_has_token")
        ),
        sa.CheckConstraint("token ~ '^[0-9]{20}$'", name=op.f("token_vend_token_form")),
        sa.CheckConstraint("meter_no ~ '^[0-9]{12}$'", name=op.f("token_vend_meter_no_form")),
        sa.CheckConstraint("amount_fen BETWEEN 1 AND 99999999", name=op.f("token_vend_amount_in_range")),
        sa.ForeignKeyConstraint(
            ["account_no"], ["counter.account.account_no"], name=op.f("token_vend_account_no_fk")
        ),
        sa.ForeignKeyConstraint(["hall_no"], ["counter.hall.hall_no"], name=op.f("token_vend_hall_no_fk")),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.journal.journal_id"], name=op.f("token_vend_journal_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["staff_no"], ["counter.staff.staff_no"], name=op.f("token_vend_staff_no_fk")
        ),
        sa.PrimaryKeyConstraint("vend_id", name=op.f("token_vend_pk")),
        sa.UniqueConstraint("journal_id", name=op.f("token_vend_journal_id_uq")),
        schema="counter",
        comment="Power sold as a token. The id is that of the sale's request, also at the vending server.",
    )
    unsettled = sa.text("state IN ('pending', 'in_doubt')")
    op.create_index("token_vend_account_ix", "token_vend", ["account_no", "began_at"], schema="counter")
    op.create_index(
        "token_vend_one_open",
        "token_vend",
        ["account_no"],
        unique=True,
        schema="counter",
        postgresql_where=unsettled,
    )
    op.create_index(
        "token_vend_token_once", "token_vend", ["meter_no", "token"], unique=True, schema="counter"
    )
    op.create_index(
        "token_vend_unsettled_ix",
        "token_vend",
        ["hall_no", "began_at"],
        schema="counter",
        postgresql_where=unsettled,
    )


def make_events() -> None:
    """How a sale came to its state."""
    op.create_table(
        "token_vend_event",
        sa.Column("vend_id", sa.UUID(), nullable=False),
        sa.Column("seq", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("journal_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("staff_no", sa.Text(collation="C"), nullable=False),
        sa.Column("approval_id", sa.UUID(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(STATES, name=op.f("token_vend_event_state_known")),
        sa.CheckConstraint("length(note) <= 200", name=op.f("token_vend_event_note_length")),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.journal.journal_id"], name=op.f("token_vend_event_journal_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["staff_no"], ["counter.staff.staff_no"], name=op.f("token_vend_event_staff_no_fk")
        ),
        sa.ForeignKeyConstraint(
            ["vend_id"], ["counter.token_vend.vend_id"], name=op.f("token_vend_event_vend_id_fk")
        ),
        sa.PrimaryKeyConstraint("vend_id", "seq", name=op.f("token_vend_event_pk")),
        schema="counter",
        comment="How a sale of a token came to its state, and the journal that followed.",
    )
    op.create_index(
        op.f("token_vend_event_request_id_ix"), "token_vend_event", ["request_id"], schema="counter"
    )


def make_signatures() -> None:
    """Who closed a day over a sale without a token."""
    op.create_table(
        "token_vend_signature",
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
        sa.CheckConstraint("length(note) BETWEEN 1 AND 200", name=op.f("token_vend_signature_note_length")),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["counter.staff.staff_no"], name=op.f("token_vend_signature_signed_by_fk")
        ),
        sa.ForeignKeyConstraint(
            ["vend_id"], ["counter.token_vend.vend_id"], name=op.f("token_vend_signature_vend_id_fk")
        ),
        sa.PrimaryKeyConstraint("vend_id", "business_date", name=op.f("token_vend_signature_pk")),
        schema="counter",
        comment="A supervisor knows that a sale had no token when a day was closed; no day is closed without.",
    )
    op.create_index(
        op.f("token_vend_signature_request_id_ix"), "token_vend_signature", ["request_id"], schema="counter"
    )
