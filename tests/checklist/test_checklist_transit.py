"""Section 8: transit gateways.

https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
"""

from __future__ import annotations

from tests.checklist.facts import fact
from tests.checklist.terraform import (
    ANYWHERE,
    BLOCKED,
    ONE_WAY,
    REACHABLE,
    acl,
    ask,
    codes,
    entry,
    group,
    instance,
    members,
    out,
    rule,
    verdict,
)
from tests.checklist.test_checklist_peering import route, vpc, wide

DEFAULTS = """
resource "aws_ec2_transit_gateway" "hub" {
}
"""
HUB = """
resource "aws_ec2_transit_gateway" "hub" {
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
}

resource "aws_ec2_transit_gateway_route_table" "all" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}
"""
TO_HUB = "transit_gateway_id = aws_ec2_transit_gateway.hub.id"


def attached(name: str, more: str = "") -> str:
    return f"""
resource "aws_ec2_transit_gateway_vpc_attachment" "{name}" {{
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.{name}.id
  subnet_ids         = [aws_subnet.{name}.id]
  {more}
}}
"""


def joined(name: str, kind: str, table: str = "all") -> str:
    return f"""
resource "aws_ec2_transit_gateway_route_table_{kind}" "{name}_{table}" {{
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.{name}.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.{table}.id
}}
"""


def static(name: str, cidr: str, to: str = "", table: str = "all") -> str:
    target = (
        f"transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment.{to}.id"
        if to
        else "blackhole = true"
    )
    return f"""
resource "aws_ec2_transit_gateway_route" "{name}" {{
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.{table}.id
  destination_cidr_block         = "{cidr}"
  {target}
}}
"""


TWO = wide("a", "1") + wide("b", "2") + route("a", "10.0.0.0/8", TO_HUB) + route("b", "10.0.0.0/8", TO_HUB)
BOTH = TWO + HUB + attached("a") + attached("b")
ASSOCIATED = joined("a", "association") + joined("b", "association")
PROPAGATED = joined("a", "propagation") + joined("b", "propagation")
QUESTION = ("aws_instance.a", "aws_instance.b", "tcp/443")
OTHER_ZONE = """
resource "aws_subnet" "far" {
  vpc_id            = aws_vpc.a.id
  cidr_block        = "10.1.2.0/24"
  availability_zone = "eu-central-1b"
}

resource "aws_route_table_association" "far" {
  subnet_id      = aws_subnet.far.id
  route_table_id = aws_route_table.a.id
}
"""


@fact("8.1")
def test_an_attachment_takes_nothing_from_a_zone_that_it_has_no_subnet_in():
    text = BOTH + ASSOCIATED + PROPAGATED + OTHER_ZONE + instance("far", "far", "a")
    found = ask(text, "aws_instance.far", "aws_instance.b", "tcp/443")
    assert found.verdict is BLOCKED
    assert "TGW_ATTACH_VPC_AZ_RESTRICTION" in codes(found)


@fact("8.2")
def test_attachments_of_one_table_that_propagate_into_it_reach_each_other():
    assert verdict(BOTH + ASSOCIATED + PROPAGATED, *QUESTION) is REACHABLE


@fact("8.2")
def test_propagation_without_association_is_no_way():
    found = ask(BOTH + PROPAGATED, *QUESTION)
    assert found.verdict is BLOCKED
    assert "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION" in codes(found)


@fact("8.2")
def test_association_without_a_route_is_no_way():
    found = ask(BOTH + ASSOCIATED, *QUESTION)
    assert found.verdict is BLOCKED
    assert "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT" in codes(found)


@fact("8.3")
def test_a_static_route_beats_a_propagated_one_of_its_prefix():
    text = BOTH + ASSOCIATED + PROPAGATED + static("hole", "10.2.0.0/16")
    assert verdict(text, *QUESTION) is BLOCKED


@fact("8.3")
def test_a_longer_propagated_prefix_beats_a_static_route():
    text = BOTH + ASSOCIATED + PROPAGATED + static("hole", "10.0.0.0/8")
    assert verdict(text, *QUESTION) is REACHABLE


@fact("8.4")
def test_a_static_black_hole_drops_what_it_is_the_longest_prefix_for():
    text = BOTH + ASSOCIATED + PROPAGATED + static("hole", "10.2.1.0/24")
    found = ask(text, *QUESTION)
    assert found.verdict is BLOCKED
    assert codes(found) == ["TGW_RTB_BAD_STATE_ROUTE"]


