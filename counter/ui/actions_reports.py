"""The actions of reports: the way to them, and what is done with one. Part of ``counter.ui.actions``."""

from __future__ import annotations

from counter.i18n import N_
from counter.ui.action import Action, ActionGroup

_BANK = ActionGroup.BANK
REPORT = "report"
"""The context of the screen that shows a report."""

REPORT_ACTIONS = (
    Action("reports", "ctrl+f6", N_("Reports"), N_("Make a report of the hall's money."), _BANK, "reports"),
    Action(
        "report_print",
        "f6",
        N_("Print"),
        N_("Print this report and save it as PDF."),
        _BANK,
        "report_print",
        2,
        REPORT,
    ),
    Action("report_pdf", "f4", N_("PDF"), N_("Save this report as PDF."), _BANK, "report_pdf", 3, REPORT),
    Action("report_csv", "f7", N_("CSV"), N_("Save this report as CSV."), _BANK, "report_csv", 4, REPORT),
    Action(
        "report_xlsx",
        "f8",
        N_("Excel"),
        N_("Save this report as a workbook."),
        _BANK,
        "report_xlsx",
        5,
        REPORT,
    ),
)
