"""The locks: whole, hashed, and naming no place to fetch from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")


def entries(name: str) -> dict[str, str]:
    """Each locked package with its text: version and hashes."""
    text = (ROOT / name).read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    found = re.split(r"\n(?=[a-z0-9])", lines.replace("\\\n", " ").strip())
    return {re.split(r"[=\s\[;]", entry, maxsplit=1)[0]: entry for entry in found}


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_index_and_no_place_of_a_machine(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(
        r"(?:^|\s)(?:-i|-f|--index-url|--extra-index-url|--find-links|--trusted-host)\b", text
    )
    assert not re.search(r"(?:^|\s)/\w", text)


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_one_version_and_hashes(name: str) -> None:
    for package, entry in entries(name).items():
        assert re.match(rf"{re.escape(package)}(\[[\w,]+\])?==[\w.!+]+\s", entry), entry[:80]
        assert re.findall(r"--hash=sha256:[0-9a-f]{64}", entry), package


def test_every_wanted_package_is_locked() -> None:
    wanted = re.findall(
        r"^([A-Za-z][\w-]*)", (ROOT / "requirements.in").read_text("utf-8"), flags=re.MULTILINE
    )
    assert {name.lower() for name in wanted} <= entries("requirements.txt").keys()


def test_tests_run_on_the_versions_of_the_program() -> None:
    program, tests = entries("requirements.txt"), entries("requirements-dev.txt")
    assert {name: entry.split()[0] for name, entry in program.items()} == {
        name: tests[name].split()[0] for name in program
    }
