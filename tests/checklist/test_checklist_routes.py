"""Section 4: routes.

https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
"""

from __future__ import annotations

import pytest

from tests.checklist.facts import fact
from tests.checklist.terraform import (
    ALL_OUT,
    ANYWHERE,
    BLOCKED,
    NETWORK,
    ONE_WAY,
    PRIVATE,
    PUBLIC,
    REACHABLE,
    UNKNOWN,
    VPC,
    ask,
    cidrs,
    codes,
    group,
    instance,
    legs,
    network,
    rule,
    verdict,
    why,
)

WEB = NETWORK + group("web", rule("443", ANYWHERE), ALL_OUT) + instance("web", "public", "web")


def route(name: str, destination: str, target: str, table: str = "public") -> str:
    return f"""
resource "aws_route" "{name}" {{
  route_table_id = aws_route_table.{table}.id
  {destination}
  {target}
}}
"""


def to(cidr: str) -> str:
    return f'destination_cidr_block = "{cidr}"'


UNATTACHED = """
resource "aws_internet_gateway" "spare" {
}
"""
SPARE = "gateway_id = aws_internet_gateway.spare.id"
HOLE = """
resource "aws_network_interface" "appliance" {
  subnet_id         = aws_subnet.private.id
  source_dest_check = false
}
"""
APPLIANCE = "network_interface_id = aws_network_interface.appliance.id"


@fact("4.1", "11.H")
def test_the_longest_prefix_wins_whatever_its_digits_look_like():
    long_first = (
        HOLE
        + route("a", to("198.0.0.0/8"), APPLIANCE)
        + route("b", to("198.51.0.0/16"), "gateway_id = aws_internet_gateway.main.id")
    )
    assert verdict(WEB + long_first, "aws_instance.web", "198.51.100.1", "tcp/443") is REACHABLE
    assert verdict(WEB + long_first, "aws_instance.web", "198.1.1.1", "tcp/443") is UNKNOWN
    swapped = (
        HOLE
        + route("a", to("198.0.0.0/9"), APPLIANCE)
        + route("b", to("198.0.0.0/8"), "gateway_id = aws_internet_gateway.main.id")
    )
    assert verdict(WEB + swapped, "aws_instance.web", "198.51.100.1", "tcp/443") is UNKNOWN
    assert verdict(WEB + swapped, "aws_instance.web", "198.200.100.1", "tcp/443") is REACHABLE


LISTED = """
resource "aws_ec2_managed_prefix_list" "listed" {
  name           = "listed"
  address_family = "IPv4"
  max_entries    = 5

  entry {
    cidr = "198.51.100.0/24"
  }
}
"""


@fact("4.2")
def test_a_static_route_wins_over_a_listed_one_of_the_same_prefix():
    listed = "destination_prefix_list_id = aws_ec2_managed_prefix_list.listed.id"
    text = WEB + LISTED + HOLE + route("listed", listed, APPLIANCE)
    assert verdict(text, "aws_instance.web", "198.51.100.1", "tcp/443") is UNKNOWN
    static = route("static", to("198.51.100.0/24"), "gateway_id = aws_internet_gateway.main.id")
    assert verdict(text + static, "aws_instance.web", "198.51.100.1", "tcp/443") is REACHABLE


@fact("11.J")
@pytest.mark.parametrize("routes", ["", "route = []", "route = null"])
def test_a_table_without_routes_has_no_route(routes: str):
    written = """route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }"""
    text = WEB.replace(written, routes)
    assert text != WEB
    found = ask(text, "aws_instance.web", "internet", "tcp/443")
    assert found.verdict is BLOCKED
    assert codes(found) == ["NO_ROUTE_TO_DESTINATION"]


@fact("4.2")
def test_what_a_vpn_propagates_leaves_private_ranges_open_and_the_internet_decided():
    text = (WEB + 'resource "aws_vpn_gateway" "vpn" {\n  vpc_id = aws_vpc.main.id\n}\n').replace(
        'resource "aws_route_table" "public" {',
        'resource "aws_route_table" "public" {\n  propagating_vgws = [aws_vpn_gateway.vpn.id]',
    )
    assert verdict(text, "aws_instance.web", "internet", "tcp/443") is REACHABLE
    found = ask(text, "aws_instance.web", "192.168.7.7", "tcp/443")
    assert found.verdict is UNKNOWN
    assert "aws_vpn_gateway.vpn" in why(found)
    assert verdict(WEB, "aws_instance.web", "192.168.7.7", "tcp/443") is BLOCKED


@fact("4.3")
def test_overlapping_prefix_lists_with_different_targets_are_not_decided():
    other = LISTED.replace('"listed"', '"other"')
    text = (
        WEB
        + LISTED
        + other
        + HOLE
        + route("a", "destination_prefix_list_id = aws_ec2_managed_prefix_list.listed.id", APPLIANCE)
        + route(
            "b",
            "destination_prefix_list_id = aws_ec2_managed_prefix_list.other.id",
            "gateway_id = aws_internet_gateway.main.id",
        )
    )
    assert verdict(text, "aws_instance.web", "198.51.100.1", "tcp/443") is UNKNOWN


DUAL_SUBNET = """
resource "aws_vpc" "main" {
  cidr_block                       = "10.0.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "dual" {
  vpc_id                          = aws_vpc.main.id
  cidr_block                      = "10.0.1.0/24"
  ipv6_cidr_block                 = cidrsubnet(aws_vpc.main.ipv6_cidr_block, 8, 1)
  assign_ipv6_address_on_creation = true
}

resource "aws_route" "default" {
  route_table_id         = aws_vpc.main.main_route_table_id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}
"""


