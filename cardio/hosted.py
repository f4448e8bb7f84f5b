"""The process that owns the reader: everything that may block for ever or crash does so here.

Three threads: one takes requests, one watches the readers, one works with the card. It ends at once when the
program ends, because then its pipe does; a card is left as far as it had come, as when it is torn out.

Run by ``cardio.host`` alone.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pickle import PicklingError
from typing import Any, Final, TextIO

from cardio.apdu import Command, Response
from cardio.channel import Alive, Channel, Done, Happened, KeysSeen, Remember, Request, Stepped, Up, failure
from cardio.contents import CardContents, Step, VendOrder
from cardio.errors import NoReader, NoService, ReaderBusy
from cardio.link import Link
from cardio.reader import ReaderEvent, ReaderState
from cardio.setup import ReaderSetup, chosen
from cardio.slots import SlotState

SIGN_OF_LIFE_S: Final = 0.5
SWITCH_S: Final = 0.0005
"""Between threads of this process: a card is not kept waiting for the watch."""
BUSY_ATTEMPTS: Final = 4
BUSY_PAUSE_S: Final = 0.15
"""Others look in when a card is inserted: a connection, which changes nothing, is tried again so often."""


class LivingLink:
    """A ``Link`` that tells the program now and then that exchanges go on."""

    def __init__(self, link: Link, tell: Callable[[], None], *, insertion: int = 0) -> None:
        """``tell`` is called before an exchange when the last call was a while ago."""
        self._link, self._tell, self.insertion = link, tell, insertion
        self._told = time.monotonic()

    @property
    def atr(self) -> bytes:
        """The answer to reset."""
        return self._link.atr

    @property
    def reader(self) -> str:
        """The reader's name as PC/SC has it."""
        return self._link.reader

    def send(self, command: Command) -> Response:
        """As the link beneath."""
        now = time.monotonic()
        if now - self._told >= SIGN_OF_LIFE_S:
            self._told = now
            self._tell()
        return self._link.send(command)

    def close(self) -> None:
        """Close the link beneath."""
        self._link.close()


class Hosted:
    """What the process does: watch, and one operation after the other."""

    def __init__(self, channel: Channel, setup: ReaderSetup, memory: Any) -> None:
        """Nothing runs before ``run``; ``memory`` is what the process before this one told, or None."""
        self._channel, self._setup = channel, setup
        self._requests: queue.Queue[Request] = queue.Queue()
        module, _colon, name = setup.opener.partition(":")
        self._opening: Any = getattr(import_module(module), name)(setup, self._sam_link)
        if memory is not None:
            self._opening.recall(memory)
        self._remembered: Any = self._opening.memory
        self._monitor: Any = None
        self._number = 0
        self._keys_told: bool | None = None
        self._operations: dict[str, Callable[..., Any]] = {
            "read": self._read,
            "write": self._write,
            "readers": self._readers,
            "probe": self._probe,
            "keys": self._keys,
            "inspect": self._inspect,
        }

    def run(self) -> None:
        """Take requests until the program is gone."""
        self._channel.send(Up())
        for name, target in (("watch", self._watch), ("work", self._work)):
            threading.Thread(target=_or_end, args=(target,), name=name, daemon=True).start()
        while True:
            self._requests.put(self._channel.take())

    def _watch(self) -> None:
        """Tell what the monitor says; without the library there is no service."""
        try:
            from cardio.monitor import Monitor

            self._monitor = Monitor(self._setup, self._tell_event, self._opening.is_user_card)
        except ImportError:
            self._tell_event(ReaderEvent(ReaderState.NO_SERVICE))
            return
        self._monitor.run()

    def _tell_event(self, event: ReaderEvent) -> None:
        self._channel.send(Happened(event))

    def _work(self) -> None:
        while True:
            request = self._requests.get()
            self._number = request.number
            with self._own_work():
                answer = self._answer(request)
            try:
                self._channel.send(answer)
            except (TypeError, AttributeError, PicklingError) as error:  # a value that cannot travel
                self._channel.send(failure(request.number, error))

    @contextmanager
    def _own_work(self) -> Iterator[None]:
        if self._monitor is None:
            yield
            return
        with self._monitor.own_work():
            yield

    def _answer(self, request: Request) -> object:
        """Do it; whatever happens becomes a message."""
        try:
            return Done(
                request.number, self._operations[request.operation](request.number, *request.arguments)
            )
        except Exception as error:  # noqa: BLE001 (a bug here must not leave the desk without an answer)
            return failure(request.number, error)

    # --- operations: the number of the request first -------------------------------------------------

    def _read(self, number: int) -> CardContents:
        with self._card(number) as card:
            return _portable(card.read())

    def _inspect(self, number: int) -> CardContents:
        with self._card(number) as card:
            contents: CardContents = card.read()
            return replace(contents, raw={**contents.raw, **card.more_files()})

    def _write(self, number: int, order: VendOrder) -> CardContents:
        def stepped(step: Step) -> None:
            self._channel.send(Stepped(number, step))

        with self._card(number) as card:
            return _portable(card.write(order, stepped))

    def _readers(self, _number: int) -> list[SlotState]:
        """Every reader and what is in it."""
        slots: list[SlotState] = _pcsc().slots()
        return slots

    def _probe(self, number: int) -> tuple[str, bytes, str, str]:
        """Reader, answer to reset, profile and serial number of the card that is in."""
        with self._link(number) as link, self._opened(link) as card:
            return link.reader, link.atr, card.profile.name, card.serial

    def _keys(self, number: int) -> bool:
        """Whether the keys for the card that is in are known to everybody; without keys it raises."""
        with self._card(number):
            return bool(self._opening.keys_are_demonstration())

    @contextmanager
    def _card(self, number: int) -> Iterator[Any]:
        with self._link(number) as link, self._opened(link) as card:
            yield card

    @contextmanager
    def _opened(self, link: Link) -> Iterator[Any]:
        """The card in the link; afterwards the keys are given back, and what they are is told."""
        try:
            yield self._opening.open(link)
        finally:
            self._opening.release()
            self._tell_keys(self._opening.demonstration)
            self._tell_memory(self._opening.memory)

    def _tell_memory(self, memory: Any) -> None:
        if memory != self._remembered:
            self._remembered = memory
            self._channel.send(Remember(memory))

    def _tell_keys(self, demonstration: bool | None) -> None:  # noqa: FBT001 (the one fact there is)
        if demonstration is not None and demonstration != self._keys_told:
            self._keys_told = demonstration
            self._channel.send(KeysSeen(demonstration))

    @contextmanager
    def _link(self, number: int) -> Iterator[Link]:
        """A connection to the card, with a record of it where one is wanted."""
        reader, _sam = self._chosen()
        if not reader:
            raise NoReader(self._setup.reader)
        link: Link = LivingLink(_connected(reader), lambda: self._channel.send(Alive(number)))
        with _traced(self._setup, link) as traced:
            try:
                yield traced
            finally:
                traced.close()

    def _sam_link(self) -> Link:
        """A connection to the SAM, which knows how often one was put in; raises NoReader or NoCard."""
        slots: dict[str, SlotState] = {slot.reader: slot for slot in _pcsc().slots()}
        _reader, sam = chosen(self._setup, list(slots))
        if not sam:
            raise NoReader(self._setup.sam)
        number = self._number
        return LivingLink(
            _connected(sam), lambda: self._channel.send(Alive(number)), insertion=slots[sam].count
        )

    def _chosen(self) -> tuple[str, str]:
        return chosen(self._setup, _pcsc().readers())


