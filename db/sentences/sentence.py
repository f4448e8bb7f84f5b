"""How a refusal is told: what to raise, and what happened, what was and was not saved, what to do."""

from __future__ import annotations

from collections.abc import Mapping

from counter.errors import CounterError

Sentences = tuple[type[CounterError], str, str, str]
"""The error to raise, with its title, message and hint; facts of the server may stand in braces."""

SentenceTable = Mapping[str, Sentences]
"""Sentences by the state of a function's refusal or the name of the broken constraint."""