@fact("8.5", "4.10")
def test_a_static_route_to_a_network_that_does_not_propagate_back_is_one_way():
    text = BOTH + ASSOCIATED + static("b", "10.2.0.0/16", "b")
    assert verdict(text, *QUESTION) is ONE_WAY
    assert verdict(text + joined("a", "propagation"), *QUESTION) is REACHABLE


@fact("8.6")
def test_a_route_to_another_network_does_not_reach_the_one_with_the_address():
    third = wide("c", "3") + route("c", "10.0.0.0/8", TO_HUB) + attached("c") + joined("c", "association")
    text = BOTH + ASSOCIATED + third + static("b", "10.2.0.0/16", "c") + joined("a", "propagation")
    assert verdict(text, *QUESTION) is BLOCKED


@fact("8.7", "11.I")
def test_the_more_specific_route_of_a_transit_table_counts_beside_a_default_one():
    third = wide("c", "3") + route("c", "10.0.0.0/8", TO_HUB) + attached("c") + joined("c", "association")
    routes = static("b", "10.2.0.0/16", "b") + static("rest", "0.0.0.0/0", "c") + joined("a", "propagation")
    text = BOTH + ASSOCIATED + third + routes
    assert verdict(text, *QUESTION) is REACHABLE
    assert verdict(text, "aws_instance.a", "aws_instance.c", "tcp/443") is REACHABLE


def zoned(zone: str, number: int) -> str:
    """One zone of an inspection network: where the transit gateway comes in, and a firewall's endpoint."""
    return f"""
resource "aws_subnet" "in_{zone}" {{
  vpc_id            = aws_vpc.inspection.id
  cidr_block        = "10.8.{number}.0/24"
  availability_zone = "eu-central-1{zone}"
}}

resource "aws_subnet" "firewall_{zone}" {{
  vpc_id            = aws_vpc.inspection.id
  cidr_block        = "10.8.1{number}.0/24"
  availability_zone = "eu-central-1{zone}"
}}

resource "aws_route_table" "in_{zone}" {{
  vpc_id = aws_vpc.inspection.id

  route {{
    cidr_block      = "0.0.0.0/0"
    vpc_endpoint_id = local.endpoints["eu-central-1{zone}"]
  }}
}}

resource "aws_route_table_association" "in_{zone}" {{
  subnet_id      = aws_subnet.in_{zone}.id
  route_table_id = aws_route_table.in_{zone}.id
}}

resource "aws_route_table_association" "firewall_{zone}" {{
  subnet_id      = aws_subnet.firewall_{zone}.id
  route_table_id = aws_route_table.firewall.id
}}
"""


INSPECTION = (
    """
resource "aws_vpc" "inspection" {
  cidr_block = "10.8.0.0/16"
}

resource "aws_networkfirewall_firewall_policy" "all" {
  name = "all"

  firewall_policy {
    stateless_default_actions          = ["aws:forward_to_sfe"]
    stateless_fragment_default_actions = ["aws:forward_to_sfe"]
  }
}

resource "aws_networkfirewall_firewall" "all" {
  name                = "all"
  firewall_policy_arn = aws_networkfirewall_firewall_policy.all.arn
  vpc_id              = aws_vpc.inspection.id

  subnet_mapping {
    subnet_id = aws_subnet.firewall_a.id
  }

  subnet_mapping {
    subnet_id = aws_subnet.firewall_b.id
  }
}

locals {
  endpoints = {
    for each in aws_networkfirewall_firewall.all.firewall_status[0].sync_states :
    each.availability_zone => each.attachment[0].endpoint_id
  }
}

resource "aws_route_table" "firewall" {
  vpc_id = aws_vpc.inspection.id

  route {
    cidr_block         = "10.0.0.0/8"
    transit_gateway_id = aws_ec2_transit_gateway.hub.id
  }
}

resource "aws_ec2_transit_gateway_route_table" "inspected" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}

resource "aws_ec2_transit_gateway_vpc_attachment" "inspection" {
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
  vpc_id                 = aws_vpc.inspection.id
  subnet_ids             = [aws_subnet.in_a.id, aws_subnet.in_b.id]
  appliance_mode_support = "MODE"
}
"""
    + zoned("a", 1)
    + zoned("b", 2)
)


@fact("8.8")
def test_an_inspection_network_of_two_zones_needs_appliance_mode():
    other_zone = wide("b", "2").replace("eu-central-1a", "eu-central-1b")
    spokes = wide("a", "1") + other_zone + route("a", "10.0.0.0/8", TO_HUB) + route("b", "10.0.0.0/8", TO_HUB)
    ways = HUB + attached("a") + attached("b") + ASSOCIATED + joined("inspection", "association", "inspected")
    back = joined("a", "propagation", "inspected") + joined("b", "propagation", "inspected")
    text = spokes + ways + back + INSPECTION + static("all", "0.0.0.0/0", "inspection")
    assert verdict(text.replace("MODE", "enable"), *QUESTION) is REACHABLE
    assert verdict(text.replace("MODE", "disable"), *QUESTION) is not REACHABLE


