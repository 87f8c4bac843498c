"""VPC endpoints: interfaces into AWS services, and the prefix lists of the gateway type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from auditor.aws.reader import Block, Row, Spelling, given_by, joined, read_row, service_named
from auditor.aws.reader.policies import document, referenced, restricting
from auditor.aws.reader.privatelink import accepted, provider_of
from auditor.model import (
    NO,
    YES,
    Component,
    EndpointType,
    Fact,
    GroupAttachment,
    Link,
    Links,
    PrefixList,
    PrefixListPeer,
    Route,
    Target,
    TargetKind,
    Truth,
    VpcEndpoint,
)
from auditor.tree import Dialect, GapKind, Presence, Reason

INTERFACE = Row(
    kinds=("aws_vpc_endpoint",),
    subnets=("subnet_ids",),
    subnet=("subnet_configuration.subnet_id",),
    groups=("security_group_ids",),
    vpc="vpc_id",
    ipv6="ip_address_type",
    initiates=False,
    names=("service_name",),
)


def read_endpoint(block: Block) -> Iterator[Component]:
    """An endpoint of any type. A gateway endpoint owns no interface: it adds routes to a prefix list of AWS.

    An interface endpoint is only ever connected to; it takes the VPC's default group where it names none.
    The endpoints that a network firewall makes are the firewall's.
    https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html
    """
    if block.users("aws_networkfirewall_firewall", "endpoint_ids", *block.ids):
        return
    types = block.choices("vpc_endpoint_type", "Gateway")
    yield _endpoint(block, _possible(types))
    if types is None or "Gateway" in types:
        yield _prefix_list(block)
        yield from _gateway_routes(block if types else block.perhaps(block.why("vpc_endpoint_type")))
    if types == {"Gateway"}:
        return
    balancer = types == {"GatewayLoadBalancer"}
    seen = (
        block
        if types is not None and "Gateway" not in types
        else block.perhaps(block.why("vpc_endpoint_type"))
    )
    for workload in read_row(INTERFACE, seen):
        others = given_by(block, "aws_vpc_endpoint_subnet_association", "vpc_endpoint_id", "subnet_id")
        subnets = joined(Links(workload.subnets.items, block.links("subnet_ids").open), others)
        if not subnets.items and not subnets.open:
            subnets = workload.subnets
        yield replace(
            workload,
            subnets=subnets,
            filtered=not balancer,
            default_group=not balancer,
            forwards=YES if balancer else NO,
        )


def _possible(types: AbstractSet[str] | None) -> tuple[EndpointType, ...]:
    """The types that an endpoint may be of, all where that is not known."""
    named = {name.casefold(): type_ for type_, name in _NAMES.items()}
    if types is None or any(name.casefold() not in named for name in types):
        return tuple(EndpointType)
    return tuple(sorted({named[name.casefold()] for name in types}))


def _endpoint(block: Block, types: tuple[EndpointType, ...]) -> VpcEndpoint:
    """The endpoint itself. Those of VPC Lattice lead to what is not read: each is a gap as well."""
    if set(types) <= _LATTICE:
        why = "it leads to a resource or a service network of VPC Lattice, and these are not read"
        block.flag(GapKind.RESOURCE, f"{block.resource.kind} {block.address}", why, block.at)
    provider = provider_of(block)
    return VpcEndpoint(
        id=block.address,
        at=block.at,
        vpc=block.target("vpc_id"),
        types=types,
        names=block.names(),
        tags=block.tags,
        service=_service(block),
        provider=provider,
        accepted=YES if types == (EndpointType.GATEWAY,) else accepted(block, provider),
        restricted=_restricted(block),
        private_dns=_private_dns(block),
        buckets=_buckets(block),
        presence=block.presence,
    )


def _private_dns(block: Block) -> Fact:
    """Whether the service's own name leads to the endpoint; a resource of its own may say so too.

    Where nothing is said it does not; AWS's own answer says it.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcendpoint.html
    """
    for user, link in block.users("aws_vpc_endpoint_private_dns", "vpc_endpoint_id", *block.ids):
        if link.certain and user.presence is Presence.CERTAIN:
            return user.fact("private_dns_enabled")
    gateway = block.choices("vpc_endpoint_type", "Gateway") == {"Gateway"}
    if block.has("private_dns_enabled") or gateway or block.resource.dialect is not Dialect.SNAPSHOT:
        return block.fact("private_dns_enabled")
    why = Reason(f"whether {block.address} has private DNS", block.at, "the whole answer of AWS")
    return Fact(Truth.UNKNOWN, block.at, (why,))


def _restricted(block: Block) -> Fact:
    """Whether a policy may deny requests: the endpoint's own, or one put on it by a resource."""
    found = [restricting(block.get("policy"))]
    for user, link in block.users("aws_vpc_endpoint_policy", "vpc_endpoint_id", *block.ids):
        put = restricting(user.get("policy"))
        if link.certain and user.presence is Presence.CERTAIN and not block.has("policy"):
            return put
        found.append(put)
    if len({one.truth for one in found}) == 1:
        return found[0]
    doubtful = next(one for one in reversed(found) if one.truth is not Truth.NO)
    reason = Reason(f"which policy {block.address} has", doubtful.at or block.at, "a snapshot")
    return Fact(Truth.UNKNOWN, doubtful.at, (*doubtful.reasons, reason))


