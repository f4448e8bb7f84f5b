"""OFX 1 (SGML, with its header or without) and OFX 2 (XML), of banks, cards and the cash of brokers.

An aggregate that a statement is made of must be closed, or the file is cut off and refused; the leaves may be
closed or not. Amounts carry their own sign. Closing is LEDGERBAL; OFX knows no opening.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NoReturn

from counter.bank.statement import Entry, Statement, StatementFile, UnreadableError

LOOKS = re.compile(r"\A\s*(?:OFXHEADER\s*:|<OFX>)|<\?OFX\b|<OFX>", re.IGNORECASE)
TOKEN = re.compile(r"<(/?)([A-Za-z][\w.]*)(?:\s[^<>]*)?(/?)>(?:\s*<!\[CDATA\[(.*?)\]\]>|([^<]*))", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
STATEMENTS = frozenset({"STMTRS", "CCSTMTRS", "INVSTMTRS"})
ACCOUNTS = frozenset({"BANKACCTFROM", "CCACCTFROM", "INVACCTFROM"})
AGGREGATES = STATEMENTS | ACCOUNTS | {
    "OFX", "BANKMSGSRSV1", "CREDITCARDMSGSRSV1", "STMTTRNRS", "CCSTMTTRNRS", "BANKTRANLIST", "BANKTRANLISTP",
    "STMTTRN", "STMTTRNP", "LEDGERBAL", "AVAILBAL", "BANKACCTTO", "CCACCTTO", "PAYEE", "CURRENCY",
    "ORIGCURRENCY", "INVTRANLIST", "INVBANKTRAN", "INVBAL", "BALLIST", "BAL",
}  # fmt: skip
"""Whatever opens and closes round what is read; all other names are leaves, or of no concern."""
DAY = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
PLAIN = re.compile(r"[+-]?(?:\d{1,15}(?:[.,]\d{0,8})?|[.,]\d{1,8})", re.ASCII)
GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?:,\d{3})+\.\d{0,8}|(?:\.\d{3})+,\d{0,8})", re.ASCII)
UNCLEAR = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
"""One comma before three digits: decimals or thousands, which nobody can tell."""


@dataclass(slots=True)
class Aggregate:
    """An open aggregate: its leaves, and what it holds of others."""

    name: str
    line: int
    leaves: dict[str, str] = field(default_factory=dict)
    inside: dict[str, list[Aggregate]] = field(default_factory=dict)

    def leaf(self, *names: str) -> str:
        """The first of these leaves that says anything."""
        return next((self.leaves[name] for name in names if self.leaves.get(name)), "")

    def one(self, name: str) -> Aggregate | None:
        """The first aggregate of that name in this one."""
        return next(iter(self.inside.get(name, ())), None)


def fits(data: bytes, text: str | None) -> bool:
    """Whether it begins like OFX, with the header of either version or with none."""
    head = text[:4096] if text is not None else data[:4096].decode("latin-1")
    return LOOKS.search(head) is not None


def read(data: bytes, text: str | None, encoding: str) -> StatementFile:
    """Every statement of the file; raises UnreadableError."""
    whole = text if text is not None else data.decode("latin-1")
    head = whole[:4096].upper()
    if "<!DOCTYPE" in whole or "<!ENTITY" in whole:
        refuse("The file has a document type or entities of its own, as no bank sends.", 1, "entities")
    version = "ofx2" if "<?OFX" in head or head.lstrip("\ufeff \r\n").startswith("<?XML") else "ofx1"
    return StatementFile(version, encoding, tuple(statement_of(each) for each in statements(whole)))


def refuse(reason: str, line: int, hint: str = "structure") -> NoReturn:
    """No rows come of this file."""
    raise UnreadableError(reason, line, hint)


def statements(text: str) -> Iterator[Aggregate]:
    """The statements as their aggregates end; the file must end with every aggregate closed."""
    stack: list[Aggregate] = [Aggregate("", 1)]
    for closing, name, value, line in tokens(text):
        if name not in AGGREGATES:
            if not closing:
                keep(stack[-1], name, value, line)
        elif not closing:
            stack.append(Aggregate(name, line))
        elif len(stack) > 1 and stack[-1].name == name:
            done = stack.pop()
            if name in STATEMENTS:
                yield done
            elif name != "OFX":
                stack[-1].inside.setdefault(name, []).append(done)
        else:
            refuse(f"{name} ends here without having begun.", line)
    if len(stack) > 1:
        refuse(f"The file ends before its time: {stack[-1].name} does not end.", stack[-1].line, "truncated")


def tokens(text: str) -> Iterator[tuple[bool, str, str, int]]:
    """Whether a tag closes, its name, the text behind it, and its line."""
    text = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text) if "<!--" in text else text
    line, position = 1, 0
    for found in TOKEN.finditer(text):
        line += text.count("\n", position, found.start())
        position = found.start()
        closing, name, closed, verbatim, value = found.groups()
        name = name.upper()
        said = verbatim if verbatim is not None else html.unescape(value) if "&" in value else value
        if not (closed and name in AGGREGATES):
            yield bool(closing), name, said.strip(), line


def keep(aggregate: Aggregate, name: str, value: str, line: int) -> None:
    """A leaf. Two amounts in one entry or balance are one too many: nobody can tell which counts."""
    if name in aggregate.leaves and name in {"TRNAMT", "BALAMT"}:
        refuse(f"Two {name} in one {aggregate.name}.", line, "amount")
    aggregate.leaves.setdefault(name, value)


def statement_of(node: Aggregate) -> Statement:
    """A statement out of its aggregate."""
    account = next((each for name in ACCOUNTS if (each := node.one(name))), None)
    listed = node.one("BANKTRANLIST") or node.one("INVTRANLIST")
    currency = node.leaf("CURDEF").upper()
    balance = node.one("LEDGERBAL")
    closing = balance.leaf("BALAMT") if balance else ""
    return Statement(
        account=account.leaf("ACCTID") if account else "",
        currency=currency,
        opening=None,
        closing=amount_of(closing, balance.line) if balance and closing else None,
        opening_date=day_of(listed.leaf("DTSTART")) if listed else None,
        closing_date=day_of(
            (balance.leaf("DTASOF") if balance else "") or (listed.leaf("DTEND") if listed else "")
        ),
        entries=tuple(entry_of(each, currency) for each in entries_in(node) if each.leaves),
    )


def entries_in(node: Aggregate) -> Iterator[Aggregate]:
    """The entries of all lists, those in the cash of a broker too."""
    for name in ("BANKTRANLIST", "INVTRANLIST"):
        for listed in node.inside.get(name, ()):
            yield from listed.inside.get("STMTTRN", ())
            for cash in listed.inside.get("INVBANKTRAN", ()):
                yield from cash.inside.get("STMTTRN", ())


def entry_of(node: Aggregate, currency: str) -> Entry:
    """One entry; raises UnreadableError when its amount or day is in doubt."""
    money = node.one("CURRENCY")
    if money and money.leaf("CURSYM").upper() not in {"", currency}:
        refuse(
            f"An entry in {money.leaf('CURSYM')} stands in an account in {currency}.", node.line, "currency"
        )
    if node.leaf("CORRECTFITID"):
        refuse("An entry replaces another one, which cannot be taken over.", node.line)
    booked = day_of(node.leaf("DTPOSTED")) or day_of(node.leaf("DTUSER"))
    if booked is None:
        refuse(f"{node.leaf('DTPOSTED')[:30]!r} is no date.", node.line, "date")
    payee, other = node.one("PAYEE"), node.one("BANKACCTTO") or node.one("CCACCTTO")
    name = node.leaf("NAME") or (payee.leaf("NAME") if payee else "")
    said = (node.leaf("MEMO"), node.leaf("CHECKNUM"), node.leaf("REFNUM"))
    return Entry(
        booked=booked,
        amount=amount_of(node.leaf("TRNAMT"), node.line),
        text=" ".join(each for each in said if each),
        reference=node.leaf("FITID"),
        value_date=day_of(node.leaf("DTAVAIL")),
        party=name,
        party_account=other.leaf("ACCTID") if other else "",
        line=node.line,
    )


def amount_of(text: str, line: int) -> Decimal:
    """A signed amount, by point or comma; raises UnreadableError where thousands and decimals look alike."""
    if UNCLEAR.fullmatch(text):
        refuse(f"{text!r} can be read in two ways.", line, "amount")
    if GROUPED.fullmatch(text):
        grouping = "," if text.rindex(".") > text.rindex(",") else "."
        text = text.replace(grouping, "")
    elif not PLAIN.fullmatch(text):
        refuse(f"{text[:40]!r} is no amount.", line, "amount")
    return Decimal(text.replace(",", "."))


def day_of(text: str) -> date | None:
    """The day of a time as it stands, of whatever zone; None without one that exists."""
    found = DAY.match(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
