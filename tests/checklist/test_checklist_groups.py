"""Section 1: security groups.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from __future__ import annotations

from dataclasses import replace

from auditor.model import Alias
from auditor.pipeline import Network
from tests.checklist.facts import fact
from tests.checklist.terraform import (
    ALL_OUT,
    ANYWHERE,
    BLOCKED,
    DUAL,
    NETWORK,
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
    members,
    network,
    out,
    rule,
    verdict,
    why,
)

APP = NETWORK + group("app", ALL_OUT) + instance("app", "private", "app")
SERVED = APP + instance("db", "private", "db")


@fact("1.1")
def test_a_reply_needs_no_rule():
    text = APP + group("db", rule("5432", members("app"))) + instance("db", "private", "db")
    assert verdict(text, "aws_instance.app", "aws_instance.db", "tcp/5432") is REACHABLE
    assert verdict(text, "aws_instance.db", "aws_instance.app", "tcp/5432") is BLOCKED


@fact("1.1")
def test_an_interface_has_the_union_of_its_groups_rules():
    text = (
        APP
        + group("ssh", rule("22", cidrs("10.0.0.0/16")))
        + group("web", rule("443", cidrs("10.0.0.0/16")))
        + instance("server", "public", "ssh", "web")
    )
    for port, expected in (("22", REACHABLE), ("443", REACHABLE), ("80", BLOCKED)):
        assert verdict(text, "aws_instance.app", "aws_instance.server", f"tcp/{port}") is expected


@fact("1.2")
def test_a_rule_names_destination_ports_and_never_source_ports():
    text = SERVED + group("db", rule("5432", cidrs("10.0.0.0/16")))
    found = network(text).can_reach("aws_instance.app", "aws_instance.db")
    assert found.verdict is REACHABLE
    assert found.traffic.must.destination_ports.size == 1
    assert verdict(text, "aws_instance.app", "aws_instance.db", "udp/5432") is BLOCKED


@fact("1.3")
def test_protocol_minus_one_is_all_traffic_whatever_its_ports_say():
    for ports in ("0", "22", "443-8443"):
        text = SERVED + group("db", rule(ports, cidrs("10.0.0.0/16"), protocol="-1"))
        for asked in ("tcp/5432", "udp/53", "icmp"):
            assert verdict(text, "aws_instance.app", "aws_instance.db", asked) is REACHABLE


@fact("1.3", "11.A")
def test_protocol_minus_one_without_any_ports_is_all_traffic():
    text = (
        SERVED
        + group("db")
        + """
