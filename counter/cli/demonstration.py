"""``counter demo``: a whole bureau on this machine, and the screen at its sign-in."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
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
    if not (settings.data_dir / READY_MARK).exists():
        set_up(settings)
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
    """Start the server, migrate, import; goes on where an earlier attempt was broken off."""
    from counter.services.bootstrap import server
    from counter.services.demo import is_ready
    from counter.services.demo import set_up as build
    from db.engine import make_engine

    print(_("Setting up the demonstration bureau; this happens once."), file=sys.stderr)
    engine = make_engine(server(settings).url, pool_size=1)
    try:
        if not is_ready(engine):
            with progress_bar() as step:
                build(engine, step)
    finally:
        engine.dispose()
    (settings.data_dir / READY_MARK).touch()
