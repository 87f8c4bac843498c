"""Private networks outside AWS: what lies behind a gateway or an attachment.

https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html
"""

from __future__ import annotations

from dataclasses import replace

from auditor.model import PrivateNetwork, Truth
from auditor.reach.forwarding.course import perhaps_point, region_point
from auditor.reach.index import Index
from auditor.reach.points import Point
from auditor.reach.verdict import Code
from auditor.traffic import Bounds, IntSet, Traffic
from auditor.tree import Location, Presence, Reason


def prefixes(networks: list[PrivateNetwork]) -> Bounds[IntSet]:
    """The addresses of several private networks."""
    must = IntSet.union(
        one.prefixes.must
        for one in networks
        if one.presence is Presence.CERTAIN and one.active.truth is Truth.YES
    )
    return Bounds(
        must, IntSet.union(one.prefixes.may for one in networks if one.active.truth is not Truth.NO)
    )


def behind(index: Index, name: str, at: Location | None, end: str = "destination") -> Point:
    """What a gateway or an attachment delivers to, or gets from, the networks behind it."""
    networks = index.networks.get(name, [])
    if not networks:
        why = Reason(f"the networks behind {name}", at or Location(""), "the input that defines them")
        return perhaps_point("private-network", name, Code.NO_ROUTE_TO_DESTINATION, (why,), at)
    found = prefixes(networks)
    axes = (found.must, found.may)
    if end == "destination":
        must, may = (Traffic.of(destinations=axis) for axis in axes)
    else:
        must, may = (Traffic.of(sources=axis) for axis in axes)
    names = ", ".join(one.id for one in networks)
    point = region_point(
        "private-network",
        names,
        Code.NO_ROUTE_TO_DESTINATION,
        Bounds(must, may),
        texts=("its addresses", f"{names} has no such addresses"),
        at=networks[0].at,
    )
    reasons = tuple(reason for one in networks for reason in (*one.reasons, *one.active.reasons))
    if found.known or not reasons:
        return point
    return replace(point, clauses=tuple(replace(one, reasons=reasons) for one in point.clauses))