resource "aws_vpc_security_group_ingress_rule" "all" {
  security_group_id = aws_security_group.db.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
"""
    )
    assert verdict(text, "aws_instance.app", "aws_instance.db", "tcp/22") is REACHABLE


@fact("1.4")
def test_from_port_is_the_type_of_icmp_and_to_port_its_code():
    ping = SERVED + group("db", rule("8-0", cidrs("10.0.0.0/16"), protocol="icmp"))
    found = network(ping).can_reach("aws_instance.app", "aws_instance.db", "icmp")
    assert found.verdict is REACHABLE
    assert found.traffic.must.destination_ports.size == 1
    assert verdict(ping, "aws_instance.app", "aws_instance.db", "tcp/8") is BLOCKED


@fact("1.4")
def test_minus_one_is_any_type_of_icmp():
    text = SERVED + group("db", rule("-1", cidrs("10.0.0.0/16"), protocol="icmp"))
    assert verdict(text, "aws_instance.app", "aws_instance.db", "icmp") is REACHABLE
    assert verdict(text, "aws_instance.app", "aws_instance.db", "tcp/22") is BLOCKED


@fact("1.4")
def test_icmpv6_is_a_protocol_of_its_own():
    found = DUAL.replace("aws_route_table.dual.id", "aws_vpc.main.main_route_table_id")
    icmp = (
        found
        + group("a", ALL_OUT, out("0", 'ipv6_cidr_blocks = ["::/0"]', "-1"))
        + instance("a", "dual", "a")
    )
    four = (
        icmp
        + group("b", rule("-1", 'ipv6_cidr_blocks = ["::/0"]', protocol="icmp"))
        + instance("b", "dual", "b")
    )
    six = four.replace('protocol  = "icmp"', 'protocol  = "icmpv6"')
    assert verdict(four, "aws_instance.a", "aws_instance.b", "icmpv6") is BLOCKED
    assert verdict(six, "aws_instance.a", "aws_instance.b", "icmpv6") is REACHABLE
    assert verdict(six, "aws_instance.a", "aws_instance.b", "icmp") is BLOCKED


@fact("1.5")
def test_naming_a_group_does_not_import_its_rules():
    text = (
        SERVED
        + group("db", rule("5432", members("bastion")))
        + group("bastion", rule("22", ANYWHERE), rule("5432", members("app")), ALL_OUT)
        + instance("bastion", "public", "bastion")
    )
    assert verdict(text, "aws_instance.bastion", "aws_instance.db", "tcp/5432") is REACHABLE
    assert verdict(text, "aws_instance.app", "aws_instance.db", "tcp/5432") is BLOCKED
    assert verdict(text, "aws_instance.bastion", "aws_instance.db", "tcp/22") is BLOCKED


@fact("1.6")
def test_a_named_group_never_lets_in_what_comes_from_the_internet():
    text = (
        NETWORK
        + group("client", ALL_OUT)
        + group("server", rule("443", members("client")))
        + instance("client", "public", "client")
        + instance("server", "public", "server")
    )
    assert verdict(text, "aws_instance.client", "aws_instance.server", "tcp/443") is REACHABLE
    found = ask(text, "internet", "aws_instance.server", "tcp/443")
    assert found.verdict is BLOCKED
    assert codes(found) == ["ENI_SG_RULES_MISMATCH"]


@fact("1.6")
def test_a_named_group_never_lets_out_to_the_internet():
    text = (
        NETWORK
        + group("peer")
        + group("client", out("443", members("peer")))
        + instance("client", "public", "client")
    )
    found = ask(text, "aws_instance.client", "internet", "tcp/443")
    assert found.verdict is BLOCKED
    assert codes(found) == ["ENI_SG_RULES_MISMATCH"]


@fact("1.7", "11.D")
def test_self_and_a_range_in_one_block_both_count():
    text = (
        NETWORK
        + group("web", rule("22", f"self = true\n    {ANYWHERE}"), ALL_OUT)
        + instance("one", "public", "web")
        + instance("two", "private", "web")
    )
    assert verdict(text, "internet", "aws_instance.one", "tcp/22") is REACHABLE
    assert verdict(text, "aws_instance.one", "aws_instance.two", "tcp/22") is REACHABLE


@fact("1.7", "11.D2")
def test_a_block_with_self_does_not_hide_another_block():
    text = (
        NETWORK
        + group("web", rule("443", "self = true"), rule("22", ANYWHERE))
        + instance("web", "public", "web")
    )
    assert verdict(text, "internet", "aws_instance.web", "tcp/22") is REACHABLE
    assert verdict(text, "internet", "aws_instance.web", "tcp/443") is BLOCKED


@fact("1.8", "11.C")
def test_a_rule_that_names_only_a_group_is_not_open_to_the_world():
    text = (
        NETWORK
        + group("web")
        + group("lb")
        + instance("web", "public", "web")
        + """
resource "aws_vpc_security_group_ingress_rule" "web" {
  security_group_id            = aws_security_group.web.id
  referenced_security_group_id = aws_security_group.lb.id
  ip_protocol                  = "tcp"
  from_port                    = 22
  to_port                      = 22
}
"""
    )
    assert verdict(text, "internet", "aws_instance.web", "tcp/22") is BLOCKED
    assert verdict(text, "aws_security_group.lb", "aws_instance.web", "tcp/22") is BLOCKED


LISTED = """
resource "aws_vpc_security_group_ingress_rule" "web" {
  security_group_id = aws_security_group.web.id
  prefix_list_id    = PREFIXES
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
}
"""
CLOUDFRONT = """
data "aws_ec2_managed_prefix_list" "cloudfront" {
  name = "com.amazonaws.global.cloudfront.origin-facing"
}
"""
OFFICES = """
resource "aws_ec2_managed_prefix_list" "offices" {
  name           = "offices"
  address_family = "IPv4"
  max_entries    = 5

  entry {
    cidr        = "198.51.100.0/24"
    description = "Berlin"
  }
}

resource "aws_ec2_managed_prefix_list_entry" "paris" {
  cidr           = "203.0.113.0/28"
  prefix_list_id = aws_ec2_managed_prefix_list.offices.id
}
"""
WEB = NETWORK + group("web") + instance("web", "public", "web")


@fact("1.8", "11.F")
def test_a_rule_that_names_only_a_prefix_list_lets_in_what_the_list_holds():
    text = WEB + OFFICES + LISTED.replace("PREFIXES", "aws_ec2_managed_prefix_list.offices.id")
    assert verdict(text, "198.51.100.7", "aws_instance.web", "tcp/22") is REACHABLE
    assert verdict(text, "192.0.2.1", "aws_instance.web", "tcp/22") is BLOCKED


@fact("1.10")
def test_a_prefix_list_has_the_entries_in_it_and_those_that_are_resources():
    text = WEB + OFFICES + LISTED.replace("PREFIXES", "aws_ec2_managed_prefix_list.offices.id")
    assert verdict(text, "203.0.113.15", "aws_instance.web", "tcp/22") is REACHABLE
    assert verdict(text, "203.0.113.16", "aws_instance.web", "tcp/22") is BLOCKED


@fact("1.10", "11.N")
def test_a_list_of_aws_has_addresses_that_are_not_known():
    text = WEB + CLOUDFRONT + LISTED.replace("PREFIXES", "data.aws_ec2_managed_prefix_list.cloudfront.id")
    found = ask(text, "internet", "aws_instance.web", "tcp/22")
    assert found.verdict is UNKNOWN
    assert "cloudfront" in why(found)


@fact("1.9", "11.L")
def test_a_group_on_one_side_and_a_range_on_the_other_meet_on_addresses():
    text = (
        NETWORK
        + group("app", out("5432", cidrs("10.0.2.0/24")))
        + group("db", rule("5432", members("app")))
        + group("far", rule("5432", members("app")))
        + instance("app", "public", "app")
        + instance("db", "private", "db")
        + instance("far", "public", "far")
    )
    assert verdict(text, "aws_instance.app", "aws_instance.db", "tcp/5432") is REACHABLE
    assert verdict(text, "aws_instance.app", "aws_instance.far", "tcp/5432") is BLOCKED


@fact("1.9")
def test_a_range_on_one_side_and_a_group_on_the_other_meet_on_addresses():
    text = (
        NETWORK
        + group("app", out("5432", members("db")))
        + group("db", rule("5432", cidrs("10.0.1.0/24")))
        + instance("app", "public", "app")
        + instance("other", "private", "app")
        + instance("db", "private", "db")
    )
    assert verdict(text, "aws_instance.app", "aws_instance.db", "tcp/5432") is REACHABLE
    assert verdict(text, "aws_instance.other", "aws_instance.db", "tcp/5432") is BLOCKED


@fact("1.11")
def test_a_group_without_rules_for_egress_opens_no_connection():
    text = (
        NETWORK
        + group("quiet", rule("443", cidrs("10.0.0.0/16")))
        + group("app", rule("443", ANYWHERE), ALL_OUT)
        + instance("quiet", "private", "quiet")
        + instance("app", "public", "app")
    )
    found = ask(text, "aws_instance.quiet", "aws_instance.app", "tcp/443")
    assert found.verdict is BLOCKED
    assert codes(found) == ["ENI_SG_RULES_MISMATCH"]
    assert verdict(text, "aws_instance.app", "aws_instance.quiet", "tcp/443") is REACHABLE


@fact("1.11")
def test_a_group_without_any_rules_says_so():
    text = (
        NETWORK
        + group("empty")
        + group("app", rule("443", ANYWHERE))
        + instance("empty", "private", "empty")
        + instance("app", "public", "app")
    )
    assert codes(ask(text, "aws_instance.empty", "aws_instance.app", "tcp/443")) == ["SG_HAS_NO_RULES"]


MIDDLEBOX = """
resource "aws_network_interface" "firewall" {
  subnet_id         = aws_subnet.public.id
  source_dest_check = false
}

resource "aws_route_table" "inspected" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block           = "10.0.3.0/24"
    network_interface_id = aws_network_interface.firewall.id
  }
}

