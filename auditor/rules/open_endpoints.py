"""Gateway endpoints whose policy lets everything pass: ways to the buckets and tables of any account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.finding import Judgement, Related, Severity
from auditor.model import EndpointType, Truth, VpcEndpoint
from auditor.reach import Answer, Verdict
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.parties import End, named
from auditor.rules.words import steps
from auditor.traffic import TCP, service
from auditor.tree import Presence, Reason

_MOST_NAMED = 4
_MOST_UNKNOWNS = 12
_HTTPS = service(TCP, 443, 443)

# Those that have gateway endpoints: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
_SERVICES = ("s3", "dynamodb")

Way = tuple[End, Answer]


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
            answers = [
                (one, evidence.engine.can_reach(one.text, f"service:{possible}", _HTTPS)) for one in near
            ]
            ways = [(one, answer) for one, answer in answers if _leads(answer, endpoint)]
            if ways:
                yield _judged(endpoint, possible, ways)
                break


def _leads(answer: Answer, endpoint: VpcEndpoint) -> bool:
    """Whether packets to a service go through an endpoint, or may."""
    return any(hop.component == endpoint.id for path in answer.paths for hop in path.hops)


def _judged(endpoint: VpcEndpoint, name: str, ways: Sequence[Way]) -> Judged:
    fact = endpoint.restricted
    certain = [way for way in ways if way[0].sure and way[1].verdict is Verdict.REACHABLE]
    known = bool(endpoint.service) and len(endpoint.types) == 1 and endpoint.presence is Presence.CERTAIN
    sure = bool(certain) and fact.truth is Truth.NO and known
    shown = certain if sure else ways
    who = named(end for end, _ in shown)
    thing = "bucket" if name == "s3" else "table"
    verb = "can get" if sure else "may be able to get"
    reasons: list[Reason] = [*fact.reasons, *(why for _, answer in shown for why in answer.unknowns)]
    if not known:
        reasons.append(Reason(f"the service and the type of {endpoint.id}", endpoint.at))
    at = fact.at or endpoint.at
    related = [Related(at=end.workloads[0].at, text=end.workloads[0].id) for end, _ in shown[:_MOST_NAMED]]
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
        proof=tuple(steps(shown[0][1].paths[0])),
        related=(*([Related(at=endpoint.at, text=endpoint.id)] if at != endpoint.at else []), *related),
        unknowns=() if sure else tuple(dict.fromkeys(reasons))[:_MOST_UNKNOWNS],
    )
