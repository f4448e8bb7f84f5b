"""Cards of other grids, by profiles alone: another write-back file, a serial number in the ATR."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cardio.families import Card, open_card
from cardio.keys.demonstration import DemonstrationKeys
from cardio.profiles import AtrMask, Profile, SerialPlace, SerialSource
from tests.cards import sim_cpu
from tests.cards.card_orders import ORDER, PROFILES, Wire, order
from tests.cards.sim_cpu import CpuCard

SERIAL = bytes.fromhex(ORDER.serial)
PLAIN = next(profile for profile in PROFILES if profile.name == "stategrid-demo")
LONGER = bytes.fromhex(
    "6811002D020000010000010002503668090020100782880000198F0000000900001234010004010000022406121530AABB6116"
)


def opened(wire: Wire, profile: Profile) -> Card:
    """The card by this profile."""
    return open_card(wire.link(), [profile], DemonstrationKeys())


def test_a_longer_write_back_in_another_file_is_read_and_cleared_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sim_cpu, "_UPDATE_KEYS", {1: "81", 2: "82", 6: "85"})
    card = CpuCard(SERIAL)
    card._files[6] = bytearray(51)
    wire = Wire(card)
    profile = replace(PLAIN, files=replace(PLAIN.files, writeback=0x86, writeback_length=51))
    assert opened(wire, profile).write(ORDER, lambda _step: None).writeback is None
    card._files[6][:] = LONGER
    report = opened(wire, profile).read().writeback
    assert report is not None
    assert (report.vend_count, report.remaining_fen, report.overdraft_fen) == (9, 6_543, 1_234)
    opened(wire, profile).write(order(vend_count=10), lambda _step: None)
    assert (bytes(card._files[6]), card.content("85")) == (bytes(51), bytes(49))


def test_a_serial_number_in_the_answer_to_reset_is_the_cards() -> None:
    atr = bytes.fromhex("3B680000") + SERIAL
    profile = replace(
        PLAIN,
        atr=AtrMask(atr, bytes.fromhex("FFFF0000") + bytes(8)),
        serial=SerialPlace(SerialSource.ATR, offset=4, length=8),
    )
    wire = Wire(CpuCard(SERIAL, atr=atr))
    card = opened(wire, profile)
    assert (card.serial, card.profile.name) == (ORDER.serial, "stategrid-demo")
    assert card.write(ORDER, lambda _step: None).vend_count == 9
    assert not any(command[:3] == bytes.fromhex("00B099") for command in wire.sent)


def test_the_first_profile_that_fits_is_the_cards() -> None:
    other = replace(PLAIN, name="other", select=(bytes.fromhex("3F00"), bytes.fromhex("DF02")))
    card = open_card(Wire(CpuCard(SERIAL)).link(), [other, PLAIN], DemonstrationKeys())
    assert card.profile.name == "stategrid-demo"