resource "aws_route_table_association" "inspected" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.inspected.id
}

resource "aws_subnet" "data" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.3.0/24"
}
"""


@fact("1.12", "4.6")
def test_what_an_appliance_on_the_way_lets_pass_is_not_known():
    text = (
        VPC
        + PUBLIC
        + PRIVATE
        + MIDDLEBOX
        + group("app", ALL_OUT)
        + group("db", rule("5432", members("app")))
        + instance("app", "private", "app")
        + instance("db", "data", "db")
    )
    found = ask(text, "aws_instance.app", "aws_instance.db", "tcp/5432")
    assert found.verdict is UNKNOWN
    assert "aws_network_interface.firewall" in why(found)


PEERED = """
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

resource "aws_route" "back" {
  route_table_id            = aws_vpc.other.main_route_table_id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.main.id
}
"""


@fact("1.13")
def test_a_group_can_be_named_across_a_peering():
    text = (
        VPC
        + PRIVATE
        + PEERED
        + group("app", ALL_OUT)
        + group("db", rule("5432", members("app")), vpc="other")
        + instance("app", "private", "app")
        + instance("db", "other", "db")
    )
    assert verdict(text, "aws_instance.app", "aws_instance.db", "tcp/5432") is REACHABLE
    pending = text.replace("auto_accept = true", "auto_accept = false")
    found = ask(pending, "aws_instance.app", "aws_instance.db", "tcp/5432")
    assert found.verdict is UNKNOWN
    assert "aws_vpc_peering_connection.main" in why(found)


TRANSIT = """
resource "aws_ec2_transit_gateway" "hub" {
  security_group_referencing_support = "enable"
}

