"""``counter card``: on the real PC/SC stack, with a simulated card in its reader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from counter.cli import main
from tests.cards.sim_cpu import CpuCard
from tests.cards.sim_files import EMPTY_WRITE_BACK, Parameters, WriteBack, wallet
from tests.cards.stack import Stack
from tests.cards.vpcd import Slot

SERIAL = bytes.fromhex("1122334455667788")
TEST_ACCOUNT = "999999999999"


@pytest.fixture
def reader(pcsc: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slot]:
    """An empty reader, and settings with the demonstration's keys."""
    monkeypatch.setenv("COUNTER_LANGUAGE", "en")
    monkeypatch.setenv("COUNTER_CARD_KEYS", "demonstration")
    slot = Slot(pcsc.user.port)
    yield slot
    slot.close()


def put_in(pcsc: Stack, reader: Slot, account_no: str, *, reported: bool = True) -> CpuCard:
    """A card of this account, as its meter left it."""
    card = CpuCard(SERIAL)
    card.put("81", bytes(Parameters(account_no, "000250366809")))
    card.put("82", wallet(10_000, 9))
    report = WriteBack(account_no, "000250366809", remaining_fen=6_543, vend_count=9)
    card.put("85", bytes(report) if reported else EMPTY_WRITE_BACK)
    reader.insert(card)
    pcsc.user.wait_present()
    return card


def run(*arguments: str) -> int:
    """The exit code of ``counter card …`` on the first reader."""
    return main(["card", *arguments])


def test_a_card_is_read_as_json_with_amounts_in_fen(
    pcsc: Stack, reader: Slot, capsys: pytest.CaptureFixture[str]
) -> None:
    card = put_in(pcsc, reader, "002010078288")
    assert run("read", "--reader", pcsc.user.reader, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["profile"], told["serial"], told["account_no"], told["meter_no"], told["wallet_fen"]) == (
        "stategrid-demo",
        "1122334455667788",
        "2010078288",
        "250366809",
        10_000,
    )
    assert (told["writeback"]["remaining_fen"], told["raw"]["85"]) == (
        6_543,
        card.content("85").hex().upper(),
    )


def test_a_card_is_read_in_plain_words_and_bytes_on_request(
    pcsc: Stack, reader: Slot, capsys: pytest.CaptureFixture[str]
) -> None:
    put_in(pcsc, reader, "002010078288")
    assert run("read", "--reader", pcsc.user.reader, "--raw") == 0
    said = capsys.readouterr().out
    assert "Account: 2010078288" in said
    assert "Credit on the card: 100.00 yuan" in said
    assert "Remaining in the meter: 65.43 yuan" in said
    assert re.search(r"^82: 0000271000000009$", said, re.MULTILINE)


def test_without_a_report_of_the_meter_that_is_said(
    pcsc: Stack, reader: Slot, capsys: pytest.CaptureFixture[str]
) -> None:
    put_in(pcsc, reader, "002010078288", reported=False)
    assert run("read", "--reader", pcsc.user.reader) == 0
    assert "The meter's report: none since the last purchase" in capsys.readouterr().out


def test_a_card_of_another_profile_is_not_known(
    pcsc: Stack, reader: Slot, capsys: pytest.CaptureFixture[str]
) -> None:
    put_in(pcsc, reader, "002010078288")
    assert run("read", "--reader", pcsc.user.reader, "--profile", "mifare-demo") == 1
    assert "This is no card for electricity" in capsys.readouterr().err


def test_an_empty_reader_is_told(pcsc: Stack, reader: Slot, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("read", "--reader", pcsc.user.reader) == 1
    assert "There is no card in the reader." in capsys.readouterr().err


def test_a_reader_that_is_not_there_is_told(
    pcsc: Stack, reader: Slot, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("read", "--reader", "no such reader") == 1
    assert "The card reader is not connected." in capsys.readouterr().err


def test_a_test_card_is_written_and_put_back(
    pcsc: Stack, reader: Slot, capsys: pytest.CaptureFixture[str]
) -> None:
    card = put_in(pcsc, reader, TEST_ACCOUNT)
    assert run("write-test", "--reader", pcsc.user.reader) == 0
    assert "Card 1122334455667788 is as it was." in capsys.readouterr().out
    assert (card.content("82"), card.content("85")) == (wallet(10_000, 9), EMPTY_WRITE_BACK)
    assert wallet(100, 9) in card.wallets


def test_a_customers_card_is_never_written_by_a_test(
    pcsc: Stack, reader: Slot, capsys: pytest.CaptureFixture[str]
) -> None:
    card = put_in(pcsc, reader, "002010078288")
    before = [card.content(name) for name in ("81", "82", "85")]
    assert run("write-test", "--reader", pcsc.user.reader) == 1
    assert "This is no test card." in capsys.readouterr().err
    assert before == [card.content(name) for name in ("81", "82", "85")]
    assert card.tries == []
