"""The clock of one test database in the tester's hand: days go by at once."""

from __future__ import annotations

from tests.bureau import Bureau

_ASKS = """
    SELECT pg_get_functiondef(p.oid) FROM pg_proc p
     WHERE p.pronamespace = 'counter'::regnamespace AND p.prosrc LIKE '%clock_timestamp()%'
"""


def take_clock(bureau: Bureau, day: str) -> None:
    """From now on it is noon of ``day`` in the halls, until the clock is turned."""
    with bureau.psql() as connection:
        connection.execute("CREATE TABLE counter.test_clock AS SELECT now() AS moment")
        connection.execute("GRANT SELECT ON counter.test_clock TO PUBLIC")
        connection.execute(
            "CREATE FUNCTION counter.test_now() RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER"
            " AS 'SELECT moment FROM counter.test_clock'"
        )
        for (definition,) in connection.execute(_ASKS).fetchall():
            connection.execute(definition.replace("clock_timestamp()", "counter.test_now()"))
    turn_to(bureau, day)


def turn_to(bureau: Bureau, day: str) -> None:
    """It is noon of ``day``."""
    with bureau.psql() as connection:
        connection.execute("UPDATE counter.test_clock SET moment = %s", [f"{day} 12:00+08"])
