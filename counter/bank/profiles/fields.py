"""The fields of a profile file, taken one by one: a field that is not known is a fault."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from counter.bank.profiles import BadProfile


class Fields:
    """A table of TOML; ``end`` refuses what nobody took."""

    def __init__(self, table: Mapping[str, Any], name: str = "") -> None:
        """``name`` is the table's own with a point behind it, for messages."""
        self._left, self._name = dict(table), name

    def __contains__(self, key: str) -> bool:
        """Whether a field is there and not yet taken."""
        return key in self._left

    def take(self, key: str, kind: type, default: Any = None) -> Any:
        """A field of a kind; BadProfile when it is another, or missing without a default."""
        value = self._left.pop(key, default)
        if value is None:
            raise BadProfile(f"{self._name}{key}: missing")
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise BadProfile(f"{self._name}{key}: {kind.__name__} expected")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text; one without a default is not empty."""
        value = str(self.take(key, str, default))
        if default is None and not value.strip():
            raise BadProfile(f"{self._name}{key}: empty")
        return value

    def number(self, key: str, default: int | None = None, *, least: int = 0, most: int) -> int:
        """A whole number within bounds."""
        value = int(self.take(key, int, default))
        if not least <= value <= most:
            raise BadProfile(f"{self._name}{key}: from {least} to {most}")
        return value

    def choice(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of some words."""
        value = self.text(key, default)
        if value not in allowed:
            raise BadProfile(f"{self._name}{key}: one of {', '.join(allowed)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when it is left out."""
        values = self.take(key, list, [])
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise BadProfile(f"{self._name}{key}: texts expected")
        return tuple(values)

    def words(self, key: str) -> dict[str, str]:
        """A table of texts; empty when it is left out."""
        values = self.take(key, dict, {})
        if not all(isinstance(value, str) for value in values.values()):
            raise BadProfile(f"{self._name}{key}: texts expected")
        return dict(values)

    def pattern(self, key: str) -> re.Pattern[str]:
        """A regular expression."""
        try:
            return re.compile(self.text(key))
        except re.error as error:
            raise BadProfile(f"{self._name}{key}: {error}") from error

    def table(self, key: str) -> Fields:
        """A table within; empty when it is left out."""
        return Fields(self.take(key, dict, {}), f"{self._name}{key}.")

    def names(self) -> list[str]:
        """The names that are left."""
        return list(self._left)

    def end(self) -> None:
        """Nothing may be left."""
        if self._left:
            raise BadProfile(f"{self._name}{next(iter(self._left))}: unknown field")
