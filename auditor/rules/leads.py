"""Where the routes of subnets lead: into which other networks, by which joint, and how surely."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.frozen import dataclass
from auditor.model import Direction, TargetKind, Truth
from auditor.reach import Answer, Hop, Leg, Path, Verdict
from auditor.reach.ends import Ends
from auditor.rules.beyond import leads_on
from auditor.rules.evidence import Evidence
from auditor.rules.parties import End
from auditor.rules.places import from_subnet, hosts_of
from auditor.traffic import EVERYTHING, NOTHING, Bounds, Traffic
from auditor.tree import Reason

OUTSIDE = "networks outside the input"

# What lies behind a joint, which need not be known for packets to get there.
_BEYOND = frozenset({"transit-gateway", "core-network", "private-network", "vpc"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A way into another network, and what of it is certain; ``rule`` is that of a group, if one is met."""

    network: str
    path: Path
    route: Hop
    rule: Hop | None
    traffic: Bounds[Traffic]
    unknowns: tuple[Reason, ...]


class Leads:
    """The ways of places into other networks, each asked once, whatever groups are carried there."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.engine = evidence.engine
        self._private = {one.id for one in self.engine.inventory.nat_gateways if one.public.truth is Truth.NO}
        self._found: dict[tuple[str, str], tuple[Lead, ...]] = {}

    def of(self, end: End) -> Iterator[Lead]:
        """The ways of workloads, before their groups where these name no others in their rules.

        Where nothing is known of their routes, what is asked of the internet tells so already.
        """
        spots = tuple(end.ends(self.evidence).spots)
        if not any(self._lead_on(spot.subnet, spot.vpc) for spot in spots):
            return
        vpc = self.engine.carriers.vpc(end.workloads[0])
        apart = self._named_apart(end)
        for network in self._networks(vpc):
            if apart:
                target = "on-premises" if network == OUTSIDE else self.engine.names.by_id(network)
                answer = self.engine.can_reach(self.engine.names.endpoint(end.workloads[0]), target)
                yield from self._of_answer(answer, network, (spots[0].subnet, spots[0].vpc))
                continue
            for subnet in dict.fromkeys(spot.subnet or "" for spot in spots):
                yield from self._of_subnet(subnet, network)

    def _networks(self, vpc: str | None) -> Iterator[str]:
        yield OUTSIDE
        for other in self.engine.index.vpcs:
            if other != vpc and self.engine.joined.together(vpc, other):
                yield other

    def _named_apart(self, end: End) -> bool:
        """Whether workloads must be asked themselves: by a rule that names a group, or as they may stand
        anywhere.
        """
        for spot in end.ends(self.evidence).spots:
            if spot.subnet not in self.engine.index.subnets:
                return True
            for group in spot.groups | spot.possible:
                if self.engine.borders.groups.side(group, Direction.EGRESS).by_group:
                    return True
        return False

    def _of_subnet(self, subnet: str, network: str) -> tuple[Lead, ...]:
        found = self._found.get((subnet, network))
        if found is None:
            place = (subnet, self.engine.index.vpc_of_subnet(subnet))
            answer = from_subnet(self.engine, subnet, self._target(network), EVERYTHING)
            found = self._found[subnet, network] = tuple(self._of_answer(answer, network, place))
        return found

    def _target(self, network: str) -> Ends:
        if network != OUTSIDE:
            return hosts_of(self.engine, network)
        return self.engine.resolved.ends(self.engine.endpoint("on-premises"))

    def _of_answer(
        self, answer: Answer, network: str, place: tuple[str | None, str | None]
    ) -> Iterator[Lead]:
        for path in answer.paths if answer.verdict is not Verdict.BLOCKED else ():
            route = _hop(path, "route-table")
            if route is not None:
                # A path tells what passes there; its destinations are those that the route takes.
                may = path.traffic.may & route.traffic.may & self._there(network)
                must = self._certain(answer, path, place)
                yield Lead(
                    network=network,
                    path=path,
                    route=route,
                    rule=_hop(path, "security-group"),
                    traffic=Bounds(must & may, may),
                    unknowns=answer.unknowns,
                )

    def _there(self, network: str) -> Traffic:
        """What has a destination in a network."""
        if network == OUTSIDE:
            return EVERYTHING
        return Traffic.of(destinations=self.engine.index.ranges(network).may)

    def _certain(self, answer: Answer, path: Path, place: tuple[str | None, str | None]) -> Traffic:
        """What certainly leaves for the other network, be it known what stands there or not."""
        if answer.verdict is not Verdict.UNKNOWN:
            return path.traffic.must
        hops = [hop for hop in path.hops if hop.leg is Leg.REQUEST]
        there = [hop for hop in hops if hop.traffic.must]
        lost = next((hop for hop in hops if not hop.traffic.must), None)
        if lost is None or not there:
            return NOTHING
        # A peering that is active carries what its other VPC has addresses for, whichever these are.
        active = lost.kind == "vpc-peering" and any(hop.component == lost.component for hop in there)
        if not (active or lost.kind in _BEYOND):
            return NOTHING
        return there[-1].traffic.must & self._let_out(place)

    def _let_out(self, place: tuple[str | None, str | None]) -> Traffic:
        """What the network ACL of a subnet certainly lets out."""
        borders = self.engine.borders
        screens = borders.acls.screens(*place, Direction.EGRESS)
        return borders.screen_point(screens, Direction.EGRESS, Leg.REQUEST).passes.must

    def _lead_on(self, subnet: str | None, vpc: str | None) -> bool:
        """Whether a route of a subnet may lead to another network."""
        for table in self.engine.borders.tables.in_effect(subnet, vpc):
            for way in table.ways:
                link = way.target.link
                private = link is not None and self.engine.index.canonical(link.id) in self._private
                inspected = way.target.kind is TargetKind.VPC_ENDPOINT and not way.is_service
                if leads_on(way) or inspected or private:
                    return True
        return False


def _hop(path: Path, kind: str) -> Hop | None:
    return next((hop for hop in path.hops if hop.kind == kind and hop.leg is Leg.REQUEST and hop.at), None)
