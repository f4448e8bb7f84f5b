"""The reader of a desk, in a process of its own: the program waits for it, but never for ever.

Requests go over a pipe; steps and events come back. When an exchange or an operation takes longer than the
setup allows, the process is ended, ``ReaderStuck`` is raised and another process is started. Whether a write
may have happened is decided here, by the steps that were told before the first exchange of each.

Invariants: one operation at a time; nothing is asked twice; an event reaches its hearers on a thread that
waits for nothing else, so a hearer may use the reader.
"""

from __future__ import annotations

import logging
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import IO, Final, cast

from cardio.channel import Alive, Channel, Done, Failed, Happened, KeysSeen, Remember, Request, Stepped, Up
from cardio.contents import CardContents, Step, VendOrder
from cardio.errors import CardError, ReaderError, ReaderStuck
from cardio.profiles import KeySource
from cardio.reader import ReaderEvent, ReaderState
from cardio.setup import ReaderSetup
from cardio.slots import SlotState

BEFORE_WRITING: Final = frozenset({Step.CONNECT, Step.AUTHENTICATE})
"""As long as a write is in one of these, the card is as it was."""
START_S: Final = 10.0
"""What a process may take to come up, on a machine that is busy starting."""
DEATH_S: Final = 2.0
"""What a process may take to be gone after it was killed."""
RESTART_S: Final = (0.0, 0.5, 2.0, 10.0, 30.0)
"""How long to wait before a process is started again that ended by itself, by how often that happened."""
STEADY_S: Final = 60.0
"""A process that lived so long had no fault of its own."""

_BOOT: Final = "import sys; sys.path[:] = sys.argv[1:]; from cardio.hosted import main; main()"

log = logging.getLogger(__name__)


class _Ended:
    """The process is gone."""


class _Process:
    """One child and the thread that listens to it."""

    def __init__(self, setup: ReaderSetup, memory: object, heard: Callable[[object], None]) -> None:
        """Start it with what the one before it knew; raises ReaderError when that is impossible."""
        command = [sys.executable, "-P", "-c", _BOOT, *sys.path]
        try:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # what is typed at the terminal is not for it
            )
        except OSError as error:
            raise ReaderError(f"the reader's process cannot be started: {error.strerror}") from error
        pipes = cast("tuple[IO[bytes], IO[bytes]]", (self._child.stdout, self._child.stdin))
        self.started_at = time.monotonic()
        self.channel = Channel(pipes[0], pipes[1])  # type: ignore[arg-type]
        self._heard = heard
        self.memory = memory
        self.up = threading.Event()
        self.answers: queue.Queue[object] = queue.Queue()
        with suppress(OSError):  # it ended already: the listener hears that
            self.channel.send(setup)
            self.channel.send(memory)

    def listen(self) -> None:
        """Begin to hear it; once."""
        threading.Thread(target=self._listen, name="card reader", daemon=True).start()

    @property
    def pid(self) -> int:
        """The child's process number."""
        return self._child.pid

    def _listen(self) -> None:
        """Events and facts go on; what belongs to an operation waits for it."""
        with suppress(EOFError):
            while True:
                message = self.channel.take()
                if isinstance(message, Up):
                    self.up.set()
                elif isinstance(message, Remember):
                    self.memory = message.memory
                elif isinstance(message, Happened | KeysSeen):
                    self._heard(message)
                else:
                    self.answers.put(message)
        self.answers.put(_Ended())
        self.up.set()  # nobody need wait for it any more
        self._heard(_Ended())

    def end(self) -> None:
        """Kill it, whatever it waits for, and give everything back."""
        self._child.kill()
        with suppress(subprocess.TimeoutExpired):  # the system itself waits for the reader
            self._child.wait(DEATH_S)
        self.channel.close()


class _Hearer:
    """Somebody who begins to listen, or leaves."""

    def __init__(self, heard: Callable[[ReaderEvent], None], *, leaves: bool = False) -> None:
        self.heard, self.leaves = heard, leaves


