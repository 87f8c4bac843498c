"""Realistic networks in which routes and ACLs decide."""

from __future__ import annotations

import pytest

from tests.checklist.terraform import (
    ALL_OUT,
    ANYWHERE,
    BLOCKED,
    NETWORK,
    ONE_WAY,
    PASS_IN,
    PASS_OUT,
    REACHABLE,
    UNKNOWN,
    VPC,
    acl,
    ask,
    cidrs,
    codes,
    entry,
    group,
    instance,
    network,
    out,
    rule,
    verdict,
    why,
)

OPEN = group("open", rule("0", ANYWHERE, protocol="-1"), ALL_OUT)
PAIR = NETWORK + OPEN + instance("app", "private", "open") + instance("web", "public", "open")
NAT_ROUTE = """  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.main.id
  }
"""
APP, WEB = "aws_instance.app", "aws_instance.web"
OUT = (APP, "internet", "tcp/443")


def test_inline_routes_and_separate_routes_are_one_table():
    text = (
        PAIR
        + """
resource "aws_network_interface" "appliance" {
  subnet_id         = aws_subnet.private.id
  source_dest_check = false
}

resource "aws_route" "office" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "198.51.100.0/24"
  network_interface_id   = aws_network_interface.appliance.id
}
"""
    )
    assert verdict(text, WEB, "198.51.100.1", "tcp/443") is UNKNOWN
    assert verdict(text, WEB, "192.0.2.1", "tcp/443") is REACHABLE


def test_an_association_with_an_unknown_table_decides_nothing():
    text = (
        PAIR.replace("route_table_id = aws_route_table.public.id", "route_table_id = var.table")
        + 'variable "table" {}\n'
    )
    found = ask(text, WEB, "internet", "tcp/443")
    assert found.verdict is UNKNOWN
    assert "var.table" in why(found)


def test_a_subnet_with_an_unknown_table_still_reaches_its_neighbours():
    text = (
        PAIR.replace("route_table_id = aws_route_table.public.id", "route_table_id = var.table")
        + 'variable "table" {}\n'
    )
    assert verdict(text, WEB, APP, "tcp/443") is REACHABLE


@pytest.mark.parametrize(
    "target", ["gateway_id = var.gateway", "nat_gateway_id = var.gateway", "transit_gateway_id = var.gateway"]
)
def test_a_route_to_a_gateway_that_is_not_known_is_not_decided(target: str):
    text = (
        PAIR.replace("nat_gateway_id = aws_nat_gateway.main.id", target).replace(
            "    cidr_block     = ", "    cidr_block = "
        )
        + 'variable "gateway" {}\n'
    )
    assert "var.gateway" in text
    assert verdict(text, *OUT) is UNKNOWN


def test_a_route_that_only_may_exist_is_not_decided():
    text = (
        PAIR.replace(
            NAT_ROUTE,
            "",
        )
        + """
variable "with_nat" {
  type = bool
}

resource "aws_route" "nat" {
  count                  = var.with_nat ? 1 : 0
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.main.id
}
"""
    )
    found = ask(text, *OUT)
    assert found.verdict is UNKNOWN
    assert "var.with_nat" in why(found)
    assert network(text, with_nat="true").can_reach(*OUT).verdict is REACHABLE
    assert network(text, with_nat="false").can_reach(*OUT).verdict is BLOCKED


def test_two_nat_gateways_that_route_to_each_other_reach_nothing():
    text = (
        PAIR.replace("subnet_id     = aws_subnet.public.id", "subnet_id     = aws_subnet.second.id")
        + """
resource "aws_subnet" "second" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.9.0/24"
}

resource "aws_eip" "second" {
  domain = "vpc"
}

resource "aws_nat_gateway" "second" {
  allocation_id = aws_eip.second.id
  subnet_id     = aws_subnet.private.id
}

resource "aws_route_table" "second" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.second.id
  }
}

resource "aws_route_table_association" "second" {
  subnet_id      = aws_subnet.second.id
  route_table_id = aws_route_table.second.id
}
"""
    )
    assert verdict(text, *OUT) is BLOCKED


CHAIN = """
resource "aws_subnet" "inner" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.9.0/24"
}

resource "aws_nat_gateway" "inner" {
  connectivity_type = "private"
  subnet_id         = aws_subnet.private.id
}

resource "aws_route_table" "inner" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.inner.id
  }
}

resource "aws_route_table_association" "inner" {
  subnet_id      = aws_subnet.inner.id
  route_table_id = aws_route_table.inner.id
}
"""


def test_a_nat_gateway_behind_another_is_never_said_to_reach_nothing():
    text = PAIR + CHAIN + instance("deep", "inner", "open")
    assert verdict(text, "aws_instance.deep", "internet", "tcp/443") is not BLOCKED


def test_a_private_nat_gateway_before_an_internet_gateway_reaches_nothing():
    text = (
        PAIR
        + CHAIN.replace(
            "subnet_id         = aws_subnet.private.id", "subnet_id         = aws_subnet.public.id"
        )
        + instance("deep", "inner", "open")
    )
    assert verdict(text, "aws_instance.deep", "internet", "tcp/443") is BLOCKED


