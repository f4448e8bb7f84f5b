"""Nothing secret reaches the log, whoever writes it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from counter.logs import mask, open_log


@pytest.fixture(autouse=True)
def _own_handlers() -> Iterator[None]:
    """Leave the root logger as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("password=hunter2 and more", "password=*** and more"),
        ("{'password': 'hunter2'}", "{'password': ***'}"),
        ("postgresql://10001:hunter2@db:5432/counter", "postgresql://10001:***@db:5432/counter"),
        ("card 6222021234567890123 swiped", "card 622202***0123 swiped"),
        ("token 12345678901234567890 issued", "token *** issued"),
        ("token 1234 5678 9012 3456 7890 issued", "token *** issued"),
        ("account 330100000001 stays", "account 330100000001 stays"),
        ("receipt 0101-261123-0042", "receipt 0101-261123-0042"),
    ],
)
def test_secrets_are_masked_and_the_rest_is_kept(text: str, kept: str) -> None:
    assert mask(text) == kept


def test_a_line_is_json_with_the_secret_masked(tmp_path: Path) -> None:
    open_log(tmp_path)
    logging.getLogger("counter.services").warning("connect failed: %s", "postgresql://a:hunter2@b/c")
    line = json.loads((tmp_path / "counter.log").read_text("utf-8"))
    assert line["event"] == "connect failed: postgresql://a:***@b/c"
    assert (line["level"], line["logger"]) == ("warning", "counter.services")


def test_a_folder_that_cannot_be_made_leaves_the_desk_running(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    open_log(tmp_path / "file" / "logs")
