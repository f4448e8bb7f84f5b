"""When the demonstration is set up, and when it is only opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from counter.cli import demonstration, main
from counter.config import Settings


def test_an_update_of_the_program_brings_the_demonstration_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set up once; again only when the schema that the program brings is another one."""
    done: list[Path] = []

    def set_up(settings: Settings) -> None:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        done.append(settings.data_dir)

    monkeypatch.setattr(demonstration, "set_up", set_up)
    monkeypatch.setenv("COUNTER_DATA_DIR", str(tmp_path))
    prepare = ["demo", "--prepare-only"]
    assert [main(prepare), main(prepare)] == [0, 0]
    assert done == [tmp_path / "demo"]
    monkeypatch.setattr(demonstration, "schema_stamp", lambda: "newer")
    assert [main(prepare), main(prepare)] == [0, 0]
    assert done == [tmp_path / "demo"] * 2
