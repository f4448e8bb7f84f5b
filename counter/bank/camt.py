"""ISO 20022 camt.052, camt.053 and camt.054 of every version, by the last part of the names.

An entry is an ``Ntry`` that stands in a statement, whatever its status; opening is OPBD, else PRCD; closing
is the last CLBD. Pages of one statement are one. The entries of a statement are in one currency, or the file
is refused. Entries are read and let go one by one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from counter.bank.camt_entry import (
    Tags,
    Transaction,
    amount_of,
    calendar_day,
    day_of,
    entry_of,
    refuse,
    transaction_of,
)
from counter.bank.safe_xml import Lines, encoding_of, growing, head_of
from counter.bank.source import Source
from counter.bank.spool import Collected, Spool
from counter.bank.statement import ADVICE, FINAL, INTERIM, Entry, Statement, StatementFile, UnreadableError

MESSAGES = {"BkToCstmrAcctRpt": "camt.052", "BkToCstmrStmt": "camt.053", "BkToCstmrDbtCdtNtfctn": "camt.054"}
STATEMENTS = {"Stmt": FINAL, "Rpt": INTERIM, "Ntfctn": ADVICE}
"""What a message is made of, and how much each is worth."""
LOOKS = re.compile(r"<(?:[\w.-]+:)?BkToCstmr(?:AcctRpt|Stmt|DbtCdtNtfctn)|:xsd:camt\.05[234]\.")
PAGINATION = ("StmtPgntn", "RptPgntn", "NtfctnPgntn")
"""Where a statement says which of its pages it is."""
IDLE_MAX_BYTES = 1 << 20
"""How much of the document may pass without an entry, a transaction or a statement ending."""
CHILDREN_MAX = 10_000
"""How many tags may stand in a statement, beside its entries, or in an entry, beside its transactions."""
DEPTH_MAX = 8
"""How deep below other elements a message may stand."""
VERSION = re.compile(r"V\d+\Z")

Balance = tuple[str, Decimal, str, date | None]
"""Kind, signed amount, currency, day."""


@dataclass(slots=True)
class Open:
    """The entries of a statement that has not ended."""

    entries: Collected
    line: int
    """Where the statement begins."""
    currencies: dict[str, int] = field(default_factory=dict)
    """Each with the line of its first entry."""
    undated: int = 0
    """The line of the first entry without a day; 0 without any."""

    def append(self, entry: Entry, currency: str) -> None:
        """One entry more."""
        self.entries.append(entry)
        if currency not in self.currencies:
            self.currencies[currency] = entry.line
        if entry.booked == date.min:
            self.undated = self.undated or entry.line


@dataclass(slots=True)
class Reading:
    """What of a file was read so far."""

    lines: Lines
    spool: Spool = field(default_factory=Spool)
    open: dict[Element, Open] = field(default_factory=dict)
    """The statement that has not ended, with its entries."""
    transactions: list[Transaction] = field(default_factory=list)
    """Those of the entry that has not ended."""
    tags: dict[str, Tags] = field(default_factory=dict)
    format: str = ""
    whole: list[Statement] = field(default_factory=list)
    page: int = 0
    """Of the statement before."""
    taken: int = 0
    """How many transactions, entries and statements were taken out of the document."""

    def names(self, node: Element) -> tuple[str, Tags]:
        """The local name of an element, and the names of its namespace."""
        prefix, mark, name = node.tag.rpartition("}")
        tags = self.tags.get(prefix)
        if tags is None:
            tags = self.tags[prefix] = Tags(prefix + mark)
        return name, tags


def fits(data: bytes, text: str | None = None) -> bool:
    """Whether the first tags are those of such a message."""
    return LOOKS.search(text[:4096] if text is not None else head_of(data)) is not None


def read(data: bytes, text: str | None = None, encoding: str = "") -> StatementFile:
    """Every statement of the message; raises UnreadableError. The XML itself says its encoding."""
    del text, encoding
    return read_source(Source(data))


def read_source(source: Source, encoding: str = "") -> StatementFile:
    """The same of a file that may be large."""
    encoding = encoding_of(source.data)
    reading = Reading(Lines.of("Ntry", "Bal", *STATEMENTS))
    taken, at = 0, 0
    for root, whole in growing(source, encoding, reading.lines):
        take(reading, root, whole=whole)
        if reading.taken > taken:
            taken, at = reading.taken, reading.lines.fed
        elif reading.lines.fed - at > IDLE_MAX_BYTES:
            refuse("Tags are opened, or a text goes on, without an end.", reading.lines.last, "endless")
    if not reading.format:
        raise UnreadableError("The XML holds no camt.052, camt.053 or camt.054 message.", 1, "message")
    for name in ("Ntry", *STATEMENTS):
        if reading.lines.found[name]:
            refuse(f"{name} stands where it does not belong.", reading.lines.next(name), "outside")
    return StatementFile(reading.format, encoding, tuple(reading.whole))


def take(reading: Reading, node: Element, *, whole: bool, depth: int = 0) -> None:
    """What is complete below an element that is round the messages, or is one; the rest waits for more."""
    name, _ = reading.names(node)
    format_ = MESSAGES.get(VERSION.sub("", name), "")
    reading.format = reading.format or format_
    last = None if whole or not len(node) else node[-1]
    for child in node[:]:
        complete = child is not last
        if format_ and reading.names(child)[0] in STATEMENTS:
            take_statement(reading, child, whole=complete)
        elif depth < DEPTH_MAX:
            take(reading, child, whole=complete, depth=depth + 1)
    node[:] = [] if last is None else [last]


def take_statement(reading: Reading, node: Element, *, whole: bool) -> None:
    """The entries of a statement that have ended, and itself if it has."""
    entries = reading.open.get(node)
    if entries is None:
        entries = reading.open[node] = Open(
            Collected(reading.spool), reading.lines.next(reading.names(node)[0])
        )
    tags = reading.names(node)[1]
    waiting = [] if whole or not len(node) else [node[-1]]
    kept = []
    for child in node[: len(node) - len(waiting)]:
        if child.tag == tags["Ntry"]:
            take_entry(reading, child, tags, entries)
        else:
            kept.append(child)
    node[:] = kept + waiting
    refuse_heap(reading, node)
    for child in waiting:
        take_batch(reading, child, tags)
    if whole:
        take_page(reading, statement_of(node, tags, reading, reading.open.pop(node)), page_of(node, tags))
        reading.taken += 1


def page_of(node: Element, tags: Tags) -> int:
    """The number of the page that a statement is; 0 when it is not in pages."""
    number = next((said for name in PAGINATION if (said := tags.text(node, name, "PgNb"))), "")
    return int(number[:9]) if number.isascii() and number.isdigit() else 0


def take_page(reading: Reading, found: Statement, page: int) -> None:
    """A statement that has ended; the next page of the one before goes on with it."""
    before = reading.whole[-1] if reading.whole else None
    follows = page == reading.page + 1 and before is not None and not before.complete
    if before is not None and follows and before.account == found.account:
        entries = Collected(reading.spool)
        entries.extend(before.entries)
        entries.extend(found.entries)
        reading.whole[-1] = replace(
            before,
            closing=found.closing,
            closing_date=found.closing_date,
            entries=entries.finished(),
            complete=found.complete,
        )
    else:
        reading.whole.append(found)
    reading.page = page


def take_entry(reading: Reading, node: Element, tags: Tags, entries: Open) -> None:
    """An entry, with the transactions that were taken out of it before it ended."""
    inside = [*reading.transactions, *(transaction_of(each, tags) for each in node.iter(tags["TxDtls"]))]
    entries.append(*entry_of(node, tags, reading.lines.next("Ntry"), inside))
    reading.transactions.clear()
    reading.taken += 1


def take_batch(reading: Reading, node: Element, tags: Tags) -> None:
    """Of a batch that has not ended the transactions that have."""
    if node.tag != tags["Ntry"]:
        return
    refuse_heap(reading, node)
    for details in node.findall(tags["NtryDtls"]):
        ended = [child for child in details[:-1] if child.tag == tags["TxDtls"]]
        reading.transactions += [transaction_of(child, tags) for child in ended]
        reading.taken += len(ended)
        details[:-1] = []


def refuse_heap(reading: Reading, node: Element) -> None:
    """What piles up in one element is none of a bank's; raises UnreadableError."""
    if len(node) > CHILDREN_MAX:
        refuse("Tags pile up that belong to no entry.", reading.lines.last, "endless")


