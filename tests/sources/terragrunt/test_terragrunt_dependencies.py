"""The outputs of a unit as another one sees them: what its code has, where it is read in the same run.

https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#dependency
"""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.sources import ReadOptions, read
from auditor.tree import Reading, Reference, Unknown
from tests.sources.terraform.evaluating import Plain, plain, written

NETWORK = """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
output "vpc_id" {
  value = aws_vpc.main.id
}
output "range" {
  value = aws_vpc.main.cidr_block
}
output "nothing" {
  value = null
}
output "zones" {
  value = { a = "eu-central-1a" }
}
"""
APP = 'variable "a" {\n  default = "default"\n}\nresource "x" "here" {\n  a = var.a\n}\n'
SOURCE = 'terraform {\n  source = "../../modules//%s"\n}\n'
BLOCK = 'dependency "network" {\n  config_path = "../network"\n%s}\n'
BOTH = ("live/app", "live/network")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    written(tmp_path, {"modules/network/main.tf": NETWORK, "modules/app/main.tf": APP})
    return written(tmp_path, {"live/network/terragrunt.hcl": SOURCE % "network"})


def app(
    here: Path, value: str, block: str = BLOCK % "", paths: tuple[str, ...] = BOTH, jobs: int = 1
) -> Reading:
    """What the units at ``paths`` declare, where ``live/app`` gives its module a value."""
    text = f"{block}{SOURCE % 'app'}inputs = {{\n  a = {value}\n}}\n"
    written(here, {"live/app/terragrunt.hcl": text})
    _, found = read(paths, ReadOptions(), jobs)
    assert found.gaps == ()
    return found


def given(found: Reading) -> Plain:
    (resource,) = [each for each in found.resources if each.kind == "x"]
    return plain(resource.body.entries["a"])


def test_an_output_is_what_the_other_unit_s_module_has(here: Path) -> None:
    assert given(app(here, "dependency.network.outputs.range")) == "10.0.0.0/16"


def test_an_id_leads_to_the_resource_of_the_other_unit(here: Path) -> None:
    found = app(here, "dependency.network.outputs.vpc_id")
    (resource,) = [each for each in found.resources if each.kind == "x"]
    node = resource.body.entries["a"]
    assert isinstance(node, Reference)
    assert (node.target, node.attribute) == ("live/network:aws_vpc.main", "id")


def test_it_is_the_same_in_several_processes(here: Path) -> None:
    value = "dependency.network.outputs.range"
    assert app(here, value, jobs=2) == app(here, value)


def test_a_unit_that_is_not_read_is_named_as_what_would_settle_it(here: Path) -> None:
    found = app(here, "dependency.network.outputs.range", paths=("live/app",))
    (resource,) = found.resources
    node = resource.body.entries["a"]
    assert isinstance(node, Unknown)
    assert [each.settled_by for each in node.reasons] == [
        "give live/network as well, or --assume dependency.network.outputs.…=VALUE"
    ]


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("unheard_of", ""),
        ("nothing", ""),
        ("range", "  skip_outputs = true\n"),
        ("range", "  enabled = false\n"),
        ("zones", '  mock_outputs_merge_strategy_with_state = "deep_map_only"\n'),
    ],
)
def test_what_its_state_does_not_decide_is_unknown(here: Path, name: str, more: str) -> None:
    mocks = "  mock_outputs = {\n    unheard_of = 1\n    zones = {}\n  }\n"
    found = app(here, f"dependency.network.outputs.{name}", BLOCK % (mocks + more))
    assert given(found) == f"?live/app:dependency.network.outputs.{name}"


@pytest.mark.parametrize(
    "more", ['  mock_outputs_merge_strategy_with_state = "shallow"\n', "  skip_outputs = false\n", ""]
)
def test_mocks_stand_for_nothing_that_the_state_has(here: Path, more: str) -> None:
    mocks = '  mock_outputs = {\n    range = "192.168.0.0/16"\n  }\n'
    assert given(app(here, "dependency.network.outputs.range", BLOCK % (mocks + more))) == "10.0.0.0/16"


def test_units_that_depend_on_one_another_are_unknown_to_each_other(here: Path) -> None:
    back = 'dependency "app" {\n  config_path = "../app"\n}\n'
    inputs = "inputs = {\n  unused = dependency.app.outputs.x\n}\n"
    written(here, {"live/network/terragrunt.hcl": back + SOURCE % "network" + inputs})
    assert given(app(here, "dependency.network.outputs.range")) == "10.0.0.0/16"


def test_an_included_file_s_path_is_seen_from_the_unit(here: Path) -> None:
    written(here, {"shared/common.hcl": BLOCK % "", "live/network/terragrunt.hcl": SOURCE % "network"})
    include = 'include "common" {\n  path = "../../shared/common.hcl"\n}\n'
    assert given(app(here, "dependency.network.outputs.range", include)) == "10.0.0.0/16"


def test_a_path_may_be_made_of_what_the_unit_knows(here: Path) -> None:
    block = 'locals {\n  up = ".."\n}\ndependency "network" {\n  config_path = "${local.up}/network"\n}\n'
    assert given(app(here, "dependency.network.outputs.range", block)) == "10.0.0.0/16"
