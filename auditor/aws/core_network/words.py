"""Cloud WAN in the words of CloudFormation and of the API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.core_network.placing import CONNECT, DIRECT, LISTED, PEERING, TABLE, VPC, VPN
from auditor.aws.reader import Spelling
from auditor.aws.reader.respelling import entry
from auditor.tree import Resource, Scalar

CORE = "aws_networkmanager_core_network"
_ID = {"AttachmentId": "id"}
_NETWORK = {"CoreNetworkId": "id", "CoreNetworkArn": "arn"}


def _by_its_id(resource: Resource) -> Iterator[Resource]:
    """An attachment under its id, whichever answers tell of it."""
    own = entry(resource, "attachment_id")
    address = own.value if isinstance(own, Scalar) and isinstance(own.value, str) else resource.address
    yield replace(resource, address=address)


def _plain(name: str) -> Spelling:
    return Spelling(kind=f"aws_networkmanager_{name}")


SPELLINGS = {
    "AWS::NetworkManager::CoreNetwork": Spelling(kind=CORE, attributes=_NETWORK),
    "AWS::NetworkManager::VpcAttachment": Spelling(kind=VPC, attributes=_ID),
    "AWS::NetworkManager::SiteToSiteVpnAttachment": Spelling(kind=VPN, attributes=_ID),
    "AWS::NetworkManager::ConnectAttachment": Spelling(kind=CONNECT, attributes=_ID),
    "AWS::NetworkManager::DirectConnectGatewayAttachment": Spelling(kind=DIRECT, attributes=_ID),
    "AWS::NetworkManager::TransitGatewayRouteTableAttachment": Spelling(kind=TABLE, attributes=_ID),
    "AWS::NetworkManager::TransitGatewayPeering": Spelling(kind=PEERING, attributes={"PeeringId": "id"}),
    "AWS::NetworkManager::ConnectPeer": _plain("connect_peer"),
    "AWS::NetworkManager::CustomerGatewayAssociation": _plain("customer_gateway_association"),
    "AWS::NetworkManager::Device": _plain("device"),
    "AWS::NetworkManager::GlobalNetwork": _plain("global_network"),
    "AWS::NetworkManager::Link": _plain("link"),
    "AWS::NetworkManager::LinkAssociation": _plain("link_association"),
    "AWS::NetworkManager::Site": _plain("site"),
    "AWS::NetworkManager::TransitGatewayRegistration": _plain("transit_gateway_registration"),
    "CoreNetworks": Spelling(kind=CORE, renamed=_NETWORK),
    "CoreNetworkPolicies": Spelling(kind=f"{CORE}_policy_attachment"),
    "networkmanager:VpcAttachments": Spelling(
        kind=VPC,
        hoisted=frozenset({"Attachment"}),
        renamed={"Attachment.ResourceArn": "vpc_arn"},
        then=_by_its_id,
    ),
    "networkmanager:Attachments": Spelling(kind=LISTED, then=_by_its_id),
}