@fact("4.4")
def test_a_default_route_of_ipv4_says_nothing_about_ipv6():
    text = (
        DUAL_SUBNET
        + group("web", rule("443", 'ipv6_cidr_blocks = ["::/0"]'))
        + instance("web", "dual", "web")
    )
    four = ask(text, "internet", "aws_instance.web", "tcp/443")
    assert four.verdict is ONE_WAY
    assert ("NO_ROUTE_TO_DESTINATION", "reply") in legs(four)
    six = text.replace('destination_cidr_block = "0.0.0.0/0"', 'destination_ipv6_cidr_block = "::/0"')
    assert verdict(six, "internet", "aws_instance.web", "tcp/443") is REACHABLE


@fact("4.5")
def test_a_subnet_without_an_association_uses_the_main_route_table():
    text = (
        VPC
        + PUBLIC
        + PRIVATE
        + group("app", ALL_OUT)
        + instance("app", "private", "app", more="associate_public_ip_address = true")
    )
    assert codes(ask(text, "aws_instance.app", "internet", "tcp/443")) == ["NO_ROUTE_TO_DESTINATION"]
    main = """
resource "aws_main_route_table_association" "main" {
  vpc_id         = aws_vpc.main.id
  route_table_id = aws_route_table.public.id
}
"""
    assert verdict(text + main, "aws_instance.app", "internet", "tcp/443") is REACHABLE


@fact("4.6")
def test_a_propagated_route_never_beats_the_local_one():
    text = (
        WEB
        + instance("peer", "private", "web")
        + """
resource "aws_vpn_gateway" "vpn" {
  vpc_id = aws_vpc.main.id
}

resource "aws_vpn_gateway_route_propagation" "public" {
  vpn_gateway_id = aws_vpn_gateway.vpn.id
  route_table_id = aws_route_table.public.id
}
"""
    )
    assert verdict(text, "aws_instance.web", "aws_instance.peer", "tcp/443") is REACHABLE


@fact("4.6")
def test_a_wider_route_never_beats_the_local_one():
    text = WEB + instance("peer", "private", "web") + HOLE + route("wide", to("10.0.0.0/8"), APPLIANCE)
    assert verdict(text, "aws_instance.web", "aws_instance.peer", "tcp/443") is REACHABLE


@fact("4.6")
def test_the_local_route_may_be_given_another_target():
    text = WEB + instance("peer", "private", "web") + HOLE + route("all", to("10.0.0.0/16"), APPLIANCE)
    found = ask(text, "aws_instance.web", "aws_instance.peer", "tcp/443")
    assert found.verdict is UNKNOWN
    assert "aws_network_interface.appliance" in why(found)


EDGE = """
resource "aws_network_interface" "firewall" {
  subnet_id         = aws_subnet.private.id
  source_dest_check = false
}

resource "aws_route_table" "edge" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block           = "10.0.1.0/24"
    network_interface_id = aws_network_interface.firewall.id
  }
}

resource "aws_route_table_association" "edge" {
  gateway_id     = aws_internet_gateway.main.id
  route_table_id = aws_route_table.edge.id
}
"""


@fact("4.7")
def test_an_edge_table_takes_what_enters_to_an_appliance():
    found = ask(WEB + EDGE, "internet", "aws_instance.web", "tcp/443")
    assert found.verdict is UNKNOWN
    assert "aws_network_interface.firewall" in why(found)


@fact("4.8")
def test_a_route_to_a_gateway_that_is_not_attached_drops():
    text = WEB.replace("gateway_id = aws_internet_gateway.main.id", SPARE) + UNATTACHED
    found = ask(text, "aws_instance.web", "internet", "tcp/443")
    assert found.verdict is BLOCKED
    assert codes(found) == ["UNASSOCIATED_COMPONENT"]


@fact("4.9")
def test_link_local_addresses_are_no_part_of_the_internet():
    found = network(WEB).can_reach("aws_instance.web", "internet", "tcp/443")
    asked = network(WEB).can_reach("aws_instance.web", "169.254.168.0/22", "tcp/443")
    assert (
        not found.traffic.may.destinations
        & asked.asked.destinations
        & network(WEB).engine.endpoint("169.254.168.0/22").addresses
    )
    assert asked.verdict is not REACHABLE


@fact("4.10")
def test_the_other_vpc_needs_a_route_back():
    text = (
        VPC
        + PUBLIC
        + PRIVATE
        + """
resource "aws_vpc" "other" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_subnet" "other" {
  vpc_id     = aws_vpc.other.id
  cidr_block = "10.1.1.0/24"
}

resource "aws_vpc_peering_connection" "main" {
  vpc_id      = aws_vpc.main.id
  peer_vpc_id = aws_vpc.other.id
  auto_accept = true
}

resource "aws_route" "there" {
  route_table_id            = aws_vpc.main.main_route_table_id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.main.id
}
"""
        + group("app", ALL_OUT)
        + group("db", rule("5432", cidrs("10.0.0.0/16")), vpc="other")
        + instance("app", "private", "app")
        + instance("db", "other", "db")
    )
    found = verdict(text, "aws_instance.app", "aws_instance.db", "tcp/5432")
    assert found is ONE_WAY
