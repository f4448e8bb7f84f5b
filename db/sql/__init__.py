"""Functions, triggers, row policies and grants, in files that are applied in order of their names.

Each file may be applied again at any time; ``db.verify`` holds the live objects against them.
"""

from __future__ import annotations

import re
from importlib.resources import files

from sqlalchemy import Connection


def scripts() -> list[tuple[str, str]]:
    """Every file with its text, in order."""
    found = (item for item in files(__name__).iterdir() if item.name.endswith(".sql"))
    return [(item.name, item.read_text("utf-8")) for item in sorted(found, key=lambda item: item.name)]


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
