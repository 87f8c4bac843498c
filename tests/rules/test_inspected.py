"""What firewalls do not see, in networks of many classes of workloads."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.finding import Judgement
from tests.rules.networks import NETWORK, findings, group, instance

FIREWALL = """\
locals {
  endpoint = [
    for state in aws_networkfirewall_firewall.main.firewall_status[0].sync_states :
    state.attachment[0].endpoint_id
  ][0]
}

resource "aws_subnet" "firewall" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.9.0/28"
}

resource "aws_networkfirewall_firewall_policy" "main" {
  name = "main"

  firewall_policy {
    stateless_default_actions          = ["aws:forward_to_sfe"]
    stateless_fragment_default_actions = ["aws:forward_to_sfe"]
  }
}

resource "aws_networkfirewall_firewall" "main" {
  name                = "main"
  vpc_id              = aws_vpc.main.id
  firewall_policy_arn = aws_networkfirewall_firewall_policy.main.arn

  subnet_mapping {
    subnet_id = aws_subnet.firewall.id
  }
}

resource "aws_route_table" "a" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block      = aws_subnet.b.cidr_block
    vpc_endpoint_id = local.endpoint
  }
}

resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.a.id
}
"""
BACK = """\
resource "aws_route_table" "b" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block      = aws_subnet.a.cidr_block
    vpc_endpoint_id = local.endpoint
  }
}

resource "aws_route_table_association" "b" {
  subnet_id      = aws_subnet.b.id
  route_table_id = aws_route_table.b.id
}
"""
OPEN = """\
ingress {
  protocol    = "tcp"
  from_port   = 5432
  to_port     = 5432
  cidr_blocks = ["10.0.0.0/16"]
}

egress {
  protocol    = "-1"
  from_port   = 0
  to_port     = 0
  cidr_blocks = ["10.0.0.0/16"]
}
"""


def workloads(count: int) -> list[str]:
    """As many workloads in one subnet, each with a group of its own, and one in the other."""
    groups = [group(f"g{number}", OPEN) for number in range(count)]
    hosts = [instance(f"i{number}", f"g{number}") for number in range(count)]
    return [*groups, *hosts, group("db", OPEN), instance("db", "db", subnet="b")]


@pytest.mark.parametrize("count", [3, 70])
def test_a_firewall_that_sees_half_is_found_however_many_workloads_there_are(tmp_path: Path, count: int):
    found = findings(tmp_path, "firewall-asymmetric", NETWORK, FIREWALL, *workloads(count))
    assert len(found) >= 1
    assert all("not the replies" in one.message or "not the requests" in one.message for one in found)
    assert any(one.judgement is Judgement.VIOLATED for one in found)
    assert all("aws_instance.i0" in one.message for one in found)


def test_a_firewall_that_sees_both_halves_is_no_finding_among_many_workloads(tmp_path: Path):
    assert findings(tmp_path, "firewall-asymmetric", NETWORK, FIREWALL, BACK, *workloads(70)) == ()