class ReaderHost:
    """``cardio.reader.Reader`` on a real reader; thread-safe."""

    simulated = False

    def __init__(self, setup: ReaderSetup) -> None:
        """Start the process and go on without waiting for it."""
        self._setup = setup
        self._turn = threading.Lock()
        self._state = threading.Lock()
        self._closed = threading.Event()
        self._hearers: list[Callable[[ReaderEvent], None]] = []
        self._event: ReaderEvent | None = None
        self._insertions_before = 0
        self._demonstration = setup.keys.source is KeySource.DEMONSTRATION
        self._numbers = iter(range(1, sys.maxsize))
        self._deaths = 0
        self._news: queue.Queue[tuple[_Process | None, object]] = queue.Queue()
        self._process: _Process | None = None
        self._last: _Process | None = None
        with self._turn:
            self._start()
        threading.Thread(target=self._tell, name="card reader news", daemon=True).start()

    @property
    def demonstration_keys(self) -> bool:
        """Whether the keys are known to everybody; of a SAM or token that is known once it was used."""
        return self._demonstration

    @property
    def pid(self) -> int:
        """The process that owns the reader now; 0 for none."""
        with self._state:
            return 0 if self._process is None else self._process.pid

    # --- events -----------------------------------------------------------------------------------------

    def watch(self, heard: Callable[[ReaderEvent], None]) -> Callable[[], None]:
        """Hear every change, the present state first as soon as it is known; the answer ends it."""
        self._news.put((None, _Hearer(heard)))
        return lambda: self._forget(heard)

    def _forget(self, heard: Callable[[ReaderEvent], None]) -> None:
        self._news.put((None, _Hearer(heard, leaves=True)))

    def _tell(self) -> None:
        """Take the news of all processes in turn, until closed."""
        while not self._closed.is_set():
            process, message = self._news.get()
            if isinstance(message, Happened) and process is self._process:
                self._say(message.event)
            elif isinstance(message, KeysSeen):
                self._demonstration = message.demonstration
            elif isinstance(message, _Ended):
                self._replace(process)
            elif isinstance(message, _Hearer):
                self._welcome(message)

    def _welcome(self, hearer: _Hearer) -> None:
        """Somebody begins or ends to listen."""
        if not hearer.leaves:
            self._hearers.append(hearer.heard)
            if self._event is not None:
                _call(hearer.heard, self._event)
        elif hearer.heard in self._hearers:
            self._hearers.remove(hearer.heard)

    def _say(self, event: ReaderEvent) -> None:
        """Count insertions over all processes, and tell everybody; only on the thread of the news."""
        event = replace(event, insertion=event.insertion + self._insertions_before)
        if event != self._event:
            self._event = event
            for heard in self._hearers:
                _call(heard, event)

    # --- the process --------------------------------------------------------------------------------------

    def _start(self) -> None:
        """Start a process; its insertions count on from those of the last. Only with the turn."""
        memory = None if self._last is None else self._last.memory
        process = _Process(self._setup, memory, lambda message: self._news.put((process, message)))
        self._last = process
        with self._state:
            self._insertions_before = 0 if self._event is None else self._event.insertion
            self._process = process
        process.listen()
        if self._closed.is_set():
            process.end()

    def _replace(self, process: _Process | None) -> None:
        """A process ended by itself: start another, later each time when they do not live."""
        with self._state:
            if process is None or process is not self._process:
                return
            self._process = None
            self._insertions_before = 0 if self._event is None else self._event.insertion
        process.end()
        steady = time.monotonic() - process.started_at > STEADY_S
        self._deaths = 1 if steady else self._deaths + 1
        pause = RESTART_S[min(self._deaths - 1, len(RESTART_S) - 1)]
        if pause:
            self._say(ReaderEvent(ReaderState.NO_SERVICE))
        if not self._closed.wait(pause):
            with self._turn, suppress(ReaderError):
                self._living()

    def _living(self) -> _Process:
        """The process, started when there is none; only with the turn."""
        if self._closed.is_set():
            raise ReaderError("the reader was given back")
        if self._process is None:
            self._start()
        process = self._process
        if process is None:
            raise ReaderError("the reader was given back")
        return process

    def _drop(self, process: _Process) -> None:
        """End a process and start the next at once."""
        with self._state:
            self._process = None
        process.end()
        if not self._closed.is_set():
            self._start()

    # --- operations -----------------------------------------------------------------------------------------

    def read(self) -> CardContents:
        """The card in the reader, whole; raises CardError."""
        return cast("CardContents", self._ask("read"))

    def inspect(self) -> CardContents:
        """As ``read``, with the files besides that no vend needs, raw; raises CardError."""
        return cast("CardContents", self._ask("inspect"))

    def write(self, order: VendOrder, on_step: Callable[[Step], None]) -> CardContents:
        """As ``cardio.families.Card.write``, on the card in the reader; ``on_step`` on this thread."""
        return cast("CardContents", self._ask("write", order, on_step=on_step))

    def readers(self) -> list[SlotState]:
        """Every reader and what is in it; raises NoService."""
        return cast("list[SlotState]", self._ask("readers"))

    def probe(self) -> tuple[str, bytes, str, str]:
        """Reader, answer to reset, profile and serial number of the card that is in; raises CardError."""
        return cast("tuple[str, bytes, str, str]", self._ask("probe"))

    def keys(self) -> bool:
        """Whether the keys for the card that is in are demonstration keys; raises KeysMissing without any.

        No try of the card is spent.
        """
        return cast("bool", self._ask("keys"))

    def close(self) -> None:
        """End the process and give the reader back; safe to call twice. An operation under way is cut off."""
        self._closed.set()
        with self._state:
            process, self._process = self._process, None
        if process is not None:
            process.end()
        self._news.put((None, None))

    def _ask(
        self, operation: str, *arguments: object, on_step: Callable[[Step], None] | None = None
    ) -> object:
        """One operation; raises its fault, or ReaderStuck when it does not end."""
        with self._turn:
            process = self._living()
            request = Request(next(self._numbers), operation, arguments)
            work = _Operation(self._setup, process, request, on_step or _nothing)
            try:
                return work.result()
            except ReaderStuck:
                self._drop(process)
                raise


