"""How the screens wait for the world: one thread a job, and a past-tense message when it is over.

Rules, for every use:

* a job calls blocking things (the desk session) and touches no widget;
* what came of it arrives as a message, and the handler of that message owns the state;
* a write is guarded by the state of its form, never by cancelling: a thread cannot be cancelled;
* threads are daemons, so that a server that never answers does not keep the program from ending.
"""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from typing import TypeVar

from textual.message import Message
from textual.message_pump import MessagePump

from counter.errors import CounterError, OutcomeUnknown, Refusal, ServerUnreachable, StaleServer

Answer = TypeVar("Answer")


class JobFailed(Message):
    """A job met a refusal or a fault and its caller has no message of its own for that."""

    def __init__(self, error: CounterError) -> None:
        """Keep what was said."""
        super().__init__()
        self.error = error


class Unheard(Message):
    """A job failed that nobody waits for; the next one of its kind will do."""

    def __init__(self, error: CounterError) -> None:
        """Keep what was said, for whoever looks."""
        super().__init__()
        self.error = error


class JobBroke(Message):
    """A job met a bug: the program must stop, and say so."""

    def __init__(self, error: Exception) -> None:
        """Keep the bug for the handler of last resort."""
        super().__init__()
        self.error = error


class LinkSeen(Message):
    """A job learned whether the server can be reached."""

    def __init__(self, *, up: bool, unsure: bool = False) -> None:
        """``up`` when the server answered, be it with a refusal; ``unsure`` when an outcome is not known."""
        super().__init__()
        self.unsure = unsure
        self.up = up


def start(
    owner: MessagePump,
    work: Callable[[], Answer],
    told: Callable[[Answer], Message],
    failed: Callable[[CounterError], Message] = JobFailed,
) -> None:
    """Run ``work`` in a thread; ``owner`` gets ``told(answer)``, or ``failed(error)`` for a CounterError."""
    app = owner.app

    def run() -> None:
        """The thread: post what came of it, and nothing else."""
        try:
            answer = work()
        except CounterError as error:
            _report_link(app, error)
            owner.post_message(failed(error))
        except Exception as error:  # noqa: BLE001  (a bug is passed on, to end the program)
            app.post_message(JobBroke(error))
        else:
            app.post_message(LinkSeen(up=True))
            owner.post_message(told(answer))

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(unless_closed(run),), daemon=True).start()


def unless_closed(run: Callable[[], object]) -> Callable[[], None]:
    """``run`` for a loop that may be gone when the thread has its answer: then nobody is left to tell."""

    def guarded() -> None:
        """The same, quiet after the end of the program."""
        try:
            run()
        except RuntimeError as error:
            if "loop is closed" not in str(error):
                raise

    return guarded


def _report_link(app: MessagePump, error: CounterError) -> None:
    """What an error says about the connection; a printer that fails says nothing."""
    if isinstance(error, Refusal):
        app.post_message(LinkSeen(up=True))
    elif isinstance(error, ServerUnreachable | OutcomeUnknown | StaleServer):
        app.post_message(LinkSeen(up=False, unsure=isinstance(error, OutcomeUnknown)))
