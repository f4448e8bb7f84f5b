"""The clock of one test database in the tester's hand, so that a month goes by in a minute.

Every function and every default of the schema that asks the clock is made again with the same text but
another clock; nothing else of it changes, and its owner and grants stay.
"""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from tests.bureau import Bureau

_ZONE = ZoneInfo("Asia/Shanghai")
_ASKS = """
    SELECT pg_get_functiondef(p.oid) FROM pg_proc p
     WHERE p.pronamespace = 'counter'::regnamespace AND p.prosrc LIKE '%%clock_timestamp()%%'
"""
_STAMPED = """
    SELECT c.relname, a.attname FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum
     WHERE c.relnamespace = 'counter'::regnamespace
       AND pg_get_expr(d.adbin, d.adrelid) IN ('clock_timestamp()', 'now()')
"""
_OWN = """
    CREATE TABLE counter.test_clock (moment timestamptz NOT NULL);
    INSERT INTO counter.test_clock VALUES (now());
    GRANT SELECT ON counter.test_clock TO PUBLIC;
    CREATE FUNCTION counter.test_now() RETURNS timestamptz LANGUAGE sql STABLE
    AS $$ SELECT moment FROM counter.test_clock $$;
"""


def take_the_clock(bureau: Bureau) -> None:
    """From now on the database asks ``test_now`` what time it is."""
    with bureau.psql() as connection:
        connection.execute(_OWN)
        for (definition,) in connection.execute(_ASKS).fetchall():
            connection.execute(definition.replace("clock_timestamp()", "counter.test_now()"))
        for table, column in connection.execute(_STAMPED).fetchall():
            connection.execute(
                f"ALTER TABLE counter.{table} ALTER COLUMN {column} SET DEFAULT counter.test_now()"
            )


def set_clock(bureau: Bureau, day: date, hour: int) -> None:
    """It is the full ``hour`` of ``day`` in the halls."""
    moment = datetime.combine(day, time(hour), _ZONE)
    with bureau.psql() as connection:
        connection.execute("UPDATE counter.test_clock SET moment = %s", [moment])
