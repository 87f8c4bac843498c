"""Every JSON document that the command line prints is what its schema says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from auditor import report
from auditor.rules import load_catalogue
from tests.cli.running import FIXTURES, called

SCHEMAS = {
    schema["$id"]: schema
    for schema in (
        json.loads(path.read_text("utf-8"))
        for path in sorted((Path(report.__file__).parent / "schemas").glob("*.json"))
    )
}
NETWORKS = sorted(folder.name for folder in FIXTURES.iterdir() if folder.is_dir())


def answered(network: str, *words: str) -> dict[str, Any]:
    """One document, held against its schema."""
    ran = called(*words, str(FIXTURES / network / "terraform"), "--format", "json")
    assert ran.err == ""
    document: dict[str, Any] = json.loads(ran.out)
    valid(document)
    return document


def valid(document: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(SCHEMAS[document["schema"]]).validate(document)


def questions(network: str, kind: str) -> list[dict[str, str]]:
    asked = json.loads((FIXTURES / network / "expected.json").read_text("utf-8"))["questions"]
    return [question for question in asked if question["ask"] == kind][:3]


def ways(question: dict[str, str]) -> tuple[str, ...]:
    return ("--through-proxies",) if question.get("through-proxies") else ()


def test_every_schema_is_a_schema_and_refuses_what_it_does_not_know():
    for schema in SCHEMAS.values():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["additionalProperties"] is False


def test_the_list_of_rules_is_as_its_schema_says():
    ran = called("rules", "list", "--format", "json")
    document: dict[str, Any] = json.loads(ran.out)
    valid(document)
    assert [rule["id"] for rule in document["rules"]] == [rule.id for rule in load_catalogue()]


@pytest.mark.parametrize("network", NETWORKS)
def test_inventories_are_as_their_schema_says(network: str):
    document = answered(network, "show")
    assert list(document)[:3] == ["schema", "netaudit", "inputs"]
    assert document["components"]["security_groups"]


@pytest.mark.parametrize("network", NETWORKS)
def test_sources_and_destinations_are_as_their_schema_says(network: str):
    for question in questions(network, "who-can-reach"):
        document = answered(network, "who-can-reach", question["target"], *ways(question))
        assert len(document["sources"]) == len(question["sources"])
    for question in questions(network, "reach-from"):
        document = answered(network, "reach-from", question["source"], *ways(question))
        assert len(document["destinations"]) == len(question["destinations"])


@pytest.mark.parametrize("network", NETWORKS)
def test_answers_are_as_their_schema_says(network: str):
    for question in questions(network, "can-reach"):
        document = answered(network, "can-reach", question["source"], question["destination"])
        assert set(document["traffic"]) == {"must", "may"}


@pytest.mark.parametrize("network", NETWORKS)
def test_findings_are_as_their_schema_says(network: str):
    assert answered(network, "check")["rules"]


def test_answers_for_every_match_are_as_each_alone():
    question = ("can-reach", "sg-app-server", "sg-database-postgres")
    several = answered("three-tier", *question, "--all")
    assert several["schema"] == "netaudit/all/1"
    assert several["answers"] == [answered("three-tier", *question)]
    for document in several["answers"]:
        valid(document)


def test_the_same_question_gives_the_same_bytes():
    words = ("reach-from", "sg-app-server", str(FIXTURES / "three-tier" / "terraform"), "--format", "json")
    assert called(*words).out == called(*words).out


def test_a_public_workload_that_is_not_certain_says_what_decides(tmp_path: Path):
    (tmp_path / "main.tf").write_text(
        """
variable "public" {
  type = bool
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_route_table" "a" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.a.id
}

resource "aws_instance" "web" {
  subnet_id                   = aws_subnet.a.id
  associate_public_ip_address = var.public
}
""",
        encoding="utf-8",
    )

    def public(*words: str) -> list[tuple[str, bool, list[str]]]:
        ran = called("show", str(tmp_path), *words, "--format", "json")
        valid(document := json.loads(ran.out))
        return [
            (each["address"], each["certain"], [unknown["what"] for unknown in each["unknowns"]])
            for each in document["public"]
        ]

    assert public() == [("aws_instance.web", False, ["var.public"])]
    assert public("--var", "public=true") == [("aws_instance.web", True, [])]
    assert public("--var", "public=false") == []
