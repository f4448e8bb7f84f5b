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
from itertools import chain
from typing import NoReturn

from counter.bank.source import Source, texts_of
from counter.bank.spool import Collected, Spool
from counter.bank.statement import Entry, Statement, StatementFile, UnreadableError

LOOKS = re.compile(r"\A\s*(?:OFXHEADER\s*:|<OFX>)|<\?OFX\b|<OFX>", re.IGNORECASE)
TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(/?)([A-Za-z][\w.]*)(?:\s[^<>]*)?(/?)>(?:\s*<!\[CDATA\[(.*?)(?:\]\]>|\Z)|([^<]*))",
    re.DOTALL,
)
"""A comment, or a tag and the text behind it; what the end of the text cuts is one too."""
VERBATIM = "<![CDATA["
TYPES = re.compile("<!(?:DOCTYPE|ENTITY)")
HEAD = 4096
"""Within so many characters it must look like OFX."""
DEPTH_MAX = 60
REST_MAX = 1 << 21
STATEMENTS = frozenset({"STMTRS", "CCSTMTRS", "INVSTMTRS"})
LISTS = frozenset({"BANKTRANLIST", "INVTRANLIST"})
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


Token = tuple[bool, str, str, int]
"""Whether a tag closes, its name, the text behind it, and its line."""


@dataclass(slots=True)
class Aggregate:
    """An open aggregate: its leaves, and of each kind the first aggregate in it."""

    name: str
    line: int
    leaves: dict[str, str] = field(default_factory=dict)
    inside: dict[str, Aggregate] = field(default_factory=dict)

    def leaf(self, *names: str) -> str:
        """The first of these leaves that says anything."""
        return next((self.leaves[name] for name in names if self.leaves.get(name)), "")


@dataclass(slots=True)
class Opened:
    """The entries of a statement that has not ended, and the other currencies that they name, by line."""

    entries: Collected
    currencies: dict[str, int] = field(default_factory=dict)


def fits(data: bytes, text: str | None) -> bool:
    """Whether it begins like OFX, with the header of either version or with none."""
    head = text[:HEAD] if text is not None else data[:HEAD].decode("latin-1")
    return LOOKS.search(head) is not None


def read(data: bytes, text: str | None, encoding: str) -> StatementFile:
    """Every statement of the file; raises UnreadableError."""
    return read_texts(texts_of(text if text is not None else data.decode("latin-1")), encoding)


def read_source(source: Source, encoding: str) -> StatementFile:
    """The same of a file that may be large."""
    return read_texts(source.texts(encoding), encoding)


def read_texts(texts: Iterator[str], encoding: str) -> StatementFile:
    """Every statement in the pieces of a text."""
    first = ""
    while len(first) < HEAD and (text := next(texts, "")):
        first += text
    head = first[:HEAD].upper()
    version = "ofx2" if "<?OFX" in head or head.lstrip("\ufeff \r\n").startswith("<?XML") else "ofx1"
    found = statements(tokens(chain((first,), texts)))
    return StatementFile(version, encoding, tuple(found))


def refuse(reason: str, line: int, hint: str) -> NoReturn:
    """No rows come of this file."""
    raise UnreadableError(reason, line, hint)


class Stack:
    """The aggregates that are open, and the statements among them."""

    def __init__(self) -> None:
        """Nothing is open yet but the file itself."""
        self.open, self.statements, self.spool = [Aggregate("", 1)], list[Opened](), Spool()
        self.ended = False
        """Whether an OFX aggregate was closed."""

    def begin(self, name: str, line: int) -> None:
        """An aggregate begins in the last one."""
        if len(self.open) > DEPTH_MAX:
            refuse("Aggregates stand in each other without end.", line, "endless")
        self.open.append(Aggregate(name, line))
        if name in STATEMENTS:
            self.statements.append(Opened(Collected(self.spool)))

    def end(self, name: str, line: int) -> Statement | None:
        """The last aggregate ends; the statement if it is one."""
        if len(self.open) == 1 or self.open[-1].name != name:
            refuse(f"{name} ends here without having begun.", line, "nesting")
        done = self.open.pop()
        if name in STATEMENTS:
            return statement_of(done, self.statements.pop())
        if name == "STMTTRN":
            self.take_entry(done)
        elif name == "OFX":
            self.ended = True
        else:
            self.open[-1].inside.setdefault(name, done)
        return None

    def take_entry(self, node: Aggregate) -> None:
        """An entry in the list of a statement, or in the cash of a broker; anywhere else it is none."""
        names = [each.name for each in self.open[-3:]]
        if names[-1] == "INVBANKTRAN":
            names.pop()
        if not node.leaves or len(names) == 1 or names[-1] not in LISTS or names[-2] not in STATEMENTS:
            return
        money, statement = node.inside.get("CURRENCY"), self.statements[-1]
        if money and (symbol := money.leaf("CURSYM").upper()):
            statement.currencies.setdefault(symbol, node.line)
        statement.entries.append(entry_of(node))


