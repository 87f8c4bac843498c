"""Who can reach a target, and whom a source can reach."""

from __future__ import annotations

from auditor.model import YES, TargetKind
from auditor.reach import Engine, Neighbour
from auditor.traffic import parse_traffic, traffic_text
from tests.reach.network import (
    UNKNOWN,
    WHY,
    acl,
    allow_in,
    allow_out,
    both_ways,
    engine,
    group,
    host,
    igw,
    route,
    subnet,
    table,
    vpc,
)

NETWORK = (
    vpc(),
    subnet("a", "10.0.1.0/24"),
    subnet("b", "10.0.2.0/24"),
    group("app"),
    group("web"),
    group("db"),
    allow_out("app"),
    allow_out("web", "tcp/443", "0.0.0.0/0"),
    host("server", "a", "app"),
    host("front", "a", "web"),
    host("base", "b", "db"),
)


def names(net: Engine, target: str) -> list[str]:
    return [row.end.name for row in net.who_can_reach(target).rows]


def row(net: Engine, target: str, name: str) -> Neighbour:
    return next(one for one in net.who_can_reach(target).rows if one.end.name == name)


def test_a_group_that_a_rule_names_is_one_row_with_that_rule():
    ingress = allow_in("db", "tcp/5432", "app")
    net = engine(*NETWORK, ingress)
    (only,) = net.who_can_reach("db").rows
    assert (only.end.name, traffic_text(only.traffic.must)) == ("app", ("tcp/5432",))
    assert [(rule.component, rule.at) for rule in only.rules] == [(ingress.component, ingress.peers[0].at)]


def test_a_group_that_a_rule_names_and_that_cannot_get_through_is_no_row():
    net = engine(*NETWORK, allow_in("db", "tcp/5432", "web"))
    assert names(net, "db") == []


def test_a_range_gives_the_groups_that_can_use_it_and_the_range_itself():
    net = engine(*NETWORK, allow_in("db", "tcp/5432", "10.0.0.0/16"))
    assert names(net, "db") == ["10.0.0.0/16", "app"]


def test_a_group_of_which_one_member_gets_through_is_told_by_that_member():
    net = engine(
        *NETWORK,
        subnet("c", "10.0.3.0/24"),
        host("second", "c", "app"),
        allow_in("db", "tcp/5432", "10.0.3.0/24"),
    )
    assert names(net, "db") == ["10.0.3.0/24", "second"]


def test_the_internet_is_a_row_where_it_really_arrives():
    out = (igw(), table("t", "b"), route("t", "0.0.0.0/0", TargetKind.INTERNET_GATEWAY, "igw"))
    public = host("open", "b", "public", public=YES)
    facts = (*NETWORK, group("public"), allow_in("public", "tcp/443", "0.0.0.0/0"), public)
    assert names(engine(*facts, *out), "public") == ["internet", "app", "web"]
    assert names(engine(*facts), "public") == ["0.0.0.0/0", "app", "web"]


def test_a_small_public_range_is_not_the_internet():
    net = engine(
        *NETWORK,
        igw(),
        table("t", "b"),
        route("t", "0.0.0.0/0", TargetKind.INTERNET_GATEWAY, "igw"),
        host("open", "b", "public", public=YES),
        group("public"),
        allow_in("public", "tcp/443", "203.0.113.0/29"),
    )
    assert names(net, "public") == ["203.0.113.0/29"]


def test_an_unknown_range_is_a_row_of_its_own():
    net = engine(*NETWORK, allow_in("db", "tcp/5432", "?"))
    only = row(net, "db", "var.x")
    assert (only.verdict, only.unknowns) == (UNKNOWN, (WHY,))


def test_a_range_that_no_packet_comes_from_is_no_row():
    net = engine(*NETWORK, allow_in("db", "tcp/5432", "192.168.0.0/16"))
    assert names(net, "db") == []


def test_what_nobody_filters_is_reached_by_everyone_who_gets_out():
    net = engine(*NETWORK, host("balancer", "b", filtered=False))
    assert names(net, "balancer") == ["app", "web"]


def test_only_the_asked_traffic_counts():
    net = engine(*NETWORK, allow_in("db", "tcp/5432", "app"), allow_in("db", "tcp/443", "web"))
    rows = net.who_can_reach("db", parse_traffic("tcp/443")).rows
    assert [one.end.name for one in rows] == ["web"]


def test_an_acl_removes_a_row():
    net = engine(*NETWORK, allow_in("db", "tcp/5432", "app"), acl("shut", "b"))
    assert names(net, "db") == []
    net = engine(*NETWORK, allow_in("db", "tcp/5432", "app"), acl("open", "b"), both_ways("open", 1, "allow"))
    assert names(net, "db") == ["app"]


def test_reach_from_is_who_can_reach_seen_from_the_other_end():
    net = engine(*NETWORK, allow_in("db", "tcp/5432", "app"), allow_in("db", "tcp/443", "web"))
    assert [one.end.name for one in net.reach_from("app").rows] == ["0.0.0.0/0", "db"]
    assert [one.end.name for one in net.reach_from("web").rows] == ["0.0.0.0/0", "db"]
    assert [one.end.name for one in net.reach_from("db").rows] == []


def test_the_internet_reaches_what_lets_it_in():
    net = engine(
        *NETWORK,
        igw(),
        table("t", "b"),
        route("t", "0.0.0.0/0", TargetKind.INTERNET_GATEWAY, "igw"),
        group("public"),
        allow_in("public", "tcp/443", "0.0.0.0/0"),
        host("open", "b", "public", public=YES),
    )
    assert [one.end.name for one in net.reach_from("internet").rows] == ["public"]


def test_what_may_go_to_the_host_itself_alone_goes_nowhere_whatever_lies_outside_the_input() -> None:
    """The rule that AWS gives for a group without a way out: no packet to 127.0.0.1 leaves its host."""
    net = engine(
        group("sealed"), allow_out("sealed", "all", "127.0.0.1/32"), host("it", "elsewhere", "sealed")
    )
    assert net.reach_from("sealed").rows == ()
    opened = engine(group("open"), allow_out("open", "all", "10.9.0.1/32"), host("it", "elsewhere", "open"))
    assert [one.end.name for one in opened.reach_from("open").rows] == ["10.9.0.1/32"]
