"""CPU cards as the program reads and writes them, against a simulated card that checks everything."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardio.contents import CardContents, CardType, Step
from cardio.crypto import Algorithm
from cardio.errors import (
    AccessRefused,
    CardLost,
    CardSwapped,
    Damaged,
    Garbled,
    KeysMissing,
    LastTry,
    UnknownCard,
)
from cardio.families.plain import CardFiles, contents
from cardio.keys import KeyName
from cardio.keys.demonstration import MASTERS, DemonstrationKeys
from tests.cards.card_orders import ORDER, PROFILES, order, says, torn
from tests.cards.cpu_wire import FIRST_UPDATE, LAST, PARAMETERS, WALLET, WRITEBACK, fault, new, used
from tests.cards.sim_card import DEMO_MASTERS
from tests.cards.sim_cpu import CpuCard

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


halves = st.sampled_from([PARAMETERS + b"\xc9\x16", WRITEBACK[:45], bytes(45), b"\xff" * 45])


@given(st.one_of(halves, st.binary(min_size=45, max_size=45)), st.binary(min_size=8, max_size=8), st.data())
def test_whatever_stands_on_a_card_is_read_or_told_as_torn(
    parameters: bytes, wallet: bytes, data: st.DataObject
) -> None:
    filled = st.one_of(st.just(WRITEBACK), st.just(bytes(49)), st.binary(min_size=49, max_size=49))
    files = CardFiles(parameters, wallet, data.draw(filled))
    try:
        read = contents(PROFILES[0], "00", files)
    except Damaged as told:
        read = told.readable or CardContents(
            "", "00", "", "", CardType.OPENING, 0, 0, 0, 0, 0, 0, 0, None, {}
        )
    assert read.serial == "00"
    assert read.wallet_fen in {0, int.from_bytes(wallet[:4], "big")}


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


def test_a_vend_takes_twenty_commands_from_opening_to_reading_back() -> None:
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
