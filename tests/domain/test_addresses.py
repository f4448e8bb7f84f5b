"""How an address is split into places and tails."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.domain.addresses import normalise_address, split_address

CASES = {
    "人民路128号金桂花园3幢2单元501室": [
        ("人民路", "128号金桂花园3幢2单元501室"),
        ("金桂花园", "3幢2单元501室"),
    ],
    "苏州市姑苏区人民路128号": [
        ("苏州市", "姑苏区人民路128号"),
        ("姑苏区", "人民路128号"),
        ("人民路", "128号"),
    ],
    "平江街道大儒巷12弄3号": [("平江街道", "大儒巷12弄3号"), ("大儒巷", "12弄3号")],
    "木渎镇西跨塘村3组12号": [("木渎镇", "西跨塘村3组12号"), ("西跨塘村", "3组12号")],
    "人民路金桂小区3-2-501": [("人民路", "金桂小区3-2-501"), ("金桂小区", "3-2-501")],
    "市民路5号": [("市民路", "5号")],
    "中心市场3号铺": [("中心市场", "3号铺")],
    "人民大道100号之3": [("人民大道", "100号之3")],
    "312国道128号": [("国道", "128号")],
    "弄堂路": [("弄堂路", "")],
    "128号": [],
    "路": [],
    "": [],
}


@pytest.mark.parametrize(("address", "expected"), CASES.items(), ids=lambda value: repr(value)[:24])
def test_an_address_is_split_at_its_places(address: str, expected: list[tuple[str, str]]) -> None:
    """Every place comes with all that follows it."""
    assert [(segment.place, segment.tail) for segment in split_address(address)] == expected


def test_an_address_has_one_way_of_being_written() -> None:
    """Full-width digits, dashes and blanks do not hide it from the search."""
    assert normalise_address(" 人民路 １２８号３－５０１室\n") == "人民路128号3-501室"


@given(st.text(alphabet="人民路金桂花园小区市县镇村街道号幢单元室0123456789-A", max_size=40))
def test_each_segment_is_an_end_of_the_address(address: str) -> None:
    """Place and tail together are what is written from the place on, so a prefix search finds it."""
    for segment in split_address(address):
        assert address.endswith(segment.place + segment.tail)
        assert len(segment.place) >= 2
