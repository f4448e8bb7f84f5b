"""``counter print``: paper that no payment asks for."""

from __future__ import annotations

from typing import Annotated

import typer

from counter.cli.administration import administrator
from counter.config import load_settings
from counter.i18n import _

app = typer.Typer(help="Print a test page.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep ``test-page`` a command of its own, although it is the only one."""


@app.command("test-page")
def print_test_page(
    printer: Annotated[str, typer.Option("--printer", help="Name of the printer; else the desk's own.")] = "",
) -> None:
    """Print rare characters, a ruler and what is known of the printer; exit 1 when that does not work."""
    from counter.services.bootstrap import press
    from counter.services.paper import Paper

    settings = load_settings()
    with administrator() as engine:
        paper = Paper(engine, press(settings), settings.receipt_language)
        outcome = paper.print_test_page(printer.strip())
    if outcome.error:
        print(outcome.error)
        raise typer.Exit(1)
    where = outcome.printer or str(outcome.pdf_path)
    print(_("The test page went to {where}.").format(where=where))
