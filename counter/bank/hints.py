"""What to do about a file that cannot be read, in the language of the program."""

from __future__ import annotations

from counter.i18n import _


def hint_of(code: str) -> str:
    """What to do, in the language of the program."""
    hints = {
        "empty": _("Export the statement again; there is nothing in this file."),
        "binary": _("Choose the file that the bank calls a statement."),
        "zip": _("Unpack it first and choose the file inside."),
        "password": _("Open it, save it without a password, and choose that file."),
        "size": _("Export fewer days at once."),
        "truncated": _("Export or download it again, to the end."),
        "encoding": _("Export it again as UTF-8 or GB18030."),
        "entities": _("Do not import it; ask who sent it."),
        "nothing": _("Nothing to take over; choose the file of the days that have movements."),
        "bomb": _("Do not import it; ask who sent it."),
        "xlsb": _("Save it as xlsx or CSV, and choose that file."),
        "workbook": _("Open it in Excel, save it as xlsx, and choose that file."),
        "settlement": _("Choose it where settlement files of card terminals are taken over."),
        "heading": _("Export it with its column headings; what is not known needs a profile."),
        "web": _("Save it as xlsx or CSV, and choose that file."),
        "amount": _("Ask for the file again; nothing of it was taken."),
        "settled": _("Export one settlement day at a time."),
        "net": _("Ask the acquirer for the file again; net is not amount less fee."),
        "total": _("Export it again; the totals in it are not the sum of its lines."),
        "kind": _("Ask the acquirer what this line is; nothing of the file was taken."),
        "state": _("Export settled transactions alone."),
        "unknown": _("Export it as camt, MT940, OFX, CSV or Excel."),
        "missing": _("Check name and permission of the file."),
        "fault": _("Report this file; nothing of it was taken."),
    }
    return hints.get(code, _("Export it again; if it stays like this, ask the bank."))
