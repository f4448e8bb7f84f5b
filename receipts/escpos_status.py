"""What a thermal printer answers to DLE EOT, the question that it hears even when it cannot print.

Source: Epson's ESC/POS command reference, "DLE EOT (real-time)". Bits 1 and 4 of an answer are set and bits 0
and 7 are not, which tells it from everything else that a printer may say.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

ASK_PRINTER = b"\x10\x04\x01"
ASK_CAUSE = b"\x10\x04\x02"
ASK_PAPER = b"\x10\x04\x04"
ASK_WHEN_DONE = b"\x1dr\x01"
"""GS r 1: answered in its turn, after everything that was sent before it."""

_FRAME, _FRAME_VALUE = 0b1001_0011, 0b0001_0010
_OFFLINE = 0b0000_1000
_COVER, _PAPER_STOP, _ERROR = 0b0000_0100, 0b0010_0000, 0b0100_0000
_PAPER_END = 0b0110_0000


class Trouble(StrEnum):
    """Why a printer cannot print."""

    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    BROKEN = "broken"
    OFFLINE = "offline"


def answer_in(said: bytes) -> int | None:
    """The last answer to DLE EOT among what the printer said; None when there is none."""
    answers = [byte for byte in said if byte & _FRAME == _FRAME_VALUE]
    return answers[-1] if answers else None


def trouble_in(answers: Mapping[bytes, int]) -> Trouble | None:
    """The trouble that these answers tell of, the one to mend first; None for a printer that is well."""
    paper, cause = answers.get(ASK_PAPER, 0), answers.get(ASK_CAUSE, 0)
    if cause & _COVER:
        return Trouble.COVER_OPEN
    if paper & _PAPER_END == _PAPER_END or cause & _PAPER_STOP:
        return Trouble.PAPER_OUT
    if cause & _ERROR:
        return Trouble.BROKEN
    if answers.get(ASK_PRINTER, 0) & _OFFLINE:
        return Trouble.OFFLINE
    return None
