"""Rules that match nothing: by their peers, and by their ports."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.finding import Finding, Judgement, Severity
from tests.rules.networks import NETWORK, PRIVATE, findings, group, instance, rule

TOOLS = """
resource "aws_vpc" "tools" {
  cidr_block = "10.9.0.0/16"
}

resource "aws_security_group" "tools" {
  vpc_id = aws_vpc.tools.id
}
"""


def found(folder: Path, *parts: str) -> tuple[Finding, ...]:
    return findings(folder, "rule-never-matches", NETWORK, *parts)


def peering(*words: str) -> str:
    return (
        'resource "aws_vpc_peering_connection" "p" {\n'
        "  vpc_id = aws_vpc.main.id\n  peer_vpc_id = aws_vpc.tools.id\n" + "\n".join(words) + "\n}\n"
    )


FOREIGN = group("g", rule("security_groups = [aws_security_group.tools.id]"))


def test_a_group_across_an_active_peering_matches(tmp_path: Path):
    assert found(tmp_path, TOOLS, FOREIGN, peering("auto_accept = true")) == ()


def test_a_group_across_a_peering_into_another_region_never_matches(tmp_path: Path):
    here = 'provider "aws" {\n  region = "eu-west-1"\n}\n'
    far = peering('peer_region = "us-east-1"', "auto_accept = true")
    (finding,) = found(tmp_path, here, TOOLS, FOREIGN, far)
    assert "aws_vpc_peering_connection.p does not let rules name groups" in finding.message


@pytest.mark.parametrize(("direction", "count"), [("ingress", 0), ("egress", 1)])
def test_a_transit_gateway_knows_groups_in_rules_for_what_comes_in(
    tmp_path: Path, direction: str, count: int
):
    gateway = """
    resource "aws_subnet" "tools" {
      vpc_id     = aws_vpc.tools.id
      cidr_block = "10.9.1.0/24"
    }

    resource "aws_ec2_transit_gateway" "t" {
      security_group_referencing_support = "enable"
    }

    resource "aws_ec2_transit_gateway_vpc_attachment" "main" {
      transit_gateway_id = aws_ec2_transit_gateway.t.id
      vpc_id             = aws_vpc.main.id
      subnet_ids         = [aws_subnet.a.id]
      security_group_referencing_support = "enable"
    }

    resource "aws_ec2_transit_gateway_vpc_attachment" "tools" {
      transit_gateway_id = aws_ec2_transit_gateway.t.id
      vpc_id             = aws_vpc.tools.id
      subnet_ids         = [aws_subnet.tools.id]
      security_group_referencing_support = "enable"
    }
    """
    named = group("g", rule("security_groups = [aws_security_group.tools.id]", direction=direction))
    assert len(found(tmp_path, TOOLS, named, gateway)) == count


def test_a_range_of_a_subnet_is_one_that_something_has(tmp_path: Path):
    assert found(tmp_path, group("g", rule('cidr_blocks = ["10.0.1.0/24"]'))) == ()


def test_a_range_of_the_vpc_in_which_no_subnet_lies_never_matches(tmp_path: Path):
    (finding,) = found(tmp_path, group("g", rule('cidr_blocks = ["10.0.99.0/24"]')))
    assert finding.severity is Severity.LOW


def test_a_range_that_an_appliance_may_bring_is_left_alone(tmp_path: Path):
    appliance = instance("vpn", "g", more="  source_dest_check = false")
    assert found(tmp_path, group("g", rule('cidr_blocks = ["192.168.0.0/16"]')), appliance) == ()


def test_public_and_unknown_ranges_are_left_to_the_internet(tmp_path: Path):
    variable = 'variable "office" {\n  type = string\n}\n'
    rules = group("g", rule('cidr_blocks = ["203.0.113.0/24"]'), rule("cidr_blocks = [var.office]"))
    assert found(tmp_path, variable, rules) == ()


BALANCER = """
resource "aws_lb" "l" {
  internal        = %s
  subnets         = [aws_subnet.a.id, aws_subnet.b.id]
  security_groups = [aws_security_group.balancer.id]
}
"""


@pytest.mark.parametrize(("internal", "count"), [("true", 0), ("false", 1)])
def test_only_an_internet_facing_balancer_is_reached_by_public_addresses(
    tmp_path: Path, internal: str, count: int
):
    clients = group(
        "clients", rule("security_groups = [aws_security_group.balancer.id]", 443, direction="egress")
    )
    client = instance("c", "clients", more=PRIVATE)
    assert len(found(tmp_path, group("balancer"), clients, client, BALANCER % internal)) == count


def test_what_a_balancer_opens_to_its_targets_comes_by_private_addresses(tmp_path: Path):
    targets = group("targets", rule("security_groups = [aws_security_group.balancer.id]", 8080))
    target = instance("t", "targets", more=PRIVATE)
    assert found(tmp_path, group("balancer"), targets, target, BALANCER % "false") == ()


def test_a_rule_with_a_range_beside_an_empty_list_of_groups_is_not_stale(tmp_path: Path):
    text = group(
        "g", rule('security_groups = []\n  cidr_blocks = ["10.0.0.0/8"]'), rule("cidr_blocks = []", 80)
    )
    assert findings(tmp_path, "stale-group-reference", NETWORK, text) == ()


def test_port_zero_is_told_apart_by_whom_it_is_for(tmp_path: Path):
    text = group("g", rule('cidr_blocks = ["10.0.0.0/8"]', 0), rule("self = true", 0))
    first, second = findings(tmp_path, "port-zero-rule", NETWORK, text)
    assert first.fingerprint != second.fingerprint
    assert {first.judgement, second.judgement} == {Judgement.VIOLATED}


def test_icmp_of_type_zero_is_no_port(tmp_path: Path):
    echo = 'ingress {\n  protocol = "icmp"\n  from_port = 0\n  to_port = 0\n  cidr_blocks = ["10.0.0.0/8"]\n}'
    assert findings(tmp_path, "port-zero-rule", NETWORK, group("g", echo)) == ()


@pytest.mark.parametrize(
    ("peer", "severity"), [("0.0.0.0/0", Severity.HIGH), ("10.0.0.0/8", Severity.MEDIUM)]
)
def test_a_port_that_is_ignored_weighs_more_where_the_world_is_let_in(
    tmp_path: Path, peer: str, severity: Severity
):
    text = f"""
    resource "aws_vpc_security_group_ingress_rule" "r" {{
      security_group_id = aws_security_group.g.id
      cidr_ipv4         = "{peer}"
      ip_protocol       = "-1"
      from_port         = 443
      to_port           = 443
    }}
    """
    (finding,) = findings(tmp_path, "port-zero-rule", NETWORK, group("g"), text)
    assert finding.severity is severity
