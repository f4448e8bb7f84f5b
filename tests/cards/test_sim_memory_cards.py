"""The simulated memory cards do what the published ones do behind their readers."""

from __future__ import annotations

import pytest

from tests.cards.sim_card import SIZES, SimulatedCard
from tests.cards.sim_files import Parameters, wallet
from tests.cards.sim_meter import Outcome, in_use
from tests.cards.sim_mifare import MifareCard, sector_key
from tests.cards.sim_sle4442 import OMNIKEY_WRITE, MemoryCard
from tests.cards.test_simulators import library

NUMBER = bytes.fromhex("01020304")


def ask(card: SimulatedCard, text: str) -> str:
    return card.answer(bytes.fromhex(text)).hex().upper()


def memory_card(**options: int) -> MemoryCard:
    card = MemoryCard(NUMBER, write_with=options.get("write_with", 0xD0))
    card.power_on()
    assert ask(card, "FFA400000106") == "9000"
    return card


def present(card: MemoryCard, code: bytes | None = None) -> str:
    return ask(card, "FF20000003" + (code or card.code).hex())


# --- SLE4442 ------------------------------------------------------------------------------------------------


def test_the_code_is_made_from_the_serial_number() -> None:
    serial = bytes.fromhex("A213109101020304")
    inverse = bytes(byte ^ 0xFF for byte in serial)
    key = library(b"COUNTER-DEMO-U82", serial + inverse)
    assert library(key, serial)[:3] == MemoryCard(NUMBER).code


def test_the_right_code_answers_9007_and_opens_the_memory_for_writing() -> None:
    card = memory_card()
    assert present(card) == "9007"
    assert ask(card, "FFD0004D08" + "0000271000000009") == "9000"
    assert card.content("82").hex() == "0000271000000009"
    assert ask(card, "FFB0004D08") == "00002710000000099000"


def test_without_the_code_a_write_is_9000_and_nothing_is_stored() -> None:
    card = memory_card()
    assert ask(card, "FFD0004D08" + "0000271000000009") == "9000"
    assert card.content("82") == bytes(8)


def test_wrong_codes_count_down_and_the_third_kills_the_card_with_9000() -> None:
    card = memory_card()
    assert ask(card, "FFB1000004") == "070000009000"
    assert [present(card, b"abc") for _ in range(3)] == ["9003", "9001", "9000"]
    assert ask(card, "FFB1000000") == "000000009000"
    assert present(card) == "9000"
    ask(card, "FFD0004D0101")
    assert card.content("82") == bytes(8)
    assert card.tried_again_after_refusal()


def test_a_right_code_gives_the_tries_back_and_a_wrong_one_closes_the_memory() -> None:
    card = memory_card()
    assert [present(card, b"abc"), present(card), present(card, b"abc")] == ["9003", "9007", "9003"]
    ask(card, "FFD0004D0101")
    assert card.content("82") == bytes(8)


def test_the_code_and_the_type_are_forgotten_without_power_and_the_tries_are_not() -> None:
    card = memory_card()
    present(card, b"abc")
    present(card)
    present(card, b"abc")
    card.power_on()
    assert ask(card, "FFB0000008") == "6985"
    ask(card, "FFA400000106")
    assert ask(card, "FFB1000000") == "030000009000"
    ask(card, "FFD0004D0101")
    assert card.content("82") == bytes(8)


def test_the_serial_number_is_protected() -> None:
    card = memory_card()
    present(card)
    assert ask(card, "FFD000060400000001") == "9000"
    assert ask(card, "FFB000000A") == "A21310910102030400019000"


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("FFB000F920", "6B00"),
        ("FFD000FF020102", "6B00"),
        ("FF2000000201FF", "6700"),
        ("FFD6004D0101", "6D00"),
        ("00B0004D01", "6E00"),
        ("FFA400000105", "6A81"),
        ("FFD0004D", "6B00"),
    ],
)
def test_what_the_reader_refuses(command: str, answer: str) -> None:
    assert ask(memory_card(), command) == answer


