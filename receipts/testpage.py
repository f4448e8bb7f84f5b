"""The test page of a printer: rare characters, a ruler, and what is believed of the printer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from receipts.printers import PrinterSetup

RARE_CHARACTERS = "𬭎䶮𤋮㛃喆鱻"
"""Characters of real names that many fonts lack."""


@dataclass(frozen=True, slots=True)
class TestPage:
    """One test page; ``printer`` is None where nothing but the folder of files is set."""

    __test__ = False

    printed_at: datetime
    payee: str
    hall_name: str
    printer: PrinterSetup | None = None
    till_name: str = ""
    language: str = "zh_CN"

    @property
    def name(self) -> str:
        """What the file is called."""
        return f"test-{self.printed_at:%H%M%S}"
