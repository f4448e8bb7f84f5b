"""A vending server, and the desk's way to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from counter.services.token_vendor import VendingServer
from tests.tokens.hurried import hurried
from tests.tokens.vending_server import KEY, Vending, vending_server


@pytest.fixture
def vending() -> Iterator[Vending]:
    """The server."""
    with vending_server() as running:
        yield running


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """The desk's key."""
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n", "ascii")
    return path


@pytest.fixture
def vendor(vending: Vending, key_file: Path) -> VendingServer:
    """The desk's way to it."""
    return hurried(vending, key_file)
