"""``counter bank``: what is in statement files, and taking them over (``bank_import``)."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from counter.bank.card_numbers import hidden_cards
from counter.bank.hints import hint_of
from counter.bank.profiles import Profile
from counter.bank.reading import read_any_file
from counter.bank.settlement import SettlementFile, SettlementLine
from counter.bank.statement import Entry, Statement, UnreadableError
from counter.cli import bank_import, bank_profiles
from counter.config import load_settings
from counter.i18n import _

app = typer.Typer(help="Statements of banks and acquirers.", no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(help="camt, MT940, OFX, CSV, XLS or XLSX; told by content.")]


app.command("profiles")(bank_profiles.profiles)
app.command("import")(bank_import.take_over)
app.command("accounts")(bank_import.accounts)


@app.callback()
def bank() -> None:
    """Statements of banks and acquirers."""


@app.command("inspect")
def inspect(
    files: Files,
    as_json: Annotated[bool, typer.Option("--json", help="One object a line and file.")] = False,
    with_entries: Annotated[bool, typer.Option("--entries", help="The entries too.")] = False,
) -> None:
    """Say of each file its format, balances and sums; ends with 1 when one of them cannot be read."""
    from counter.services.bank_profiles import bank_profiles as profiles_of

    unreadable, profiles = False, profiles_of(load_settings())
    for file in files:
        found = report(file, profiles, with_entries=with_entries)
        unreadable = unreadable or "error" in found
        for line in [json.dumps(found)] if as_json else sentences(found):
            print(
                line.encode(sys.stdout.encoding or "utf-8", "replace").decode(sys.stdout.encoding or "utf-8")
            )
    if unreadable:
        raise typer.Exit(1)


def report(file: Path, profiles: Sequence[Profile], *, with_entries: bool) -> dict[str, Any]:
    """The object of one file, whatever happens to it."""
    name = str(file).encode("utf-8", "replace").decode()
    try:
        found = read_any_file(file, profiles)
    except UnreadableError as error:
        return {"file": name, "error": error.reason, "line": error.line, "hint": hint_of(error.hint)}
    except OSError as error:
        said = error.strerror or type(error).__name__
        return {"file": name, "error": said, "line": 0, "hint": hint_of("missing")}
    except Exception as error:  # noqa: BLE001  # a fault of ours must not pass for a readable file
        said = f"The reader failed: {type(error).__name__}."
        return {"file": name, "error": said, "line": 0, "hint": hint_of("fault")}
    head = {"file": name, "format": found.format, "encoding": found.encoding}
    if isinstance(found, SettlementFile):
        return {**head, "settlement": settlement(found, with_lines=with_entries)}
    return {**head, "statements": [summary(each, with_entries=with_entries) for each in found.statements]}


def summary(statement: Statement, *, with_entries: bool) -> dict[str, Any]:
    """One statement with its amounts as decimal strings."""
    found: dict[str, Any] = {
        "account": statement.account or None,
        "currency": statement.currency or None,
        "opening": decimal(statement.opening),
        "closing": decimal(statement.closing),
        "opening_date": day(statement.opening_date),
        "closing_date": day(statement.closing_date),
        "entries": len(statement.entries),
        "credits": decimal(statement.credits),
        "debits": decimal(statement.debits),
        "balanced": statement.balanced,
    }
    if statement.wrong_total:
        found["wrong_total"] = statement.wrong_total
    return {**found, "lines": [row(each) for each in statement.entries]} if with_entries else found


def settlement(found: SettlementFile, *, with_lines: bool) -> dict[str, Any]:
    """A settlement file with its amounts as decimal strings; cards are masked since they were read."""
    told: dict[str, Any] = {
        "acquirer": found.acquirer or None,
        "settled": day(found.settled),
        "lines": len(found.lines),
        "amount": yuan(found.amount_fen),
        "fee": yuan(found.fee_fen),
        "net": yuan(found.net_fen),
    }
    return {**told, "entries": [card_line(each) for each in found.lines]} if with_lines else told


def card_line(line: SettlementLine) -> dict[str, Any]:
    """One line of a settlement file."""
    told = asdict(line)
    sums = {name: yuan(told.pop(f"{name}_fen")) for name in ("amount", "fee", "net")}
    return {**told, **sums, "at": line.at.isoformat(sep=" ")}


def yuan(amount_fen: int) -> str:
    """Fen as yuan, digits alone."""
    return f"{Decimal(amount_fen).scaleb(-2):.2f}"


def row(entry: Entry) -> dict[str, Any]:
    """One entry, and the parts of its batch; a payer's account that is a card is masked."""
    return {
        "booked": day(entry.booked),
        "value_date": day(entry.value_date),
        "amount": decimal(entry.amount),
        "text": hidden_cards(entry.text),
        "reference": entry.reference,
        "party": entry.party,
        "party_account": hidden_cards(entry.party_account),
        "balance": decimal(entry.balance),
        "reversal": entry.reversal,
        "status": entry.status,
        "line": entry.line,
        "details": [row(each) for each in entry.details],
    }


def decimal(amount: Decimal | None) -> str | None:
    """Digits alone, never an exponent."""
    return None if amount is None else f"{amount:f}"


def day(when: date | None) -> str | None:
    """ISO 8601."""
    return None if when is None else when.isoformat()


def sentences(found: dict[str, Any]) -> list[str]:
    """The object of a file for people: one line a statement."""
    if "error" in found:
        where = _(" (line {line})").format(line=found["line"]) if found["line"] else ""
        return [f"{found['file']}: {found['error']}{where} {found['hint']}"]
    lines = [f"{found['file']}: {found['format']}, {found['encoding']}"]
    if "settlement" in found:
        return lines + card_sentences(found["settlement"])
    for each in found["statements"]:
        told = {name: "-" if value is None else value for name, value in each.items()}
        sums = "  {account} {currency}: {opening} + {credits} - {debits} = {closing} ({entries})".format_map(
            told
        )
        lines.append(sums + ("" if each["balanced"] is not False else " " + _("does not balance")))
        lines += ["    {booked} {amount} {party} {text}".format_map(entry) for entry in each.get("lines", ())]
    return lines


def card_sentences(found: dict[str, Any]) -> list[str]:
    """A settlement file for people: its sums, and its lines where they were asked for."""
    head = "  {acquirer} {settled}: {amount} - {fee} = {net} ({lines})"
    line = "    {at} {kind} {terminal} {batch} {trace} {reference} {card} {amount} - {fee} = {net}"
    return [head.format_map(found), *map(line.format_map, found.get("entries", ()))]
