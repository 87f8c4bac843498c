"""App Runner: services, which open connections by a connector into a VPC, and private ones by an endpoint.

https://docs.aws.amazon.com/apprunner/latest/dg/network-vpc.html
https://docs.aws.amazon.com/apprunner/latest/dg/network-pl.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Row, Spelling, open_tags
from auditor.aws.reader.handing import handed_to
from auditor.aws.reader.invoking import invoking
from auditor.model import (
    YES,
    Component,
    Link,
    Links,
    Workload,
)
from auditor.traffic import TCP, Bounds, exact, service
from auditor.tree import GapKind, Reason

SERVICE, CONNECTOR = "aws_apprunner_service", "aws_apprunner_vpc_connector"
CONNECTION = "aws_apprunner_vpc_ingress_connection"
_EGRESS = "network_configuration.egress_configuration"
_PUBLIC = "network_configuration.ingress_configuration.is_publicly_accessible"
_HTTPS = service(TCP, 443, 443)
# HTTP is answered by sending the client to HTTPS, where it is answered at all.
_LISTENS = Bounds(_HTTPS, _HTTPS | service(TCP, 80, 80))


def read_service(block: Block) -> Iterator[Workload]:
    """A service: HTTPS from the internet unless it is private; what it opens may leave by a connector."""
    leaves = _leaves(block)
    yield Workload(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=block.names("service_name"),
        tags=block.tags,
        open_tags=open_tags(block),
        public=block.fact(_PUBLIC, YES),
        filtered=False,
        default_group=False,
        listens=_LISTENS,
        placed=False,
        leaves=leaves,
        scope=block.resource.scope,
        presence=block.presence,
    )
    for link in leaves.items:
        users = block.users(SERVICE, f"{_EGRESS}.vpc_connector_arn", link.id)
        first = not users or users[0][0].address == block.address
        if first and block.estate.at_address(link.id) is None:
            yield _elsewhere(block, link)


def _leaves(block: Block) -> Links:
    """The connector of a service, where its traffic leaves by one; not certain where it may not.

    https://docs.aws.amazon.com/apprunner/latest/api/API_EgressConfiguration.html
    """
    types = block.choices(f"{_EGRESS}.egress_type", "DEFAULT")
    if types is not None and "VPC" not in types:
        return Links()
    connector = block.target(f"{_EGRESS}.vpc_connector_arn")
    if types == {"VPC"} and not (connector.among or connector.any):
        return Links((connector,))
    why = block.why(_EGRESS, f"{_EGRESS}.egress_type", f"{_EGRESS}.vpc_connector_arn")
    what = Reason(f"by which connector {block.address} opens connections", block.at, "a plan, or a snapshot")
    names = connector.among or (connector.id,)
    links = [replace(connector, id=name, certain=False, among=(), reasons=(*why, what)) for name in names]
    return Links(tuple(links), why if connector.any else ())


def _elsewhere(block: Block, connector: Link) -> Workload:
    """A connector that another input has: where its interfaces are is not known."""
    why = (Reason(f"where {connector.id} is", connector.at, "the input that declares it"),)
    return Workload(
        id=connector.id,
        kind=CONNECTOR,
        at=connector.at,
        subnets=Links(open=why),
        groups=Links(open=why),
        accepts=False,
        default_group=False,
        scope=block.resource.scope,
        presence=block.presence,
    )


def read_connection(block: Block) -> Iterator[Component]:
    """The way to a private service by an interface endpoint in a VPC, which AWS carries from there.

    https://docs.aws.amazon.com/apprunner/latest/dg/network-pl-manage.html
    """
    endpoint = block.target("ingress_vpc_configuration.vpc_endpoint_id")
    reached = block.target("service_arn")
    if endpoint.any or endpoint.reasons:
        why = "a private service is reached by an endpoint, and which one it is is not known"
        block.flag(GapKind.RESOURCE, f"{CONNECTION} {block.address}", why, block.at)
    group = Link(f"{block.address}.service", block.at)
    yield from invoking(block, group, endpoint, exact(_HTTPS))
    yield handed_to(reached, group, block)


READERS = {SERVICE: read_service, CONNECTION: read_connection}

ROWS = (
    Row(
        kinds=(CONNECTOR,),
        subnets=("subnets",),
        groups=("security_groups",),
        accepts=False,
        names=("vpc_connector_name",),
    ),
)

_CONNECTOR = Spelling(kind=CONNECTOR, attributes={"VpcConnectorArn": "arn"})
_SERVICE = Spelling(kind=SERVICE, attributes={"ServiceArn": "arn"})
_CONNECTION = Spelling(kind=CONNECTION)

SPELLINGS = {
    "AWS::AppRunner::Service": _SERVICE,
    "AWS::AppRunner::VpcConnector": _CONNECTOR,
    "AWS::AppRunner::VpcIngressConnection": _CONNECTION,
    "apprunner:Services": _SERVICE,
    "apprunner:VpcConnectors": _CONNECTOR,
    "VpcIngressConnections": _CONNECTION,
}
