"""Every kind of refusal has advice of its own, in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import counter.bank
from counter.bank.hints import hint_of, hints, title_of, titles
from counter.bank.statement import UnreadableError

SOURCES = Path(counter.bank.__file__).parent
RAISING = {"UnreadableError", "refuse"}
PLACE = 2
"""Where the code stands among the arguments."""


def codes() -> Iterator[tuple[str, str]]:
    """Each code that a reader refuses a file with, and the module that does."""
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISING:
                named = [each.value for each in node.keywords if each.arg == "hint"]
                for each in [*node.args[PLACE : PLACE + 1], *named]:
                    if isinstance(each, ast.Constant):
                        yield str(each.value), path.name


def test_every_refusal_has_advice() -> None:
    known, used = hints(), dict(codes())
    assert {code: where for code, where in used.items() if code not in known} == {}


def test_no_advice_serves_two() -> None:
    said = list(hints().values())
    assert sorted({each for each in said if said.count(each) > 1}) == []
    assert all(said)


def test_what_has_no_advice_is_sent_to_the_bank() -> None:
    assert hint_of("no such code") not in hints().values()


def test_every_kind_has_a_sentence_for_the_screen() -> None:
    assert set(hints()) - {"fault"} == set(titles())
    assert title_of(UnreadableError("said so", 1, "no such code")) == "said so"
    assert title_of(UnreadableError("said so", 1, "amount")) == titles()["amount"]
