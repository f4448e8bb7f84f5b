"""CPU cards as the program reads and writes them, against a simulated card that checks everything."""

from __future__ import annotations

import itertools
import pickle
from dataclasses import dataclass
from typing import Any

import pytest

from cardio.contents import CardType, Step, VendOrder
from cardio.crypto import Algorithm
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
from cardio.families import open_card
from cardio.keys import KeyName
from cardio.keys.demonstration import MASTERS, DemonstrationKeys
from tests.cards.card_orders import ORDER, PROFILES, Change, Wire, order, says, torn
from tests.cards.sim_card import DEMO_MASTERS
from tests.cards.sim_cpu import CpuCard

SERIAL = bytes.fromhex("1122334455667788")
PARAMETERS = bytes.fromhex(
    "68010027018000000000000000000000000020000000050000000100000100025036680900201007828802"
)
WALLET = bytes.fromhex("0000271000000009")
WRITEBACK = bytes.fromhex(
    "6811002B020000010000010002503668090020100782880000198F0000000900000000010004010000022406121530B416"
)
FIRST_UPDATE = 9
"""Select twice, serial twice, prove both sides (3), challenge, and then the first update."""
LAST = 17


def new(**changes: Any) -> Wire:
    """A card from the factory in a reader."""
    return Wire(CpuCard(SERIAL, **changes))


def used() -> Wire:
    """A card that came back from its meter."""
    wire = new()
    wire.write()
    wire.card.put("85", WRITEBACK)
    wire.sent.clear()
    return wire


def fault(wire: Wire, wanted: VendOrder = ORDER, keys: Any = None) -> CardError:
    """What a write ends with."""
    with pytest.raises(CardError) as raised:
        wire.write(wanted, keys)
    return raised.value


# --- reading ------------------------------------------------------------------------------------------------


def test_a_card_from_the_meter_is_read_whole() -> None:
    contents = used().open().read()
    assert contents.writeback is not None
    assert (
        contents.profile,
        contents.serial,
        contents.account_no,
        contents.meter_no,
        contents.card_type,
        contents.wallet_fen,
        contents.vend_count,
        contents.alarm1_fen,
        contents.alarm2_fen,
    ) == (
        "stategrid-demo",
        "1122334455667788",
        "2010078288",
        "250366809",
        CardType.PURCHASE,
        10_000,
        9,
        2_000,
        500,
    )
    assert (
        contents.writeback.remaining_fen,
        contents.writeback.vend_count,
        contents.writeback.illegal_inserts,
        contents.writeback.written_at,
    ) == (6_543, 9, 2, "2406121530")
    assert dict(contents.raw)["85"] == WRITEBACK


def test_a_card_is_read_with_six_commands_and_no_key() -> None:
    wire = used()
    wire.open(DemonstrationKeys(masters={})).read()
    assert len(wire.sent) == 6
    assert wire.card.tries[4:] == []


def test_a_blank_card_has_no_numbers() -> None:
    contents = new().open().read()
    assert (contents.account_no, contents.meter_no, contents.vend_count, contents.writeback) == (
        "",
        "",
        0,
        None,
    )


def test_tariffs_are_shown_to_an_inspection() -> None:
    more = new().open().more_files()
    assert {name: len(raw) for name, raw in more.items()} == {"83": 258, "84": 258}


def test_a_card_that_was_never_issued_is_unknown() -> None:
    wire = new()
    wire.card.issued = False  # type: ignore[attr-defined]
    with pytest.raises(UnknownCard, match="6B00"):
        wire.open().read()


@pytest.mark.parametrize("atr", ["3B00", "3B6800004350552D444D4F32", ""])
def test_a_card_with_another_answer_to_reset_is_unknown_and_not_spoken_to(atr: str) -> None:
    wire = new(atr=bytes.fromhex(atr))
    with pytest.raises(UnknownCard):
        wire.open()
    assert wire.sent == []


@pytest.mark.parametrize("number", [1, 2])
def test_a_card_without_the_application_is_unknown(number: int) -> None:
    wire = new()
    wire.changes[number] = says(0x6A82)
    with pytest.raises(UnknownCard):
        wire.open()


def test_a_torn_file_is_told_with_the_cards_own_number_and_mended_by_writing_again() -> None:
    wire = new()
    wire.card.put("81", (PARAMETERS + b"\x00\x16")[:20] + bytes(25))
    with pytest.raises(Damaged) as told:
        wire.open().read()
    assert told.value.serial == ORDER.serial
    wire.write()
    assert wire.open().read().vend_count == 9


