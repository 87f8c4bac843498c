"""Terraform's functions against what ``terraform console`` said (console.json, by record_console.py)."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Any

import pytest

from auditor.tree import Unknown
from tests.sources.terraform.evaluating import plain, reading, resources

HERE = Path(__file__).parent
TABLE: dict[str, dict[str, Any]] = json.loads((HERE / "console.json").read_text(encoding="utf-8"))
NUMBERS = {expression: number for number, expression in enumerate(TABLE)}

# Not decided here, though Terraform's console does: whether a value is sensitive, and whether a literal has
# the type of the list's elements, which the tree does not tell apart (a tuple is no list to ``==``).
UNDECIDED = {"contains([[1]], [1])", "contains([{a = 1}], {a = 1})", 'issensitive("a")'}


class Answers:
    """Every expression of the table as an attribute of a resource of its own, read in one go."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(HERE / "console", folder, dirs_exist_ok=True)
        blocks = (f'resource "x_probe" "e{n}" {{ value = {e} }}' for e, n in NUMBERS.items())
        found = reading(folder, "\n".join(blocks))
        bodies = resources(found)
        self.values = {e: bodies[f"x_probe.e{n}"].body.entries["value"] for e, n in NUMBERS.items()}
        self.gaps = {gap.at.line - 1: gap for gap in found.gaps}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    return Answers(tmp_path_factory.mktemp("console"))


def agree(ours: Any, theirs: Any) -> bool:
    if isinstance(theirs, float) and isinstance(ours, int | float):
        return math.isclose(ours, theirs, rel_tol=1e-14)
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(agree, ours, theirs))
    if isinstance(theirs, dict):
        same_keys = isinstance(ours, dict) and ours.keys() == theirs.keys()
        return same_keys and all(agree(ours[key], theirs[key]) for key in theirs)
    return type(ours) is type(theirs) and ours == theirs


@pytest.mark.parametrize("expression", [e for e, answer in TABLE.items() if "value" in answer])
def test_a_call_gives_what_terraform_gives(expression: str, answers: Answers) -> None:
    assert NUMBERS[expression] not in answers.gaps
    node = answers.values[expression]
    if expression in UNDECIDED:
        assert isinstance(node, Unknown)
        return
    ours, theirs = plain(node), TABLE[expression]["value"]
    assert agree(ours, theirs), f"{ours!r} is not {theirs!r}"


@pytest.mark.parametrize("expression", [e for e, answer in TABLE.items() if "error" in answer])
def test_a_call_that_terraform_refuses_is_a_gap_at_its_place(expression: str, answers: Answers) -> None:
    assert isinstance(answers.values[expression], Unknown)
    gap = answers.gaps[NUMBERS[expression]]
    assert gap.why
    assert gap.at.column > 1
