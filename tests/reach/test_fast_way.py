"""Between interfaces whose one address is known, the fast way gives what the walk gives, point by point."""

from __future__ import annotations

from random import Random

import pytest

from auditor.model import Direction
from auditor.reach import Engine
from auditor.reach.walk import Outcome
from auditor.traffic import EVERYTHING, Traffic
from tests.reach.network import (
    BLOCKED,
    REACHABLE,
    acl,
    allow_in,
    allow_out,
    both_ways,
    engine,
    entry,
    group,
    host,
    subnet,
    verdict,
    vpc,
)

RANGES = ("0.0.0.0/0", "10.0.1.0/24", "10.0.2.0/25", "10.0.2.7/32", "10.0.0.0/16")
SERVICES = ("all", "tcp/443", "tcp/1-1000", "udp/53", "icmp")


def random_engine(dice: Random) -> Engine:
    """A network of hosts with fixed addresses, whose groups and ACLs are drawn."""
    groups = ("one", "two", "three")
    rules = [
        allow(dice.choice(groups), dice.choice(SERVICES), dice.choice((*RANGES, *groups)))
        for allow in (allow_in, allow_out)
        for _ in range(5)
    ]
    entries = [
        entry("own", direction, number, dice.choice(("allow", "deny")), dice.choice(SERVICES), cidr)
        for direction in Direction
        for number, cidr in enumerate(dice.sample(RANGES, 2), start=1)
    ]
    opening = (both_ways("own", 100, "allow"),) if dice.random() < 0.7 else ()
    hosts = [
        host(
            f"h{number}",
            place,
            *dice.sample(groups, dice.choice((1, 1, 2))),
            address=f"10.0.{net}.{number}/32",
        )
        for number, (place, net) in enumerate([("a", 1), ("a", 1), ("b", 2), ("b", 2), ("b", 2)], start=5)
    ]
    return engine(
        vpc(),
        subnet("a", "10.0.1.0/24"),
        subnet("b", "10.0.2.0/24"),
        *(group(name) for name in groups),
        *rules,
        acl("own", "b"),
        *(entries if dice.random() < 0.5 else ()),
        *opening,
        *hosts,
    )


def services(outcome: Outcome) -> tuple[Traffic, ...]:
    bounds = (outcome.request.must, outcome.request.may, outcome.both.must, outcome.both.may)
    return tuple(each.services() for each in bounds)


@pytest.mark.parametrize("seed", range(40))
def test_the_fast_way_and_the_walk_agree(seed: int):
    net = random_engine(Random(seed))
    ends = [net.resolved.ends(net.endpoint(f"h{number}")) for number in range(5, 10)]
    for one in ends:
        for other in ends:
            fast = net.outcome(one, other, EVERYTHING)
            walks = [journey.outcome(EVERYTHING) for journey in net.journeys.all(one, other)]
            assert [services(fast)] == [services(walk) for walk in walks]


def test_an_acl_that_is_open_to_ipv4_is_as_open_as_one_that_is_not_there():
    facts = (
        vpc(),
        subnet("a", "10.0.1.0/24"),
        subnet("b", "10.0.2.0/24"),
        group("all"),
        allow_in("all", "all", "0.0.0.0/0"),
        allow_out("all"),
        host("client", "a", "all", address="10.0.1.5/32"),
        host("server", "b", "all", address="10.0.2.5/32"),
        acl("own", "b"),
    )
    opened, closed = engine(*facts, both_ways("own", 100, "allow")), engine(*facts)
    assert (verdict(opened, "client", "server"), verdict(closed, "client", "server")) == (REACHABLE, BLOCKED)
    spots = [next(iter(opened.resolved.ends(opened.endpoint(name)).spots)) for name in ("client", "server")]
    assert opened.borders.is_open(*spots)
