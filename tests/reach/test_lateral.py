"""The closure over compromise, from host to host."""

from __future__ import annotations

from auditor.model import YES, TargetKind
from auditor.reach.asked import Ways
from auditor.reach.further import Further
from auditor.reach.verdict import Neighbour
from auditor.tree import Presence
from tests.reach.network import (
    INGRESS,
    REACHABLE,
    UNKNOWN,
    allow_in,
    allow_out,
    group,
    host,
    igw,
    route,
    rule,
    subnet,
    table,
    vpc,
)
from tests.reach.proxied import balancer, further, listener, targets

# internet -> bastion:22 -> app:8080 -> db:5432
NETWORK = (
    vpc(),
    igw(),
    subnet("a", "10.0.1.0/24"),
    table("t", "a"),
    route("t", "0.0.0.0/0", TargetKind.INTERNET_GATEWAY, "igw"),
    *(group(name) for name in ("bastion", "app", "db")),
    *(allow_out(name) for name in ("bastion", "app", "db")),
    host("jump", "a", "bastion", public=YES),
    host("server", "a", "app"),
    allow_in("bastion", "tcp/22", "0.0.0.0/0"),
    allow_in("app", "tcp/8080", "bastion"),
)
DATABASE = host("base", "a", "db", initiates=False)
OPEN = allow_in("db", "tcp/5432", "app")


def chains(net: Further, target: str, hops: int = 3, *, proxies: bool = False) -> dict[str, Neighbour]:
    found = net.who_can_reach(target, ways=Ways(through_proxies=proxies, lateral=hops)).rows
    return {row.end.name: row for row in found if row.hosts}


def test_who_holds_a_host_goes_on_from_it():
    found = chains(further(*NETWORK, DATABASE, OPEN), "db")
    assert found["bastion"].via == ("app",)
    assert found["internet"].via == ("bastion", "app")
    assert (found["internet"].hops, found["internet"].verdict) == (3, REACHABLE)
    assert [(step.source, step.destination) for step in found["internet"].steps] == [
        ("internet", "bastion"),
        ("bastion", "app"),
        ("app", "db"),
    ]


def test_no_chain_is_longer_than_the_limit():
    net = further(*NETWORK, DATABASE, OPEN)
    assert "internet" not in chains(net, "db", 2)
    assert chains(net, "db", 1) == {}


def test_forwards_a_chain_ends_at_what_opens_no_connections():
    net = further(
        *NETWORK, DATABASE, OPEN, group("last"), host("end", "a", "last"), allow_in("last", "tcp/1", "db")
    )
    found = {row.end.name: row for row in net.reach_from("internet", ways=Ways(lateral=5)).rows}
    assert found["db"].via == ("bastion", "app")
    assert "last" not in found
    holding = (
        host("base", "a", "db"),
        OPEN,
        group("last"),
        host("end", "a", "last"),
        allow_in("last", "tcp/1", "db"),
    )
    again = {
        row.end.name: row
        for row in further(*NETWORK, *holding).reach_from("internet", ways=Ways(lateral=5)).rows
    }
    assert again["last"].via == ("bastion", "app", "db")


def test_an_unknown_step_makes_the_chain_unknown():
    perhaps = rule("db", INGRESS, "tcp/5432", "app", presence=Presence.POSSIBLE)
    found = chains(further(*NETWORK, DATABASE, perhaps), "db")
    assert found["internet"].verdict is UNKNOWN
    assert found["internet"].unknowns


def test_the_shortest_chain_is_told_and_a_certain_one_beside_one_that_is_not():
    perhaps = rule("db", INGRESS, "tcp/5432", "bastion", presence=Presence.POSSIBLE)
    net = further(*NETWORK, DATABASE, OPEN, perhaps)
    rows = [row for row in net.who_can_reach("db", ways=Ways(lateral=3)).rows if row.end.name == "bastion"]
    assert [(row.hops, row.verdict) for row in rows] == [(1, UNKNOWN), (2, REACHABLE)]


def test_only_those_members_of_a_group_that_get_on_are_gone_on_from():
    other = (subnet("b", "10.0.2.0/24"), host("second", "b", "app"))
    net = further(*NETWORK, DATABASE, *other, allow_in("db", "tcp/5432", "10.0.2.0/24"))
    assert chains(net, "db")["bastion"].via == ("second",)


def test_a_circle_ends():
    found = chains(further(*NETWORK, DATABASE, OPEN, allow_in("bastion", "tcp/22", "app")), "db", 9)
    assert found["internet"].hops == 3


PROXY = (
    group("alb"),
    allow_out("alb"),
    allow_in("alb", "tcp/443", "0.0.0.0/0"),
    balancer("public", ("a",), "alb", public=YES),
    listener("public", "tcp/443", "tg"),
    targets("tg", "tcp/8080", "server"),
    allow_in("app", "tcp/8080", "alb"),
)


def test_a_balancer_is_no_host_to_go_on_from_but_a_way_where_proxies_count():
    net = further(*NETWORK, DATABASE, OPEN, *PROXY)
    assert chains(net, "db")["internet"].via == ("bastion", "app")
    found = chains(net, "db", proxies=True)["internet"]
    assert (found.via, found.hosts, found.hops) == (("public", "app"), ("app",), 2)
