"""Printers set up and tried out by commands, as an administrator would."""

from __future__ import annotations

from pathlib import Path

import pytest

from counter.cli import main
from counter.config import FORMS, load_settings
from counter.errors import Refusal
from counter.services.bootstrap import press
from receipts.printers import Form
from tests.bureau import Bureau
from tests.receipts.thermal import Mood, thermal_head

ADD = ("db", "add-printer")


@pytest.fixture
def configured(bureau: Bureau, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """A bureau that the commands know, with a folder for files."""
    monkeypatch.setenv("COUNTER_DATABASE_URL", bureau.url)
    monkeypatch.setenv("COUNTER_LANGUAGE", "en")
    monkeypatch.setenv("COUNTER_RECEIPTS_DIR", str(tmp_path / "receipts"))
    return bureau


def add(
    name: str, *, kind: str = "escpos_network", address: str = "127.0.0.1", form: str = "thermal80"
) -> int:
    """The exit code of adding a printer."""
    return main([*ADD, name, "--hall", "1", "--kind", kind, "--address", address, "--form", form])


def printers(bureau: Bureau) -> list[tuple[str, str, str, str]]:
    """What is set up."""
    with bureau.psql() as connection:
        return connection.execute("SELECT printer_name, kind, address, form FROM counter.printer").fetchall()


def test_a_printer_is_added_changed_given_to_a_till_and_taken_away(configured: Bureau) -> None:
    assert add("roll") == 0
    assert add("roll", address="127.0.0.1:9101", form="thermal58") == 0
    assert printers(configured) == [("roll", "escpos_network", "127.0.0.1:9101", "thermal58")]
    assert main(["db", "set-printer", "101", "roll"]) == 0
    assert configured.value("SELECT printer_name FROM counter.till WHERE till_no = 101") == "roll"
    assert main(["db", "set-printer", "101"]) == 0
    assert configured.value("SELECT printer_name FROM counter.till WHERE till_no = 101") is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": ""},
        {"address": "host:99999"},
        {"kind": "escpos_usb", "address": "0"},
        {"form": "a5"},
        {"kind": "cups", "address": "two words", "form": "a5"},
    ],
)
def test_what_does_not_go_together_is_refused(
    configured: Bureau, capsys: pytest.CaptureFixture[str], wrong: dict[str, str]
) -> None:
    assert add("roll", **wrong) == 1
    assert "This printer cannot be" in capsys.readouterr().err
    assert printers(configured) == []


@pytest.mark.parametrize("name", ["", "x" * 61, "a\nb", "   "])
def test_a_name_that_is_none_is_refused(configured: Bureau, name: str) -> None:
    assert add(name) == 1
    assert printers(configured) == []


@pytest.mark.parametrize(("till", "printer"), [("999", "roll"), ("101", "'; --"), ("101", "[/]")])
def test_an_unknown_till_or_printer_is_refused(
    configured: Bureau, capsys: pytest.CaptureFixture[str], till: str, printer: str
) -> None:
    add("roll")
    assert main(["db", "set-printer", till, printer]) == 1
    assert "Nothing was changed" in capsys.readouterr().err
    assert configured.value("SELECT count(*) FROM counter.till WHERE printer_name IS NOT NULL") == 0


def test_the_test_page_is_printed_by_name(configured: Bureau, capsys: pytest.CaptureFixture[str]) -> None:
    with thermal_head() as head:
        add("roll", address=head.address)
        assert main(["print", "test-page", "--printer", "roll"]) == 0
    assert "roll" in capsys.readouterr().out
    assert head.cuts == 1


def test_without_a_printer_the_test_page_is_a_file(
    configured: Bureau, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["print", "test-page"]) == 0
    assert str(tmp_path) in capsys.readouterr().out
    assert [path.suffix for path in tmp_path.rglob("test-*")] == [".pdf"]


def test_a_printer_without_paper_ends_with_one(
    configured: Bureau, capsys: pytest.CaptureFixture[str]
) -> None:
    with thermal_head(Mood.PAPER_OUT) as head:
        add("roll", address=head.address)
        assert main(["print", "test-page", "--printer", "roll"]) == 1
    assert "out of paper" in capsys.readouterr().out
    assert main(["print", "test-page", "--printer", "gone"]) == 1


def test_the_forms_of_the_settings_are_those_of_the_printers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tuple(Form) == FORMS
    monkeypatch.setenv("COUNTER_PRINTER_QUEUE", "receipts")
    monkeypatch.setenv("COUNTER_PRINTER_FORM", "tractor241")
    made = press(load_settings()).printer
    assert made is not None
    assert (made.queue, made.form) == ("receipts", Form.TRACTOR241)


@pytest.mark.parametrize("form", ["a4", "", "A5", "ａ5"])
def test_an_unknown_form_in_the_settings_is_refused(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setenv("COUNTER_PRINTER_FORM", form)
    with pytest.raises(Refusal, match="thermal80"):
        load_settings()


def test_the_drawer_and_the_templates_are_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COUNTER_KICK_DRAWER", "true")
    monkeypatch.setenv("COUNTER_TEMPLATES_DIR", str(tmp_path))
    made = press(load_settings())
    assert (made.kick_drawer, made.templates, made.printer) == (True, tmp_path, None)
