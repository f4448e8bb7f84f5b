"""Profile files: what comes with the program, and what is refused."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from cardio.crypto import Algorithm
from cardio.profiles import AtrMask, BadProfile, Family, KeySource, Profile, SerialSource
from cardio.profiles.loading import FOLDER, load_profile, load_profiles, parse_profile

PLAIN: dict[str, Any] = {
    "name": "plain",
    "title": "A card",
    "family": "cpu",
    "atr": {"value": "3B00"},
    "serial": {"source": "atr"},
    "keys": {"source": "sam", "algorithm": "sm4"},
}


def own(name: str) -> Profile:
    """A profile that comes with the program."""
    return next(profile for profile in load_profiles() if profile.name == name)


def test_the_programs_own_profiles_are_all_for_the_demonstration() -> None:
    assert [
        (profile.name, profile.family, profile.demonstration, profile.keys.source)
        for profile in load_profiles()
    ] == [
        ("mifare-demo", Family.MIFARE, True, KeySource.DEMONSTRATION),
        ("sle4442-demo", Family.SLE4442, True, KeySource.DEMONSTRATION),
        ("stategrid-demo", Family.CPU, True, KeySource.DEMONSTRATION),
    ]


def test_a_user_card_has_its_files_where_the_standard_puts_them() -> None:
    profile = own("stategrid-demo")
    assert (bytes.fromhex("3F00"), bytes.fromhex("DF01")) == profile.select
    assert (
        profile.files.parameters,
        profile.files.wallet,
        profile.files.writeback,
        profile.files.writeback_length,
    ) == (0x81, 0x82, 0x85, 49)
    assert (
        profile.serial.source,
        profile.serial.file,
        profile.serial.offset,
        profile.serial.length,
    ) == (SerialSource.FILE, 0x99, 1, 8)
    assert profile.card_maximum_fen == 99_999_999


def test_a_mask_lets_bits_of_the_answer_to_reset_differ() -> None:
    mask = own("stategrid-demo").atr
    assert mask.fits(bytes.fromhex("3B6800004350552D444D4F31"))
    assert mask.fits(bytes.fromhex("3B68AA554350552D444D4F31"))
    assert not mask.fits(bytes.fromhex("3B6800004350552D444D4F32"))
    assert not mask.fits(bytes.fromhex("3B6800004350552D444D4F"))
    assert not mask.fits(b"")


def test_a_mask_without_bits_fits_any_answer_of_its_length() -> None:
    assert AtrMask(b"\x3b\x00", b"\x00\x00").fits(b"\xff\xff")


def test_a_file_of_the_bureau_goes_before_the_programs_own(tmp_path: Path) -> None:
    text = (FOLDER / "stategrid-demo.toml").read_text()
    (tmp_path / "ours.toml").write_text(
        text.replace("writeback = 0x85", "writeback = 0x86").replace(
            "writeback_length = 49", "writeback_length = 55"
        )
    )
    found = {profile.name: profile for profile in load_profiles(tmp_path)}
    assert (
        len(found),
        found["stategrid-demo"].files.writeback,
        found["stategrid-demo"].files.writeback_length,
    ) == (3, 0x86, 55)


def test_what_is_left_out_has_a_usual_value() -> None:
    profile = parse_profile(PLAIN)
    assert (
        profile.keys.algorithm,
        profile.keys.source,
        profile.files.writeback,
        profile.dialect,
        profile.demonstration,
    ) == (Algorithm.SM4, KeySource.SAM, 0x85, "auto", False)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": ""}, "name: empty"),
        ({"name": 1}, "name: str expected"),
        ({"family": "magnetic"}, "family: not one of the words"),
        ({"atr": {"value": "3B0"}}, "atr.value: hex expected"),
        ({"atr": {"value": "3B00", "mask": "FF"}}, "atr.mask: as long as"),
        ({"atr": {}}, "atr.value: str expected"),
        ({"serial": {"source": "guess"}}, "serial.source"),
        ({"serial": {"source": "atr", "length": 9}}, "serial.length: from 4 to 8"),
        ({"serial": {"source": "atr", "length": True}}, "serial.length: int expected"),
        ({"files": {"writeback_length": 48}}, "files.writeback_length: from 49"),
        ({"files": {"writebak": 0x86}}, "files.writebak: unknown field"),
        ({"files": []}, "files: dict expected"),
        ({"memory": {"first_sector": 9}}, "memory.last_sector"),
        ({"keys": {"source": "sam", "algorithm": "des"}}, "keys.algorithm"),
        ({"keys": {"source": "sam", "algorithm": "3des", "master": "00"}}, "keys.master: unknown field"),
        ({"card_maximum_fen": 100_000_000}, "card_maximum_fen: from 0"),
        ({"card_maximum_fen": 1.5}, "card_maximum_fen: int expected"),
        ({"select": ["3F00", "XX"]}, "select: hex expected"),
        ({"dialect": "klingon"}, "dialect: not one of the words"),
        ({"family": "sle4442", "memory": {"offset": 31}}, "memory: the files have no room"),
        ({"family": "sle4442", "memory": {"offset": 155}}, "memory: the files have no room"),
        ({"family": "mifare", "memory": {"last_sector": 2}}, "memory: the files have no room"),
        ({"colour": "red"}, "colour: unknown field"),
    ],
)
def test_a_profile_with_a_fault_is_refused_by_its_field(change: dict[str, Any], told: str) -> None:
    with pytest.raises(BadProfile, match=told):
        parse_profile({**PLAIN, **change})


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe", b"name = 'x'\x00"])
def test_a_file_that_is_none_is_refused_by_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(BadProfile, match=r"broken\.toml"):
        load_profile(path)


def test_a_file_that_is_missing_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(BadProfile, match=r"none\.toml"):
        load_profile(tmp_path / "none.toml")


def test_every_field_of_a_profile_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "card-profiles.md").read_text(encoding="utf-8")
    for path in FOLDER.glob("*.toml"):
        for key, value in tomllib.loads(path.read_text()).items():
            names = [f"{key}.{inner}" for inner in value] if isinstance(value, dict) else [key]
            assert [name for name in names if f"`{name}`" not in text] == []
