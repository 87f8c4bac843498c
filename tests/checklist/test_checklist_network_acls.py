"""Section 3: network ACLs.

https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html,
https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
"""

from __future__ import annotations

from tests.checklist.facts import fact
from tests.checklist.terraform import (
    ALL_OUT,
    BLOCKED,
    NAT,
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
    out,
    rule,
    verdict,
    why,
)

OPEN = group("open", rule("0", cidrs("0.0.0.0/0"), protocol="-1"), ALL_OUT)
PAIR = NETWORK + OPEN + instance("app", "public", "open") + instance("db", "private", "open")
APP, DB = "aws_instance.app", "aws_instance.db"
EPHEMERAL = "1024-65535"


def tcp(direction: str, number: int, action: str, ports: str, cidr: str = "0.0.0.0/0") -> str:
    return entry(direction, number, action, ports, cidr, "tcp")


@fact("3.1", "11.K")
def test_the_reply_must_pass_too():
    text = PAIR + acl("data", tcp("ingress", 100, "allow", "5432"), subnets="private")
    found = ask(text, APP, DB, "tcp/5432")
    assert found.verdict is ONE_WAY
    assert legs(found) == [("SUBNET_ACL_RESTRICTION", "reply")]


@fact("3.1")
def test_two_borders_are_four_checks():
    both = (
        tcp("ingress", 100, "allow", "5432"),
        tcp("egress", 100, "allow", EPHEMERAL),
        tcp("egress", 100, "allow", "5432"),
        tcp("ingress", 100, "allow", EPHEMERAL),
    )
    data = acl("data", *both[:2], subnets="private")
    web = acl("web", *both[2:], subnets="public")
    assert verdict(PAIR + data + web, APP, DB, "tcp/5432") is REACHABLE
    for left_out, expected in ((0, BLOCKED), (1, ONE_WAY), (2, BLOCKED), (3, ONE_WAY)):
        kept = [one if place != left_out else "" for place, one in enumerate(both)]
        text = PAIR + acl("data", *kept[:2], subnets="private") + acl("web", *kept[2:], subnets="public")
        assert verdict(text, APP, DB, "tcp/5432") is expected, left_out


@fact("3.2")
def test_a_part_of_the_ephemeral_ports_depends_on_the_client():
    for ports in ("32768-60999", "49152-65535", "32768-65535"):
        text = PAIR + acl(
            "data",
            tcp("ingress", 100, "allow", "5432"),
            tcp("egress", 100, "allow", ports),
            subnets="private",
        )
        found = ask(text, APP, DB, "tcp/5432")
        assert found.verdict is UNKNOWN
        assert "ephemeral" in why(found)


@fact("3.2")
def test_all_ephemeral_ports_serve_every_client():
    text = PAIR + acl(
        "data",
        tcp("ingress", 100, "allow", "5432"),
        tcp("egress", 100, "allow", EPHEMERAL),
        subnets="private",
    )
    assert verdict(text, APP, DB, "tcp/5432") is REACHABLE


@fact("3.3")
def test_the_lowest_number_that_matches_decides():
    denied = tcp("ingress", 90, "deny", "5432", "10.0.1.0/24")
    allowed = tcp("ingress", 100, "allow", "5432")
    assert (
        verdict(PAIR + acl("data", denied, allowed, PASS_OUT, subnets="private"), APP, DB, "tcp/5432")
        is BLOCKED
    )
    late = denied.replace("= 90", "= 110")
    assert (
        verdict(PAIR + acl("data", late, allowed, PASS_OUT, subnets="private"), APP, DB, "tcp/5432")
        is REACHABLE
    )


@fact("3.3")
def test_what_no_entry_matches_is_denied():
    text = PAIR + acl("data", tcp("ingress", 100, "allow", "5432"), PASS_OUT, subnets="private")
    found = ask(text, APP, DB, "tcp/5433")
    assert found.verdict is BLOCKED
    assert codes(found) == ["SUBNET_ACL_RESTRICTION"]


