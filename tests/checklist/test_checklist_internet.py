"""Section 5: the internet.

https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html,
https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html
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
    PASS_IN,
    PASS_OUT,
    PRIVATE,
    PUBLIC,
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
    legs,
    network,
    out,
    rule,
    verdict,
    why,
)

OPEN = group("web", rule("443", ANYWHERE), ALL_OUT)
WEB = NETWORK + OPEN + instance("web", "public", "web")
MAPPED = PRIVATE.replace('"10.0.2.0/24"', '"10.0.2.0/24"\n  map_public_ip_on_launch = true')


@fact("5.1", "11.M")
def test_public_addresses_on_launch_without_a_route_to_a_gateway_are_not_public():
    text = VPC + PUBLIC + MAPPED + OPEN + instance("web", "private", "web")
    assert verdict(text, "internet", "aws_instance.web", "tcp/443") is ONE_WAY
    found = ask(text, "aws_instance.web", "internet", "tcp/443")
    assert found.verdict is BLOCKED
    assert codes(found) == ["NO_ROUTE_TO_DESTINATION"]


@fact("5.1", "11.M")
def test_public_addresses_on_launch_in_a_vpc_without_a_gateway_are_not_public():
    text = VPC + MAPPED + OPEN + instance("web", "private", "web")
    found = ask(text, "internet", "aws_instance.web", "tcp/443")
    assert found.verdict is BLOCKED
    assert "UNASSOCIATED_COMPONENT" in codes(found)


@fact("5.2")
def test_without_a_public_address_the_gateway_passes_nothing_either_way():
    text = WEB.replace("map_public_ip_on_launch = true", "")
    assert codes(ask(text, "aws_instance.web", "internet", "tcp/443")) == [
        "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"
    ]
    assert codes(ask(text, "internet", "aws_instance.web", "tcp/443")) == [
        "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"
    ]


@fact("5.2")
def test_an_elastic_address_is_a_public_address():
    text = (
        WEB.replace("map_public_ip_on_launch = true", "")
        + """
resource "aws_eip" "web" {
  instance = aws_instance.web.id
  domain   = "vpc"
}
"""
    )
    assert verdict(text, "internet", "aws_instance.web", "tcp/443") is REACHABLE
    assert verdict(text, "aws_instance.web", "internet", "tcp/443") is REACHABLE


@fact("5.3")
def test_private_ranges_do_not_pass_an_internet_gateway():
    for address in ("192.168.1.1", "172.16.0.1", "100.64.0.1"):
        assert verdict(WEB, "aws_instance.web", address, "tcp/443") is BLOCKED, address
        assert verdict(WEB, address, "aws_instance.web", "tcp/443") is BLOCKED, address


@fact("5.3")
def test_the_own_range_is_no_part_of_the_internet():
    found = ask(WEB, "aws_instance.web", "internet", "tcp/443")
    inside = network(WEB).engine.endpoint("10.0.0.0/16").addresses
    assert not found.traffic.may.destinations & inside


@fact("5.4")
def test_an_instance_that_forwards_may_carry_the_internet_to_others():
    nat = """
resource "aws_instance" "nat" {
  ami                    = "ami-0abcdef1234567890"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.public.id
  vpc_security_group_ids = [aws_security_group.web.id]
  source_dest_check      = false
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block           = "0.0.0.0/0"
    network_interface_id = aws_instance.nat.primary_network_interface_id
  }
}

resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}
"""
    text = VPC + PUBLIC + PRIVATE + OPEN + nat + instance("app", "private", "web")
    found = ask(text, "aws_instance.app", "internet", "tcp/443")
    assert found.verdict is UNKNOWN
    assert "aws_instance.nat" in why(found)


@fact("5.5")
def test_a_gateway_of_another_vpc_does_not_serve():
    text = (
        WEB.replace(
            'vpc_id = aws_vpc.main.id\n}\n\nresource "aws_subnet" "public"',
            'vpc_id = aws_vpc.other.id\n}\n\nresource "aws_subnet" "public"',
        )
        + 'resource "aws_vpc" "other" {\n  cidr_block = "10.1.0.0/16"\n}\n'
    )
    assert "UNASSOCIATED_COMPONENT" in codes(ask(text, "aws_instance.web", "internet", "tcp/443"))
    assert verdict(text, "internet", "aws_instance.web", "tcp/443") is BLOCKED


@fact("5.5")
def test_a_gateway_may_be_attached_by_a_resource_of_its_own():
    text = WEB.replace(
        'resource "aws_internet_gateway" "main" {\n  vpc_id = aws_vpc.main.id\n}',
        """
