"""Who and where: the bureau, its halls, tills, staff and the shifts they work."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Enum,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from db.base import metadata
from db.types import Code, Digest, Fen, Moment

bureau = Table(
    "bureau",
    metadata,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
    Column("name", Text, nullable=False),
    Column("payee", Text, nullable=False),
    Column("timezone", Text, nullable=False, server_default=text("'Asia/Shanghai'")),
    Column("epoch", Integer, nullable=False, server_default=text("1")),
    Column("reconnect_within_h", Integer, nullable=False, server_default=text("24")),
    Column("instalment_large_kwh", Integer, nullable=False, server_default=text("100000")),
    Column("instalment_least", SmallInteger, nullable=False, server_default=text("3")),
    Column("instalment_every_days", SmallInteger, nullable=False, server_default=text("5")),
    CheckConstraint("one", name="one_row"),
    CheckConstraint("epoch >= 1", name="epoch_positive"),
    CheckConstraint("reconnect_within_h BETWEEN 1 AND 8760", name="reconnect_within_sensible"),
    CheckConstraint(
        "instalment_large_kwh >= 0 AND instalment_least BETWEEN 1 AND 28"
        " AND instalment_every_days BETWEEN 1 AND 28",
        name="instalments_sensible",
    ),
    comment="One row. The epoch rises at every failover; a desk refuses an older one.",
)

hall = Table(
    "hall",
    metadata,
    Column("hall_no", SmallInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    CheckConstraint("hall_no > 0", name="hall_no_positive"),
)

staff = Table(
    "staff",
    metadata,
    Column("staff_no", Code, primary_key=True),
    Column("name", Text, nullable=False),
    Column("hall_no", SmallInteger, ForeignKey(hall.c.hall_no), nullable=False),
    Column("duty", Text, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    CheckConstraint("staff_no ~ '^[a-z0-9_]{1,32}$'", name="staff_no_form"),
    CheckConstraint(
        "duty IN ('clerk', 'cashier', 'supervisor', 'auditor', 'admin', 'service')", name="duty_known"
    ),
    comment="staff_no is the name of the login role.",
)

printer = Table(
    "printer",
    metadata,
    Column("printer_name", Text, primary_key=True),
    Column("hall_no", SmallInteger, ForeignKey(hall.c.hall_no), nullable=False),
    Column("kind", Text, nullable=False),
    Column("address", Text, nullable=False, server_default=text("''")),
    Column("form", Text, nullable=False, server_default=text("'a5'")),
    CheckConstraint("kind IN ('cups', 'escpos_network', 'escpos_usb')", name="kind_known"),
    CheckConstraint(
        "form IN ('a5', 'tractor241', 'tractor241_half', 'thermal80', 'thermal58')", name="form_known"
    ),
    comment="address: a queue of CUPS (or queue@server), host:port, or vendor:product.",
)

till = Table(
    "till",
    metadata,
    Column("till_no", Integer, primary_key=True, autoincrement=False),
    Column("hall_no", SmallInteger, ForeignKey(hall.c.hall_no), nullable=False),
    Column("name", Text, nullable=False),
    Column(
        "kind",
        Enum("desk", "billing", "safe", "bank", name="till_kind", metadata=metadata),
        nullable=False,
        server_default=text("'desk'"),
    ),
    Column("shift_id", Fen),
    Column("staff_no", Code, ForeignKey(staff.c.staff_no)),
    Column("has_abandoned", Boolean, nullable=False, server_default=text("false")),
    Column("timezone", Text, nullable=False, server_default=text("'Asia/Shanghai'")),
    Column("closed_through", Date, nullable=False, server_default=text("'2000-01-01'")),
    Column("chain_seq", Fen, nullable=False, server_default=text("0")),
    Column("chain_head", Digest, nullable=False, server_default=text(r"decode(repeat('00', 32), 'hex')")),
    Column("receipt_date", Date),
    Column("receipt_serial", Integer, nullable=False, server_default=text("0")),
    Column("cash_fen", Fen, nullable=False, server_default=text("0")),
    Column("z_no", Integer, nullable=False, server_default=text("0")),
    Column("printer_name", Text, ForeignKey(printer.c.printer_name)),
    UniqueConstraint("till_no", "hall_no"),
    CheckConstraint("cash_fen >= 0", name="cash_not_negative"),
    comment="The only hot row of a desk: chain head, last receipt number, cash in the drawer, who may post."
    " Billing tills take no cash; a hall's safe is where its deposits are posted, its bank till what the"
    " bank says.",
    postgresql_with={"fillfactor": "50"},
)

shift = Table(
    "shift",
    metadata,
    Column("shift_id", Fen, primary_key=True, autoincrement=False),
    Column("till_no", Integer, ForeignKey(till.c.till_no), nullable=False),
    Column("hall_no", SmallInteger, nullable=False),
    Column("staff_no", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("float_fen", Fen, nullable=False),
    Column("closed_at", Moment),
    CheckConstraint("float_fen >= 0", name="float_not_negative"),
    UniqueConstraint("till_no", "shift_id"),
    Index("shift_one_open_per_till", "till_no", unique=True, postgresql_where=text("closed_at IS NULL")),
    Index("shift_one_open_per_staff", "staff_no", unique=True, postgresql_where=text("closed_at IS NULL")),
    comment="shift_id is the journal that opened it.",
)

closed_day = Table(
    "closed_day",
    metadata,
    Column("hall_no", SmallInteger, ForeignKey(hall.c.hall_no), primary_key=True),
    Column("business_date", Date, primary_key=True),
    Column("closed_at", Moment, nullable=False, server_default=text("now()")),
    comment="Nothing is posted on a day that stands here.",
)

__all__ = ["bureau", "closed_day", "hall", "printer", "shift", "staff", "till"]
