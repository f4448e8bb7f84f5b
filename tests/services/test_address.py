"""How an address is completed: TLS in full away from this machine, unless it says otherwise."""

from __future__ import annotations

import pytest

from db.engine import address


@pytest.mark.parametrize(
    ("given", "mode", "authority"),
    [
        ("postgresql://db.example/counter", "verify-full", "system"),
        ("postgresql://db.example/counter?sslrootcert=/ca.pem", "verify-full", "/ca.pem"),
        ("postgresql://db.example/counter?sslmode=require", "require", None),
        ("postgresql:///counter?host=one.example,two.example", "verify-full", "system"),
        ("postgresql:///counter?host=localhost,two.example", "verify-full", "system"),
        ("postgresql://localhost/counter", None, None),
        ("postgresql://127.0.0.1:5433/counter", None, None),
        ("postgresql:///counter?host=/run/postgresql", None, None),
    ],
)
def test_tls_is_verified_unless_the_address_says_otherwise(
    given: str, mode: str | None, authority: str | None
) -> None:
    query = address(given).query
    assert (query.get("sslmode"), query.get("sslrootcert")) == (mode, authority)
