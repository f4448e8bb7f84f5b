"""``counter reader`` on the real service: what an administrator sees of readers that work and that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from counter.cli import main
from tests.cards.card_orders import ORDER
from tests.cards.other_program import another_program
from tests.cards.sim_card import DEMO_MASTERS
from tests.cards.sim_cpu import CpuCard
from tests.cards.sim_sam import Sam
from tests.cards.stack import Stack
from tests.cards.stub_card import StubCard
from tests.cards.test_opening import inserted, module_in

CPU_ATR = "3B 68 00 00 43 50 55 2D 44 4D 4F 31"


@pytest.fixture(autouse=True)
def _settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COUNTER_LANGUAGE", "en")
    monkeypatch.setenv("COUNTER_CARD_KEYS", "demonstration")
    monkeypatch.setenv("COUNTER_READER_NAME", "* 00 00")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    """The exit code and every line, errors last."""
    code = main(["reader", *arguments])
    written = capsys.readouterr()
    return code, [*written.out.splitlines(), *written.err.splitlines()]


def test_readers_are_listed_with_what_is_in_them(pcsc: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    with inserted(pcsc, CpuCard(bytes.fromhex(ORDER.serial))), StubCard(pcsc.sam.port):
        pcsc.sam.wait_present()
        code, lines = said(capsys, "list")
    assert code == 0
    assert lines[:2] == [f"{pcsc.user.reader} (this desk's reader)", "    a card is in"]
    assert lines[2] == f"    Answer to reset: {CPU_ATR}"
    assert lines[3].startswith("    Kind of card: ")
    assert lines[4] == pcsc.sam.reader
    assert lines[-1] == "    Kind of card: not known here"


def test_an_empty_a_mute_and_a_busy_reader_are_listed_as_that(
    pcsc: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, "list") == (
        0,
        [f"{pcsc.user.reader} (this desk's reader)", "    empty", pcsc.sam.reader, "    empty"],
    )
    with (
        StubCard(pcsc.user.port),
        StubCard(pcsc.sam.port, atr=bytes.fromhex("00112233")),
    ):
        pcsc.user.wait_present()
        pcsc.sam.wait_present()
        with another_program(pcsc.user.reader, "EXCLUSIVE"):
            _code, lines = said(capsys, "list")
    assert "    used by another program" in lines
    assert "    a card that does not answer" in lines


def test_a_reader_is_tried_by_reading_a_card(pcsc: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    with inserted(pcsc, CpuCard(bytes.fromhex(ORDER.serial))):
        code, lines = said(capsys, "test", "--reader", "00 00")
    assert code == 0
    assert f"{pcsc.user.reader}: a card is in" in lines
    assert f"Answer to reset: {CPU_ATR}" in lines
    assert f"Kind of card: stategrid-demo, number {ORDER.serial}" in lines
    assert lines[-2].endswith("Nothing was written.")
    assert lines[-1] == "Keys: demonstration, known to everybody"


def test_a_reader_is_tried_with_its_security_module(
    pcsc: Stack, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTER_CARD_KEYS", "sam")
    monkeypatch.setenv("COUNTER_SAM_READER", "* 00 01")
    masters = {name: bytes(range(index, index + 16)) for index, name in enumerate(DEMO_MASTERS)}
    with inserted(pcsc, CpuCard(bytes.fromhex(ORDER.serial), masters=masters)):
        code, lines = said(capsys, "test")
        assert (code, lines[-3]) == (1, "The security module is missing or has not the right keys.")
        with module_in(pcsc, Sam(masters)):
            code, lines = said(capsys, "test")
            assert (code, lines[-1]) == (0, "Keys: they answer")
            assert f"{pcsc.sam.reader} (the security module's slot)" in said(capsys, "list")[1]


def test_a_card_that_is_not_for_electricity_is_told(pcsc: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    with StubCard(pcsc.user.port):
        pcsc.user.wait_present()
        code, lines = said(capsys, "test")
    assert (code, "This is no card for electricity, or one that is not known here." in lines) == (1, True)


def test_without_a_card_the_wait_ends(pcsc: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = said(capsys, "test", "--wait", "1")
    assert (code, "There is no card in the reader." in lines) == (1, True)


def test_a_missing_reader_and_a_missing_service_are_told(
    pcsc: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = said(capsys, "test", "--reader", "[/] Nobody's '; --", "--wait", "1")
    assert (code, "The card reader is not connected." in lines) == (1, True)
    pcsc.stop()
    for command in (("list",), ("test", "--wait", "1")):
        code, lines = said(capsys, *command)
        assert (code, "The card service of this computer does not answer." in lines) == (1, True)


@pytest.mark.parametrize("wait", ["0", "-1", "601", "x"])
def test_a_wait_that_is_none_is_refused(wait: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "test", "--wait", wait)[0] == 2
