"""One way of writing a name, and how a surname is read."""

from __future__ import annotations

import pytest

from counter.domain.names import initials, normalise_name


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("王小四", "王小四"),
        (" 王 小四\t", "王小四"),
        ("王\u3000四", "王四"),
        ("ＡＢＣ 有限公司", "ABC有限公司"),
        ("Siemens  Energy 公司", "Siemens Energy公司"),
        ("苏州(吴中)公司", "苏州（吴中）公司"),
        ("苏州（吴中）公司", "苏州（吴中）公司"),
        ("[测试]", "[测试]"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("𬭎䶮𤋮", "𬭎䶮𤋮"),
        ("", ""),
        (" \u3000", ""),
    ],
)
def test_a_name_has_one_way_of_being_written(written: str, expected: str) -> None:
    """Stored and searched alike, and stable when normalised again."""
    assert normalise_name(written) == expected
    assert normalise_name(expected) == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("单田芳", "s??"), ("尉迟恭", "yc?"), ("区", "o"), ("王小四", "???"), ("", "")]
)
def test_a_surname_is_read_as_a_surname(name: str, expected: str) -> None:
    """The table goes before the dictionary, the longer surname before the shorter."""
    assert initials(name, lambda run: "?" * len(run)) == expected


def test_a_firms_name_has_no_surname() -> None:
    """区域… is no Mr Ou."""
    assert initials("区域开发公司", lambda run: "?" * len(run)) == "??????"
