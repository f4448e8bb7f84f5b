"""``counter demo``: a whole bureau on this machine, and the screen at its sign-in."""

from __future__ import annotations

import hashlib
import shutil
import sys
from dataclasses import replace
from importlib.resources import files
from typing import Annotated

import typer

from counter.cli.console import progress_bar
from counter.config import Settings, load_settings
from counter.i18n import LANGUAGES, _, set_language

READY_MARK = "ready"


def demo(
    *,
    reset: Annotated[
        bool, typer.Option("--reset", help="Throw the demonstration away and start over.")
    ] = False,
    lang: Annotated[str, typer.Option("--lang", help="zh_CN or en.")] = "",
    prepare_only: Annotated[
        bool, typer.Option("--prepare-only", help="Set up and do not open the screen.")
    ] = False,
) -> None:
    """Set the demonstration bureau up (the first time some seconds) and open the screen."""
    settings = demo_settings(load_settings())
    if lang:
        if lang not in LANGUAGES:
            raise typer.BadParameter(lang, param_hint="--lang")
        settings = replace(settings, language=lang)
    set_language(settings.language)
    if reset:
        throw_away(settings)
    mark = settings.data_dir / READY_MARK
    if not mark.exists() or mark.read_text("ascii") != schema_stamp():
        set_up(settings)
        mark.write_text(schema_stamp(), "ascii")
    if not prepare_only:
        from counter.program import open_screen

        sys.exit(open_screen(settings))


def demo_settings(settings: Settings) -> Settings:
    """The settings of the demonstration: its own folder and the embedded server."""
    folder = settings.data_dir / "demo"
    return replace(settings, demo=True, database_url="", data_dir=folder, receipts_dir=folder / "receipts")


def throw_away(settings: Settings) -> None:
    """Stop the demonstration's server and delete its folder; raises Refusal while somebody uses it."""
    from db import embedded

    embedded.remove(settings.data_dir / "server")
    shutil.rmtree(settings.data_dir, ignore_errors=True)


def set_up(settings: Settings) -> None:
    """Start the server, migrate, import; goes on where an earlier attempt ended, keeps what is there."""
    from counter.services.bootstrap import server
    from counter.services.demo import is_ready, stock_cards
    from counter.services.demo import set_up as build
    from db.engine import make_engine
    from db.migrate import upgrade

    print(_("Setting up the demonstration bureau; this happens once."), file=sys.stderr)
    engine = make_engine(server(settings).url, pool_size=1)
    try:
        if is_ready(engine):
            upgrade(engine)
            with engine.begin() as connection:
                stock_cards(connection)
        else:
            with progress_bar() as step:
                build(engine, step)
    finally:
        engine.dispose()


def schema_stamp() -> str:
    """Which schema this program brings, read without the database part: the first paint waits for it."""
    folders = (files("db") / "sql", files("migrations") / "versions")
    parts = (item for folder in folders for item in folder.iterdir() if item.name.endswith((".sql", ".py")))
    digest = hashlib.sha256()
    for part in sorted(parts, key=lambda item: item.name):
        digest.update(part.read_bytes())
    return digest.hexdigest()
