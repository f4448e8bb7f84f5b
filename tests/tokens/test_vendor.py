"""The way to the vending server over real HTTP: whatever goes wrong, one request has one token."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from counter.errors import Refusal, TokenInDoubt, TokenRefused, VendingUnreachable
from counter.services.ports.tokens import TokenRequest
from counter.services.token_vendor import VendingServer
from tests.tokens.certificate import make_certificate
from tests.tokens.hurried import hurried
from tests.tokens.vending_server import FAULTS, KEY, Vending, vending_server

HEALED = (
    "slow",
    "drip",
    "drop_before",
    "drop_after",
    "error_before",
    "error_after",
    "busy",
    "garbage",
    "no_object",
)
HEALED_TOO = ("deep", "huge", "no_token", "short_token")
DOUBTFUL = ("wrong_amount", "other_meter", "other_sale", "redirect", "conflict")


def request() -> TokenRequest:
    """A sale of 100.00."""
    return TokenRequest(uuid4(), "330100000001", "250366809002", 10_000)


def test_a_token_comes_and_the_server_knows_it_afterwards(vending: Vending, vendor: VendingServer) -> None:
    sale = request()
    assert vendor.ask(sale.request_id) is None
    token = vendor.vend(sale)
    assert token.digits == vending.issued[str(sale.request_id)]["token"]
    assert (token.request_id, token.meter_no, token.amount_fen) == (sale.request_id, sale.meter_no, 10_000)
    assert vendor.ask(sale.request_id) == vendor.vend(sale) == token
    assert len(vending.issued) == 1


@pytest.mark.parametrize("fault", [*HEALED, *HEALED_TOO])
def test_a_fault_that_passes_is_asked_again_under_the_same_id(
    fault: str, vending: Vending, vendor: VendingServer
) -> None:
    sale = request()
    vending.faults += [fault]
    token = vendor.vend(sale)
    assert vending.issued == {str(sale.request_id): vending.issued[str(sale.request_id)]}
    assert token.digits == vending.issued[str(sale.request_id)]["token"]
    assert vending.asked == [("POST", str(sale.request_id))] * 2


@pytest.mark.parametrize("fault", [*HEALED, *HEALED_TOO, *DOUBTFUL])
def test_a_fault_that_stays_leaves_the_sale_in_doubt_and_the_next_question_gets_the_same_token(
    fault: str, vending: Vending, vendor: VendingServer
) -> None:
    sale = request()
    vending.faults += [fault] * 3
    with pytest.raises(TokenInDoubt) as doubt:
        vendor.vend(sale)
    vending.faults.clear()
    secret = vending.issued.get(str(sale.request_id), {}).get("token", "no token")
    assert secret not in f"{doubt.value}{doubt.value!r}{doubt.value.__cause__!r}"
    assert all((doubt.value.title, doubt.value.message, doubt.value.hint))
    token = vendor.vend(sale)
    assert vendor.ask(sale.request_id) == token
    assert len(vending.issued) == 1


@pytest.mark.parametrize("fault", DOUBTFUL)
def test_an_answer_about_something_else_is_not_asked_for_again_by_itself(
    fault: str, vending: Vending, vendor: VendingServer
) -> None:
    vending.faults += [fault]
    with pytest.raises(TokenInDoubt):
        vendor.vend(request())
    assert len(vending.asked) == 1


def test_a_refusal_is_final_and_its_words_are_harmless(vending: Vending, vendor: VendingServer) -> None:
    sale = request()
    vending.reason = "[red]no\0 such\n meter[/] 12345678901234567890 " + "x" * 500
    vending.faults += ["refuse"]
    for _again in range(2):
        with pytest.raises(TokenRefused) as refused:
            vendor.vend(sale)
        assert (
            refused.value.title.startswith("供电售电服务器拒绝")
            or "[red]no such meter[/] *" in refused.value.title
        )
        assert len(refused.value.title) < 200
    with pytest.raises(TokenRefused):
        vendor.ask(sale.request_id)
    assert vending.issued == {}


def test_a_refusal_without_the_name_of_the_sale_proves_nothing(
    vending: Vending, vendor: VendingServer
) -> None:
    sale = request()
    vending.faults += ["not_found"]
    with pytest.raises(VendingUnreachable):
        vendor.vend(sale)
    vending.faults += ["not_found"]
    with pytest.raises(VendingUnreachable):
        vendor.ask(sale.request_id)


def test_a_server_that_is_not_there_was_not_asked(key_file: Path) -> None:
    nowhere = VendingServer("http://127.0.0.1:1", key_file, pauses_s=(0.0, 0.0))
    with pytest.raises(VendingUnreachable):
        nowhere.vend(request())


def test_doubt_of_the_first_try_stays_when_the_server_is_gone_at_the_second(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with vending_server() as vending:
        vending.faults += ["drop_after"]
        vendor = hurried(vending, key_file)
        real = VendingServer._exchange
        tries: list[str] = []

        def then_gone(self: VendingServer, *given: object) -> object:
            tries.append("try")
            return real(self if len(tries) == 1 else replace(self, url="http://127.0.0.1:1"), *given)  # type: ignore[arg-type]

        monkeypatch.setattr(VendingServer, "_exchange", then_gone)
        with pytest.raises(TokenInDoubt):
            vendor.vend(request())
    assert len(tries) == 3


def test_the_key_comes_from_its_file_each_time_and_is_told_nowhere(
    vending: Vending, vendor: VendingServer, key_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key_file.write_text("another-secret\n", "ascii")
    with pytest.raises(VendingUnreachable) as refused:
        vendor.vend(request())
    assert vending.issued == {}
    key_file.write_text(f"{KEY}\r\nnotes of the administrator\n", "ascii")
    token = vendor.vend(request())
    told = f"{refused.value}{refused.value!r}{vendor!r}{token!r}{caplog.text}"
    assert [secret for secret in (KEY, "another-secret", token.digits) if secret in told] == []


@pytest.mark.parametrize("content", [b"", b"\n\nsecond line", b"two words\n", "密钥\n".encode(), b"\0\n"])
def test_a_key_that_cannot_be_used_is_said_before_anything_is_sent(
    content: bytes, vending: Vending, vendor: VendingServer, key_file: Path
) -> None:
    key_file.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        vendor.vend(request())
    assert str(key_file) in refused.value.title
    assert vending.asked == []


def test_a_key_file_that_is_missing_is_said(vending: Vending, tmp_path: Path) -> None:
    with pytest.raises(Refusal):
        VendingServer(vending.address, tmp_path / "none").vend(request())
    assert vending.asked == []


def test_only_a_server_with_a_trusted_certificate_is_asked(tmp_path: Path, key_file: Path) -> None:
    good, other = make_certificate(tmp_path / "good.pem"), make_certificate(tmp_path / "other.pem")
    with vending_server(good) as vending:
        sale = request()
        patient = VendingServer(vending.address, key_file, good, pauses_s=(0.0,))
        for vendor in (replace(patient, ca_file=other), replace(patient, ca_file=None)):
            with pytest.raises(VendingUnreachable):
                vendor.vend(sale)
        assert vending.asked == []
        assert patient.vend(sale).digits == vending.issued[str(sale.request_id)]["token"]


def test_a_file_that_is_no_certificate_is_said(vending: Vending, key_file: Path) -> None:
    for wrong in (key_file, key_file.with_name("none")):
        with pytest.raises(Refusal):
            VendingServer(vending.address, key_file, wrong).vend(request())
    assert vending.asked == []


def test_no_proxy_of_the_environment_is_used(
    vending: Vending, vendor: VendingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert vendor.vend(request()).amount_fen == 10_000
    assert len(vending.issued) == 1


def test_every_fault_of_the_server_in_small_is_tried() -> None:
    assert set(FAULTS) == {*HEALED, *HEALED_TOO, *DOUBTFUL, "refuse", "not_found"}