def statement_of(node: Element, tags: Tags, reading: Reading, entries: Open) -> Statement:
    """A statement with the entries that stood in it."""
    balances = [balance_of(each, tags, reading.lines.next("Bal")) for each in node.findall(tags["Bal"])]
    opening = next((each for kind in ("OPBD", "PRCD") for each in balances if each[0] == kind), None)
    closing = next((each for each in reversed(balances) if each[0] == "CLBD"), None)
    refuse_two_currencies(entries.currencies)
    currencies = [tags.text(node, "Acct", "Ccy"), *(each[2] for each in balances), *entries.currencies]
    last = closing[3] if closing else period(node, tags, "To")
    day = last or day_of(tags, node, entries.line, "CreDtTm")
    return Statement(
        account=account_of(node, tags),
        currency=next((each for each in currencies if each), ""),
        opening=opening[1] if opening else None,
        closing=closing[1] if closing else None,
        opening_date=opening[3] if opening else period(node, tags, "Fr"),
        closing_date=last,
        entries=dated(entries, day),
        kind=STATEMENTS[tags.local(node)],
        number=number_of(node, tags),
        complete=all(tags.text(node, name, "LastPgInd") not in {"false", "0"} for name in PAGINATION),
    )


def refuse_two_currencies(currencies: dict[str, int]) -> None:
    """Amounts in two currencies have no sum; raises UnreadableError."""
    if len(currencies) > 1:
        line = list(currencies.values())[1]
        refuse("One statement has entries in " + " and ".join(sorted(currencies)) + ".", line, "currencies")


