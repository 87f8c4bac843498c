"""Which gateways are attached to which VPC, by themselves or by what the routes to them say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from auditor.model import Gateway, Link, Route, RouteTable, TargetKind, Truth
from auditor.tree import Presence

Attached = dict[tuple[str | None, TargetKind], set[Truth]]


def vpc_of(gateway: Gateway) -> Iterator[Link]:
    """The VPC that a gateway is attached to by itself; not certain where the gateway is not."""
    if gateway.vpc:
        sure = gateway.vpc.certain and gateway.presence is Presence.CERTAIN
        yield replace(gateway.vpc, certain=sure)


def outside(
    routes: Iterable[tuple[RouteTable, Route]], canonical: Callable[[str], str], inside: AbstractSet[str]
) -> Attached:
    """Whether VPCs have gateways that the input does not have, by VPC and kind.

    AWS takes no route to a gateway that is not attached to the table's own VPC:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
    """
    found: Attached = {}
    for table, route in routes:
        link = route.target.link
        if link is None or canonical(link.id) in inside:
            continue
        sure = route.presence is Presence.CERTAIN and route.table.certain and link.certain
        truth = Truth.YES if sure and table.vpc.certain else Truth.UNKNOWN
        found.setdefault((canonical(table.vpc.id), route.target.kind), set()).add(truth)
    return found
