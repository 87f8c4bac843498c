"""Where the range of a VPC may stand for any part of it: wherever no route tells its parts apart."""

from __future__ import annotations

import pytest

from auditor.model import Component, Family, Inventory, Peering, TargetKind
from auditor.reach.blocks import Blocks
from auditor.reach.index import Index
from auditor.reach.spot import Spot
from auditor.traffic import parse_cidr
from tests.reach.network import (
    AT,
    BLOCKED,
    REACHABLE,
    YES,
    allow_in,
    allow_out,
    engine,
    group,
    host,
    link,
    prefix_list,
    route,
    subnet,
    table,
    verdict,
    vpc,
)

PEERED = (
    vpc("a", "10.1.0.0/16"),
    vpc("b", "10.2.0.0/16"),
    subnet("here", "10.1.1.0/24", vpc="a"),
    subnet("one", "10.2.1.0/24", vpc="b"),
    subnet("two", "10.2.2.0/24", vpc="b"),
    *table("table-a", "here", vpc="a"),
    *table("table-b", "one", "two", vpc="b"),
    Peering(id="peering", at=AT, requester=link("a"), accepter=link("b"), active=YES, group_references=YES),
    route("table-b", "10.1.0.0/16", TargetKind.VPC_PEERING, "peering"),
    group("app", vpc="a"),
    group("db", vpc="b"),
    allow_out("app", "all", "0.0.0.0/0"),
    allow_in("db", "all", "0.0.0.0/0"),
    host("client", "here", "app"),
    host("first", "one", "db"),
    host("second", "two", "db"),
)
ONE = parse_cidr("10.2.1.0/24")
WHOLE = parse_cidr("10.2.0.0/16")


def seen(*more: Component) -> str:
    spot = Spot(vpc="b", subnet="one", family=Family.IPV4, addresses=ONE)
    found = Blocks(Index(Inventory.of((*PEERED, *more)))).seen(spot)
    return "all" if found == WHOLE else "its own" if found == ONE else str(found)


@pytest.mark.parametrize(
    "more",
    [
        (),
        (route("table-a", "10.2.0.0/16", TargetKind.VPC_PEERING, "peering"),),
        (route("table-a", "10.0.0.0/8", TargetKind.TRANSIT_GATEWAY, "tgw"),),
        (route("table-b", "0.0.0.0/0", TargetKind.NAT_GATEWAY, "nat"),),
        (vpc("c", "10.3.0.0/16"), subnet("far", "10.3.1.0/24", vpc="c")),
    ],
)
def test_a_range_stands_for_its_parts_where_every_route_takes_all_of_it(more: tuple[Component, ...]) -> None:
    assert seen(*more) == "all"


@pytest.mark.parametrize(
    "more",
    [
        (route("table-a", "10.2.2.0/24", TargetKind.VPC_PEERING, "peering"),),
        (
            route("table-a", "pl-some", TargetKind.TRANSIT_GATEWAY, "tgw"),
            prefix_list("pl-some", "10.2.0.0/20"),
        ),
        (route("table-b", "10.2.0.0/16", TargetKind.VPC_ENDPOINT, "firewall"),),
        (route("table-b", "10.2.1.0/24", TargetKind.NETWORK_INTERFACE, "appliance"),),
        (vpc("c", "10.2.128.0/17"),),
        (vpc("c", "10.2.0.0/16"), subnet("far", "10.2.1.0/24", vpc="c")),
    ],
)
def test_it_does_not_where_a_route_or_another_network_tells_parts_apart(more: tuple[Component, ...]) -> None:
    assert seen(*more) == "its own"


def test_a_route_to_one_subnet_reaches_that_one_only() -> None:
    network = engine(*PEERED, route("table-a", "10.2.1.0/24", TargetKind.VPC_PEERING, "peering"))
    assert verdict(network, "client", "first") is REACHABLE
    assert verdict(network, "client", "second") is BLOCKED
