"""Breaking text into lines and rows into pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.fonts import Font, load_font
from receipts.rows import Capacity, page_sizes
from receipts.text import clean, fit, fit_line, flow, wrap

NAMES = st.text(alphabet="王小明[测试]<b>&abc 𬭎()（）12-", max_size=80).map(clean)
capacities = st.integers(1, 20).flatmap(
    lambda last: st.builds(Capacity, page=st.integers(last, 30), last_page=st.just(last))
)
first_pages = st.integers(-5, 20).flatmap(
    lambda page: st.builds(Capacity, page=st.just(page), last_page=st.integers(-20, page))
)


@given(NAMES, st.integers(20, 300))
def test_wrapped_lines_hold_all_of_the_text_and_fit(text: str, width: int) -> None:
    font = load_font()
    lines = wrap(font, text, size=10, width=width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(font.width(line, 10) <= width for line in lines)


@given(NAMES)
def test_sixty_characters_are_never_cut_in_the_name_field(text: str) -> None:
    fitted = fit(load_font(), text[:60], size=10, width=320, lines=2)
    assert "".join(fitted.lines).replace(" ", "") == text[:60].replace(" ", "")
    assert 6 <= fitted.size <= 10


def test_a_word_is_not_broken_when_a_line_can_hold_it(font: Font) -> None:
    assert wrap(font, "参考号 612345678901", size=10, width=90) == ("参考号", "612345678901")


def test_a_word_longer_than_a_line_is_broken(font: Font) -> None:
    assert len(wrap(font, "9" * 40, size=10, width=90)) == 3


def test_a_line_that_cannot_hold_its_text_says_so(font: Font) -> None:
    text, size = fit_line(font, "示范供电公司" * 30, size=10, width=200)
    assert text.endswith("…")
    assert font.width(text, size) <= 200


def test_a_text_beyond_all_measure_says_so(font: Font) -> None:
    fitted = fit(font, "某某街道" * 400, size=10, width=300, lines=2)
    assert len(fitted.lines) == 6
    assert fitted.lines[-1].endswith("…")


def test_parts_share_a_line_and_are_not_broken(font: Font) -> None:
    parts = ["终端号 01234567", "批次号 000123", "凭证号 000456"]
    assert flow(font, parts, size=10, width=200) == (
        "终端号 01234567  批次号 000123",
        "凭证号 000456",
    )
    assert flow(font, [], size=10, width=200) == ()


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("[测试]<b>x</b>&amp;", "[测试]<b>x</b>&amp;"),
        ("王\n小\t明\r\n", "王 小 明"),
        ("王\u200b小\ufeff明\u202e", "王小明"),
        ("葛\U000e0100城\ufe00", "葛城"),
        ("\x00\x1b[31m王", "[31m王"),
        ("  ", ""),
    ],
)
def test_only_what_has_no_shape_is_left_out(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.integers(1, 300), first_pages, capacities)
def test_every_row_is_on_a_page_that_holds_it(count: int, first: Capacity, following: Capacity) -> None:
    sizes = page_sizes(count, first, following)
    assert sum(sizes) == count
    assert all(size >= 1 for size in sizes[1:])
    limits = [first, *[following] * (len(sizes) - 1)]
    assert all(size <= max(0, limit.page) for size, limit in zip(sizes, limits, strict=True))
    assert sizes[-1] <= limits[-1].last_page
