"""What the screens load, proved in a fresh interpreter: no database, no printer, no command line."""

from __future__ import annotations

import subprocess
import sys

FORBIDDEN = (
    "sqlalchemy",
    "psycopg",
    "alembic",
    "reportlab",
    "smartcard",
    "typer",
    "pydantic",
    "structlog",
    "pypinyin",
)
IMPORT_ALL = """
import pkgutil, sys, importlib
import counter.ui
for module in pkgutil.walk_packages(counter.ui.__path__, "counter.ui."):
    importlib.import_module(module.name)
print(*sorted(name for name in sys.modules if "." not in name))
"""


def test_importing_every_screen_loads_no_database_and_no_printer() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORT_ALL], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert loaded.isdisjoint(FORBIDDEN)
    assert loaded.isdisjoint({"db", "receipts", "cardio"})
