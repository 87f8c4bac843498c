"""Groups on several services, and default groups: what is one service, and who falls into a default group."""

from __future__ import annotations

from pathlib import Path

from auditor.finding import Finding, Judgement, Severity
from tests.rules.networks import NETWORK, PRIVATE, PUBLIC, findings, group, instance, rule

OPEN_NAMES = ('variable "one" {\n  type = string\n}\n', 'variable "two" {\n  type = string\n}\n')
SELF = rule("self = true", 8080)


def shared(folder: Path, *parts: str) -> tuple[Finding, ...]:
    return findings(folder, "group-shared-by-services", NETWORK, *parts)


def test_instances_with_the_same_groups_are_one_service(tmp_path: Path):
    parts = [group("common", SELF), group("a"), instance("one", "common a"), instance("two", "common a")]
    assert shared(tmp_path, *parts) == ()


def test_what_carries_the_groups_of_a_service_and_more_is_of_that_service(tmp_path: Path):
    parts = [group("common", SELF), group("a"), group("b")]
    parts += [instance("one", "common a"), instance("two", "common a b")]
    assert shared(tmp_path, *parts) == ()


def test_a_member_with_a_public_address_makes_it_worse(tmp_path: Path):
    parts = [group("common", SELF), group("a"), group("b"), instance("one", "common a", more=PRIVATE)]
    (low,) = shared(tmp_path, *parts, instance("two", "common b", more=PRIVATE))
    (high,) = shared(tmp_path, *parts, instance("two", "common b", more=PUBLIC))
    assert (low.severity, high.severity) == (Severity.MEDIUM, Severity.HIGH)
    assert "aws_instance.two can be addressed from the internet" in high.message
    assert low.fingerprint == high.fingerprint


def test_what_asks_for_nothing_in_a_vpc_outside_the_input_falls_into_its_default_group(tmp_path: Path):
    variable = 'variable "subnet" {\n  type = string\n}\n'
    alone = 'resource "aws_instance" "i" {\n  subnet_id = var.subnet\n}\n'
    (finding,) = findings(tmp_path, "default-group-in-use", variable, alone)
    assert finding.judgement is Judgement.VIOLATED


def test_what_makes_a_group_of_its_own_does_not_fall_into_the_default_one(tmp_path: Path):
    directory = """
    resource "aws_directory_service_directory" "d" {
      name     = "corp.example.com"
      password = "example"
      type     = "SimpleAD"

      vpc_settings {
        vpc_id     = aws_vpc.main.id
        subnet_ids = [aws_subnet.a.id, aws_subnet.b.id]
      }
    }
    """
    assert findings(tmp_path, "default-group-in-use", NETWORK, directory) == ()


def test_the_default_group_is_named_by_its_vpc(tmp_path: Path):
    parts = (NETWORK, 'resource "aws_instance" "i" {\n  subnet_id = aws_subnet.a.id\n}\n')
    (finding,) = findings(tmp_path, "default-group-in-use", *parts)
    assert "aws_instance.i carries the default group of aws_vpc.main, which" in finding.message


def test_a_group_whose_label_another_has_too_is_named_in_full(tmp_path: Path):
    (tmp_path / "door").mkdir()
    door = 'variable "vpc" {}\nvariable "name" {}\nresource "aws_security_group" "sg" {\n  vpc_id = var.vpc\n'
    door += f"  name = var.name\n{SELF}\n}}\n"
    (tmp_path / "door" / "main.tf").write_text(door, encoding="utf-8")
    calls = [
        f'module "{name}" {{\n  source = "./door"\n  vpc = aws_vpc.main.id\n  name = var.{name}\n}}\n'
        for name in ("one", "two")
    ]
    told = findings(tmp_path, "rule-without-description", NETWORK, *calls, *OPEN_NAMES)
    names = {each.message.partition(" has ")[0] for each in told}
    assert names == {f"module.{name}.aws_security_group.sg" for name in ("one", "two")}
