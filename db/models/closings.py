"""How a day and a month of a hall ended: what stood in the books, what was ticked, where the chains stood."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from db.base import metadata
from db.models.bureau import closed_day, hall, staff
from db.types import Code, Digest, Moment, RequestId

_NOW = text("clock_timestamp()")

day_closing = Table(
    "day_closing",
    metadata,
    Column("hall_no", SmallInteger, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("request_id", RequestId, nullable=False, unique=True),
    Column("request_hash", Digest, nullable=False),
    Column("staff_no", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("closed_at", Moment, nullable=False, server_default=_NOW),
    Column("journals", Integer, nullable=False),
    Column("totals", JSONB, nullable=False),
    Column("heads", JSONB, nullable=False),
    Column("checklist", JSONB, nullable=False),
    Column("bank", JSONB, nullable=False),
    PrimaryKeyConstraint("hall_no", "business_date"),
    ForeignKeyConstraint(
        ["hall_no", "business_date"],
        [closed_day.c.hall_no, closed_day.c.business_date],
        name="day_closing_closed_day_fk",
    ),
    CheckConstraint("journals >= 0", name="journals_counted"),
    comment="What was signed when a day was closed: totals per ledger account, the head of every till's"
    " chain, the checklist as it was, and the bank reconciliation statement.",
)

month_closing = Table(
    "month_closing",
    metadata,
    Column("hall_no", SmallInteger, ForeignKey(hall.c.hall_no), nullable=False),
    Column("month", Date, nullable=False),
    Column("request_id", RequestId, nullable=False, unique=True),
    Column("request_hash", Digest, nullable=False),
    Column("staff_no", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("closed_at", Moment, nullable=False, server_default=_NOW),
    Column("totals", JSONB, nullable=False),
    PrimaryKeyConstraint("hall_no", "month"),
    CheckConstraint("extract(day FROM month) = 1", name="first_of_month"),
    comment="A month whose days are all closed, with its totals carried; month is its first day.",
)

__all__ = ["day_closing", "month_closing"]
