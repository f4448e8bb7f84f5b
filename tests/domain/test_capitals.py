"""Capital amounts against the regulation's table, and by reading every spelling back."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from counter.domain.capitals import CAPITAL_AMOUNT_FEN_MAX, capital_amount

ACCEPTED = {
    140950: ("壹仟肆佰零玖元伍角整", "壹仟肆佰零玖元伍角"),
    600714: ("陆仟零柒元壹角肆分",),
    168032: ("壹仟陆佰捌拾元零叁角贰分", "壹仟陆佰捌拾元叁角贰分"),
    10700053: ("壹拾万柒仟元零伍角叁分", "壹拾万零柒仟元伍角叁分"),
    1640902: ("壹万陆仟肆佰零玖元零贰分",),
    32504: ("叁佰贰拾伍元零肆分",),
    1000: ("壹拾元整",),
    1000100: ("壹万零壹元整",),
    101000000: ("壹佰零壹万元整",),
    10000000000: ("壹亿元整",),
    10000100000: ("壹亿零壹仟元整",),
    5: ("伍分",),
    50: ("伍角整", "伍角"),
    2005: ("贰拾元零伍分",),
}

ONE_SPELLING = {
    1: "壹分",
    10: "壹角整",
    99: "玖角玖分",
    100: "壹元整",
    101: "壹元零壹分",
    110: "壹元壹角整",
    1010: "壹拾元零壹角整",
    100100: "壹仟零壹元整",
    101000: "壹仟零壹拾元整",
    10000_00: "壹万元整",
    10010_00: "壹万零壹拾元整",
    11000_00: "壹万壹仟元整",
    20_0500_00: "贰拾万零伍佰元整",
    1_0500_0000_00: "壹亿零伍佰万元整",
    10_5000_0000_00: "壹拾亿伍仟万元整",
    10_0000_0001_00: "壹拾亿零壹元整",
    10_0001_0000_05: "壹拾亿零壹万元零伍分",
    99_9999_9999_99: "玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
    100_0000_0000_00: "壹佰亿元整",
}

amounts_fen = st.integers(min_value=1, max_value=CAPITAL_AMOUNT_FEN_MAX)
round_amounts_fen = st.builds(
    lambda digit, power, rest: min(digit * 10**power + rest, CAPITAL_AMOUNT_FEN_MAX),
    st.integers(1, 9),
    st.integers(0, 11),
    st.sampled_from((0, 1, 10, 100, 1000, 10**5, 10**6, 10**9)),
)


def read_back(spelling: str) -> int:
    """The fen that a spelling means, read by a grammar of its own; raises ValueError if it cannot be."""
    match = re.fullmatch(r"人民币(?:(?P<yuan>.+?)元)?零?(?:(?P<jiao>.)角)?(?:(?P<fen>.)分)?整?", spelling)
    if match is None:
        raise ValueError(spelling)
    parts = match.groupdict(default="零")
    return _read_yuan(parts["yuan"]) * 100 + _DIGIT_VALUES[parts["jiao"]] * 10 + _DIGIT_VALUES[parts["fen"]]


_DIGIT_VALUES = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
_UNIT_VALUES = {"拾": 10, "佰": 100, "仟": 1000}
_GROUP_VALUES = {"万": 10**4, "亿": 10**8}


def _read_yuan(spelling: str) -> int:
    total = group = digit = 0
    for character in spelling:
        if character in _DIGIT_VALUES:
            digit = _DIGIT_VALUES[character]
        elif character in _UNIT_VALUES:
            group += digit * _UNIT_VALUES[character]
            digit = 0
        else:
            total += (group + digit) * _GROUP_VALUES[character]
            group = digit = 0
    return total + group + digit


@pytest.mark.parametrize(("fen", "accepted"), ACCEPTED.items())
def test_every_row_of_the_regulation_is_written_in_an_accepted_spelling(
    fen: int, accepted: tuple[str, ...]
) -> None:
    assert capital_amount(fen).removeprefix("人民币") in accepted


@pytest.mark.parametrize(("fen", "accepted"), ACCEPTED.items())
def test_every_accepted_spelling_is_read_as_its_amount(fen: int, accepted: tuple[str, ...]) -> None:
    assert [read_back("人民币" + spelling) for spelling in accepted] == [fen] * len(accepted)


@pytest.mark.parametrize(("fen", "spelling"), ONE_SPELLING.items())
def test_amounts_with_one_spelling_only(fen: int, spelling: str) -> None:
    assert capital_amount(fen) == "人民币" + spelling


@given(st.one_of(amounts_fen, round_amounts_fen))
@example(1)
@example(CAPITAL_AMOUNT_FEN_MAX)
def test_a_spelling_reads_back_as_its_amount(fen: int) -> None:
    assert read_back(capital_amount(fen)) == fen


@given(st.one_of(amounts_fen, round_amounts_fen))
def test_a_spelling_is_well_formed(fen: int) -> None:
    spelling = capital_amount(fen)
    digit = "[壹贰叁肆伍陆柒捌玖]"
    four = f"(?:零?{digit}仟)?(?:零?{digit}佰)?(?:零?{digit}拾)?(?:零?{digit})?"
    assert re.fullmatch(
        f"人民币(?:(?:{four}亿)?(?:{four}万)?(?:{four})元)?(?:零?{digit}角)?(?:零?{digit}分|整)",
        spelling,
    )
    assert "零零" not in spelling
    assert not re.search("零[万亿元角分整]|币零", spelling)
    assert spelling.endswith("整") == (fen % 10 == 0)


@given(amounts_fen)
def test_nought_jiao_before_fen_is_written(fen: int) -> None:
    yuan, cents = divmod(fen, 100)
    if yuan and 0 < cents < 10:
        assert "元零" in capital_amount(fen)


@given(st.lists(amounts_fen, min_size=2, max_size=2, unique=True))
def test_two_amounts_never_share_a_spelling(pair: list[int]) -> None:
    assert capital_amount(pair[0]) != capital_amount(pair[1])


@pytest.mark.parametrize("fen", [0, -1, -140950, CAPITAL_AMOUNT_FEN_MAX + 1])
def test_amounts_outside_the_range_are_refused(fen: int) -> None:
    with pytest.raises(ValueError, match=str(fen)):
        capital_amount(fen)
