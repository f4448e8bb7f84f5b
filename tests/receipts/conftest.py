"""The font of the receipts, a way to put a document on paper, and a private print server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from receipts.document import ReceiptDocument
from receipts.fonts import Font, load_font
from receipts.pdf import render_pdf
from tests.receipts.cups import PrintServer, print_server

Put = Callable[[ReceiptDocument], Path]


@pytest.fixture(scope="session")
def font() -> Font:
    """The font that the desks use; the suite is not run without it."""
    loaded = load_font()
    assert not loaded.fallback, "the Debian package fonts-lxgw-wenkai is missing"
    return loaded


@pytest.fixture
def put(font: Font, tmp_path: Path) -> Put:
    """Write a document's PDF to a file."""

    def write(document: ReceiptDocument) -> Path:
        path = tmp_path / f"{document.receipt_no}.pdf"
        path.write_bytes(render_pdf(document, font=font))
        return path

    return write


@pytest.fixture(scope="session")
def cups() -> Iterator[PrintServer]:
    """A CUPS scheduler of our own with a printer that keeps what it gets."""
    with print_server() as server:
        yield server
