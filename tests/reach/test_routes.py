"""Routes inside a VPC, and out of it (section 4 of the facts that decide)."""

from __future__ import annotations

from auditor.model import NO, YES, Fact, TargetKind
from auditor.reach import Engine
from auditor.tree import Presence
from tests.reach.network import (
    BLOCKED,
    REACHABLE,
    UNKNOWN,
    allow_in,
    allow_out,
    ask,
    codes,
    engine,
    group,
    host,
    igw,
    main_table,
    route,
    subnet,
    table,
    verdict,
    vpc,
)

OPEN = (
    vpc(),
    subnet("a", "10.0.1.0/24"),
    subnet("b", "10.0.2.0/24"),
    group("all"),
    allow_in("all", "all", "0.0.0.0/0"),
    allow_out("all"),
    host("client", "a", "all"),
    host("server", "b", "all"),
)
ENI, GATEWAY, PEERING = TargetKind.NETWORK_INTERFACE, TargetKind.INTERNET_GATEWAY, TargetKind.VPC_PEERING


def test_a_vpc_routes_its_own_addresses_whatever_else_its_table_says():
    net = engine(*OPEN, igw(), table("t", "a", "b"), route("t", "0.0.0.0/0", GATEWAY, "igw"))
    assert verdict(net, "client", "server", "tcp/443") is REACHABLE


def test_a_wider_route_does_not_take_the_vpcs_own_traffic():
    net = engine(*OPEN, table("t", "a", "b"), route("t", "10.0.0.0/8", PEERING, "pcx"))
    assert verdict(net, "client", "server", "tcp/443") is REACHABLE


def test_a_more_specific_route_to_an_appliance_is_an_unknown_that_names_the_appliance():
    net = engine(*OPEN, table("t", "a"), route("t", "10.0.2.0/24", ENI, "eni"))
    answer = ask(net, "client", "server", "tcp/443")
    assert answer.verdict is UNKNOWN
    assert any("eni" in reason.what for reason in answer.unknowns)


def test_a_more_specific_black_hole_drops():
    net = engine(*OPEN, table("t", "a"), route("t", "10.0.2.0/24", TargetKind.BLACKHOLE))
    answer = ask(net, "client", "server", "tcp/443")
    assert (answer.verdict, codes(answer)) == (BLOCKED, ["BAD_STATE_ROUTE"])


def test_a_black_hole_that_may_not_exist_leaves_the_question_open():
    maybe = route("t", "10.0.2.0/24", TargetKind.BLACKHOLE, presence=Presence.POSSIBLE)
    assert verdict(engine(*OPEN, table("t", "a"), maybe), "client", "server") is UNKNOWN


def test_the_main_table_is_in_effect_where_none_is_associated():
    black_hole = route("main", "10.0.2.0/24", TargetKind.BLACKHOLE)
    assert verdict(engine(*OPEN, table("main", main=True), black_hole), "client", "server") is BLOCKED
    assert (
        verdict(engine(*OPEN, table("main"), main_table("main"), black_hole), "client", "server") is BLOCKED
    )
    assert verdict(engine(*OPEN, table("main"), black_hole), "client", "server") is REACHABLE


def test_two_vpcs_of_the_input_are_not_connected_by_themselves():
    net = engine(
        *OPEN,
        vpc("other", "10.1.0.0/16"),
        subnet("c", "10.1.0.0/24", vpc="other"),
        group("far", vpc="other"),
        host("there", "c", "far"),
        allow_in("far", "all", "0.0.0.0/0"),
    )
    answer = ask(net, "client", "there", "tcp/443")
    assert answer.verdict is BLOCKED
    assert "DISCONNECTED_VPCS" in codes(answer)


def test_a_route_to_a_peering_leaves_it_open_whether_another_vpc_is_reached():
    far = (
        vpc("other", "10.1.0.0/16"),
        subnet("c", "10.1.0.0/24", vpc="other"),
        group("far", vpc="other"),
        host("there", "c", "far"),
        allow_in("far", "all", "0.0.0.0/0"),
    )
    net = engine(*OPEN, *far, table("t", "a"), route("t", "10.1.0.0/16", PEERING, "pcx"))
    answer = ask(net, "client", "there", "tcp/443")
    assert answer.verdict is UNKNOWN
    assert any("pcx" in reason.what for reason in answer.unknowns)


def test_prefixes_are_compared_as_numbers():
    far = (
        vpc("other", "10.1.0.0/16"),
        subnet("c", "10.1.0.0/24", vpc="other"),
        group("far", vpc="other"),
        host("there", "c", "far"),
        allow_in("far", "all", "0.0.0.0/0"),
    )
    longer = route("t", "10.1.0.0/16", TargetKind.BLACKHOLE)
    net = engine(*OPEN, *far, table("t", "a"), route("t", "10.0.0.0/8", PEERING, "pcx"), longer)
    assert verdict(net, "client", "there", "tcp/443") is BLOCKED


def test_two_vpcs_may_meet_on_the_internet():
    def network(public: Fact) -> Engine:
        return engine(
            *OPEN[:5],
            host("client", "a", "all", public=YES),
            vpc("other", "10.1.0.0/16"),
            subnet("c", "10.1.0.0/24", vpc="other"),
            group("far", vpc="other"),
            host("there", "c", "far", public=public),
            allow_in("far", "tcp/443", "0.0.0.0/0"),
            igw("one"),
            igw("two", "other"),
            table("t", "a"),
            route("t", "0.0.0.0/0", GATEWAY, "one"),
            allow_out("all"),
        )

    assert verdict(network(YES), "client", "there", "tcp/443") is UNKNOWN
    assert verdict(network(YES), "client", "there", "tcp/22") is BLOCKED
    assert verdict(network(NO), "client", "there", "tcp/443") is BLOCKED