def _buckets(block: Block) -> Links:
    """The buckets of S3 that the endpoint's policy names: resources of the input, or literal names."""
    found = []
    for name, at in referenced(document(block, "policy")):
        if block.estate.kind_at(name) == "aws_s3_bucket":
            found.append(Link(name, at))
        found += [Link(literal, at) for literal in _BUCKET.findall(name)]
    return Links(tuple(dict.fromkeys(found)))


def _gateway_routes(block: Block) -> Iterator[Route]:
    """The routes to its service that a gateway endpoint adds to the tables that name it or that it names."""
    kind = "aws_vpc_endpoint_route_table_association"
    tables = joined(
        block.links("route_table_ids"), given_by(block, kind, "vpc_endpoint_id", "route_table_id")
    )
    service = Link(f"{block.address}.prefix_list_id", block.at)
    for table in tables.items:
        yield Route(
            id=f"{block.address} in {table.id}",
            at=table.at,
            table=table,
            destination=PrefixListPeer(service, table.at),
            target=Target(TargetKind.VPC_ENDPOINT, Link(block.address, block.at)),
            presence=block.presence if table.certain else block.possible,
            reasons=(*block.reasons, *table.reasons),
        )


def _service(block: Block) -> str:
    """The name of the service; without its Region where that is not known (``.s3``)."""
    known = service_named(block.get("service_name"))
    return block.text("service_name") or (f".{known}" if known else "")


def _prefix_list(block: Block) -> PrefixList:
    return PrefixList(
        id=f"{block.address}.prefix_list_id",
        at=block.at,
        names=block.names(),
        open=(Reason(f"the addresses behind {block.address}", block.at, "a snapshot"),),
        service=service_named(block.get("service_name")),
        presence=block.presence,
    )


def read_group_association(block: Block) -> Iterator[GroupAttachment]:
    """A security group put on an interface endpoint."""
    group, endpoint = block.target("security_group_id"), block.target("vpc_endpoint_id")
    yield GroupAttachment(at=block.at, group=group, interface=endpoint, presence=block.presence)


def read_nothing(block: Block) -> Iterator[Component]:  # noqa: ARG001 - a reader takes what all take
    """What another reader reads from the other side, or what adds only routes to services of AWS."""
    yield from ()


_NAMES = {
    EndpointType.GATEWAY: "Gateway",
    EndpointType.INTERFACE: "Interface",
    EndpointType.GATEWAY_LOAD_BALANCER: "GatewayLoadBalancer",
    EndpointType.RESOURCE: "Resource",
    EndpointType.SERVICE_NETWORK: "ServiceNetwork",
}
_BUCKET = re.compile(r"arn:aws[\w-]*:s3:::([a-z0-9][a-z0-9.-]{2,62})")
_LATTICE = frozenset({EndpointType.RESOURCE, EndpointType.SERVICE_NETWORK})
_TYPES = {text: text for text in _NAMES.values()}

READERS = {
    "aws_vpc_endpoint": read_endpoint,
    "aws_vpc_endpoint_security_group_association": read_group_association,
    "aws_vpc_endpoint_subnet_association": read_nothing,
    "aws_vpc_endpoint_route_table_association": read_nothing,
    "aws_vpc_endpoint_policy": read_nothing,
}

SPELLINGS = {
    "AWS::EC2::VPCEndpoint": Spelling(
        kind="aws_vpc_endpoint", renamed={"PolicyDocument": "policy"}, values={"VpcEndpointType": _TYPES}
    ),
    "VpcEndpoints": Spelling(
        kind="aws_vpc_endpoint",
        renamed={"Groups": "security_group_ids", "PolicyDocument": "policy"},
        each={"Groups": "GroupId"},
        values={"VpcEndpointType": _TYPES},
    ),
}
