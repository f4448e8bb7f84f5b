"""The simulated CPU card and SAM hold to what the published cards do; figures come from the standards."""

from __future__ import annotations

import subprocess
import sys

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from tests.cards import des
from tests.cards.sim_card import DEMO_MASTERS, keys_of
from tests.cards.sim_cpu import CpuCard
from tests.cards.sim_sam import Sam

SERIAL = bytes.fromhex("1122334455667788")
PARAMETERS = bytes.fromhex(
    "68010027028300000000990101000002000050000000000000000100000100025036680900201007828802D816"
)
WALLET = bytes.fromhex("0000271000000009")


def ask(card: CpuCard | Sam, text: str) -> str:
    """A command and its answer in hex."""
    return card.answer(bytes.fromhex(text)).hex().upper()


def library(key: bytes, data: bytes) -> bytes:
    """Triple DES by a library, for a second opinion."""
    cipher = Cipher(TripleDES(key + key[:8]), modes.ECB())  # noqa: S305
    return cipher.encryptor().update(data)


def opened(*, short_transport: bool = False) -> CpuCard:
    """A powered card in its application."""
    card = CpuCard(SERIAL, short_transport=short_transport)
    card.power_on()
    card.answer(bytes.fromhex("00A4000002DF01"))
    return card


def authenticate(card: CpuCard, key: bytes | None = None) -> str:
    """The desk's proof; the status word."""
    challenge = card.answer(bytes.fromhex("0084000008"))[:8]
    proof = des.encrypt_two_keys(key or keys_of(SERIAL)["external"], challenge)
    return ask(card, "0082000208" + proof.hex())


def update(card: CpuCard, number: int, data: bytes, *, key: bytes | None = None, offset: int = 0) -> bytes:
    """The command that writes, with its MAC from a fresh challenge, not yet sent."""
    challenge = card.answer(bytes.fromhex("0084000004"))[:4]
    command = bytes((0x04, 0xD6, 0x80 | number, offset, len(data) + 4)) + data
    secret = key or keys_of(SERIAL)[f"8{number}"]
    return command + des.retail_mac(secret, challenge + bytes(4), command)[:4]


# --- arithmetic ---------------------------------------------------------------------------------------------


def test_des_gives_what_the_published_examples_give() -> None:
    key, block = bytes.fromhex("133457799BBCDFF1"), bytes.fromhex("0123456789ABCDEF")
    assert des.encrypt(key, block).hex() == "85e813540f0ab405"
    assert block == des.decrypt(key, des.encrypt(key, block))


def test_the_retail_mac_is_the_one_of_the_standards_annex() -> None:
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    assert des.retail_mac(key, bytes(8), b"Now is the time for all ").hex() == "e9086230ca3be796"


def test_two_key_triple_des_agrees_with_a_library() -> None:
    for seed in range(64):
        key, block = bytes(range(seed, seed + 16)), bytes((seed * 7 + step) % 256 for step in range(24))
        assert library(key, block) == des.encrypt_two_keys(key, block)


def test_a_cards_key_is_the_serial_and_its_inverse_under_the_master() -> None:
    both = library(b"COUNTER-DEMO-U82", SERIAL + bytes.fromhex("EEDDCCBBAA998877"))
    assert both == keys_of(SERIAL)["82"]


# --- reading ------------------------------------------------------------------------------------------------


def test_the_answer_to_reset_names_the_demonstration() -> None:
    assert CpuCard(SERIAL).power_on().hex() == "3b6800004350552d444d4f31"
    assert Sam().power_on().hex() == "3b68000053414d2d444d4f31"


