"""Ways into other networks: by peerings, transit gateways, Cloud WAN, VPNs and Direct Connect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Direction, TargetKind, Truth
from auditor.reach import Answer, Hop, Leg, Path, Verdict
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.parties import End, named
from auditor.rules.words import listed, service_text, some, steps
from auditor.traffic import PRIVATE, IntSet, Traffic
from auditor.tree import Location, Reason

_MOST_NAMED = 4
_MOST_UNKNOWNS = 12
_OUTSIDE = "networks outside the input"

# What lies behind a joint, which need not be known for packets to get there.
_BEYOND = frozenset({"transit-gateway", "core-network", "private-network", "vpc"})
_TO_THE_INTERNET = frozenset(
    {
        TargetKind.LOCAL,
        TargetKind.INTERNET_GATEWAY,
        TargetKind.EGRESS_ONLY_GATEWAY,
        TargetKind.BLACKHOLE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exit:
    """A way of some workloads into another network, and what lets it: a group's rule, else the route."""

    end: End
    network: str
    foreign: bool
    sure: bool
    answer: Answer
    path: Path
    rule: Hop
    route: Hop | None

    @property
    def place(self) -> tuple[bool, str, Location]:
        """What makes several ways one finding."""
        return self.sure, self.rule.component, self.rule.at or self.end.workloads[0].at


