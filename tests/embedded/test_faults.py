"""Each failure has its sentences: what happened, what that means for the data, what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from counter.errors import ServerUnreachable
from counter.i18n import set_language
from db import embedded
from db.embedded import failures, find_binaries
from db.embedded.failures import EmbeddedFailure, FailureKind
from db.embedded.home import Home
from tests.embedded.conftest import QUICK


@pytest.fixture(autouse=True)
def _in_english() -> None:
    set_language("en")


def tool(folder: Path, name: str, script: str) -> None:
    """A program that only says something."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def fake_server(folder: Path, *, version: str = "18.4", initdb: str = "exit 1") -> Path:
    """Programs that look like a server's."""
    tool(folder, "postgres", f"echo 'postgres (PostgreSQL) {version}'")
    tool(folder, "initdb", f'[ "$1" = --version ] && exit 0; {initdb}')
    tool(folder, "pg_ctl", "exit 1")
    return folder


def test_no_programs(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTER_PG_BIN", str(place.parent / "nothing"))
    with pytest.raises(ServerUnreachable) as refused:
        embedded.start(place)
    assert refused.value.title == "No PostgreSQL server program was found on this machine."
    assert "nothing was changed" in refused.value.message
    assert "COUNTER_DATABASE_URL" in refused.value.hint


def test_disk_full(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = "echo 'initdb: error: could not write: No space left on device'; exit 1"
    monkeypatch.setenv("COUNTER_PG_BIN", str(fake_server(place.parent / "bin", initdb=full)))
    with pytest.raises(ServerUnreachable) as refused:
        embedded.start(place)
    assert refused.value.title == "The disk is full: the embedded database cannot start."
    assert "No space left" in refused.value.message


def test_data_of_another_major_version(place: Path, home: Home) -> None:
    with embedded.start(place, settings=QUICK):
        version = home.data / "PG_VERSION"
    embedded_gone(place)
    version.write_text("12\n", encoding="ascii")
    with pytest.raises(ServerUnreachable) as refused:
        embedded.start(place)
    assert refused.value.title == "The stored data belongs to another version of PostgreSQL."
    assert "12 != " in refused.value.message


def embedded_gone(place: Path) -> None:
    """Wait until the server of that folder has stopped."""
    from db.embedded import locks
    from db.embedded.home import resolve

    waited = locks.lock(resolve(place).keeper_lock, locks.EXCLUSIVE, timeout_s=30)
    assert waited is not None
    os.close(waited)


def test_server_that_does_not_start_says_why(place: Path) -> None:
    with pytest.raises(ServerUnreachable) as refused:
        embedded.start(place, settings={"shared_buffers": "many"})
    assert refused.value.title == "The embedded database did not start."
    assert "shared_buffers" in refused.value.message


def test_folder_with_other_things_in_it_is_left_alone(place: Path) -> None:
    place.mkdir()
    (place / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ServerUnreachable) as refused:
        embedded.start(place)
    assert refused.value.title == "The folder of the embedded database cannot be used."
    assert [each.name for each in place.iterdir()] == ["letter.txt"]


def test_folder_that_is_a_file(place: Path) -> None:
    place.write_text("a file", encoding="utf-8")
    with pytest.raises(ServerUnreachable) as refused:
        embedded.start(place)
    assert refused.value.title == "The folder of the embedded database cannot be used."


def test_password_file_that_is_gone(place: Path, home: Home) -> None:
    with embedded.start(place, settings=QUICK):
        home.password_file.unlink()
        with pytest.raises(ServerUnreachable) as refused:
            embedded.start(place)
    assert refused.value.title == "The password file of the embedded database is missing."


def test_every_kind_of_failure_has_its_sentences() -> None:
    faults = [failures.as_fault(EmbeddedFailure(kind, "detail")) for kind in FailureKind]
    assert all(fault.title and "detail" in fault.message and fault.hint for fault in faults)
    assert len({fault.title for fault in faults}) == len(FailureKind)


def test_wish_comes_first_and_too_old_programs_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTER_PG_BIN", str(fake_server(tmp_path / "new", version="17.2 (Debian)")))
    assert (find_binaries().version, find_binaries().major) == ("17.2", 17)
    monkeypatch.setenv("COUNTER_PG_BIN", str(fake_server(tmp_path / "old", version="14.9")))
    with pytest.raises(EmbeddedFailure) as refused:
        find_binaries()
    assert refused.value.kind is FailureKind.NO_BINARIES


def test_wheel_is_found_without_importing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COUNTER_PG_BIN", raising=False)
    found = find_binaries()
    assert found.folder.parts[-2:] == ("pginstall18", "bin")
    assert find_binaries(16).major == 16
