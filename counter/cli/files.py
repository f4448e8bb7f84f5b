"""``counter import`` and ``counter demo-data``: files of accounts and bills, in and out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from counter.cli.administration import administrator
from counter.cli.console import progress_bar
from counter.errors import Refusal
from counter.i18n import _
from counter.services.imports import loading
from counter.services.imports.messages import describe
from counter.services.imports.problems import Problem

app = typer.Typer(help="Take files of accounts and bills.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="CSV in UTF-8 (with or without BOM) or GBK, with headings.")]


@app.command()
def accounts(file: File) -> None:
    """Add and change accounts; a file with a bad line changes nothing."""
    _take(loading.import_accounts, file)


@app.command()
def bills(file: File) -> None:
    """Add bills and draw prepaid balances down; a file with a bad line changes nothing."""
    _take(loading.import_bills, file)


@app.command("meter-cards")
def meter_cards(
    file: Annotated[Path, typer.Argument(help="Lines of account,meter,serial,profile,count.")],
) -> None:
    """Take over prepaid cards that are in use; the login in the address has the duty admin or service."""
    from counter.services.meter_cards import read_cards, take_over

    try:
        cards = read_cards(file.read_text("utf-8-sig").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(
            _("The file cannot be read."), _("No card was taken over."), type(error).__name__
        ) from None
    except ValueError as error:
        said = _("Line {line} is not account,meter,serial,profile,count.").format(line=error.args[0])
        raise Refusal(said, _("No card was taken over."), _("Correct the line and start again.")) from None
    with administrator() as engine, progress_bar() as step:
        added = take_over(engine, cards, lambda done, all_: step(_("cards"), done, all_))
    print(_("{added} of {count} cards are new in the books.").format(added=added, count=len(cards)))


def _take(importer: Callable[..., loading.ImportOutcome], file: Path) -> None:
    """Run an import with its bar; every bad line goes to standard output."""

    def show(problem: Problem) -> None:
        print(describe(problem))

    with administrator() as engine, progress_bar() as step:
        outcome = importer(
            engine, file, on_problem=show, on_progress=lambda phase, done, all_: step(phase.value, done, all_)
        )
    if not outcome.accepted:
        print(_("{count} bad lines: nothing was imported.").format(count=outcome.problems), file=sys.stderr)
        raise typer.Exit(1)
    print(
        _("{lines} lines: {added} new, {changed} changed, {drawn} drawn down from prepaid.").format(
            lines=outcome.lines, added=outcome.added, changed=outcome.changed, drawn=outcome.drawn_down
        )
    )


def demo_data(
    accounts: Annotated[int, typer.Option("--accounts", min=0, help="How many accounts.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for accounts.csv and bills.csv.")],
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same files.")] = 1,
    bills_per_account: Annotated[int, typer.Option("--bills-per-account", min=0)] = 3,
    encoding: Annotated[str, typer.Option("--encoding", help="utf-8-sig or gb18030.")] = "utf-8-sig",
) -> None:
    """Write the files of a bureau that does not exist."""
    from counter.services.demo_data import write_demo_data

    with progress_bar() as step:
        written = write_demo_data(
            accounts,
            seed,
            out,
            bills_per_account=bills_per_account,
            encoding=encoding,
            on_progress=lambda done, all_: step("accounts", done, all_),
        )
    print(
        _("{accounts} accounts and {bills} bills in {folder}").format(
            accounts=written.accounts, bills=written.bills, folder=out
        )
    )
