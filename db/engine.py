"""Connections: the address of the server, the engine of one sign-in, and the one prepared round trip.

Signing in is connecting: every member of staff has an engine of their own, as their own login role.
Away from this machine TLS is verified in full unless the address says otherwise.
"""

from __future__ import annotations

from sqlalchemy import URL, Engine, create_engine, make_url

LOCAL_HOSTS = frozenset({"", "localhost", "127.0.0.1", "::1"})
CONNECT_TIMEOUT_S = 5


def address(url: str) -> URL:
    """Parse a database address and choose psycopg; raises ``sqlalchemy.exc.ArgumentError``."""
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    if not is_local(parsed) and "sslmode" not in parsed.query:
        parsed = parsed.set(query={"sslmode": "verify-full", "sslrootcert": "system", **parsed.query})
    return parsed


def is_local(url: URL) -> bool:
    """Whether every host of the address is this machine or a socket folder."""
    named = url.query.get("host", ())
    hosts = [url.host or "", *((named,) if isinstance(named, str) else named)]
    return all(host in LOCAL_HOSTS or host.startswith("/") for host in ",".join(hosts).split(","))


def as_login(url: str, login: str, password: str) -> URL:
    """The same server and database, signed in as ``login``."""
    return address(url).set(username=login, password=password)


def make_engine(url: URL | str, *, pool_size: int = 3) -> Engine:
    """An engine for one sign-in; idle connections are checked before use, so sleep does no harm."""
    return create_engine(
        address(url) if isinstance(url, str) else url,
        pool_size=pool_size,
        max_overflow=2,
        pool_pre_ping=True,
        pool_recycle=1800,
        pool_timeout=10,
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "application_name": "counter",
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 20_000,
        },
    )
