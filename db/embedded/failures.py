"""What can go wrong with the embedded server, and the sentences for it.

The keeper is another process: a failure crosses over as a kind and a detail, and becomes a
``counter.errors`` fault in the program that has a screen.
"""

from __future__ import annotations

import errno
from enum import StrEnum

from counter.errors import ServerUnreachable
from counter.i18n import N_, _

KEEPER_FAILED = 1  # exit codes of the keeper
OTHER_KEEPER = 3

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class FailureKind(StrEnum):
    """The decisions that a person has to make, one each."""

    NO_BINARIES = "no_binaries"
    WRONG_MAJOR = "wrong_major"
    NOT_WRITABLE = "not_writable"
    DISK_FULL = "disk_full"
    PASSWORD_LOST = "password_lost"  # noqa: S105  (a kind of failure)
    START_FAILED = "start_failed"
    TIMED_OUT = "timed_out"
    IN_USE = "in_use"


class EmbeddedFailure(Exception):
    """A step failed; ``detail`` is a path, a version or the last lines of a log, never a secret."""

    def __init__(self, kind: FailureKind, detail: str = "") -> None:
        """Keep kind and detail apart so that they can be sent from one process to another."""
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail


def of_system(error: OSError) -> EmbeddedFailure:
    """The failure that an error of the operating system means for a folder of ours."""
    kind = FailureKind.DISK_FULL if error.errno in FULL else FailureKind.NOT_WRITABLE
    return EmbeddedFailure(kind, str(error.filename or error.strerror or error))


def of_output(text: str) -> EmbeddedFailure:
    """The failure that the words of a PostgreSQL tool mean; they are asked for in English."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in lines:
        if "No space left on device" in line or "Disk quota exceeded" in line:
            return EmbeddedFailure(FailureKind.DISK_FULL, line)
    return EmbeddedFailure(FailureKind.START_FAILED, " / ".join(lines[-3:]))


def as_fault(failure: EmbeddedFailure) -> ServerUnreachable:
    """The three sentences for the person at the desk."""
    title, hint = SENTENCES[failure.kind]
    message = _("Nothing was sent, and nothing was changed. Detail: {detail}").format(
        detail=failure.detail or "-"
    )
    return ServerUnreachable(_(title), message, _(hint))


SENTENCES = {
    FailureKind.NO_BINARIES: (
        N_("No PostgreSQL server program was found on this machine."),
        N_("Run script/setup again, install PostgreSQL 15 or newer, or set COUNTER_DATABASE_URL."),
    ),
    FailureKind.WRONG_MAJOR: (
        N_("The stored data belongs to another version of PostgreSQL."),
        N_("Set COUNTER_PG_BIN to the programs of that version; the data is untouched."),
    ),
    FailureKind.NOT_WRITABLE: (
        N_("The folder of the embedded database cannot be used."),
        N_("Choose another folder in the settings (data_dir), or give this user the right to write to it."),
    ),
    FailureKind.DISK_FULL: (
        N_("The disk is full: the embedded database cannot start."),
        N_("Free some space and start again; what was saved earlier is still there."),
    ),
    FailureKind.PASSWORD_LOST: (
        N_("The password file of the embedded database is missing."),
        N_("Put the file back, or begin anew with script/demo --reset."),
    ),
    FailureKind.START_FAILED: (
        N_("The embedded database did not start."),
        N_("Look into the log folder beside the data, then start the program again."),
    ),
    FailureKind.TIMED_OUT: (
        N_("The embedded database does not answer."),
        N_("Wait a little and start the program again; after a power failure it may need minutes."),
    ),
    FailureKind.IN_USE: (
        N_("The embedded database is in use by another program."),
        N_("Close the other programs, then try again."),
    ),
}