class _Operation:
    """One request to one process, watched until its end."""

    def __init__(
        self, setup: ReaderSetup, process: _Process, request: Request, on_step: Callable[[Step], None]
    ) -> None:
        self._setup, self._process, self._request, self._on_step = setup, process, request, on_step
        self._writing = False

    def result(self) -> object:
        """Ask and wait; raises CardError, with ``maybe_written`` only after a step that writes began."""
        try:
            return self._asked()
        except CardError as error:
            error.maybe_written = error.maybe_written and self._writing
            raise

    def _asked(self) -> object:
        if not self._process.up.wait(START_S):
            raise ReaderStuck("the reader's process does not come up")
        try:
            self._process.channel.send(self._request)
        except (OSError, ValueError) as error:
            raise ReaderStuck("the reader's process is gone") from error
        deadline = time.monotonic() + self._setup.operation_s
        while True:
            message = self._next(deadline)
            if isinstance(message, _Ended):
                raise ReaderStuck("the reader's process ended")
            if isinstance(message, Done):
                return message.value
            self._note(message)

    def _next(self, deadline: float) -> object:
        """The next message, as long as there is one in time."""
        patience = min(self._setup.exchange_s, deadline - time.monotonic())
        try:
            return self._process.answers.get(timeout=max(patience, 0.0))
        except queue.Empty:
            raise ReaderStuck("no answer in time; the process that waited was ended") from None

    def _note(self, message: object) -> None:
        """A step or a fault; a sign of life needs nothing."""
        if isinstance(message, Failed):
            raise message.error
        if isinstance(message, Stepped):
            self._writing = self._writing or message.step not in BEFORE_WRITING
            try:
                self._on_step(message.step)
            except Exception:
                log.exception("showing a step failed")
        else:
            assert isinstance(message, Alive), message


def _call(heard: Callable[[ReaderEvent], None], event: ReaderEvent) -> None:
    """A hearer's own fault is its own."""
    try:
        heard(event)
    except Exception:
        log.exception("a hearer of the card reader failed")


def _nothing(_step: Step) -> None:
    """Nobody wants to see the steps."""
