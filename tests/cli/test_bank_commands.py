"""``counter bank import`` and ``counter bank accounts``, as a morning job runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from counter.cli import main
from db.engine import as_login
from tests.bureau import PASSWORD, Bureau
from tests.ledger.closed import add_bank_account
from tests.services.bank_files import ACCOUNT, Row, csv_file

ROWS: list[Row] = [("2026-11-01", 10_000, "A1", "DIANFEI"), ("2026-11-02", -500, "A2", "FEE")]


@pytest.fixture
def bank(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """A bank account; the commands sign in as the cashier."""
    add_bank_account(bureau, ACCOUNT)
    url = as_login(bureau.url, "t20001", PASSWORD).render_as_string(hide_password=False)
    monkeypatch.setenv("COUNTER_DATABASE_URL", url)
    monkeypatch.setenv("COUNTER_DATA_DIR", str(bureau.folder / "data"))
    monkeypatch.setenv("COUNTER_LANGUAGE", "en")
    return bureau


def file_of(folder: Path, content: bytes, name: str) -> str:
    """The path of a file with this content."""
    (folder / name).write_bytes(content)
    return str(folder / name)


def test_files_are_taken_over_one_by_one(
    bank: Bureau, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A refused one ends the command with 1, and keeps neither those before it out nor those after it."""
    first = file_of(tmp_path, csv_file(ROWS[:1], 100_000), "1.csv")
    wrong = file_of(tmp_path, b"no statement", "2.csv")
    last = file_of(tmp_path, csv_file(ROWS, 100_000), "3.csv")
    assert main(["bank", "import", first, wrong, last]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "1.csv: **** 1234, 1 new lines, 0 known. Balance 1,100.00.",
        f"{wrong}:",
        "3.csv: **** 1234, 1 new lines, 1 known. Balance 1,095.00.",
    ]
    assert "Nothing of the file was taken over." in said.err
    assert main(["bank", "import", first]) == 1
    assert "already imported by 赵静" in capsys.readouterr().err
    assert main(["bank", "accounts", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["closing"], told["through"], told["lines"]) == ("1095.00", "2026-11-02", 2)


def test_what_the_file_does_not_say_is_said_by_options(
    bank: Bureau, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Account and balances; a balance that is no amount is refused."""
    path = file_of(tmp_path, csv_file(ROWS, 0, account="", balances=False), "bare.csv")
    assert main(["bank", "import", path]) == 1
    assert "does not say which account" in capsys.readouterr().err
    given = ["bank", "import", path, "--account", ACCOUNT]
    assert main(given) == 1
    assert "no balances" in capsys.readouterr().err
    assert main([*given, "--opening", "x", "--closing", "1"]) == 1
    assert main([*given, "--opening", "-5.00", "--closing", "90.00"]) == 0
    assert bank.value("SELECT closing_fen FROM counter.bank_account") == 9_000
    assert main(["bank", "accounts"]) == 0
    assert "9" in capsys.readouterr().out
