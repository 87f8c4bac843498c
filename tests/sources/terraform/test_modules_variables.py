from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.sources.terraform import TerraformOptions, read
from auditor.tree import GapKind, Location, Reading
from tests.sources.terraform.evaluating import plain, reading, resources, value, written

PROBE = 'variable "v" {\n  default = "default"\n}\nresource "x" "y" {\n  v = var.v\n}\n'
SOURCES = [
    ("env", "TF_VAR_v"),
    ("terraform", "terraform.tfvars"),
    ("terraform-json", "terraform.tfvars.json"),
    ("auto-a", "a.auto.tfvars"),
    ("auto-b", "b.auto.tfvars.json"),
    ("file", "given.tfvars"),
    ("var", "--var v"),
]


def probed(found: Reading) -> object:
    return plain(resources(found)["x.y"].body.entries["v"])


@pytest.mark.parametrize("strongest", range(len(SOURCES)))
def test_the_later_source_of_a_variables_value_wins(tmp_path: Path, strongest: int) -> None:
    given = dict(SOURCES[: strongest + 1])
    files = {"main.tf": PROBE}
    for content, name in given.items():
        if name.endswith(".tfvars"):
            files[name] = f'v = "{content}"\n'
        elif name.endswith(".json"):
            files[name] = f'{{"v": "{content}"}}'
    written(tmp_path, files)
    options = TerraformOptions(
        environment={"TF_VAR_v": "env"},
        var_files=(str(tmp_path / "given.tfvars"),) if "file" in given else (),
        variables=(("v", "var"),) if "var" in given else (),
    )
    assert probed(read(str(tmp_path), options)) == SOURCES[strongest][0]


def test_a_value_from_a_variables_file_is_placed_at_its_use_with_its_way(tmp_path: Path) -> None:
    written(tmp_path, {"main.tf": PROBE, "terraform.tfvars": '\nv = "given"\n'})
    node = resources(read(str(tmp_path), TerraformOptions()))["x.y"].body.entries["v"]
    assert (node.at.line, node.via) == (5, (Location(str(tmp_path / "terraform.tfvars"), 2, 5),))


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ('type = number\ndefault = "80"', 80),
        ("type = string\ndefault = 80", "80"),
        ('type = bool\ndefault = "true"', True),
        ("type = list(string)\ndefault = [1, 2]", ["1", "2"]),
        ('type = set(string)\ndefault = ["b", "a", "b"]', ["a", "b"]),
        ('type = map(number)\ndefault = { a = "1" }', {"a": 1}),
        (
            "type = object({ a = string, b = optional(number, 7), c = optional(bool) })\ndefault = { a = 1 }",
            {"a": "1", "b": 7, "c": None},
        ),
        ('type = tuple([string, number])\ndefault = [1, "2"]', ["1", 2]),
        ("type = any\ndefault = { a = [1] }", {"a": [1]}),
        ("default = null", None),
    ],
)
def test_a_default_is_converted_to_the_variables_type(
    tmp_path: Path, declared: str, expected: object
) -> None:
    assert plain(value(tmp_path, "var.v", f'variable "v" {{\n{declared}\n}}\n')) == expected


def test_a_text_value_of_a_list_is_an_expression_and_of_a_string_itself(tmp_path: Path) -> None:
    text = """
variable "s" { type = string }
variable "l" { type = list(number) }
resource "x" "y" {
  v = [var.s, var.l]
}
"""
    options = TerraformOptions(variables=(("s", "[1]"), ("l", "[1, 2]")))
    assert probed(reading(tmp_path, text, options)) == ["[1]", [1, 2]]


def test_a_null_for_a_variable_that_cannot_be_null_is_its_default(tmp_path: Path) -> None:
    module = 'variable "v" {\n  default = "d"\n  nullable = false\n}\nresource "x" "y" {\n  v = var.v\n}\n'
    text = 'module "m" {\n  source = "./m"\n  v = null\n}\n'
    found = resources(reading(tmp_path, text, None, m__main_tf=module))
    assert plain(found["module.m.x.y"].body.entries["v"]) == "d"


def test_a_value_that_cannot_be_converted_is_one_gap_with_its_place(tmp_path: Path) -> None:
    text = 'variable "v" {\n  type = number\n  default = "many"\n}\n'
    text += 'resource "x" "y" {\n  v = var.v\n  w = var.v\n}\n'
    found = reading(tmp_path, text)
    (gap,) = found.gaps
    assert (gap.kind, gap.what, gap.at.line) == (GapKind.INVALID, "var.v", 3)
    assert probed(found) == "?"


def test_a_variables_file_that_does_not_parse_leaves_no_default_to_trust(tmp_path: Path) -> None:
    written(tmp_path, {"main.tf": PROBE, "terraform.tfvars": "v = \n"})
    found = read(str(tmp_path), TerraformOptions())
    assert [gap.kind for gap in found.gaps] == [GapKind.SYNTAX]
    assert probed(found) == "?var.v"


def test_a_value_for_a_variable_that_is_not_declared_is_a_gap(tmp_path: Path) -> None:
    found = reading(tmp_path, PROBE, TerraformOptions(variables=(("w", "1"),)))
    assert [gap.why for gap in found.gaps] == ["the configuration declares no variable w"]


def test_a_variables_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such variables file"):
        reading(tmp_path, PROBE, TerraformOptions(var_files=("nowhere.tfvars",)))
