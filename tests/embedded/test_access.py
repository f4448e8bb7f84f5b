"""Who gets in: nobody without the password, and no other user of the machine."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from db import embedded
from db.embedded import Binaries, runner
from db.embedded.home import SOCKET_FOLDER_BYTES_MAX, Home, owner_for, resolve
from tests.embedded.conftest import PROGRAM, QUICK, ROOT, eventually


def test_wrong_password_is_refused(place: Path) -> None:
    with embedded.start(place, settings=QUICK) as server:
        password = urlsplit(server.admin_url).password
        assert password is not None
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.admin_url.replace(password, "wrong"))
        with psycopg.connect(server.admin_url) as connection:
            said = connection.execute(
                "SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'"
            ).fetchone()
    assert said is not None
    assert said[0].startswith("SCRAM-SHA-256$")


def test_every_way_in_asks_for_scram(place: Path, home: Home) -> None:
    with embedded.start(place, settings=QUICK) as server, psycopg.connect(server.admin_url) as connection:
        methods = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
        listening = connection.execute("SHOW listen_addresses").fetchone()
    assert methods == [("scram-sha-256",)]
    assert listening == ("",)
    for path in (home.folder, home.socket_folder, home.data):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.password_file.stat().st_mode) == 0o600


def test_cluster_is_utf8_with_checksums(place: Path) -> None:
    with embedded.start(place, settings=QUICK) as server, psycopg.connect(server.admin_url) as connection:
        shown = [
            connection.execute(f"SHOW {name}").fetchone()
            for name in ("server_encoding", "data_checksums", "password_encryption", "log_statement")
        ]
        lowered = connection.execute(
            "SELECT lower('ÀÉ'), current_setting('server_version_num')::int"
        ).fetchone()
    assert shown == [("UTF8",), ("on",), ("scram-sha-256",), ("none",)]
    assert lowered is not None
    assert lowered[0] == ("àé" if lowered[1] >= 170_000 else "ÀÉ")


def test_password_is_not_shown_and_not_logged(place: Path, home: Home) -> None:
    with embedded.start(place, settings=QUICK) as server:
        password = str(urlsplit(server.admin_url).password)
        assert password not in repr(server)
        with psycopg.connect(server.admin_url) as connection, pytest.raises(psycopg.Error):
            connection.execute("CREATE ROLE postgres LOGIN PASSWORD 'told-nobody'")
    assert eventually(lambda: "already exists" in logs_of(home))
    assert password not in logs_of(home)
    assert "told-nobody" not in logs_of(home)


def logs_of(home: Home) -> str:
    """Everything that server and keeper wrote; the server writes through a collector, a little later."""
    return "".join(file.read_text(encoding="utf-8") for file in home.logs.iterdir())


def test_long_path_still_has_a_socket(place: Path) -> None:
    deep = place / ("长" * 40)
    place.mkdir(mode=0o755)
    if os.geteuid() == 0:
        place.chmod(0o755)
    folder = resolve(deep).socket_folder
    assert len(os.fsencode(folder)) <= SOCKET_FOLDER_BYTES_MAX
    with embedded.start(deep, settings=QUICK) as server, psycopg.connect(server.admin_url):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    embedded.remove(deep)
    assert not folder.exists()


def python_of_everybody() -> str:
    """An interpreter that the other user may run, and the packages beside it."""
    usual = Path("/usr/bin/python3")
    return str(usual) if usual.exists() else sys.executable


def test_ordinary_user_has_a_server_of_their_own(place: Path) -> None:
    """As root, somebody else is asked to try; an ordinary user is one already."""
    mine = os.geteuid()
    other = pwd.getpwnam("nobody") if mine == 0 else pwd.getpwuid(mine)
    folder = place.parent / "own"
    folder.mkdir(mode=0o700)
    if mine == 0:
        os.chown(folder, other.pw_uid, other.pw_gid)
    packages = copied_packages(place.parent) if mine == 0 else ROOT
    process = subprocess.Popen(
        [python_of_everybody() if mine == 0 else sys.executable, "-c", PROGRAM, folder / "server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={
            "HOME": str(folder),
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(packages),
            "COUNTER_PG_BIN": str(reachable_binaries()),
        },
        user=other.pw_uid if mine == 0 else None,
        group=other.pw_gid if mine == 0 else None,
        extra_groups=[] if mine == 0 else None,
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    home = Home(folder / "server", other.pw_uid, other.pw_gid)
    assert home.data.stat().st_uid == other.pw_uid
    process.communicate()
    assert eventually(lambda: not home.socket.exists())


def copied_packages(folder: Path) -> Path:
    """Our packages where the other user can read them: a checkout below /root is closed to them."""
    target = folder / "packages"
    for name in ("counter", "db"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    return target


def reachable_binaries() -> Path:
    """Server programs that the other user may run: the launcher itself knows how to get them."""
    found = embedded.find_binaries()
    return runner.runnable(owner_for(Path("/nowhere")), found).folder if os.geteuid() == 0 else found.folder


def test_copied_programs_find_their_own_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COUNTER_PG_BIN", raising=False)
    found = embedded.find_binaries()
    runner.copy(found.folder.parent, tmp_path / "copy")
    prefix = tmp_path / "copy" / found.folder.parents[1].name / found.folder.parent.name
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    home = Home(tmp_path, os.geteuid(), os.getegid())
    assert runner.starts(home, Binaries(prefix / "bin", found.major, found.version))
    assert [each.name for each in tmp_path.iterdir()] == ["copy"]
