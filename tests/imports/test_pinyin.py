"""Initials as a clerk would type them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from counter.services.imports.pinyin import initials


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("王小四", "wxs"),
        ("单田芳", "stf"),
        ("曾国藩", "zgf"),
        ("解缙", "xj"),
        ("仇英", "qy"),
        ("查良镛", "zly"),
        ("区景荣", "ojr"),
        ("朴树", "ps"),
        ("尉迟恭", "ycg"),
        ("万俟卨", "mqx"),
        ("长孙无忌", "zswj"),
        ("欧阳修", "oyx"),
        ("吕布", "lb"),
        ("安阳", "ay"),
        ("王𬭎", "wh"),
        ("王䶮", "wy"),
        ("王𤋮", "wx"),
        ("喆鱻", "zx"),
        ("阿依古丽·买买提", "ayglmmt"),
        ("中国工商银行苏州分行", "zggsyhszfh"),
        ("重庆小面馆", "cqxmg"),
        ("KTV量贩歌城", "ktvlfgc"),
        ("第3纺织厂", "d3fzc"),
        ("苏州（吴中）公司", "szwzgs"),
        ("[测试]", "cs"),
        ("", ""),
    ],
)
def test_the_initials_of_a_name(name: str, expected: str) -> None:
    """Surnames as surnames, firms by phrases, latin letters and digits as they are."""
    assert initials(name) == expected


def test_the_dictionary_is_not_loaded_with_the_module() -> None:
    """A quarter of a second that the start of the program must not pay."""
    code = "import sys, counter.services.imports.pinyin; sys.exit('pypinyin' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
