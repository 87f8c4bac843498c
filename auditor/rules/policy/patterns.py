"""Path patterns of AWS's analyzers as statements of a policy, with what of them cannot be answered.

https://docs.aws.amazon.com/vpc/latest/network-access-analyzer/resource-statement.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from auditor.errors import UsageError
from auditor.frozen import dataclass
from auditor.model import EndpointType, Link, PathEnd, PathPattern
from auditor.reach import Engine
from auditor.rules.policy.statement import Exemption, Kind, Named, Names, Statement
from auditor.traffic import IPV4, IPV6, IntSet, Traffic
from auditor.tree import Location, Reason

_ENDS: Mapping[str, str] = {
    "AWS::EC2::InternetGateway": "internet",
    "AWS::EC2::NetworkInterface": "everything",
    "AWS::EC2::VPNGateway": "on-premises",
}
_ON_THE_WAY: Mapping[str, str] = {
    "AWS::EC2::NatGateway": "nat-gateway",
    "AWS::EC2::TransitGateway": "transit-gateway",
    "AWS::EC2::TransitGatewayAttachment": "transit-gateway-attachment",
    "AWS::EC2::VPCPeeringConnection": "vpc-peering",
    "AWS::NetworkFirewall::Firewall": "network-firewall",
    "AWS::NetworkFirewall::NetworkFirewall": "network-firewall",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a pattern: names, and what stands on the way that it asks for besides."""

    names: Names
    through: Names = ()


