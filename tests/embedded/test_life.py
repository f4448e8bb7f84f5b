"""The server lives exactly as long as somebody uses it, whoever is killed on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from counter.errors import ServerUnreachable
from db import embedded
from db.embedded import locks, postmaster
from db.embedded.home import Home
from tests.embedded.conftest import QUICK, eventually

Starter = Callable[[], subprocess.Popen[str]]


def is_gone(home: Home) -> bool:
    """Neither an answer nor a process."""
    return postmaster.running_pid(home) is None and postmaster.probe(home) is postmaster.Answer.SILENT


def server_pid(home: Home) -> int:
    """The process of the running server."""
    pid = postmaster.running_pid(home)
    assert pid is not None
    return pid


def count(url: str) -> int:
    """The rows of the little table that the tests write to."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row is not None
    return int(row[0])


def write(url: str) -> None:
    """One row more."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (line int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def test_data_is_kept_when_the_last_program_left_and_another_comes(place: Path, home: Home) -> None:
    with embedded.start(place, settings=QUICK) as server:
        write(server.admin_url)
    assert eventually(lambda: is_gone(home))
    with embedded.start(place, settings=QUICK) as server:
        assert count(server.admin_url) == 1


def test_coming_in_while_the_server_stops_waits_and_starts_it_anew(place: Path) -> None:
    for _round in range(6):
        with embedded.start(place, settings=QUICK) as server, psycopg.connect(server.admin_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_killed_server_comes_back_by_itself_with_its_data(place: Path, home: Home) -> None:
    with embedded.start(place, settings={"shared_buffers": "16MB"}) as server:
        write(server.admin_url)
        killed = server_pid(home)
        os.kill(killed, signal.SIGKILL)
        assert eventually(lambda: postmaster.running_pid(home) not in {None, killed})
        assert eventually(lambda: postmaster.probe(home) is postmaster.Answer.READY)
        assert count(server.admin_url) == 1


def test_next_start_after_a_killed_server_finds_it_running(place: Path, home: Home) -> None:
    with embedded.start(place, settings={"shared_buffers": "16MB"}) as first:
        write(first.admin_url)
        os.kill(server_pid(home), signal.SIGKILL)
        with embedded.start(place) as second:
            assert count(second.admin_url) == 1


def test_killed_program_leaves_no_server_behind(place: Path, home: Home, program: Starter) -> None:
    victim = program()
    assert victim.stdout is not None
    assert victim.stdout.readline().startswith("postgresql://")
    assert postmaster.probe(home) is postmaster.Answer.READY
    victim.kill()
    assert eventually(lambda: is_gone(home))
    assert place.exists() or home.folder.exists()


def test_killed_keeper_is_replaced_by_the_next_program(place: Path, home: Home) -> None:
    with embedded.start(place, settings=QUICK) as first:
        running = server_pid(home)
        os.kill(keeper_pid(home), signal.SIGKILL)
        assert eventually(lambda: not locks.is_held(home.keeper_lock))
        with embedded.start(place, settings=QUICK):
            assert server_pid(home) == running
        write(first.admin_url)
    assert eventually(lambda: is_gone(home))


def keeper_pid(home: Home) -> int:
    """The process that holds the keeper's lock, from the kernel's list."""
    inode = home.keeper_lock.stat().st_ino
    for line in Path("/proc/locks").read_text(encoding="ascii").splitlines():
        _no, _kind, _mode, access, pid, which, *_range = line.split()
        if access == "WRITE" and which.endswith(f":{inode}") and int(pid) > 0:
            return holder_of(home.keeper_lock, int(pid))
    raise AssertionError(line)


def holder_of(path: Path, locked_by: int) -> int:
    """The living process with the file open; the one that locked it may have handed it on."""
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            if any(descriptor.samefile(path) for descriptor in folder.iterdir()):
                return int(folder.parent.name)
        except OSError:
            continue
    return locked_by


def test_two_programs_share_one_server_until_the_last_leaves(
    place: Path, home: Home, program: Starter
) -> None:
    with embedded.start(place, settings=QUICK) as server:
        other = program()
        assert other.stdout is not None
        assert other.stdout.readline().strip() == server.admin_url
        pid = server_pid(home)
    other_url = server.admin_url
    write(other_url)
    assert server_pid(home) == pid
    other.communicate()
    assert eventually(lambda: is_gone(home))


def test_programs_that_start_at_once_end_up_on_one_server(place: Path, home: Home) -> None:
    servers: list[embedded.EmbeddedServer] = []
    threads = [
        threading.Thread(target=lambda: servers.append(embedded.start(place, settings=QUICK)))
        for _each in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({server.admin_url for server in servers}) == 1
    assert len(servers) == len(threads)
    for server in servers:
        server.leave()
    assert eventually(lambda: is_gone(home))


def test_process_id_given_to_another_process_does_not_stop_the_start(place: Path, home: Home) -> None:
    with embedded.start(place, settings=QUICK) as server:
        write(server.admin_url)
        mark = (home.data / "postmaster.pid").read_text(encoding="utf-8")
    assert eventually(lambda: is_gone(home))
    stranger = subprocess.Popen(["/bin/sleep", "60"], user=home.uid if home.is_foreign else None, cwd="/")
    try:
        stale = home.data / "postmaster.pid"
        stale.write_text(f"{stranger.pid}\n{mark.partition(chr(10))[2]}", encoding="utf-8")
        (home.socket_folder / f"{home.socket.name}.lock").write_text(f"{stranger.pid}\n", encoding="utf-8")
        if home.is_foreign:
            os.chown(stale, home.uid, home.gid)
        with embedded.start(place, settings=QUICK) as server:
            assert count(server.admin_url) == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_temporary_server_removes_itself(place: Path, home: Home) -> None:
    with embedded.start(place, settings=QUICK, temporary=True):
        assert home.data.exists()
    assert eventually(lambda: not home.folder.exists())


def test_temporary_server_that_does_not_start_removes_itself(place: Path, home: Home) -> None:
    with pytest.raises(ServerUnreachable):
        embedded.start(place, settings={"shared_buffers": "many"}, temporary=True)
    assert not home.folder.exists()


def test_server_in_use_is_not_removed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.embedded.server.REMOVE_TIMEOUT_S", 0.1)
    with embedded.start(place, settings=QUICK) as server:
        with pytest.raises(ServerUnreachable):
            embedded.remove(place)
        write(server.admin_url)
    monkeypatch.undo()
    embedded.remove(place)
    assert not place.exists()
