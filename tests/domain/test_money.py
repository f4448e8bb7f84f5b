"""What a clerk may type as an amount, and what is refused and why."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.domain.money import MAX_AMOUNT_FEN, AmountError, AmountFault, format_yuan, parse_yuan

ACCEPTED = {
    "1": 100,
    "12.5": 1250,
    "12.50": 1250,
    ".5": 50,
    "5.": 500,
    "0.01": 1,
    "007": 700,
    "1,000.50": 100050,
    "1,234,567.89": 123456789,
    "１００": 10000,
    "１，０００．５０": 100050,
    "12。5": 1250,
    "￥12.50": 1250,
    "¥ 12.50": 1250,
    "12.50元": 1250,
    "￥12.50 元": 1250,
    "  12 \u3000": 1200,
    "10000000000": MAX_AMOUNT_FEN,
    "10,000,000,000.00": MAX_AMOUNT_FEN,
}
REFUSED = {
    "": AmountFault.EMPTY,
    " \u3000": AmountFault.EMPTY,
    "元": AmountFault.EMPTY,
    "￥": AmountFault.EMPTY,
    "1e3": AmountFault.NOT_A_NUMBER,
    "１e3": AmountFault.NOT_A_NUMBER,
    "1_000": AmountFault.NOT_A_NUMBER,
    "+5": AmountFault.NOT_A_NUMBER,
    "0x10": AmountFault.NOT_A_NUMBER,
    "1 000": AmountFault.NOT_A_NUMBER,
    "1.2.3": AmountFault.NOT_A_NUMBER,
    "1.00,0": AmountFault.NOT_A_NUMBER,
    ".": AmountFault.NOT_A_NUMBER,
    "-": AmountFault.NOT_A_NUMBER,
    ",": AmountFault.NOT_A_NUMBER,
    "٣": AmountFault.NOT_A_NUMBER,
    "²": AmountFault.NOT_A_NUMBER,
    "五元": AmountFault.NOT_A_NUMBER,
    "nan": AmountFault.NOT_A_NUMBER,
    "inf": AmountFault.NOT_A_NUMBER,
    "--5": AmountFault.NOT_A_NUMBER,
    "x" * 100_000: AmountFault.NOT_A_NUMBER,
    "-5": AmountFault.NEGATIVE,
    "－５": AmountFault.NEGATIVE,
    "−5": AmountFault.NEGATIVE,
    "￥-5": AmountFault.NEGATIVE,
    "-0": AmountFault.NEGATIVE,
    "0": AmountFault.ZERO,
    "0.00": AmountFault.ZERO,
    "10000000000.01": AmountFault.TOO_LARGE,
    "10000000000000": AmountFault.TOO_LARGE,
    "9" * 60: AmountFault.TOO_LARGE,
    "9" * 5_000: AmountFault.TOO_LARGE,
    "1.005": AmountFault.TOO_MANY_DECIMALS,
    "1.500": AmountFault.TOO_MANY_DECIMALS,
    "1,00": AmountFault.BAD_GROUPING,
    "1000,000": AmountFault.BAD_GROUPING,
    ",100": AmountFault.BAD_GROUPING,
    "1,,000": AmountFault.BAD_GROUPING,
    "100,": AmountFault.BAD_GROUPING,
}


@pytest.mark.parametrize(("text", "expected_fen"), ACCEPTED.items(), ids=repr)
def test_an_amount_is_read_to_the_fen(text: str, expected_fen: int) -> None:
    """Every way of writing an amount that a keyboard offers gives its fen."""
    assert parse_yuan(text) == expected_fen


@pytest.mark.parametrize(("text", "expected"), REFUSED.items(), ids=lambda value: repr(value)[:24])
def test_what_is_not_an_amount_is_refused_with_its_reason(text: str, expected: AmountFault) -> None:
    """Refusals carry the reason and never the text."""
    with pytest.raises(AmountError) as caught:
        parse_yuan(text)
    assert caught.value.reason == expected


def test_zero_is_taken_where_it_is_allowed() -> None:
    """A float of change may be nothing."""
    assert parse_yuan("0", allow_zero=True) == 0


@given(st.integers(min_value=1, max_value=MAX_AMOUNT_FEN))
def test_a_formatted_amount_reads_back_as_itself(fen: int) -> None:
    """Formatter and parser are inverse over the whole range."""
    assert parse_yuan(format_yuan(fen)) == fen


@given(st.text())
def test_any_text_is_an_amount_or_a_stated_refusal(text: str) -> None:
    """Pasted garbage never raises anything else."""
    with suppress(AmountError):
        assert 0 < parse_yuan(text) <= MAX_AMOUNT_FEN


@pytest.mark.parametrize(
    ("fen", "expected"),
    [(0, "0.00"), (5, "0.05"), (123450, "1,234.50"), (-5, "-0.05"), (-123450, "-1,234.50")],
)
def test_fen_are_shown_as_yuan(fen: int, expected: str) -> None:
    """Two decimals always, thousands commas, the sign in front."""
    assert format_yuan(fen) == expected
