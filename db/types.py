"""Column types with the field's meaning, so that no table invents its own."""

from __future__ import annotations

from sqlalchemy import BigInteger, DateTime, LargeBinary, Text
from sqlalchemy.dialects.postgresql import UUID

Fen = BigInteger
"""An amount in whole fen; debit positive and credit negative in postings."""

Code = Text(collation="C")
"""A number or code that is compared byte by byte, so that prefix ranges use the index."""

Moment = DateTime(timezone=True)
"""A point in time, stored in UTC."""

RequestId = UUID(as_uuid=True)
"""UUIDv7 made by the desk when a form opens."""

Digest = LargeBinary
"""A SHA-256 digest, 32 bytes."""
