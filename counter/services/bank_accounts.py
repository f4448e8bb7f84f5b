"""Which of our accounts a file means, however the bank writes the number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from counter.i18n import _
from counter.services.ports.bank_import import AccountKind, AccountNeeded, ImportFile, StatementAccount
from db.errors import refusal

CURRENCY_LETTERS = 3
DIGITS_SHOWN_LEAST = 4
"""A masked number has to show as many, or it could be anybody's."""


def ours(accounts: Sequence[StatementAccount], kind: AccountKind, written: str, request: ImportFile) -> str:
    """The number as we keep it; raises AccountNeeded when the file says none, Refusal for another's.

    What a person says counts only where the file says nothing, or says the same.
    """
    known = [account.bank_account_no for account in accounts if account.kind is kind]
    stated = request.bank_account_no.strip()
    if stated and stated not in known:
        raise refusal("CN114", {"bank_account_no": stated})
    if not plain(written):
        if stated:
            return stated
        raise AccountNeeded(
            _("The file does not say which account it is of."),
            _("Nothing of the file was taken over."),
            _("Choose the account, and check the name on the bank's paper."),
        )
    found = [number for number in known if means(written, number)]
    if len(found) != 1 or (stated and stated != found[0]):
        raise refusal("CN114", {"bank_account_no": written.strip()})
    return found[0]


def means(written: str, number: str) -> bool:
    """Whether a bank may write ``number`` like that: with blanks, a branch before it, its middle hidden."""
    return any(fits(form, plain(number)) for form in forms(written))


def forms(written: str) -> Iterator[str]:
    """The number alone, without a branch before a slash or a currency behind it."""
    for part in dict.fromkeys((written, written.rsplit("/", 1)[-1])):
        text = plain(part)
        yield text
        if len(text) > CURRENCY_LETTERS and text[-CURRENCY_LETTERS:].isalpha():
            yield text[:-CURRENCY_LETTERS]


def fits(form: str, number: str) -> bool:
    """Equal, where stars stand for anything."""
    if "*" not in form:
        return form == number
    shown = form.replace("*", "")
    pattern = "".join(".*" if letter == "*" else re.escape(letter) for letter in re.sub(r"\*+", "*", form))
    return len(shown) >= DIGITS_SHOWN_LEAST and re.fullmatch(pattern, number) is not None


def plain(written: Iterable[str]) -> str:
    """Letters, digits and stars alone, in capitals."""
    return "".join(letter for letter in written if letter.isalnum() or letter == "*").upper()
