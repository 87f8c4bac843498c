"""VPCs whose subnets reach S3 and DynamoDB through a NAT gateway, for want of a gateway endpoint."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import EndpointType, Subnet, TargetKind, Truth, VpcEndpoint
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.words import listed
from auditor.traffic import PUBLIC
from auditor.tree import Location, Presence, Reason

SERVICES = {"s3": "S3", "dynamodb": "DynamoDB"}
_MOST_UNKNOWNS = 12


@dataclass(frozen=True, slots=True)
class Way:
    """A subnet's way to the internet through a NAT gateway; ``sure`` where it certainly takes it."""

    table: str
    at: Location
    sure: bool
    reasons: tuple[Reason, ...]


def without_endpoints(evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each VPC. Its endpoints are of no use to what comes by a transit gateway.

    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
    """
    index = evidence.engine.index
    attached = {
        index.canonical(link.id)
        for one in evidence.engine.inventory.transit_attachments
        for link in one.subnets.items
    }
    for vpc, subnets in index.subnets_of.items():
        own = [subnet for subnet in subnets if subnet.id not in attached]
        ways = tuple(way for subnet in own for way in _ways(subnet, evidence))
        if not ways:
            continue
        found = {service: _has(vpc, service, evidence) for service in SERVICES}
        known = index.vpcs.get(vpc)
        lacking = [service for service, (truth, _) in found.items() if truth is Truth.NO]
        perhaps = [service for service, (truth, _) in found.items() if truth is Truth.UNKNOWN]
        at = known.at if known else subnets[0].at
        if lacking and known and any(way.sure for way in ways):
            yield _violated(vpc, at, ways, lacking)
        elif lacking or perhaps:
            why = tuple(reason for _, reasons in found.values() for reason in reasons)
            outside = Reason(f"the endpoints of {vpc}", at, "the input that defines the VPC, or a snapshot")
            reasons = (
                *why,
                *(reason for way in ways for reason in way.reasons),
                *(() if known else (outside,)),
            )
            yield _undetermined(vpc, at, [*lacking, *perhaps], reasons)


def _ways(subnet: Subnet, evidence: Evidence) -> Iterator[Way]:
    index, tables = evidence.engine.index, evidence.engine.borders.tables
    in_effect = tables.in_effect(subnet.id, index.canonical(subnet.vpc.id))
    for table in in_effect:
        for way in table.ways:
            if way.target.kind is not TargetKind.NAT_GATEWAY or not way.region.may.overlaps(PUBLIC):
                continue
            certain = len(in_effect) == 1 and subnet.presence is Presence.CERTAIN
            sure = certain and way.region.must.overlaps(PUBLIC)
            which = () if certain else (Reason(f"which route table {subnet.id} uses", subnet.at),)
            yield Way(table.component, way.at or subnet.at, sure, (*way.reasons, *which))


def _has(vpc: str, service: str, evidence: Evidence) -> tuple[Truth, tuple[Reason, ...]]:
    """Whether a VPC has an endpoint of a service, of either type that spares the NAT gateway."""
    truth: Truth = Truth.NO
    reasons: list[Reason] = []
    for endpoint in evidence.engine.inventory.vpc_endpoints:
        one, why = _is(endpoint, vpc, service, evidence)
        if one is Truth.YES:
            return Truth.YES, ()
        if one is Truth.UNKNOWN:
            truth = Truth.UNKNOWN
            reasons.extend(why)
    return truth, tuple(dict.fromkeys(reasons))


def _is(
    endpoint: VpcEndpoint, vpc: str, service: str, evidence: Evidence
) -> tuple[Truth, tuple[Reason, ...]]:
    index = evidence.engine.index
    here = index.same_vpc(index.canonical(endpoint.vpc.id), vpc)
    named = endpoint.service.endswith(f".{service}")
    if here is Truth.NO or (endpoint.service and not named):
        return Truth.NO, ()
    if not {EndpointType.GATEWAY, EndpointType.INTERFACE} & set(endpoint.types):
        return Truth.NO, ()
    certain = endpoint.vpc.certain and endpoint.presence is Presence.CERTAIN
    if named and here is Truth.YES and certain:
        return Truth.YES, ()
    what = Reason(f"whether {endpoint.id} is an endpoint of {vpc} for {SERVICES[service]}", endpoint.at)
    return Truth.UNKNOWN, (*endpoint.vpc.reasons, what)


def _violated(vpc: str, at: Location, ways: tuple[Way, ...], lacking: list[str]) -> Judged:
    names = listed(SERVICES[service] for service in lacking)
    tables = tuple(dict.fromkeys(way.table for way in ways if way.sure))
    return Judged(
        judgement=Judgement.VIOLATED,
        component=vpc,
        at=at,
        fact=f"no endpoint for {names}",
        message=f"{vpc} has no gateway endpoint for {names}: subnets of it go there through a NAT gateway.",
        severity=None if "s3" in lacking else Severity.INFO,
        fix=f"Add a gateway endpoint for {names} to {vpc}, with the route tables {listed(tables)}.",
        related=tuple(
            dict.fromkeys(
                Related(at=way.at, text=f"{way.table} routes to a NAT gateway") for way in ways if way.sure
            )
        ),
    )


def _undetermined(vpc: str, at: Location, services: list[str], reasons: tuple[Reason, ...]) -> Judged:
    names = listed(SERVICES[service] for service in services)
    return Judged(
        judgement=Judgement.UNDETERMINED,
        component=vpc,
        at=at,
        fact=f"endpoint for {names}",
        message=f"whether subnets of {vpc} reach {names} through a NAT gateway is not known.",
        severity=Severity.INFO,
        unknowns=tuple(dict.fromkeys(reasons))[:_MOST_UNKNOWNS],
    )
