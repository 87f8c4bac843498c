"""The facts of AWS that decide an answer, and the tests that fail where one of them is broken.

A fact has the number of its line: ``"1.5"`` is the fifth line of the first section, ``"11.A"`` row A of the
eleventh. ``TESTS`` holds, by fact, the names of its tests, which say it in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

SECTIONS = {
    "1": "Security groups",
    "2": "What the code leaves out, and its shapes",
    "3": "Network ACLs",
    "4": "Routes",
    "5": "Internet",
    "6": "NAT",
    "11": "What other tools get wrong",
}
LINES = {"1": 20, "2": 11, "3": 9, "4": 10, "5": 9, "6": 4}
ROWS = ("A", "B", "C", "D", "D2", "E", "F", "G", "H", "J", "K", "L", "M", "N")

TESTS: dict[str, list[str]] = {}


def fact(*lines: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Mark a test as one of the facts of ``lines``."""

    def marked(test: Callable[P, T]) -> Callable[P, T]:
        for line in lines:
            TESTS.setdefault(line, []).append(f"{test.__module__}.{test.__name__}")
        return test

    return marked


def expected() -> tuple[str, ...]:
    """Every fact that needs a test."""
    numbered = (f"{section}.{line}" for section, count in LINES.items() for line in range(1, count + 1))
    return (*numbered, *(f"11.{row}" for row in ROWS))


def collected() -> dict[str, list[str]]:
    """``TESTS`` with the tests of every module in this folder."""
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        import_module(f"tests.checklist.{path.stem}")
    return {line: sorted(set(names)) for line, names in TESTS.items()}
