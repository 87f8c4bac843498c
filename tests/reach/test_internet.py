"""To and from the internet, by internet, NAT and egress-only gateways (sections 5 and 6)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.model import NO, YES, Component, TargetKind, Truth
from auditor.reach import Verdict
from auditor.reach.exposure import public_workloads
from auditor.traffic import IPV4, Bounds, IntSet
from tests.reach.network import (
    BLOCKED,
    EGRESS,
    INGRESS,
    MAYBE,
    ONE_WAY,
    REACHABLE,
    UNKNOWN,
    acl,
    allow_in,
    allow_out,
    ask,
    codes,
    engine,
    entry,
    group,
    host,
    igw,
    nat,
    prefix_list,
    route,
    subnet,
    table,
    verdict,
    vpc,
)

GATEWAY, NAT = TargetKind.INTERNET_GATEWAY, TargetKind.NAT_GATEWAY
BASE = (
    vpc(),
    subnet("public", "10.0.1.0/24"),
    subnet("private", "10.0.2.0/24"),
    group("web"),
    allow_in("web", "tcp/443", "0.0.0.0/0"),
    allow_out("web"),
)
ROUTED = (igw(), table("out", "public"), route("out", "0.0.0.0/0", GATEWAY, "igw"))
NATTED = (nat("nat", "public"), table("in", "private"), route("in", "0.0.0.0/0", NAT, "nat"))


def test_a_public_address_an_internet_gateway_a_route_and_a_rule_make_a_host_public():
    net = engine(*BASE, *ROUTED, host("server", "public", "web", public=YES))
    assert verdict(net, "internet", "server", "tcp/443") is REACHABLE
    assert verdict(net, "internet", "server", "tcp/22") is BLOCKED
    assert verdict(net, "server", "internet", "tcp/443") is REACHABLE


def test_a_host_without_a_public_address_is_not_reached_and_does_not_get_out():
    net = engine(*BASE, *ROUTED, host("server", "public", "web", public=NO))
    assert codes(ask(net, "internet", "server", "tcp/443")) == ["IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"]
    assert codes(ask(net, "server", "internet", "tcp/443")) == ["IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"]


def test_a_subnet_may_give_public_addresses_on_launch():
    facts = (vpc(), *BASE[3:], *ROUTED, host("server", "public", "web"))
    assert (
        verdict(engine(*facts, subnet("public", "10.0.1.0/24", public=YES)), "internet", "server")
        is REACHABLE
    )
    assert (
        verdict(engine(*facts, subnet("public", "10.0.1.0/24", public=MAYBE)), "internet", "server")
        is UNKNOWN
    )
    assert (
        verdict(engine(*facts, subnet("public", "10.0.1.0/24", public=NO)), "internet", "server") is BLOCKED
    )


def test_without_a_route_back_to_the_internet_a_request_arrives_and_no_reply_leaves():
    net = engine(*BASE, igw(), host("server", "public", "web", public=YES))
    answer = ask(net, "internet", "server", "tcp/443")
    assert answer.verdict is ONE_WAY
    assert [(one.code.value, one.leg.value) for one in answer.blockers] == [
        ("NO_ROUTE_TO_DESTINATION", "reply")
    ]


def test_every_reason_for_which_a_private_database_is_not_public_is_given():
    net = engine(
        *BASE,
        igw(),
        table("own", "private"),
        acl("own-acl", "private"),
        entry("own-acl", INGRESS, 100, "allow", "tcp/5432", "10.0.1.0/24"),
        entry("own-acl", EGRESS, 100, "allow", "tcp/1024-65535", "10.0.1.0/24"),
        group("db"),
        allow_in("db", "tcp/5432", "web"),
        host("base", "private", "db", public=NO),
    )
    answer = ask(net, "internet", "base", "tcp/5432")
    assert [(one.code.value, one.leg.value) for one in answer.blockers] == [
        ("IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", "request"),
        ("SUBNET_ACL_RESTRICTION", "request"),
        ("ENI_SG_RULES_MISMATCH", "request"),
        ("NO_ROUTE_TO_DESTINATION", "reply"),
        ("SUBNET_ACL_RESTRICTION", "reply"),
    ]


def test_without_an_internet_gateway_nothing_comes_in():
    net = engine(*BASE, host("server", "public", "web", public=YES))
    answer = ask(net, "internet", "server", "tcp/443")
    assert answer.verdict is BLOCKED
    assert "no internet gateway is attached" in answer.blockers[0].text


def test_a_gateway_of_another_vpc_does_not_help():
    net = engine(
        *BASE,
        vpc("other", "10.1.0.0/16"),
        igw("igw", "other"),
        table("out", "public"),
        route("out", "0.0.0.0/0", GATEWAY, "igw"),
        host("server", "public", "web", public=YES),
    )
    assert verdict(net, "server", "internet", "tcp/443") is BLOCKED
    assert verdict(net, "internet", "server", "tcp/443") is BLOCKED


def test_a_group_reference_does_not_match_what_comes_from_the_internet():
    net = engine(
        *BASE, *ROUTED, group("db"), allow_in("db", "all", "web"), host("base", "public", "db", public=YES)
    )
    assert verdict(net, "internet", "base") is BLOCKED


def test_two_halves_of_ipv4_are_the_internet():
    net = engine(
        vpc(),
        subnet("public", "10.0.1.0/24"),
        *ROUTED,
        group("web"),
        allow_in("web", "tcp/443", "0.0.0.0/1", "128.0.0.0/1"),
        host("server", "public", "web", public=YES),
    )
    assert verdict(net, "internet", "server") is REACHABLE


def test_a_private_cidr_is_not_the_internet():
    net = engine(
        vpc(),
        subnet("public", "10.0.1.0/24"),
        *ROUTED,
        group("web"),
        allow_in("web", "tcp/443", "10.0.0.0/8"),
        host("server", "public", "web", public=YES),
    )
    assert verdict(net, "internet", "server") is BLOCKED


def test_a_nat_gateway_lets_out_and_not_in():
    net = engine(*BASE, *ROUTED, *NATTED, host("server", "private", "web", public=NO))
    assert verdict(net, "server", "internet", "tcp/443") is REACHABLE
    assert verdict(net, "internet", "server", "tcp/443") is BLOCKED


def test_a_nat_gateway_carries_tcp_udp_and_icmp_only():
    net = engine(*BASE, *ROUTED, *NATTED, host("server", "private", "web"))
    assert codes(ask(net, "server", "internet", "proto/47")) == ["PROTOCOL_RESTRICTION"]


def test_a_nat_gateway_needs_a_way_to_the_internet_of_its_own():
    net = engine(*BASE, igw(), *NATTED, host("server", "private", "web"))
    answer = ask(net, "server", "internet", "tcp/443")
    assert (answer.verdict, codes(answer)) == (BLOCKED, ["NO_ROUTE_TO_DESTINATION"])


def test_a_private_nat_gateway_reaches_no_internet():
    net = engine(*BASE, *ROUTED, *NATTED[1:], nat("nat", "public", NO), host("server", "private", "web"))
    assert verdict(net, "server", "internet", "tcp/443") is BLOCKED


def test_the_acl_of_the_nat_gateways_subnet_is_crossed_both_ways():
    for direction in (INGRESS, EGRESS):
        other = EGRESS if direction is INGRESS else INGRESS
        net = engine(
            *BASE,
            *ROUTED,
            *NATTED,
            host("server", "private", "web"),
            acl("border", "public"),
            entry("border", other, 100, "allow"),
            entry("border", direction, 90, "deny"),
        )
        assert verdict(net, "server", "internet", "tcp/443") is not REACHABLE


def test_a_nat_gateway_uses_ports_of_its_own():
    net = engine(
        *BASE,
        *ROUTED,
        *NATTED,
        host("server", "private", "web"),
        acl("border", "public"),
        entry("border", EGRESS, 100, "allow"),
        entry("border", INGRESS, 100, "allow", "tcp/443"),
        entry("border", INGRESS, 110, "allow", "tcp/1024-32767"),
        acl("inner", "private"),
        entry("inner", EGRESS, 100, "allow"),
        entry("inner", INGRESS, 100, "allow", "tcp/32768-65535"),
    )
    assert verdict(net, "server", "internet", "tcp/443") is UNKNOWN


def test_a_nat_gateway_in_the_same_subnet_is_reached_without_a_border():
    net = engine(
        *BASE,
        igw(),
        table("out", "public"),
        route("out", "0.0.0.0/0", GATEWAY, "igw"),
        nat("nat", "public"),
        host("server", "public", "web", public=NO),
    )
    assert verdict(net, "server", "internet", "tcp/443") is BLOCKED


def test_an_egress_only_gateway_lets_ipv6_out_and_nothing_in():
    six = (
        vpc("vpc", "10.0.0.0/16", "2001:db8::/56"),
        subnet("private", "10.0.2.0/24", "2001:db8::/64", ipv6=YES),
        group("web"),
        allow_in("web", "tcp/443", "::/0"),
        allow_out("web"),
        host("server", "private", "web"),
    )
    from auditor.model import Gateway
    from tests.reach.network import at, link

    only = Gateway(id="eigw", kind=TargetKind.EGRESS_ONLY_GATEWAY, at=at(), vpc=link("vpc"))
    routed = (only, table("t", "private"), route("t", "::/0", TargetKind.EGRESS_ONLY_GATEWAY, "eigw"))
    net = engine(*six, *routed)
    assert verdict(net, "server", "internet", "tcp/443") is REACHABLE
    assert verdict(net, "internet", "server", "tcp/443") is BLOCKED


def test_an_ipv6_address_is_public_itself():
    six = (
        vpc("vpc", "10.0.0.0/16", "2001:db8::/56"),
        subnet("public", "10.0.2.0/24", "2001:db8::/64", ipv6=YES),
        group("web"),
        allow_in("web", "tcp/443", "::/0"),
        allow_out("web"),
        host("server", "public", "web", public=NO),
        igw(),
        table("t", "public"),
        route("t", "::/0", GATEWAY, "igw"),
    )
    assert verdict(engine(*six), "internet", "server", "tcp/443") is REACHABLE
    assert (
        verdict(engine(*six[:-1], route("t", "0.0.0.0/0", GATEWAY, "igw")), "internet", "server") is ONE_WAY
    )


def test_a_table_outside_the_input_leaves_open_what_leaves_the_vpc():
    facts = (group("web", vpc="var.vpc"), allow_in("web", "all", "web"), allow_out("web"))
    net = engine(*facts, host("server", "var.subnet", "web"))
    answer = ask(net, "server", "internet", "tcp/443")
    assert answer.verdict is UNKNOWN
    assert any("route table of var.subnet" in reason.what for reason in answer.unknowns)
    assert verdict(net, "server", "web", "tcp/443") is REACHABLE


def test_a_gateway_endpoint_is_not_the_internet_and_takes_nothing_from_it():
    endpoint = route("in", "pl-s3", TargetKind.VPC_ENDPOINT, "vpce")
    s3 = prefix_list("pl-s3", service="s3", is_open=True)
    server = host("server", "private", "web")
    alone = engine(*BASE, table("in", "private"), endpoint, s3, server)
    assert verdict(alone, "server", "internet", "tcp/443") is BLOCKED
    assert verdict(alone, "server", "service:s3", "tcp/443") is UNKNOWN
    both = engine(*BASE, *ROUTED, *NATTED, endpoint, s3, server)
    assert verdict(both, "server", "internet", "tcp/443") is REACHABLE


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ((), BLOCKED),
        ((route("in", "10.0.0.0/8", TargetKind.TRANSIT_GATEWAY, "var.hub"),), UNKNOWN),
        ((route("in", "172.16.0.0/12", TargetKind.VPC_PEERING, "var.peering"),), UNKNOWN),
        ((route("in", "10.0.0.0/8", TargetKind.BLACKHOLE, ""),), BLOCKED),
    ],
)
def test_endpoints_of_a_service_may_stand_in_a_network_outside_that_shares_them(
    way: tuple[Component, ...], expected: Verdict
):
    net = engine(*BASE, *ROUTED, table("in", "private"), *way, host("server", "private", "web"))
    answer = ask(net, "server", "service:ssm", "tcp/443")
    assert answer.verdict is expected
    shared = "whether a network outside the input has endpoints of ssm"
    assert (shared in [reason.what for reason in answer.unknowns]) == (expected is UNKNOWN)
    assert verdict(net, "server", "internet", "tcp/443") is BLOCKED


def test_a_public_address_in_a_vpc_without_an_internet_gateway_is_not_public():
    endpoint = route("t", "52.216.0.0/15", TargetKind.VPC_ENDPOINT, "s3")
    web = host("web", "public", "web", public=YES)
    net = (vpc(), subnet("public", "10.0.1.0/24"), *table("t", "public"), group("web"), web)
    assert public_workloads(engine(*net, endpoint)) == ()
    (exposed,) = public_workloads(engine(*net, endpoint, igw()))
    assert exposed.public.truth is Truth.UNKNOWN


def test_a_port_that_the_acl_of_a_nat_gateway_denies_depends_on_the_port_that_it_picks():
    net = engine(
        *BASE,
        *ROUTED,
        *NATTED,
        host("server", "private", "web"),
        acl("own", "public"),
        entry("own", INGRESS, 90, "deny", "tcp/3389"),
        entry("own", INGRESS, 100, "allow", "all"),
        entry("own", EGRESS, 100, "allow", "all"),
    )
    answer = ask(net, "server", "internet", "tcp/443")
    assert answer.verdict is UNKNOWN
    assert [reason.what for reason in answer.unknowns] == ["the port (1024-65535) that a NAT gateway picks"]


def test_what_comes_back_through_a_nat_gateway_stays_in_the_vpc_whatever_its_range_is():
    anywhere = Bounds(IntSet(()), IPV4)
    net = engine(
        replace(vpc(), cidrs=anywhere),
        replace(subnet("public", "10.0.1.0/24"), cidrs=anywhere),
        replace(subnet("private", "10.0.2.0/24"), cidrs=anywhere),
        group("web"),
        allow_out("web"),
        *ROUTED,
        *NATTED,
        host("server", "private", "web"),
    )
    assert verdict(net, "server", "internet", "tcp/443") is REACHABLE


def test_a_member_that_the_input_does_not_have_may_be_public_whatever_its_subnet_does():
    net = engine(*BASE, *ROUTED)
    answer = ask(net, "internet", "web", "tcp/443")
    assert answer.verdict is UNKNOWN
    assert [reason.what for reason in answer.unknowns] == ["whether a member of web has a public address"]
    assert verdict(net, "internet", "web", "tcp/22") is BLOCKED
    unrouted = engine(*BASE)
    assert verdict(unrouted, "internet", "web", "tcp/443") is BLOCKED
