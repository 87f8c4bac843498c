from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.sources.terraform import TerraformOptions, read
from auditor.sources.terraform.configuration import files
from auditor.tree import GapKind, Unknown
from tests.sources.terraform.evaluating import plain, reading, resources, written

BASE = """
variable "v" {
  type    = string
  default = "base"
}
locals {
  a = "base"
  b = "base"
}
resource "aws_security_group" "g" {
  name        = "base"
  description = "base"
  ingress {
    port = 1
  }
  ingress {
    port = 2
  }
  egress {
    port = 3
  }
  locals = [local.a, local.b, var.v]
}
"""


def test_an_override_replaces_attributes_and_the_nested_blocks_of_a_type(tmp_path: Path) -> None:
    override = """
variable "v" {
  default = "over"
}
locals {
  b = "over"
}
resource "aws_security_group" "g" {
  name = "over"
  dynamic "ingress" {
    for_each = [9]
    content {
      port = ingress.value
    }
  }
}
"""
    (group,) = reading(tmp_path, BASE, None, x_override_tf=override).resources
    assert plain(group.body) == {
        "name": "over",
        "description": "base",
        "locals": ["base", "over", "over"],
        "egress": [{"port": 3}],
        "ingress": [{"port": 9}],
    }


def test_an_override_of_nothing_is_a_gap(tmp_path: Path) -> None:
    found = reading(tmp_path, "", None, override_tf='resource "x" "y" {}\n')
    assert ([gap.kind for gap in found.gaps], found.resources) == ([GapKind.INVALID], ())


def test_a_tofu_file_stands_in_for_the_terraform_file_of_its_name(tmp_path: Path) -> None:
    written(tmp_path, {"a.tf": 'resource "x" "tf" {}\n', "a.tofu": 'resource "x" "tofu" {}\n'})
    assert [each.address for each in read(str(tmp_path), TerraformOptions()).resources] == ["x.tofu"]


def test_json_files_declare_as_native_ones_do(tmp_path: Path) -> None:
    text = """
{
  "variable": {"v": {"type": "string", "default": "d"}},
  "resource": {"aws_security_group": {"g": {
    "name": "${var.v}-x",
    "ingress": [{"from_port": 80}],
    "dynamic": {"egress": {"for_each": [1, 2], "content": {"port": "${egress.value}"}}}
  }}}
}
"""
    written(tmp_path, {"main.tf.json": text})
    found = read(str(tmp_path), TerraformOptions())
    assert found.gaps == ()
    assert plain(found.resources[0].body) == {
        "name": "d-x",
        "ingress": [{"from_port": 80}],
        "egress": [{"port": 1}, {"port": 2}],
    }


def test_what_is_declared_twice_is_a_gap_and_the_first_one_counts(tmp_path: Path) -> None:
    found = reading(tmp_path, 'resource "x" "y" {\n  n = 1\n}\nresource "x" "y" {\n  n = 2\n}\n')
    assert [plain(each.body) for each in found.resources] == [{"n": 1}]
    assert [(gap.kind, gap.at.line) for gap in found.gaps] == [(GapKind.INVALID, 4)]


def test_terraforms_own_blocks_and_arguments_are_no_part_of_a_resource(tmp_path: Path) -> None:
    text = """
terraform {
  required_version = ">= 1.5"
}
moved {
  from = x.old
  to   = x.y
}
removed {
  from = x.gone
}
import {
  to = x.y
  id = "i"
}
check "c" {
  data "http" "h" {}
}
resource "x" "y" {
  depends_on = [x.z]
  provider   = aws
  lifecycle {
    create_before_destroy = true
  }
  provisioner "local-exec" {
    command = self.id
  }
}
"""
    found = reading(tmp_path, text)
    assert found.gaps == ()
    assert [(each.address, plain(each.body)) for each in found.resources] == [("x.y", {})]


@pytest.mark.parametrize(("written", "names"), [("all", ["all"]), ("[ingress, tags]", ["ingress", "tags"])])
def test_what_terraform_leaves_alone_is_a_part_of_a_resource(tmp_path: Path, written: str, names: list[str]):
    text = f'resource "x" "y" {{\n  lifecycle {{\n    ignore_changes = {written}\n  }}\n}}\n'
    (found,) = reading(tmp_path, text).resources
    assert plain(found.body) == {"lifecycle": {"ignore_changes": names}}


def test_a_file_that_is_too_large_is_a_gap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 10)
    found = reading(tmp_path, 'resource "x" "y" {}\n')
    assert [(gap.kind, "larger than" in gap.why) for gap in found.gaps] == [(GapKind.SYNTAX, True)]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        read(str(tmp_path / "nowhere"), TerraformOptions())


def test_a_file_that_a_function_names_is_read_inside_of_what_was_given_only(tmp_path: Path) -> None:
    root = written(tmp_path / "root", {"a.txt": "inside"})
    written(tmp_path, {"b.txt": "outside"})
    text = (
        'resource "x" "y" {\n  a = file("${path.module}/a.txt")\n  b = file("${path.module}/../b.txt")\n}\n'
    )
    found = reading(root, text)
    body = resources(found)["x.y"].body.entries
    assert plain(body["a"]) == "inside"
    assert plain(body["b"]) != "outside"


@pytest.mark.parametrize("call", ['file("{}")', 'templatefile("{}", {{}})', 'filesha256("{}")'])
def test_a_file_of_a_module_outside_of_the_repository_is_not_known(tmp_path: Path, call: str) -> None:
    written(tmp_path, {"root/.git/HEAD": "", "module/a.txt": "outside"})
    written(
        tmp_path / "module",
        {"main.tf": f'resource "x" "y" {{\n  a = {call.format("${path.module}/a.txt")}\n}}\n'},
    )
    found = reading(tmp_path / "root", 'module "m" {\n  source = "../module"\n}\n')
    value = found.resources[0].body.entries["a"]
    assert isinstance(value, Unknown)
    assert value.reasons != ()
    assert found.gaps == ()
