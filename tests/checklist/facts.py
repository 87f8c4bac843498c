"""The facts of AWS that decide an answer, and the tests that fail where one of them is broken.

``facts.yaml`` has them. ``"1.5"`` is the fifth of the first section, ``"11.A"`` row A of the eleventh.
``TESTS`` holds, by fact, the names of its tests, which say it in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import ParamSpec, TypeVar

import yaml

P = ParamSpec("P")
T = TypeVar("T")

DOCUMENT = Path(__file__).parent / "facts.yaml"

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
    return tuple(
        f"{number}.{row}"
        for number, section in enumerate(yaml.safe_load(DOCUMENT.read_text("utf-8")), start=1)
        for place, said in enumerate(section["facts"], start=1)
        for row in [said["row"] if isinstance(said, dict) else place]
    )


def collected() -> dict[str, list[str]]:
    """``TESTS`` with the tests of every module in this folder."""
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        import_module(f"tests.checklist.{path.stem}")
    return {line: sorted(set(names)) for line, names in TESTS.items()}
