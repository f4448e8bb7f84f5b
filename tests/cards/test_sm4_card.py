"""A CPU card whose keys are SM4 keys, where the profile says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cardio.crypto import Algorithm
from cardio.crypto.mac import card_mac
from cardio.errors import UnknownCard
from cardio.families import open_card
from cardio.keys.demonstration import DemonstrationKeys
from tests.cards import sim_cpu, sm4
from tests.cards.card_orders import ORDER, PROFILES, Wire
from tests.cards.sim_card import DEMO_MASTERS
from tests.cards.sim_cpu import CpuCard

SERIAL = bytes.fromhex(ORDER.serial)
PLAIN = next(profile for profile in PROFILES if profile.name == "stategrid-demo")
PROFILE = replace(PLAIN, name="sm4", keys=replace(PLAIN.keys, algorithm=Algorithm.SM4))


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """A card that computes by SM4 what others compute by triple DES."""
    monkeypatch.setattr(sim_cpu, "encrypt_two_keys", sm4.cryptogram)
    monkeypatch.setattr(sim_cpu, "retail_mac", sm4.mac)
    card = CpuCard(SERIAL)
    card._keys = {name: sm4.card_key(master, SERIAL) for name, master in DEMO_MASTERS.items()}
    return Wire(card)


def test_the_second_implementation_gives_the_published_figures() -> None:
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    assert sm4.encrypt(key, key).hex() == "681edf34d206965e86b3e94f536e4246"


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 54])
def test_both_implementations_make_the_same_mac(length: int) -> None:
    key, data = bytes(range(16)), bytes(range(length))
    assert card_mac(Algorithm.SM4, key, b"challeng", data) == sm4.mac(key, b"challeng", data)[:4]


def test_a_card_with_sm4_keys_is_written_and_read_back(wire: Wire) -> None:
    card = open_card(wire.link(), [PROFILE], DemonstrationKeys(Algorithm.SM4))
    contents = card.write(ORDER, lambda _step: None)
    assert (contents.profile, contents.vend_count, contents.wallet_fen) == ("sm4", 9, 10_000)
    assert wire.card.tries == [("external", True), ("81", True), ("82", True), ("85", True)]


def test_keys_of_the_other_cipher_spend_no_try(wire: Wire) -> None:
    card = open_card(wire.link(), [PROFILE], DemonstrationKeys(Algorithm.TRIPLE_DES))
    with pytest.raises(UnknownCard):
        card.write(ORDER, lambda _step: None)
    assert wire.card.tries == []
