"""ISO 20022 camt.052, camt.053 and camt.054 of every version, by the last part of the names.

An entry is an ``Ntry`` that stands in a statement, whatever its status; opening is OPBD, else PRCD; closing
is the last CLBD. The entries of a statement are in one currency, or the file is refused. Entries are read and
let go one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from counter.bank.camt_entry import DAY, Tags, amount_of, day_of, entry_of, refuse
from counter.bank.safe_xml import elements, head_of, utf8_of
from counter.bank.statement import ADVICE, FINAL, INTERIM, Entry, Statement, StatementFile, UnreadableError

MESSAGES = {"BkToCstmrAcctRpt": "camt.052", "BkToCstmrStmt": "camt.053", "BkToCstmrDbtCdtNtfctn": "camt.054"}
STATEMENTS = {"Stmt": FINAL, "Rpt": INTERIM, "Ntfctn": ADVICE}
"""What a message is made of, and how much each is worth."""
LOOKS = re.compile(r"<(?:[\w.-]+:)?BkToCstmr(?:AcctRpt|Stmt|DbtCdtNtfctn)|:xsd:camt\.05[234]\.")
ENTRY_TAG = re.compile(rb"<(?:[\w.-]+:)?Ntry[\s/>]")
VERSION = re.compile(r"V\d+\Z")

Balance = tuple[str, Decimal, str, date | None]
"""Kind, signed amount, currency, day."""


@dataclass(slots=True)
class Reading:
    """What of a file was read so far; what no statement claims at the end refuses the file."""

    lines: Iterator[int]
    entries: dict[Element, tuple[Entry, str]] = field(default_factory=dict)
    statements: dict[Element, Statement] = field(default_factory=dict)
    format: str = ""
    whole: list[Statement] = field(default_factory=list)


def fits(data: bytes, text: str | None = None) -> bool:
    """Whether the first tags are those of such a message."""
    return LOOKS.search(text[:4096] if text is not None else head_of(data)) is not None


def read(data: bytes, text: str | None = None, encoding: str = "") -> StatementFile:
    """Every statement of the message; raises UnreadableError. The XML itself says its encoding."""
    del text
    payload, found = utf8_of(data)
    reading = Reading(entry_lines(payload))
    for node in elements(payload, wanted):
        take(reading, node)
    if not reading.format:
        raise UnreadableError("The XML holds no camt.052, camt.053 or camt.054 message.", 1, "unknown")
    if reading.entries or reading.statements:
        raise UnreadableError("Entries stand outside of any statement.", 0, "structure")
    return StatementFile(reading.format, found or encoding, tuple(reading.whole))


def entry_lines(payload: bytes) -> Iterator[int]:
    """The lines on which the entries begin, as they are asked for."""
    line, position = 1, 0
    for found in ENTRY_TAG.finditer(payload):
        line += payload.count(b"\n", position, found.start())
        position = found.start()
        yield line


def wanted(name: str) -> bool:
    """What is looked at when it ends; all else is looked at from there."""
    return name == "Ntry" or name in STATEMENTS or VERSION.sub("", name) in MESSAGES


def take(reading: Reading, node: Element) -> None:
    """One element that has ended: an entry, a statement, the message, or a part of one of them."""
    prefix, _, name = node.tag.rpartition("}")
    tags = Tags(prefix + "}" if prefix else "")
    if name == "Ntry":
        reading.entries[node] = entry_of(node, tags, next(reading.lines, 0))
        node.clear()
    elif name in STATEMENTS:
        entries = [reading.entries.pop(child) for child in node if child in reading.entries]
        reading.statements[node] = statement_of(node, tags, entries)
        node.clear()
    elif VERSION.sub("", name) in MESSAGES:
        reading.format = reading.format or MESSAGES[VERSION.sub("", name)]
        reading.whole += [reading.statements.pop(child) for child in node if child in reading.statements]
        node.clear()


def statement_of(node: Element, tags: Tags, found: list[tuple[Entry, str]]) -> Statement:
    """A statement with the entries that stand in it."""
    balances = [balance_of(each, tags) for each in node.findall(tags("Bal"))]
    opening = next((each for kind in ("OPBD", "PRCD") for each in balances if each[0] == kind), None)
    closing = next((each for each in reversed(balances) if each[0] == "CLBD"), None)
    money = {currency for _, currency in found}
    if len(money) > 1:
        refuse(
            "One statement has entries in " + " and ".join(sorted(money)) + ".", found[0][0].line, "currency"
        )
    currencies = [tags.text(node, "Acct", "Ccy"), *(each[2] for each in balances), *money]
    first = opening[3] if opening else period(node, tags, "Fr")
    last = closing[3] if closing else period(node, tags, "To")
    day = last or created(node, tags)
    return Statement(
        account=account_of(node, tags),
        currency=next((each for each in currencies if each), ""),
        opening=opening[1] if opening else None,
        closing=closing[1] if closing else None,
        opening_date=first,
        closing_date=last,
        entries=tuple(dated(entry, day) for entry, _ in found),
        kind=STATEMENTS[tags.local(node)],
        number=number_of(node, tags),
    )


def account_of(node: Element, tags: Tags) -> str:
    """IBAN, or the number by another scheme, or of the first version's own; empty without any."""
    paths = (("IBAN",), ("Othr", "Id"), ("PrtryAcct", "Id"), ("BBAN",))
    found = (tags.text(node, "Acct", "Id", *path) for path in paths)
    return next((each for each in found if each), "")


def number_of(node: Element, tags: Tags) -> str:
    """The running number that the bank gives its statements, else the name of this one."""
    found = (tags.text(node, name) for name in ("ElctrncSeqNb", "LglSeqNb", "Id"))
    return next((each for each in found if each), "")


def balance_of(node: Element, tags: Tags) -> Balance:
    """Kind, signed amount, currency and day. Without an indicator the amount's own sign counts."""
    kind = tags.text(node, "Tp", "CdOrPrtry", "Cd") or tags.text(node, "Tp", "Cd")
    amount, currency = amount_of(node, tags, 0)
    sign = tags.text(node, "CdtDbtInd")
    if sign not in {"", "CRDT", "DBIT"} or (sign and amount < 0):
        refuse(f"A balance of {amount:f} is marked {sign}.", 0, "balance")
    return kind, -amount if sign == "DBIT" else amount, currency, day_of(tags, node, 0, "Dt")


def period(node: Element, tags: Tags, end: str) -> date | None:
    """The first or last day of the time that a statement is about."""
    span = tags.child(node, "FrToDt")
    for name in (f"{end}Dt", f"{end}DtTm"):
        if span is not None and (text := tags.text(span, name)):
            return date.fromisoformat(text[:10]) if DAY.match(text) else None
    return None


def created(node: Element, tags: Tags) -> date | None:
    """The day on which the statement was made."""
    return day_of(tags, node, 0, "CreDtTm", bare=True)


def dated(entry: Entry, day: date | None) -> Entry:
    """An entry without a day of its own has the statement's; raises UnreadableError when that has none."""
    if entry.booked != date.min:
        return entry
    if day is None:
        refuse("An entry has no date.", entry.line, "date")
    return replace(entry, booked=day)
