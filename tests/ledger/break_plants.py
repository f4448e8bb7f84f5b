"""Breaks of every kind, planted into a bureau, each with what the list of breaks has to call it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final

from tests.bureau import Bureau
from tests.ledger.bank_lines import BANK, MERCHANT, BankLines

Found = dict[tuple[str, int], str]


class Plants:
    """Plants breaks around a real journal; amounts come from a small pool, so that strangers look alike."""

    def __init__(self, lines: BankLines, journal_id: int) -> None:
        """``journal_id`` is what the planted items say that they come from."""
        self.lines, self.journal_id = lines, journal_id
        self.bureau: Bureau = lines.bureau
        self.random = Random(0)
        self._count = 0

    def number(self) -> str:
        """A number that nobody else has."""
        self._count += 1
        return f"{70_000_000 + self._count}"

    def fen(self) -> int:
        """An amount that others have too."""
        return self.random.choice([10_000, 20_000, 30_000])

    def own_fen(self) -> int:
        """An amount that nobody else has."""
        return 1_000_001 + int(self.number())

    def line(self, fen: int, *, ago: int = 3, account: str = BANK, **more: Any) -> int:
        """A line; of the bank with a payer, so that it looks like no deposit."""
        given = {"party_account": self.number()} if account == BANK else {}
        return self.lines.add(fen, ago=ago, account=account, **{**given, **more})

    def item(self, kind: str, fen: int, *, ago: int = 3, **more: Any) -> int:
        """An item of the books."""
        self._count += 1
        ledger = {"pos": "pos_clearing", "cash_deposit": "cash_in_transit", "cheque": "cash_in_transit"}
        values: Mapping[str, Any] = {
            "kind": kind,
            "ledger_account": ledger.get(kind, "transfer_clearing"),
            "journal_id": self.journal_id,
            "line": self._count,
            "hall_no": 1,
            "business_date": self.lines.day(ago),
            "amount_fen": fen,
            "open_fen": fen,
            **more,
        }
        columns, marks = ", ".join(values), ", ".join(["%s"] * len(values))
        insert = f"INSERT INTO counter.book_item ({columns}) VALUES ({marks}) RETURNING item_id"
        return int(self.bureau.value(insert, *values.values()))

    def slip_keys(self) -> dict[str, Any]:
        """Terminal, batch and trace of a slip."""
        return {"terminal": self.number(), "batch": "000001", "trace": self.number()[-6:]}

    def close_all(self) -> None:
        """Nothing is open any more."""
        self.bureau.value("UPDATE counter.statement_line SET open_fen = 0 RETURNING 1")
        self.bureau.value("UPDATE counter.book_item SET open_fen = 0 RETURNING 1")

    def released(self, kind: str, reference: str, fen: int) -> None:
        """A paper whose payment was reversed."""
        self._count += 1
        for table, columns, values in (
            ("tender", "journal_id, line, kind, amount_fen", [self.journal_id, self._count, kind, fen]),
            (
                "tender_document",
                "journal_id, line, kind, amount_fen, reference, released_by",
                [self.journal_id, self._count, kind, fen, reference, self.journal_id],
            ),
        ):
            marks = ", ".join(["%s"] * len(values))
            self.bureau.value(
                f"INSERT INTO counter.{table} ({columns}) VALUES ({marks}) RETURNING 1", *values
            )

    def claimed(self, line_id: int, fen: int) -> None:
        """A line was claimed at a desk."""
        self.bureau.value(
            "INSERT INTO counter.receipt_claim (journal_id, line_id, amount_fen, account_no)"
            " VALUES (%s, %s, %s, '330100000001') RETURNING 1",
            self.journal_id,
            line_id,
            fen,
        )


def bank_only(p: Plants) -> Found:
    """A credit of somebody, a card slip that the books do not have, a receipt that is claimed in part."""
    fen = p.fen()
    part = p.line(fen, open_fen=fen - 100, reference=p.number())
    p.claimed(part, 100)
    pos = p.line(p.fen(), account=MERCHANT, reference=p.number(), **p.slip_keys())
    found = [
        p.line(p.fen()),
        p.line(p.fen(), reference="NONREF"),
        p.line(p.fen(), reference="NONREF"),
        part,
        pos,
    ]
    return {("line", line): "bank_only" for line in found}


def book_only(p: Plants) -> Found:
    """On its way."""
    number = p.number()
    found = [
        p.item("transfer", p.fen(), reference=p.number(), payer_account=p.number()),
        p.item("pos", p.fen(), reference=p.number(), **p.slip_keys()),
        p.item("cash_deposit", p.fen(), reference=number, batch=number, bank_account_no=BANK),
        p.item("cheque", p.fen(), reference=p.number(), batch=number),
        p.item("refund", -p.fen(), payer_account=p.number()),
    ]
    return {("item", item): "book_only" for item in found}


def amount_differs(p: Plants) -> Found:
    """The keys agree; or a match left a rest."""
    slip, deposit, keys = p.number(), p.number(), p.slip_keys()
    fen = p.fen()
    lines = [
        p.line(fen - 500, reference=slip),
        p.line(fen - 500, account=MERCHANT, **keys),
        p.line(fen - 500, text=f"现金解款 {deposit}", party_account=""),
        p.line(fen, open_fen=500, reference=p.number()),
    ]
    items = [
        p.item("transfer", fen, ago=4, reference=slip),
        p.item("pos", fen, ago=4, reference=p.number(), **keys),
        p.item("cash_deposit", fen, reference=deposit, batch=deposit, bank_account_no=BANK),
        p.item("transfer", fen, open_fen=500, reference=p.number()),
    ]
    found = {("line", line): "amount_differs" for line in lines}
    return found | {("item", item): "amount_differs" for item in items}


def double(p: Plants) -> Found:
    """A line twice (the first closed, or open too), a slip twice, a slip of what was claimed."""
    closed, both, keys, slip, payer = p.number(), p.number(), p.slip_keys(), p.number(), p.number()
    fen = p.fen()
    p.line(fen, open_fen=0, reference=closed)
    p.line(fen, open_fen=0, account=MERCHANT, **keys)
    first = p.line(fen, reference=both)
    lines = [
        p.line(fen, reference=closed, ago=2),
        p.line(fen, reference=both),
        p.line(fen, account=MERCHANT, **keys),
    ]
    earlier = p.item("transfer", fen, reference=slip, payer_account=payer)
    claimed = p.number()
    p.claimed(p.line(fen, open_fen=0, reference=claimed), fen)
    items = [
        p.item("transfer", fen, reference=slip, payer_account=payer, ago=2),
        p.item("transfer", fen, reference=claimed, payer_account=p.number()),
    ]
    found = {("line", line): "double" for line in lines} | {("item", item): "double" for item in items}
    return found | {("line", first): "bank_only", ("item", earlier): "book_only"}


def across_midnight(p: Plants) -> Found:
    """The other side has it on the day before or after."""
    terminal, payer, fen = p.number(), p.number(), p.own_fen()
    pairs = [
        (
            p.line(fen, account=MERCHANT, ago=2, terminal=terminal, trace="000001"),
            p.item("pos", fen, ago=3, terminal=terminal, trace="000002", reference=p.number()),
        ),
        (p.line(fen, ago=4, party_account=payer), p.item("transfer", fen, ago=5, payer_account=payer)),
        (
            p.line(fen + 1, ago=1, party_account="", text="现金缴存"),
            p.item("cash_deposit", fen + 1, ago=2, bank_account_no=BANK, batch=p.number()),
        ),
    ]
    return {key: "across_midnight" for line, item in pairs for key in (("line", line), ("item", item))}


def fee(p: Plants) -> Found:
    """The bank charged."""
    return {("line", p.line(-p.fen(), text=text)): "fee" for text in ("账户管理费", "Service charges")}


def one_sided_reversal(p: Plants) -> Found:
    """Only the bank, or only the books, took it back."""
    credited, slip, keys, fen = p.number(), p.number(), p.slip_keys(), p.fen()
    p.line(fen, open_fen=0, reference=credited, ago=4)
    p.released("transfer", f"工商银行/{slip}", fen)
    p.released("pos", "-".join(keys.values()), fen)
    lines = [
        p.line(-fen, reversal=True),
        p.line(-fen, account=MERCHANT, **p.slip_keys()),
        p.line(-fen, text="退票 户名不符"),
        p.line(-fen, reference=credited),
        p.line(fen, reference=slip),
        p.line(fen, account=MERCHANT, **keys),
    ]
    found = {("line", line): "one_sided_reversal" for line in lines}
    return found | {("item", p.item("cheque_back", -fen, reference=p.number())): "one_sided_reversal"}


def nothing(p: Plants) -> Found:
    """What is matched is no break, nor is what was withdrawn."""
    fen, slip = p.fen(), p.number()
    p.line(fen, open_fen=0, reference=slip)
    p.item("transfer", fen, open_fen=0, reference=slip)
    p.item("pos", fen, open_fen=0, withdrawn=True, reference=p.number(), **p.slip_keys())
    return {}


KINDS: Final[tuple[Callable[[Plants], Found], ...]] = (
    bank_only,
    book_only,
    amount_differs,
    double,
    across_midnight,
    fee,
    one_sided_reversal,
    nothing,
)


def listed(bureau: Bureau, staff_no: str = "t20001") -> Found:
    """What the list calls each open line and item."""
    with bureau.psql(staff_no) as connection:
        rows = connection.execute("SELECT line_id, item_id, kind FROM counter.list_breaks()").fetchall()
    return {("line", line) if line else ("item", item): kind for line, item, kind in rows}
