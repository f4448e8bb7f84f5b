"""Where files land before they are believed: text as it stands in the file, one row a line.

Unlogged and emptied at the start of every import; only imports see them.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from db.base import metadata
from db.types import Code

_UNLOGGED = ["UNLOGGED"]

account_staging = Table(
    "account_staging",
    metadata,
    Column("line_no", BigInteger, nullable=False),
    Column("account_no", Code),
    Column("hall_no", Text),
    Column("name", Code),
    Column("name_initials", Code),
    Column("address", Text),
    Column("places", ARRAY(Text)),
    Column("tails", ARRAY(Text)),
    Column("meter_no", Code),
    Column("phone", Code),
    Column("customer_class", Text),
    Column("payment_mode", Text),
    Column("tenant", Text),
    Column("hardship", Text),
    Column("disconnected", Text),
    Column("corporate_bank", Text),
    Column("status", Text),
    Column("prepaid", Text),
    Column("risk_customer", Text),
    prefixes=_UNLOGGED,
    comment="One line of an accounts file; places and tails are the address as the search wants it.",
)

bill_staging = Table(
    "bill_staging",
    metadata,
    Column("line_no", BigInteger, nullable=False),
    Column("account_no", Code),
    Column("period", Text),
    Column("part", Text),
    Column("kwh", Text),
    Column("amount", Text),
    Column("due_date", Text),
    prefixes=_UNLOGGED,
    comment="One line of a bills file.",
)
