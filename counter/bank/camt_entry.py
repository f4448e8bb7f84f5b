"""One entry of a camt message, with the transactions of its batch.

A transaction is boiled down to its texts as soon as it ends, so that a batch of many fills no memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NoReturn
from xml.etree.ElementTree import Element

from counter.bank.statement import BOOKED, FUTURE, INFORMATION, PENDING, Entry, UnreadableError

AMOUNT = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,8})?|\.\d{1,8})", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
STATUS = {"BOOK": BOOKED, "PDNG": PENDING, "FUTR": FUTURE, "INFO": INFORMATION}
"""By the bank's code. An entry of another code is not known to be booked, so it is information."""
REMITTANCE = ("Ustrd", "Ref", "CdtrRef", "Nb", "AddtlRmtInf")

Party = tuple[str, str]
"""Name and account of one side."""
NOBODY: Party = ("", "")


class Tags(dict[str, str]):
    """The full names of one namespace, whatever version it is of, by the names of the standard."""

    def __init__(self, prefix: str) -> None:
        """``prefix`` is the namespace in braces; empty without one."""
        super().__init__()
        self.prefix = prefix
        self.remittance = frozenset(prefix + name for name in REMITTANCE)

    def __missing__(self, name: str) -> str:
        """The full name, made once."""
        full = self[name] = self.prefix + name
        return full

    def local(self, node: Element) -> str:
        """The name of an element without its namespace."""
        return node.tag.removeprefix(self.prefix)

    def child(self, node: Element | None, *names: str) -> Element | None:
        """The element at the end of a path of first children; None where it stops."""
        for name in names:
            if node is None:
                return None
            node = node.find(self[name])
        return node

    def text(self, node: Element | None, *names: str) -> str:
        """The text at the end of a path, trimmed; empty where there is none."""
        found = self.child(node, *names)
        return (found.text or "").strip() if found is not None else ""


@dataclass(frozen=True, slots=True)
class Transaction:
    """What an entry may need of one of its TxDtls; amount, currency and sign as they are written."""

    amount: str | None
    """None where the amount is not said."""
    currency: str
    sign: str
    text: str
    reference: str
    debtor: Party
    creditor: Party
    returned: bool


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

    def party(self, transaction: Transaction) -> Party:
        """The other side: the payer of money in, the payee of money out.

        A reversal keeps the roles of what it takes back, so they are the other way round.
        """
        return transaction.debtor if (self.sign == "CRDT") is not self.reversal else transaction.creditor


def refuse(reason: str, line: int, hint: str) -> NoReturn:
    """No rows come of this file."""
    raise UnreadableError(reason, line, hint)


def said(node: Element, name: str) -> str:
    """The text of the first child of a full name, trimmed; empty where there is none."""
    return (node.findtext(name) or "").strip()


def transaction_of(node: Element, tags: Tags) -> Transaction:
    """One transaction, as it ended."""
    amount = node.find(tags["Amt"])
    if amount is None and (details := node.find(tags["AmtDtls"])) is not None:
        amount = tags.child(details, "TxAmt", "Amt")
    related, references = node.find(tags["RltdPties"]), node.find(tags["Refs"])
    return Transaction(
        amount=None if amount is None else (amount.text or "").strip(),
        currency="" if amount is None else amount.get("Ccy", ""),
        sign=said(node, tags["CdtDbtInd"]),
        text=text_of(node, references, tags),
        reference="" if references is None else said(references, tags["AcctSvcrRef"]),
        debtor=NOBODY if related is None else party_of(related, tags, "Dbtr"),
        creditor=NOBODY if related is None else party_of(related, tags, "Cdtr"),
        returned=node.find(tags["RtrInf"]) is not None,
    )


def party_of(related: Element, tags: Tags, role: str) -> Party:
    """Name and account of the payer (Dbtr) or the payee (Cdtr), else of whom they act for."""
    name = named(related, tags, role) or named(related, tags, "Ultmt" + role)
    number = related.find(tags[role + "Acct"])
    if number is None or (number := number.find(tags["Id"])) is None:
        return name, ""
    return name, said(number, tags["IBAN"]) or tags.text(number, "Othr", "Id")


def named(related: Element, tags: Tags, role: str) -> str:
    """The name of one who has this role; later versions put it one level deeper."""
    person = related.find(tags[role])
    if person is None:
        return ""
    found = said(person, tags["Nm"])
    if found or (person := person.find(tags["Pty"])) is None:
        return found
    return said(person, tags["Nm"])


def text_of(node: Element, references: Element | None, tags: Tags) -> str:
    """What the payer wrote and the bank added, free and structured, and the end-to-end reference."""
    remittance, wanted = node.find(tags["RmtInf"]), tags.remittance
    words = (
        [each.text or "" for each in remittance.iter() if each.tag in wanted]
        if remittance is not None
        else []
    )
    reference = "" if references is None else said(references, tags["EndToEndId"])
    words += (said(node, tags["AddtlTxInf"]), "" if reference == "NOTPROVIDED" else reference)
    return " ".join(" ".join(words).split())


