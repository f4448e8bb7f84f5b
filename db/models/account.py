"""Supply accounts, what they hold and owe, and the tables that make them findable."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)

from db.base import metadata
from db.models.bureau import hall, staff
from db.types import Code, Fen, Moment, RequestId

_NO = text("false")

account = Table(
    "account",
    metadata,
    Column("account_no", Code, primary_key=True),
    Column("hall_no", SmallInteger, ForeignKey(hall.c.hall_no), nullable=False),
    Column("name", Code, nullable=False),
    Column("name_initials", Code, nullable=False),
    Column("address", Text, nullable=False),
    Column("meter_no", Code),
    Column("phone", Code),
    Column("customer_class", Text, nullable=False),
    Column("payment_mode", Text, nullable=False, server_default=text("'postpaid'")),
    Column("tenant", Boolean, nullable=False, server_default=_NO),
    Column("hardship", Boolean, nullable=False, server_default=_NO),
    Column("disconnected", Boolean, nullable=False, server_default=_NO),
    Column("corporate_bank", Boolean, nullable=False, server_default=_NO),
    Column("status", Text, nullable=False, server_default=text("'active'")),
    Column("risk_customer", Boolean, nullable=False, server_default=_NO),
    CheckConstraint("account_no ~ '^[0-9]{10,12}$'", name="account_no_form"),
    CheckConstraint("meter_no ~ '^[0-9]{12}$'", name="meter_no_form"),
    CheckConstraint("phone ~ '^[0-9]{7,12}$'", name="phone_form"),
    CheckConstraint("length(name) BETWEEN 1 AND 100", name="name_length"),
    CheckConstraint("customer_class IN ('residential', 'non_residential')", name="class_known"),
    CheckConstraint("payment_mode IN ('postpaid', 'prepaid', 'card', 'token')", name="mode_known"),
    CheckConstraint("status IN ('active', 'closed')", name="status_known"),
    Index("account_hall_no_ix", "hall_no", "account_no"),
    Index("account_name_ix", "hall_no", "name", "account_no"),
    Index("account_name_2_ix", "hall_no", text("substr(name, 2, 4)"), "account_no"),
    Index("account_name_3_ix", "hall_no", text("substr(name, 3, 4)"), "account_no"),
    Index("account_initials_ix", "hall_no", "name_initials", "account_no"),
    Index("account_meter_ix", "meter_no"),
    Index("account_phone_ix", text("reverse(phone)")),
    comment="Master data, written by imports; money is in account_balance.",
)

account_balance = Table(
    "account_balance",
    metadata,
    Column("account_no", Code, ForeignKey(account.c.account_no), primary_key=True),
    Column("prepaid_fen", Fen, nullable=False, server_default=text("0")),
    Column("arrears_fen", Fen, nullable=False, server_default=text("0")),
    Column("version", Fen, nullable=False, server_default=text("0")),
    CheckConstraint("least(prepaid_fen, arrears_fen) >= 0", name="not_negative"),
    comment="Cached from postings (counter ledger verify re-derives it); its row is the account's lock.",
    postgresql_with={"fillfactor": "80"},
)

place = Table(
    "place",
    metadata,
    Column("place_id", Integer, Identity(always=True), primary_key=True),
    Column("name", Code, nullable=False, unique=True),
    comment="Streets, communities and villages: the dictionary behind address search.",
)

account_address = Table(
    "account_address",
    metadata,
    Column("place_id", Integer, ForeignKey(place.c.place_id), nullable=False),
    Column("hall_no", SmallInteger, nullable=False),
    Column("tail", Code, nullable=False),
    Column("account_no", Code, ForeignKey(account.c.account_no), nullable=False),
    PrimaryKeyConstraint("place_id", "hall_no", "tail", "account_no"),
    comment="What follows each place name in an address; found by place, then by prefix of the tail.",
)

account_name_part = Table(
    "account_name_part",
    metadata,
    Column("hall_no", SmallInteger, nullable=False),
    Column("part", Code, nullable=False),
    Column("account_no", Code, ForeignKey(account.c.account_no), nullable=False),
    PrimaryKeyConstraint("hall_no", "part", "account_no"),
    comment="Four-character windows of a name from its fourth character on; indexes cover the first three.",
)

account_change = Table(
    "account_change",
    metadata,
    Column("request_id", RequestId, primary_key=True),
    Column("request_hash", Text, nullable=False),
    Column("account_no", Code, ForeignKey(account.c.account_no), nullable=False),
    Column("field", Text, nullable=False),
    Column("old_value", Text),
    Column("new_value", Text),
    Column("staff_no", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("recorded_at", Moment, nullable=False, server_default=text("now()")),
    comment="Who changed which master datum at a desk, and from what.",
)
