"""Columns of cells, and the request ids of forms."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from counter.ui.cells import clip, fit, plain
from counter.ui.request_id import new_request_id
from counter.ui.screens.help import HelpScreen


@given(st.text(max_size=80), st.integers(min_value=0, max_value=40), st.booleans())
def test_fitted_text_takes_exactly_its_cells(text: str, cells: int, right: bool) -> None:
    assert cells == cell_len(fit(text, cells, right=right))


def test_rare_characters_are_kept_and_control_characters_are_not() -> None:
    assert plain("𬭎䶮\n\x1b[31m\u202e王") == "𬭎䶮  [31m 王"


def test_cut_text_ends_with_two_dots() -> None:
    assert clip("供电营业厅", 7) == "供电.."


def test_request_ids_are_version_7_and_grow() -> None:
    ids = [new_request_id() for _number in range(100)]
    assert {7} == {request_id.version for request_id in ids}
    assert len(set(ids)) == 100
    assert [request_id.int >> 80 for request_id in ids] == sorted(request_id.int >> 80 for request_id in ids)


def test_help_screen_is_made_of_rows() -> None:
    assert HelpScreen({})._rows == {}