def test_what_a_torn_card_still_says_is_told_for_the_next_write() -> None:
    wire = used()
    wire.card.put("81", wire.card.content("81")[:20] + bytes(25))
    with pytest.raises(Damaged) as told:
        wire.open().read()
    readable = told.value.readable
    assert readable is not None
    assert (readable.account_no, readable.user_type, readable.ct_ratio) == ("2010078288", 2, 1)
    wire.write()
    wire.card.put("85", b"\x00\x11" + WRITEBACK[2:])
    with pytest.raises(Damaged) as told:
        wire.open().read()
    assert told.value.readable is not None
    assert (told.value.readable.alarm1_fen, told.value.readable.writeback) == (2_000, None)
    wire.card.put("81", bytes((0x68, *range(44))))
    with pytest.raises(Damaged) as told:
        wire.open().read()
    assert told.value.readable is None


def test_faults_travel_between_processes_whole() -> None:
    wire = new()
    wire.changes[FIRST_UPDATE + 2] = says(0x6988)
    refused = pickle.loads(pickle.dumps(fault(wire)))  # noqa: S301 (our own)
    assert (type(refused), str(refused), refused.sw, refused.tries_left) == (
        AccessRefused,
        "update of 82: 6988",
        0x6988,
        None,
    )
    assert (refused.maybe_written, refused.half_written) == (True, ("81",))
    torn_one = pickle.loads(pickle.dumps(Damaged("no frame", "00")))  # noqa: S301
    assert (str(torn_one), torn_one.serial) == ("no frame", "00")


@pytest.mark.parametrize("number", range(1, 7))
@pytest.mark.parametrize("cut", [b"\x90\x00", b"\x00\x90\x00", b"", b"\x90"])
def test_a_truncated_answer_is_never_taken_for_a_card(number: int, cut: bytes) -> None:
    wire = used()
    if number < 3 and cut.endswith(b"\x90\x00"):
        cut = b""  # success without data is all that a selection says
    wire.changes[number] = lambda _command, _reply: cut
    with pytest.raises((Garbled, CardLost)) as raised:
        wire.open().read()
    assert not raised.value.maybe_written


@pytest.mark.parametrize("number", range(1, 7))
def test_a_card_lost_while_it_is_read_was_not_written(number: int) -> None:
    wire = used()
    wire.changes[number] = torn
    with pytest.raises(CardLost) as raised:
        wire.open().read()
    assert not raised.value.maybe_written


# --- writing ------------------------------------------------------------------------------------------------


def test_a_vend_stands_on_the_card_and_every_step_is_told() -> None:
    wire, steps = used(), list[Step]()
    contents = wire.open().write(order(amount_fen=12_345, vend_count=10), steps.append)
    assert steps == list(Step)
    assert (contents.wallet_fen, contents.vend_count, contents.writeback) == (12_345, 10, None)
    assert (wire.card.content("82"), wire.card.content("85")) == (
        bytes.fromhex("000030390000000A"),
        bytes(49),
    )


def test_a_blank_card_is_opened() -> None:
    wire = new()
    wire.write()
    assert (wire.card.content("81")[:43], wire.card.content("82")) == (PARAMETERS, WALLET)


def test_a_vend_takes_seventeen_commands_from_opening_to_reading_back() -> None:
    wire = new()
    wire.write()
    assert (len(wire.sent), wire.sent[FIRST_UPDATE - 1][:4]) == (LAST, b"\x04\xd6\x81\x00")


def test_writing_the_same_order_again_changes_nothing() -> None:
    wire = new()
    wire.write()
    before = [wire.card.content(name) for name in ("81", "82", "85")]
    wire.write()
    assert before == [wire.card.content(name) for name in ("81", "82", "85")]


def test_every_challenge_is_fresh() -> None:
    wire = new()
    wire.write()
    wire.write()
    proofs = [command for command in wire.sent if command[:2] in {b"\x00\x82", b"\x04\xd6"}]
    assert len(set(proofs)) == len(proofs) == 8


def test_another_card_is_refused_before_any_key_is_spent() -> None:
    wire = new()
    told = fault(wire, order(serial="1122334455667789"))
    assert (type(told), told.maybe_written, wire.card.tries) == (CardSwapped, False, [])


def test_a_card_swapped_after_it_was_opened_is_found_by_its_number() -> None:
    wire = new()
    card = wire.open()
    wire.card = CpuCard(bytes(8))
    wire.card.power_on()
    with pytest.raises(CardSwapped) as raised:
        card.write(ORDER, lambda _step: None)
    assert (raised.value.maybe_written, wire.card.tries) == (False, [])


