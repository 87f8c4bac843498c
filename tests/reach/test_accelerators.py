"""What accelerators bring from the internet to hosts without public addresses and routes.

https://docs.aws.amazon.com/global-accelerator/latest/dg/secure-vpc-connections.html
"""

from __future__ import annotations

from auditor.model import NO, YES, Accelerated, Fact, PublicAccessBlock, TargetKind, Workload
from auditor.reach.exposure import public_workloads
from auditor.traffic import exact, parse_traffic
from auditor.tree import Presence, Scope
from tests.reach.network import (
    BLOCKED,
    EGRESS,
    MAYBE,
    REACHABLE,
    UNKNOWN,
    WHY,
    acl,
    allow_in,
    allow_out,
    ask,
    at,
    both_ways,
    codes,
    engine,
    entry,
    group,
    host,
    igw,
    link,
    route,
    subnet,
    table,
    verdict,
    vpc,
)

BASE = (
    vpc(),
    subnet("private", "10.0.2.0/24"),
    group("web"),
    allow_in("web", "tcp/443", "0.0.0.0/0"),
    allow_out("web"),
    host("server", "private", "web"),
)


def brought(
    endpoint: str = "server",
    service: str = "tcp/443",
    preserves: Fact = YES,
    presence: Presence = Presence.CERTAIN,
) -> Accelerated:
    return Accelerated(
        at=at(),
        accelerator="edge",
        endpoint=link(endpoint),
        service=exact(parse_traffic(service)),
        preserves_client=preserves,
        presence=presence,
        reasons=() if presence is Presence.CERTAIN else (WHY,),
    )


def test_an_accelerator_brings_the_internet_to_a_host_with_neither_public_address_nor_route():
    net = engine(*BASE, igw(), brought())
    assert verdict(net, "internet", "server", "tcp/443") is REACHABLE
    assert verdict(net, "203.0.113.9", "server", "tcp/443") is REACHABLE
    assert verdict(net, "internet", "server", "tcp/22") is BLOCKED
    assert verdict(net, "server", "internet", "tcp/443") is BLOCKED
    assert [row.end.name for row in net.who_can_reach("server").rows] == ["internet", "web"]
    (exposed,) = public_workloads(net)
    assert (exposed.end.address, exposed.public.truth) == ("server", YES.truth)


def test_it_brings_nothing_into_a_vpc_without_an_internet_gateway():
    net = engine(*BASE, brought())
    assert verdict(net, "internet", "server", "tcp/443") is BLOCKED
    assert "UNASSOCIATED_COMPONENT" in codes(ask(net, "internet", "server", "tcp/443"))
    assert public_workloads(net) == ()


def test_security_groups_and_the_ports_of_listeners_hold_for_what_it_brings():
    closed = engine(*BASE[:3], allow_in("web", "tcp/443", "10.0.0.0/8"), BASE[5], igw(), brought())
    assert verdict(closed, "internet", "server", "tcp/443") is BLOCKED
    other = engine(*BASE, igw(), brought(service="tcp/80"))
    assert verdict(other, "internet", "server", "tcp/443") is BLOCKED


def test_whether_a_network_acl_is_asked_is_not_known_where_it_would_stop_anything():
    closed = (acl("none", "private"), entry("none", EGRESS, 10, "allow"))
    assert verdict(engine(*BASE, igw(), brought(), *closed), "internet", "server", "tcp/443") is UNKNOWN
    opened = (acl("all", "private"), *both_ways("all", 10, "allow"))
    assert verdict(engine(*BASE, igw(), brought(), *opened), "internet", "server", "tcp/443") is REACHABLE


def test_blocked_public_access_holds_for_what_it_brings():
    block = PublicAccessBlock(id="bpa", at=at(), blocks=YES, ingress_only=NO, scope=Scope())
    assert verdict(engine(*BASE, igw(), brought(), block), "internet", "server", "tcp/443") is BLOCKED


def test_an_endpoint_that_may_be_one_is_not_blocked():
    for one in (brought(preserves=MAYBE), brought(presence=Presence.POSSIBLE)):
        net = engine(*BASE, igw(), one)
        assert verdict(net, "internet", "server", "tcp/443") is UNKNOWN
        assert ask(net, "internet", "server", "tcp/443").unknowns
        assert [each.public.truth for each in public_workloads(net)] == [MAYBE.truth]


def test_a_host_that_is_none_of_its_endpoints_stays_apart_from_one_like_it():
    net = engine(*BASE, igw(), host("other", "private", "web"), brought())
    assert verdict(net, "internet", "server", "tcp/443") is REACHABLE
    assert verdict(net, "internet", "other", "tcp/443") is BLOCKED
    assert verdict(net, "internet", "web", "tcp/443") is REACHABLE


def test_a_subnet_of_custom_routing_brings_it_to_all_hosts_there_perhaps():
    net = engine(*BASE, igw(), brought("private", presence=Presence.POSSIBLE))
    assert verdict(net, "internet", "server", "tcp/443") is UNKNOWN


def test_hosts_with_the_internet_may_reach_each_other_by_an_accelerator():
    out = (subnet("out", "10.1.1.0/24", vpc="far"), vpc("far", "10.1.0.0/16"), igw("gate", "far"))
    routes = (table("t", "out", vpc="far"), route("t", "0.0.0.0/0", TargetKind.INTERNET_GATEWAY, "gate"))
    away = host("away", "out", "far-web", public=YES)
    far = (group("far-web", vpc="far"), allow_out("far-web"))
    net = engine(*BASE, igw(), *out, *routes, away, *far, brought())
    assert verdict(net, "away", "server", "tcp/443") is UNKNOWN
    assert verdict(engine(*BASE, igw(), *out, *routes, away, *far), "away", "server", "tcp/443") is BLOCKED


def test_a_function_in_no_vpc_reaches_what_an_accelerator_brings_the_internet_to():
    function = Workload(id="function", kind="aws_lambda_function", at=at(), placed=False, accepts=False)
    net = engine(*BASE, igw(), function, brought())
    assert verdict(net, "function", "server", "tcp/443") is REACHABLE
