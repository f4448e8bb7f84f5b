"""The sentence for each problem of a line, in the language of the screen."""

from __future__ import annotations

from collections.abc import Mapping

from counter.i18n import N_, _
from counter.services.imports.columns import ACCOUNT_COLUMNS, BILL_COLUMNS
from counter.services.imports.problems import Problem, Reason

_SENTENCES: Mapping[Reason, str] = {
    Reason.FIELD_COUNT: N_("the line has {found} fields, other than the headings"),
    Reason.OPEN_QUOTE: N_('a quotation mark (") is not closed on its line'),
    Reason.NUL_BYTE: N_("the line holds a NUL byte"),
    Reason.MISSING: N_("nothing stands there"),
    Reason.TOO_LONG: N_("“{found}” is too long"),
    Reason.BAD_ACCOUNT_NO: N_("“{found}” is not an account number of 10 to 12 digits"),
    Reason.BAD_METER_NO: N_("“{found}” is not a meter number of 12 digits"),
    Reason.BAD_PHONE: N_("“{found}” is not a phone number"),
    Reason.UNKNOWN_WORD: N_("“{found}” is not one of the words for this column"),
    Reason.UNKNOWN_HALL: N_("there is no hall “{found}”"),
    Reason.BAD_PERIOD: N_("“{found}” is not a month such as 2026-10"),
    Reason.BAD_PART: N_("“{found}” is not a number from 1 to 99"),
    Reason.BAD_KWH: N_("“{found}” is not a whole number of kWh"),
    Reason.BAD_DATE: N_("“{found}” is not a day such as 2026-10-25"),
    Reason.AMOUNT_NOT_A_NUMBER: N_("“{found}” is not an amount"),
    Reason.AMOUNT_NEGATIVE: N_("the amount “{found}” is negative"),
    Reason.AMOUNT_ZERO: N_("the amount is zero"),
    Reason.AMOUNT_TOO_LARGE: N_("the amount “{found}” is too large"),
    Reason.AMOUNT_TOO_MANY_DECIMALS: N_("the amount “{found}” has more than two decimals"),
    Reason.AMOUNT_BAD_GROUPING: N_("the commas of the amount “{found}” do not group thousands"),
    Reason.DUPLICATE_ACCOUNT: N_("account {found} stands in the file before"),
    Reason.UNKNOWN_ACCOUNT: N_("there is no account {found}; import the accounts first"),
    Reason.DUPLICATE_BILL: N_("the bill {found} stands in the file before, with other content"),
    Reason.BILLED_OTHERWISE: N_("this bill was imported before with other content: {found}"),
}

_HEADINGS = {column.name: column.headings[0] for column in (*ACCOUNT_COLUMNS, *BILL_COLUMNS)}


def describe(problem: Problem) -> str:
    """One line for a person: line number, column as the file has it, and what is wrong."""
    sentence = _(_SENTENCES[problem.reason]).format(found=problem.found)
    if not problem.column:
        return _("line {line}: {sentence}").format(line=problem.line_no, sentence=sentence)
    return _("line {line}, {column}: {sentence}").format(
        line=problem.line_no, column=_HEADINGS[problem.column], sentence=sentence
    )
