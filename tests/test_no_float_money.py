"""Money is whole fen: no float can come near it, which the syntax tree proves for every file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
GUARDED = ("counter/domain", "counter/services", "counter/bank", "db", "receipts/document")
NO_AMOUNTS = "db/embedded"
"""The server in a box knows seconds and folders only."""

FLOAT_MAKERS = {"float", "fsum"}


def guarded_files() -> list[Path]:
    """Every module in which amounts are computed; ``receipts/document`` is a module or a package."""
    found = [
        path
        for folder in GUARDED
        for path in (REPOSITORY / folder).rglob("*.py")
        if not path.is_relative_to(REPOSITORY / NO_AMOUNTS)
    ]
    return found + [path for path in [REPOSITORY / "receipts/document.py"] if path.exists()]


def is_about_time(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a number belongs to seconds: a name on the way up ends in ``_s`` or says seconds."""
    while node in parents:
        node = parents[node]
        target = getattr(node, "arg", None) or next(
            (
                name.id
                for name in getattr(node, "targets", [getattr(node, "target", None)])
                if isinstance(name, ast.Name)
            ),
            "",
        )
        if isinstance(target, str) and target.lower().endswith(("_s", "seconds", "timeout")):
            return True
    return False


def offences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where a float is written, made or computed."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float() as value) if not is_about_time(node, parents):
                yield node.lineno, f"float literal {value}"
            case ast.Call(func=ast.Name(id=name)) if name in FLOAT_MAKERS:
                yield node.lineno, f"{name}()"
            case ast.BinOp(op=ast.Div()) if is_true_division(node):
                yield node.lineno, "true division"


def is_true_division(node: ast.BinOp) -> bool:
    """Whether ``/`` may divide numbers; a path is recognised by a string or a path-like name."""
    return not any(is_path_like(side) for side in (node.left, node.right))


def is_path_like(node: ast.AST) -> bool:
    """A string, an f-string, or something named as a path, folder or file."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.JoinedStr):
        return True
    words = ast.unparse(node).lower()
    return any(word in words for word in ("path", "dir", "folder", "file", "root", "home"))


@pytest.mark.parametrize("path", guarded_files(), ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_no_float_comes_near_money(path: Path) -> None:
    """Rates are parts per million and amounts are fen, so nothing here needs a fraction."""
    assert list(offences(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("fee = 0.001 * principal_fen", 1),
        ("yuan = fen / 100", 1),
        ("yuan = float(text)", 1),
        ("total = fsum(amounts)", 1),
        ("yuan, rest = divmod(fen, 100)", 0),
        ("half = fen // 2", 0),
        ("path = folder / 'x.pdf'", 0),
        ("LOCK_TIMEOUT_S = 0.5", 0),
        ("wait(timeout_s=0.5)", 0),
        ("price = '0.50'", 0),
    ],
)
def test_the_lint_sees_what_it_should(code: str, expected: int) -> None:
    """A lint that finds nothing proves nothing."""
    assert len(list(offences(ast.parse(code)))) == expected