def test_the_commands_of_the_published_log_read_every_file() -> None:
    card = CpuCard(SERIAL)
    card.put("81", PARAMETERS)
    card.put("82", WALLET)
    card.power_on()
    assert ask(card, "00A40000023F00") == "9000"
    assert ask(card, "00B0820008") == "6A82"
    assert ask(card, "00A4000002DF01") == "9000"
    assert SERIAL.hex().upper() + "9000" == ask(card, "00B0990108")
    assert PARAMETERS.hex().upper() + "9000" == ask(card, "00B081002D")
    assert ask(card, "00B0820008") == "00002710000000099000"
    assert len(card.answer(bytes.fromhex("00B0850031"))) == 51
    assert len(card.answer(bytes.fromhex("00B0830080"))) == 130
    assert len(card.answer(bytes.fromhex("00B0838082"))) == 132


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("00B082", "6700"),
        ("00B08200083F", "6700"),
        ("00B0820009", "6C08"),
        ("00B0820808", "6B00"),
        ("00B0860008", "6A82"),
        ("00A40000023F01", "6A82"),
        ("00A40400023F00", "6A86"),
        ("0084000005", "6700"),
        ("00CA000000", "6D00"),
        ("80B0820008", "6E00"),
        ("00D68200080000000000000000", "6982"),
        ("00B0020008", "6986"),
    ],
)
def test_what_a_card_cannot_do_has_its_status_word(command: str, answer: str) -> None:
    assert answer == ask(opened(), command)


def test_a_card_that_was_never_issued_says_so() -> None:
    card = opened()
    card.issued = False
    assert ask(card, "00B0820008") == "6B00"


def test_a_card_behind_a_short_transport_makes_the_reader_fetch() -> None:
    card = opened(short_transport=True)
    assert ask(card, "0088000108" + "00" * 8) == "6108"
    assert ask(card, "00C0000000") == "6C08"
    proof = des.encrypt_two_keys(keys_of(SERIAL)["internal"], bytes(8)).hex().upper()
    assert proof + "9000" == ask(card, "00C0000008")
    assert ask(card, "00C0000008") == "6985"
    assert ask(card, "00B0820000") == "6C08"


# --- proving ------------------------------------------------------------------------------------------------


def test_the_card_proves_itself_under_its_own_key() -> None:
    proof = library(keys_of(SERIAL)["internal"], b"challeng").hex().upper()
    assert proof + "9000" == ask(opened(), "0088000108" + b"challeng".hex())


def test_three_wrong_proofs_lock_the_card_and_a_right_one_gives_the_tries_back() -> None:
    card = opened()
    assert [authenticate(card, key) for key in (bytes(16), bytes(16), None)] == ["63C2", "63C1", "9000"]
    assert [authenticate(card, bytes(16)) for _ in range(4)] == ["63C2", "63C1", "63C0", "6983"]
    assert authenticate(card) == "6983"
    assert card.tried_again_after_refusal()


def test_the_tries_survive_the_loss_of_power() -> None:
    card = opened()
    authenticate(card, bytes(16))
    card.power_on()
    assert card.tries_left["external"] == 2


def test_a_challenge_is_good_for_the_next_command_only_and_once() -> None:
    card = opened()
    challenge = card.answer(bytes.fromhex("0084000008"))[:8]
    proof = "0082000208" + des.encrypt_two_keys(keys_of(SERIAL)["external"], challenge).hex()
    assert ask(card, proof) == "9000"
    assert ask(card, proof) == "6985"
    challenge = card.answer(bytes.fromhex("0084000008"))[:8]
    ask(card, "00B0820008")
    proof = "0082000208" + des.encrypt_two_keys(keys_of(SERIAL)["external"], challenge).hex()
    assert ask(card, proof) == "6985"
    assert card.tries_left["external"] == 3


# --- writing ------------------------------------------------------------------------------------------------


def test_a_right_mac_writes_and_its_repetition_is_refused() -> None:
    card = opened()
    authenticate(card)
    command = update(card, 2, WALLET)
    assert ask(card, command.hex()) == "9000"
    assert card.content("82") == WALLET
    card.put("82", bytes(8))
    assert ask(card, command.hex()) == "6985"
    assert bytes(8) == card.content("82")
    card.answer(bytes.fromhex("0084000004"))
    assert ask(card, command.hex()) == "6988"
    assert bytes(8) == card.content("82")


def test_nothing_is_written_before_the_desk_has_proven_itself_nor_after_a_reset() -> None:
    card = opened()
    assert ask(card, update(card, 2, WALLET).hex()) == "6982"
    authenticate(card)
    card.power_on()
    card.answer(bytes.fromhex("00A4000002DF01"))
    assert ask(card, update(card, 2, WALLET).hex()) == "6982"
    assert bytes(8) == card.content("82")


def test_leaving_the_application_ends_the_proof() -> None:
    card = opened()
    authenticate(card)
    ask(card, "00A40000023F00")
    ask(card, "00A4000002DF01")
    assert ask(card, update(card, 2, WALLET).hex()) == "6982"


