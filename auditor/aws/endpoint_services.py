"""Endpoint services of one's own, which other VPCs connect to by PrivateLink.

https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling
from auditor.aws.reader.privatelink import any_account
from auditor.model import YES, Component, EndpointService

SERVICE = "aws_vpc_endpoint_service"
ALLOWED = "aws_vpc_endpoint_service_allowed_principal"


def read_service(block: Block) -> Iterator[EndpointService]:
    """A service, and the network or gateway load balancers that its consumers' connections arrive at."""
    yield EndpointService(
        id=block.address,
        at=block.at,
        names=block.names(),
        tags=block.tags,
        service=block.text("service_name"),
        balancers=block.links("network_load_balancer_arns", "gateway_load_balancer_arns"),
        any_account=any_account(block),
        acceptance=block.fact("acceptance_required", YES),
        presence=block.presence,
    )


def read_nothing(block: Block) -> Iterator[Component]:  # noqa: ARG001 - a reader takes what all take
    """What the endpoint that it is about asks for, or what carries nothing."""
    yield from ()


READERS = {
    SERVICE: read_service,
    ALLOWED: read_nothing,
    "aws_vpc_endpoint_connection_accepter": read_nothing,
    "aws_vpc_endpoint_service_private_dns_verification": read_nothing,
}
SPELLINGS = {
    "AWS::EC2::VPCEndpointService": Spelling(
        kind=SERVICE, attributes={"ServiceId": "id"}, given={"acceptance_required": True}
    ),
    "AWS::EC2::VPCEndpointServicePermissions": Spelling(
        kind=ALLOWED,
        renamed={"ServiceId": "vpc_endpoint_service_id", "AllowedPrincipals": "principal_arn"},
    ),
    "ServiceConfigurations": Spelling(kind=SERVICE, each={"AllowedPrincipals": "Principal"}),
}