def test_a_card_swapped_between_writing_and_reading_back_is_no_proof() -> None:
    wire = new()
    other = CpuCard(bytes(8))

    def swap() -> None:
        other.power_on()
        for name in ("81", "82", "85"):
            other.put(name, wire.card.content(name))
        wire.card = other

    wire.before[LAST - 3] = swap
    told = fault(wire)
    assert (type(told), told.maybe_written, told.half_written) == (CardSwapped, True, ("81", "82", "85"))


def test_an_order_above_the_cards_maximum_is_not_begun() -> None:
    wire = new()
    with pytest.raises(ValueError, match="above"):
        wire.write(order(amount_fen=100_000_000))
    assert len(wire.sent) == 3


def test_an_order_with_a_number_that_has_no_room_is_not_begun() -> None:
    wire = new()
    with pytest.raises(ValueError, match="room"):
        wire.write(order(account_no="1234567890123"))
    assert len(wire.sent) == 3


# --- keys ---------------------------------------------------------------------------------------------------


def with_wrong(*names: KeyName) -> DemonstrationKeys:
    """Keys of which some are wrong."""
    return DemonstrationKeys(
        masters={name: bytes(16) if name in names else key for name, key in MASTERS.items()}
    )


def test_a_card_of_another_company_is_found_before_a_try_is_spent() -> None:
    wire = new(masters={name: bytes(16) for name in DEMO_MASTERS})
    told = fault(wire)
    assert (type(told), told.maybe_written, wire.card.tries) == (UnknownCard, False, [])


def test_a_wrong_external_key_is_tried_once_and_never_again() -> None:
    wire, keys = new(), with_wrong(KeyName.EXTERNAL)
    told = [fault(wire, keys=keys) for _again in range(4)]
    assert [(type(one), getattr(one, "tries_left", None)) for one in told] == [(AccessRefused, 2)] * 4
    assert wire.card.tries == [("external", False)]
    assert not any(one.maybe_written for one in told)


@pytest.mark.parametrize(
    ("name", "file", "done"),
    [
        (KeyName.UPDATE_PARAMETERS, "81", ()),
        (KeyName.UPDATE_WALLET, "82", ("81",)),
        (KeyName.UPDATE_WRITEBACK, "85", ("81", "82")),
    ],
)
def test_a_wrong_mac_key_says_what_was_written_and_spares_the_last_try(
    name: KeyName, file: str, done: tuple[str, ...]
) -> None:
    wire, keys = new(), with_wrong(name)
    told = [fault(wire, keys=keys) for _again in range(3)]
    assert [type(one) for one in told] == [AccessRefused, AccessRefused, LastTry]
    assert [(one.maybe_written, one.half_written) for one in told] == [
        (True, done),
        (True, done),
        (False, ()),
    ]
    assert [accepted for which, accepted in wire.card.tries if which == file] == [False, False]


def test_other_keys_are_tried_on_a_card_that_refused_some() -> None:
    wire, keys = new(), DemonstrationKeys()
    wire.changes[7] = says(0x63C1)
    assert isinstance(fault(wire, keys=keys), AccessRefused)
    sent = len(wire.sent)
    assert isinstance(fault(wire, keys=keys), AccessRefused)
    assert len(wire.sent) == sent + 4, "opened and compared, no more"
    wire.write(keys=DemonstrationKeys())
    assert wire.open().read().vend_count == 9


def test_a_missing_key_in_the_middle_says_that_something_was_written() -> None:
    keys = DemonstrationKeys(masters={n: k for n, k in MASTERS.items() if n is not KeyName.UPDATE_WALLET})
    told = fault(new(), keys=keys)
    assert (type(told), told.maybe_written, told.half_written) == (KeysMissing, True, ("81",))


def test_sm4_keys_do_not_fit_a_card_of_triple_des() -> None:
    wire = new()
    assert isinstance(fault(wire, keys=DemonstrationKeys(Algorithm.SM4)), UnknownCard)
    assert wire.card.tries == []


# --- faults at every command --------------------------------------------------------------------------------

REFUSALS = [
    0x6300,
    0x63C2,
    0x6581,
    0x6700,
    0x6982,
    0x6983,
    0x6985,
    0x6987,
    0x6988,
    0x6989,
    0x6A80,
    0x6A82,
    0x6A84,
    0x6A86,
    0x6A88,
    0x6B00,
    0x6D00,
    0x6E00,
    0x6F00,
    0x9302,
    0x9303,
    0x9401,
    0x9403,
    0x9406,
    0x9007,
]


