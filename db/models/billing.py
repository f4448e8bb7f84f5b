"""What is owed, and the dated policy by which it grows when it is late."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Integer, SmallInteger, Table, Text, text

from db.base import metadata
from db.models.account import account_balance
from db.types import Code, Fen

bill = Table(
    "bill",
    metadata,
    Column("account_no", Code, ForeignKey(account_balance.c.account_no), primary_key=True),
    Column("period", Integer, primary_key=True, autoincrement=False),
    Column("part", SmallInteger, primary_key=True, autoincrement=False, server_default=text("1")),
    Column("kwh", Integer, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("late_fee_through", Date, nullable=False),
    Column("principal_fen", Fen, nullable=False),
    Column("principal_paid_fen", Fen, nullable=False, server_default=text("0")),
    Column("late_fee_paid_fen", Fen, nullable=False, server_default=text("0")),
    Column("late_fee_accrued_fen", Fen, nullable=False, server_default=text("0")),
    Column("late_fee_waived_fen", Fen, nullable=False, server_default=text("0")),
    Column("late_fee_deferred_until", Date),
    CheckConstraint(
        "principal_paid_fen BETWEEN 0 AND principal_fen"
        " AND least(late_fee_paid_fen, late_fee_accrued_fen) >= 0",
        name="not_overpaid",
    ),
    comment="What never changes is checked by a trigger on insert."
    " late_fee_accrued_fen counts the days up to late_fee_through, before any minimum."
    " While late_fee_deferred_until lasts, the principal may be paid before the late fee.",
    postgresql_with={"fillfactor": "85"},
)

late_fee_policy = Table(
    "late_fee_policy",
    metadata,
    Column("customer_class", Text, primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("rate_same_year_ppm", Integer, nullable=False),
    Column("rate_earlier_year_ppm", Integer, nullable=False),
    Column("minimum_fen", Fen),
    CheckConstraint("customer_class IN ('residential', 'non_residential')", name="class_known"),
    CheckConstraint("rate_same_year_ppm >= 0 AND rate_earlier_year_ppm >= 0", name="rates_not_negative"),
    CheckConstraint("minimum_fen > 0", name="minimum_positive"),
    comment="Parts per million of the open principal a day; in force until the next row of the class.",
)
