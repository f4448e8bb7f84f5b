"""The codecs of the card's files: published samples, own round trips, and whatever bytes there are."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cardio.layout
from cardio.contents import CardType
from cardio.errors import Garbled
from cardio.layout import bcd, frame, parameters, tariff, wallet, writeback

FOLDER = Path(cardio.layout.__file__).parent
CODECS = tuple(
    importlib.import_module(f"cardio.layout.{found.name}") for found in pkgutil.iter_modules([str(FOLDER)])
)


def vectors(codec: ModuleType) -> dict[str, Any]:
    """What stands beside a codec; empty when there is nothing."""
    beside = Path(str(codec.__file__)).with_suffix(".toml")
    return tomllib.loads(beside.read_text()) if beside.exists() else {}


def plain(value: Any) -> Any:
    """A value as TOML can say it: bytes in hex, tuples as lists."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, bytes):
        return value.hex().upper()
    return [plain(one) for one in value] if isinstance(value, tuple) else value


CASES = [(codec, case) for codec in CODECS for case in vectors(codec).get("vector", ())]
BAD = [(codec, case) for codec in CODECS for case in vectors(codec).get("garbled", ())]


def name(value: object) -> str:
    """For the test's name."""
    return value["name"] if isinstance(value, dict) else getattr(value, "__name__", "")


@pytest.mark.parametrize("codec", CODECS, ids=name)
def test_every_codec_has_vectors_of_right_and_of_garbled_bytes(codec: ModuleType) -> None:
    found = vectors(codec)
    assert len(found.get("vector", ())) >= 2
    assert len(found.get("garbled", ())) >= 1
    assert all(case["source"] for case in found["vector"])


def test_all_files_of_the_card_have_a_codec() -> None:
    assert {name(codec) for codec in CODECS} == {
        f"cardio.layout.{file}" for file in ("bcd", "frame", "parameters", "tariff", "wallet", "writeback")
    }


@pytest.mark.parametrize(("codec", "case"), CASES, ids=name)
def test_a_vector_reads_as_its_values_and_back(codec: ModuleType, case: dict[str, Any]) -> None:
    raw = bytes.fromhex(case["raw"])
    value = codec.decode(raw)
    assert case["value"] == plain(value)
    assert raw == codec.encode(value)


@pytest.mark.parametrize(("codec", "case"), BAD, ids=name)
def test_garbled_bytes_are_refused(codec: ModuleType, case: dict[str, Any]) -> None:
    with pytest.raises(Garbled):
        codec.decode(bytes.fromhex(case["raw"]))


SIZES = {parameters: parameters.SIZE, tariff: tariff.SIZE, wallet: wallet.SIZE, writeback: writeback.SIZE}


@given(st.sampled_from(CODECS), st.binary(max_size=300))
def test_any_bytes_are_a_value_or_garbled(codec: ModuleType, raw: bytes) -> None:
    try:
        value = codec.decode(raw)
    except Garbled:
        return
    assert raw == codec.encode(value)


@given(st.sampled_from([parameters, tariff, writeback]), st.data())
def test_any_framed_bytes_are_a_value_or_garbled(codec: ModuleType, data: st.DataObject) -> None:
    size = SIZES[codec] - frame.HEAD - frame.TAIL
    digits = st.sampled_from([0x00, 0x01, 0x02, 0x09, 0x10, 0x53, 0x99, 0x9A])
    body = bytes(data.draw(st.lists(digits, min_size=size, max_size=size)))
    raw = frame.encode(frame.Frame(codec.COMMAND, body))
    try:
        value = codec.decode(raw)
    except Garbled:
        return
    assert raw == codec.encode(value)


fen = st.integers(0, 99_999_999)
twelve = st.from_regex(r"[1-9][0-9]{0,11}", fullmatch=True)


@given(
    st.builds(
        parameters.Parameters,
        user_type=st.integers(0, 255),
        update_flags=st.integers(0, 255),
        alarm1_fen=fen,
        alarm2_fen=fen,
        ct_ratio=st.integers(0, 999_999),
        pt_ratio=st.integers(0, 999_999),
        meter_no=twelve,
        account_no=twelve,
        card_type=st.sampled_from(CardType),
    )
)
def test_parameters_come_back_as_they_were_written(value: parameters.Parameters) -> None:
    assert value == parameters.decode(parameters.encode(value))


@given(
    st.builds(
        writeback.MeterReport,
        user_type=st.integers(0, 255),
        ct_ratio=st.integers(0, 999_999),
        pt_ratio=st.integers(0, 999_999),
        meter_no=twelve,
        account_no=twelve,
        remaining_fen=st.integers(0, 2**32 - 1),
        vend_count=st.integers(0, 2**32 - 1),
        overdraft_fen=fen,
        key_info=st.binary(min_size=4, max_size=4),
        illegal_inserts=st.integers(0, 999_999),
        written_at=st.from_regex(r"[0-9]{10}", fullmatch=True),
        rest=st.binary(max_size=20),
    )
)
def test_a_meters_report_comes_back_as_it_was_written(value: writeback.MeterReport) -> None:
    assert value == writeback.decode(writeback.encode(value))


@given(st.integers(0, 48), st.integers(1, 255))
def test_one_wrong_byte_never_reads_as_another_card(at: int, change: int) -> None:
    raw = bytearray.fromhex(vectors(writeback)["vector"][0]["raw"])
    raw[at] ^= change
    with pytest.raises(Garbled):
        writeback.decode(bytes(raw))


def test_a_cleared_writeback_is_empty_and_a_filled_one_is_not() -> None:
    filled = bytes.fromhex(vectors(writeback)["vector"][0]["raw"])
    assert (
        writeback.is_empty(bytes(49)),
        writeback.is_empty(filled),
        writeback.is_empty(b"\x00" + filled[1:]),
    ) == (True, False, False)


@pytest.mark.parametrize("value", ["123", "12A4", "１２", "-1", "1 23"])
def test_what_is_no_row_of_digits_cannot_be_packed(value: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        bcd.encode(value)


@pytest.mark.parametrize("value", [-1, 10_000])
def test_a_number_without_room_cannot_be_packed(value: int) -> None:
    with pytest.raises(ValueError, match="room"):
        bcd.pack(value, 2)


@pytest.mark.parametrize("value", [wallet.Wallet(-1, 0), wallet.Wallet(2**32, 0), wallet.Wallet(0, 2**32)])
def test_a_wallet_without_room_cannot_be_packed(value: wallet.Wallet) -> None:
    with pytest.raises(ValueError, match="room"):
        wallet.encode(value)


def test_an_account_number_of_thirteen_digits_has_no_room() -> None:
    with pytest.raises(ValueError, match="room"):
        bcd.pack_label("1234567890123")
