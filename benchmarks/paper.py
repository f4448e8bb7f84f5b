"""The receipt: how long one takes after the first, and how large it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from time import perf_counter

from benchmarks.measure import Measure, rounded, spread
from benchmarks.stage import Stage

RECEIPTS = 300
RENDER_MS_MAX, SIZE_KB_MAX = 12.0, 40.0


def receipts(_stage: Stage) -> Iterator[Measure]:
    """Three bills with late fee, each receipt with a number of its own."""
    from receipts.fonts import load_font
    from receipts.pdf import render_pdf
    from receipts.samples import usual_receipt

    started = perf_counter()
    font = load_font()
    content = render_pdf(usual_receipt(), font=font)
    first_ms = 1e3 * (perf_counter() - started)
    times, sizes = [], [len(content)]
    for serial in range(1, RECEIPTS + 1):
        document = replace(usual_receipt(), receipt_no=f"0107-261123-{serial:04d}")
        started = perf_counter()
        content = render_pdf(document, font=font)
        times.append(1e3 * (perf_counter() - started))
        sizes.append(len(content))
    details = spread(times) | {"first_ms": rounded(first_ms), "embedded_font": not font.fallback}
    yield Measure("receipt_ms", median(times), "ms", RENDER_MS_MAX, "stated limit", details=details)
    yield Measure("receipt_kb", max(sizes) / 1024, "KiB", SIZE_KB_MAX, "stated limit")