def entry_of(node: Element, tags: Tags, line: int, transactions: list[Transaction]) -> tuple[Entry, str]:
    """An entry with its batch, and its currency; raises UnreadableError when its amount is in doubt."""
    amount, currency = amount_of(node, tags, line)
    sign = sign_of(node, transactions, tags, amount, line)
    value_date = day_of(tags, node, line, "ValDt")
    frame = Frame(
        booked=day_of(tags, node, line, "BookgDt") or value_date or date.min,
        value_date=value_date,
        amount=-amount if sign == "DBIT" else amount,
        currency=currency,
        sign=sign,
        reversal=said(node, tags["RvslInd"]) in {"true", "1"},
        line=line,
        status=status_of(node, tags),
    )
    return whole_entry(node, tags, frame, transactions), currency


def status_of(node: Element, tags: Tags) -> str:
    """Whether it is booked: by the code, which older versions write without a tag of its own."""
    status = node.find(tags["Sts"])
    if status is None:
        return BOOKED
    return STATUS.get(said(status, tags["Cd"]) or (status.text or "").strip(), INFORMATION)


def sign_of(
    node: Element, transactions: Iterable[Transaction], tags: Tags, amount: Decimal, line: int
) -> str:
    """CRDT or DBIT: what the entry says, else what all its transactions say."""
    sign = said(node, tags["CdtDbtInd"])
    if not sign and len(signs := {each.sign for each in transactions}) == 1:
        sign = signs.pop()
    if sign not in {"CRDT", "DBIT"} or amount < 0:
        refuse(f"Nothing tells whether the amount {amount:f} came in or went out.", line, "direction")
    return sign


def whole_entry(node: Element, tags: Tags, frame: Frame, transactions: list[Transaction]) -> Entry:
    """One transaction is the entry itself; several are its parts, if they make its amount."""
    details = parts(frame, transactions) if len(transactions) > 1 else ()
    words = [said(node, tags["AddtlNtryInf"]), *(each.text for each in (() if details else transactions))]
    alone = transactions[0] if len(transactions) == 1 else None
    party, party_account = frame.party(alone) if alone else NOBODY
    return Entry(
        booked=frame.booked,
        amount=frame.amount,
        text=" ".join(dict.fromkeys(each for each in words if each)),
        reference=said(node, tags["AcctSvcrRef"]) or (alone.reference if alone else ""),
        value_date=frame.value_date,
        party=party,
        party_account=party_account,
        reversal=frame.reversal,
        line=frame.line,
        details=details,
        status=frame.status,
    )


def parts(frame: Frame, transactions: list[Transaction]) -> tuple[Entry, ...]:
    """The transactions of a batch; none when they do not make the amount of the entry to the fen."""
    found = [part(each, frame) for each in transactions]
    whole = [each for each in found if each is not None]
    if len(whole) < len(found) or sum(each.amount for each in whole) != frame.amount:
        return ()
    return tuple(whole)


def part(transaction: Transaction, frame: Frame) -> Entry | None:
    """One transaction of a batch; None when its amount in the entry's currency is not said."""
    if transaction.amount is None:
        return None
    amount = exactly(transaction.amount, frame.line)
    sign = transaction.sign or frame.sign
    if transaction.currency != frame.currency or sign not in {"CRDT", "DBIT"} or amount < 0:
        return None
    party, party_account = frame.party(transaction)
    return Entry(
        booked=frame.booked,
        amount=-amount if sign == "DBIT" else amount,
        text=transaction.text,
        reference=transaction.reference,
        value_date=frame.value_date,
        party=party,
        party_account=party_account,
        reversal=frame.reversal or transaction.returned,
        line=frame.line,
        status=frame.status,
    )


def amount_of(node: Element, tags: Tags, line: int) -> tuple[Decimal, str]:
    """The amount as it is written, and its currency; raises UnreadableError."""
    found = node.find(tags["Amt"])
    if found is None:
        refuse("An amount is missing.", line, "amount")
    return exactly((found.text or "").strip(), line), found.get("Ccy", "")


def exactly(text: str, line: int) -> Decimal:
    """An amount by a decimal point; raises UnreadableError."""
    if not AMOUNT.fullmatch(text):
        refuse(f"{text[:40]!r} is no amount.", line, "amount")
    return Decimal(text)


def day_of(tags: Tags, node: Element, line: int, name: str) -> date | None:
    """The day of an element with a date or a time in it, or as its own text; None if missing."""
    holder = node.find(tags[name])
    if holder is None:
        return None
    text = said(holder, tags["Dt"]) or said(holder, tags["DtTm"]) or (holder.text or "").strip()
    if not text:
        return None
    found = calendar_day(text[:10])
    if found is None:
        refuse(f"{text[:30]!r} is no date.", line, "date")
    return found


@lru_cache(maxsize=1024)
def calendar_day(text: str) -> date | None:
    """A day as ISO 8601 has it; None when no calendar has it."""
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None
