"""Four eyes: what was asked for, how it was decided, and that it was used.

Three append-only tables, so that an approval is decided once, by somebody else, and used once.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from db.base import metadata
from db.models.bureau import hall, staff
from db.types import Code, Digest, Moment, RequestId

approval_rule = Table(
    "approval_rule",
    metadata,
    Column("action", Text, primary_key=True),
    Column("lifetime_min", Integer, nullable=False),
    CheckConstraint("lifetime_min > 0", name="lifetime_positive"),
    comment="What a supervisor can be asked for, and how long the answer may be used.",
)

approval_request = Table(
    "approval_request",
    metadata,
    Column("approval_id", RequestId, primary_key=True),
    Column("action", Text, ForeignKey(approval_rule.c.action), nullable=False),
    Column("subject", JSONB, nullable=False),
    Column("digest", Digest, nullable=False),
    Column("reason", Text, nullable=False),
    Column("hall_no", SmallInteger, ForeignKey(hall.c.hall_no), nullable=False),
    Column("requested_by", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("requested_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    Column("expires_at", Moment, nullable=False),
    CheckConstraint("length(reason) BETWEEN 1 AND 200", name="reason_length"),
    Index("approval_request_hall_ix", "hall_no", "expires_at"),
    comment="subject is the request that is to be allowed; digest is what of it must not change.",
)

approval_decision = Table(
    "approval_decision",
    metadata,
    Column("approval_id", RequestId, ForeignKey(approval_request.c.approval_id), primary_key=True),
    Column("approved", Boolean, nullable=False),
    Column("note", Text, nullable=False, server_default=text("''")),
    Column("decided_by", Code, ForeignKey(staff.c.staff_no), nullable=False),
    Column("decided_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    comment="Once, by a supervisor who is not the requester; a requester may only withdraw.",
)

approval_use = Table(
    "approval_use",
    metadata,
    Column("approval_id", RequestId, ForeignKey(approval_decision.c.approval_id), primary_key=True),
    Column("request_id", RequestId, nullable=False),
    Column("used_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    comment="The request that an approval was used for; there is never a second one.",
)
