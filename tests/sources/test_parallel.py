"""Reading several roots at once gives what reading them one after another gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor import disk
from auditor.errors import InputError
from auditor.sources import InputKind, ReadOptions, parallel, read
from auditor.tree import Reading, Reference
from tests.cli.running import NETWORK, called, written


def deep(levels: int) -> str:
    """A value that is nested too deeply to be handed over by whoever has no deep stack."""
    value = "[" * levels + "1" + "]" * levels
    return f'resource "aws_vpc" "deep" {{\n  tags = {{ A = {value} }}\n}}\n'


@pytest.fixture
def roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    written(
        tmp_path,
        a__main_tf=NETWORK,
        b__main_tf=NETWORK + 'variable "x" {}\n',
        c__main_tf='resource "aws_vpc" {',
        d__main_tf=deep(300),
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("roots")
@pytest.mark.parametrize("jobs", [2, 3, 9])
def test_the_number_of_processes_changes_nothing(jobs: int):
    assert read(("a", "b", "c", "d"), ReadOptions(), jobs) == read(("a", "b", "c", "d"), ReadOptions())


@pytest.mark.usefixtures("roots")
def test_the_command_line_says_the_same(tmp_path: Path):
    for words in (("show", ".", "--format", "json"), ("check", ".", "--allow-parse-errors")):
        assert called(*words, "--jobs", "3") == called(*words)
    assert called("show", ".", "--jobs", "0").code == 2
    assert tmp_path.exists()


@pytest.mark.usefixtures("roots")
def test_what_is_looked_at_elsewhere_is_noted_here():
    options = ReadOptions(environment={"TF_VAR_x": "1"})
    with disk.observed() as apart:
        read(("a", "b"), options, 2)
    with disk.observed() as here:
        read(("a", "b"), options)
    assert (apart.looks, apart.environment) == (here.looks, here.environment)
    assert apart.environment == {"TF_DATA_DIR": None, "TF_VAR_x": "1", "TF_WORKSPACE": None}


def fails_for_some(root: str) -> Reading:
    if root in {"b", "c"}:
        raise InputError("it is wrong", at=root, hint="mend it")
    return Reading()


def test_the_first_failure_is_told_as_it_is():
    with pytest.raises(InputError) as failure:
        parallel.read_apart(fails_for_some, ("a", "b", "c"), 2)
    assert str(failure.value) == "b: it is wrong\n  hint: mend it"


@pytest.mark.usefixtures("roots")
def test_without_further_processes_all_is_read_in_this_one(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("no semaphores here")

    monkeypatch.setattr(parallel, "ProcessPoolExecutor", refuse)
    assert read(("a", "b"), ReadOptions(), 2) == read(("a", "b"), ReadOptions())


NET = """
terraform {
  backend "s3" {
    bucket = "states"
    key    = "net"
  }
}
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
output "vpc" { value = aws_vpc.main.id }
"""
APP = """
data "terraform_remote_state" "net" {
  backend = "s3"
  config  = { bucket = "states", key = "net" }
}
resource "aws_subnet" "app" {
  vpc_id     = data.terraform_remote_state.net.outputs.vpc
  cidr_block = "10.0.1.0/24"
}
"""


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the inputs were read apart, one entry for each time that it was tried."""
    tried: list[bool] = []
    real = parallel.read_apart

    def noted(*arguments: object) -> object:
        found = real(*arguments)  # type: ignore[arg-type]
        tried.append(found is not None)
        return found

    monkeypatch.setattr(parallel, "read_apart", noted)
    return tried


@pytest.mark.parametrize("jobs", [2, 3])
def test_roots_that_read_one_anothers_state_are_read_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, apart: list[bool], jobs: int
):
    written(tmp_path, net__main_tf=NET, app__main_tf=APP, other__main_tf=NETWORK)
    monkeypatch.chdir(tmp_path)
    together = read((".",), ReadOptions())
    assert read((".",), ReadOptions(), jobs) == together
    assert apart == [False]
    (subnet,) = (each for each in together[1].resources if each.address == "app:aws_subnet.app")
    vpc = subnet.body.entries["vpc_id"]
    assert isinstance(vpc, Reference)
    assert vpc.target == "net:aws_vpc.main"


def test_a_root_that_nobody_asks_for_its_state_is_read_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, apart: list[bool]
):
    written(tmp_path, net__main_tf=NET, other__main_tf=NETWORK)
    monkeypatch.chdir(tmp_path)
    assert read((".",), ReadOptions(), 2) == read((".",), ReadOptions())
    assert apart == [True]


def test_a_unit_a_state_and_a_root_are_the_same_however_many_processes_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    state = {"version": 4, "terraform_version": "1.9.0", "serial": 1, "resources": []}
    written(tmp_path, module__main_tf=NETWORK, other__main_tf=NETWORK)
    (tmp_path / "unit").mkdir()
    (tmp_path / "unit/terragrunt.hcl").write_text('terraform {\n  source = "../module"\n}\n')
    (tmp_path / "saved.tfstate").write_text(json.dumps(state))
    monkeypatch.chdir(tmp_path)
    inputs, reading = read((".",), ReadOptions())
    told = {InputKind.STATE, InputKind.TERRAFORM, InputKind.TERRAGRUNT}
    assert {each.kind for each in inputs} == told
    assert read((".",), ReadOptions(), 3) == (inputs, reading)
