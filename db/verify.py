"""Hold the live functions, triggers, views, row policies and grants against ``db/sql``.

The files are applied to a scratch schema inside a transaction that is rolled back, and both schemas are
described by the same catalogue queries; so no text of the server's version matters, and no live table is
locked for writing. Tables themselves are compared by Alembic.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection, text

from db import sql
from db.base import OWNER, SCHEMA

SCRATCH = "counter_scratch"

_DESCRIPTIONS = {
    "function": """
        SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
               pg_get_functiondef(p.oid) || ' owner ' || pg_get_userbyid(p.proowner) || ' grants '
                   || coalesce((SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(p.proacl) a), '')
          FROM pg_proc p WHERE p.pronamespace = CAST(:schema AS regnamespace)""",
    "trigger": """
        SELECT c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) || ' enabled ' || t.tgenabled::text
          FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
         WHERE c.relnamespace = CAST(:schema AS regnamespace) AND NOT t.tgisinternal""",
    "policy": """
        SELECT c.relname || '.' || p.polname,
               p.polcmd::text || p.polpermissive || coalesce(pg_get_expr(p.polqual, p.polrelid), '')
                   || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') || p.polroles::text
          FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
         WHERE c.relnamespace = CAST(:schema AS regnamespace)""",
    "grant": """
        SELECT c.relname, c.relrowsecurity || ' owner ' || pg_get_userbyid(c.relowner) || ' grants '
                   || coalesce((SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(c.relacl) a), '')
                   || coalesce((SELECT string_agg(a.attname || a.attacl::text, ' ' ORDER BY a.attname)
                                  FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL), '')
          FROM pg_class c
         WHERE c.relnamespace = CAST(:schema AS regnamespace) AND c.relkind IN ('r', 'v')
               AND c.relname <> 'alembic_version'""",
    "view": """
        SELECT c.relname, pg_get_viewdef(c.oid) FROM pg_class c
         WHERE c.relnamespace = CAST(:schema AS regnamespace) AND c.relkind = 'v'""",
    "schema": """
        SELECT 'schema', pg_get_userbyid(nspowner) || coalesce(
                   (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(nspacl) a), '')
          FROM pg_namespace WHERE nspname = :schema""",
}


def live_differences(connection: Connection) -> list[str]:
    """One line for each object that is missing, foreign or not as in ``db/sql``; empty when all is right.

    The connection must be able to become the owner. Leaves nothing behind.
    """
    live = describe(connection, SCHEMA)
    savepoint = connection.begin_nested()
    try:
        connection.execute(text(f"CREATE SCHEMA {SCRATCH} AUTHORIZATION {OWNER}"))
        connection.execute(text(f"SET LOCAL ROLE {OWNER}"))
        build_scratch(connection)
        wanted = describe(connection, SCRATCH)
    finally:
        savepoint.rollback()
    return [
        f"{kind} {name}: {_verdict(live.get((kind, name)), wanted.get((kind, name)))}"
        for kind, name in sorted(live.keys() | wanted.keys())
        if live.get((kind, name)) != wanted.get((kind, name))
    ]


def build_scratch(connection: Connection) -> None:
    """Tables of the live shape in a schema of their own, with ``db/sql`` applied to them."""
    tables = connection.execute(
        text(
            "SELECT relname FROM pg_class WHERE relnamespace = CAST(:schema AS regnamespace)"
            " AND relkind = 'r' AND relname <> 'alembic_version'"
        ),
        {"schema": SCHEMA},
    ).scalars()
    for table in tables.all():
        connection.execute(text(f'CREATE TABLE {SCRATCH}."{table}" (LIKE {SCHEMA}."{table}")'))
    sql.apply(connection, schema=SCRATCH)


def describe(connection: Connection, schema: str) -> dict[tuple[str, str], str]:
    """Every object of the schema by kind and name, with everything that matters about it."""
    connection.execute(text("SET LOCAL search_path = pg_catalog"))
    own_name = re.compile(rf"\b{schema}\b")
    return {
        (kind, own_name.sub("SCHEMA", str(row[0]))): own_name.sub("SCHEMA", str(row[1]))
        for kind, query in _DESCRIPTIONS.items()
        for row in connection.execute(text(query), {"schema": schema})
    }


def _verdict(live: str | None, wanted: str | None) -> str:
    if live is None:
        return "missing in the database"
    return "not in db/sql" if wanted is None else "differs from db/sql"
