"""The rules by which statement lines and the books find each other: their order, and which prove anything.

The rules themselves are functions of the database by the name ``rule_…`` (``db/sql/144_match_rules.sql`` and
``145_suggestion_rules.sql``), because they work on whole sets; what they are is said here once.
Source: the matching keys of a hall's reconciliation (DOMAIN §5); only exact keys confirm themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``exact`` ones confirm themselves; ``score`` is the best that the others give."""

    name: str
    exact: bool
    score: int


RULES: Final = (
    Rule("pos_terminal_trace", exact=True, score=100),
    Rule("pos_reference", exact=True, score=100),
    Rule("settlement_net", exact=True, score=100),
    Rule("deposit_slip", exact=True, score=100),
    Rule("transfer_serial", exact=True, score=100),
    Rule("serial_in_text", exact=False, score=95),
    Rule("account_in_text", exact=False, score=92),
    Rule("payer_account_amount", exact=False, score=90),
    Rule("deposit_amount_date", exact=False, score=85),
    Rule("slip_differs", exact=False, score=80),
    Rule("payer_name_amount", exact=False, score=75),
    Rule("group_sum", exact=False, score=85),
    Rule("learned_payer", exact=False, score=70),
    Rule("line_reversal", exact=False, score=88),
    Rule("returned", exact=False, score=83),
    Rule("fee_line", exact=False, score=90),
    Rule("amount_date", exact=False, score=55),
)
"""In the order in which they run; a line and an item stand in one suggestion at most."""

MANUAL: Final = "manual"
"""What a match is called that a person made without a suggestion."""

EXACT_SCORE: Final = 100


def expected_fee_fen(amount_fen: int, rate_ppm: int, fee_min_fen: int, fee_max_fen: int | None) -> int:
    """What an acquirer may keep of one card payment: amount × rate, rounded half up, within its bounds.

    A refund (negative amount) gives the same fee back. ``rate_ppm`` is in millionths.
    """
    fee_fen = max((abs(amount_fen) * rate_ppm + 500_000) // 1_000_000, fee_min_fen)
    if fee_max_fen is not None:
        fee_fen = min(fee_fen, fee_max_fen)
    return fee_fen if amount_fen >= 0 else -fee_fen
