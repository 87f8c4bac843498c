"""Section 7: peering.

https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
"""

from __future__ import annotations

from tests.checklist.facts import fact
from tests.checklist.terraform import (
    ALL_OUT,
    ANYWHERE,
    BLOCKED,
    ONE_WAY,
    REACHABLE,
    ask,
    codes,
    group,
    instance,
    members,
    out,
    rule,
    verdict,
)


def vpc(name: str, net: str) -> str:
    """A VPC with one subnet, a table of its own, and an instance in a group that lets all in and out."""
    return f"""
resource "aws_vpc" "{name}" {{
  cidr_block = "10.{net}.0.0/16"
}}

resource "aws_subnet" "{name}" {{
  vpc_id            = aws_vpc.{name}.id
  cidr_block        = "10.{net}.1.0/24"
  availability_zone = "eu-central-1a"
}}

resource "aws_route_table" "{name}" {{
  vpc_id = aws_vpc.{name}.id
}}

resource "aws_route_table_association" "{name}" {{
  subnet_id      = aws_subnet.{name}.id
  route_table_id = aws_route_table.{name}.id
}}
"""


def peering(one: str, other: str, more: str = "auto_accept = true") -> str:
    return f"""
resource "aws_vpc_peering_connection" "{one}_{other}" {{
  vpc_id      = aws_vpc.{one}.id
  peer_vpc_id = aws_vpc.{other}.id
  {more}
}}
"""


def route(table: str, cidr: str, target: str) -> str:
    name = f"{table}_{cidr.split('/', maxsplit=1)[0].replace('.', '_')}"
    return f"""
resource "aws_route" "{name}" {{
  route_table_id         = aws_route_table.{table}.id
  destination_cidr_block = "{cidr}"
  {target}
}}
"""


def by(one: str, other: str) -> str:
    return f"vpc_peering_connection_id = aws_vpc_peering_connection.{one}_{other}.id"


def wide(name: str, net: str) -> str:
    """A VPC with an instance that anybody may reach, and that may reach anybody."""
    open_group = group(name, rule("0", ANYWHERE, protocol="-1"), ALL_OUT, vpc=name)
    return vpc(name, net) + open_group + instance(name, name, name)


APART = wide("a", "1") + wide("b", "2") + wide("c", "3") + peering("a", "b") + peering("b", "c")
THERE, BACK = route("a", "10.2.0.0/16", by("a", "b")), route("b", "10.1.0.0/16", by("a", "b"))
QUESTION = ("aws_instance.a", "aws_instance.b", "tcp/443")
GATEWAY = """
resource "aws_internet_gateway" "b" {
  vpc_id = aws_vpc.b.id
}

resource "aws_route" "b_out" {
  route_table_id         = aws_route_table.b.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.b.id
}
"""


@fact("7.1")
def test_a_peering_is_not_passed_on_to_a_third_network():
    onward = route("a", "10.3.0.0/16", by("a", "b")) + route("b", "10.3.0.0/16", by("b", "c"))
    back = route("c", "10.1.0.0/16", by("b", "c"))
    found = ask(APART + THERE + BACK + onward + back, "aws_instance.a", "aws_instance.c", "tcp/443")
    assert found.verdict is BLOCKED
    assert "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR" in codes(found)


@fact("7.1")
def test_a_peering_does_not_lead_to_the_other_networks_internet_gateway():
    text = APART + THERE + BACK + GATEWAY + route("a", "0.0.0.0/0", by("a", "b"))
    found = ask(text, "aws_instance.a", "internet", "tcp/443")
    assert found.verdict is BLOCKED
    assert codes(found) == ["PCX_REQUIRES_ADDRESS_IN_VPC_CIDR"]


