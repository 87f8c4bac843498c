"""The place that lets a connection pass, or keeps it from passing: where a finding about it stands."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.frozen import dataclass
from auditor.model import Route, TargetKind
from auditor.reach import Hop, Leg, Path
from auditor.reach.verdict import EndpointKind
from auditor.rules.policy.ends import Atom
from auditor.tree import Location

_OUTSIDE = frozenset({EndpointKind.INTERNET, EndpointKind.ON_PREMISES, EndpointKind.SERVICE})


@dataclass(frozen=True, slots=True)
class Cause:
    """A component, its place, and what of it counts, in words."""

    component: str
    at: Location
    what: str


def cause(
    path: Path | None, ends: tuple[Atom, Atom], routes: Mapping[Location, Route], *, by_route: bool
) -> Cause:
    """What lets a path pass: the destination's rule, or the route where the way is what matters.

    ``by_route`` where the statement is about the way. To the world outside it is the source's route, else the
    source's rule; where no rule and no route is on the path, it is the workload itself.
    """
    leaves = ends[1].endpoint.kind in _OUTSIDE
    route = _route(path, routes)
    if route is not None and (by_route or leaves):
        return route
    hop = _hop(path, last=not leaves)
    if hop is not None and hop.at is not None:
        return Cause(hop.holder or hop.component, hop.at, f"the rule {hop.rule}")
    if route is not None:
        return route
    end = ends[0] if leaves or ends[1].endpoint.at is None else ends[1]
    at = end.endpoint.at or ends[0].endpoint.at or Location("")
    return Cause(end.endpoint.text, at, "the way that it has")


def _route(path: Path | None, routes: Mapping[Location, Route]) -> Cause | None:
    """The first route of a path that leads out of the VPC."""
    for hop in path.hops if path else ():
        if hop.kind == "route-table" and hop.leg is Leg.REQUEST and hop.at is not None:
            route = routes.get(hop.at)
            if route is not None and route.target.kind is not TargetKind.LOCAL:
                link = route.target.link
                return Cause(hop.component, link.at if link else hop.at, f"the route {hop.rule}")
    return None


def _hop(path: Path | None, *, last: bool) -> Hop | None:
    hops = [
        hop
        for hop in (path.hops if path else ())
        if hop.kind == "security-group" and hop.leg is Leg.REQUEST and hop.at is not None
    ]
    if not hops:
        return None
    return hops[-1] if last else hops[0]
