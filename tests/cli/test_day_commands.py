"""The day by command: the checklist, and the closing with a word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from counter.cli import main
from db.engine import as_login
from tests.bureau import PASSWORD, Bureau
from tests.ledger.closed import add_bank_account


@pytest.fixture
def hall(bureau: Bureau, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Bureau:
    """A bank account without a statement; the commands sign in as the cashier."""
    add_bank_account(bureau)
    monkeypatch.setenv("COUNTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COUNTER_LANGUAGE", "en")
    sign_in(bureau, "t20001", monkeypatch)
    return bureau


def sign_in(bureau: Bureau, staff_no: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands work as the login in the address."""
    url = as_login(bureau.url, staff_no, PASSWORD).render_as_string(hide_password=False)
    monkeypatch.setenv("COUNTER_DATABASE_URL", url)


def test_the_checklist_is_told_and_the_day_closed_with_a_word(
    hall: Bureau, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["day", "status", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert {name: step["state"] for name, step in told["steps"].items() if step["state"] != "done"} == {
        "statements": "note"
    }
    assert main(["day", "close"]) == 1
    assert "statements are not in" in capsys.readouterr().err
    assert main(["day", "close", "--note", "nothing=x"]) == 1
    assert main(["day", "close", "--note", "statements=银行明日"]) == 0
    assert main(["day", "status"]) == 0
    assert "银行明日" in capsys.readouterr().out
    assert main(["day", "close", "--month", "2020-01"]) == 1
    sign_in(hall, "t40001", monkeypatch)
    assert main(["day", "status", "--hall", "2"]) == 1
    assert "河西营业厅" in capsys.readouterr().out
    assert main(["day", "close", "--note", "statements=x"]) == 1
