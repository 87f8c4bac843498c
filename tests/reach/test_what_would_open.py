"""The least that must change for a connection to open, proved by making the changes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest

from auditor.model import Component, Inventory, Peering, TargetKind
from auditor.reach import Answer, Engine
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
    link,
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


def asked(components: tuple[Component, ...]) -> Answer:
    return Engine(Inventory.of(components)).can_reach("client", "store")


@pytest.mark.parametrize(
    "made",
    [
        made
        for count in range(len(REMEDIES) + 1)
        for made in combinations(REMEDIES, count)
        if "table-a" in made  # without it no way leads there, whatever the rest is
    ],
)
def test_the_changes_open_the_way_and_no_fewer_do(made: tuple[str, ...]):
    network = (*CLOSED, *(one for name in made for one in REMEDIES[name]))
    answer = asked(network)
    missing = [one.component for one in answer.changes]
    assert sorted(missing) == sorted(set(REMEDIES) - set(made))
    assert (answer.verdict is REACHABLE) == (not missing)
    whole = (*network, *(one for name in missing for one in REMEDIES[name]))
    assert asked(whole).verdict is REACHABLE
    for left_out in missing:
        fewer = (*network, *(one for name in missing if name != left_out for one in REMEDIES[name]))
        assert asked(fewer).verdict in {BLOCKED, ONE_WAY}


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
