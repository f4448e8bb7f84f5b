"""Problems of a whole file in the order of its lines, without holding them in memory."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from counter.services.imports.problems import Problem, Reason

_MEMORY_BYTES = 1 << 20


class ProblemSpool:
    """Keeps problems in the order in which they come; beyond a mebibyte on disk. Use it in a ``with``."""

    def __init__(self) -> None:
        """Start empty."""
        self._file = tempfile.SpooledTemporaryFile(_MEMORY_BYTES, "w+", encoding="utf-8")  # noqa: SIM115

    def __enter__(self) -> Self:
        """The spool itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Forget everything."""
        self._file.close()

    def add(self, problems: Iterable[Problem]) -> None:
        """Keep some more."""
        for problem in problems:
            fields = (problem.line_no, problem.column, problem.reason, problem.found)
            self._file.write(json.dumps(fields) + "\n")

    def __iter__(self) -> Iterator[Problem]:
        """All of them, first to last; once."""
        self._file.seek(0)
        for line in self._file:
            line_no, column, reason, found = json.loads(line)
            yield Problem(line_no, column, Reason(reason), found)
