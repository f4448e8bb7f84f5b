"""Make a cluster, and write its settings before each start.

Invariant: ``data`` appears by one rename, so a cluster that was killed while being made is never used.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping

from db.embedded.binaries import Binaries
from db.embedded.failures import EmbeddedFailure, FailureKind, of_output
from db.embedded.home import Home
from db.embedded.runner import run

SUPERUSER = "postgres"
BUILTIN_LOCALE_MAJOR = 17  # the first version with the builtin provider
OWN_SETTINGS = "counter.conf"


def major_of(home: Home) -> int | None:
    """The major version of the stored data; None when there is none yet."""
    try:
        return int((home.data / "PG_VERSION").read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None


def password_of(home: Home) -> str:
    """The superuser's password; raises ``EmbeddedFailure`` when its file is gone."""
    try:
        return home.password_file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise EmbeddedFailure(FailureKind.PASSWORD_LOST, str(home.password_file)) from error


def create(home: Home, binaries: Binaries) -> None:
    """Run initdb with checksums and passwords everywhere; raises ``EmbeddedFailure`` and OSError."""
    scratch = home.folder / "data.new"
    shutil.rmtree(scratch, ignore_errors=True)
    write_private(home, home.password_file.name, secrets.token_urlsafe(24))
    builtin = binaries.major >= BUILTIN_LOCALE_MAJOR
    locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8") if builtin else ()
    code, said = run(
        home,
        [
            binaries.folder / "initdb",
            *("--pgdata", scratch, "--username", SUPERUSER, "--pwfile", home.password_file),
            *("--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--data-checksums"),
            *("--encoding=UTF8", "--locale=C", *locale, "--no-instructions"),
        ],
    )
    if code != 0:
        shutil.rmtree(scratch, ignore_errors=True)
        raise of_output(said)
    with (scratch / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write(f"\ninclude_if_exists '{OWN_SETTINGS}'\n")
    scratch.rename(home.data)


def configure(home: Home, extra: Mapping[str, str]) -> None:
    """Write our settings; ``extra`` wins over them (tests switch fsync off)."""
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(home.socket_folder),
        "unix_socket_permissions": "0700",
        "max_connections": "60",
        "shared_buffers": "128MB",
        "password_encryption": "scram-sha-256",
        "fsync": "on",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "logging_collector": "on",
        "log_directory": str(home.logs),
        "log_filename": "server-%a.log",  # a week, then the day's file is written anew
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_truncate_on_rotation": "on",
        "log_statement": "none",
        "log_min_error_statement": "panic",  # a failed CREATE ROLE would log its password
        **extra,
    }
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items()]
    write_private(home, f"{home.data.name}/{OWN_SETTINGS}", "".join(lines))


def write_private(home: Home, name: str, content: str) -> None:
    """Write a file for the server's user only; it is complete or absent."""
    target = home.folder / name
    scratch = target.with_name(f"{target.name}.new")
    scratch.unlink(missing_ok=True)
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if home.is_foreign:
        os.chown(scratch, home.uid, home.gid)
    scratch.replace(target)
