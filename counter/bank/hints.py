"""What to do about a file that cannot be read, in the language of the program."""

from __future__ import annotations

from counter.bank.statement import UnreadableError
from counter.i18n import _


def hint_of(code: str) -> str:
    """What to do about an error of this kind."""
    return hints().get(code) or _("Export it again; if it stays like this, ask the bank.")


def hints() -> dict[str, str]:
    """By the code of the error; each kind has advice of its own."""
    return {
        "empty": _("Export the statement again; there is nothing in this file."),
        "binary": _("Choose the file that the bank calls a statement."),
        "zip": _("Unpack it first and choose the file inside."),
        "password": _("Open it, save it without a password, and choose that file."),
        "size": _("Export fewer days at once."),
        "truncated": _("Export or download it again, to the end."),
        "unfinished": _("Compare the last entry with the bank's own list, and download the file again."),
        "changed": _("Wait until it is written or copied, and choose it again."),
        "encoding": _("Export it again as UTF-8 or GB18030."),
        "entities": _("Do not import it; ask who sent it."),
        "endless": _("It may be damaged or not from a bank; download it again from the bank itself."),
        "xml": _("Do not edit the file; download it again and choose it as it comes."),
        "message": _("Ask the bank for camt.053; this is another message."),
        "outside": _("Ask the bank to look at its file; an entry belongs to no account."),
        "nesting": _("Download it again; an end in it has no begin."),
        "order": _("Ask the bank to look at its file; entries follow the closing balance."),
        "entry": _(
            "Compare that line with the bank's own list, and send the file to whoever keeps this program."
        ),
        "amount": _("Look at the amount on that line, and ask the bank for the file again."),
        "ambiguous": _("Ask the bank to write amounts with two decimals and without thousands marks."),
        "direction": _("Ask the bank to say for each entry whether money came in or went out."),
        "twice": _("Ask the bank which of the two counts; nothing of the file was taken."),
        "balance": _("Look at the balance on that line, and ask the bank for the file again."),
        "currency": _("Export one currency at a time."),
        "currencies": _("Ask the bank for one statement for each currency."),
        "date": _("Look at the date on that line; no calendar has it."),
        "undated": _("Ask the bank for booking dates; an entry has none."),
        "future": _("Look whether the date of this computer is right; if it is, ask the bank."),
        "replacement": _("Take the entry and its correction over by hand, or ask for the file as booked."),
        "nothing": _("Nothing to take over; choose the file of the days that have movements."),
        "bomb": _("Do not open it either; it unpacks into more than any statement has."),
        "quote": _("Look for a quotation mark on that line that has no second one."),
        "row": _("Export it again; that line has other columns than its heading."),
        "xlsb": _("Save it as xlsx or CSV, and choose that file."),
        "workbook": _("Open it in Excel, save it as xlsx, and choose that file."),
        "settlement": _("Choose it where settlement files of card terminals are taken over."),
        "heading": _("Export it with its column headings; what is not known needs a profile."),
        "web": _(
            "It is a web page that calls itself a workbook: open it, save it as xlsx, and choose that file."
        ),
        "accounts": _("Export each account by itself."),
        "settled": _("Export one settlement day at a time."),
        "net": _("Ask the acquirer for the file again; net is not amount less fee."),
        "total": _("Export it again; the totals in it are not the sum of its lines."),
        "kind": _("Ask the acquirer what this line is; nothing of the file was taken."),
        "state": _("Export settled transactions alone."),
        "unknown": _("Export it as camt, MT940, OFX, CSV or Excel."),
        "missing": _("Check name and permission of the file."),
        "fault": _("Report this file; nothing of it was taken."),
    }


def title_of(error: UnreadableError) -> str:
    """What is wrong, in the language of the program; its own words where they are all there is."""
    return titles().get(error.hint) or error.reason


def titles() -> dict[str, str]:
    """By the code of the error, a sentence for the screen; the line stands beside it."""
    return {
        "empty": _("The file is empty."),
        "binary": _("The file is no text and no workbook."),
        "zip": _("The file is an archive."),
        "password": _("The file is protected by a password."),
        "size": _("The file is too large."),
        "truncated": _("The file ends before its time."),
        "unfinished": _("The end of the statement is missing."),
        "changed": _("The file changed while it was read."),
        "encoding": _("The text is not in the encoding that it seems to be in."),
        "entities": _("The file has a document type or entities of its own, as no bank sends."),
        "endless": _("Something in the file goes on without an end."),
        "xml": _("The file is not sound XML."),
        "message": _("The XML is no bank statement."),
        "outside": _("An entry stands outside of any statement."),
        "nesting": _("Something ends here without having begun."),
        "order": _("An entry stands after the closing balance."),
        "entry": _("The entry cannot be read."),
        "amount": _("The amount cannot be read."),
        "ambiguous": _("The amount can be read in two ways."),
        "direction": _("Nothing tells whether money came in or went out."),
        "twice": _("An entry has two amounts."),
        "balance": _("The balance cannot be read."),
        "currency": _("The currencies in the file do not fit together."),
        "currencies": _("One statement is in two currencies."),
        "date": _("The date cannot be read."),
        "undated": _("An entry has no date."),
        "future": _("The file is of a day that has not come."),
        "replacement": _("An entry replaces another one."),
        "nothing": _("There is no statement in the file."),
        "bomb": _("The file unpacks into too much."),
        "quote": _("A quotation mark is never closed."),
        "row": _("A row has other columns than the heading."),
        "unknown": _("The file is text, but of no known format."),
        "missing": _("The file cannot be opened."),
        "settlement": _("The file is a settlement of card terminals."),
        "heading": _("No headings that are known."),
        "workbook": _("The workbook cannot be read."),
        "accounts": _("The file is of several accounts that cannot be told apart."),
        "kind": _("A line is of a kind that is not known."),
        "net": _("Net is not amount less fee."),
        "settled": _("The file has more than one settlement day."),
        "state": _("A transaction is not settled."),
        "total": _("A total is not the sum of its lines."),
        "web": _("The file is a web page that cannot be read as a table."),
        "xlsb": _("Binary workbooks are not read."),
    }