@fact("7.1", "6.2")
def test_a_peering_does_not_lead_to_the_other_networks_nat_gateway():
    nat = """
resource "aws_subnet" "b_public" {
  vpc_id     = aws_vpc.b.id
  cidr_block = "10.2.2.0/24"
}

resource "aws_route_table" "b_public" {
  vpc_id = aws_vpc.b.id
}

resource "aws_route_table_association" "b_public" {
  subnet_id      = aws_subnet.b_public.id
  route_table_id = aws_route_table.b_public.id
}

resource "aws_eip" "b" {
  domain = "vpc"
}

resource "aws_nat_gateway" "b" {
  allocation_id = aws_eip.b.id
  subnet_id     = aws_subnet.b_public.id
}
"""
    gateway = GATEWAY.replace("aws_route_table.b.id", "aws_route_table.b_public.id")
    out_of_b = route("b", "0.0.0.0/0", "nat_gateway_id = aws_nat_gateway.b.id")
    text = APART + THERE + BACK + nat + gateway + out_of_b + route("a", "0.0.0.0/0", by("a", "b"))
    assert verdict(text, "aws_instance.b", "internet", "tcp/443") is REACHABLE
    assert verdict(text, "aws_instance.a", "internet", "tcp/443") is BLOCKED


@fact("7.1")
def test_a_peering_does_not_lead_to_the_other_networks_vpn():
    vpn = """
resource "aws_vpn_gateway" "b" {
  vpc_id = aws_vpc.b.id
}

resource "aws_customer_gateway" "office" {
  bgp_asn    = 65000
  ip_address = "198.51.100.1"
  type       = "ipsec.1"
}

resource "aws_vpn_connection" "office" {
  vpn_gateway_id      = aws_vpn_gateway.b.id
  customer_gateway_id = aws_customer_gateway.office.id
  type                = "ipsec.1"
  static_routes_only  = true
}

resource "aws_vpn_connection_route" "office" {
  vpn_connection_id      = aws_vpn_connection.office.id
  destination_cidr_block = "192.168.0.0/16"
}
"""
    to_office = route("b", "192.168.0.0/16", "gateway_id = aws_vpn_gateway.b.id")
    text = APART + THERE + BACK + vpn + to_office + route("a", "192.168.0.0/16", by("a", "b"))
    assert verdict(text, "aws_instance.b", "192.168.1.1", "tcp/443") is REACHABLE
    assert verdict(text, "aws_instance.a", "192.168.1.1", "tcp/443") is BLOCKED


@fact("7.2")
def test_a_peering_with_a_route_on_each_side_is_a_way():
    assert verdict(APART + THERE + BACK, *QUESTION) is REACHABLE


@fact("7.2", "4.10")
def test_a_peering_with_a_route_on_one_side_brings_the_request_and_no_reply():
    assert verdict(APART + THERE, *QUESTION) is ONE_WAY


@fact("7.2")
def test_a_peering_without_a_route_of_the_source_is_no_way():
    found = ask(APART + BACK, *QUESTION)
    assert found.verdict is BLOCKED
    assert "NO_ROUTE_TO_DESTINATION" in codes(found)


@fact("7.2")
def test_a_peering_that_nobody_accepts_is_not_certain_to_be_one():
    pending = APART.replace(peering("a", "b"), peering("a", "b", ""))
    assert verdict(pending + THERE + BACK, *QUESTION) is not REACHABLE


@fact("7.2")
def test_networks_with_the_same_addresses_stay_apart():
    text = wide("a", "1") + wide("b", "1") + peering("a", "b") + route("a", "10.9.0.0/16", by("a", "b"))
    assert verdict(text, *QUESTION) is BLOCKED


@fact("7.3")
def test_a_default_route_into_a_peering_reaches_the_other_networks_addresses():
    text = APART + route("a", "0.0.0.0/0", by("a", "b")) + BACK
    assert verdict(text, *QUESTION) is REACHABLE
    assert verdict(text, "aws_instance.a", "10.9.0.1", "tcp/443") is BLOCKED


@fact("1.13")
def test_a_group_is_named_across_a_peering():
    named = vpc("a", "1") + vpc("b", "2") + peering("a", "b") + THERE + BACK
    named += group("a", out("443", members("b")), vpc="a") + group("b", rule("443", members("a")), vpc="b")
    text = named + instance("a", "a", "a") + instance("b", "b", "b")
    assert verdict(text, *QUESTION) is REACHABLE
