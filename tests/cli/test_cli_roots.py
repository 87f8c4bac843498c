"""Several roots in one run, each with values of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import NETWORK, called, written

OFFICE = (
    NETWORK.replace("10.0.1.0/24", "10.0.0.0/20")
    + """
variable "office" {
  type = list(string)
}

resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.main.id

  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = terraform.workspace == "prod" ? ["10.0.9.0/24"] : var.office
  }
}
"""
)


@pytest.fixture
def environments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    written(tmp_path, envs__prod__main_tf=OFFICE, envs__dev__main_tf=OFFICE)
    for name in ("prod", "dev"):
        number = 1 if name == "prod" else 2
        (tmp_path / f"{name}.tfvars").write_text(f'office = ["10.0.{number}.0/24"]\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sources(root: str, *words: str) -> list[str]:
    """Who can reach the web group of a root, of all that are read."""
    ran = called("who-can-reach", f"{root}:aws_security_group.web", "envs", *words, "--format", "json")
    assert ran.code == 0, ran.err
    return [row["source"]["name"] for row in json.loads(ran.out)["sources"]]


def test_a_file_of_variables_for_one_root_is_for_that_alone(environments: Path):
    words = ("--var-file", "envs/prod=prod.tfvars", "--var-file", "envs/dev/=dev.tfvars")
    assert sources("envs/prod", *words) == ["10.0.1.0/24"]
    assert sources("envs/dev", *words) == ["10.0.2.0/24"]


def test_a_file_of_variables_without_a_root_is_for_all(environments: Path):
    assert sources("envs/prod", "--var-file", "dev.tfvars") == ["10.0.2.0/24"]
    assert sources("envs/dev", "--var-file", "dev.tfvars") == ["10.0.2.0/24"]


def test_a_file_that_has_the_sign_in_its_name_is_a_file(environments: Path):
    (environments / "a=b.tfvars").write_text('office = ["10.0.3.0/24"]\n', encoding="utf-8")
    assert sources("envs/dev", "--var-file", "a=b.tfvars") == ["10.0.3.0/24"]


def test_a_file_of_variables_for_what_is_no_root_is_a_usage_error(environments: Path):
    ran = called("show", "envs", "--var-file", "envs/prd=prod.tfvars")
    assert (ran.code, ran.out) == (2, "")
    assert "no root is called envs/prd" in ran.err
    assert "did you mean envs/prod?" in ran.err


def test_a_file_that_lies_in_the_root_is_named_where_it_is_missing_here(environments: Path):
    (environments / "envs" / "prod" / "own.tfvars").write_text("", encoding="utf-8")
    ran = called("show", "envs", "--var-file", "envs/prod=own.tfvars")
    assert ran.code == 2
    assert "did you mean envs/prod/own.tfvars?" in ran.err


def test_the_configuration_gives_each_root_its_values(environments: Path):
    (environments / "netaudit.yaml").write_text(
        "roots:\n  envs/prod: {workspace: prod}\n  envs/dev:\n    variables: {office: [10.0.7.0/24]}\n",
        encoding="utf-8",
    )
    assert sources("envs/prod") == ["10.0.9.0/24"]
    assert sources("envs/dev") == ["10.0.7.0/24"]
    assert sources("envs/dev", "--var-file", "envs/dev=dev.tfvars") == ["10.0.2.0/24"]
    assert sources("envs/prod", "--workspace", "other", "--var-file", "dev.tfvars") == ["10.0.2.0/24"]


def test_a_value_in_the_configuration_that_the_root_does_not_declare_is_an_error(environments: Path):
    text = "roots:\n  envs/dev:\n    variables:\n      offic: [10.0.7.0/24]\n"
    (environments / "netaudit.yaml").write_text(text, encoding="utf-8")
    ran = called("show", "envs")
    assert (ran.code, ran.out) == (2, "")
    assert "netaudit.yaml:4:7: envs/dev declares no variable offic" in ran.err
    assert "did you mean office?" in ran.err


def test_the_configuration_of_a_root_that_is_not_asked_about_is_no_error(environments: Path):
    (environments / "netaudit.yaml").write_text("roots:\n  envs/dev: {workspace: prod}\n", encoding="utf-8")
    assert called("show", "envs/prod").code == 0


@pytest.mark.parametrize(
    ("environment", "selected", "words", "found"),
    [
        ({}, "prod", (), ["10.0.9.0/24"]),
        ({}, "dev\n", (), ["10.0.2.0/24"]),
        ({}, "dev", ("--workspace", "prod"), ["10.0.9.0/24"]),
        ({"TF_WORKSPACE": "prod"}, "dev", (), ["10.0.9.0/24"]),
        ({"TF_WORKSPACE": "prod"}, "dev", ("--workspace", "dev"), ["10.0.2.0/24"]),
    ],
)
def test_the_workspace_is_the_one_that_terraform_would_use(
    environments: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    selected: str,
    words: tuple[str, ...],
    found: list[str],
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    (environments / "envs" / "dev" / ".terraform").mkdir()
    (environments / "envs" / "dev" / ".terraform" / "environment").write_text(selected, encoding="utf-8")
    assert sources("envs/dev", "--var-file", "dev.tfvars", *words) == found


def hint(*words: str) -> str:
    """What would settle who can reach the web group."""
    ran = called("who-can-reach", "web", *words, "--format", "json")
    assert ran.code == 0, ran.err
    return " ".join(called("who-can-reach", "web", *words).out.split("settled by:")[1].split()[:6])


def test_a_file_that_is_not_loaded_and_gives_the_variable_is_named_and_not_taken(environments: Path):
    vars_folder = environments / "envs" / "dev" / "vars"
    vars_folder.mkdir()
    (vars_folder / "big.tfvars").write_text('office = ["0.0.0.0/0"]\n', encoding="utf-8")
    (vars_folder / "other.tfvars").write_text('size = "large"\n', encoding="utf-8")
    assert hint("envs/dev").startswith("--var-file envs/dev/vars/big.tfvars")
    (environments / "envs" / "dev" / "prod.tfvars.json").write_text('{"office": []}', encoding="utf-8")
    assert "--var-file envs/dev/prod.tfvars.json or --var-file envs/dev/vars/big.tfvars" in " ".join(
        called("who-can-reach", "web", "envs/dev").out.split()
    )


def test_the_named_file_is_for_its_root_where_there_are_several(environments: Path):
    (environments / "envs" / "dev" / "dev.tfvars").write_text('office = ["0.0.0.0/0"]\n', encoding="utf-8")
    ran = called("who-can-reach", "envs/dev:aws_security_group.web", "envs")
    assert "--var-file envs/dev=envs/dev/dev.tfvars" in " ".join(ran.out.split())


def test_without_such_a_file_the_variable_itself_is_asked_for(environments: Path):
    assert hint("envs/dev").startswith("--var office=…")