def test_a_workload_beside_a_nat_gateway_uses_its_own_address():
    text = PAIR.replace("map_public_ip_on_launch = true", "")
    assert verdict(text, WEB, "internet", "tcp/443") is BLOCKED
    assert verdict(text, *OUT) is REACHABLE


def test_a_subnet_of_a_secondary_range_is_local():
    text = (
        PAIR
        + """
resource "aws_vpc_ipv4_cidr_block_association" "pods" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "100.64.0.0/16"
}

resource "aws_subnet" "pods" {
  vpc_id     = aws_vpc_ipv4_cidr_block_association.pods.vpc_id
  cidr_block = "100.64.1.0/24"
}
"""
        + instance("pod", "pods", "open")
    )
    assert verdict(text, "aws_instance.pod", APP, "tcp/443") is REACHABLE
    assert verdict(text, APP, "aws_instance.pod", "tcp/443") is REACHABLE


def test_subnets_of_two_vpcs_with_one_range_are_not_one_network():
    text = (
        PAIR
        + """
resource "aws_vpc" "other" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "other" {
  vpc_id     = aws_vpc.other.id
  cidr_block = "10.0.2.0/24"
}
"""
        + group("other", rule("0", ANYWHERE, protocol="-1"), ALL_OUT, vpc="other")
        + instance("other", "other", "other")
    )
    found = ask(text, APP, "aws_instance.other", "tcp/443")
    assert found.verdict is BLOCKED
    assert "DISCONNECTED_VPCS" in codes(found)


ROUTE_AWAY = """
resource "aws_vpc" "other" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_internet_gateway" "other" {
  vpc_id = aws_vpc.other.id
}
"""


def test_a_route_to_another_vpcs_gateway_leads_nowhere():
    text = PAIR + ROUTE_AWAY
    text = text.replace(
        "    gateway_id = aws_internet_gateway.main.id", "    gateway_id = aws_internet_gateway.other.id"
    )
    found = ask(text, WEB, "internet", "tcp/443")
    assert found.verdict is BLOCKED
    assert codes(found) == ["UNASSOCIATED_COMPONENT"]


def test_a_gateway_endpoint_does_not_hide_the_way_to_its_service():
    text = (
        PAIR
        + """
resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.main.id
  service_name    = "com.amazonaws.eu-central-1.s3"
  route_table_ids = [aws_route_table.private.id]
}
"""
    )
    assert verdict(text, APP, "service:s3", "tcp/443") is not BLOCKED
    assert verdict(text, *OUT) is REACHABLE
    lonely = text.replace(NAT_ROUTE, "")
    assert verdict(lonely, APP, "service:s3", "tcp/443") is not BLOCKED
    assert verdict(lonely, *OUT) is BLOCKED


def test_a_rule_for_the_services_list_lets_out_to_it_and_not_to_the_world():
    text = (
        NETWORK
        + """
resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.main.id
  service_name    = "com.amazonaws.eu-central-1.s3"
  route_table_ids = [aws_route_table.private.id]
}
"""
        + group("app", out("443", "prefix_list_ids = [aws_vpc_endpoint.s3.prefix_list_id]"))
        + instance("app", "private", "app")
    )
    assert verdict(text, APP, "service:s3", "tcp/443") is not BLOCKED
    assert verdict(text, *OUT) is not REACHABLE


def test_an_interface_endpoint_is_reached_on_its_groups_ports_and_opens_nothing():
    text = (
        PAIR
        + group("endpoint", rule("443", cidrs("10.0.0.0/16")))
        + """
resource "aws_vpc_endpoint" "ecr" {
  vpc_id              = aws_vpc.main.id
  service_name        = "com.amazonaws.eu-central-1.ecr.dkr"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [aws_subnet.private.id]
  security_group_ids  = [aws_security_group.endpoint.id]
  private_dns_enabled = true
}
"""
    )
    assert verdict(text, APP, "aws_vpc_endpoint.ecr", "tcp/443") is REACHABLE
    assert verdict(text, APP, "aws_vpc_endpoint.ecr", "tcp/80") is BLOCKED
    assert verdict(text, "aws_vpc_endpoint.ecr", APP, "tcp/443") is BLOCKED


# -- ACLs ----------------------------------------------------------------------------------------------


def tcp(direction: str, number: int, action: str, ports: str, cidr: str = "0.0.0.0/0") -> str:
    return entry(direction, number, action, ports, cidr, "tcp")


SEPARATE = """
resource "aws_network_acl_rule" "deny" {
  network_acl_id = aws_network_acl.data.id
  rule_number    = 90
  egress         = false
  protocol       = "tcp"
  rule_action    = "deny"
  cidr_block     = "10.0.2.0/24"
  from_port      = 0
  to_port        = 65535
}
"""


def test_entries_in_an_acl_and_entries_of_their_own_stand_in_one_order():
    text = PAIR + acl("data", PASS_IN, PASS_OUT, subnets="public")
    assert verdict(text, APP, WEB, "tcp/443") is REACHABLE
    assert verdict(text + SEPARATE, APP, WEB, "tcp/443") is BLOCKED
    assert verdict(text + SEPARATE, APP, WEB, "udp/53") is REACHABLE


