"""Runs the measurements one after the other and prints a line of JSON for each figure."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from benchmarks.measure import Measure, say
from benchmarks.stage import Stage

GROUPS = {
    "receipt": ("benchmarks.paper", "receipts"),
    "start": ("benchmarks.start", "start"),
    "posted": ("benchmarks.posting", "postings"),
    "key": ("benchmarks.posting", "keys"),
    "memory": ("benchmarks.posting", "memory"),
    "payments": ("benchmarks.payments", "throughput"),
    "split": ("benchmarks.payments", "split_throughput"),
    "desks": ("benchmarks.desks", "sixteen"),
    "many_accounts": ("benchmarks.many_accounts", "payments"),
    "z_report": ("benchmarks.day", "z_report"),
    "day_list": ("benchmarks.day", "day_list"),
    "day_close": ("benchmarks.day_close", "closing"),
    "statements": ("benchmarks.statements", "reading"),
    "reconcile": ("benchmarks.reconcile", "keys"),
    "card_found": ("benchmarks.card_found", "found"),
    "vend_books": ("benchmarks.vend_books", "books"),
    "verify": ("benchmarks.ledger", "verify_speed"),
    "matching": ("benchmarks.matching", "matching"),
    "cards": ("benchmarks.cards", "vends"),
    "search": ("benchmarks.search", "searches"),
    "import": ("benchmarks.importing", "imports"),
}
"""What ``--only`` may name: a group of figures and the function that takes them."""


def main() -> int:
    """Run what was asked for; 1 when a limit was missed."""
    wanted = arguments()
    missed = []
    with Stage(keep=wanted.keep, accounts=wanted.accounts, scale=wanted.scale) as stage:
        for name, (module, function) in GROUPS.items():
            if wanted.only and name not in wanted.only:
                continue
            load = " ".join(f"{each:.1f}" for each in os.getloadavg())
            say(f"--- {name} (load of the machine: {load})")
            take: Callable[[Stage], Iterator[Measure]] = getattr(import_module(module), function)
            for measure in take(stage):
                print(measure.line(), flush=True)
                if not measure.ok:
                    missed.append(measure.measure)
    if missed:
        say(f"beyond the limit: {', '.join(missed)}")
    return 1 if missed else 0


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(GROUPS), help="this group; may be repeated")
    parser.add_argument("--scale", type=int, default=1_000_000, help="accounts that are searched")
    parser.add_argument("--accounts", type=int, default=360_000, help="accounts that are imported")
    parser.add_argument("--keep", type=Path, help="keep the server in this folder, and use it again")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
