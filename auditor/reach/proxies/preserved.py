"""Connections of a proxy whose targets see the client's address instead of the proxy's.

The target's groups must allow that address, or name a group of the proxy; groups of the client do not count.
Replies go back through the proxy, whatever the target's routes say.
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.frozen import dataclass
from auditor.model import Direction, Family, Truth
from auditor.reach.ends import Ends
from auditor.reach.inside import Borders
from auditor.reach.journey import Journey, Walk
from auditor.reach.journeys import Journeys
from auditor.reach.spot import Spot
from auditor.reach.verdict import Leg
from auditor.reach.walk import Side
from auditor.traffic import IPV4, IPV6, IntSet
from auditor.tree import Location, Reason

_LINES = {Family.IPV4: IPV4, Family.IPV6: IPV6}


@dataclass(frozen=True, slots=True)
class Seen:
    """Addresses that a proxy sees as its client's; ``chosen`` where the asker chooses among them."""

    family: Family
    addresses: IntSet
    chosen: bool


def seen(ends: Ends, among: IntSet | None = None) -> tuple[Seen, ...]:
    """What is seen of an end that opens a connection; of what may be chosen only what is ``among``."""
    found = [
        Seen(spot.family, spot.addresses & among if among and spot.chosen else spot.addresses, spot.chosen)
        for spot in ends.spots
    ]
    outside = ends.internet | ends.private
    for family, line in _LINES.items():
        addresses = outside & line if among is None else outside & line & among
        if addresses:
            found.append(Seen(family, addresses, chosen=True))
    return tuple(dict.fromkeys(found))


def preserving(journeys: Journeys, clients: tuple[Seen, ...], node: Spot, target: Spot) -> Iterator[Journey]:
    """The journeys from a node to a target for each client; one of another family is not preserved."""
    own = [one for one in clients if one.family is target.family]
    if len(own) < len(clients) or not clients:
        yield journeys.between(node, target)
    same = journeys.index.same_vpc(node.vpc, target.vpc)
    for client in own:
        if same is Truth.YES:
            yield _journey(journeys.borders, client, node, target)
        else:
            what = f"which address {target.owner} sees, behind {node.owner} in another VPC"
            why = Reason(what, target.at or node.at or Location(""))
            found = journeys.between(node, target)
            yield replace(found, certain=False, reasons=(*found.reasons, why))


def _journey(borders: Borders, client: Seen, node: Spot, target: Spot) -> Journey:
    same = borders.same_subnet(node, target)
    ways = [
        _walk(borders, client, node, target, crosses=one) for one in (True, False) if same is not _TRUTHS[one]
    ]
    names = (node.owner, target.owner)
    return Journey(
        source=Side(client.addresses, client.chosen),
        destination=Side(target.addresses, target.chosen),
        names=names,
        places=(node.subnet or node.owner, target.subnet or target.owner),
        ways=tuple((walk,) for walk in ways),
        spots=(node, target),
        certain=node.certain and target.certain,
        reasons=(*node.reasons, *target.reasons),
    )


_TRUTHS = {True: Truth.YES, False: Truth.NO}


def _walk(borders: Borders, client: Seen, node: Spot, target: Spot, *, crosses: bool) -> Walk:
    """The points of a connection; ``crosses`` where node and target stand in two subnets."""
    peer = replace(node, addresses=client.addresses, chosen=client.chosen)
    between = (
        borders.local_point(node, target.addresses, Leg.REQUEST),
        borders.acl_point(node, Direction.EGRESS, Leg.REQUEST),
        borders.acl_point(target, Direction.INGRESS, Leg.REQUEST),
    )
    back = (
        borders.acl_point(target, Direction.EGRESS, Leg.REPLY),
        borders.acl_point(node, Direction.INGRESS, Leg.REPLY),
    )
    points = (
        borders.group_point(node, Direction.EGRESS, target),
        *(between if crosses else ()),
        borders.group_point(target, Direction.INGRESS, peer),
        *(back if crosses else ()),
    )
    return tuple(point for point in points if point is not None)
