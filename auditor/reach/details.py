"""What there is to know of the ways that an answer tells, by the detail codes of the Reachability Analyzer.

https://docs.aws.amazon.com/vpc/latest/reachability/additional-detail-codes.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise

from auditor.model import AttachmentKind, EndpointType, Truth
from auditor.model.inspection import Firewall
from auditor.reach.filing import by_id
from auditor.reach.forwarding.inspection import KIND as FIREWALL
from auditor.reach.forwarding.zones import same_zone
from auditor.reach.index import Index
from auditor.reach.paths import Passing
from auditor.reach.points import Point
from auditor.reach.verdict import Code, Leg, Verdict

_MOST_CROSSINGS = 4


class Details:
    """The details of ways through one network."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def of(self, ways: Iterable[Passing]) -> tuple[str, ...]:
        """The notes on some ways, each once."""
        found: dict[str, None] = {}
        crossings: dict[str, None] = {}
        for way in ways:
            crossings.update(dict.fromkeys(self._crossings(way)))
            found.update(dict.fromkeys(self._appliance_mode(way)))
            found.update(dict.fromkeys(self._endpoints(way)))
            found.update(dict.fromkeys(_unsupported(way)))
            found.update(dict.fromkeys(_reply_routes(way)))
        return (*_crossed(tuple(crossings)), *found)

    # -- zones -------------------------------------------------------------------------------------

    def _crossings(self, way: Passing) -> Iterator[str]:
        """From which zone to which the packets of a request go, where two of them certainly differ."""
        zones = [zone for zone in map(self._zone, self._subnets(way)) if zone]
        for one, other in pairwise(zones):
            if same_zone(one, other) is Truth.NO:
                yield f"{one} to {other}"

    def _subnets(self, way: Passing) -> Iterator[str | None]:
        """The subnets in which a request stands, in order, as far as they are known."""
        source, destination = way.journey.spots
        yield source.subnet if source else None
        for point in way.walk:
            if point.leg is Leg.REQUEST and point.kind == "nat-gateway":
                gateway = self.index.nat_gateways.get(point.component)
                yield self.index.canonical(gateway.subnet.id) if gateway else None
            elif point.leg is Leg.REQUEST and point.kind == FIREWALL:
                firewall = self._firewalls.get(point.component)
                only = firewall.endpoints[0] if firewall and len(firewall.endpoints) == 1 else None
                yield self.index.canonical(only.subnet.id) if only else None
        yield destination.subnet if destination else None

    def _zone(self, subnet: str | None) -> str:
        known = self.index.subnets.get(subnet or "")
        return known.zone if known else ""

    # -- what stands on the way --------------------------------------------------------------------

    @cached_property
    def _firewalls(self) -> dict[str, Firewall]:
        return by_id(self.index.inventory.firewalls)

    def _appliance_mode(self, way: Passing) -> Iterator[str]:
        """Attachments that bring packets to a firewall by several zones without appliance mode.

        https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html
        """
        names = {point.component for point in way.walk}
        inspected = {
            self.index.canonical(one.vpc.id) for name, one in self._firewalls.items() if name in names
        }
        for one in self.index.inventory.transit_attachments if inspected else ():
            if one.id not in names or one.kind is not AttachmentKind.VPC or one.vpc is None:
                continue
            several = len(one.subnets.items) > 1 or one.subnets.open
            inside = self.index.canonical(one.vpc.id) in inspected
            if inside and several and one.appliance_mode.truth is Truth.NO:
                at = one.appliance_mode.at or one.at
                yield (
                    f"TRANSIT_GATEWAY_APPLIANCE_MODE_RECOMMENDED: {one.id} ({at}) leads to a firewall by "
                    "several zones, and without appliance mode replies may come by another one"
                )

    def _endpoints(self, way: Passing) -> Iterator[str]:
        """VPC endpoints on the way that deny some requests, or pass on what nobody has looked at."""
        names = {point.component for point in way.walk if point.kind == "vpc-endpoint"}
        names.update(name for name in way.journey.names if name)
        for one in self.index.inventory.vpc_endpoints:
            if one.id not in names:
                continue
            if EndpointType.GATEWAY_LOAD_BALANCER in one.types:
                yield f"PATH_THROUGH_GWLB_NOT_CHECKED: what the appliances behind {one.id} pass is not known"
            elif one.restricted.truth is not Truth.NO:
                yield f"the policy of {one.id} may deny some requests ({one.restricted.at or one.at})"


def _crossed(crossings: tuple[str, ...]) -> tuple[str, ...]:
    if not crossings:
        return ()
    shown = ", ".join(crossings[:_MOST_CROSSINGS])
    more = len(crossings) - _MOST_CROSSINGS
    return (f"AVAILABILITY_ZONE_CROSSED: {shown}" + (f" and {more} more" if more > 0 else ""),)


def _unsupported(way: Passing) -> Iterator[str]:
    """Rules of firewalls that hold under conditions that are not followed."""
    passing = way.outcome.both.may or way.outcome.request.may
    for point in way.walk:
        if point.kind != FIREWALL or point.leg is not Leg.REQUEST:
            continue
        decisive = point.decisive(passing)
        for clause in point.clauses:
            if clause.reasons and clause.region.may & passing:
                options = clause is decisive
                code = "RULE_OPTIONS" if options else "HIGHER_PRIORITY_RULES"
                yield f"FIREWALL_UNSUPPORTED_{code}: {clause.text} ({clause.at})"
            if clause is decisive:
                break


def _reply_routes(way: Passing) -> Iterator[str]:
    """Tables without a route for the reply of what came through a transit gateway."""
    if way.outcome.verdict is not Verdict.ONE_WAY:
        return
    if not any(point.kind == "transit-gateway-attachment" for point in way.walk):
        return
    yield from (
        f"RESPONSE_RTB_HAS_NO_ROUTE_TO_TRANSIT_GATEWAY: {point.component}"
        for point in way.walk
        if _drops_reply(point)
    )


def _drops_reply(point: Point) -> bool:
    routed = point.kind == "route-table" and point.code is Code.NO_ROUTE_TO_DESTINATION
    return routed and point.leg is Leg.REPLY and not point.clauses
