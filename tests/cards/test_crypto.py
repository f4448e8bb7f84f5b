"""Ciphers, MACs and diversification against what standards print."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cardio.crypto
from cardio.crypto import Algorithm
from cardio.crypto.blocks import chain, encrypt
from cardio.crypto.diversify import card_key, cryptogram, diversifier
from cardio.crypto.mac import card_mac, pad, retail_mac

VECTORS = tomllib.loads((Path(cardio.crypto.__file__).parent / "vectors.toml").read_text())


def cases(kind: str) -> list[Any]:
    """The vectors of one function, each with its name."""
    return [pytest.param(case, id=case["name"]) for case in VECTORS[kind]]


def raw(case: dict[str, str], field: str) -> bytes:
    return bytes.fromhex(case[field])


@pytest.mark.parametrize("case", cases("encrypt"))
def test_a_block_is_encrypted_as_the_standard_prints_it(case: dict[str, str]) -> None:
    assert raw(case, "result") == encrypt(Algorithm(case["algorithm"]), raw(case, "key"), raw(case, "data"))


@pytest.mark.parametrize("case", cases("retail_mac"))
def test_a_retail_mac_is_as_the_standard_prints_it(case: dict[str, str]) -> None:
    assert raw(case, "result") == retail_mac(raw(case, "key"), raw(case, "initial"), raw(case, "data"))


@pytest.mark.parametrize("case", cases("card_key"))
def test_a_cards_key_is_diversified(case: dict[str, str]) -> None:
    assert raw(case, "result") == card_key(
        Algorithm(case["algorithm"]), raw(case, "key"), raw(case, "serial")
    )


def test_every_vector_says_where_it_is_from() -> None:
    assert all(case["source"] for kind in VECTORS.values() for case in kind)


@given(st.binary(max_size=80), st.sampled_from([8, 16]))
def test_padding_fills_blocks_and_can_be_taken_off(data: bytes, block: int) -> None:
    padded = pad(data, block)
    assert len(padded) % block == 0
    assert 0 < len(padded) - len(data) <= block
    assert data == padded.rstrip(b"\x00")[:-1]


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=8, max_size=8), st.binary(max_size=80))
def test_a_retail_mac_with_equal_halves_is_a_cbc_mac(key: bytes, initial: bytes, data: bytes) -> None:
    key = key[:8] * 2
    assert chain(Algorithm.TRIPLE_DES, key, initial, pad(data, 8)) == retail_mac(key, initial, data)


@given(st.binary(min_size=8, max_size=8), st.integers(0, 63))
def test_a_mac_depends_on_its_challenge(initial: bytes, bit: int) -> None:
    other = (int.from_bytes(initial, "big") ^ 1 << bit).to_bytes(8, "big")
    key = bytes(range(16))
    for algorithm in Algorithm:
        assert card_mac(algorithm, key, initial, b"data") != card_mac(algorithm, key, other, b"data")


def test_sm4_answers_a_challenge_with_both_halves_of_its_block() -> None:
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    block = encrypt(Algorithm.SM4, key, bytes(range(8)) + bytes(8))
    assert cryptogram(Algorithm.SM4, key, bytes(range(8))) == bytes(
        left ^ right for left, right in zip(block[:8], block[8:], strict=True)
    )


@pytest.mark.parametrize(
    ("key", "data"), [(bytes(8), bytes(8)), (bytes(24), bytes(8)), (bytes(16), bytes(9))]
)
def test_keys_and_blocks_of_another_length_are_refused_without_naming_them(key: bytes, data: bytes) -> None:
    with pytest.raises(ValueError, match="16 bytes") as refusal:
        encrypt(Algorithm.TRIPLE_DES, key, data)
    assert key.hex() not in str(refusal.value)


def test_a_serial_number_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="8 bytes"):
        card_key(Algorithm.TRIPLE_DES, bytes(16), bytes(4))


def test_the_complement_makes_the_right_half() -> None:
    assert bytes.fromhex("00FF55AA01020304FF00AA55FEFDFCFB") == diversifier(bytes.fromhex("00FF55AA01020304"))
