"""Numbers of recharge cards out of whatever was typed or pasted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.domain.card_numbers import CARDS_MAX, CardNumberError, CardNumberFault, card_numbers


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("80000001", ("80000001",)),
        (" ８０００００01\n80000001 ", ("80000001",)),
        ("80000003,80000001;80000002", ("80000003", "80000001", "80000002")),
        ("00000009-00000011", ("00000009", "00000010", "00000011")),
        ("80000001 — 80000002、80000005至80000006", ("80000001", "80000002", "80000005", "80000006")),
        ("80000001 ～ 80000002", ("80000001", "80000002")),
    ],
)
def test_one_several_and_ranges_are_read(typed: str, wanted: tuple[str, ...]) -> None:
    """As clerks write them; each once."""
    assert card_numbers(typed) == wanted


@pytest.mark.parametrize(
    ("typed", "reason", "part"),
    [
        ("  ", CardNumberFault.EMPTY, ""),
        ("8000001", CardNumberFault.NO_NUMBER, "8000001"),
        ("80000001 [/]", CardNumberFault.NO_NUMBER, "[/]"),
        ("80000001-80000002-80000003", CardNumberFault.NO_NUMBER, "80000001-80000002-80000003"),
        ("٨٠٠٠٠٠٠١", CardNumberFault.NO_NUMBER, "٨٠٠٠٠٠٠١"),
        ("80000002-80000001", CardNumberFault.WRONG_RANGE, "80000002-80000001"),
        ("80000001-080000002", CardNumberFault.WRONG_RANGE, "80000001-080000002"),
        ("0" * 20 + "-" + "9" * 20, CardNumberFault.TOO_MANY, ""),
    ],
)
def test_anything_else_is_a_fault_that_names_the_part(typed: str, reason: CardNumberFault, part: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(CardNumberError) as error:
        card_numbers(typed)
    assert (error.value.reason, error.value.part) == (reason, part)


def test_cards_that_are_in_the_sale_count_for_how_many_it_takes() -> None:
    """Up to the most, and not one more; the same one again is not one more."""
    known = [str(80_000_000 + place) for place in range(CARDS_MAX)]
    assert card_numbers(known[5], known) == (known[5],)
    with pytest.raises(CardNumberError):
        card_numbers("90000000", known)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(typed: str) -> None:
    """Whole numbers or a fault, never anything else."""
    try:
        found = card_numbers(typed)
    except CardNumberError:
        return
    assert found
    assert all(number.isascii() and number.isdigit() for number in found)