def _or_end(work: Callable[[], None]) -> None:
    """A thread that fails would leave the desk blind or waiting: the whole process ends and is replaced."""
    try:
        work()
    except BaseException:  # noqa: BLE001 (whatever it is)
        os._exit(1)


def _pcsc() -> Any:
    """The link's module; raises NoService where its library is missing."""
    try:
        from cardio.link import pcsc
    except ImportError as error:
        raise NoService("the reader's library is not installed") from error
    return pcsc


def _connected(reader: str) -> Link:
    """A link; a reader that is busy is tried again for half a second."""
    for attempt in range(BUSY_ATTEMPTS):
        try:
            link: Link = _pcsc().PcscLink(reader)
        except ReaderBusy:
            if attempt == BUSY_ATTEMPTS - 1:
                raise
            time.sleep(BUSY_PAUSE_S)
        else:
            return link
    raise AssertionError("the last attempt returns or raises")


@contextmanager
def _traced(setup: ReaderSetup, link: Link) -> Iterator[Link]:
    """The link with a record, when the setup wants one and the file can be written."""
    file = _trace_file(setup)
    if file is None:
        yield link
        return
    from cardio.link.trace import TraceLink

    try:
        yield TraceLink(link, file)
    finally:
        _close_quietly(file)


def _trace_file(setup: ReaderSetup) -> TextIO | None:
    from cardio.link.trace import open_trace

    try:
        return None if setup.trace is None else open_trace(setup.trace)
    except OSError:
        return None


def _close_quietly(file: TextIO) -> None:
    try:
        file.close()
    except OSError:  # a full disk
        return


def _portable(contents: CardContents) -> CardContents:
    """With a plain mapping, which goes through a pipe."""
    return replace(contents, raw=dict(contents.raw))


def main() -> None:
    """Run until the program that started this is gone. What is printed by accident goes nowhere."""
    channel = Channel(os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb"))
    sys.setswitchinterval(SWITCH_S)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    try:
        Hosted(channel, channel.take(), channel.take()).run()
    except (EOFError, OSError, KeyboardInterrupt):
        sys.exit(0) if threading.active_count() == 1 else os._exit(0)
