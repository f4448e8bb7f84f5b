"""One entry of a camt message, with the transactions of its batch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NoReturn
from xml.etree.ElementTree import Element

from counter.bank.statement import BOOKED, FUTURE, INFORMATION, PENDING, Entry, UnreadableError

AMOUNT = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,8})?|\.\d{1,8})", re.ASCII)
"""No more digits than the sum of a hundred thousand of them keeps exactly."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
STATUS = {"BOOK": BOOKED, "PDNG": PENDING, "FUTR": FUTURE, "INFO": INFORMATION}
"""By the bank's code. An entry of another code is not known to be booked, so it is information."""
REMITTANCE = ("Ustrd", "Ref", "CdtrRef", "Nb", "AddtlRmtInf")


@dataclass(frozen=True, slots=True)
class Tags:
    """The names of one namespace, whatever version it is of."""

    prefix: str

    def __call__(self, name: str) -> str:
        """The full name."""
        return self.prefix + name

    def local(self, node: Element) -> str:
        """The name of an element without its namespace."""
        return node.tag.removeprefix(self.prefix)

    def child(self, node: Element | None, *names: str) -> Element | None:
        """The element at the end of a path of first children; None where it stops."""
        for name in names:
            if node is None:
                return None
            node = node.find(self.prefix + name)
        return node

    def text(self, node: Element | None, *names: str) -> str:
        """The text at the end of a path, trimmed; empty where there is none."""
        found = self.child(node, *names)
        return (found.text or "").strip() if found is not None else ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the parts of a batch take from their entry: its day, money, direction and line."""

    booked: date
    value_date: date | None
    amount: Decimal
    currency: str
    sign: str
    reversal: bool
    line: int
    status: str


def refuse(reason: str, line: int, hint: str = "structure") -> NoReturn:
    """No rows come of this file."""
    raise UnreadableError(reason, line, hint)


def entry_of(node: Element, tags: Tags, line: int) -> tuple[Entry, str]:
    """An entry with its batch, and its currency; raises UnreadableError when its amount is in doubt."""
    amount, currency = amount_of(node, tags, line)
    transactions = list(node.iter(tags("TxDtls")))
    sign = sign_of(node, transactions, tags, amount, line)
    value_date = day_of(tags, node, line, "ValDt")
    frame = Frame(
        booked=day_of(tags, node, line, "BookgDt") or value_date or date.min,
        value_date=value_date,
        amount=-amount if sign == "DBIT" else amount,
        currency=currency,
        sign=sign,
        reversal=tags.text(node, "RvslInd") in {"true", "1"},
        line=line,
        status=status_of(node, tags),
    )
    return whole_entry(node, tags, frame, transactions), currency


def status_of(node: Element, tags: Tags) -> str:
    """Whether it is booked: by the code, which older versions write without a tag of its own."""
    if tags.child(node, "Sts") is None:
        return BOOKED
    return STATUS.get(tags.text(node, "Sts", "Cd") or tags.text(node, "Sts"), INFORMATION)


def sign_of(node: Element, transactions: list[Element], tags: Tags, amount: Decimal, line: int) -> str:
    """CRDT or DBIT: what the entry says, else what all its transactions say."""
    said = {tags.text(node, "CdtDbtInd")} - {""} or {tags.text(each, "CdtDbtInd") for each in transactions}
    sign = said.pop() if len(said) == 1 else ""
    if sign not in {"CRDT", "DBIT"} or amount < 0:
        refuse(f"Nothing tells whether the amount {amount:f} came in or went out.", line, "amount")
    return sign


def whole_entry(node: Element, tags: Tags, frame: Frame, transactions: list[Element]) -> Entry:
    """One transaction is the entry itself; several are its parts, if they make its amount."""
    details = parts(tags, frame, transactions) if len(transactions) > 1 else ()
    about = [] if details else transactions
    said = [tags.text(node, "AddtlNtryInf"), *(text_of(each, tags) for each in about)]
    alone = transactions[0] if len(transactions) == 1 else None
    party, party_account = party_of(alone, tags, frame)
    return Entry(
        booked=frame.booked,
        amount=frame.amount,
        text=" ".join(dict.fromkeys(each for each in said if each)),
        reference=tags.text(node, "AcctSvcrRef") or tags.text(alone, "Refs", "AcctSvcrRef"),
        value_date=frame.value_date,
        party=party,
        party_account=party_account,
        reversal=frame.reversal,
        line=frame.line,
        details=details,
        status=frame.status,
    )


def parts(tags: Tags, frame: Frame, transactions: list[Element]) -> tuple[Entry, ...]:
    """The transactions of a batch; none when they do not make the amount of the entry to the fen."""
    found = [part(each, tags, frame) for each in transactions]
    whole = [each for each in found if each is not None]
    if len(whole) < len(found) or sum(each.amount for each in whole) != frame.amount:
        return ()
    return tuple(whole)


def part(node: Element, tags: Tags, frame: Frame) -> Entry | None:
    """One transaction of a batch; None when its amount in the entry's currency is not said."""
    holder = node if tags.child(node, "Amt") is not None else tags.child(node, "AmtDtls", "TxAmt")
    if holder is None or tags.child(holder, "Amt") is None:
        return None
    amount, currency = amount_of(holder, tags, frame.line)
    sign = tags.text(node, "CdtDbtInd") or frame.sign
    if currency != frame.currency or sign not in {"CRDT", "DBIT"} or amount < 0:
        return None
    party, party_account = party_of(node, tags, frame)
    return Entry(
        booked=frame.booked,
        amount=-amount if sign == "DBIT" else amount,
        text=text_of(node, tags),
        reference=tags.text(node, "Refs", "AcctSvcrRef"),
        value_date=frame.value_date,
        party=party,
        party_account=party_account,
        reversal=frame.reversal or tags.child(node, "RtrInf") is not None,
        line=frame.line,
        status=frame.status,
    )


