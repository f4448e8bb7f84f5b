"""The commands beside the screen: setting up, importing, proving the ledger, the demonstration.

Every error is printed as its sentences and ends with code 1; a wrong command line ends with 2.
"""

from __future__ import annotations

from collections.abc import Sequence

import typer

from counter.cli import (
    bank,
    books,
    card,
    contract,
    database,
    day,
    demonstration,
    files,
    money,
    printing,
    reader,
    reconnections,
)
from counter.cli.console import print_error
from counter.config import load_settings
from counter.errors import CounterError
from counter.i18n import set_language

app = typer.Typer(
    name="counter",
    help="The desk of an electricity business hall. Without a command the screen opens.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(database.app, name="db")
app.add_typer(files.app, name="import")
app.add_typer(books.app, name="ledger")
app.add_typer(bank.app, name="bank")
app.add_typer(day.app, name="day")
app.add_typer(reconnections.app, name="reconnections")
app.add_typer(printing.app, name="print")
app.add_typer(reader.app, name="reader")
money.rules.command("set-contract")(contract.set_contract)
app.add_typer(money.rules, name="rules")
app.add_typer(money.cards, name="cards")
app.add_typer(card.app, name="card")
app.add_typer(money.fund, name="fund")
app.command("demo-data")(files.demo_data)
app.command("demo")(demonstration.demo)


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit code."""
    try:
        set_language(load_settings().language)
        app(list(arguments))
    except CounterError as error:
        print_error(error)
        return 1
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    return 0
