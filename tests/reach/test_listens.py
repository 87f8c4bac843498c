"""What a type of workload accepts stands in the way of everything else, as far as all of it is known.

Ports alone: what is neither TCP nor UDP is none of a listener's. That something listens is not asked.
"""

from __future__ import annotations

import pytest

from auditor.model import YES, Component, Peering, Placement, TargetKind
from auditor.traffic import EVERYTHING, NOTHING, Bounds, exact, parse_traffic, service
from tests.reach.network import (
    AT,
    BLOCKED,
    REACHABLE,
    allow_in,
    allow_out,
    ask,
    codes,
    engine,
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

POSTGRES = exact(parse_traffic("tcp/5432"))
NETWORK = (
    vpc(),
    subnet("a", "10.0.1.0/24"),
    subnet("b", "10.0.2.0/24"),
    group("app"),
    group("db"),
    allow_out("app"),
    allow_in("db", "all", "app"),
    host("client", "a", "app"),
)
DATABASE = host("base", "b", "db", listens=POSTGRES)


def test_what_is_not_accepted_is_blocked_by_the_workload_itself():
    net = engine(*NETWORK, DATABASE)
    assert verdict(net, "client", "base", "tcp/5432") is REACHABLE
    answer = ask(net, "client", "base", "tcp/22")
    assert answer.verdict is BLOCKED
    assert codes(answer) == ["TARGET_PORT_RESTRICTION"]
    assert answer.blockers[0].text == "base accepts tcp/5432 only"


def test_the_proof_tells_what_is_accepted_where_more_arrives():
    net = engine(*NETWORK, DATABASE)
    for asked, told in (("", ["accepts tcp/5432"]), ("tcp/5432", [])):
        (path,) = ask(net, "client", "base", asked).paths
        assert [hop.rule for hop in path.hops if hop.kind == "listener"] == told


def test_every_control_point_that_blocks_on_its_own_is_told():
    net = engine(*NETWORK[:-2], allow_in("db", "tcp/5432", "app"), NETWORK[-1], DATABASE)
    assert codes(ask(net, "client", "base", "tcp/22")) == ["ENI_SG_RULES_MISMATCH", "TARGET_PORT_RESTRICTION"]


def test_what_has_no_ports_is_not_the_listeners_matter():
    net = engine(*NETWORK, DATABASE)
    assert verdict(net, "client", "base", "icmp") is REACHABLE
    assert verdict(net, "client", "base", "udp/5432") is BLOCKED


def test_what_may_be_accepted_is_let_through_without_a_doubt():
    maybe = host("base", "b", "db", listens=Bounds(NOTHING, parse_traffic("tcp/5432-5433")))
    net = engine(*NETWORK, maybe)
    assert verdict(net, "client", "base", "tcp/5433") is REACHABLE
    assert verdict(net, "client", "base", "tcp/5434") is BLOCKED


@pytest.mark.parametrize("listens", [None, Bounds(NOTHING, EVERYTHING)])
def test_what_may_accept_anything_stands_in_nobodys_way(listens: object):
    net = engine(*NETWORK, host("base", "b", "db", listens=listens))
    assert verdict(net, "client", "base", "tcp/22") is REACHABLE


def test_only_what_is_accepted_is_told_of_the_neighbours():
    net = engine(*NETWORK, DATABASE)
    rows = {row.end.name: row for row in net.who_can_reach("base").rows}
    assert rows["app"].traffic.may & (service(6) | service(17)) == parse_traffic("tcp/5432")
    rows = {row.end.name: row for row in net.reach_from("client", parse_traffic("tcp")).rows}
    assert rows["db"].traffic == POSTGRES


def test_a_group_accepts_what_any_of_its_members_accepts():
    redis = host("cache", "a", "db", listens=exact(parse_traffic("tcp/6379")))
    net = engine(*NETWORK, DATABASE, redis)
    found = net.who_can_reach("db", parse_traffic("tcp")).rows
    assert [row.traffic for row in found] == [exact(parse_traffic("tcp/5432,6379"))]
    assert verdict(net, "app", "db", "tcp/6379") is REACHABLE
    assert verdict(net, "app", "db", "tcp/22") is BLOCKED
    assert verdict(engine(*NETWORK), "app", "db", "tcp/22") is REACHABLE


PUBLIC = (igw(), *table("t", "a", "b"), route("t", "0.0.0.0/0", TargetKind.INTERNET_GATEWAY, "igw"))
OPEN = allow_in("db", "all", "0.0.0.0/0")


def test_the_internet_reaches_what_is_accepted():
    net = engine(*NETWORK, *PUBLIC, OPEN, host("base", "b", "db", listens=POSTGRES, public=YES))
    assert verdict(net, "internet", "base", "tcp/5432") is REACHABLE
    assert verdict(net, "internet", "base", "tcp/22") is BLOCKED
    assert verdict(net, "10.0.1.9", "base", "tcp/22") is BLOCKED
    assert verdict(net, "client", "base", "tcp/22") is BLOCKED


def peered(*more: Component) -> tuple[Component | tuple[Component, ...], ...]:
    return (
        vpc("other", "10.9.0.0/16"),
        subnet("far", "10.9.1.0/24", vpc="other"),
        group("guest", vpc="other"),
        allow_out("guest"),
        host("guest-1", "far", "guest"),
        Peering(
            id="pcx",
            at=AT,
            requester=link("vpc"),
            accepter=link("other"),
            active=YES,
            group_references=YES,
        ),
        table("here", "a", "b"),
        table("there", "far", vpc="other"),
        route("here", "10.9.0.0/16", TargetKind.VPC_PEERING, "pcx"),
        route("there", "10.0.0.0/16", TargetKind.VPC_PEERING, "pcx"),
        allow_in("db", "all", "10.9.0.0/16"),
        *more,
    )


def test_across_a_peering_as_well():
    net = engine(*NETWORK, DATABASE, *peered())
    for source in ("guest-1", "guest"):
        assert verdict(net, source, "base", "tcp/5432") is REACHABLE
        assert verdict(net, source, "db", "tcp/5432") is REACHABLE
        assert verdict(net, source, "base", "tcp/22") is BLOCKED
        assert verdict(net, source, "db", "tcp/22") is BLOCKED


def test_where_it_stands_in_one_of_its_subnets_it_accepts_the_same():
    base = host("base", ("a", "b"), "db", listens=POSTGRES, placement=Placement.ONE)
    net = engine(*NETWORK, base)
    assert verdict(net, "client", "base", "tcp/5432") is REACHABLE
    assert verdict(net, "client", "base", "tcp/22") is BLOCKED
