"""Section 6: NAT gateways.

https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
"""

from __future__ import annotations

from tests.checklist.facts import fact
from tests.checklist.terraform import (
    ALL_OUT,
    ANYWHERE,
    BLOCKED,
    NETWORK,
    REACHABLE,
    UNKNOWN,
    acl,
    ask,
    codes,
    entry,
    group,
    instance,
    rule,
    verdict,
    why,
)

APP = NETWORK + group("app", rule("0", ANYWHERE, protocol="-1"), ALL_OUT) + instance("app", "private", "app")
TRANSIT = "transit_gateway_id = aws_ec2_transit_gateway.hub.id"
HUB = f"""
resource "aws_ec2_transit_gateway" "hub" {{}}

resource "aws_route" "hub" {{
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "10.8.0.0/16"
  {TRANSIT}
}}
"""
OUT = ("aws_instance.app", "internet", "tcp/443")


@fact("6.1")
def test_a_nat_gateway_in_a_public_subnet_reaches_the_internet():
    assert verdict(APP, *OUT) is REACHABLE


@fact("6.1")
def test_a_nat_gateway_in_a_subnet_that_routes_to_itself_reaches_nothing():
    text = APP.replace("subnet_id     = aws_subnet.public.id", "subnet_id     = aws_subnet.private.id")
    found = ask(text, *OUT)
    assert found.verdict is BLOCKED
    assert codes(found) == ["NO_ROUTE_TO_DESTINATION"]


@fact("6.1")
def test_a_private_nat_gateway_reaches_no_internet():
    text = APP.replace("allocation_id = aws_eip.nat.id", 'connectivity_type = "private"')
    found = ask(text, *OUT)
    assert found.verdict is BLOCKED
    assert codes(found) == ["NO_ROUTE_TO_DESTINATION"]


@fact("6.1")
def test_a_private_nat_gateway_may_lead_to_private_networks():
    text = APP.replace("allocation_id = aws_eip.nat.id", 'connectivity_type = "private"') + HUB
    assert verdict(text, "aws_instance.app", "10.8.1.1", "tcp/443") is UNKNOWN
    assert verdict(text, "aws_instance.app", "10.9.1.1", "tcp/443") is BLOCKED


@fact("6.1")
def test_a_private_nat_gateway_may_lead_to_an_internet_behind_a_transit_gateway():
    text = APP.replace("allocation_id = aws_eip.nat.id", 'connectivity_type = "private"')
    onward = text.replace("gateway_id = aws_internet_gateway.main.id", TRANSIT) + HUB
    found = ask(onward, *OUT)
    assert found.verdict is UNKNOWN


FAR = """
resource "aws_vpc" "far" {
  cidr_block = "10.7.0.0/16"
}

resource "aws_subnet" "far" {
  vpc_id     = aws_vpc.far.id
  cidr_block = "10.7.1.0/24"
}

resource "aws_vpc_peering_connection" "far" {
  vpc_id      = aws_vpc.far.id
  peer_vpc_id = aws_vpc.main.id
  auto_accept = true
}

resource "aws_route" "far" {
  route_table_id = aws_vpc.far.main_route_table_id
  destination_cidr_block = "0.0.0.0/0"
  TARGET
}
"""


@fact("6.2")
def test_a_nat_gateway_of_another_vpc_does_not_serve():
    far = FAR.replace("TARGET", "nat_gateway_id = aws_nat_gateway.main.id")
    text = NETWORK + far + group("far", ALL_OUT, vpc="far") + instance("far", "far", "far")
    found = ask(text, "aws_instance.far", "internet", "tcp/443")
    assert found.verdict is BLOCKED
    assert "NGW_REQUIRES_SOURCE_IN_VPC" in codes(found)


@fact("6.2")
def test_a_nat_gateway_behind_a_peering_is_never_said_to_serve():
    far = FAR.replace("TARGET", "vpc_peering_connection_id = aws_vpc_peering_connection.far.id")
    text = NETWORK + far + group("far", ALL_OUT, vpc="far") + instance("far", "far", "far")
    found = ask(text, "aws_instance.far", "internet", "tcp/443")
    assert found.verdict in {BLOCKED, UNKNOWN}
    assert found.verdict is BLOCKED or "aws_vpc_peering_connection.far" in why(found)


@fact("6.3")
def test_a_nat_gateway_carries_tcp_udp_and_icmp_only():
    for traffic in ("tcp/443", "udp/53", "icmp"):
        assert verdict(APP, "aws_instance.app", "internet", traffic) is REACHABLE, traffic
    found = ask(APP, "aws_instance.app", "internet", "proto/47")
    assert found.verdict is BLOCKED
    assert codes(found) == ["PROTOCOL_RESTRICTION"]


@fact("6.3")
def test_nothing_comes_in_through_a_nat_gateway():
    found = ask(APP, "internet", "aws_instance.app", "tcp/443")
    assert found.verdict is BLOCKED
    assert "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS" in codes(found)


@fact("6.3")
def test_replies_come_to_the_gateways_own_ports():
    entries = (
        entry("ingress", 100, "allow", "443", "10.0.2.0/24", "tcp"),
        entry("egress", 100, "allow", "443", protocol="tcp"),
        entry("ingress", 110, "allow", "32768-60999", protocol="tcp"),
        entry("egress", 110, "allow", "1024-65535", protocol="tcp"),
    )
    found = ask(APP + acl("public", *entries, subnets="public"), *OUT)
    assert found.verdict is UNKNOWN


@fact("6.4")
def test_a_regional_nat_gateway_is_not_decided():
    text = APP.replace(
        "allocation_id = aws_eip.nat.id\n  subnet_id     = aws_subnet.public.id",
        'availability_mode = "regional"\n  vpc_id            = aws_vpc.main.id',
    )
    found = ask(text, *OUT)
    assert found.verdict is UNKNOWN
    assert "aws_nat_gateway.main" in why(found)
