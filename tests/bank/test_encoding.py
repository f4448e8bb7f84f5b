"""Which encoding a file is in is decided from its bytes; nothing is ever replaced."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.bank.encoding import decode
from counter.bank.statement import UnreadableError

CHINESE = "交易日期,摘要,贷方发生额,余额\r\n2026-03-01,电费 喆,1.00,2.00\r\n"
WESTERN = ":86:Überweisung für Müller, Straße 3, déjà payé à Genève\r\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (CHINESE.encode(), "utf-8"),
        (CHINESE.encode("utf-8-sig"), "utf-8-sig"),
        (CHINESE.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + CHINESE.encode("utf-16-be"), "utf-16"),
        (CHINESE.encode("utf-16-le"), "utf-16-le"),
        (CHINESE.encode("utf-16-be"), "utf-16-be"),
        (CHINESE.encode("gb18030"), "gb18030"),
        ((CHINESE + "𬭎䶮").encode("gb18030"), "gb18030"),
        (b"plain", "utf-8"),
    ],
)
def test_chinese_text_is_read_back_in_every_encoding(data: bytes, encoding: str) -> None:
    text, found = decode(data)
    assert encoding == found
    assert "�" not in text
    assert text == "plain" or CHINESE in text


@pytest.mark.parametrize(("codec", "name"), [("latin-1", "latin-1"), ("cp1252", "windows-1252")])
def test_western_text_is_not_taken_for_chinese(codec: str, name: str) -> None:
    text = WESTERN + ("" if codec == "latin-1" else "5 €\r\n")
    assert (text, name) == decode(text.encode(codec))


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_a_text_cut_inside_a_character_is_refused(codec: str) -> None:
    with pytest.raises(UnreadableError):
        decode((CHINESE * 3 + "电").encode(codec)[:-1])


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01\x02\x03" * 40, bytes(range(256)) * 4, b"\x89PNG\r\n\x1a\n\x00\x00"]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        decode(data)


@given(st.binary(max_size=3000))
def test_any_bytes_give_a_text_or_a_refusal(data: bytes) -> None:
    try:
        text, encoding = decode(data)
    except UnreadableError:
        return
    assert text.encode(encoding) == data or encoding == "utf-16"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_utf_8_text_comes_back_as_it_was(text: str) -> None:
    marked = text.startswith("\ufeff")
    assert text[1:] if marked else text == decode(text.encode())[0]
