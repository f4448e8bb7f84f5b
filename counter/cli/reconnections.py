"""``counter reconnections``: the accounts to be connected again, for other systems."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from counter.cli.administration import administrator
from counter.i18n import _

app = typer.Typer(help="Accounts to be connected again.", no_args_is_help=True)


@app.callback()
def reconnections() -> None:
    """Pass reconnection tasks on."""


@app.command()
def export(
    out: Annotated[Path, typer.Option("--out", help="CSV file to write, in UTF-8 with BOM.")],
    hall: Annotated[int | None, typer.Option("--hall", min=1, max=999, help="Only this hall's.")] = None,
) -> None:
    """Write the open tasks by deadline; a file that is there is replaced whole."""
    from counter.services.task_file import write_tasks
    from db.queries.agreements import open_tasks

    with administrator() as engine, engine.connect() as connection:
        rows = open_tasks(connection, hall)
    write_tasks(rows, out)
    print(_("{count} task(s) written to {path}.").format(count=len(rows), path=out))
