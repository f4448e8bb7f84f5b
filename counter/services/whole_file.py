"""Files for people: there whole, or not at all and told in words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from counter.errors import Fault
from counter.i18n import _


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A file beside ``path`` to write; in the end it is forced to the disk and takes its place.

    Raises Fault when the disk will not have it, and leaves nothing behind.
    """
    beside = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield beside
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise Fault(
            _("The file cannot be written."),
            _("{path}: {why}. What it lists is as it was.").format(path=path, why=error.strerror or error),
            _("Free space or choose another folder, then export again."),
        ) from error
