"""The simulated meter does what the published table says, row by row; the files are the published samples."""

from __future__ import annotations

import pytest

from tests.cards.sim_cpu import CpuCard
from tests.cards.sim_files import (
    EMPTY_WRITE_BACK,
    OPENING,
    PURCHASE,
    REPLACEMENT,
    Parameters,
    WriteBack,
    is_empty,
    is_framed,
    wallet,
)
from tests.cards.sim_meter import Loaded, Meter, Outcome, in_use, issue

ACCOUNT, METER_NO = "201007828800", "000250366809"
PUBLISHED_81 = bytes.fromhex(
    "68010027028300000000990101000002000050000000000000000100000100025036680900201007828802D816"
)
PUBLISHED_85 = bytes.fromhex(
    "6811002B020000010000010002503668090020100782880000198F0000000900000000010004010000022406121530B416"
)


def card(number: int = 1) -> CpuCard:
    return CpuCard(number.to_bytes(8))


def sold(plastic: CpuCard, count: int, amount_fen: int) -> None:
    """What a desk writes on a card that is in use."""
    plastic.put("82", wallet(amount_fen, count))
    plastic.put("85", EMPTY_WRITE_BACK)


# --- files --------------------------------------------------------------------------------------------------


def test_the_published_parameters_are_understood() -> None:
    assert Parameters.of(PUBLISHED_81) == Parameters(
        account_no="002010078288",
        meter_no="000250366809",
        card_type="02",
        user_type=2,
        flags=0x83,
        alarm1_fen=5000,
        alarm2_fen=0,
    )


def test_parameters_are_written_as_published() -> None:
    written = bytearray(bytes(Parameters("002010078288", "000250366809", "02", 2, 0x83, 5000, 0)))
    written[10:16] = PUBLISHED_81[10:16]
    written[43] = sum(written[1:43]) % 256
    assert bytes(written) == PUBLISHED_81


def test_a_write_back_is_written_as_published() -> None:
    written = bytearray(
        bytes(
            WriteBack(
                "002010078288",
                "000250366809",
                6543,
                9,
                illegal_inserts=2,
                written_at="2406121530",
                user_type=2,
            )
        )
    )
    written[35:39] = PUBLISHED_85[35:39]
    written[47] = sum(written[1:47]) % 256
    assert bytes(written) == PUBLISHED_85
    assert is_framed(0x11, PUBLISHED_85)


def test_a_changed_byte_breaks_a_frame() -> None:
    for place in range(45):
        spoilt = bytearray(PUBLISHED_81)
        spoilt[place] ^= 0x10
        assert Parameters.of(bytes(spoilt)) is None


@pytest.mark.parametrize(
    ("kept", "empty"), [(0, False), (1, False), (4, False), (7, False), (8, True), (48, True)]
)
def test_a_write_back_cleared_in_part_counts_as_empty_once_its_ratio_is_gone(kept: int, empty: bool) -> None:
    assert empty == is_empty(bytes(kept) + PUBLISHED_85[kept:])


def test_a_write_back_whose_ratio_is_zero_is_still_one() -> None:
    assert not is_empty(PUBLISHED_85[:5] + bytes(3) + PUBLISHED_85[8:])
    assert is_empty(b"\xff" + bytes(48))


# --- the table ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ahead", "cleared", "outcome", "loaded_fen"),
    [
        (-1, True, Outcome.OLD, 0),
        (-1, False, Outcome.OLD, 0),
        (0, True, Outcome.PARAMETERS, 0),
        (0, False, Outcome.PARAMETERS, 0),
        (1, True, Outcome.LOADED, 5_000),
        (1, False, Outcome.NOT_CLEARED, 0),
        (2, True, Outcome.SKIPPED, 0),
        (2, False, Outcome.SKIPPED, 0),
        (1000, True, Outcome.SKIPPED, 0),
    ],
)
def test_the_meter_follows_the_table(ahead: int, cleared: bool, outcome: Outcome, loaded_fen: int) -> None:
    plastic = card()
    meter = in_use(plastic, ACCOUNT, METER_NO, count=9, amount_fen=10_000)
    before = plastic.content("85")
    sold(plastic, 9 + ahead, 5_000)
    if not cleared:
        plastic.put("85", before)
    assert meter.insert(plastic) is outcome
    assert (meter.loaded_fen, meter.remaining_fen) == (10_000 + loaded_fen, 10_000 + loaded_fen)
    assert meter.vend_count == 9 + (loaded_fen > 0)
    wrote = outcome in {Outcome.LOADED, Outcome.PARAMETERS}
    assert wrote or plastic.content("85") == (EMPTY_WRITE_BACK if cleared else before)
    assert is_empty(plastic.content("85")) == (cleared and not wrote)


