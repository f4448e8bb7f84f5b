"""The reports of a hall: what was taken, what is on its way, what the bank and the acquirer say.

Every report is one ``counter.domain.tabular.Report``, whichever way it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from counter.domain.tabular import Report
from counter.services.ports.paper import PaperOutcome


class ReportKind(StrEnum):
    """Which report."""

    RECONCILIATION = "reconciliation"
    """银行存款余额调节表: the statement's balance against the books'."""
    TAKINGS = "takings"
    DEPOSITS = "deposits"
    POS = "pos"
    UNIDENTIFIED = "unidentified"
    BREAKS = "breaks"
    DAY = "day"
    VOUCHERS = "vouchers"


class FileForm(StrEnum):
    """As what a report is saved."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class AskReport:
    """Which report of which days, both included. ``bank_account_no`` is for the reconciliation alone."""

    kind: ReportKind
    since: date
    until: date
    bank_account_no: str = ""


class Reports(Protocol):
    """Reports of the own hall; of all halls for those who may see them."""

    def make(self, ask: AskReport) -> Report:
        """Compute it from the ledger as it stands; raises Refusal for days that make no sense."""
        ...

    def save(self, report: Report, form: FileForm) -> Path:
        """Write it into the desk's folder of reports, whole; raises Fault when it cannot be written."""
        ...

    def print(self, report: Report) -> PaperOutcome:
        """Save it as PDF and print it on the desk's printer; raises Fault."""
        ...
