"""What the start of the program may load: the screens first, the database only when somebody signs in."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = {
    "alembic",
    "cryptography",
    "db",
    "psycopg",
    "pydantic",
    "pypinyin",
    "receipts",
    "reportlab",
    "smartcard",
    "sqlalchemy",
    "structlog",
    "typer",
}


def loaded_by(statement: str) -> set[str]:
    """The top-level names of all modules after that statement, in a process of its own."""
    program = (
        f"{statement}\nimport json, sys\nprint(json.dumps(sorted({{n.split('.')[0] for n in sys.modules}})))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    return set(json.loads(said))


def test_importing_the_screens_loads_no_database_printer_or_reader_library() -> None:
    import_all = (
        "import importlib, pkgutil, counter.ui\n"
        "for each in pkgutil.walk_packages(counter.ui.__path__, 'counter.ui.'): importlib.import_module(each.name)"
    )
    loaded = loaded_by(import_all)
    assert "textual" in loaded
    assert loaded & HEAVY == set()


def test_starting_the_program_loads_none_of_them_either() -> None:
    assert loaded_by("import counter.__main__") & HEAVY == set()


def test_domain_errors_and_settings_need_the_standard_library_only() -> None:
    names = "counter.domain.money, counter.domain.late_fee, counter.errors, counter.config, counter.i18n"
    loaded = loaded_by(f"import {names}")
    assert loaded & (HEAVY | {"textual", "rich"}) == set()


def test_keeper_of_the_embedded_server_is_small() -> None:
    assert loaded_by("import db.embedded.keeper") & (HEAVY - {"db"} | {"textual", "rich"}) == set()
