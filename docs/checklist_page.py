"""The page with every fact of AWS that decides an answer, and the tests that hold it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests/checklist"


def checklist_page() -> str:
    """A table a section: each fact of ``facts.yaml``, and the tests that are marked with it."""
    held = tests_by_fact()
    sections = yaml.safe_load((TESTS / "facts.yaml").read_text("utf-8"))
    total = sum(len(section["facts"]) for section in sections)
    lines = [
        "# The facts that decide an answer",
        "",
        f"{total} facts of AWS, and of the code that is written for it, each with the tests that fail where",
        "it is broken. They are in [tests/checklist](../tests/checklist/), marked with the fact's number.",
        "",
    ]
    for number, section in enumerate(sections, start=1):
        lines += section_lines(number, section, held)
    return "\n".join(lines)


def section_lines(number: int, section: Mapping[str, object], held: Mapping[str, list[str]]) -> list[str]:
    """One section: its source, and a row a fact."""
    source = [f"Source: <{section['source']}>", ""] if "source" in section else []
    lines = [f"## {number}. {section['title']}", "", *source, "| | fact | tests |", "| --- | --- | --- |"]
    facts = section["facts"]
    for place, said in enumerate(facts if isinstance(facts, list) else (), start=1):
        row, text = (said["row"], said["text"]) if isinstance(said, dict) else (place, said)
        tests = held.get(f"{number}.{row}", ["not held by a test yet"])
        lines.append(f"| {number}.{row} | {text} | {'<br>'.join(tests)} |")
    return [*lines, ""]


def tests_by_fact() -> dict[str, list[str]]:
    """The tests that are marked with each fact, as links to their files."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.glob("test_*.py")):
        for name, number in marked(ast.parse(path.read_text("utf-8"))):
            found.setdefault(number, []).append(f"[{sentence(name)}](../tests/checklist/{path.name})")
    return found


def marked(module: ast.Module) -> Iterator[tuple[str, str]]:
    """The tests of a module, each with the facts that ``@fact(...)`` marks it with."""
    for each in module.body:
        if isinstance(each, ast.FunctionDef):
            for mark in each.decorator_list:
                if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "fact":
                    yield from (
                        (each.name, str(one.value)) for one in mark.args if isinstance(one, ast.Constant)
                    )


def sentence(name: str) -> str:
    """A test's name as words."""
    return name.removeprefix("test_").replace("_", " ")
