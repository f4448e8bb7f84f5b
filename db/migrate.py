"""Bring a database to the current schema, and say whether it is there.

Under one advisory lock two transactions: roles and migrations, then ``db/sql``. Two, because a new word of
an enum may not be used in the transaction that adds it, and the functions use it. A database that is being
upgraded by another program is waited for. Each transaction leaves nothing behind when it fails, and the next
upgrade goes on from there.
"""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

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
        with connection.begin():
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": UPGRADE_LOCK})
        try:
            with connection.begin():
                migrate(connection)
            with connection.begin():
                connection.execute(text(f"SET LOCAL ROLE {OWNER}"))
                sql.renew(connection)
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
