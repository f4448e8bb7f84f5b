"""What the search box makes of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.domain.query import QUERY_LENGTH_MAX, QueryKind, recognise

RECEIPT, ACCOUNT, METER, PHONE = (
    QueryKind.RECEIPT_NO,
    QueryKind.ACCOUNT_NO,
    QueryKind.METER_NO,
    QueryKind.PHONE,
)
PREFIX, SUFFIX, NAME, INITIALS, ADDRESS = (
    QueryKind.ACCOUNT_PREFIX,
    QueryKind.PHONE_SUFFIX,
    QueryKind.NAME,
    QueryKind.INITIALS,
    QueryKind.ADDRESS,
)
CASES: dict[str, list[tuple[QueryKind, str]]] = {
    "": [],
    " \u3000\n": [],
    "0": [(PREFIX, "0")],
    "320": [(PREFIX, "320")],
    "5678": [(SUFFIX, "5678"), (PREFIX, "5678")],
    "65551234": [(SUFFIX, "65551234"), (PREFIX, "65551234")],
    "3201000123": [(ACCOUNT, "3201000123"), (SUFFIX, "3201000123"), (PREFIX, "3201000123")],
    "320100012345": [(ACCOUNT, "320100012345"), (METER, "320100012345")],
    "051265551234": [(ACCOUNT, "051265551234"), (METER, "051265551234"), (PHONE, "051265551234")],
    "13812345678": [(ACCOUNT, "13812345678"), (PHONE, "13812345678"), (PREFIX, "13812345678")],
    "138 1234 5678": [(ACCOUNT, "13812345678"), (PHONE, "13812345678"), (PREFIX, "13812345678")],
    "+86 138-1234-5678": [(PHONE, "13812345678")],
    "0512-65551234": [(ACCOUNT, "051265551234"), (METER, "051265551234"), (PHONE, "051265551234")],
    "(0512) 65551234": [(ACCOUNT, "051265551234"), (METER, "051265551234"), (PHONE, "051265551234")],
    "１２３　４": [(SUFFIX, "1234"), (PREFIX, "1234")],
    "0107-261123-0042": [(RECEIPT, "0107-261123-0042")],
    "０１０７－２６１１２３－００４２": [(RECEIPT, "0107-261123-0042")],
    "01072611230042": [(RECEIPT, "0107-261123-0042")],
    "01072613230042": [],
    "1234567890123456": [],
    "wxs": [(INITIALS, "wxs"), (NAME, "WXS")],
    "W X S": [(INITIALS, "wxs"), (NAME, "W X S")],
    "ｗｘｓ": [(INITIALS, "wxs"), (NAME, "WXS")],
    "ktv1": [(INITIALS, "ktv1"), (NAME, "KTV1")],
    "Siemens": [(INITIALS, "siemens"), (NAME, "Siemens")],
    "王": [(NAME, "王")],
    "王小四": [(NAME, "王小四"), (ADDRESS, "王小四")],
    "王 小四": [(NAME, "王小四"), (ADDRESS, "王小四")],
    "𬭎": [(NAME, "𬭎")],
    "王䶮": [(NAME, "王䶮"), (ADDRESS, "王䶮")],
    "阿依古丽•买买提": [(NAME, "阿依古丽·买买提"), (ADDRESS, "阿依古丽•买买提")],
    "[测试]": [(NAME, "[测试]"), (ADDRESS, "[测试]")],
    "人民路128号": [(ADDRESS, "人民路128号"), (NAME, "人民路128号")],
    "金桂花园 3 幢": [(ADDRESS, "金桂花园3幢"), (NAME, "金桂花园3幢")],
    "人民路１２８": [(ADDRESS, "人民路128"), (NAME, "人民路128")],
    "金桂花园3－2－501": [(ADDRESS, "金桂花园3-2-501"), (NAME, "金桂花园3-2-501")],
    "苏州(吴中)": [(NAME, "苏州（吴中）"), (ADDRESS, "苏州(吴中)")],
    "王" * (QUERY_LENGTH_MAX + 1): [],
}


@pytest.mark.parametrize(("text", "expected"), CASES.items(), ids=lambda value: repr(value)[:32])
def test_a_text_is_recognised(text: str, expected: list[tuple[QueryKind, str]]) -> None:
    """Each reading has its own term, the likeliest first."""
    query = recognise(text)
    assert [(candidate.kind, candidate.term) for candidate in query.candidates] == expected


@given(st.text(max_size=200))
def test_whatever_is_pasted_gives_readings_of_distinct_kinds(text: str) -> None:
    """Nothing raises, no term is empty, no kind comes twice."""
    query = recognise(text)
    assert len(set(query.kinds)) == len(query.kinds)
    assert all(candidate.term and "\0" not in candidate.term for candidate in query.candidates)


@given(st.integers(min_value=0, max_value=10**12 - 1).map(lambda number: f"{number:010d}"))
def test_a_whole_account_number_is_tried_as_one_first(account_no: str) -> None:
    """Whatever else ten to twelve digits may be."""
    assert recognise(account_no).kinds[0] == ACCOUNT