PEERED = """
resource "aws_ec2_transit_gateway" "far" {
}

resource "aws_ec2_transit_gateway_peering_attachment" "far" {
  transit_gateway_id      = aws_ec2_transit_gateway.hub.id
  peer_transit_gateway_id = aws_ec2_transit_gateway.far.id
  peer_region             = "eu-west-1"
}
"""


@fact("8.9")
def test_a_peered_transit_gateway_is_reached_by_no_route_that_nobody_wrote():
    far = attached("b").replace("aws_ec2_transit_gateway.hub", "aws_ec2_transit_gateway.far")
    text = TWO + HUB + PEERED + attached("a") + far + joined("a", "association") + joined("a", "propagation")
    assert verdict(text, *QUESTION) is BLOCKED


@fact("8.10")
def test_attachments_meet_in_the_default_table_unless_somebody_says_otherwise():
    text = TWO + DEFAULTS + attached("a") + attached("b")
    assert verdict(text, *QUESTION) is REACHABLE


@fact("8.10")
def test_an_attachment_that_leaves_the_default_table_is_not_in_it():
    apart = """
  transit_gateway_default_route_table_association = false
  transit_gateway_default_route_table_propagation = false"""
    text = TWO + DEFAULTS + attached("a", apart) + attached("b")
    assert verdict(text, *QUESTION) is BLOCKED


NAMED = (
    vpc("a", "1")
    + vpc("b", "2")
    + route("a", "10.0.0.0/8", TO_HUB)
    + route("b", "10.0.0.0/8", TO_HUB)
    + group("a", out("443", ANYWHERE), vpc="a")
    + group("b", rule("443", members("a")), vpc="b")
    + instance("a", "a", "a")
    + instance("b", "b", "b")
)


@fact("1.14")
def test_a_group_is_named_across_a_transit_gateway_where_both_switches_are_on():
    on = DEFAULTS.replace("{\n", '{\n  security_group_referencing_support = "enable"\n')
    ends = attached("a") + attached("b")
    assert verdict(NAMED + on + ends, *QUESTION) is REACHABLE
    assert verdict(NAMED + DEFAULTS + ends, *QUESTION) is BLOCKED
    off = attached("b", 'security_group_referencing_support = "disable"')
    assert verdict(NAMED + on + attached("a") + off, *QUESTION) is BLOCKED


@fact("3.9")
def test_the_network_acl_of_an_attachments_subnet_is_asked_between_it_and_other_subnets():
    subnets = """
resource "aws_subnet" "transit" {
  vpc_id            = aws_vpc.b.id
  cidr_block        = "10.2.9.0/28"
  availability_zone = "eu-central-1a"
}
"""
    moved = attached("b").replace("aws_subnet.b.id", "aws_subnet.transit.id")
    closed = acl("transit", entry("ingress", 100, "allow"), subnets="transit").replace("vpc.main", "vpc.b")
    text = TWO + HUB + attached("a") + moved + subnets + ASSOCIATED + PROPAGATED
    assert verdict(text, *QUESTION) is REACHABLE
    found = ask(text + closed, *QUESTION)
    assert found.verdict is BLOCKED
    assert "SUBNET_ACL_RESTRICTION" in codes(found)


@fact("6.2")
def test_a_nat_gateway_serves_what_a_transit_gateway_brings_into_its_network():
    egress = """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "main" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "eu-central-1a"
}

resource "aws_subnet" "public" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.2.0/24"
  availability_zone = "eu-central-1a"
}

resource "aws_eip" "nat" {
  domain = "vpc"
}

resource "aws_nat_gateway" "main" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.public.id
}

resource "aws_route_table" "main" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.main.id
  }
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }

  route {
    cidr_block         = "10.0.0.0/8"
    transit_gateway_id = aws_ec2_transit_gateway.hub.id
  }
}

resource "aws_route_table_association" "main" {
  subnet_id      = aws_subnet.main.id
  route_table_id = aws_route_table.main.id
}

resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}
"""
    spoke = wide("a", "1") + route("a", "0.0.0.0/0", TO_HUB)
    ways = HUB + attached("a") + attached("main") + joined("a", "association") + joined("main", "association")
    routes = static("out", "0.0.0.0/0", "main") + joined("a", "propagation")
    text = egress + spoke + ways + routes
    assert verdict(text, "aws_instance.a", "internet", "tcp/443") is REACHABLE