def account_of(node: Element, tags: Tags) -> str:
    """IBAN, or the number by another scheme, or of the first version's own; empty without any."""
    paths = (("IBAN",), ("Othr", "Id"), ("PrtryAcct", "Id"), ("BBAN",))
    found = (tags.text(node, "Acct", "Id", *path) for path in paths)
    return next((each for each in found if each), "")


def number_of(node: Element, tags: Tags) -> str:
    """The running number that the bank gives its statements, else the name of this one."""
    found = (tags.text(node, name) for name in ("ElctrncSeqNb", "LglSeqNb", "Id"))
    return next((each for each in found if each), "")


def balance_of(node: Element, tags: Tags, line: int) -> Balance:
    """Kind, signed amount, currency and day. Without an indicator the amount's own sign counts."""
    kind = tags.text(node, "Tp", "CdOrPrtry", "Cd") or tags.text(node, "Tp", "Cd")
    amount, currency = amount_of(node, tags, line)
    sign = tags.text(node, "CdtDbtInd")
    if sign not in {"", "CRDT", "DBIT"} or (sign and amount < 0):
        refuse(f"A balance of {amount:f} is marked {sign}.", line, "balance")
    return kind, -amount if sign == "DBIT" else amount, currency, day_of(tags, node, line, "Dt")


def period(node: Element, tags: Tags, end: str) -> date | None:
    """The first or last day of the time that a statement is about."""
    span = tags.child(node, "FrToDt")
    for name in (f"{end}Dt", f"{end}DtTm"):
        if span is not None and (text := tags.text(span, name)):
            return calendar_day(text[:10])
    return None


def dated(entries: Open, day: date | None) -> Sequence[Entry]:
    """The entries; one without a day of its own has the statement's, or the file is refused."""
    if not entries.undated:
        return entries.entries.finished()
    if day is None:
        refuse("An entry has no date.", entries.undated, "undated")
    return entries.entries.finished(
        lambda entry: entry if entry.booked != date.min else replace(entry, booked=day)
    )
