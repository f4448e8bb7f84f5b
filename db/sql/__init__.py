"""Functions, triggers, row policies and grants, in files that are applied in order of their names.

Each file may be applied again at any time; ``db.verify`` holds the live objects against them.
"""

from __future__ import annotations

import re
from importlib.resources import files

from sqlalchemy import Connection, text


def scripts() -> list[tuple[str, str]]:
    """Every file with its text, in order."""
    found = (item for item in files(__name__).iterdir() if item.name.endswith(".sql"))
    return [(item.name, item.read_text("utf-8")) for item in sorted(found, key=lambda item: item.name)]


_MADE_HERE = """
    SELECT format('DROP POLICY %I ON %s', p.polname, p.polrelid::regclass) FROM pg_policy p
      JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = CAST('counter' AS regnamespace)
    UNION ALL
    SELECT format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass) FROM pg_trigger t
      JOIN pg_class c ON c.oid = t.tgrelid
     WHERE c.relnamespace = CAST('counter' AS regnamespace) AND NOT t.tgisinternal
    UNION ALL
    SELECT format('DROP VIEW %s', c.oid::regclass) FROM pg_class c
     WHERE c.relnamespace = CAST('counter' AS regnamespace) AND c.relkind = 'v'
    UNION ALL
    SELECT 'DROP FUNCTION ' || string_agg(p.oid::regprocedure::text, ', ') FROM pg_proc p
     WHERE p.pronamespace = CAST('counter' AS regnamespace) HAVING count(*) > 0
    UNION ALL
    SELECT 'DROP TYPE ' || string_agg(c.oid::regclass::text, ', ') FROM pg_class c
     WHERE c.relnamespace = CAST('counter' AS regnamespace) AND c.relkind = 'c' HAVING count(*) > 0
"""


def renew(connection: Connection) -> None:
    """Drop all that these files ever made, and make it anew, in the caller's transaction.

    So a function may change what it takes and gives from one release to the next, and none is left behind.
    """
    for statement in connection.execute(text(_MADE_HERE)).scalars().all():
        connection.execute(text(statement))
    apply(connection)


def apply(connection: Connection, *, schema: str = "counter") -> None:
    """Apply every file in the caller's transaction; another ``schema`` serves the verification."""
    for _name, script in scripts():
        run_script(connection, in_schema(script, schema))


def in_schema(script: str, schema: str) -> str:
    """The same script for objects in ``schema``."""
    return re.sub(r"\bcounter\b", schema, script)


def run_script(connection: Connection, script: str) -> None:
    """Send a whole script in one simple query."""
    raw = connection.connection.driver_connection
    assert raw is not None, "a pooled connection has a driver connection"
    with raw.cursor() as cursor:
        cursor.execute(script)
