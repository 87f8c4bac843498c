"""Units, plans, state, and roots that read one another's state are remembered by what they rest on."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor import pipeline
from auditor.model import Inventory
from auditor.sources import ReadOptions
from tests.cache.project import added, make_files, replaced
from tests.cli.running import called, process

NET = """
terraform {
  backend "s3" {
    bucket = "states"
    key    = "net"
  }
}
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
output "vpc" { value = aws_vpc.main.id }
output "range" { value = "10.0.1.0/24" }
"""
APP = """
data "terraform_remote_state" "net" {
  backend = "s3"
  config  = { bucket = "states", key = "net" }
}
resource "aws_subnet" "app" {
  vpc_id     = data.terraform_remote_state.net.outputs.vpc
  cidr_block = data.terraform_remote_state.net.outputs.range
}
"""
UNIT = """
include "root" { path = find_in_parent_folders("root.hcl") }
terraform { source = "../../modules/${get_env("WHICH", "one")}" }
inputs = { range = read_terragrunt_config("../common.hcl").locals.range }
"""
MODULE = """
variable "range" {}
variable "zone" {}
resource "aws_vpc" "VPC" {
  cidr_block = var.range
  tags       = { Zone = var.zone }
}
"""
STATE = {
    "version": 4,
    "terraform_version": "1.9.0",
    "serial": 1,
    "resources": [
        {
            "mode": "managed",
            "type": "aws_vpc",
            "name": "main",
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": [{"attributes": {"id": "vpc-1", "cidr_block": "10.0.0.0/16"}}],
        }
    ],
}
FILES = {
    ".git/HEAD": "ref: refs/heads/main\n",
    "state/net/main.tf": NET,
    "state/app/main.tf": APP,
    "units/root.hcl": 'inputs = { zone = "a" }\n',
    "units/common.hcl": 'locals { range = "10.1.0.0/16" }\n',
    "units/live/terragrunt.hcl": UNIT,
    "modules/one/main.tf": MODULE.replace("VPC", "one"),
    "modules/two/main.tf": MODULE.replace("VPC", "two"),
    "saved/now.tfstate": json.dumps(STATE),
    "space/main.tf": 'resource "aws_vpc" "main" { tags = { Name = terraform.workspace } }\n',
    "space/.terraform/environment": "green",
    "space/data/environment": "black",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    make_files(folder, FILES)
    monkeypatch.chdir(folder)
    for name in ("WHICH", "TF_WORKSPACE", "TF_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What was read and not recalled, one entry each time."""
    from auditor import sources

    found: list[tuple[str, ...]] = []
    read = sources.read

    def counted(paths: tuple[str, ...], *rest: object) -> object:
        found.append(paths)
        return read(paths, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(sources, "read", counted)
    return found


def loaded(*paths: str, cache: bool = True) -> Inventory:
    return pipeline.load(*paths, options=ReadOptions(environment=dict(os.environ)), cache=cache).inventory


def moved(old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: (folder / old).rename(folder / new)


CHANGES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "the other root's output": ("state", replaced("state/net/main.tf", "10.0.1.0", "10.0.2.0")),
    "where the other root keeps its state": ("state", replaced("state/net/main.tf", '"net"', '"new"')),
    "the unit": ("units", replaced("units/live/terragrunt.hcl", '"one"', '"two"')),
    "what a unit reads": ("units", replaced("units/common.hcl", "10.1", "10.2")),
    "what a unit includes": ("units", replaced("units/root.hcl", '"a"', '"b"')),
    "what a unit includes is elsewhere": ("units", moved("units/root.hcl", "root.txt")),
    "the module of a unit": ("units", replaced("modules/one/main.tf", '"one"', '"own"')),
    "a variables file beside a unit": ("units", added("units/live/x.auto.tfvars", 'range = "10.9.0.0/16"\n')),
    "a state": ("saved", replaced("saved/now.tfstate", "10.0.0.0", "10.9.0.0")),
    "a further state": ("saved", added("saved/later.tfstate", json.dumps(STATE))),
    "the code beside a state": (
        "saved",
        added("saved/main.tf", 'resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }'),
    ),
    "what becomes a state": ("saved", added("saved/x.json", json.dumps(STATE))),
    "the workspace that is selected": ("space", replaced("space/.terraform/environment", "green", "white")),
}


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize(("path", "change"), CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_noticed(
    path: str, change: Callable[[Path], None], here: Path, reads: list[tuple[str, ...]]
):
    before = loaded(path)
    assert loaded(path) == before
    assert reads == [(path,)]
    change(here)
    after = loaded(path)
    assert after == loaded(path, cache=False) != before


@pytest.mark.usefixtures("cache", "here")
@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("units", "WHICH", "two"),
        ("units", "TF_VAR_range", "10.7.0.0/16"),
        ("space", "TF_WORKSPACE", "blue"),
        ("space", "TF_DATA_DIR", "data"),
    ],
)
def test_a_variable_of_the_environment_is_an_input(
    path: str, name: str, value: str, monkeypatch: pytest.MonkeyPatch, reads: list[tuple[str, ...]]
):
    before = loaded(path)
    monkeypatch.setenv(name, value)
    after = loaded(path)
    assert after == loaded(path, cache=False) != before
    monkeypatch.delenv(name)
    reads.clear()
    assert loaded(path) == before
    assert reads == []


@pytest.mark.usefixtures("cache", "here")
def test_what_a_process_is_given_once_is_never_kept(cache: Path):
    first, second = (json.dumps(STATE).replace("vpc-1", each) for each in ("vpc-one", "vpc-two"))
    for words in (("show", "-"), ("show", "-", "--format", "json")):
        kept = [process(*words, given=text) for text in (first, second)]
        bare = [process(*words, "--no-cache", given=text) for text in (first, second)]
        assert kept == bare
        assert [each.code for each in kept] == [0, 0]
    assert not list(cache.glob("*.answer"))


@pytest.mark.usefixtures("here")
def test_a_plan_through_a_pipe_that_has_a_name_is_read_and_never_kept(cache: Path):
    for given in ("first", "second"):
        reading, writing = os.pipe()
        os.write(writing, json.dumps(STATE).replace("main", given).encode())
        os.close(writing)
        try:
            ran = called("show", f"/dev/fd/{reading}", "--format", "json")
        finally:
            os.close(reading)
        assert ran.code == 0
        assert f"aws_vpc.{given}" in ran.out
    assert not list(cache.glob("*.answer"))


@pytest.mark.usefixtures("cache", "here")
def test_a_pipe_in_a_folder_is_not_waited_for(here: Path):
    os.mkfifo(here / "saved/pipe.json")
    assert loaded("saved") == loaded("saved/now.tfstate")


@pytest.mark.usefixtures("cache", "here")
def test_a_further_root_may_be_the_one_whose_state_is_asked_for(here: Path):
    (here / "state/net/main.tf").rename(here / "state/net/main.txt")
    before = loaded("state")
    (here / "state/net/main.txt").rename(here / "state/net/main.tf")
    after = loaded("state")
    assert after == loaded("state", cache=False) != before
