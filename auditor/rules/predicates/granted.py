"""A policy grants more than it need: an endpoint's, an endpoint service's, or that of a bucket behind one."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import assert_never

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Bucket, EndpointService, EndpointType, Link, Truth, VpcEndpoint
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.section import Section
from auditor.tree import Presence, Reason


class What(StrEnum):
    """Whose policy is looked at."""

    ENDPOINT = "endpoint"
    SERVICE = "endpoint-service"
    BUCKET = "bucket"


@dataclass(frozen=True, slots=True)
class Parameters:
    """Whose policies; of endpoints those of some ``services`` of AWS, or of all where none is named."""

    what: What
    services: tuple[str, ...]


SCHEMA = {
    "type": "object",
    "properties": {
        "by": {"enum": [each.value for each in What]},
        "services": {"type": ["array", "string"], "items": {"type": "string"}},
    },
    "required": ["by"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``by``: endpoint, endpoint-service or bucket; ``services``: the last words of their names."""
    what = What(section.choice("by", tuple(What)))
    return Parameters(what, section.texts("services", required=False))


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each endpoint, endpoint service, or bucket that the policy of an endpoint names."""
    inventory = evidence.engine.inventory
    match parameters.what:
        case What.ENDPOINT:
            for endpoint in inventory.vpc_endpoints:
                if _is_meant(endpoint, parameters.services):
                    yield from _of_endpoint(endpoint)
        case What.SERVICE:
            for service in inventory.endpoint_services:
                yield from _of_service(service)
        case What.BUCKET:
            yield from _of_buckets(evidence)
        case _:
            assert_never(parameters.what)


def _is_meant(endpoint: VpcEndpoint, services: tuple[str, ...]) -> bool:
    """Whether an endpoint leads to one of the services of AWS, as far as the name of its service is known."""
    if endpoint.provider is not None or ".vpce-svc-" in endpoint.service:
        return False
    return not services or not endpoint.service or endpoint.service.rpartition(".")[2] in services


def _of_endpoint(endpoint: VpcEndpoint) -> Iterator[Judged]:
    fact = endpoint.restricted
    if fact.truth is Truth.YES:
        return
    sure = fact.truth is Truth.NO and bool(endpoint.service) and endpoint.presence is Presence.CERTAIN
    at = fact.at or endpoint.at
    which = endpoint.service.rpartition(".")[2] or "a service that is not known"
    written = fact.at is not None and fact.truth is Truth.NO
    how = "has a policy that" if written else "has no policy of its own: AWS's default one"
    message = f"{endpoint.id} {how} lets everybody do everything with everything of {which}."
    if not sure:
        message = f"the policy of {endpoint.id} may let everybody do everything with everything of {which}."
    service = () if endpoint.service else (Reason(f"the service of {endpoint.id}", endpoint.at),)
    yield Judged(
        judgement=Judgement.VIOLATED if sure else Judgement.UNDETERMINED,
        component=endpoint.id,
        at=at,
        fact=f"everything of {which}",
        message=message,
        related=(Related(at=endpoint.at, text=endpoint.id),) if at != endpoint.at else (),
        unknowns=() if sure else (*fact.reasons, *service),
    )


def _of_service(service: EndpointService) -> Iterator[Judged]:
    fact, asked = service.any_account, service.acceptance
    if fact.truth is Truth.NO:
        return
    sure = fact.truth is Truth.YES and service.presence is Presence.CERTAIN
    by_hand = asked.truth is Truth.YES
    who = "every AWS account may" if sure else "every AWS account may perhaps"
    then = "each of which its owner accepts" if by_hand else "and nobody has to accept it"
    if asked.truth is Truth.UNKNOWN:
        then = "and whether its owner accepts each is not known"
    yield Judged(
        judgement=Judgement.VIOLATED if sure else Judgement.UNDETERMINED,
        component=service.id,
        at=fact.at or service.at,
        fact="every account" if by_hand else "every account, without acceptance",
        message=f"{who} make an endpoint for {service.id}, {then}.",
        severity=Severity.LOW if by_hand else None,
        proof=tuple(f"{link.id} ({link.at})" for link in service.balancers.items),
        related=(Related(at=service.at, text=service.id),) if fact.at not in {None, service.at} else (),
        unknowns=() if sure else fact.reasons,
    )


def _of_buckets(evidence: Evidence) -> Iterator[Judged]:
    """The buckets that the policy of a gateway endpoint names: these are certainly meant for its VPC."""
    inventory = evidence.engine.inventory
    by_name: dict[str, Bucket] = {}
    for bucket in inventory.buckets:
        by_name.update(dict.fromkeys((bucket.id, *bucket.names), bucket))
    told: set[str] = set()
    for endpoint in inventory.vpc_endpoints:
        for link in endpoint.buckets.items if EndpointType.GATEWAY in endpoint.types else ():
            named = by_name.get(evidence.engine.index.canonical(link.id))
            if named is not None and named.id not in told and named.by_vpc.truth is not Truth.YES:
                told.add(named.id)
                yield _of_bucket(named, endpoint, link)


def _of_bucket(bucket: Bucket, endpoint: VpcEndpoint, link: Link) -> Judged:
    fact = bucket.by_vpc
    certain = bucket.presence is endpoint.presence is Presence.CERTAIN and len(endpoint.types) == 1
    sure = fact.truth is Truth.NO and certain
    has = "has a policy that does not ask" if fact.at else "has no policy that asks"
    message = f"{endpoint.id} is there for {bucket.id}, which {has} whether requests come through it."
    if not sure:
        message = f"{endpoint.id} is there for {bucket.id}, whose policy may not ask whether requests do so."
    return Judged(
        judgement=Judgement.VIOLATED if sure else Judgement.UNDETERMINED,
        component=bucket.id,
        at=fact.at or bucket.at,
        fact=f"not bound to {endpoint.id}",
        message=message,
        fix=(
            f"Deny in the policy of {bucket.id} what does not come through {endpoint.id}: StringNotEquals of "
            f"aws:SourceVpce with {endpoint.id}.id, and whom else you need besides."
        ),
        related=(
            Related(at=link.at, text=f"the policy of {endpoint.id} names it"),
            Related(at=bucket.at, text=bucket.id),
        ),
        unknowns=() if sure else fact.reasons,
    )