def test_an_omnikey_writes_with_another_word() -> None:
    card = memory_card(write_with=OMNIKEY_WRITE)
    present(card)
    assert ask(card, "FFD0004D0101") == "6D00"
    assert ask(card, "FFD6004D0101") == "9000"
    assert card.content("82")[0] == 1


# --- MIFARE -------------------------------------------------------------------------------------------------


def mifare() -> MifareCard:
    card = MifareCard(NUMBER)
    card.power_on()
    return card


def opened(card: MifareCard, block: int, key: bytes | None = None) -> str:
    ask(card, "FF82000006" + (key or sector_key(NUMBER, block // 4)).hex())
    return ask(card, f"FF860000050100{block:02X}6000")


def test_a_sectors_key_is_made_from_the_number_and_the_sector() -> None:
    serial = bytes(4) + NUMBER
    key = library(b"COUNTER-DEMO-U82", serial + bytes(byte ^ 0xFF for byte in serial))
    assert library(key, bytes.fromhex("0000000001020301"))[:6] == sector_key(NUMBER, 5)
    assert sector_key(NUMBER, 5) == MifareCard(NUMBER).keys[5]


def test_a_block_is_read_and_written_in_the_sector_that_was_opened() -> None:
    card = mifare()
    assert ask(card, "FFCA000000") == "010203049000"
    assert opened(card, 4) == "9000"
    assert ask(card, "FFD6000410" + "11" * 16) == "9000"
    assert ask(card, "FFB0000410") == "11" * 16 + "9000"
    assert card.content("81")[:17] == b"\x11" * 16 + b"\x00"


@pytest.mark.parametrize(
    "command",
    [
        "FFB0000810",
        "FFD6000810" + "11" * 16,
        "FFD6000708" + "11" * 8,
        "FFD6000710" + "11" * 16,
        "FFB000040F",
        "FFB000FF10",
        "FF860000050100046001",
        "FF860000050100046100",
        "FF860000050100406000",
    ],
)
def test_every_failure_is_6300_and_closes_the_sector(command: str) -> None:
    card = mifare()
    assert opened(card, 4) == "9000"
    assert ask(card, command) == "6300"
    assert ask(card, "FFB0000410") == "6300"


def test_a_wrong_key_is_6300_and_the_makers_block_is_never_written() -> None:
    card = mifare()
    assert opened(card, 4, b"\xff" * 6) == "6300"
    assert opened(card, 0, b"\xff" * 6) == "9000"
    assert ask(card, "FFD6000010" + "11" * 16) == "6300"


def test_keys_are_never_shown() -> None:
    card = mifare()
    opened(card, 4)
    assert ask(card, "FFB0000710") == "000000000000FF078069000000000000" + "9000"


def test_the_opened_sector_and_loaded_keys_are_forgotten_without_power() -> None:
    card = mifare()
    opened(card, 4)
    card.power_on()
    assert ask(card, "FFB0000410") == "6300"
    assert ask(card, "FF860000050100046000") == "6300"


# --- both ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("card", [MemoryCard(NUMBER), MifareCard(NUMBER)])
def test_a_meter_takes_a_memory_card_as_any_other(card: SimulatedCard) -> None:
    meter = in_use(card, "1" * 12, "2" * 12, count=3, amount_fen=700)
    assert Parameters.of(card.content("81")) == Parameters("1" * 12, "2" * 12)
    assert card.content("82") == wallet(700, 3)
    assert meter.insert(card) is Outcome.PARAMETERS
    assert meter.loaded_fen == 700
    for name, size in SIZES.items():
        card.put(name, bytes(range(size)))
    assert [card.content(name) for name in SIZES] == [bytes(range(size)) for size in SIZES.values()]


def test_a_torn_write_of_a_block_leaves_its_rest() -> None:
    card = mifare()
    opened(card, 4)
    card.disturb_next_store = lambda old, new: new[:5] + old[5:]
    ask(card, "FFD6000410" + "11" * 16)
    assert card.content("81")[:16] == b"\x11" * 5 + bytes(11)
