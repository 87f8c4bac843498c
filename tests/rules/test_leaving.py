"""Ways of the data tier into other networks, and through endpoints that are open to anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.finding import Finding, Judgement, Severity
from tests.rules.networks import findings, group, rule

VPC = """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_db_subnet_group" "main" {
  subnet_ids = [aws_subnet.a.id]
}

variable "other" {
  type = string
}
"""
OPEN = 'cidr_blocks = ["0.0.0.0/0"]'
TOOLS = """
resource "aws_vpc" "tools" {
  cidr_block = "10.9.0.0/16"
}

resource "aws_subnet" "tools" {
  vpc_id     = aws_vpc.tools.id
  cidr_block = "10.9.0.0/24"
}

resource "aws_default_route_table" "tools" {
  default_route_table_id = aws_vpc.tools.default_route_table_id

  route {
    cidr_block                = "10.0.0.0/16"
    vpc_peering_connection_id = aws_vpc_peering_connection.p.id
  }
}
"""


def table(*routes: str) -> str:
    blocks = "\n".join(f"  route {{\n    {one}\n  }}" for one in routes)
    return (
        'resource "aws_default_route_table" "main" {\n'
        f"  default_route_table_id = aws_vpc.main.default_route_table_id\n{blocks}\n}}\n"
    )


def to(cidr: str, target: str) -> str:
    return f'cidr_block = "{cidr}"\n    {target}'


def peering(vpc: str = "var.other") -> str:
    return (
        'resource "aws_vpc_peering_connection" "p" {\n  vpc_id = aws_vpc.main.id\n'
        f"  peer_vpc_id = {vpc}\n  auto_accept = true\n}}\n"
    )


PEER = "vpc_peering_connection_id = aws_vpc_peering_connection.p.id"


def database(name: str = "db", groups: str = "g") -> str:
    return f"""
    resource "aws_db_instance" "{name}" {{
      engine                 = "postgres"
      publicly_accessible    = false
      db_subnet_group_name   = aws_db_subnet_group.main.name
      vpc_security_group_ids = [aws_security_group.{groups}.id]
    }}
    """


def out(cidrs: str = OPEN, name: str = "g") -> str:
    return group(name, rule(cidrs, 443, direction="egress"))


def found(folder: Path, *parts: str) -> tuple[Finding, ...]:
    return findings(folder, "data-tier-egress", VPC, *parts)


@pytest.mark.parametrize(
    "target",
    [
        "transit_gateway_id = var.other",
        "core_network_arn = var.other",
        "gateway_id = aws_vpn_gateway.v.id",
        PEER,
    ],
)
def test_a_route_into_a_network_outside_the_input_is_a_way_out(tmp_path: Path, target: str):
    gateway = 'resource "aws_vpn_gateway" "v" {\n  vpc_id = aws_vpc.main.id\n}\n'
    (finding,) = found(tmp_path, table(to("172.16.0.0/16", target)), peering(), gateway, out(), database())
    assert (finding.judgement, finding.severity) == (Judgement.VIOLATED, Severity.MEDIUM)
    assert finding.component == "aws_security_group.g"
    assert "tcp/443 to networks outside the input" in finding.message
    assert any("172.16.0.0/16 to" in step for step in finding.proof)


def test_a_vpc_beside_its_own_weighs_less(tmp_path: Path):
    route = table(to("10.9.0.0/16", PEER))
    (finding,) = found(tmp_path, route, peering("aws_vpc.tools.id"), TOOLS, out(), database())
    assert (finding.judgement, finding.severity) == (Judgement.VIOLATED, Severity.LOW)
    assert "to aws_vpc.tools by the rule" in finding.message


def test_a_group_that_lets_out_into_its_own_vpc_only_is_satisfied(tmp_path: Path):
    route = table(to("10.9.0.0/16", PEER))
    own = out('cidr_blocks = ["10.0.0.0/16"]')
    assert found(tmp_path, route, peering("aws_vpc.tools.id"), TOOLS, own, database()) == ()
    assert found(tmp_path, route, peering(), own, database()) == ()


def test_routes_by_which_replies_go_are_no_way_out(tmp_path: Path):
    inward = group("g", rule('cidr_blocks = ["172.16.0.0/16"]', 5432))
    assert found(tmp_path, table(to("172.16.0.0/16", PEER)), peering(), inward, database()) == ()


def test_the_network_acl_may_close_the_way(tmp_path: Path):
    acl = """
    resource "aws_network_acl" "a" {
      vpc_id     = aws_vpc.main.id
      subnet_ids = [aws_subnet.a.id]

      egress {
        rule_no    = 100
        action     = "allow"
        protocol   = "-1"
        from_port  = 0
        to_port    = 0
        cidr_block = "10.0.0.0/16"
      }
    }
    """
    route = table(to("172.16.0.0/16", "transit_gateway_id = var.other"))
    assert found(tmp_path, route, out(), database(), acl) == ()


def test_all_that_one_rule_lets_out_is_one_finding(tmp_path: Path):
    routes = table(to("172.16.0.0/16", PEER), to("10.128.0.0/9", "transit_gateway_id = var.other"))
    (finding,) = found(tmp_path, routes, peering(), out(), database(), database("other"))
    assert "aws_db_instance.db and aws_db_instance.other" in finding.message
    assert "172.16.0.0/16 to" in finding.message
    assert "10.128.0.0/9 to" in finding.message


def test_two_rules_are_two_findings(tmp_path: Path):
    routes = table(to("172.16.0.0/16", PEER))
    assert (
        len(found(tmp_path, routes, peering(), out(), out(name="h"), database(), database("other", "h"))) == 2
    )


def test_what_is_not_known_of_the_rule_is_undetermined(tmp_path: Path):
    routes = table(to("172.16.0.0/16", PEER))
    mirror = 'variable "mirror" {\n  type = string\n}\n'
    (finding,) = found(tmp_path, routes, peering(), mirror, out("cidr_blocks = [var.mirror]"), database())
    assert finding.judgement is Judgement.UNDETERMINED
    assert "var.mirror" in {reason.what for reason in finding.unknowns}


ENDPOINT = """
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.main.id
  service_name      = "com.amazonaws.eu-west-1.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_default_route_table.main.id]
  %s
}
"""
NARROW = """policy = jsonencode({
    Statement = [{
      Effect = "Allow", Principal = "*", Action = "s3:*", Resource = "*",
      Condition = { StringEquals = { "aws:ResourceOrgID" = "o-1" } }
    }]
  })"""


def test_an_endpoint_that_anybody_s_buckets_are_behind_is_a_way_out(tmp_path: Path):
    (finding,) = found(tmp_path, table(), out(), database(), ENDPOINT % "")
    assert (finding.judgement, finding.severity) == (Judgement.VIOLATED, Severity.LOW)
    assert finding.component == "aws_vpc_endpoint.s3"
    assert "every bucket of every account" in finding.message


def test_a_policy_that_names_what_is_meant_closes_it(tmp_path: Path):
    assert found(tmp_path, table(), out(), database(), ENDPOINT % NARROW) == ()


def test_a_policy_that_is_not_known_is_undetermined(tmp_path: Path):
    (finding,) = found(tmp_path, table(), out(), database(), ENDPOINT % "policy = var.other")
    assert finding.judgement is Judgement.UNDETERMINED


def test_a_group_that_does_not_let_it_out_makes_no_use_of_an_endpoint(tmp_path: Path):
    own = out('cidr_blocks = ["10.0.0.0/16"]')
    assert found(tmp_path, table(), own, database(), ENDPOINT % "") == ()