def test_a_denial_of_an_unknown_number_decides_nothing():
    text = (
        PAIR
        + acl("data", PASS_IN, PASS_OUT, subnets="public")
        + SEPARATE.replace("= 90", "= var.number")
        + 'variable "number" {}\n'
    )
    found = ask(text, APP, WEB, "tcp/443")
    assert found.verdict is UNKNOWN
    assert "var.number" in why(found)


def test_a_denial_after_the_allowance_changes_nothing():
    text = PAIR + acl("data", PASS_IN, PASS_OUT, subnets="public") + SEPARATE.replace("= 90", "= 32000")
    assert verdict(text, APP, WEB, "tcp/443") is REACHABLE


@pytest.mark.parametrize("protocol", ["tcp", "6"])
def test_protocols_may_be_names_or_numbers_in_an_acl(protocol: str):
    entries = (
        entry("ingress", 100, "allow", "443", protocol=protocol),
        entry("egress", 100, "allow", "1024-65535", protocol=protocol),
    )
    assert verdict(PAIR + acl("data", *entries, subnets="public"), APP, WEB, "tcp/443") is REACHABLE
    assert verdict(PAIR + acl("data", *entries, subnets="public"), APP, WEB, "udp/443") is BLOCKED


@pytest.mark.parametrize("protocol", ["-1", "all"])
def test_all_protocols_of_an_acl_are_all_traffic(protocol: str):
    entries = (
        entry("ingress", 100, "allow", protocol=protocol),
        entry("egress", 100, "allow", protocol=protocol),
    )
    for asked in ("tcp/443", "udp/53", "icmp"):
        assert verdict(PAIR + acl("data", *entries, subnets="public"), APP, WEB, asked) is REACHABLE


def icmp(direction: str, number: int, kind: int, code: int = -1) -> str:
    return f"""
  {direction} {{
    rule_no    = {number}
    action     = "allow"
    protocol   = "icmp"
    from_port  = 0
    to_port    = 0
    icmp_type  = {kind}
    icmp_code  = {code}
    cidr_block = "0.0.0.0/0"
  }}"""


def test_a_ping_needs_its_reply_through_the_acl():
    asked = (APP, WEB, "icmp/8")
    assert (
        verdict(PAIR + acl("data", icmp("ingress", 100, 8), icmp("egress", 100, 0), subnets="public"), *asked)
        is REACHABLE
    )
    assert (
        verdict(PAIR + acl("data", icmp("ingress", 100, 8), icmp("egress", 100, 8), subnets="public"), *asked)
        is ONE_WAY
    )
    assert verdict(PAIR + acl("data", icmp("ingress", 100, 0), PASS_OUT, subnets="public"), *asked) is BLOCKED


def test_dns_over_udp_needs_its_reply_through_the_acl():
    entries = (
        entry("ingress", 100, "allow", "53", protocol="udp"),
        entry("egress", 100, "allow", "1024-65535", protocol="udp"),
    )
    assert verdict(PAIR + acl("data", *entries, subnets="public"), APP, WEB, "udp/53") is REACHABLE
    wrong = (entries[0], tcp("egress", 100, "allow", "1024-65535"))
    assert verdict(PAIR + acl("data", *wrong, subnets="public"), APP, WEB, "udp/53") is ONE_WAY


def test_the_acl_at_the_clients_border_counts_too():
    text = PAIR + acl("client", tcp("egress", 100, "allow", "443"), subnets="private")
    assert verdict(text, APP, WEB, "tcp/443") is ONE_WAY
    assert verdict(text, APP, WEB, "tcp/80") is BLOCKED


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_acls_given_to_one_subnet_either_may_be_in_effect(order: int):
    both = [acl("open", PASS_IN, PASS_OUT, subnets="public"), acl("closed", subnets="public")]
    found = ask(PAIR + "".join(both[::order]), APP, WEB, "tcp/443")
    assert found.verdict is UNKNOWN
    assert "which network ACL is in effect" in why(found)


def test_an_acl_of_subnets_chosen_by_a_splat_covers_each_of_them():
    text = (
        VPC
        + """
resource "aws_subnet" "app" {
  count      = 2
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet("10.0.0.0/16", 8, count.index)
}

resource "aws_network_acl" "closed" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = aws_subnet.app[*].id
}
"""
        + OPEN
        + instance("one", "app[0]", "open")
        + instance("two", "app[1]", "open")
    )
    found = ask(text, "aws_instance.one", "aws_instance.two", "tcp/443")
    assert found.verdict is BLOCKED
    assert codes(found) == ["SUBNET_ACL_RESTRICTION"]


def test_an_acl_of_a_number_of_subnets_that_is_not_known_is_not_forgotten():
    text = (
        PAIR.replace(
            'resource "aws_subnet" "private"', 'variable "subnets" {}\n\nresource "aws_subnet" "private"'
        )
        + """
resource "aws_network_acl" "closed" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = var.subnets
}
"""
    )
    assert verdict(text, APP, WEB, "tcp/443") is not BLOCKED
