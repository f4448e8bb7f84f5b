"""The money desk: tenders and their rules, approvals, counts and deposits, agreements with customers.

Safe on a live bureau? A migration must not rewrite or lock a ledger table for long: add columns as
nullable, build indexes concurrently in a migration of their own, and never change a ledger row.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


JOURNAL_KINDS = (
    "reversal",
    "refund",
    "balance_transfer",
    "card_sale",
    "cash_movement",
    "shift_closing",
    "deposit",
    "fund_movement",
)
LEDGER_ACCOUNTS = ("cheques_in_hand", "undeposited_cash", "refunds_payable")


def upgrade() -> None:
    """Bring the schema forward."""
    extend_enums()
    op.create_table(
        "approval_rule",
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("lifetime_min", sa.Integer(), nullable=False),
        sa.CheckConstraint("lifetime_min > 0", name=op.f("approval_rule_lifetime_positive")),
        sa.PrimaryKeyConstraint("action", name=op.f("approval_rule_pk")),
        schema="counter",
        comment="What a supervisor can be asked for, and how long the answer may be used.",
    )
    op.create_table(
        "bank_account",
        sa.Column("bank_account_no", sa.Text(collation="C"), nullable=False),
        sa.Column("bank_name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("bank_account_no", name=op.f("bank_account_pk")),
        schema="counter",
        comment="Where deposits go.",
    )
    op.create_table(
        "cash_movement_reason",
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("ledger_account", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint("direction IN ('in', 'out')", name=op.f("cash_movement_reason_direction_known")),
        sa.PrimaryKeyConstraint("reason", name=op.f("cash_movement_reason_pk")),
        schema="counter",
        comment="Why cash goes into a drawer or out of it without a customer, and what stands against it.",
    )
    op.create_table(
        "fund",
        sa.Column("fund", sa.Text(), nullable=False),
        sa.Column("balance_fen", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("balance_fen >= 0", name=op.f("fund_not_negative")),
        sa.PrimaryKeyConstraint("fund", name=op.f("fund_pk")),
        schema="counter",
        comment="Cached from postings: what a fund (the care fund) still has to give.",
    )
    op.create_table(
        "payer_exposure",
        sa.Column("payer", sa.Text(collation="C"), nullable=False),
        sa.Column("open_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("open_fen >= 0", name=op.f("payer_exposure_not_negative")),
        sa.PrimaryKeyConstraint("payer", name=op.f("payer_exposure_pk")),
        schema="counter",
        comment="Transfer slips of a payer that counted before they arrived; cached from tender_document.",
    )
    op.create_table(
        "payment_policy",
        sa.Column("customer_class", sa.Text(), nullable=False),
        sa.Column("payment_mode", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("tenders", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "approval_tenders", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("corporate_cash_approval", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("slip_counts", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("slip_exposure_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "customer_class IN ('residential', 'non_residential')", name=op.f("payment_policy_class_known")
        ),
        sa.CheckConstraint(
            "payment_mode IN ('postpaid', 'prepaid', 'card')", name=op.f("payment_policy_mode_known")
        ),
        sa.CheckConstraint("slip_exposure_fen >= 0", name=op.f("payment_policy_exposure_not_negative")),
        sa.PrimaryKeyConstraint(
            "customer_class", "payment_mode", "valid_from", name=op.f("payment_policy_pk")
        ),
        schema="counter",
        comment="Which tenders are taken, which need a supervisor, and how far slips count before they arrive; in force until the next row of class and mode.",
    )
    op.create_table(
        "tender_kind",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ledger_account", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("reference_form", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("tender_kind_pk")),
        schema="counter",
        comment="Every way to pay. reference_form is a regular expression for what makes its document unique; without one it has none.",
    )
    op.create_table(
        "till_policy",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("cash_ceiling_fen", sa.BigInteger(), nullable=False),
        sa.Column("deposit_by", sa.Time(), nullable=False),
        sa.CheckConstraint("cash_ceiling_fen > 0", name=op.f("till_policy_ceiling_positive")),
        sa.PrimaryKeyConstraint("valid_from", name=op.f("till_policy_pk")),
        schema="counter",
        comment="More cash than this in a drawer alarms, and so does cash not banked by this hour.",
    )
    op.create_table(
        "printer",
        sa.Column("printer_name", sa.Text(), nullable=False),
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("form", sa.Text(), server_default=sa.text("'a5'"), nullable=False),
        sa.CheckConstraint(
            "form IN ('a5', 'tractor241', 'tractor241_half', 'thermal80', 'thermal58')",
            name=op.f("printer_form_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('cups', 'escpos_network', 'escpos_usb')", name=op.f("printer_kind_known")
        ),
        sa.ForeignKeyConstraint(["hall_no"], ["counter.hall.hall_no"], name=op.f("printer_hall_no_fk")),
        sa.PrimaryKeyConstraint("printer_name", name=op.f("printer_pk")),
        schema="counter",
        comment="address: a queue of CUPS (or queue@server), host:port, or vendor:product.",
    )
    op.create_table(
        "approval_request",
        sa.Column("approval_id", sa.UUID(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column("requested_by", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "requested_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 200", name=op.f("approval_request_reason_length")),
        sa.ForeignKeyConstraint(
            ["action"], ["counter.approval_rule.action"], name=op.f("approval_request_action_fk")
        ),
        sa.ForeignKeyConstraint(
            ["hall_no"], ["counter.hall.hall_no"], name=op.f("approval_request_hall_no_fk")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["counter.staff.staff_no"], name=op.f("approval_request_requested_by_fk")
        ),
        sa.PrimaryKeyConstraint("approval_id", name=op.f("approval_request_pk")),
        schema="counter",
        comment="subject is the request that is to be allowed; digest is what of it must not change.",
    )
    op.create_index(
        "approval_request_hall_ix",
        "approval_request",
        ["hall_no", "expires_at"],
        unique=False,
        schema="counter",
    )
    op.create_table(
        "instalment_agreement",
        sa.Column("agreement_id", sa.UUID(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_no", sa.Text(collation="C"), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("expected_kwh", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("agreed_by", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "agreed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint("expected_kwh >= 0", name=op.f("instalment_agreement_kwh_not_negative")),
        sa.CheckConstraint(
            "length(reason) BETWEEN 1 AND 200", name=op.f("instalment_agreement_reason_length")
        ),
        sa.ForeignKeyConstraint(
            ["account_no"], ["counter.account.account_no"], name=op.f("instalment_agreement_account_no_fk")
        ),
        sa.ForeignKeyConstraint(
            ["agreed_by"], ["counter.staff.staff_no"], name=op.f("instalment_agreement_agreed_by_fk")
        ),
        sa.PrimaryKeyConstraint("agreement_id", name=op.f("instalment_agreement_pk")),
        schema="counter",
        comment="Advances before the final bill of a month, which settles them. agreement_id is the request's.",
    )
    op.create_index(
        op.f("instalment_agreement_account_no_ix"),
        "instalment_agreement",
        ["account_no"],
        unique=False,
        schema="counter",
    )
    op.create_table(
        "payer_group",
        sa.Column("group_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("changed_by", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 100", name=op.f("payer_group_name_length")),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["counter.staff.staff_no"], name=op.f("payer_group_changed_by_fk")
        ),
        sa.PrimaryKeyConstraint("group_id", name=op.f("payer_group_pk")),
        sa.UniqueConstraint("name", name=op.f("payer_group_name_uq")),
        schema="counter",
        comment="One payer of many accounts, across halls. The last change can be sent again.",
    )
    op.create_table(
        "approval_decision",
        sa.Column("approval_id", sa.UUID(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("decided_by", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "decided_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["approval_id"],
            ["counter.approval_request.approval_id"],
            name=op.f("approval_decision_approval_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["counter.staff.staff_no"], name=op.f("approval_decision_decided_by_fk")
        ),
        sa.PrimaryKeyConstraint("approval_id", name=op.f("approval_decision_pk")),
        schema="counter",
        comment="Once, by a supervisor who is not the requester; a requester may only withdraw.",
    )
    op.create_table(
        "instalment",
        sa.Column("agreement_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("instalment_amount_positive")),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["counter.instalment_agreement.agreement_id"],
            name=op.f("instalment_agreement_id_fk"),
        ),
        sa.PrimaryKeyConstraint("agreement_id", "number", name=op.f("instalment_pk")),
        schema="counter",
    )
    op.create_index("instalment_due_ix", "instalment", ["due_date"], unique=False, schema="counter")
    op.create_table(
        "instalment_end",
        sa.Column("agreement_id", sa.UUID(), nullable=False),
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "ended_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 200", name=op.f("instalment_end_reason_length")),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["counter.instalment_agreement.agreement_id"],
            name=op.f("instalment_end_agreement_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["counter.staff.staff_no"], name=op.f("instalment_end_ended_by_fk")
        ),
        sa.PrimaryKeyConstraint("agreement_id", name=op.f("instalment_end_pk")),
        sa.UniqueConstraint("request_id", name=op.f("instalment_end_request_id_uq")),
        schema="counter",
        comment="An agreement that was given up before its final bill.",
    )
    op.create_table(
        "payer_group_member",
        sa.Column("group_id", sa.UUID(), nullable=False),
        sa.Column("account_no", sa.Text(collation="C"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_no"], ["counter.account.account_no"], name=op.f("payer_group_member_account_no_fk")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["counter.payer_group.group_id"], name=op.f("payer_group_member_group_id_fk")
        ),
        sa.PrimaryKeyConstraint("group_id", "account_no", name=op.f("payer_group_member_pk")),
        schema="counter",
    )
    op.create_index(
        op.f("payer_group_member_account_no_ix"),
        "payer_group_member",
        ["account_no"],
        unique=False,
        schema="counter",
    )
    op.create_table(
        "approval_use",
        sa.Column("approval_id", sa.UUID(), nullable=False),
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column(
            "used_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["approval_id"],
            ["counter.approval_decision.approval_id"],
            name=op.f("approval_use_approval_id_fk"),
        ),
        sa.PrimaryKeyConstraint("approval_id", name=op.f("approval_use_pk")),
        schema="counter",
        comment="The request that an approval was used for; there is never a second one.",
    )
    op.create_table(
        "late_fee_relief",
        sa.Column("relief_id", sa.UUID(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_no", sa.Text(collation="C"), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("original_fen", sa.BigInteger(), nullable=False),
        sa.Column("waived_fen", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("deferred_until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approval_id", sa.UUID(), nullable=False),
        sa.Column("granted_by", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "granted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind = 'waiver' AND waived_fen > 0 AND waived_fen <= original_fen AND deferred_until IS NULL OR kind = 'deferral' AND waived_fen = 0 AND deferred_until IS NOT NULL",
            name=op.f("late_fee_relief_makes_sense"),
        ),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 200", name=op.f("late_fee_relief_reason_length")),
        sa.ForeignKeyConstraint(
            ["account_no", "period", "part"],
            ["counter.bill.account_no", "counter.bill.period", "counter.bill.part"],
            name="late_fee_relief_bill_fk",
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["counter.staff.staff_no"], name=op.f("late_fee_relief_granted_by_fk")
        ),
        sa.PrimaryKeyConstraint("relief_id", name=op.f("late_fee_relief_pk")),
        schema="counter",
        comment="What was waived or put off, of what, and who allowed it. relief_id is the request's.",
    )
    op.create_index(
        "late_fee_relief_bill_ix",
        "late_fee_relief",
        ["account_no", "period", "part"],
        unique=False,
        schema="counter",
    )
    op.create_table(
        "shift_count",
        sa.Column("count_id", sa.UUID(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("shift_id", sa.BigInteger(), nullable=False),
        sa.Column("till_seq", sa.BigInteger(), nullable=False),
        sa.Column("denominations", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("counted_fen", sa.BigInteger(), nullable=False),
        sa.Column("expected_fen", sa.BigInteger(), nullable=False),
        sa.Column("handover_to", sa.Text(collation="C"), nullable=True),
        sa.Column("counted_by", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint("counted_fen >= 0", name=op.f("shift_count_counted_not_negative")),
        sa.ForeignKeyConstraint(
            ["counted_by"], ["counter.staff.staff_no"], name=op.f("shift_count_counted_by_fk")
        ),
        sa.ForeignKeyConstraint(
            ["handover_to"], ["counter.staff.staff_no"], name=op.f("shift_count_handover_to_fk")
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["counter.shift.shift_id"], name=op.f("shift_count_shift_id_fk")
        ),
        sa.PrimaryKeyConstraint("count_id", name=op.f("shift_count_pk")),
        schema="counter",
        comment="A signed count; the sum that was expected is told only afterwards. till_seq is the journal that the till was at, so that a count is stale when anything was posted since.",
    )
    op.create_index(
        op.f("shift_count_shift_id_ix"), "shift_count", ["shift_id"], unique=False, schema="counter"
    )
    op.create_table(
        "cash_movement",
        sa.Column("journal_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shift_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("cash_movement_amount_not_zero")),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.journal.journal_id"], name=op.f("cash_movement_journal_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["reason"], ["counter.cash_movement_reason.reason"], name=op.f("cash_movement_reason_fk")
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["counter.shift.shift_id"], name=op.f("cash_movement_shift_id_fk")
        ),
        sa.PrimaryKeyConstraint("journal_id", name=op.f("cash_movement_pk")),
        schema="counter",
        comment="Positive: into the drawer.",
    )
    op.create_index(
        op.f("cash_movement_shift_id_ix"), "cash_movement", ["shift_id"], unique=False, schema="counter"
    )
    op.create_table(
        "deposit",
        sa.Column("journal_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column("bank_account_no", sa.Text(collation="C"), nullable=False),
        sa.Column("carried_by", sa.Text(), nullable=False),
        sa.Column("seal_no", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("cash_fen", sa.BigInteger(), nullable=False),
        sa.Column("cheques_fen", sa.BigInteger(), nullable=False),
        sa.Column("pos_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_account_no"],
            ["counter.bank_account.bank_account_no"],
            name=op.f("deposit_bank_account_no_fk"),
        ),
        sa.ForeignKeyConstraint(["hall_no"], ["counter.hall.hall_no"], name=op.f("deposit_hall_no_fk")),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.journal.journal_id"], name=op.f("deposit_journal_id_fk")
        ),
        sa.PrimaryKeyConstraint("journal_id", name=op.f("deposit_pk")),
        schema="counter",
        comment="A deposit slip; its number is the receipt number of the journal in the hall's safe.",
    )
    op.create_index("deposit_hall_ix", "deposit", ["hall_no", "journal_id"], unique=False, schema="counter")
    op.create_table(
        "instalment_payment",
        sa.Column("agreement_id", sa.UUID(), nullable=False),
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["counter.instalment_agreement.agreement_id"],
            name=op.f("instalment_payment_agreement_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.journal.journal_id"], name=op.f("instalment_payment_journal_id_fk")
        ),
        sa.PrimaryKeyConstraint("agreement_id", "journal_id", name=op.f("instalment_payment_pk")),
        schema="counter",
        comment="What was paid in advance under an agreement; negative when that was reversed.",
    )
    op.create_table(
        "journal_note",
        sa.Column("journal_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approval_id", sa.UUID(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 200", name=op.f("journal_note_reason_length")),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.journal.journal_id"], name=op.f("journal_note_journal_id_fk")
        ),
        sa.PrimaryKeyConstraint("journal_id", name=op.f("journal_note_pk")),
        schema="counter",
        comment="Why: for every journal that needs a reason, and who allowed it.",
    )
    op.create_table(
        "recharge_card",
        sa.Column("card_no", sa.Text(collation="C"), nullable=False),
        sa.Column("face_fen", sa.BigInteger(), nullable=False),
        sa.Column("secret_digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'stock'"), nullable=False),
        sa.Column("failed_tries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("shown_in_shift", sa.BigInteger(), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sold_by", sa.BigInteger(), nullable=True),
        sa.Column("redeemed_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("card_no ~ '^[0-9]{8,20}$'", name=op.f("recharge_card_card_no_form")),
        sa.CheckConstraint(
            "status IN ('stock', 'sold', 'redeemed', 'locked')", name=op.f("recharge_card_status_known")
        ),
        sa.CheckConstraint("face_fen > 0", name=op.f("recharge_card_face_positive")),
        sa.CheckConstraint("failed_tries BETWEEN 0 AND 5", name=op.f("recharge_card_tries_counted")),
        sa.ForeignKeyConstraint(
            ["redeemed_by"],
            ["counter.journal.journal_id"],
            name=op.f("recharge_card_redeemed_by_fk"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["sold_by"],
            ["counter.journal.journal_id"],
            name=op.f("recharge_card_sold_by_fk"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("card_no", name=op.f("recharge_card_pk")),
        schema="counter",
        comment="secret_digest is the SHA-256 of a slow hash of the secret; the secret itself is nowhere.",
    )
    op.create_table(
        "reconnection_task",
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("account_no", sa.Text(collation="C"), nullable=False),
        sa.Column("hall_no", sa.SmallInteger(), nullable=False),
        sa.Column(
            "raised_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Text(collation="C"), nullable=True),
        sa.Column("cancelled_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_no"], ["counter.account.account_no"], name=op.f("reconnection_task_account_no_fk")
        ),
        sa.ForeignKeyConstraint(
            ["cancelled_by"], ["counter.journal.journal_id"], name=op.f("reconnection_task_cancelled_by_fk")
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["counter.staff.staff_no"], name=op.f("reconnection_task_done_by_fk")
        ),
        sa.ForeignKeyConstraint(
            ["hall_no"], ["counter.hall.hall_no"], name=op.f("reconnection_task_hall_no_fk")
        ),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.journal.journal_id"], name=op.f("reconnection_task_journal_id_fk")
        ),
        sa.PrimaryKeyConstraint("journal_id", "account_no", name=op.f("reconnection_task_pk")),
        schema="counter",
        comment="The last arrears of a disconnected account were paid by this journal: connect it again.",
    )
    op.create_index(
        "reconnection_task_hall_ix",
        "reconnection_task",
        ["hall_no", "due_at"],
        unique=False,
        schema="counter",
        postgresql_where=sa.text("done_at IS NULL AND cancelled_by IS NULL"),
    )
    op.create_index(
        "reconnection_task_open",
        "reconnection_task",
        ["account_no"],
        unique=True,
        schema="counter",
        postgresql_where=sa.text("done_at IS NULL AND cancelled_by IS NULL"),
    )
    op.create_table(
        "shift_closing",
        sa.Column("shift_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("count_id", sa.UUID(), nullable=False),
        sa.Column("z_no", sa.Integer(), nullable=False),
        sa.Column("closed_by", sa.Text(collation="C"), nullable=False),
        sa.Column("expected_fen", sa.BigInteger(), nullable=False),
        sa.Column("counted_fen", sa.BigInteger(), nullable=False),
        sa.Column("float_fen", sa.BigInteger(), nullable=False),
        sa.Column("to_bank_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["counter.staff.staff_no"], name=op.f("shift_closing_closed_by_fk")
        ),
        sa.ForeignKeyConstraint(
            ["count_id"], ["counter.shift_count.count_id"], name=op.f("shift_closing_count_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.journal.journal_id"], name=op.f("shift_closing_journal_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["counter.shift.shift_id"], name=op.f("shift_closing_shift_id_fk")
        ),
        sa.PrimaryKeyConstraint("shift_id", name=op.f("shift_closing_pk")),
        sa.UniqueConstraint("journal_id", name=op.f("shift_closing_journal_id_uq")),
        schema="counter",
        comment="How a shift ended: counted minus expected is over or short; the float goes back, the rest to the safe.",
    )
    op.create_table(
        "tender_document",
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(collation="C"), nullable=False),
        sa.Column("payer", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("released_by", sa.BigInteger(), nullable=True),
        sa.Column("arrived_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["arrived_by"], ["counter.journal.journal_id"], name=op.f("tender_document_arrived_by_fk")
        ),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.journal.journal_id"], name=op.f("tender_document_journal_id_fk")
        ),
        sa.ForeignKeyConstraint(["kind"], ["counter.tender_kind.kind"], name=op.f("tender_document_kind_fk")),
        sa.ForeignKeyConstraint(
            ["released_by"], ["counter.journal.journal_id"], name=op.f("tender_document_released_by_fk")
        ),
        sa.PrimaryKeyConstraint("journal_id", "line", name=op.f("tender_document_pk")),
        schema="counter",
        comment="A slip, cheque or card counts once; a reversal releases it, a statement line proves it.",
    )
    op.create_index(
        "tender_document_once",
        "tender_document",
        ["kind", "reference"],
        unique=True,
        schema="counter",
        postgresql_where=sa.text("released_by IS NULL"),
    )
    op.create_table(
        "deposit_item",
        sa.Column("shift_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("part IN ('cash', 'cheque', 'pos')", name=op.f("deposit_item_part_known")),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.deposit.journal_id"], name=op.f("deposit_item_journal_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["counter.shift.shift_id"], name=op.f("deposit_item_shift_id_fk")
        ),
        sa.PrimaryKeyConstraint("shift_id", "part", name=op.f("deposit_item_pk")),
        schema="counter",
        comment="What of a closed shift is on which slip; each part is banked once.",
    )
    op.create_index(
        op.f("deposit_item_journal_id_ix"), "deposit_item", ["journal_id"], unique=False, schema="counter"
    )
    op.create_table(
        "receipt_account",
        sa.Column("journal_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_no", sa.Text(collation="C"), nullable=False),
        sa.Column("account_name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("meter_no", sa.Text(), nullable=True),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("prepaid_before_fen", sa.BigInteger(), nullable=False),
        sa.Column("prepaid_after_fen", sa.BigInteger(), nullable=False),
        sa.Column("arrears_after_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.receipt.journal_id"], name=op.f("receipt_account_journal_id_fk")
        ),
        sa.PrimaryKeyConstraint("journal_id", "account_no", name=op.f("receipt_account_pk")),
        schema="counter",
        comment="The page of details of a receipt for several accounts.",
    )
    op.create_index(
        "receipt_account_account_ix",
        "receipt_account",
        ["account_no", "journal_id"],
        unique=False,
        schema="counter",
    )
    op.add_column(
        "bill",
        sa.Column("late_fee_waived_fen", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        schema="counter",
    )
    op.add_column("bill", sa.Column("late_fee_deferred_until", sa.Date(), nullable=True), schema="counter")
    op.create_table_comment(
        "bill",
        "What never changes is checked by a trigger on insert. late_fee_accrued_fen counts the days up to late_fee_through, before any minimum. While late_fee_deferred_until lasts, the principal may be paid before the late fee.",
        existing_comment="What never changes is checked by a trigger on insert. late_fee_accrued_fen counts the days up to late_fee_through, before any minimum.",
        schema="counter",
    )
    op.add_column(
        "bureau",
        sa.Column("reconnect_within_h", sa.Integer(), server_default=sa.text("24"), nullable=False),
        schema="counter",
    )
    for name, kind, default in (
        ("instalment_large_kwh", sa.Integer(), "100000"),
        ("instalment_least", sa.SmallInteger(), "3"),
        ("instalment_every_days", sa.SmallInteger(), "5"),
    ):
        op.add_column(
            "bureau",
            sa.Column(name, kind, server_default=sa.text(default), nullable=False),
            schema="counter",
        )
    op.create_check_constraint(
        op.f("bureau_reconnect_within_sensible"),
        "bureau",
        "reconnect_within_h BETWEEN 1 AND 8760",
        schema="counter",
    )
    op.create_check_constraint(
        op.f("bureau_instalments_sensible"),
        "bureau",
        "instalment_large_kwh >= 0 AND instalment_least BETWEEN 1 AND 28"
        " AND instalment_every_days BETWEEN 1 AND 28",
        schema="counter",
    )
    op.create_index(
        "journal_reverses_uq",
        "journal",
        ["reverses"],
        unique=True,
        schema="counter",
        postgresql_where=sa.text("reverses IS NOT NULL"),
    )
    op.alter_column(
        "receipt", "account_no", existing_type=sa.TEXT(collation="C"), nullable=True, schema="counter"
    )
    op.create_table_comment(
        "receipt",
        "What was true when the number was given, so that a reprint says the same. Without an account it is for several, account_name is the payer, and receipt_account has them.",
        existing_comment="What was true when the number was given, so that a reprint says the same.",
        schema="counter",
    )
    op.create_table_comment(
        "tender",
        "How the payer paid; received minus amount is the change. Negative where money went back.",
        existing_comment="How the payer paid; received minus amount is the change.",
        schema="counter",
    )
    op.add_column(
        "till",
        sa.Column("cash_fen", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        schema="counter",
    )
    op.add_column(
        "till", sa.Column("z_no", sa.Integer(), server_default=sa.text("0"), nullable=False), schema="counter"
    )
    op.add_column("till", sa.Column("printer_name", sa.Text(), nullable=True), schema="counter")
    op.create_foreign_key(
        op.f("till_printer_name_fk"),
        "till",
        "printer",
        ["printer_name"],
        ["printer_name"],
        source_schema="counter",
        referent_schema="counter",
    )
    op.create_table_comment(
        "till",
        "The only hot row of a desk: chain head, last receipt number, cash in the drawer, who may post. Billing tills take no cash; a hall's safe is where its deposits are posted.",
        existing_comment="The only hot row of a desk: chain head, last receipt number, who may post. Billing tills take no cash.",
        schema="counter",
    )
    op.create_check_constraint(op.f("till_cash_not_negative"), "till", "cash_fen >= 0", schema="counter")
    op.drop_constraint("receipt_print_outcome_known", "receipt_print", schema="counter")
    op.create_check_constraint(
        op.f("receipt_print_outcome_known"),
        "receipt_print",
        "outcome IN ('printed', 'saved', 'unsure', 'failed')",
        schema="counter",
    )
    op.drop_constraint("tender_makes_sense", "tender", schema="counter")
    op.create_check_constraint(
        op.f("tender_makes_sense"),
        "tender",
        "amount_fen <> 0 AND (received_fen IS NULL OR kind = 'cash')",
        schema="counter",
    )
    count_the_drawers()
    seed_rules()


def extend_enums() -> None:
    """New words of the ledger. None is used before this transaction is over: PostgreSQL refuses that."""
    for kind in JOURNAL_KINDS:
        op.execute(f"ALTER TYPE counter.journal_kind ADD VALUE IF NOT EXISTS '{kind}'")
    for account in LEDGER_ACCOUNTS:
        op.execute(f"ALTER TYPE counter.ledger_account ADD VALUE IF NOT EXISTS '{account}'")
    op.execute("ALTER TYPE counter.till_kind ADD VALUE IF NOT EXISTS 'safe'")


def count_the_drawers() -> None:
    """What is in each drawer by the books; until now no journal took cash out of one."""
    op.execute(
        "UPDATE counter.till t SET cash_fen = c.cash_fen FROM ("
        " SELECT j.till_no, sum(p.amount_fen) AS cash_fen FROM counter.posting p"
        " JOIN counter.journal j USING (journal_id) WHERE p.ledger_account = 'cash_in_till' GROUP BY j.till_no"
        ") c WHERE c.till_no = t.till_no"
    )


def seed_rules() -> None:
    """Defaults that a bureau changes as rows. References: what makes a slip, a cheque or a card unique."""
    op.execute(
        "INSERT INTO counter.tender_kind (kind, ledger_account, position, reference_form) VALUES"
        " ('cash', 'cash_in_till', 1, NULL),"
        " ('pos', 'pos_clearing', 2, '^[0-9A-Z]{8}-[0-9]{6}-[0-9]{6}$'),"
        " ('transfer', 'transfer_clearing', 3, '^[^/]{1,40}/[0-9A-Za-z-]{1,40}$'),"
        " ('cheque', 'cheques_in_hand', 4, '^[^/]{1,40}/[0-9]{6,20}$'),"
        " ('recharge_card', 'recharge_cards', 5, '^[0-9]{8,20}$'),"
        " ('care_fund', 'care_fund', 6, NULL),"
        " ('prepaid', 'prepaid', 7, NULL)"
    )
    op.execute(
        "INSERT INTO counter.payment_policy (customer_class, payment_mode, valid_from, tenders, approval_tenders,"
        " slip_exposure_fen)"
        " SELECT c, m, '2000-01-01', ARRAY(SELECT kind FROM counter.tender_kind ORDER BY position),"
        " ARRAY['care_fund'], CASE c WHEN 'residential' THEN 2000000 ELSE 50000000 END"
        " FROM unnest(ARRAY['residential', 'non_residential']) c, unnest(ARRAY['postpaid', 'prepaid', 'card']) m"
    )
    op.execute("INSERT INTO counter.till_policy VALUES ('2000-01-01', 5000000, '17:30')")
    op.execute("INSERT INTO counter.fund (fund) VALUES ('care_fund')")
    op.execute(
        "INSERT INTO counter.approval_rule (action, lifetime_min) VALUES ('payment', 30), ('balance_transfer', 30),"
        " ('refund', 1440), ('late_fee_waiver', 1440), ('late_fee_deferral', 1440), ('reversal', 10080)"
    )
    op.execute(
        "INSERT INTO counter.cash_movement_reason (reason, direction, ledger_account, position) VALUES"
        " ('change_in', 'in', 'float_fund', 1), ('change_out', 'out', 'float_fund', 2),"
        " ('to_safe', 'out', 'undeposited_cash', 3)"
    )
