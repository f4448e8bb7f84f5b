"""Rows of a statement or settlement file as ``counter.import_statement`` takes them.

Invariant: exact decimals become whole fen or the file is refused; the order is that of time, whatever the
order of the file; only booked money goes along.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from counter.bank.settlement import SettlementFile, SettlementLine
from counter.bank.statement import Entry, Statement
from counter.errors import Refusal
from counter.i18n import _

REFERENCE_MAX, TEXT_MAX, PARTY_MAX = 200, 1_000, 200
"""Characters that are kept of each; more would not fit an index, and no bank writes it."""

LATE_EVENING: Final = time(22)
"""After this a card payment may miss the acquirer's close of the day."""

_FEN: Final = Decimal(100)


def fen(amount: Decimal, line: int = 0) -> int:
    """Whole fen; raises Refusal for parts of a fen."""
    scaled = amount * _FEN
    if scaled != scaled.to_integral_value():
        raise Refusal(
            _("Line {line}: {amount} has parts of a fen.").format(line=line, amount=f"{amount:f}"),
            _("Nothing of the file was taken over."),
            _("Export it again; if it stays like this, ask the bank."),
        )
    return int(scaled)


def statement_body(statement: Statement, account_no: str) -> dict[str, Any]:
    """One statement without its balances; see ``balances_of``.

    Its days are the first and the last that it names: banks write the days of balances wrongly.
    """
    entries = in_order(statement.booked)
    days = [entry.booked for entry in entries]
    known = [day for day in (statement.opening_date, statement.closing_date, *days) if day is not None]
    return {
        "bank_account_no": account_no,
        "currency": statement.currency or None,
        "number": statement.number[:TEXT_MAX],
        "opening_date": _day(min(known, default=None)),
        "closing_date": _day(max(known, default=None)),
        "lines": [line_of(entry, place) for place, entry in enumerate(entries, 1) if entry.amount],
    }


def balances_of(statement: Statement) -> tuple[int, int] | None:
    """Opening and closing in fen, as far as the file knows them; None when it knows neither."""
    entries = in_order(statement.booked)
    moved = sum((entry.amount for entry in entries), Decimal(0))
    opening, closing = statement.opening, statement.closing
    if opening is None and closing is None and entries and entries[-1].balance is not None:
        closing = entries[-1].balance
    if opening is None and closing is None:
        return None
    opening = closing - moved if opening is None and closing is not None else opening
    closing = opening + moved if closing is None and opening is not None else closing
    assert opening is not None, "one of both gives the other"
    assert closing is not None, "one of both gives the other"
    return fen(opening), fen(closing)


def in_order(entries: Sequence[Entry]) -> Sequence[Entry]:
    """The oldest first: by the running balances where they are, else by the days."""
    if runs(entries):
        return entries
    newest_first = bool(entries) and entries[0].booked > entries[-1].booked
    if not newest_first and (not entries or entries[0].balance is None):
        return entries
    backward = entries[::-1]
    return backward if newest_first or runs(backward) else entries


def runs(entries: Sequence[Entry]) -> bool:
    """Whether each running balance is the one before and the amount; not where one is missing."""
    return bool(entries) and all(
        before.balance is not None
        and entry.balance is not None
        and before.balance + entry.amount == entry.balance
        for before, entry in pairwise(entries)
    )


def line_of(entry: Entry, place: int) -> list[Any]:
    """One line, by position as ``counter.incoming_lines`` reads it."""
    return [
        entry.booked.isoformat(),
        _day(entry.value_date),
        fen(entry.amount, entry.line),
        None if entry.balance is None else fen(entry.balance, entry.line),
        entry.reference[:REFERENCE_MAX],
        entry.text[:TEXT_MAX],
        entry.party[:PARTY_MAX],
        entry.party_account[:PARTY_MAX],
        entry.reversal,
        entry.line or place,
        [part_of(each) for each in entry.details] or None,
    ]


def part_of(entry: Entry) -> dict[str, Any]:
    """A part of a batch, as it is kept beside its line."""
    return {
        "amount_fen": fen(entry.amount, entry.line),
        "text": entry.text[:TEXT_MAX],
        "reference": entry.reference[:REFERENCE_MAX],
        "party": entry.party[:PARTY_MAX],
        "party_account": entry.party_account[:PARTY_MAX],
    }


def settlement_bodies(found: SettlementFile, merchant_no: str) -> Iterator[dict[str, Any]]:
    """A statement for each merchant and day of settlement: what the acquirer credits at once.

    ``merchant_no`` is whose lines without a merchant are. Where the file does not say when it is settled,
    each day of trade is by itself; but what came in after the acquirer's close of the evening before is
    settled with the day that follows.
    """
    by_merchant: dict[str, list[SettlementLine]] = {}
    for line in found.lines:
        by_merchant.setdefault(line.merchant or merchant_no, []).append(line)
    for merchant, lines in sorted(by_merchant.items()):
        settled = {day: found.settled or day for day in _trade_days(lines)}
        if found.settled is None:
            settled |= _carried(lines)
        for day in sorted(set(settled.values())):
            together = [line for line in lines if settled[line.at.date()] == day and line.amount_fen]
            yield {
                "bank_account_no": merchant,
                "currency": None,
                "number": found.settled.isoformat() if found.settled else "",
                "opening_fen": None,
                "closing_fen": None,
                "opening_date": min(line.at.date() for line in together or lines).isoformat(),
                "closing_date": max(day, *_trade_days(together or lines)).isoformat(),
                "balance_source": "file",
                "lines": [card_line_of(line) for line in together],
            }


def _trade_days(lines: Iterable[SettlementLine]) -> set[date]:
    return {line.at.date() for line in lines}


def _carried(lines: list[SettlementLine]) -> dict[date, date]:
    """Days that the file has only the late evening of, with the day after, which it has too."""
    days = _trade_days(lines)
    return {
        day: day + timedelta(days=1)
        for day in days
        if day + timedelta(days=1) in days
        and all(line.at.time() >= LATE_EVENING for line in lines if line.at.date() == day)
    }


def card_line_of(line: SettlementLine) -> list[Any]:
    """One card payment, by position as ``counter.incoming_lines`` reads it."""
    return [
        line.at.date().isoformat(),
        None,
        line.amount_fen,
        None,
        line.reference[:REFERENCE_MAX],
        "",
        "",
        "",
        line.kind != "sale",
        line.line,
        None,
        line.fee_fen,
        line.terminal[:PARTY_MAX],
        line.batch[:PARTY_MAX],
        line.trace[:PARTY_MAX],
        line.card,
        line.card_class,
        line.at.isoformat(sep=" "),
    ]


def as_json(body: dict[str, Any]) -> str:
    """JSON that the server takes: without the one character that PostgreSQL has not, and halves of others."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    if "\\u0000" in text:
        text = json.dumps(_cleaned(body), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode("utf-8")


def _cleaned(value: Any) -> Any:
    """The same without NUL."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {key: _cleaned(each) for key, each in value.items()}
    return [_cleaned(each) for each in value] if isinstance(value, list) else value


def _day(when: date | None) -> str | None:
    return None if when is None else when.isoformat()


def count_lines(bodies: Iterable[dict[str, Any]]) -> int:
    """How many lines there are in all."""
    return sum(len(body["lines"]) for body in bodies)
