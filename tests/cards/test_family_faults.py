"""CPU cards that go wrong at every command of a write, against a simulated card that checks everything."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import pytest

from cardio.contents import CardType
from cardio.errors import (
    CardError,
    CardLost,
    CardRefused,
    Garbled,
    NotCompared,
    UnknownCard,
)
from cardio.families import open_card
from cardio.keys.demonstration import DemonstrationKeys
from tests.cards.card_orders import PROFILES, Change, Wire, order, says, torn
from tests.cards.cpu_wire import FIRST_UPDATE, LAST, WALLET, fault, new, used
from tests.cards.sim_cpu import CpuCard

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
    assert told.half_written == ("81", "82", "85")[: sum(number > update for update in (9, 11, 16))]
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
@pytest.mark.parametrize(("number", "file"), [(9, "81"), (11, "82"), (16, "85")])
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
