"""How commands speak: sentences on the error stream, a progress bar where somebody is watching."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from counter.errors import CounterError

Step = Callable[[str, int, int], None]
"""Hears (what is being done, how much is done, how much there is)."""


def print_error(error: CounterError) -> None:
    """The three sentences, one a line."""
    for sentence in (error.title, error.message, error.hint):
        if sentence:
            print(sentence, file=sys.stderr)


@contextmanager
def progress_bar() -> Iterator[Step]:
    """A bar for each thing that is being done; silent where the error stream is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        tasks: dict[str, TaskID] = {}

        def step(name: str, done: int, total: int) -> None:
            if name not in tasks:
                for task in tasks.values():
                    bar.update(task, completed=bar.tasks[task].total or 1, total=bar.tasks[task].total or 1)
                tasks[name] = bar.add_task(name, total=total or None)
            bar.update(tasks[name], completed=done, total=total or None)

        yield step
        for task in tasks.values():
            bar.update(task, completed=bar.tasks[task].total or 1, total=bar.tasks[task].total or 1)
