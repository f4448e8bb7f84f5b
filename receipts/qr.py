"""The QR code of a receipt: its number, its amount and the hash of its ledger entry.

Whoever doubts a paper scans it and asks the ledger. The text uses only characters of the QR
alphanumeric set, so that the code stays coarse enough for an office printer and an old phone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from counter.domain.money import format_yuan
from receipts.document import ReceiptDocument

QUIET_MODULES = 4
"""The white border that a reader needs, in modules (ISO/IEC 18004)."""
_PREFIX = "CR1"
_MASK = 3
"""Any mask can be read. A SHA-256 is as good as random under each, and trying all takes 6 ms."""


def qr_text(document: ReceiptDocument) -> str:
    """``CR1/number/amount in yuan/SHA-256 in capital hex``; the same on original and reprint."""
    amount = format_yuan(document.total_fen).replace(",", "")
    return f"{_PREFIX}/{document.receipt_no}/{amount}/{document.chain_hash.upper()}"


def qr_modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """The dark modules by row, with 15 % error correction."""
    code: Any = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.version = code.calculate_version()
    code.makeImpl(False, _MASK)
    side = range(code.getModuleCount())
    return tuple(tuple(bool(code.isDark(row, column)) for column in side) for row in side)


def dark_runs(modules: tuple[tuple[bool, ...], ...]) -> Iterator[tuple[int, int, int]]:
    """Row, first column and length of every dark stretch: fewer shapes than modules."""
    for row, line in enumerate(modules):
        start = None
        for column, dark in enumerate((*line, False)):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                yield row, start, column - start
                start = None
