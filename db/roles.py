"""Roles of the cluster: the owner, one group role for each duty, one login role for each member of staff.

Roles belong to the whole cluster, so creating them is safe to repeat. A password never reaches the
server or its log in clear: it is turned into a SCRAM verifier here.
"""

from __future__ import annotations

from typing import Final

from psycopg import sql
from sqlalchemy import Connection, text

from db.base import OWNER

DUTIES: Final = ("clerk", "cashier", "supervisor", "auditor", "admin", "service")


def group_role(duty: str) -> str:
    """The group role of a duty."""
    return f"counter_{duty}"


def ensure_group_roles(connection: Connection) -> None:
    """Create the owner and the group roles where they are missing; needs CREATEROLE.

    Two programs may set up two databases of one cluster at once, so the losing one accepts the winner's.
    """
    for role in (OWNER, *map(group_role, DUTIES)):
        connection.execute(
            text(
                f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN"
                f" CREATE ROLE {role} NOLOGIN; END IF;"
                " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            )
        )
    connection.execute(
        text(
            f"DO $$ BEGIN IF NOT pg_has_role(current_user, '{OWNER}',"
            " CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)"
            f" THEN EXECUTE format('GRANT {OWNER} TO %I', current_user); END IF; END $$"
        )
    )


def set_login(connection: Connection, staff_no: str, password: str, duty: str) -> None:
    """Create or renew a login role with one group role; needs CREATEROLE."""
    raw = connection.connection.driver_connection
    assert raw is not None, "a pooled connection has a driver connection"
    verifier = raw.pgconn.encrypt_password(password.encode(), staff_no.encode(), b"scram-sha-256").decode()
    name = sql.Identifier(staff_no)
    exists = connection.execute(
        text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": staff_no}
    ).scalar()
    verb = sql.SQL("ALTER ROLE {}" if exists else "CREATE ROLE {}").format(name)
    options = sql.SQL(" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD {}")
    with raw.cursor() as cursor:
        cursor.execute(verb + options.format(sql.Literal(verifier)))
        for other in DUTIES:
            clause = "GRANT {} TO {}" if other == duty else "REVOKE {} FROM {}"
            cursor.execute(sql.SQL(clause).format(sql.Identifier(group_role(other)), name))


def lock_login(connection: Connection, staff_no: str) -> None:
    """Let nobody sign in as this member of staff any more."""
    raw = connection.connection.driver_connection
    assert raw is not None, "a pooled connection has a driver connection"
    with raw.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(staff_no)))
