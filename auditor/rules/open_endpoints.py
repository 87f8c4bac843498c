"""Gateway endpoints whose policy lets everything pass: ways to the buckets and tables of any account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Direction, EndpointType, Truth, VpcEndpoint
from auditor.reach import Answer, Path, Verdict
from auditor.reach.of_service import ADDRESSES
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.parties import End, named
from auditor.rules.places import from_subnet
from auditor.rules.words import steps
from auditor.traffic import TCP, Traffic, exact, service
from auditor.tree import Presence, Reason

_MOST_NAMED = 4
_MOST_UNKNOWNS = 12
_HTTPS = service(TCP, 443, 443)

# Those that have gateway endpoints: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
_SERVICES = ("s3", "dynamodb")


@dataclass(frozen=True, slots=True)
class _Way:
    """How workloads get to a service through an endpoint, and whether they certainly do."""

    end: End
    path: Path
    sure: bool
    unknowns: tuple[Reason, ...]


def through_endpoints(sources: Iterable[End], evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each gateway endpoint through which workloads get to everybody's data, or may.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """
    given = tuple(sources)
    carriers, index = evidence.engine.carriers, evidence.engine.index
    for endpoint in evidence.engine.inventory.vpc_endpoints:
        if endpoint.restricted.truth is Truth.YES or EndpointType.GATEWAY not in endpoint.types:
            continue
        vpc = index.canonical(endpoint.vpc.id)
        near = [one for one in given if index.same_vpc(vpc, carriers.vpc(one.workloads[0])) is Truth.YES]
        name = endpoint.service.rpartition(".")[2]
        for possible in [name] if name else _SERVICES:
            asked: dict[str, Answer] = {}
            ways = [way for one in near for way in _ways(one, endpoint, possible, asked, evidence)]
            if ways:
                yield _judged(endpoint, possible, ways)
                break


def _ways(
    end: End, endpoint: VpcEndpoint, name: str, asked: dict[str, Answer], evidence: Evidence
) -> Iterator[_Way]:
    """The ways of workloads; each subnet is asked once, whatever groups are carried there."""
    engine = evidence.engine.about(name)
    for spot in end.ends(evidence).spots:
        place = spot.subnet if spot.subnet in engine.index.subnets else None
        key = place or end.text
        if key not in asked:
            target = engine.resolved.ends(engine.endpoint(f"service:{name}"))
            if place:
                asked[key] = from_subnet(engine, place, target, _HTTPS)
            else:
                asked[key] = evidence.engine.can_reach(end.text, f"service:{name}", _HTTPS)
        answer = asked[key]
        point = engine.borders.group_point(spot, Direction.EGRESS, None) if place else None
        for path in answer.paths:
            delivered = path.traffic & exact(Traffic.of(destinations=ADDRESSES))
            passes = delivered if point is None else delivered & point.passes
            if passes.may and any(hop.component == endpoint.id for hop in path.hops):
                certain = end.sure and answer.verdict is Verdict.REACHABLE and bool(passes.must)
                open_ = point.reasons(passes.may) if point else ()
                yield _Way(end, path, certain, (*answer.unknowns, *open_))


def _judged(endpoint: VpcEndpoint, name: str, ways: Sequence[_Way]) -> Judged:
    fact = endpoint.restricted
    certain = [way for way in ways if way.sure]
    known = bool(endpoint.service) and len(endpoint.types) == 1 and endpoint.presence is Presence.CERTAIN
    sure = bool(certain) and fact.truth is Truth.NO and known
    shown = certain if sure else ways
    ends = tuple(dict.fromkeys(way.end for way in shown))
    who = named(ends)
    thing = "bucket" if name == "s3" else "table"
    verb = "can get" if sure else "may be able to get"
    reasons: list[Reason] = [*fact.reasons, *(why for way in shown for why in way.unknowns)]
    if not known:
        reasons.append(Reason(f"the service and the type of {endpoint.id}", endpoint.at))
    at = fact.at or endpoint.at
    related = [Related(at=end.workloads[0].at, text=end.workloads[0].id) for end in ends[:_MOST_NAMED]]
    return Judged(
        judgement=Judgement.VIOLATED if sure else Judgement.UNDETERMINED,
        component=endpoint.id,
        at=at,
        fact=f"every {thing} by {name}",
        message=f"{who} {verb} to every {thing} of every account through {endpoint.id}, whose policy "
        f"{'allows' if fact.truth is Truth.NO else 'may allow'} everything.",
        severity=Severity.LOW,
        fix=f"Give {endpoint.id} a policy that allows what is used, on the organization's own {thing}s only "
        "(aws:ResourceOrgID, aws:ResourceAccount, or their ARNs).",
        proof=tuple(steps(shown[0].path)),
        related=(*([Related(at=endpoint.at, text=endpoint.id)] if at != endpoint.at else []), *related),
        unknowns=() if sure else tuple(dict.fromkeys(reasons))[:_MOST_UNKNOWNS],
    )
