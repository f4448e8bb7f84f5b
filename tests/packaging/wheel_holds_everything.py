"""Compare a wheel with the sources: every file of our packages is in it, and nothing else of ours.

usage: wheel_holds_everything.py SOURCE WHEEL; exits 1 with a list of the differences.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

PACKAGES = ("counter", "db", "receipts", "cardio", "migrations")
NOT_SHIPPED = {".pyc"}


def differences(source: Path, wheel: Path) -> list[str]:
    """What is missing from the wheel, and what it has too much."""
    wanted = {
        path.relative_to(source).as_posix()
        for package in PACKAGES
        for path in (source / package).rglob("*")
        if path.is_file() and path.suffix not in NOT_SHIPPED
    }
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    return [f"missing: {name}" for name in sorted(wanted - held)] + [
        f"too much: {name}" for name in sorted(held - wanted)
    ]


if __name__ == "__main__":
    found = differences(Path(sys.argv[1]), Path(sys.argv[2]))
    print("\n".join(found) or "the wheel holds every file of the packages, and nothing else")
    sys.exit(1 if found else 0)
