"""Faults do to a simulated card exactly what they are called."""

from __future__ import annotations

import pytest

from tests.cards import des, faults
from tests.cards.faults import Fault, FaultyCard
from tests.cards.sim_card import Silent, Torn, keys_of
from tests.cards.sim_cpu import CpuCard

SERIAL = bytes.fromhex("1122334455667788")
CREDIT = bytes.fromhex("000013880000000A")
READ = bytes.fromhex("00B0820008")


def ready() -> tuple[FaultyCard, bytes]:
    """A proven card and the next command to it, which writes a credit; faults count from that command."""
    card = FaultyCard(CpuCard(SERIAL))
    card.power_on()
    card.answer(bytes.fromhex("00A4000002DF01"))
    challenge = card.answer(bytes.fromhex("0084000008"))[:8]
    keys = keys_of(SERIAL)
    card.answer(bytes.fromhex("0082000208") + des.encrypt_two_keys(keys["external"], challenge))
    challenge = card.answer(bytes.fromhex("0084000004"))[:4]
    command = bytes.fromhex("04D682000C") + CREDIT
    card.count_from_here()
    return card, command + des.retail_mac(keys["82"], challenge + bytes(4), command)[:4]


def again(card: FaultyCard) -> None:
    card.power_on()
    card.answer(bytes.fromhex("00A4000002DF01"))


@pytest.mark.parametrize(
    ("fault", "stands"),
    [
        (faults.torn_before, bytes(8)),
        (faults.torn_after(0.5), CREDIT[:4] + bytes(4)),
        (faults.torn_after_bytes(7), CREDIT[:7] + bytes(1)),
        (faults.reply_lost, CREDIT),
    ],
)
def test_a_torn_card_gives_no_answer_and_holds_what_had_arrived(fault: Fault, stands: bytes) -> None:
    card, command = ready()
    card.at(0, fault)
    with pytest.raises(Torn):
        card.answer(command)
    assert (card.card.content("82"), card.card.powered, card.answers[-1]) == (stands, False, None)
    again(card)
    assert card.answer(READ) == stands + b"\x90\x00"


@pytest.mark.parametrize(
    ("fault", "answer", "stands"),
    [
        (faults.refused(0x6581), "6581", bytes(8)),
        (faults.done_but_says(0x6581), "6581", CREDIT),
        (faults.answers_nothing, "", CREDIT),
        (faults.answers_one_byte, "90", CREDIT),
        (faults.truncated, "9000", CREDIT),
        (faults.over_long, "9000009000", CREDIT),
        (faults.doubled, "90009000", CREDIT),
        (faults.late(0.01), "9000", CREDIT),
        (faults.stores_nothing, "9000", bytes(8)),
        (faults.stores_other, "9000", CREDIT[:-1] + b"\x0b"),
        (faults.power_cycle, "6A82", bytes(8)),
    ],
)
def test_a_fault_changes_the_answer_or_the_memory(fault: Fault, answer: str, stands: bytes) -> None:
    card, command = ready()
    card.at(0, fault)
    assert card.answer(command).hex().upper() == answer
    assert card.card.content("82") == stands
    again(card)
    assert card.answer(READ) == stands + b"\x90\x00"


def test_a_truncated_answer_still_ends_as_a_success() -> None:
    card, _command = ready()
    card.card.put("82", CREDIT)
    card.at(0, faults.truncated)
    assert card.answer(READ) == CREDIT[:4] + b"\x90\x00"


def test_a_card_that_never_answers_has_stored_all_the_same() -> None:
    card, command = ready()
    card.at(0, faults.never)
    with pytest.raises(Silent):
        card.answer(command)
    assert (card.card.content("82"), card.card.powered) == (CREDIT, True)


def test_answers_that_lag_stay_one_behind_until_the_power_is_off() -> None:
    card, command = ready()
    card.answer(command)
    card.at(1, faults.lagging)
    assert card.answer(READ) == b"\x90\x00"
    assert card.answer(bytes.fromhex("00B0990108")) == CREDIT + b"\x90\x00"
    assert card.answer(READ) == SERIAL + b"\x90\x00"
    again(card)
    assert card.answer(READ) == CREDIT + b"\x90\x00"


def test_commands_are_recorded_and_counted() -> None:
    card, command = ready()
    card.answer(command)
    card.answer(READ)
    assert card.sent == [command, READ]
    assert len(card.commands) == 6


def test_a_credit_that_comes_back_is_noticed() -> None:
    card, command = ready()
    card.answer(command)
    plastic = card.card
    assert plastic.wallets == [CREDIT]
    plastic.wallets.append(bytes.fromhex("000013880000000B"))
    assert not plastic.credit_came_back()
    plastic.wallets.append(bytes.fromhex("000000000000000A"))
    assert not plastic.credit_came_back()
    plastic.wallets.append(CREDIT)
    assert plastic.credit_came_back()


def test_a_wallet_written_in_part_is_no_credit() -> None:
    card, command = ready()
    card.at(0, faults.torn_after_bytes(4))
    with pytest.raises(Torn):
        card.answer(command)
    assert card.card.wallets == []