resource "aws_ec2_transit_gateway_vpc_attachment" "main" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.main.id
  subnet_ids         = [aws_subnet.private.id]
}

resource "aws_ec2_transit_gateway_vpc_attachment" "other" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.other.id
  subnet_ids         = [aws_subnet.other.id]
}
"""
BY_TRANSIT = PEERED.replace(
    "vpc_peering_connection_id = aws_vpc_peering_connection.main.id",
    "transit_gateway_id = aws_ec2_transit_gateway.hub.id",
)


@fact("1.14", "3.9", "4.10")
def test_a_group_can_be_named_across_a_transit_gateway_where_that_is_switched_on():
    text = (
        VPC
        + PRIVATE
        + BY_TRANSIT
        + TRANSIT
        + group("app", ALL_OUT)
        + group("db", rule("5432", members("app")), vpc="other")
        + instance("app", "private", "app")
        + instance("db", "other", "db")
    )
    question = ("aws_instance.app", "aws_instance.db", "tcp/5432")
    assert verdict(text, *question) is REACHABLE
    off = text.replace('security_group_referencing_support = "enable"', "")
    assert verdict(off, *question) is BLOCKED


STRANGER = "sg-0a1b2c3d4e5f60718"


@fact("1.15")
def test_a_group_outside_the_input_lets_in_none_of_the_known_for_certain_and_is_told():
    text = SERVED + group("db", rule("5432", f'security_groups = ["{STRANGER}"]'))
    answer = ask(text, "aws_instance.app", "aws_instance.db", "tcp/5432")
    assert answer.verdict is UNKNOWN
    assert f"whether aws_security_group.app is {STRANGER}" in [reason.what for reason in answer.unknowns]
    assert verdict(text, "aws_instance.app", "aws_instance.db", "tcp/22") is BLOCKED
    rows = network(text).who_can_reach("aws_instance.db", "tcp/5432")
    assert [(row.end.name, row.verdict) for row in rows] == [(STRANGER, UNKNOWN)]


@fact("1.15")
def test_a_group_outside_the_input_lets_in_nobody_whose_groups_have_other_ids():
    whole = network(SERVED + group("db", rule("5432", f'security_groups = ["{STRANGER}"]')))
    known = Alias(id="sg-00000000000000001", of="aws_security_group.app")
    applied = Network(replace(whole.inventory, aliases=(*whole.inventory.aliases, known)))
    answer = applied.can_reach("aws_instance.app", "aws_instance.db", "tcp/5432")
    assert answer.verdict is BLOCKED
    assert [(row.end.name, row.verdict) for row in applied.who_can_reach("aws_instance.db", "tcp/5432")] == [
        (STRANGER, UNKNOWN)
    ]


@fact("1.16")
def test_a_group_may_be_carried_in_a_vpc_that_is_not_its_own():
    text = (
        VPC
        + PRIVATE
        + """
