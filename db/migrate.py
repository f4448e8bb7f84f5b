"""Bring a database to the current schema, and say whether it is there.

Under one advisory lock two transactions: roles and migrations, then ``db/sql``. Two, because a new word of
an enum may not be used in the transaction that adds it, and the functions use it. A database that is being
upgraded by another program is waited for. Each transaction leaves nothing behind when it fails, and the next
upgrade goes on from there.
"""

from __future__ import annotations

import time

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.schema import CreateIndex

import db.models  # noqa: F401  (fills the metadata)
from db import sql
from db.base import OWNER, SCHEMA, metadata
from db.roles import ensure_group_roles
from db.verify import live_differences

UPGRADE_LOCK = 0x636F756E746572  # "counter" in ASCII


def config() -> Config:
    """Alembic's settings; there is no ini file, the script folder is the package ``migrations``."""
    settings = Config()
    settings.set_main_option("script_location", "migrations:")
    return settings


def upgrade(engine: Engine) -> None:
    """Create or bring forward the schema; safe to repeat and from two programs at once."""
    with engine.connect() as connection:
        wait_for_lock(connection)
        try:
            with connection.begin():
                migrate(connection)
            with connection.begin():
                connection.execute(text(f"SET LOCAL ROLE {OWNER}"))
                sql.renew(connection)
            build_later(connection)
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": UPGRADE_LOCK})
            connection.rollback()


def migrate(connection: Connection, revision: str = "head") -> None:
    """Roles and tables up to ``revision``, in the caller's transaction."""
    ensure_group_roles(connection)
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA} AUTHORIZATION {OWNER}"))
    connection.execute(text(f"SET LOCAL ROLE {OWNER}"))
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, revision)


def build_later(connection: Connection) -> None:
    """Build the indexes that would lock a table of years for too long, one by one and beside the desks' work.

    Outside any transaction, as PostgreSQL wants it. What a broken attempt left behind is built anew.
    """
    indexes = [index for table in metadata.tables.values() for index in table.indexes]
    with connection.begin():
        there = {str(row[0]): row[1] for row in connection.execute(text(_INDEXES), {"schema": SCHEMA})}
    connection.execution_options(isolation_level="AUTOCOMMIT")
    try:
        for index in indexes:
            if "built_later" in index.info and there.get(str(index.name)) is not True:
                connection.execute(text(f"SET ROLE {OWNER}"))
                connection.execute(text(f"DROP INDEX IF EXISTS {SCHEMA}.{index.name}"))
                made = str(CreateIndex(index).compile(connection))
                connection.execute(text(made.replace("CREATE INDEX", "CREATE INDEX CONCURRENTLY", 1)))
                connection.execute(text("RESET ROLE"))
    finally:
        connection.rollback()
        connection.execution_options(isolation_level=connection.default_isolation_level)


def wait_for_lock(connection: Connection) -> None:
    """Wait until no other program upgrades, without a transaction that an index would have to wait for."""
    while True:
        with connection.begin():
            query = text("SELECT pg_try_advisory_lock(:key)")
            if connection.execute(query, {"key": UPGRADE_LOCK}).scalar_one():
                return
        time.sleep(_LOCK_PAUSE_S)


_LOCK_PAUSE_S = 0.1
_INDEXES = (
    "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
    " WHERE c.relnamespace = CAST(:schema AS regnamespace)"
)
"""Every index of the schema, and whether it was built to its end."""


def is_current(connection: Connection) -> bool:
    """Whether the newest migration has been applied."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    return context(connection).get_current_revision() == head


def differences(engine: Engine) -> list[str]:
    """Everything in which the live schema differs from the models and from ``db/sql``; empty when right."""
    with engine.connect() as connection:
        if not is_current(connection):
            return ["the newest migration has not been applied: run counter db upgrade"]
        tables = [repr(item) for item in compare_metadata(context(connection), metadata)]
        return tables + live_differences(connection)


def context(connection: Connection) -> MigrationContext:
    """Alembic's view of the live schema, as narrow as the metadata."""
    return MigrationContext.configure(
        connection,
        opts={
            "version_table_schema": SCHEMA,
            "include_schemas": True,
            "include_name": only_own_schema,
            "target_metadata": metadata,
            "compare_type": True,
            "compare_server_default": False,
            "autogenerate_plugins": ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
        },
    )


def only_own_schema(name: str | None, kind: str, _parents: object) -> bool:
    """Look at nothing but our own schema."""
    return kind != "schema" or name == SCHEMA
