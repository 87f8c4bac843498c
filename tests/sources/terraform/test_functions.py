"""Terraform's functions against what ``terraform console`` said (console.json, by record_console.py)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from auditor.sources.terraform.functions.encoding import json_text
from auditor.sources.terraform.functions.signature import to_python
from auditor.sources.values import is_wholly_known
from auditor.tree import Node, Unknown
from tests.sources.terraform.evaluating import reading, resources

HERE = Path(__file__).parent
TABLE: dict[str, dict[str, Any]] = json.loads((HERE / "console.json").read_text(encoding="utf-8"))
FUNCTIONS = (HERE / "functions.txt").read_text(encoding="utf-8").split()
REFUSED = {expression for expression, answer in TABLE.items() if "error" in answer}
NUMBERS = {expression: number for number, expression in enumerate(TABLE)}

# Not decided here, though Terraform's console does: the tree does not tell tuples from lists nor objects from
# maps, of which one is never equal to the other; nor what is infinite, ephemeral, or as long as always.
UNDECIDED = {
    "[1] == [1]",
    "[] == []",
    "can(1 / 0)",
    "contains([[1]], [1])",
    "contains([{a = 1}], {a = 1})",
    'ephemeralasnull([1, { a = "b" }])',
    'length(base64gzip("")) > 0',
    "length(timestamp())",
    "length(uuid())",
    "log(8, 0)",
    "range(1024) == range(0, 1024)",
    "tolist([1]) == [1]",
    "tomap({ a = 1 }) == { a = 1 }",
    "{ a = 1 } == { a = 1 }",
}
# One of several here, of which the one that Terraform gives must be one.
NEARLY = {
    "length([1]) / length([1, 2, 4])",
    "log(0.5, 2)",
    "log(50, 10)",
    "log(9, 3)",
    "nonsensitive(issensitive(sensitive(1)))",
    "pow(0.1, 2)",
    "pow(3, 40)",
}
NEARLY |= {each for each in TABLE if each.startswith(("issensitive(", "ephemeralasnull("))}
# Terraform has lists here, whose elements are strings all; as tuples they would be what they are here.
AS_TEXT = {'concat(tolist([1]), tolist(["a"]))'}
# Not refused here: no plan comes of these, so that whatever is said of them is said of nothing.
LENIENT = {
    "1 / 0",
    "false && null",
    "length(plantimestamp())",
    "log(0, 10)",
    "log(0, 2)",
    "log(10, 1)",
    "log(2, 1)",
    'lookup(tomap({ a = 1 }), "b", "x")',
    "pow(0, -1)",
    "pow(10, 400)",
    'rsadecrypt("", "")',
    'rsadecrypt("a", "b")',
    'templatestring("x", {})',
    "true ? 1 : true",
    'true ? "a" : [1]',
    "true ? [1, [2]] : [1]",
    "true ? { a = 1, b = [1] } : { a = 1 }",
    "true ? {} : { a = 1, b = [1] }",
    'try(1 / 0, "x")',
}
FEWEST_CASES = 5


class Answers:
    """Every expression of the table as an attribute of a resource of its own, read in one go."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(HERE / "console", folder, dirs_exist_ok=True)
        blocks = (f'resource "x_probe" "e{n}" {{ value = {e} }}' for e, n in NUMBERS.items())
        found = reading(folder, "\n".join(blocks))
        bodies = resources(found)
        self.values = {e: bodies[f"x_probe.e{n}"].body.entries["value"] for e, n in NUMBERS.items()}
        self.gaps = {int(gap.what.split(".")[1][1:]): gap for gap in found.gaps}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    return Answers(tmp_path_factory.mktemp("console"))


def texts(node: Node) -> set[str]:
    """What the value can be, in JSON as Terraform writes it: to the last digit."""
    if isinstance(node, Unknown) and node.options:
        return set().union(*map(texts, node.options))
    return {json_text(to_python(node))} if is_wholly_known(node) else set()


@pytest.mark.parametrize("expression", [e for e, answer in TABLE.items() if "json" in answer])
def test_a_call_gives_what_terraform_gives(expression: str, answers: Answers) -> None:
    assert NUMBERS[expression] not in answers.gaps
    node = answers.values[expression]
    if expression in UNDECIDED:
        assert isinstance(node, Unknown)
        return
    expected = TABLE[expression]["json"]
    if expression in NEARLY:
        assert expected in texts(node)
    elif expression in AS_TEXT:
        assert texts(node) == {expected.replace('"1"', "1")}
    else:
        assert texts(node) == {expected}


@pytest.mark.parametrize("expression", sorted(REFUSED - LENIENT))
def test_a_call_that_terraform_refuses_is_a_gap_at_its_place(expression: str, answers: Answers) -> None:
    assert isinstance(answers.values[expression], Unknown)
    gap = answers.gaps[NUMBERS[expression]]
    assert gap.why
    assert gap.at.column > 1


def test_what_is_said_to_be_undecided_or_lenient_is_in_the_table() -> None:
    assert {*UNDECIDED, *NEARLY, *AS_TEXT, *LENIENT} <= TABLE.keys()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_cases_in_the_table(name: str) -> None:
    cases = [expression for expression in TABLE if re.search(rf"(?<![\w:]){name}\(", expression)]
    assert len(cases) >= FEWEST_CASES, cases


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_known_with_and_without_the_namespace(name: str, tmp_path: Path) -> None:
    """A name that is not known is a gap that says so; one without arguments may be a gap of another kind."""
    text = "".join(
        f'resource "x_probe" "{label}" {{ value = {prefix}{name}() }}\n'
        for label, prefix in (("plain", ""), ("core", "core::"))
    )
    assert not any("there is no function" in gap.why for gap in reading(tmp_path, text).gaps)


@pytest.mark.terraform
def test_the_list_of_functions_is_that_of_terraform() -> None:
    answer = subprocess.run(
        ["terraform", "metadata", "functions", "-json"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    names = set(json.loads(answer.stdout)["function_signatures"])
    assert names == {*FUNCTIONS, *(f"core::{name}" for name in FUNCTIONS)}
