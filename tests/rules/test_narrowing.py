"""Routes to a peering of which groups use a part only."""

from __future__ import annotations

from pathlib import Path

from auditor.finding import Finding, Judgement, Severity
from tests.rules.networks import findings

VPCS = """
resource "aws_vpc" "app" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_vpc" "data" {
  cidr_block = "10.2.0.0/16"
}

resource "aws_subnet" "app" {
  vpc_id     = aws_vpc.app.id
  cidr_block = "10.1.10.0/24"
}

resource "aws_subnet" "one" {
  vpc_id     = aws_vpc.data.id
  cidr_block = "10.2.20.0/24"
}

resource "aws_subnet" "two" {
  vpc_id     = aws_vpc.data.id
  cidr_block = "10.2.30.0/24"
}

resource "aws_vpc_peering_connection" "p" {
  vpc_id      = aws_vpc.app.id
  peer_vpc_id = aws_vpc.data.id
  auto_accept = true
}

resource "aws_default_route_table" "app" {
  default_route_table_id = aws_vpc.app.default_route_table_id

  route {
    cidr_block                = "%s"
    vpc_peering_connection_id = aws_vpc_peering_connection.p.id
  }
}
"""


def host(name: str, subnet: str, vpc: str, *rules: str) -> str:
    """An instance with a group of its own."""
    return (
        f'resource "aws_security_group" "{name}" {{\n  vpc_id = aws_vpc.{vpc}.id\n{"".join(rules)}}}\n'
        f'resource "aws_instance" "{name}" {{\n  subnet_id = aws_subnet.{subnet}.id\n'
        f"  vpc_security_group_ids = [aws_security_group.{name}.id]\n}}\n"
    )


def let(direction: str, peer: str) -> str:
    return (
        f'  {direction} {{\n    protocol = "tcp"\n    from_port = 443\n    to_port = 443\n'
        f"    cidr_blocks = [{peer}]\n  }}\n"
    )


OUT, IN = let("egress", '"10.2.0.0/16"'), let("ingress", '"10.1.0.0/16"')
APP = host("app", "app", "app", OUT)
ONE, TWO = host("one", "one", "data", IN), host("two", "two", "data", IN)


def found(folder: Path, *parts: str, route: str = "10.2.0.0/16") -> tuple[Finding, ...]:
    return findings(folder, "peering-route-too-wide", VPCS % route, *parts)


def test_the_ranges_that_carry_all_that_groups_let_through_are_named(tmp_path: Path):
    (finding,) = found(tmp_path, APP, ONE)
    assert (finding.judgement, finding.severity) == (Judgement.VIOLATED, Severity.INFO)
    assert "nothing through to or from aws_subnet.two; 10.2.20.0/24 would carry" in finding.message
    assert finding.fix.startswith("Write 10.2.20.0/24 in place of 10.2.0.0/16")


def test_a_route_all_of_which_is_used_is_satisfied(tmp_path: Path):
    assert found(tmp_path, APP, ONE, TWO) == ()


def test_a_route_to_the_part_that_is_used_is_satisfied(tmp_path: Path):
    assert found(tmp_path, APP, ONE, route="10.2.20.0/24") == ()


def test_those_who_are_answered_use_the_route_too(tmp_path: Path):
    server = host("app", "app", "app", OUT, let("ingress", '"10.2.30.0/24"'))
    client = host("two", "two", "data", let("egress", '"10.1.0.0/16"'))
    assert found(tmp_path, server, ONE, client) == ()


def test_nothing_is_said_where_nothing_is_let_through(tmp_path: Path):
    assert found(tmp_path, APP, host("one", "one", "data")) == ()


def test_nothing_is_said_where_nobody_stands_at_one_end(tmp_path: Path):
    assert found(tmp_path, APP) == ()
    assert found(tmp_path, ONE) == ()


def test_a_rule_that_is_not_known_is_undetermined(tmp_path: Path):
    variable = 'variable "clients" {\n  type = string\n}\n'
    two = host("two", "two", "data", let("ingress", "var.clients"))
    (finding,) = found(tmp_path, APP, ONE, two, variable)
    assert finding.judgement is Judgement.UNDETERMINED
    assert finding.unknowns
