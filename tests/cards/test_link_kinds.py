"""What every link keeps to, tried without a reader; and the record of one, which holds no secret."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from cardio.apdu import Command, Response
from cardio.errors import CardLost, Garbled
from cardio.link.fake import FakeLink
from cardio.link.replay import ReplayLink
from cardio.link.trace import TraceLink, open_trace

READ = Command(0x00, 0xB0, 0x81, 0x00, le=4)
SELECT = Command(0x00, 0xA4, 0x00, 0x00, bytes.fromhex("3F00"))
MAC = bytes.fromhex("A1B2C3D4")
KEY = bytes.fromhex("DEADBEEFCAFE")
CRYPTOGRAM = bytes.fromhex("5EC2E75EC2E75EC2")
SECRETS = (
    Command(0x04, 0xD6, 0x82, 0x00, bytes.fromhex("0000271000000001") + MAC),
    Command(0x00, 0x82, 0x00, 0x08, CRYPTOGRAM),
    Command(0x00, 0x88, 0x00, 0x01, bytes(8), le=8),
    Command(0x80, 0x10, 0x01, 0x00, CRYPTOGRAM * 2, le=8),
    Command(0x80, 0x12, 0x81, 0x00, CRYPTOGRAM * 3, le=4),
    Command(0xFF, 0x82, 0x00, 0x00, KEY),
    Command(0xFF, 0x20, 0x00, 0x00, KEY[:3]),
    Command(0x00, 0x20, 0x00, 0x00, KEY[:3]),
    Command(0xFF, 0xD6, 0x04, 0x00, KEY, secret=True),
)


def test_an_empty_answer_is_a_lost_connection_and_the_link_is_dead_from_then_on() -> None:
    heard: list[bytes] = []

    def torn(command: bytes) -> bytes:
        heard.append(command)
        return b""

    link = FakeLink(torn)
    for maybe_written in (True, False):
        with pytest.raises(CardLost) as lost:
            link.send(READ)
        assert maybe_written == lost.value.maybe_written
    assert [bytes(READ)] == heard


def test_over_characters_a_command_with_data_goes_without_a_wanted_length() -> None:
    heard: list[bytes] = []

    def card(command: bytes) -> bytes:
        heard.append(command)
        return b"\x61\x08" if command[1] == 0x88 else bytes(8) + b"\x90\x00"

    link = FakeLink(card, character_protocol=True)
    command = Command(0x00, 0x88, 0x00, 0x01, bytes(8), le=8)
    assert Response(bytes(8), 0x9000) == link.send(command)
    assert [bytes(command)[:-1], bytes.fromhex("00C0000008")] == heard


def test_data_that_nobody_asked_for_stay_on_the_card() -> None:
    heard: list[bytes] = []

    def card(command: bytes) -> bytes:
        heard.append(command)
        return b"\x61\x20"

    assert Response(b"", 0x9000) == FakeLink(card).send(SELECT)
    assert [bytes(SELECT)] == heard


@pytest.mark.parametrize("status", ["6C04", "6C00"])
def test_a_write_is_never_sent_again_whatever_the_card_says(status: str) -> None:
    heard: list[bytes] = []

    def card(command: bytes) -> bytes:
        heard.append(command)
        return bytes.fromhex(status)

    with pytest.raises(Garbled):
        FakeLink(card).send(SELECT)
    assert len(heard) == 1


def test_a_card_that_always_has_more_is_garbled() -> None:
    with pytest.raises(Garbled):
        FakeLink(lambda _command: b"\x00\x61\x01").send(Command(0x00, 0xB0, 0, 0, le=256))


@pytest.mark.parametrize(("data", "status"), [(3, 0x6282), (0, 0x6A82), (4, 0x6281)])
def test_fewer_bytes_with_a_warning_or_a_refusal_are_an_answer(data: int, status: int) -> None:
    link = FakeLink(lambda _command: bytes(data) + status.to_bytes(2, "big"))
    assert Response(bytes(data), status) == link.send(READ)


def recorded(answer: bytes = b"\x90\x00") -> str:
    """The record of every secret command and an ordinary one."""
    file = io.StringIO()

    def card(command: bytes) -> bytes:
        wanted = {0x88: CRYPTOGRAM, 0x10: CRYPTOGRAM, 0x12: MAC, 0xB0: b"\x01\x02\x03\x04"}
        return wanted.get(command[1], b"") + answer

    link = TraceLink(FakeLink(card, atr=b"\x3b\x00", reader="Reader 读 00"), file)
    for command in (*SECRETS, READ):
        link.send(command)
    link.close()
    return file.getvalue()


def test_no_key_code_mac_or_cryptogram_is_in_a_record_and_what_is_none_is() -> None:
    text = recorded()
    for secret in (MAC, KEY, KEY[:3], CRYPTOGRAM):
        assert secret.hex().upper() not in text
    assert "> 04D682000C0000271000000001********\n< 9000\n" in text
    assert "> 0088000108****************08\n< ****************9000\n" in text
    assert "> 00B0810004\n< 010203049000\n" in text


def test_a_record_plays_the_same_again_and_tells_another_command_from_the_recorded() -> None:
    link = ReplayLink(recorded().splitlines())
    assert (link.atr, link.reader) == (b"\x3b\x00", "Reader 读 00")
    for command in SECRETS:
        assert link.send(command).ok
    assert link.send(READ) == Response(b"\x01\x02\x03\x04", 0x9000)
    assert link.finished
    with pytest.raises(Garbled):
        ReplayLink(recorded().splitlines()).send(READ)


def test_a_fault_is_recorded_by_its_name_and_plays_again() -> None:
    file = io.StringIO()
    link = TraceLink(FakeLink(lambda _command: b""), file)
    with pytest.raises(CardLost):
        link.send(READ)
    assert file.getvalue().endswith("> 00B0810004\n! CardLost\n")
    with pytest.raises(CardLost):
        ReplayLink(file.getvalue().splitlines()).send(READ)


def test_a_record_is_for_this_user_alone_and_a_full_disk_does_not_disturb(tmp_path: Path) -> None:
    path = tmp_path / "trace"
    file = open_trace(path)
    assert path.stat().st_mode & 0o777 == 0o600
    link = TraceLink(FakeLink(lambda _command: b"\x90\x00"), file)
    file.close()
    assert link.send(SELECT).ok
    full = Path("/dev/full").open("w")  # noqa: SIM115 (it cannot be closed in order)
    assert TraceLink(FakeLink(lambda _command: b"\x90\x00"), full).send(SELECT).ok
    with pytest.raises(OSError):
        full.close()
