"""Several ways between the same two ends are several paths, and each is told once."""

from __future__ import annotations

import pytest

from auditor.model import (
    YES,
    AttachmentKind,
    Component,
    Firewall,
    FirewallAction,
    FirewallEndpoint,
    FirewallPolicy,
    Inventory,
    Peering,
    PrivateNetwork,
    TargetKind,
    TransitAttachment,
    TransitGateway,
    TransitTable,
)
from auditor.reach import Answer, Engine, Verdict
from auditor.traffic import parse_traffic
from tests.reach.network import (
    AT,
    REACHABLE,
    UNKNOWN,
    allow_in,
    allow_out,
    group,
    host,
    igw,
    link,
    links,
    nat,
    ranges,
    route,
    subnet,
    table,
    vpc,
)

OPEN = (
    allow_out("app", "all", "0.0.0.0/0"),
    allow_in("app", "all", "0.0.0.0/0"),
)


def asked(components: tuple[Component, ...], source: str, destination: str) -> Answer:
    return Engine(Inventory.of(components)).can_reach(source, destination, parse_traffic("tcp/443"))


def over(answer: Answer) -> list[set[str]]:
    return [{hop.component for hop in path.hops} for path in answer.paths]


def test_two_routes_to_parts_of_a_network_are_two_ways():
    ends = ({"requester": link("a"), "accepter": link("b")}, {"active": YES, "group_references": YES})
    network = (
        vpc("a", "10.1.0.0/16"),
        vpc("b", "10.2.0.0/16"),
        subnet("here", "10.1.1.0/24", vpc="a"),
        subnet("there", "10.2.1.0/24", vpc="b"),
        *table("table-a", "here", vpc="a"),
        *table("table-b", "there", vpc="b"),
        *(Peering(id=name, at=AT, **ends[0], **ends[1]) for name in ("one", "two")),
        route("table-a", "10.2.1.0/25", TargetKind.VPC_PEERING, "one"),
        route("table-a", "10.2.1.128/25", TargetKind.VPC_PEERING, "two"),
        route("table-b", "10.1.0.0/16", TargetKind.VPC_PEERING, "one"),
        group("app", vpc="a"),
        *OPEN,
        group("db", vpc="b"),
        allow_in("db", "all", "0.0.0.0/0"),
        host("client", "here", "app"),
        host("store", "there", "db"),
        host("low", "there", "db", address="10.2.1.5/32"),
    )
    assert [{"one", "two"} & way for way in over(asked(network, "client", "10.2.1.0/24"))] == [
        {"one"},
        {"one", "two"},  # the reply has one route
    ]
    assert [{"one", "two"} & way for way in over(asked(network, "client", "low"))] == [{"one"}]


def zones(count: int) -> tuple[Component, ...]:
    """A VPC with a NAT gateway and a private subnet in each of several zones."""
    found: list[Component] = [vpc(), igw(), group("app"), *OPEN]
    for number in range(count):
        found += [
            subnet(f"front-{number}", f"10.0.{number}.0/24"),
            subnet(f"back-{number}", f"10.0.{100 + number}.0/24"),
            *table(f"front-table-{number}", f"front-{number}"),
            *table(f"back-table-{number}", f"back-{number}"),
            route(f"front-table-{number}", "0.0.0.0/0", TargetKind.INTERNET_GATEWAY, "igw"),
            route(f"back-table-{number}", "0.0.0.0/0", TargetKind.NAT_GATEWAY, f"nat-{number}"),
            nat(f"nat-{number}", f"front-{number}"),
        ]
    return (*found, host("client", tuple(f"back-{number}" for number in range(count)), "app"))


def test_each_zone_has_a_way_of_its_own():
    answer = asked(zones(3), "client", "8.8.8.8/32")
    assert answer.verdict is REACHABLE
    assert [sorted(name for name in way if name.startswith("nat-")) for way in over(answer)] == [
        ["nat-0"],
        ["nat-1"],
        ["nat-2"],
    ]
    assert not any("more way" in note for note in answer.notes)


def test_of_very_many_ways_eight_are_told_and_how_many_more_there_are():
    answer = asked(zones(11), "client", "8.8.8.8/32")
    assert len(answer.paths) == 8
    assert "3 more ways lead there, beside those that are told" in answer.notes