resource "aws_internet_gateway" "main" {}

resource "aws_internet_gateway_attachment" "main" {
  internet_gateway_id = aws_internet_gateway.main.id
  vpc_id              = aws_vpc.main.id
}""",
    )
    assert verdict(text, "internet", "aws_instance.web", "tcp/443") is REACHABLE


EGRESS_ONLY = """
resource "aws_vpc" "main" {
  cidr_block                       = "10.0.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_egress_only_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "private" {
  vpc_id                          = aws_vpc.main.id
  cidr_block                      = "10.0.2.0/24"
  ipv6_cidr_block                 = cidrsubnet(aws_vpc.main.ipv6_cidr_block, 8, 2)
  assign_ipv6_address_on_creation = true
}

resource "aws_route" "out" {
  route_table_id              = aws_vpc.main.main_route_table_id
  destination_ipv6_cidr_block = "::/0"
  egress_only_gateway_id      = aws_egress_only_internet_gateway.main.id
}
"""
SIX = 'ipv6_cidr_blocks = ["::/0"]'


@fact("5.6")
def test_an_egress_only_gateway_lets_out_and_never_in():
    text = EGRESS_ONLY + group("app", rule("443", SIX), out("443", SIX)) + instance("app", "private", "app")
    assert verdict(text, "aws_instance.app", "internet", "tcp/443") is REACHABLE
    assert verdict(text, "internet", "aws_instance.app", "tcp/443") is BLOCKED


@fact("5.6")
def test_an_egress_only_gateway_carries_no_ipv4():
    text = EGRESS_ONLY + group("app", out("443", ANYWHERE)) + instance("app", "private", "app")
    assert verdict(text, "aws_instance.app", "internet", "tcp/443") is BLOCKED


def access_blocked(mode: str) -> str:
    return f"""
resource "aws_vpc_block_public_access_options" "main" {{
  internet_gateway_block_mode = "{mode}"
}}
"""


def excluded(what: str, mode: str) -> str:
    return f"""
resource "aws_vpc_block_public_access_exclusion" "main" {{
  {what}
  internet_gateway_exclusion_mode = "{mode}"
}}
"""


@fact("5.7")
@pytest.mark.parametrize("mode", ["block-bidirectional", "block-ingress"])
def test_blocked_public_access_closes_internet_gateways_both_ways(mode: str):
    found = ask(WEB + access_blocked(mode), "internet", "aws_instance.web", "tcp/443")
    assert found.verdict is BLOCKED
    assert [one.code.value for one in found.blockers] == ["VPC_BLOCK_PUBLIC_ACCESS_ENABLED"]
    assert verdict(WEB + access_blocked(mode), "aws_instance.web", "internet", "tcp/443") is BLOCKED


@fact("5.7")
def test_a_block_that_is_off_blocks_nothing():
    assert verdict(WEB + access_blocked("off"), "internet", "aws_instance.web", "tcp/443") is REACHABLE


@fact("5.7")
@pytest.mark.parametrize(
    ("mode", "out_expected"), [("block-bidirectional", BLOCKED), ("block-ingress", REACHABLE)]
)
def test_a_block_of_what_comes_in_lets_egress_only_gateways_go_on(mode: str, out_expected: object):
    text = (
        EGRESS_ONLY + group("app", out("443", SIX)) + instance("app", "private", "app") + access_blocked(mode)
    )
    assert verdict(text, "aws_instance.app", "internet", "tcp/443") is out_expected


@fact("5.7")
@pytest.mark.parametrize("what", ["vpc_id = aws_vpc.main.id", "subnet_id = aws_subnet.public.id"])
def test_an_exclusion_leaves_a_vpc_or_a_subnet_alone(what: str):
    text = WEB + access_blocked("block-bidirectional") + excluded(what, "allow-bidirectional")
    assert verdict(text, "internet", "aws_instance.web", "tcp/443") is REACHABLE
    other = (
        WEB
        + access_blocked("block-bidirectional")
        + excluded("subnet_id = aws_subnet.private.id", "allow-bidirectional")
    )
    assert verdict(other, "internet", "aws_instance.web", "tcp/443") is BLOCKED


@fact("5.7")
def test_an_exclusion_for_what_goes_out_lets_nothing_in():
    text = WEB + access_blocked("block-bidirectional") + excluded("vpc_id = aws_vpc.main.id", "allow-egress")
    assert verdict(text, "internet", "aws_instance.web", "tcp/443") is BLOCKED


DATABASE = """
resource "aws_db_subnet_group" "main" {
  name       = "main"
  subnet_ids = [aws_subnet.SUBNET.id]
}