def statements(found: Iterator[Token]) -> Iterator[Statement]:
    """The statements as their aggregates end; the file must end with every aggregate closed."""
    stack = Stack()
    for closing, name, value, line in found:
        if name in AGGREGATES:
            if not closing:
                stack.begin(name, line)
            elif statement := stack.end(name, line):
                yield statement
        elif not closing:
            keep(stack.open[-1], name, value, line)
    last = stack.open[-1]
    if len(stack.open) > 1:
        refuse(f"The file ends before its time: {last.name} does not end.", last.line, "truncated")
    if not stack.ended:
        refuse("The file ends before its time: OFX does not begin.", 1, "truncated")


def tokens(texts: Iterator[str]) -> Iterator[Token]:
    """The tags in order; comments are passed over."""
    line, rest, last = 1, "", False
    while not last:
        text = next(texts, None)
        last = text is None
        rest += text or ""
        refuse_types(rest, line)
        counted = done = 0
        for found in TOKEN.finditer(rest):
            if len(rest) - found.end() < len(VERBATIM) and not last:
                break
            done = found.end()
            line += rest.count("\n", counted, found.start())
            counted = found.start()
            if found[2] is None:
                refuse_open_comment(found[0], line)
            elif not (found[3] and found[2].upper() in AGGREGATES):
                yield bool(found[1]), found[2].upper(), behind(found), line
        line += rest.count("\n", counted, done)
        rest = rest[done:]
        if len(rest) > REST_MAX:
            refuse("A text goes on without an end.", line, "endless")


def behind(tag: re.Match[str]) -> str:
    """The text behind a tag."""
    verbatim, value = tag[4], tag[5]
    said: str = verbatim if verbatim is not None else html.unescape(value) if "&" in value else value
    return said.strip()


def refuse_open_comment(text: str, line: int) -> None:
    """What a comment swallows up to the end of the file may have been entries."""
    if not text.endswith("-->"):
        refuse("A comment does not end.", line, "truncated")


def refuse_types(text: str, line: int) -> None:
    """Only in a document type can entities be made, which is how bombs and look-ups are."""
    found = TYPES.search(text)
    if found:
        line += text.count("\n", 0, found.start())
        refuse("The file has a document type or entities of its own, as no bank sends.", line, "entities")


def keep(aggregate: Aggregate, name: str, value: str, line: int) -> None:
    """A leaf. Two amounts in one entry or balance are one too many: nobody can tell which counts."""
    if name in aggregate.leaves and name in {"TRNAMT", "BALAMT"}:
        refuse(f"Two {name} in one {aggregate.name}.", line, "twice")
    aggregate.leaves.setdefault(name, value)


def statement_of(node: Aggregate, opened: Opened) -> Statement:
    """A statement out of its aggregate and the entries that stood in it."""
    account = next((each for name in ACCOUNTS if (each := node.inside.get(name))), None)
    listed = node.inside.get("BANKTRANLIST") or node.inside.get("INVTRANLIST")
    currency = node.leaf("CURDEF").upper()
    for other, line in opened.currencies.items():
        if other != currency:
            refuse(f"An entry in {other} stands in an account in {currency or '?'}.", line, "currencies")
    balance = node.inside.get("LEDGERBAL")
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
        entries=opened.entries.finished(),
    )


def entry_of(node: Aggregate) -> Entry:
    """One entry; raises UnreadableError when its amount or day is in doubt."""
    if node.leaf("CORRECTFITID"):
        refuse("An entry replaces another one, which cannot be taken over.", node.line, "replacement")
    booked = day_of(node.leaf("DTPOSTED")) or day_of(node.leaf("DTUSER"))
    if booked is None:
        written = node.leaf("DTPOSTED")[:30]
        if written:
            refuse(f"{written!r} is no date.", node.line, "date")
        refuse("An entry has no date.", node.line, "undated")
    inside = node.inside
    payee, other = inside.get("PAYEE"), inside.get("BANKACCTTO") or inside.get("CCACCTTO")
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
        refuse(f"The amount {text} can be read in two ways.", line, "ambiguous")
    if GROUPED.fullmatch(text):
        grouping = "," if text.rindex(".") > text.rindex(",") else "."
        text = text.replace(grouping, "")
    elif not PLAIN.fullmatch(text):
        refuse(f"{text[:40]!r} is no amount." if text else "An amount is missing.", line, "amount")
    return Decimal(text.replace(",", "."))


def day_of(text: str) -> date | None:
    """The day of a time as it stands, of whatever zone; None without one that exists."""
    found = DAY.match(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
