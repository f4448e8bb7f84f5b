"""Memory cards as the program reads and writes them, against simulated cards behind their readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cardio.contents import CardType, Step, VendOrder
from cardio.errors import (
    AccessRefused,
    CardError,
    CardLost,
    CardRefused,
    CardSwapped,
    Damaged,
    Garbled,
    KeysMissing,
    LastTry,
    NotCompared,
    UnknownCard,
)
from cardio.keys import KeyName
from cardio.keys.demonstration import MASTERS, DemonstrationKeys
from cardio.readers import dialect_of
from tests.cards.card_orders import Wire, order, says, torn
from tests.cards.sim_card import DEMO_MASTERS
from tests.cards.sim_mifare import MifareCard
from tests.cards.sim_sle4442 import OMNIKEY_WRITE, MemoryCard

WRITEBACK = bytes.fromhex(
    "6811002B020000010000010002503668090020100782880000198F0000000900000000010004010000022406121530B416"
)
FOREIGN = {name: bytes(16) for name in DEMO_MASTERS}
WRONG = DemonstrationKeys(masters={**MASTERS, KeyName.UPDATE_WALLET: bytes(16)})

SLE, MIFARE = "A213109101020304", "0A0B0C0D"
NEW: dict[str, Callable[[], Any]] = {
    SLE: lambda: MemoryCard(bytes.fromhex("01020304")),
    MIFARE: lambda: MifareCard(bytes.fromhex("0A0B0C0D")),
}
FIRST_WRITE = {SLE: 6, MIFARE: 20}
"""The number of the first command that changes the card, counted from its opening."""

both = pytest.mark.parametrize("serial", [SLE, MIFARE])


def new(serial: str) -> Wire:
    """A card from the factory in a reader."""
    return Wire(NEW[serial]())


def used(serial: str) -> Wire:
    """A card that came back from its meter after the ninth vend."""
    wire = new(serial)
    wire.write(order(serial=serial))
    wire.card.put("85", WRITEBACK)
    wire.sent.clear()
    return wire


def fault(wire: Wire, wanted: VendOrder, keys: Any = None) -> CardError:
    """What a write ends with."""
    with pytest.raises(CardError) as raised:
        wire.write(wanted, keys)
    return raised.value


def written_wrong(wire: Wire, wanted: VendOrder) -> bool:
    """Whether a write under a fault passed: only where a later one set the same block right."""
    try:
        wire.write(wanted)
    except CardError as told:
        return type(told) is not NotCompared or not told.maybe_written
    return True


def commands(serial: str) -> list[bytes]:
    """Everything that a write sends, in order."""
    wire = used(serial)
    wire.write(order(serial=serial))
    return wire.sent


def is_write(command: bytes) -> bool:
    """Whether a command can change the card."""
    return command[1] in {0xD0, 0xD6}


# --- both families ------------------------------------------------------------------------------------------


@both
def test_a_card_from_the_meter_is_read_whole(serial: str) -> None:
    contents = used(serial).open().read()
    assert contents.writeback is not None
    assert (
        contents.serial,
        contents.account_no,
        contents.meter_no,
        contents.wallet_fen,
        contents.vend_count,
        contents.writeback.remaining_fen,
        contents.writeback.vend_count,
    ) == (serial, "2010078288", "250366809", 10_000, 9, 6_543, 9)


@both
def test_a_blank_card_has_no_numbers_and_can_be_opened(serial: str) -> None:
    wire = new(serial)
    assert (wire.open().read().account_no, wire.open().read().vend_count) == ("", 0)
    wire.write(order(serial=serial, card_type=CardType.OPENING, vend_count=1))
    assert (wire.open().read().account_no, wire.open().read().vend_count) == ("2010078288", 1)


@both
def test_a_vend_stands_on_the_card_and_every_step_is_told(serial: str) -> None:
    wire, steps = used(serial), list[Step]()
    contents = wire.open().write(order(serial=serial, amount_fen=12_345, vend_count=10), steps.append)
    assert steps == list(Step)
    assert (contents.wallet_fen, contents.vend_count, contents.writeback) == (12_345, 10, None)
    assert (wire.card.content("82"), wire.card.content("85")) == (
        bytes.fromhex("000030390000000A"),
        bytes(49),
    )


@both
def test_the_first_write_comes_where_it_is_expected(serial: str) -> None:
    sent = commands(serial)
    assert FIRST_WRITE[serial] == next(number for number, one in enumerate(sent, 1) if is_write(one))


@both
def test_a_card_torn_out_at_any_command_says_whether_it_may_have_been_written(serial: str) -> None:
    for number in range(1, len(commands(serial)) + 1):
        wire = used(serial)
        wire.changes[number] = torn
        told = fault(wire, order(serial=serial))
        assert (type(told), told.maybe_written) == (CardLost, number >= FIRST_WRITE[serial])
        assert len(wire.sent) == number


@both
@pytest.mark.parametrize(
    "sw", [0x6300, 0x6581, 0x6700, 0x6982, 0x6985, 0x6A81, 0x6B00, 0x6D00, 0x6F00, 0x9001]
)
def test_a_refused_command_ends_the_write_at_once(serial: str, sw: int) -> None:
    for number in range(1, len(commands(serial)) + 1):
        wire = used(serial)
        wire.changes[number] = says(sw)
        told = fault(wire, order(serial=serial))
        assert isinstance(told, (CardRefused, UnknownCard))
        assert (number >= FIRST_WRITE[serial]) == told.maybe_written
        assert len(wire.sent) == number


@both
@pytest.mark.parametrize("cut", ["one byte", "shorter", "longer", "doubled"])
def test_an_answer_of_another_length_is_never_success(serial: str, cut: str) -> None:
    def change(_command: bytes, reply: bytes) -> bytes:
        data, sw = reply[:-2], reply[-2:]
        return {
            "one byte": b"\x90",
            "shorter": data[:-1] + sw if data else b"\x90",
            "longer": data + b"\x00" + sw,
            "doubled": reply + reply,
        }[cut]

    for number, command in enumerate(commands(serial), 1):
        if command[1] in {0xB1, 0xCA} and cut != "one byte":
            continue  # the reader decides how long these are
        wire = used(serial)
        wire.changes[number] = change
        told = fault(wire, order(serial=serial))
        assert isinstance(told, Garbled)
        assert (number >= FIRST_WRITE[serial]) == told.maybe_written


@both
def test_after_any_fault_the_same_order_written_again_makes_one_vend(serial: str) -> None:
    wanted = order(serial=serial, amount_fen=5_000, vend_count=10)
    for number in range(1, len(commands(serial)) + 1):
        wire = used(serial)
        wire.changes[number] = torn
        fault(wire, wanted)
        wire.changes.clear()
        wire.write(wanted)
        assert (wire.card.content("82"), wire.card.content("85")) == (
            bytes.fromhex("000013880000000A"),
            bytes(49),
        )


@both
@pytest.mark.parametrize("stored", [lambda old, _new: old, lambda old, _new: bytes(byte ^ 1 for byte in old)])
def test_9000_with_something_else_stored_is_found_by_reading_back(serial: str, stored: Any) -> None:
    wanted = order(
        serial=serial,
        card_type=CardType.REPLACEMENT,
        user_type=2,
        alarm1_fen=1,
        amount_fen=77_777_777,
        vend_count=10,
    )
    sent = used(serial)
    sent.write(wanted)
    for number in [number for number, one in enumerate(sent.sent, 1) if is_write(one)]:
        wire = used(serial)

        def disturb(wire: Wire = wire) -> None:
            wire.card.disturb_next_store = stored

        wire.before[number] = disturb
        if written_wrong(wire, wanted):
            assert serial == MIFARE
            assert wire.open().read().vend_count == 10


@both
def test_another_card_is_refused_before_any_key_is_spent(serial: str) -> None:
    wire = new(serial)
    wire.open()
    tries = len(wire.card.tries)
    told = fault(wire, order(serial="0102030405060708"))
    assert (type(told), told.maybe_written) == (CardSwapped, False)
    assert len(wire.card.tries) - tries <= 1


@both
def test_a_card_swapped_for_another_is_found_by_its_number(serial: str) -> None:
    wire = used(serial)
    card = wire.open()
    wire.card = MemoryCard(bytes(4)) if serial == SLE else MifareCard(bytes(4))
    wire.card.power_on()
    with pytest.raises(CardError) as raised:
        card.write(order(serial=serial), lambda _step: None)
    assert (raised.value.maybe_written, wire.card.tries, wire.card.content("82")) == (False, [], bytes(8))


@both
def test_a_card_swapped_after_the_last_write_is_no_proof(serial: str) -> None:
    wire, sent = used(serial), commands(serial)
    last = max(number for number, one in enumerate(sent, 1) if is_write(one))

    def swap() -> None:
        other = NEW[serial]()
        other.serial = bytes(len(other.serial))
        other.power_on()
        wire.card = other

    wire.before[last + 1] = swap
    assert fault(wire, order(serial=serial)).maybe_written


@both
def test_a_torn_file_is_told_with_the_cards_own_number(serial: str) -> None:
    wire = used(serial)
    wire.card.put("81", wire.card.content("81")[:20] + bytes(25))
    with pytest.raises(Damaged) as told:
        wire.open().read()
    assert told.value.serial == serial
    wire.write(order(serial=serial))
    assert wire.open().read().account_no == "2010078288"


@both
def test_without_keys_nothing_is_written(serial: str) -> None:
    wire = used(serial)
    before = wire.card.content("82")
    told = fault(wire, order(serial=serial, vend_count=10), DemonstrationKeys(masters={}))
    assert (type(told), told.maybe_written, wire.card.content("82")) == (KeysMissing, False, before)


# --- SLE4442 ------------------------------------------------------------------------------------------------


def test_a_memory_card_is_read_without_any_key() -> None:
    wire = used(SLE)
    assert wire.open(DemonstrationKeys(masters={})).read().vend_count == 9


def test_a_wrong_code_is_presented_once_and_never_again() -> None:
    wire = used(SLE)
    keys = DemonstrationKeys(masters={**MASTERS, KeyName.UPDATE_WALLET: bytes(16)})
    already = len(wire.card.tries)
    told = [fault(wire, order(serial=SLE), keys) for _again in range(4)]
    assert [(type(one), getattr(one, "tries_left", None)) for one in told] == [(AccessRefused, 2)] * 4
    assert wire.card.tries[already:] == [("code", False)]
    assert wire.card.tries_left == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize(("left", "kind"), [(1, LastTry), (0, AccessRefused)])
def test_the_error_counter_is_read_before_the_code_is_presented(left: int, kind: type[CardError]) -> None:
    wire = used(SLE)
    already = len(wire.card.tries)
    wire.card.tries_left = left  # type: ignore[attr-defined]
    told = fault(wire, order(serial=SLE))
    assert (type(told), told.maybe_written, wire.card.tries[already:]) == (kind, False, [])


@pytest.mark.parametrize(("sw", "left"), [(0x9000, 0), (0x9001, 1), (0x9003, 2), (0x6300, None)])
def test_9000_to_a_code_is_a_dead_card_and_no_success(sw: int, left: int | None) -> None:
    wire = used(SLE)
    number = next(number for number, one in enumerate(commands(SLE), 1) if one[1] == 0x20)
    wire.changes[number] = says(sw)
    told = fault(wire, order(serial=SLE))
    assert isinstance(told, AccessRefused)
    assert (told.tries_left, told.maybe_written, len(wire.sent)) == (left, False, number)


@pytest.mark.parametrize("counter", [b"\x90\x00", b"\x63\x00"])
def test_a_counter_that_cannot_be_read_keeps_the_code_back(counter: bytes) -> None:
    wire = used(SLE)
    already = len(wire.card.tries)
    number = next(number for number, one in enumerate(commands(SLE), 1) if one[1] == 0xB1)
    wire.changes[number] = lambda _command, _reply: counter
    assert isinstance(fault(wire, order(serial=SLE)), (Garbled, AccessRefused))
    assert wire.card.tries[already:] == []


def test_a_reader_of_another_maker_is_spoken_to_in_its_own_dialect() -> None:
    assert [
        dialect_of(name).name
        for name in ("ACS ACR38U-CCID 00 00", "HID Global OMNIKEY 3x21 0", "Virtual PCD")
    ] == [
        "acs",
        "omnikey",
        "acs",
    ]
    wire = Wire(
        MemoryCard(bytes.fromhex("01020304"), write_with=OMNIKEY_WRITE), reader="HID Global OMNIKEY 3x21"
    )
    wire.write(order(serial=SLE))
    assert wire.open().read().vend_count == 9


def test_a_dialect_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="klingon"):
        dialect_of("ACS", "klingon")


def test_an_inspection_shows_the_whole_memory() -> None:
    assert {name: len(raw) for name, raw in used(SLE).open().more_files().items()} == {"memory": 256}


def test_the_protected_memory_is_never_written() -> None:
    assert all(one[3] >= 32 for one in commands(SLE) if is_write(one))


# --- MIFARE -------------------------------------------------------------------------------------------------


def test_a_contactless_card_of_somebody_else_is_unknown() -> None:
    wire = Wire(MifareCard(bytes.fromhex("0A0B0C0D"), masters=FOREIGN))
    with pytest.raises(UnknownCard):
        wire.open()
    assert len(wire.card.tries) == 1


def test_keys_of_a_sector_and_the_makers_block_are_never_written() -> None:
    written = {one[3] for one in commands(MIFARE) if is_write(one)}
    assert written == {4, 5, 6, 8, 9, 10, 12}


def test_a_number_of_another_length_is_of_no_profile_here() -> None:
    wire = new(MIFARE)
    wire.changes[1] = lambda _command, _reply: bytes(7) + b"\x90\x00"
    with pytest.raises(UnknownCard):
        wire.open()


def test_a_fault_tells_no_code_and_no_key() -> None:
    for serial in (SLE, MIFARE):
        sent = commands(serial)
        secrets = [one[5:].hex() for one in sent if one[1] in {0x20, 0x82}]
        for number in range(1, len(sent) + 1):
            wire = used(serial)
            wire.changes[number] = says(0x6300)
            told = fault(wire, order(serial=serial))
            assert not any(secret in f"{told!r} {told}".lower() for secret in secrets)
