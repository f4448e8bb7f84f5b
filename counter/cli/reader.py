"""``counter reader``: which card readers there are, and whether the desk's own one works.

Everything that asks a reader does so in the reader's process, so that a reader that hangs cannot hang these.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from counter.config import load_settings
from counter.i18n import N_, _

if TYPE_CHECKING:
    from cardio.errors import CardError
    from cardio.host import ReaderHost
    from cardio.reader import ReaderEvent, ReaderState
    from cardio.setup import ReaderSetup

app = typer.Typer(help="Look at the card readers of this computer.", no_args_is_help=True)

_STATES = {
    "no_service": N_("no card service"),
    "no_reader": N_("not connected"),
    "no_sam": N_("empty, the security module is missing"),
    "empty": N_("empty"),
    "card": N_("a card is in"),
    "mute": N_("a card that does not answer"),
    "busy": N_("used by another program"),
}
Name = Annotated[str, typer.Option("--reader", help="Part of the reader's name; else the desk's own.")]
Module = Annotated[str, typer.Option("--sam", help="Part of the name of the slot with the security module.")]


@app.command("list")
def list_readers() -> None:
    """Every reader with what is in it; exit 1 when there is none."""
    setup = _setup("", "")
    with _host(setup) as host:
        slots = host.readers()
        if not slots:
            raise _nothing_there()
    for slot in slots:
        role = _role(setup, slot.reader, [each.reader for each in slots])
        print(f"{slot.reader} ({role})" if role else slot.reader)
        print(f"    {_(_STATES[slot.state.value])}")
        if slot.atr:
            print("   ", _("Answer to reset: {atr}").format(atr=_shown(slot.atr)))
            print(
                "   ", _("Kind of card: {kind}").format(kind=_kinds(setup, slot.atr) or _("not known here"))
            )


@app.command("test")
def try_reader(
    reader: Name = "",
    sam: Module = "",
    wait_s: Annotated[int, typer.Option("--wait", help="Seconds to wait for a card.", min=1, max=600)] = 20,
) -> None:
    """Wait for a card, read it and say what was found; nothing is written. Exit 1 when that fails."""
    with _host(_setup(reader, sam)) as host:
        _wait_for_card(host, wait_s)
        name, atr, profile, serial = host.probe()
        print(_("Reader: {name}").format(name=name))
        print(_("Answer to reset: {atr}").format(atr=_shown(atr)))
        print(_("Kind of card: {profile}, number {serial}").format(profile=profile, serial=serial))
        began = time.perf_counter()
        host.read()
        spent = round((time.perf_counter() - began) * 1000)
        print(_("Read whole in {spent} ms. Nothing was written.").format(spent=spent))
        known = host.keys()
        print(_("Keys: demonstration, known to everybody") if known else _("Keys: they answer"))


def _wait_for_card(host: ReaderHost, wait_s: int) -> None:
    """Say every state until a card is in; raises CardError when none comes."""
    from cardio.reader import ReaderState

    heard: queue.Queue[ReaderEvent] = queue.Queue()
    leave = host.watch(heard.put)
    deadline = time.monotonic() + wait_s
    state: ReaderState | None = None
    try:
        while state is not ReaderState.CARD:
            event = heard.get(timeout=max(deadline - time.monotonic(), 0.01))
            state = event.state
            _say(event)
    except queue.Empty:
        raise _why_none(state) from None
    finally:
        leave()


def _say(event: ReaderEvent) -> None:
    """One line for a change."""
    words = _(_STATES[event.state.value])
    print(f"{event.reader}: {words}" if event.reader else words, flush=True)
    if event.wrong_slot:
        print(_("A customer's card is in the slot of the security module."), flush=True)


def _why_none(state: ReaderState | None) -> CardError:
    """Why there is no card to test, by the last state that was told."""
    from cardio import errors
    from cardio.reader import ReaderState

    if state is ReaderState.NO_SERVICE:
        return errors.NoService()
    if state is ReaderState.NO_READER:
        return errors.NoReader()
    if state is ReaderState.MUTE:
        return errors.CardMute()
    return errors.ReaderBusy() if state is ReaderState.BUSY else errors.NoCard()


def _nothing_there() -> CardError:
    """The service runs and has no reader."""
    from cardio.errors import NoReader

    return NoReader()


def _shown(octets: bytes) -> str:
    """As hex in pairs."""
    return octets.hex(" ").upper()


def _role(setup: ReaderSetup, name: str, names: list[str]) -> str:
    """What the desk's settings take this reader for."""
    from cardio.setup import chosen

    reader, sam = chosen(setup, names)
    if name == sam:
        return _("the security module's slot")
    return _("this desk's reader") if name == reader else ""


def _kinds(setup: ReaderSetup, atr: bytes) -> str:
    """The profiles that fit an answer to reset; the card itself is not asked."""
    from cardio.profiles.loading import load_profiles

    folders = () if setup.profiles is None else (setup.profiles,)
    return ", ".join(profile.title for profile in load_profiles(*folders) if profile.atr.fits(atr))


def _setup(reader: str, sam: str) -> ReaderSetup:
    """The desk's own reader, or the ones that were named."""
    from counter.services.bootstrap import reader_setup

    setup = reader_setup(load_settings())
    return replace(setup, reader=reader.strip() or setup.reader, sam=sam.strip() or setup.sam)


@contextmanager
def _host(setup: ReaderSetup) -> Iterator[ReaderHost]:
    """The reader's process for one command; its faults in words."""
    from cardio.errors import CardError
    from cardio.host import ReaderHost
    from counter.services.card_words import told

    host = ReaderHost(setup)
    try:
        yield host
    except CardError as fault:
        raise told(fault) from fault
    finally:
        host.close()
