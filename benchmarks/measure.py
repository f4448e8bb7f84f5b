"""One figure and its limit, and the little statistics that all measurements share."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure; ``at_least`` tells in which direction the limit lies, ``against`` what it is held to."""

    measure: str
    value: float
    unit: str
    limit: float
    against: str
    at_least: bool = False
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the limit is kept."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def line(self) -> str:
        """The figure as one line of JSON."""
        content = {
            "measure": self.measure,
            "value": rounded(self.value),
            "unit": self.unit,
            "limit": self.limit,
            "ok": self.ok,
            "against": self.against,
            "details": self.details,
        }
        return json.dumps(content, ensure_ascii=False)


def rounded(value: float) -> float:
    """Three digits behind the point are more than any machine repeats."""
    return round(value, 3)


def percentile(values: Iterable[float], per_cent: float) -> float:
    """The value that ``per_cent`` of the values do not exceed (nearest rank); raises IndexError for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-len(ordered) * per_cent // 100).__int__() - 1))]


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, p95, p99 and the worst, for the details."""
    return {
        "p50": rounded(median(values)),
        "p95": rounded(percentile(values, 95)),
        "p99": rounded(percentile(values, 99)),
        "max": rounded(max(values)),
        "count": len(values),
    }


def say(text: str) -> None:
    """Progress, for whoever watches."""
    print(text, file=sys.stderr, flush=True)