@pytest.mark.parametrize(
    ("limit_fen", "remaining_fen", "amount_fen", "outcome"),
    [
        (20_000, 15_000, 5_000, Outcome.LOADED),
        (20_000, 15_000, 5_001, Outcome.OVER_LIMIT),
        (99_999_999, 99_999_998, 1, Outcome.LOADED),
        (99_999_999, 99_999_998, 2, Outcome.OVER_LIMIT),
        (200_000_000, 99_999_999, 1, Outcome.OVER_LIMIT),
    ],
)
def test_above_the_hoard_limit_or_the_display_nothing_is_loaded_and_later_it_is(
    limit_fen: int, remaining_fen: int, amount_fen: int, outcome: Outcome
) -> None:
    plastic = card()
    meter = in_use(plastic, ACCOUNT, METER_NO, count=9, amount_fen=0)
    meter.hoard_limit_fen, meter.remaining_fen = limit_fen, remaining_fen
    sold(plastic, 10, amount_fen)
    assert meter.insert(plastic) is outcome
    if outcome is Outcome.OVER_LIMIT:
        assert is_empty(plastic.content("85"))
        meter.use(10_000)
        assert meter.insert(plastic) is Outcome.LOADED
    assert meter.loaded[-1] == Loaded(10, amount_fen)


def test_a_card_that_comes_twice_is_loaded_once_and_reports_again() -> None:
    plastic = card()
    meter = in_use(plastic, ACCOUNT, METER_NO, count=9, amount_fen=10_000)
    sold(plastic, 10, 5_000)
    assert [meter.insert(plastic) for _ in range(3)] == [
        Outcome.LOADED,
        Outcome.PARAMETERS,
        Outcome.PARAMETERS,
    ]
    meter.use(2_000)
    meter.insert(plastic)
    expected = WriteBack(ACCOUNT, METER_NO, remaining_fen=13_000, vend_count=10)
    assert plastic.content("85") == bytes(expected)


def test_what_was_used_on_credit_is_paid_first() -> None:
    plastic = card()
    meter = in_use(plastic, ACCOUNT, METER_NO, count=1, amount_fen=1_000)
    meter.use(1_700)
    assert (meter.remaining_fen, meter.overdraft_fen) == (0, 700)
    sold(plastic, 2, 3_000)
    meter.insert(plastic)
    assert (meter.remaining_fen, meter.overdraft_fen, meter.loaded_fen) == (2_300, 0, 4_000)


# --- whose card ---------------------------------------------------------------------------------------------


def test_a_new_meter_is_opened_by_an_opening_card_only() -> None:
    plastic, meter = card(), Meter(METER_NO)
    issue(plastic, Parameters(ACCOUNT, METER_NO, PURCHASE), wallet(5_000, 1), EMPTY_WRITE_BACK)
    assert meter.insert(plastic) is Outcome.FOREIGN
    issue(plastic, Parameters(ACCOUNT, METER_NO, OPENING), wallet(5_000, 1), EMPTY_WRITE_BACK)
    assert meter.insert(plastic) is Outcome.LOADED
    assert (meter.account_no, meter.loaded) == (ACCOUNT, [Loaded(1, 5_000)])


@pytest.mark.parametrize(
    "parameters",
    [
        Parameters("1" * 12, METER_NO),
        Parameters(ACCOUNT, "1" * 12),
        Parameters("1" * 12, METER_NO, REPLACEMENT),
    ],
)
def test_a_card_of_another_account_or_meter_loads_nothing_and_is_counted(parameters: Parameters) -> None:
    plastic = card()
    meter = in_use(plastic, ACCOUNT, METER_NO, count=9, amount_fen=10_000)
    issue(plastic, parameters, wallet(5_000, 10), EMPTY_WRITE_BACK)
    assert meter.insert(plastic) is Outcome.FOREIGN
    assert (meter.loaded_fen, meter.illegal_inserts) == (10_000, 1)


def test_a_replacement_takes_the_place_of_the_lost_card_which_is_foreign_from_then_on() -> None:
    lost, new = card(1), card(2)
    meter = in_use(lost, ACCOUNT, METER_NO, count=9, amount_fen=10_000)
    issue(new, Parameters(ACCOUNT, METER_NO, REPLACEMENT), wallet(0, 9), EMPTY_WRITE_BACK)
    assert meter.insert(new) is Outcome.PARAMETERS
    sold(lost, 10, 5_000)
    assert meter.insert(lost) is Outcome.FOREIGN
    issue(new, Parameters(ACCOUNT, METER_NO, PURCHASE), wallet(5_000, 10), EMPTY_WRITE_BACK)
    assert meter.insert(new) is Outcome.LOADED
    assert meter.loaded_fen == 15_000


def test_a_vend_on_a_lost_card_is_loaded_from_its_replacement_once() -> None:
    lost, new = card(1), card(2)
    meter = in_use(lost, ACCOUNT, METER_NO, count=9, amount_fen=10_000)
    sold(lost, 10, 5_000)
    issue(new, Parameters(ACCOUNT, METER_NO, REPLACEMENT), wallet(5_000, 10), EMPTY_WRITE_BACK)
    assert meter.insert(new) is Outcome.LOADED
    assert meter.insert(lost) is Outcome.FOREIGN
    assert meter.loaded == [Loaded(9, 10_000), Loaded(10, 5_000)]


def test_a_blank_card_and_one_with_a_broken_frame_are_broken() -> None:
    plastic = card()
    meter = in_use(plastic, ACCOUNT, METER_NO, count=9, amount_fen=10_000)
    assert meter.insert(card(7)) is Outcome.BROKEN
    plastic.put("81", bytes(Parameters(ACCOUNT, METER_NO))[:40] + bytes(5))
    assert meter.insert(plastic) is Outcome.BROKEN