@fact("3.4")
def test_no_acl_stands_between_two_hosts_of_one_subnet():
    closed = acl("closed", subnets="private")
    text = PAIR + closed + instance("twin", "private", "open")
    assert verdict(text, "aws_instance.twin", DB, "tcp/5432") is REACHABLE
    assert verdict(text, APP, DB, "tcp/5432") is BLOCKED


@fact("3.5")
def test_a_subnet_without_an_association_has_the_default_acl_that_allows_all():
    lonely = 'resource "aws_network_acl" "unused" {\n  vpc_id = aws_vpc.main.id\n}\n'
    assert verdict(PAIR + lonely, APP, DB, "tcp/5432") is REACHABLE


@fact("3.5")
def test_a_new_acl_denies_everything():
    associated = """
resource "aws_network_acl" "new" {
  vpc_id = aws_vpc.main.id
}

resource "aws_network_acl_association" "private" {
  network_acl_id = aws_network_acl.new.id
  subnet_id      = aws_subnet.private.id
}
"""
    found = ask(PAIR + associated, APP, DB, "tcp/5432")
    assert found.verdict is BLOCKED
    assert codes(found) == ["SUBNET_ACL_RESTRICTION"]


SIX = """
resource "aws_network_acl_rule" "six" {
  network_acl_id  = aws_network_acl.data.id
  rule_number     = 50
  egress          = false
  protocol        = "-1"
  rule_action     = "allow"
  ipv6_cidr_block = "::/0"
}
"""


@fact("3.6")
def test_an_entry_for_ipv6_says_nothing_about_ipv4():
    text = PAIR + acl("data", PASS_OUT, subnets="private")
    assert verdict(text + SIX, APP, DB, "tcp/5432") is BLOCKED
    four = SIX.replace('ipv6_cidr_block = "::/0"', 'cidr_block = "0.0.0.0/0"')
    assert verdict(text + four, APP, DB, "tcp/5432") is REACHABLE


@fact("3.6")
def test_a_denial_of_ipv6_leaves_ipv4_alone():
    text = PAIR + acl("data", PASS_IN, PASS_OUT, subnets="private")
    assert verdict(text + SIX.replace('"allow"', '"deny"'), APP, DB, "tcp/5432") is REACHABLE


QUIET = (
    VPC
    + PUBLIC
    + PRIVATE
    + NAT
    + group("app", out("443", cidrs("0.0.0.0/0")))
    + instance("app", "private", "app")
)


@fact("3.8")
def test_the_acl_of_the_nat_gateways_subnet_is_crossed_both_ways():
    asked = ("aws_instance.app", "internet", "tcp/443")
    whole = (
        tcp("ingress", 100, "allow", "443", "10.0.2.0/24"),
        tcp("egress", 100, "allow", "443"),
        tcp("ingress", 110, "allow", EPHEMERAL),
        tcp("egress", 110, "allow", EPHEMERAL),
    )
    assert verdict(QUIET + acl("public", *whole, subnets="public"), *asked) is REACHABLE
    for left_out, expected in ((0, BLOCKED), (1, BLOCKED), (2, ONE_WAY), (3, ONE_WAY)):
        kept = [one for place, one in enumerate(whole) if place != left_out]
        assert verdict(QUIET + acl("public", *kept, subnets="public"), *asked) is expected, left_out


@fact("3.8")
def test_hosts_beside_the_nat_gateway_cross_its_subnets_border_once():
    text = QUIET + acl(
        "public",
        tcp("egress", 100, "allow", "443"),
        tcp("ingress", 100, "allow", EPHEMERAL),
        subnets="public",
    )
    beside = text.replace("aws_route_table.public.id\n}", "aws_route_table.public.id\n} # public")
    assert verdict(beside, "aws_instance.app", "internet", "tcp/443") is BLOCKED