@pytest.mark.parametrize("number", range(4, LAST + 1))
@pytest.mark.parametrize("sw", REFUSALS, ids=lambda sw: f"{sw:04X}")
def test_a_refused_command_ends_the_write_at_once_and_says_how_far_it_came(number: int, sw: int) -> None:
    wire = new()
    wire.changes[number] = says(sw)
    told = fault(wire)
    assert isinstance(told, (CardRefused, UnknownCard))
    assert (number >= FIRST_UPDATE) == told.maybe_written
    assert told.half_written == ("81", "82", "85")[: sum(number > update for update in (9, 11, 13))]
    assert len(wire.sent) == number


@pytest.mark.parametrize("number", range(4, LAST + 1))
def test_a_card_torn_out_says_whether_it_may_have_been_written(number: int) -> None:
    wire = new()
    wire.changes[number] = torn
    told = fault(wire)
    assert (type(told), told.maybe_written) == (CardLost, number >= FIRST_UPDATE)
    assert len(wire.sent) == number


@pytest.mark.parametrize("number", range(4, LAST + 1))
@pytest.mark.parametrize("shape", ["cut", "doubled", "longer", "one byte", "nothing"])
def test_an_answer_of_another_length_is_never_success(number: int, shape: str) -> None:
    def change(_command: bytes, reply: bytes) -> bytes:
        data, sw = reply[:-2], reply[-2:]
        return {
            "cut": data[:-1] + sw if data else b"\x90",
            "doubled": reply + reply,
            "longer": data + b"\x00" + sw,
            "one byte": b"\x90",
            "nothing": b"",
        }[shape]

    wire = new()
    wire.changes[number] = change
    told = fault(wire)
    assert isinstance(told, (Garbled, CardLost))
    assert (number >= FIRST_UPDATE) == told.maybe_written


def nothing_stored(old: bytes, _new: bytes) -> bytes:
    return old


def half_stored(old: bytes, new_bytes: bytes) -> bytes:
    return new_bytes[: len(old) // 2] + old[len(old) // 2 :]


def other_stored(_old: bytes, new_bytes: bytes) -> bytes:
    return bytes((new_bytes[0], *(byte ^ 1 for byte in new_bytes[1:])))


@pytest.mark.parametrize("stored", [nothing_stored, half_stored, other_stored])
@pytest.mark.parametrize(("number", "file"), [(9, "81"), (11, "82"), (13, "85")])
def test_9000_with_something_else_stored_is_found_by_reading_back(
    number: int, file: str, stored: Any
) -> None:
    wire = used()

    def disturb() -> None:
        wire.card.disturb_next_store = stored

    wire.before[number] = disturb
    told = fault(wire, order(card_type=CardType.REPLACEMENT, vend_count=10))
    assert (type(told), told.maybe_written, str(told)) == (NotCompared, True, f"what differs: {file}")


@dataclass
class Outcome:
    """Where a card stands for a meter that has loaded eight vends."""

    wallet: bytes
    cleared: bool


@pytest.mark.parametrize(("number", "change"), itertools.product(range(1, LAST + 1), [torn, says(0x6F00)]))
def test_after_any_fault_the_same_order_written_again_makes_one_vend(number: int, change: Change) -> None:
    wire = used()
    wanted = order(amount_fen=5_000, vend_count=10)
    wire.changes[number] = change
    with pytest.raises(CardError):
        wire.write(wanted)
    wire.changes.clear()
    assert wire.write(wanted).read().vend_count == 10
    assert Outcome(bytes.fromhex("000013880000000A"), cleared=True) == Outcome(
        wire.card.content("82"), cleared=wire.card.content("85") == bytes(49)
    )
    assert {wallet[4:] for wallet in wire.card.wallets} <= {bytes(4), WALLET[4:], bytes.fromhex("0000000A")}


def test_a_fault_tells_no_key_no_mac_and_no_cryptogram() -> None:
    for number in range(4, LAST + 1):
        wire = new()
        wire.changes[number] = says(0x6988)
        raised = fault(wire)
        told = f"{raised!r} {raised}"
        secrets = [command[-4:].hex() for command in wire.sent if command[:2] in {b"\x04\xd6", b"\x00\x82"}]
        assert not any(secret in told.lower() for secret in secrets)


def test_two_hundred_cards_in_a_row_leave_no_memory_of_them() -> None:
    from cardio.families.tries import tries_of

    keys = DemonstrationKeys()
    for number in range(200):
        card = CpuCard(number.to_bytes(8, "big"))
        open_card(Wire(card).link(), PROFILES, keys).write(
            order(serial=card.serial.hex().upper()), lambda _step: None
        )
    assert tries_of(keys)._refused == {}


@pytest.mark.parametrize("short", [True, False])
def test_a_card_whose_transport_is_short_is_written_alike(short: bool) -> None:
    wire = new(short_transport=short)
    assert wire.write().read().vend_count == 9