resource "aws_vpc" "other" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_subnet" "other" {
  vpc_id     = aws_vpc.other.id
  cidr_block = "10.1.1.0/24"
}

resource "aws_vpc_security_group_vpc_association" "shared" {
  security_group_id = aws_security_group.shared.id
  vpc_id            = aws_vpc.other.id
}
"""
        + group("shared", rule("443", "self = true"), ALL_OUT)
        + instance("one", "other", "shared")
        + instance("two", "other", "shared")
    )
    assert verdict(text, "aws_instance.one", "aws_instance.two", "tcp/443") is REACHABLE


@fact("1.17", "3.7")
def test_the_resolver_and_the_metadata_service_are_never_said_to_be_blocked():
    text = NETWORK + group("quiet") + instance("quiet", "private", "quiet")
    for address, service in (
        ("10.0.0.2", "udp/53"),
        ("169.254.169.254", "tcp/80"),
        ("169.254.169.253", "udp/53"),
        ("169.254.169.123", "udp/123"),
    ):
        assert verdict(text, "aws_instance.quiet", address, service) is not BLOCKED, address


@fact("1.18", "11.B")
def test_all_of_ipv6_is_as_open_as_all_of_ipv4():
    text = (
        DUAL
        + """
resource "aws_route_table" "dual" {
  vpc_id = aws_vpc.main.id

  route {
    ipv6_cidr_block = "::/0"
    gateway_id      = aws_internet_gateway.main.id
  }
}

resource "aws_vpc_security_group_ingress_rule" "web" {
  security_group_id = aws_security_group.web.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv6         = "::/0"
}
"""
        + group("web")
        + instance("web", "dual", "web", more="ipv6_address_count = 1")
    )
    assert verdict(text, "internet", "aws_instance.web", "tcp/443") is REACHABLE
    assert verdict(text, "2001:db8::1", "aws_instance.web", "tcp/443") is not BLOCKED
    assert verdict(text, "198.51.100.1", "aws_instance.web", "tcp/443") is BLOCKED


@fact("1.19", "11.E")
def test_two_halves_are_the_whole_internet():
    text = (
        NETWORK
        + group("web", rule("443", cidrs("0.0.0.0/1", "128.0.0.0/1")))
        + instance("web", "public", "web")
    )
    whole = text.replace(cidrs("0.0.0.0/1", "128.0.0.0/1"), ANYWHERE)
    halves, all_of_it = (ask(each, "internet", "aws_instance.web", "tcp/443") for each in (text, whole))
    assert halves.verdict is REACHABLE
    assert halves.traffic == all_of_it.traffic
    rows = network(text).who_can_reach("aws_instance.web", "tcp/443")
    assert "internet" in {row.end.name for row in rows}


@fact("1.20")
def test_private_ranges_on_a_public_host_are_not_the_internet():
    text = (
        NETWORK
        + group("web", rule("22", cidrs("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
        + instance("web", "public", "web")
    )
    assert verdict(text, "internet", "aws_instance.web", "tcp/22") is BLOCKED


@fact("1.20")
def test_a_small_public_range_is_told_by_its_size():
    text = NETWORK + group("web", rule("22", cidrs("198.51.100.8/29"))) + instance("web", "public", "web")
    rows = network(text).who_can_reach("aws_instance.web", "tcp/22")
    assert [(row.end.name, row.end.kind.value, row.verdict) for row in rows] == [
        ("198.51.100.8/29", "cidr", REACHABLE)
    ]
    found = ask(text, "internet", "aws_instance.web", "tcp/22")
    assert found.traffic.may.sources.size == 8
