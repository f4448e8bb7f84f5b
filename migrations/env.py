"""Alembic's environment: runs inside the transaction that ``db.migrate.upgrade`` has begun.

A migration that waits for a lock gives up instead of queueing every desk behind itself.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

import db.models  # noqa: F401  (fills the metadata)
from db.base import SCHEMA, metadata

connection = context.config.attributes["connection"]
connection.execute(text("SET LOCAL lock_timeout = '10s'"))
connection.execute(text("SET LOCAL statement_timeout = '10min'"))
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table_schema=SCHEMA,
    include_schemas=True,
    include_name=lambda name, kind, _parents: kind != "schema" or name == SCHEMA,
)
context.run_migrations()
