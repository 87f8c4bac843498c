"""VPC endpoints: interfaces into AWS services, and the prefix lists of the gateway type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Row, Spelling, given_by, joined, read_row, service_named
from auditor.model import (
    NO,
    YES,
    Component,
    GroupAttachment,
    Link,
    Links,
    PrefixList,
    PrefixListPeer,
    Route,
    Target,
    TargetKind,
)
from auditor.tree import Reason

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
    https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html
    """
    types = block.choices("vpc_endpoint_type", "Gateway")
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


_TYPES = {
    text: text for text in ("Interface", "Gateway", "GatewayLoadBalancer", "Resource", "ServiceNetwork")
}

READERS = {
    "aws_vpc_endpoint": read_endpoint,
    "aws_vpc_endpoint_security_group_association": read_group_association,
    "aws_vpc_endpoint_subnet_association": read_nothing,
    "aws_vpc_endpoint_route_table_association": read_nothing,
    "aws_vpc_endpoint_policy": read_nothing,
}

SPELLINGS = {
    "AWS::EC2::VPCEndpoint": Spelling(kind="aws_vpc_endpoint", values={"VpcEndpointType": _TYPES}),
    "VpcEndpoints": Spelling(
        kind="aws_vpc_endpoint",
        renamed={"Groups": "security_group_ids"},
        each={"Groups": "GroupId"},
        values={"VpcEndpointType": _TYPES},
    ),
}