@dataclass(frozen=True, slots=True)
class Spelling:
    """Patterns in the words of a policy, in one network; what cannot be said is put into ``open``."""

    engine: Engine
    open: list[Reason] = field(default_factory=list)

    def statement(self, pattern: PathPattern, name: str, text: str) -> Statement | None:
        """The paths of a pattern as what is not to be; None where it has none."""
        source, destination = (
            self._side(pattern.source, pattern.at),
            self._side(pattern.destination, pattern.at),
        )
        through = self._through(pattern, source, destination)
        if not source.names or not destination.names or through is None:
            return None
        return Statement(
            name=name,
            text=text,
            kind=Kind.DENY,
            at=pattern.at,
            sources=source.names,
            destinations=destination.names,
            asked=self._asked(pattern),
            through=through,
        )

    def exemption(self, pattern: PathPattern) -> Exemption | None:
        """The paths of a pattern as what a statement is not about."""
        found = self.statement(pattern, "", "")
        if found is None:
            return None
        return Exemption(
            sources=found.sources if pattern.source else (),
            destinations=found.destinations if pattern.destination else (),
            traffic=found.asked,
            through=found.through,
        )

    # -- ends --------------------------------------------------------------------------------------

    def _side(self, end: PathEnd | None, at: Location) -> Side:
        if end is None or not (end.resources.items or end.resources.open or end.types):
            anything = ["everything", "internet"]
            anything += ["on-premises"] if self.engine.inventory.private_networks else []
            self.open.extend(end.open if end else ())
            return Side(tuple(Named(text, at) for text in anything))
        self.open.extend(end.open)
        names: list[Named] = []
        through: list[Named] = []
        for link in end.resources.items:
            name, way = self._resource(link)
            names += [name] if name else []
            through += [way] if way else []
        for kind in end.types:
            names += self._of_type(kind, end.at)
        return Side(tuple(names), tuple(through))

    def _resource(self, link: Link) -> tuple[Named | None, Named | None]:
        identity = self.engine.index.canonical(link.id)
        if not link.certain:
            self.open.extend(link.reasons or (Reason(f"which thing {link.id} is", link.at),))
        for gateway in self.engine.inventory.gateways:
            if gateway.id == identity:
                outside = "on-premises" if "vpn" in gateway.kind.value else "internet"
                return Named(outside, link.at), Named(identity, link.at)
        try:
            self.engine.endpoint(identity)
        except UsageError:
            self._cannot(f"{link.id} is nothing in the input that paths begin or end at", link.at)
            return None, None
        return Named(identity, link.at), None

    def _of_type(self, kind: str, at: Location) -> Iterator[Named]:
        inventory = self.engine.inventory
        if kind in _ENDS:
            if kind != "AWS::EC2::VPNGateway" or inventory.private_networks:
                yield Named(_ENDS[kind], at)
            return
        if kind == "AWS::EC2::VPCEndpoint":
            yield from (Named(each.id, at) for each in inventory.workloads if "vpc_endpoint" in each.kind)
            if any(EndpointType.GATEWAY in each.types for each in inventory.vpc_endpoints):
                self._cannot("paths that end at gateway endpoints", at, "ask for service:s3 instead")
            return
        standing = {
            "AWS::EC2::TransitGatewayAttachment": inventory.transit_attachments,
            "AWS::EC2::VPCPeeringConnection": inventory.peerings,
            "AWS::EC2::VPCEndpointService": inventory.endpoint_services,
        }
        if kind not in standing:
            self._cannot(f"paths that begin or end at {kind}", at)
        elif standing[kind]:
            self._cannot(f"what lies behind each {kind} outside the input", at, "name the VPCs instead")

    def _cannot(self, what: str, at: Location, settled_by: str = "") -> None:
        self.open.append(Reason(what, at, settled_by))

    # -- the way, and the packets ------------------------------------------------------------------

    def _through(self, pattern: PathPattern, *sides: Side) -> Names | None:
        """What the paths go through; None where nothing of it is in the network."""
        wanted = [name for side in sides for name in side.through]
        groups = [wanted] if wanted else []
        for end in pattern.through:
            self.open.extend(end.open)
            found = [Named(self.engine.index.canonical(link.id), link.at) for link in end.resources.items]
            for kind in end.types:
                if kind in _ON_THE_WAY:
                    found.append(Named(_ON_THE_WAY[kind], end.at))
                else:
                    self._cannot(f"paths through {kind}", end.at)
            groups.append(found)
        if len(groups) > 1:
            self._cannot("paths through several things at once", pattern.at, "ask for one at a time")
        if not groups:
            return ()
        return tuple(groups[0]) or None

    def _asked(self, pattern: PathPattern) -> Traffic | None:
        """The packets at both ends, as far as addresses are not translated between them."""
        found: Traffic | None = None
        for end, translated in ((pattern.source, "destinations"), (pattern.destination, "sources")):
            if end is None:
                continue
            own = self._listed(end)
            if own is None:
                continue
            axis = own.destinations if translated == "destinations" else own.sources
            if axis != Traffic.of().sources and axis != IPV4 | IPV6:
                what = f"whether the {translated} that are given are those before or after translation"
                other = pattern.destination if translated == "destinations" else pattern.source
                if self._is_outside(end) or self._is_outside(other):
                    self._cannot(what, end.at, "give private addresses at the interface's own end")
            found = own if found is None else found & own
        return found

    def _is_outside(self, end: PathEnd | None) -> bool:
        if end is None or "AWS::EC2::InternetGateway" in end.types:
            return True
        gateways = {gateway.id for gateway in self.engine.inventory.gateways}
        return any(self.engine.index.canonical(link.id) in gateways for link in end.resources.items)

    def _listed(self, end: PathEnd) -> Traffic | None:
        """The packets of an end, with the addresses of its prefix lists."""
        sources, destinations = (self._addresses(links.items) for links in end.lists)
        if end.traffic is None or (sources is None and destinations is None):
            return end.traffic
        full = Traffic.of().sources
        return end.traffic & Traffic.of(
            sources=full if sources is None else sources,
            destinations=full if destinations is None else destinations,
        )

    def _addresses(self, links: tuple[Link, ...]) -> IntSet | None:
        if not links:
            return None
        found = []
        for link in links:
            try:
                found.append(self.engine.endpoint(self.engine.index.canonical(link.id)).addresses)
            except UsageError:
                self._cannot(f"the entries of {link.id}", link.at, "the input that defines it, or a snapshot")
        return IntSet.union(found)
