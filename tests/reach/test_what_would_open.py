"""The least that must change for a connection to open, proved by making the changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import combinations

import pytest

from auditor.model import (
    NO,
    AttachmentKind,
    Component,
    Inventory,
    Peering,
    TargetKind,
    TransitAttachment,
    TransitGateway,
    TransitTable,
    Vpc,
)
from auditor.reach import Answer, Engine
from auditor.traffic import parse_traffic
from tests.reach.changing import changed
from tests.reach.network import (
    AT,
    BLOCKED,
    EGRESS,
    INGRESS,
    ONE_WAY,
    REACHABLE,
    YES,
    acl,
    allow_in,
    allow_out,
    both_ways,
    entry,
    group,
    host,
    igw,
    link,
    links,
    nat,
    route,
    subnet,
    table,
    vpc,
)

CLOSED = (
    vpc("a", "10.1.0.0/16"),
    vpc("b", "10.2.0.0/16"),
    subnet("here", "10.1.1.0/24", vpc="a"),
    subnet("there", "10.2.1.0/24", vpc="b"),
    *table("table-a", "here", vpc="a"),
    *table("table-b", "there", vpc="b"),
    Peering(id="peering", at=AT, requester=link("a"), accepter=link("b"), active=YES, group_references=YES),
    group("app", vpc="a"),
    group("db", vpc="b"),
    *acl("strict", "there", vpc="b"),
    entry("strict", INGRESS, 100, "allow", "all", "0.0.0.0/0"),
    host("client", "here", "app"),
    host("store", "there", "db"),
)
REMEDIES: dict[str, tuple[Component, ...]] = {
    "app": (allow_out("app", "all", "0.0.0.0/0"),),
    "db": (allow_in("db", "all", "0.0.0.0/0"),),
    "table-a": (route("table-a", "10.2.0.0/16", TargetKind.VPC_PEERING, "peering"),),
    "table-b": (route("table-b", "10.1.0.0/16", TargetKind.VPC_PEERING, "peering"),),
    "strict": (entry("strict", EGRESS, 100, "allow", "all", "0.0.0.0/0"),),
}


def asked(components: Iterable[Component], service: str = "", *, source: str = "client") -> Answer:
    engine = Engine(Inventory.of(components))
    return engine.can_reach(source, "store", parse_traffic(service) if service else None)


def proved(components: Sequence[Component], service: str, *, source: str = "client") -> list[str]:
    """The changes in words, once made: all of them open the way, and none may be left out."""
    answer = asked(components, service, source=source)
    assert answer.verdict in {BLOCKED, ONE_WAY}
    assert answer.changes
    assert all(one.at for one in answer.changes)
    assert asked(changed(components, answer.changes), service, source=source).verdict is REACHABLE
    for count in range(len(answer.changes)):
        for some in combinations(answer.changes, count):
            fewer = asked(changed(components, some), service, source=source)
            assert fewer.verdict is not REACHABLE, [one.text for one in some]
    return [one.text for one in answer.changes]


@pytest.mark.parametrize(
    "made", [made for count in range(len(REMEDIES) + 1) for made in combinations(REMEDIES, count)]
)
def test_the_changes_open_the_way_and_no_fewer_do(made: tuple[str, ...]):
    network = (*CLOSED, *(one for name in made for one in REMEDIES[name]))
    answer = asked(network)
    missing = [one.component for one in answer.changes]
    assert sorted(missing) == sorted(set(REMEDIES) - set(made))
    assert (answer.verdict is REACHABLE) == (not missing)
    if missing:
        proved(network, "tcp/5432")


def test_the_changes_say_what_to_write_and_where():
    assert proved(CLOSED, "tcp/5432") == [
        "add an egress rule to app: tcp/5432 to db",
        "add a route to table-a: 10.2.0.0/16 to peering",
        "add an ingress rule to db: tcp/5432 from app",
        "add a route to table-b: 10.1.0.0/16 to peering",
        "add an egress entry to strict: tcp/1024-65535 to 10.1.1.0/24",
    ]


def test_where_nothing_joins_two_vpcs_they_are_connected_first():
    apart = [one for one in CLOSED if not isinstance(one, Peering)]
    new = "a new peering connection of a and b"
    assert proved((*apart, *REMEDIES["app"], *REMEDIES["db"], *REMEDIES["strict"]), "tcp/5432") == [
        f"add a route to table-a: 10.2.0.0/16 to {new}",
        "connect a and b by a peering connection",
        f"add a route to table-b: 10.1.0.0/16 to {new}",
    ]


def test_vpcs_with_one_range_cannot_be_peered():
    apart = [one for one in CLOSED if not isinstance(one, Peering | Vpc)]
    answer = asked((*apart, vpc("a", "10.0.0.0/8"), vpc("b", "10.0.0.0/8")))
    assert answer.verdict is BLOCKED
    assert answer.changes == ()


def test_a_peering_connection_that_is_not_accepted_is_to_be_accepted():
    opened = [one for made in REMEDIES.values() for one in made]
    waiting = [replace(one, active=NO) if isinstance(one, Peering) else one for one in (*CLOSED, *opened)]
    assert proved(waiting, "tcp/5432") == ["accept peering"]


def test_a_route_that_leads_elsewhere_is_led_to_where_it_should():
    opened = [one for name in ("app", "db", "table-b", "strict") for one in REMEDIES[name]]
    black = route("table-a", "10.2.0.0/16", TargetKind.BLACKHOLE)
    assert proved((*CLOSED, *opened, black), "tcp/5432") == [
        "lead the route of table-a for 10.2.0.0/16 to peering"
    ]
    wide = route("table-a", "10.0.0.0/8", TargetKind.BLACKHOLE)
    assert proved((*CLOSED, *opened, wide), "tcp/5432") == ["add a route to table-a: 10.2.0.0/16 to peering"]


def test_a_deny_is_told_as_what_the_new_entry_comes_before():
    opened = [one for name in ("app", "db", "table-a", "table-b") for one in REMEDIES[name]]
    deny = entry("strict", EGRESS, 50, "deny", "all", "10.1.0.0/16")
    late = entry("strict", EGRESS, 100, "allow", "all", "0.0.0.0/0")
    network = (*CLOSED, *opened, deny, late)
    assert proved(network, "tcp/5432") == [
        "add an egress entry to strict: tcp/1024-65535 to 10.1.1.0/24, before 50: deny all to 10.1.0.0/16"
    ]
    assert asked(network, "tcp/5432").changes[0].at == deny.at


HUB = (
    *(one for one in CLOSED if not isinstance(one, Peering)),
    *REMEDIES["app"],
    *REMEDIES["db"],
    *REMEDIES["strict"],
    TransitGateway(id="hub", at=AT),
    TransitTable(id="hub-table", at=AT, gateway=link("hub")),
    *(
        TransitAttachment(
            id=f"hub-{name}",
            at=AT,
            kind=AttachmentKind.VPC,
            gateway=link("hub"),
            vpc=link(name),
            subnets=links(place),
        )
        for name, place in (("a", "here"), ("b", "there"))
    ),
)


def test_through_a_transit_gateway_every_table_on_the_way_is_told():
    assert proved(HUB, "tcp/5432") == [
        "add a route to table-a: 10.2.0.0/16 to hub",
        "associate hub-a with hub-table",
        "add a route to hub-table: 10.2.0.0/16 to hub-b",
        "add a route to table-b: 10.1.0.0/16 to hub",
        "associate hub-b with hub-table",
        "add a route to hub-table: 10.1.0.0/16 to hub-a",
    ]


HOME = (
    vpc("vpc", "10.0.0.0/16"),
    subnet("front", "10.0.1.0/24"),
    *table("front-table", "front"),
    group("web"),
    host("store", "front", "web"),
)


def test_the_internet_needs_a_gateway_a_public_address_a_rule_and_a_route_back():
    assert proved(HOME, "tcp/443", source="8.8.8.8/32") == [
        "attach an internet gateway to vpc",
        "give store a public IPv4 address",
        "add an ingress rule to web: tcp/443 from 8.8.8.8/32",
        "add a route to front-table: 8.8.8.8/32 to a new internet gateway",
    ]
    assert proved((*HOME, igw()), "tcp/443", source="8.8.8.8/32") == [
        "give store a public IPv4 address",
        "add an ingress rule to web: tcp/443 from 8.8.8.8/32",
        "add a route to front-table: 8.8.8.8/32 to igw",
    ]


def test_a_nat_gateway_at_hand_is_the_way_out_that_needs_least():
    network = (
        *HOME,
        igw(),
        subnet("back", "10.0.2.0/24"),
        *table("back-table", "back"),
        route("front-table", "0.0.0.0/0", TargetKind.INTERNET_GATEWAY, "igw"),
        nat("nat", "front"),
        group("app"),
        allow_out("app", "tcp/443", "0.0.0.0/0"),
        host("client", "back", "app"),
    )
    answer = Engine(Inventory.of(network)).can_reach("client", "8.8.8.8/32", parse_traffic("tcp/443"))
    assert [one.text for one in answer.changes] == ["add a route to back-table: 8.8.8.8/32 to nat"]
    after = Engine(Inventory.of(changed(network, answer.changes)))
    assert after.can_reach("client", "8.8.8.8/32", parse_traffic("tcp/443")).verdict is REACHABLE


def test_a_reply_that_comes_back_to_some_ports_only_is_mended_for_all():
    network = (
        vpc(),
        subnet("near", "10.0.1.0/24"),
        subnet("far", "10.0.2.0/24"),
        *acl("strict", "far"),
        entry("strict", INGRESS, 100, "allow", "all", "0.0.0.0/0"),
        entry("strict", EGRESS, 100, "allow", "tcp/1024-2000", "0.0.0.0/0"),
        group("app"),
        group("db"),
        allow_out("app", "all", "0.0.0.0/0"),
        host("client", "near", "app"),
        host("store", "far", "db"),
    )
    assert proved(network, "tcp/5432") == [
        "add an ingress rule to db: tcp/5432 from app",
        "add an egress entry to strict: tcp/1024-65535 to 10.0.1.0/24",
    ]


def test_what_no_change_can_open_has_none():
    network = (
        vpc(),
        subnet("near", "10.0.1.0/24"),
        group("app"),
        allow_out("app", "all", "0.0.0.0/0"),
        allow_in("app", "all", "0.0.0.0/0"),
        host("client", "near", "app"),
        host("store", "near", "app", accepts=False),
    )
    answer = asked(network)
    assert answer.verdict is BLOCKED
    assert answer.changes == ()


def test_of_several_ways_the_one_with_the_fewest_changes_is_told(asking: Callable[..., Answer]):
    answer = asking(
        vpc(),
        subnet("far", "10.0.1.0/24"),
        subnet("near", "10.0.2.0/24"),
        *acl("strict", "far"),
        *acl("open", "near"),
        *both_ways("open", 100, "allow"),
        group("app"),
        group("db"),
        allow_out("app", "all", "0.0.0.0/0"),
        host("client", "near", "app"),
        host("store", "far", "db"),
        host("copy", "near", "db"),
    )
    assert [(one.code.value, one.component) for one in answer.changes] == [("SG_HAS_NO_RULES", "db")]


@pytest.fixture
def asking() -> Callable[..., Answer]:
    def ask(*components: Component) -> Answer:
        return Engine(Inventory.of(components)).can_reach("client", "db")

    return ask
