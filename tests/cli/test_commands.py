"""A bureau set up from nothing by commands alone, as an administrator would."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from counter import i18n
from counter.cli import main
from counter.config import Settings, load_settings
from counter.errors import Refusal
from tests.bureau import PASSWORD, Bureau
from tests.conftest import in_database, run_in


@pytest.fixture
def empty(server_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bureau]:
    """A database with nothing in it, configured by the environment."""
    name = "counter_cli_" + tmp_path.name.replace("-", "_")[-20:]
    run_in(server_url, f'CREATE DATABASE "{name}" TEMPLATE template0')
    bureau = Bureau(in_database(server_url, name), tmp_path)
    monkeypatch.setenv("COUNTER_DATABASE_URL", bureau.url)
    monkeypatch.setenv("COUNTER_LANGUAGE", "en")
    yield bureau
    bureau.dispose()
    run_in(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_bureau_from_nothing_to_a_proven_ledger(
    empty: Bureau, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Upgrade, halls, tills, staff, two files, and the proof; then a bent row is found."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(PASSWORD + "\n"))
    for command in (
        "db upgrade",
        "db set-bureau --name 供电局 --payee 供电局",
        "db set-bureau --reconnect-within 48 --instalment-kwh 50000 --instalment-least 4 --instalment-days 6",
        *(f"db add-hall --hall {hall_no} --name 第{hall_no}营业厅" for hall_no in range(1, 12)),
        "db add-till 101 --hall 1 --name 1号台",
        "db add-bank-account 4400-1234 --bank 建行 --holder 供电局",
        "db add-bank-account 4400-1234 --bank 建设银行 --holder 供电局 --closed",
        "db create-staff t10001 --name 张敏 --hall 1 --duty clerk",
        f"reconnections export --out {empty.folder / 'tasks.csv'}",
        f"demo-data --accounts 300 --seed 7 --out {empty.folder}",
        f"import accounts {empty.folder / 'accounts.csv'}",
        f"import bills {empty.folder / 'bills.csv'}",
        f"import bills {empty.folder / 'bills.csv'}",
        "ledger verify",
        "db check",
    ):
        assert main(command.split()) == 0, command
    said = capsys.readouterr().out
    assert " 0 new" in said.splitlines()[-3], "the same file twice adds nothing"
    assert "The ledger is right" in said
    assert empty.value("SELECT count(*) FROM counter.account") == 300
    terms = "concat_ws(' ', name, reconnect_within_h, instalment_large_kwh, instalment_least, instalment_every_days)"
    assert empty.value(f"SELECT {terms} FROM counter.bureau") == "供电局 48 50000 4 6"
    assert (empty.folder / "tasks.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert empty.value(
        "SELECT concat_ws('|', bank_account_no, bank_name, active) FROM counter.bank_account"
    ) == ("4400-1234|建设银行|f")
    with empty.psql() as connection:
        connection.execute("UPDATE counter.account_balance SET arrears_fen = arrears_fen + 1")
    assert main(["ledger", "verify"]) == 1
    assert "The ledger is WRONG (balances): account " in capsys.readouterr().err


def test_a_file_with_a_bad_line_changes_nothing_and_every_bad_line_is_listed(
    empty: Bureau, capsys: pytest.CaptureFixture[str]
) -> None:
    """Line, column and reason, on standard output; exit 1."""
    main(["db", "upgrade"])
    main(["db", "add-hall", "--hall", "1", "--name", "一"])
    bad = empty.folder / "bad.csv"
    bad.write_text(
        "户号,营业厅,户名,用电地址,客户类别\n3301000001,1,王一,人民路1号,居民\n33x,1,王二,人民路2号,居民\n"
        "3301000003,9,王三,人民路3号,外星\n",
        "gbk",
    )
    assert main(["import", "accounts", str(bad)]) == 1
    told = capsys.readouterr()
    assert [line for line in told.out.splitlines() if "3" in line and "33x" in line]
    assert sum(" 4" in line or "4" in line.split()[:2] for line in told.out.splitlines()) >= 1
    assert "nothing was imported" in told.err
    assert empty.value("SELECT count(*) FROM counter.account") == 0


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (["import", "accounts", "/no/such/file.csv"], 1, "file"),
        (["db", "nonsense"], 2, "nonsense"),
        (["db", "add-bank-account", "'; --", "--bank", "x", "--holder", "x"], 1, "cannot be"),
        (["db", "add-bank-account", "１２３４５６", "--bank", "x", "--holder", "x"], 1, "cannot be"),
        (["db", "add-bank-account", "123456", "--bank", " ", "--holder", "x"], 1, "cannot be"),
        (["db", "add-bank-account", "123456", "--bank", "x", "--holder", "a\nb"], 1, "cannot be"),
        (["db", "add-bank-account", "123456", "--bank", "x" * 61, "--holder", "x"], 1, "cannot be"),
        (["db", "create-staff", "t1", "--name", "x", "--hall", "77"], 1, "short"),
    ],
)
def test_a_wrong_command_says_what_is_wrong(
    empty: Bureau,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    code: int,
    said: str,
) -> None:
    """Sentences on the error stream, never a traceback."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    assert main(command) == code
    assert said in capsys.readouterr().err


def test_without_a_server_the_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the address with its password is not in it."""
    monkeypatch.setenv("COUNTER_DATABASE_URL", "postgresql://admin:hunter2@127.0.0.1:1/counter")
    monkeypatch.setenv("COUNTER_LANGUAGE", "en")
    assert main(["db", "check"]) == 1
    told = capsys.readouterr()
    assert "The server cannot be reached." in told.err
    assert "hunter2" not in told.out + told.err


def test_the_program_runs_as_a_program(empty: Bureau) -> None:
    """From another folder, as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "counter", "db", "check"],
        cwd=empty.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "counter db upgrade" in done.stdout


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('language = "de"', "language"),
        ("idle_lock_s = -1", "idle_lock_s"),
        ("idle_lock_s = 1.5", "idle_lock_s"),
        ('colour = "red"', "colour"),
        ('data_dir = "here"', "data_dir"),
        ("language = ", "settings.toml"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, content: str, named: str) -> None:
    """Where it stands and what is wanted."""
    file = tmp_path / "settings.toml"
    file.write_text(content, "utf-8")
    with pytest.raises(Refusal, match=named):
        load_settings({"COUNTER_SETTINGS": str(file)})


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """And a receipts folder follows the data folder."""
    file = tmp_path / "settings.toml"
    file.write_text(f'language = "en"\nidle_lock_s = 60\ndata_dir = "{tmp_path}"\n', "utf-8")
    settings = load_settings({"COUNTER_SETTINGS": str(file), "COUNTER_IDLE_LOCK_S": "5"})
    assert (settings.language, settings.idle_lock_s) == ("en", 5)
    assert settings.receipts_dir == tmp_path / "receipts"
    assert "hunter2" not in repr(Settings(database_url="postgresql://a:hunter2@b/c"))
    assert i18n.language() == "zh_CN"
