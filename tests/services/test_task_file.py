"""The file of reconnection tasks: no cell of it is obeyed, and a full or missing disk is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from counter.errors import Fault
from counter.services.csv_file import harmless
from counter.services.task_file import write_tasks


@pytest.mark.parametrize(
    "cell", ["=1+1", "+86", "-1+1", "-x", "@x", "\t=1", "\r=1", " =1", "\n@x", "\0=1", "=\0"]
)
def test_what_a_spreadsheet_would_obey_is_text(cell: str) -> None:
    """Also behind blanks that it would skip."""
    safe = harmless(cell)
    assert safe.startswith("'")
    assert "\0" not in safe
    assert "\n" not in safe


@pytest.mark.parametrize("cell", ["王小四", "[/]", "330100000001", "", "-12.34"])
def test_other_text_stays_as_it_is(cell: str) -> None:
    """Nothing is added."""
    assert harmless(cell) == cell


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """Nothing half written is left."""
    (tmp_path / "file").write_text("")
    with pytest.raises(Fault):
        write_tasks((), tmp_path / "file" / "tasks.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
