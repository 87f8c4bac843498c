"""Networks that share addresses, lists that are defined twice, settings of DNS that contradict."""

from __future__ import annotations

from pathlib import Path

from auditor.finding import Finding, Judgement
from tests.rules.networks import NETWORK, findings, group, rule

SEPARATE = """
resource "aws_vpc_security_group_{direction}_rule" "{name}" {{
  security_group_id = aws_security_group.g.id
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}}
"""


def twice(folder: Path, *parts: str) -> tuple[Finding, ...]:
    return findings(folder, "inline-and-separate-rules", NETWORK, *parts)


def test_each_direction_is_a_list_of_its_own(tmp_path: Path):
    other = SEPARATE.format(direction="egress", name="out")
    assert twice(tmp_path, group("g", rule("self = true")), other) == ()


def test_many_rules_beside_a_group_are_one_finding(tmp_path: Path):
    others = [SEPARATE.format(direction="ingress", name=name) for name in ("one", "two")]
    (finding,) = twice(tmp_path, group("g", rule("self = true")), *others)
    assert finding.component == "aws_security_group.g"
    assert {each.text for each in finding.related} == {"adds to aws_security_group.g"}
    assert len(finding.related) == 2


def test_the_routes_of_a_gateway_endpoint_are_left_alone(tmp_path: Path):
    endpoint = """
    resource "aws_vpc_endpoint" "s3" {
      vpc_id          = aws_vpc.main.id
      service_name    = "com.amazonaws.eu-west-1.s3"
      route_table_ids = [aws_default_route_table.main.id]
    }
    """
    assert twice(tmp_path, endpoint) == ()


def test_a_route_beside_an_adopted_main_table_is_removed(tmp_path: Path):
    route = """
    resource "aws_route" "r" {
      route_table_id         = aws_default_route_table.main.id
      destination_cidr_block = "192.168.0.0/16"
      gateway_id             = "vgw-0123456789abcdef0"
    }
    """
    (finding,) = twice(tmp_path, route)
    assert finding.component == "aws_default_route_table.main"


def test_entries_beside_an_acl_that_lists_its_own_are_removed(tmp_path: Path):
    text = """
    resource "aws_network_acl" "n" {
      vpc_id = aws_vpc.main.id

      ingress {
        rule_no    = 1
        action     = "allow"
        protocol   = "-1"
        cidr_block = "0.0.0.0/0"
        from_port  = 0
        to_port    = 0
      }
    }

    resource "aws_network_acl_rule" "r" {
      network_acl_id = aws_network_acl.n.id
      egress         = %s
      rule_number    = 2
      rule_action    = "allow"
      protocol       = "-1"
      cidr_block     = "0.0.0.0/0"
    }
    """
    assert twice(tmp_path, text % "true") == ()
    (finding,) = twice(tmp_path, text % "false")
    assert finding.component == "aws_network_acl.n"


def vpc(name: str, cidr: str) -> str:
    return f'resource "aws_vpc" "{name}" {{\n  cidr_block = {cidr}\n}}\n'


def test_one_vpc_that_meets_two_is_one_finding(tmp_path: Path):
    peerings = "".join(
        f'resource "aws_vpc_peering_connection" "{name}" {{\n  vpc_id = aws_vpc.z.id\n'
        f"  peer_vpc_id = aws_vpc.{name}.id\n  auto_accept = true\n}}\n"
        for name in ("x", "y")
    )
    wide = (vpc("x", '"10.1.0.0/16"'), vpc("y", '"10.2.0.0/16"'), vpc("z", '"10.0.0.0/8"'))
    (finding,) = findings(tmp_path, "overlapping-cidrs", *wide, peerings)
    assert finding.component == "aws_vpc.z"
    assert "shares 10.1.0.0/16 and 10.2.0.0/16 with aws_vpc.x and aws_vpc.y" in finding.message


def test_a_peering_between_vpcs_that_are_not_known_joins_no_two_of_the_input(tmp_path: Path):
    unknown = """
    variable "vpc" {
      type = string
    }

    variable "peer" {
      type = string
    }

    resource "aws_vpc_peering_connection" "p" {
      vpc_id      = var.vpc
      peer_vpc_id = var.peer
    }
    """
    assert (
        findings(tmp_path, "overlapping-cidrs", vpc("x", '"10.0.0.0/8"'), vpc("y", '"10.0.0.0/8"'), unknown)
        == ()
    )


def test_a_wide_subnet_meets_more_than_its_neighbour(tmp_path: Path):
    subnets = "".join(
        f'resource "aws_subnet" "{name}" {{\n  vpc_id = aws_vpc.v.id\n  cidr_block = "{cidr}"\n}}\n'
        for name, cidr in (("wide", "10.0.0.0/20"), ("one", "10.0.1.0/24"), ("two", "10.0.2.0/24"))
    )
    found = findings(tmp_path, "overlapping-cidrs", vpc("v", '"10.0.0.0/16"'), subnets)
    assert {each.component for each in found} == {"aws_subnet.one", "aws_subnet.two"}


def test_dns_settings_without_private_dns_are_nobodys_business(tmp_path: Path):
    endpoint = """
    resource "aws_vpc_endpoint" "e" {
      vpc_id            = aws_vpc.main.id
      service_name      = "com.amazonaws.eu-west-1.sqs"
      vpc_endpoint_type = "Interface"
    }
    """
    assert findings(tmp_path, "dns-off-with-private-endpoint", NETWORK, endpoint) == ()


def test_endpoints_of_one_vpc_are_one_finding(tmp_path: Path):
    endpoints = "".join(
        f'resource "aws_vpc_endpoint" "{name}" {{\n  vpc_id = aws_vpc.main.id\n'
        '  vpc_endpoint_type = "Interface"\n'
        f'  service_name = "com.amazonaws.eu-west-1.{name}"\n  private_dns_enabled = true\n}}\n'
        for name in ("sqs", "sns")
    )
    (finding,) = findings(tmp_path, "dns-off-with-private-endpoint", NETWORK, endpoints)
    assert finding.judgement is Judgement.VIOLATED
    assert len(finding.related) == 2
