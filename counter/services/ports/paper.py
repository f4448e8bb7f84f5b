"""What the screens may ask about paper that is no receipt: where it went."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PaperOutcome:
    """Where a report, a slip or a test page went; ``error`` is empty when it worked.

    ``name`` is the paper's own number. ``printer`` is empty where there is none and the file is all.
    """

    name: str
    pdf_path: Path | None
    printer: str
    error: str = ""
    fallback_font: bool = False


class Papers(Protocol):
    """The paper of a desk. Blocks; raises Fault when the printer cannot be looked up."""

    def print_test_page(self, printer_name: str = "") -> PaperOutcome:
        """Print the test page on the desk's printer, or on the one of this name."""
        ...
