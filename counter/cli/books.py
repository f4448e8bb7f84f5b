"""``counter ledger``: proving the books."""

from __future__ import annotations

import sys

import typer

from counter.cli.administration import administrator
from counter.cli.console import progress_bar
from counter.i18n import _

app = typer.Typer(help="The ledger.", no_args_is_help=True)


@app.callback()
def ledger() -> None:
    """Prove the ledger."""


@app.command()
def verify() -> None:
    """Compute everything again; exit 1 with the first thing that is wrong. Needs an auditor."""
    from counter.services.ledger import verify as prove

    with administrator() as engine, progress_bar() as step:
        proof = prove(engine, step)
    seen = proof.extent
    counts = _("{journals} journals, {postings} postings, {tills} tills in {seconds:.1f} s").format(
        journals=seen.journals, postings=seen.postings, tills=seen.tills, seconds=proof.seconds
    )
    if proof.finding is None:
        print(_("The ledger is right: {counts}.").format(counts=counts))
        return
    wrong = proof.finding
    print(
        _("The ledger is WRONG ({check}): {where} {detail}").format(
            check=wrong.check, where=wrong.where, detail=wrong.detail
        ),
        file=sys.stderr,
    )
    raise typer.Exit(1)