def into_networks(sources: Iterable[End], evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each rule of a group that lets workloads into other networks, certain or perhaps.

    The rule is what there is to mend: replies need none, but they do need the routes. Networks outside the
    input, and those of other accounts, weigh more than the VPCs beside the workload's own.
    """
    found: dict[tuple[bool, str, Location], list[_Exit]] = {}
    for end in sources:
        for one in _exits(end, evidence):
            found.setdefault(one.place, []).append(one)
    for (sure, *rest), exits in found.items():
        if sure or (True, *rest) not in found:
            yield _judged(exits, evidence)


def _exits(end: End, evidence: Evidence) -> Iterator[_Exit]:
    """The ways that routes of the workloads lead, known or not.

    Where nothing is known of their routes, what is asked of the internet tells so already.
    """
    engine = evidence.engine
    if not _leads_on(end, evidence):
        return
    vpc = engine.carriers.vpc(end.workloads[0])
    if _lets_out(end, PRIVATE, evidence):
        outside = engine.can_reach(end.text, "on-premises")
        yield from _of_answer(end, _OUTSIDE, outside, evidence)
    for other in engine.index.vpcs:
        if other == vpc or not engine.joined.together(vpc, other):
            continue
        if _lets_out(end, engine.index.ranges(other).may, evidence):
            answer = engine.can_reach(end.text, engine.names.by_id(other))
            yield from _of_answer(end, other, answer, evidence)


def _leads_on(end: End, evidence: Evidence) -> bool:
    """Whether a route of the workloads may lead to another network."""
    nats = {one.id for one in evidence.engine.inventory.nat_gateways if one.public.truth is Truth.YES}
    for spot in end.ends(evidence).spots:
        for table in evidence.engine.borders.tables.in_effect(spot.subnet, spot.vpc):
            for way in table.ways:
                public = way.target.link and evidence.engine.index.canonical(way.target.link.id) in nats
                if way.target.kind not in _TO_THE_INTERNET and not way.is_service and not public:
                    return True
    return False


def _lets_out(end: End, addresses: IntSet, evidence: Evidence) -> bool:
    """Whether the groups of workloads let anything out to the addresses, or may."""
    wanted = Traffic.of(destinations=addresses)
    for spot in end.ends(evidence).spots:
        point = evidence.engine.borders.group_point(spot, Direction.EGRESS, None)
        if point is None or point.passes.may & wanted:
            return True
    return False


def _of_answer(end: End, network: str, answer: Answer, evidence: Evidence) -> Iterator[_Exit]:
    if answer.verdict is Verdict.BLOCKED:
        return
    for path in answer.paths:
        rule, route = _hop(path, "security-group"), _hop(path, "route-table")
        if route is None:
            continue
        foreign = network == _OUTSIDE or _of_others(end, network, evidence)
        yield _Exit(
            end=end,
            network=network,
            foreign=foreign,
            sure=end.sure and _is_sure(answer, path, end, evidence),
            answer=answer,
            path=path,
            rule=rule or route,
            route=route,
        )


def _of_others(end: End, vpc: str, evidence: Evidence) -> bool:
    """Whether a VPC certainly is of another account than the workloads."""
    own, other = end.workloads[0].scope.account, evidence.engine.index.vpcs[vpc].scope.account
    return bool(own and other) and own != other


def _is_sure(answer: Answer, path: Path, end: End, evidence: Evidence) -> bool:
    """Whether packets certainly leave for the other network, be it known what stands there or not."""
    if answer.verdict is not Verdict.UNKNOWN:
        return path.verdict is answer.verdict
    hops = [hop for hop in path.hops if hop.leg is Leg.REQUEST]
    there = [hop for hop in hops if hop.traffic.must]
    lost = next((hop for hop in hops if not hop.traffic.must), None)
    if lost is None or not there:
        return False
    # A peering that is active carries what its other VPC has addresses for, whichever these are.
    active = lost.kind == "vpc-peering" and any(hop.component == lost.component for hop in there)
    return (active or lost.kind in _BEYOND) and _passes_acls(there[-1].traffic.must, end, evidence)


def _passes_acls(left: Traffic, end: End, evidence: Evidence) -> bool:
    acl_point = evidence.engine.borders.acl_point
    points = [acl_point(spot, Direction.EGRESS, Leg.REQUEST) for spot in end.ends(evidence).spots]
    return all(point.passes.must & left for point in points)


def _hop(path: Path, kind: str) -> Hop | None:
    return next((hop for hop in path.hops if hop.kind == kind and hop.leg is Leg.REQUEST and hop.at), None)


def _judged(exits: list[_Exit], evidence: Evidence) -> Judged:
    first = exits[0]
    unknown = not first.sure
    routes = tuple(
        dict.fromkeys(f"{one.route.component} sends {one.route.rule}" for one in exits if one.route)
    )
    networks = tuple(dict.fromkeys(one.network for one in exits))
    services = service_text(Traffic.union(one.path.traffic.may for one in exits))
    can = "may be able to open" if unknown else "can open"
    who = named(dict.fromkeys(one.end for one in exits))
    reasons: list[Reason] = [reason for one in exits for reason in one.answer.unknowns]
    severity = Severity.MEDIUM if any(one.foreign for one in exits) else Severity.LOW
    name = evidence.group_name(first.rule.component)
    return Judged(
        judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
        component=first.rule.component,
        at=first.place[-1],
        fact=f"{first.rule.rule} into {listed(sorted(networks))} by {listed(sorted(set(routes)))}",
        message=f"{who} {can} {services} to {some(networks, _MOST_NAMED)} by the rule {first.rule.rule}: "
        f"{some(routes, _MOST_NAMED)}.",
        severity=Severity.LOW if unknown else severity,
        fix=f"Take the rule {first.rule.rule} out of {name}, or keep it to the hosts that are meant: replies "
        "need no rule. A route is needed only if somebody there connects to these workloads.",
        proof=tuple(steps(first.path)),
        related=tuple(dict.fromkeys(_related(exits))),
        unknowns=tuple(dict.fromkeys(reasons))[:_MOST_UNKNOWNS] if unknown else (),
    )


def _related(exits: list[_Exit]) -> Iterator[Related]:
    for one in exits:
        if one.route is not None and one.route.at is not None and one.route is not one.rule:
            yield Related(at=one.route.at, text=f"{one.route.component} sends {one.route.rule}")
    for one in exits:
        for workload in one.end.workloads[:_MOST_NAMED]:
            yield Related(at=workload.at, text=workload.id)