def test_each_zone_passes_the_firewall_endpoint_of_its_zone():
    network: list[Component] = [vpc(), igw(), group("app"), *OPEN]
    endpoints = []
    for number in range(2):
        network += [
            subnet(f"fw-{number}", f"10.0.{number}.0/24"),
            subnet(f"back-{number}", f"10.0.{100 + number}.0/24"),
            *table(f"fw-table-{number}", f"fw-{number}"),
            *table(f"back-table-{number}", f"back-{number}"),
            route(f"fw-table-{number}", "0.0.0.0/0", TargetKind.INTERNET_GATEWAY, "igw"),
            route(f"back-table-{number}", "0.0.0.0/0", TargetKind.VPC_ENDPOINT, f"endpoint-{number}"),
        ]
        endpoints.append(FirewallEndpoint(id=f"endpoint-{number}", at=AT, subnet=link(f"fw-{number}")))
    action = FirewallAction("pass")
    policy = FirewallPolicy(id="policy", at=AT, stateless_default=action, stateful_defaults=())
    firewall = Firewall(
        id="firewall", at=AT, vpc=link("vpc"), policy=link("policy"), endpoints=tuple(endpoints)
    )
    clients = host("client", ("back-0", "back-1"), "app", public=YES)
    answer = asked((*network, policy, firewall, clients), "client", "8.8.8.8/32")
    assert [sorted(name for name in way if name.startswith("fw-table")) for way in over(answer)] == [
        ["fw-table-0"],
        ["fw-table-1"],
    ]


@pytest.mark.parametrize(
    ("count", "expected", "why"),
    [
        (3, REACHABLE, None),
        (20, UNKNOWN, "which endpoint of firewall the route leads to"),
        (70, UNKNOWN, "which of many route tables and endpoints are in effect"),
    ],
)
def test_very_many_ways_that_may_be_are_unknown_and_not_followed_for_ever(
    count: int, expected: Verdict, why: str | None
):
    network: list[Component] = [vpc(), igw(), group("app"), *OPEN, subnet("back", "10.0.200.0/24")]
    endpoints = []
    for number in range(count):
        name = f"fw-{number}"
        network += [subnet(name, f"10.0.{number}.0/24"), *table(f"table-{number}", name)]
        network.append(route(f"table-{number}", "0.0.0.0/0", TargetKind.INTERNET_GATEWAY, "igw"))
        endpoints.append(FirewallEndpoint(id=f"endpoint-{number}", at=AT, subnet=link(name)))
    inspected = (
        *table("routes", "back"),
        route("routes", "0.0.0.0/0", TargetKind.VPC_ENDPOINT, "firewall"),
        FirewallPolicy(id="policy", at=AT, stateless_default=FirewallAction("pass"), stateful_defaults=()),
        Firewall(id="firewall", at=AT, vpc=link("vpc"), policy=link("policy"), endpoints=tuple(endpoints)),
    )
    client = host("client", "back", "app", public=YES)
    answer = asked((*network, *inspected, client), "client", "8.8.8.8/32")
    assert answer.verdict is expected
    assert why is None or why in [reason.what for reason in answer.unknowns]


ECMP = (
    vpc(),
    subnet("net", "10.0.1.0/24"),
    *table("routes", "net"),
    route("routes", "192.168.0.0/16", TargetKind.TRANSIT_GATEWAY, "hub"),
    TransitGateway(id="hub", at=AT, association_table=link("hub-table"), propagation_table=link("hub-table")),
    TransitTable(id="hub-table", at=AT, gateway=link("hub")),
    TransitAttachment(
        id="hub-vpc",
        at=AT,
        kind=AttachmentKind.VPC,
        gateway=link("hub"),
        vpc=link("vpc"),
        subnets=links("net"),
    ),
    *(
        TransitAttachment(id=f"vpn-{number}", at=AT, kind=AttachmentKind.VPN, gateway=link("hub"))
        for number in (1, 2)
    ),
    *(
        PrivateNetwork(
            id=f"office-{number}", at=AT, attachment=link(f"vpn-{number}"), prefixes=ranges("192.168.0.0/16")
        )
        for number in (1, 2)
    ),
    group("app"),
    *OPEN,
    host("client", "net", "app"),
)


def test_equal_routes_of_a_transit_gateway_are_ways_each_of_which_delivers():
    answer = asked(ECMP, "client", "192.168.0.9/32")
    assert answer.verdict is REACHABLE
    assert [{"vpn-1", "vpn-2"} & way for way in over(answer)][:2] == [{"vpn-1"}, {"vpn-2"}]
    assert {path.verdict for path in answer.paths} == {REACHABLE}
