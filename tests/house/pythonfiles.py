"""The project's own Python files as syntax trees, for the tests that hold the house rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AUDITOR = sorted((ROOT / "auditor").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))

Function = ast.FunctionDef | ast.AsyncFunctionDef


def nodes(paths: list[Path]) -> Iterator[tuple[str, ast.AST]]:
    """Every syntax node of the files, with the place it stands at as ``path:line``."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}", node


def functions(paths: list[Path]) -> Iterator[tuple[str, Function]]:
    """Every function and method of the files, nested ones too."""
    return ((at, node) for at, node in nodes(paths) if isinstance(node, Function))


def classes(paths: list[Path]) -> Iterator[tuple[str, ast.ClassDef]]:
    """Every class of the files."""
    return ((at, node) for at, node in nodes(paths) if isinstance(node, ast.ClassDef))