@pytest.mark.parametrize("spoilt", range(5, 17))
def test_any_byte_of_a_command_changed_on_the_way_is_noticed(spoilt: int) -> None:
    card = opened()
    authenticate(card)
    command = bytearray(update(card, 2, WALLET))
    command[spoilt] ^= 1
    assert ask(card, command.hex()) == "6988"
    assert card.tries_left["82"] == 2
    assert bytes(8) == card.content("82")


def test_each_file_has_its_own_key_and_tries() -> None:
    card = opened()
    authenticate(card)
    keys = keys_of(SERIAL)
    for _ in range(3):
        assert ask(card, update(card, 2, WALLET, key=keys["81"]).hex()) == "6988"
    assert ask(card, update(card, 2, WALLET).hex()) == "6983"
    assert ask(card, update(card, 1, PARAMETERS).hex()) == "9000"
    assert ask(card, update(card, 5, bytes(49)).hex()) == "9000"
    assert card.content("81") == PARAMETERS


def test_the_other_faults_of_a_write_have_their_status_words() -> None:
    card = opened()
    authenticate(card)
    assert ask(card, "04D6820004" + "00" * 4) == "6987"
    assert ask(card, update(card, 3, bytes(8), key=keys_of(SERIAL)["81"]).hex()) == "6982"
    assert ask(card, update(card, 2, WALLET, offset=1).hex()) == "6A84"
    card.worn_out = True
    assert ask(card, update(card, 2, WALLET).hex()) == "6581"
    card.locked_for_good = True
    assert ask(card, "0084000004") == "9303"


def test_a_store_can_be_disturbed_half_way() -> None:
    card = opened()
    authenticate(card)
    card.disturb_next_store = lambda old, new: new[:3] + old[3:]
    assert ask(card, update(card, 2, b"\x01" * 8).hex()) == "9000"
    assert b"\x01\x01\x01" + bytes(5) == card.content("82")


# --- the SAM ------------------------------------------------------------------------------------------------


def test_the_sam_makes_what_the_card_accepts() -> None:
    card, sam = opened(), Sam()
    sam.power_on()
    challenge = ask(card, "0084000008")[:16]
    proof = ask(sam, "8010010010" + SERIAL.hex() + challenge)
    assert proof[16:] == "9000"
    assert ask(card, "0082000208" + proof[:16]) == "9000"
    command = "04D682000C" + WALLET.hex()
    initial = ask(card, "0084000004")[:8] + "00000000"
    mac = ask(sam, "801282001D" + SERIAL.hex() + initial + command)
    assert ask(card, command + mac[:8]) == "9000"
    assert card.content("82") == WALLET


def test_the_sam_refuses_unknown_and_locked_keys_and_wrong_lengths() -> None:
    sam = Sam({name: key for name, key in DEMO_MASTERS.items() if name != "85"})
    sam.power_on()
    sam.locked.add("82")
    assert ask(sam, "8012850011" + "00" * 17) == "6A88"
    assert ask(sam, "8010770010" + "00" * 16) == "6A88"
    assert ask(sam, "8012820011" + "00" * 17) == "6983"
    assert ask(sam, "8010010008" + "00" * 8) == "6700"
    assert ask(sam, "8012810010" + "00" * 16) == "6700"
    assert ask(sam, "8014810010" + "00" * 16) == "6D00"
    assert ask(sam, "0012810010" + "00" * 16) == "6E00"


def test_a_sam_of_another_company_makes_macs_that_the_card_refuses() -> None:
    card, sam = opened(), Sam({name: key[::-1] for name, key in DEMO_MASTERS.items()})
    sam.power_on()
    challenge = ask(card, "0084000008")[:16]
    proof = ask(sam, "8010010010" + SERIAL.hex() + challenge)
    assert ask(card, "0082000208" + proof[:16]) == "63C2"


# --- independence -------------------------------------------------------------------------------------------


def test_what_plays_cards_and_meters_shares_no_code_with_what_writes_to_them() -> None:
    names = "sim_cpu sim_sam sim_sle4442 sim_mifare sim_meter faults vpcd".split()
    program = "".join(f"import tests.cards.{name}\n" for name in names)
    program += "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "tests" in said.split()
    assert not {"cardio", "counter", "cryptography", "smartcard"} & set(said.split())