resource "aws_db_instance" "main" {
  identifier             = "main"
  engine                 = "postgres"
  instance_class         = "db.t3.micro"
  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.db.id]
  publicly_accessible    = PUBLIC
}
"""


def database(subnet: str, *, public: bool) -> str:
    made = DATABASE.replace("SUBNET", subnet).replace("PUBLIC", str(public).lower())
    return (
        NETWORK
        + group("db", rule("5432", ANYWHERE))
        + group("app", ALL_OUT)
        + instance("app", "private", "app")
        + made
    )


@fact("5.8")
def test_a_database_is_exposed_by_its_address_its_route_and_its_rule_together():
    asked = ("internet", "aws_db_instance.main", "tcp/5432")
    assert verdict(database("public", public=True), *asked) is REACHABLE
    assert verdict(database("public", public=False), *asked) is BLOCKED
    assert verdict(database("private", public=True), *asked) is ONE_WAY
    narrow = database("public", public=True).replace(
        rule("5432", ANYWHERE), rule("5432", cidrs("10.0.0.0/16"))
    )
    assert verdict(narrow, *asked) is BLOCKED


@fact("5.8")
def test_a_database_that_is_not_public_is_open_to_its_vpc():
    text = database("private", public=False)
    assert verdict(text, "aws_instance.app", "aws_db_instance.main", "tcp/5432") is REACHABLE


@fact("5.9", "11.G")
def test_the_internet_arrives_only_where_address_route_rule_and_acl_agree():
    asked = ("internet", "aws_instance.web", "tcp/443")
    assert verdict(WEB, *asked) is REACHABLE
    broken = {
        "address": (WEB.replace("map_public_ip_on_launch = true", ""), BLOCKED),
        "route": (
            WEB.replace(
                'cidr_block = "0.0.0.0/0"\n    gateway_id', 'cidr_block = "192.0.2.0/24"\n    gateway_id'
            ),
            REACHABLE,
        ),
        "rule": (WEB.replace(rule("443", ANYWHERE), ""), BLOCKED),
        "acl in": (WEB + acl("closed", PASS_OUT, subnets="public"), BLOCKED),
        "acl out": (WEB + acl("closed", PASS_IN, subnets="public"), ONE_WAY),
    }
    for name, (text, expected) in broken.items():
        assert verdict(text, *asked) is expected, name
    assert legs(ask(broken["acl out"][0], *asked)) == [("SUBNET_ACL_RESTRICTION", "reply")]


@fact("5.9")
def test_ssh_from_the_world_needs_only_its_port_in_the_acl_and_the_way_back():
    entries = (
        entry("ingress", 100, "allow", "443", protocol="tcp"),
        entry("egress", 100, "allow", "1024-65535", protocol="tcp"),
    )
    text = WEB + acl("tight", *entries, subnets="public")
    assert verdict(text, "internet", "aws_instance.web", "tcp/443") is REACHABLE
    assert verdict(text, "internet", "aws_instance.web", "tcp/22") is BLOCKED