def party_of(node: Element | None, tags: Tags, frame: Frame) -> tuple[str, str]:
    """Name and account of the other side: the payer of money in, the payee of money out.

    A reversal keeps the roles of what it takes back, so they are the other way round.
    """
    related = tags.child(node, "RltdPties")
    role = "Dbtr" if (frame.sign == "CRDT") is not frame.reversal else "Cdtr"
    paths = ((role, "Nm"), (role, "Pty", "Nm"), (f"Ultmt{role}", "Nm"), (f"Ultmt{role}", "Pty", "Nm"))
    names = (tags.text(related, *path) for path in paths)
    numbers = (tags.text(related, f"{role}Acct", "Id", *path) for path in (("IBAN",), ("Othr", "Id")))
    return next((each for each in names if each), ""), next((each for each in numbers if each), "")


def text_of(node: Element, tags: Tags) -> str:
    """What the payer wrote and the bank added, free and structured, and the end-to-end reference."""
    remittance = tags.child(node, "RmtInf")
    wanted = {tags(name) for name in REMITTANCE}
    written = (
        [each.text or "" for each in remittance.iter() if each.tag in wanted]
        if remittance is not None
        else []
    )
    reference = tags.text(node, "Refs", "EndToEndId")
    said = [*written, tags.text(node, "AddtlTxInf"), "" if reference == "NOTPROVIDED" else reference]
    return " ".join(" ".join(said).split())


def amount_of(node: Element, tags: Tags, line: int) -> tuple[Decimal, str]:
    """The amount as it is written, and its currency; raises UnreadableError."""
    found = tags.child(node, "Amt")
    text = (found.text or "").strip() if found is not None else ""
    if found is None or not AMOUNT.fullmatch(text):
        refuse(f"{text[:40]!r} is no amount.", line, "amount")
    return Decimal(text), found.get("Ccy", "")


def day_of(tags: Tags, node: Element, line: int, name: str, *, bare: bool = False) -> date | None:
    """The day of an element with a date or a time in it (``bare``: its own text); None if missing."""
    holder = tags.child(node, name)
    text = (
        tags.text(holder)
        if bare
        else tags.text(holder, "Dt") or tags.text(holder, "DtTm") or tags.text(holder)
    )
    if not text:
        return None
    try:
        return (
            date.fromisoformat(text[:10])
            if DAY.match(text)
            else refuse(f"{text[:30]!r} is no date.", line, "date")
        )
    except ValueError:
        refuse(f"{text[:30]!r} is no date.", line, "date")
