"""Words of a customer's slip: amounts, days and texts, whatever else they could be."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.domain.slip_words import WORDS_MAX, SlipWord, slip_words

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ()),
        ("１，２３４．５０ 餐饮", (SlipWord("1,234.50", 123_450), SlipWord("餐饮"))),
        ("2026-01-31", (SlipWord("2026-01-31", None, date(2026, 1, 31)),)),
        ("20260131", (SlipWord("20260131", 2_026_013_100, date(2026, 1, 31)),)),
        ("2026年1月5日", (SlipWord("2026年1月5日", None, date(2026, 1, 5)),)),
        ("02-28", (SlipWord("02-28", None, date(2026, 2, 28)),)),
        ("12-31", (SlipWord("12-31", None, date(2025, 12, 31)),)),
        ("02-30", (SlipWord("02-30"),)),
        ("ICBC'; --", (SlipWord("icbc';"), SlipWord("--"))),
    ],
)
def test_a_word_is_read_as_everything_that_it_can_be(typed: str, expected: tuple[SlipWord, ...]) -> None:
    """A day without a year is the last one."""
    assert slip_words(typed, TODAY) == expected


@given(st.text(max_size=600))
def test_nothing_that_can_be_typed_raises(typed: str) -> None:
    """And never more words than a slip has facts."""
    assert len(slip_words(typed, TODAY)) <= WORDS_MAX
