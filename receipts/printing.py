"""Sending a receipt to a queue of CUPS, and asking what became of it.

The ``lp`` command speaks to whatever the machine is set up for: a local socket, a server over TLS,
Kerberos. It gets the document on its standard input and no terminal, so that it can neither leave a
copy on the disk nor ask for a password in the middle of a screen. Every fault is PrintFailed.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from counter.errors import PrintFailed
from counter.i18n import _
from receipts.failures import not_printed, unsure
from receipts.printers import Form

_REQUEST_ID = re.compile(r"request id is (\S+) ")
_NO_QUEUE = "printer or class does not exist"
_CLOSED = "not accepting jobs"
_RUNNING = "scheduler is running"
_WORDS_MAX = 200
_logger = logging.getLogger(__name__)


class JobState(StrEnum):
    """What became of a job; ``PRINTED`` means that the queue has handed all of it to the device."""

    WAITING = "waiting"
    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"


_STATES = {
    "pending": JobState.WAITING,
    "pending-held": JobState.WAITING,
    "processing": JobState.WAITING,
    "processing-stopped": JobState.WAITING,
    "completed": JobState.PRINTED,
    "canceled": JobState.FAILED,
    "aborted": JobState.FAILED,
}
_ASK_STATE = b"""{
OPERATION Get-Job-Attributes
GROUP operation-attributes-tag
ATTR charset attributes-charset utf-8
ATTR language attributes-natural-language en
ATTR uri job-uri $uri
ATTR keyword requested-attributes job-state
DISPLAY job-state
}
"""


@dataclass(frozen=True, slots=True)
class Printer:
    """One queue. ``server`` is ``host:port``, empty for the machine's own CUPS.

    ``options`` go to ``lp -o`` one by one, for example ``media=A5``. ``timeout_s`` bounds every
    call, so that no worker waits for a printer server that has gone silent. ``form`` is the paper in it.
    """

    queue: str
    server: str = ""
    options: tuple[str, ...] = ()
    timeout_s: float = 10.0
    form: Form = Form.A5

    def send(self, content: bytes, *, title: str) -> str:
        """Queue ``content`` under ``title`` and return the job's id; raises PrintFailed only.

        The id says that the queue has taken the job, not that the paper lies in the tray.
        """
        options = [part for option in self.options for part in ("-o", option)]
        command = ["lp", *self._host(), "-d", self.queue, "-t", title, *options]
        done = self._run(command, content)
        accepted = _REQUEST_ID.search(done.stdout)
        if done.returncode == 0 and accepted:
            return accepted.group(1)
        words = (done.stderr or done.stdout).strip()
        _logger.warning("queue %s refused a receipt: %s", self.queue, words)
        raise self._refused(words)

    def job_state(self, job_id: str) -> JobState:
        """What became of a job of ``send``, asked once; UNKNOWN when nobody can tell. Never raises.

        ``lpstat`` lists a cancelled job like a printed one, so that IPP itself is asked.
        """
        number = job_id.rpartition("-")[2]
        uri = f"ipp://{self.server or 'localhost'}/jobs/{number}"
        wait_s = str(max(1, int(self.timeout_s)))
        try:
            done = self._run(["ipptool", "-c", "-T", wait_s, uri, "/dev/stdin"], _ASK_STATE)
        except PrintFailed:
            return JobState.UNKNOWN
        return _STATES.get(done.stdout.strip().rpartition("\n")[2], JobState.UNKNOWN)

    def _host(self) -> list[str]:
        """The option that names the server, where one is set."""
        return ["-h", self.server] if self.server else []

    def _run(self, command: Sequence[str], content: bytes) -> subprocess.CompletedProcess[str]:
        """Run a CUPS command in plain English and without a terminal; raises PrintFailed."""
        try:
            done = subprocess.run(
                command,
                input=content,
                capture_output=True,
                timeout=self.timeout_s,
                start_new_session=True,
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            _logger.warning("queue %s: no answer in %s s", self.queue, self.timeout_s)
            raise self._silent() from error
        except (OSError, ValueError) as error:
            _logger.warning("queue %s: %s cannot be run", self.queue, command[0])
            raise self._no_command(command[0]) from error
        out, err = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    def _refused(self, words: str) -> PrintFailed:
        """Why the queue did not take the job. CUPS says "no such printer" for a dead server too."""
        if _CLOSED in words:
            return _failed(_("Queue {queue} does not accept jobs: open it, or set another."), self.queue)
        if _NO_QUEUE in words and not self._server_runs():
            return _failed(
                _("The print server of queue {queue} does not answer: see that it is running."),
                self.queue,
            )
        if _NO_QUEUE in words:
            return _failed(_("There is no queue {queue}: check its name in the settings."), self.queue)
        hint = _("Queue {queue} refused the receipt ({words}): ask whoever looks after the printers.")
        return _failed(hint, self.queue, words=words[:_WORDS_MAX])

    def _server_runs(self) -> bool:
        """Whether the print server answers at all."""
        try:
            return _RUNNING in self._run(["lpstat", *self._host(), "-r"], b"").stdout
        except PrintFailed:
            return False

    def _silent(self) -> PrintFailed:
        """A call that did not end in time: the job may have been taken."""
        return unsure(
            _("The printer gave no answer."),
            _("Look at the printer of queue {queue} before printing again.").format(queue=self.queue),
        )

    def _no_command(self, command: str) -> PrintFailed:
        """The CUPS client is not there, or cannot be started."""
        hint = _("The command {command} for queue {queue} cannot be run: install the CUPS client.")
        return _failed(hint, self.queue, command=command)


def _failed(hint: str, queue: str, **fields: str) -> PrintFailed:
    """A job that certainly was not taken."""
    return not_printed(hint.format(queue=queue, **fields))
