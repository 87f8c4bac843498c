"""One network as two accounts see it: what they share is one thing, whichever answers tell of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor import load
from auditor.model import Inventory, Truth
from auditor.tree import Presence

OWNER, OTHER = "111111111111", "222222222222"
VPC, SUBNET = "vpc-0000000000000000a", "subnet-0000000000000000a"
HUB, TABLE = "tgw-0000000000000000a", "tgw-rtb-0000000000000000a"
ATTACHMENT, PEERING = "tgw-attach-0000000000000000a", "pcx-0000000000000000a"
ATTACHED = {
    "TransitGatewayAttachmentId": ATTACHMENT,
    "TransitGatewayId": HUB,
    "TransitGatewayOwnerId": OWNER,
    "ResourceOwnerId": OTHER,
    "ResourceType": "vpc",
    "ResourceId": VPC,
    "State": "available",
}
END = {"TransitGatewayAttachmentId": ATTACHMENT, "ResourceId": VPC, "ResourceType": "vpc"}

# The subnet is shared with the other account; the other account's VPC is on the owner's transit gateway.
BOTH = {
    "Vpcs": [{"VpcId": VPC, "CidrBlock": "10.0.0.0/16", "OwnerId": OWNER}],
    "Subnets": [
        {
            "SubnetId": SUBNET,
            "VpcId": VPC,
            "CidrBlock": "10.0.0.0/24",
            "AvailabilityZone": "eu-west-1a",
            "AvailabilityZoneId": "euw1-az1",
            "OwnerId": OWNER,
        }
    ],
    "VpcPeeringConnections": [
        {
            "VpcPeeringConnectionId": PEERING,
            "RequesterVpcInfo": {"VpcId": VPC, "Region": "eu-west-1", "OwnerId": OWNER},
            "AccepterVpcInfo": {"VpcId": "vpc-0000000000000000b", "Region": "eu-west-1", "OwnerId": OTHER},
            "Status": {"Code": "active"},
        }
    ],
    "TransitGateways": [
        {
            "TransitGatewayId": HUB,
            "OwnerId": OWNER,
            "State": "available",
            "Options": {
                "DefaultRouteTableAssociation": "enable",
                "AssociationDefaultRouteTableId": TABLE,
                "DefaultRouteTablePropagation": "disable",
            },
        }
    ],
    "TransitGatewayAttachments": [
        {**ATTACHED, "Association": {"TransitGatewayRouteTableId": TABLE, "State": "associated"}}
    ],
}
OWNERS = {
    "TransitGatewayRouteTables": [
        {"TransitGatewayRouteTableId": TABLE, "TransitGatewayId": HUB, "State": "available"}
    ],
    "TransitGatewayAssociations": [
        {"TransitGatewayRouteTableId": TABLE, "Associations": [{**END, "State": "associated"}]}
    ],
    "TransitGatewayPropagations": [
        {
            "TransitGatewayRouteTableId": TABLE,
            "TransitGatewayRouteTablePropagations": [{**END, "State": "enabled"}],
        }
    ],
    "TransitGatewayStaticRoutes": [
        {
            "TransitGatewayRouteTableId": TABLE,
            "Routes": [
                {
                    "DestinationCidrBlock": "10.9.0.0/16",
                    "Type": "static",
                    "State": "active",
                    "TransitGatewayAttachments": [END],
                }
            ],
        }
    ],
}
OTHERS = {
    "TransitGatewayVpcAttachments": [
        {
            "TransitGatewayAttachmentId": ATTACHMENT,
            "TransitGatewayId": HUB,
            "VpcId": VPC,
            "VpcOwnerId": OTHER,
            "SubnetIds": [SUBNET],
            "State": "available",
            "Options": {"ApplianceModeSupport": "disable", "SecurityGroupReferencingSupport": "enable"},
        }
    ]
}


@pytest.fixture(name="found")
def both_accounts(tmp_path: Path) -> Inventory:
    for account, answers in ((OWNER, {**BOTH, **OWNERS}), (OTHER, {**BOTH, **OTHERS})):
        folder = tmp_path / account / "eu-west-1"
        folder.mkdir(parents=True)
        for key, value in answers.items():
            (folder / f"{key}.json").write_text(json.dumps({key: value}), "utf-8")
    return load(str(tmp_path)).inventory


def test_what_two_accounts_see_is_there_once(found: Inventory):
    once = (
        found.vpcs,
        found.subnets,
        found.peerings,
        found.transit_gateways,
        found.transit_attachments,
        found.transit_tables,
        found.transit_associations,
        found.transit_propagations,
        found.transit_routes,
    )
    assert [len(each) for each in once] == [1] * len(once)
    assert found.subnets[0].zone == "eu-west-1a"


def test_what_one_account_describes_completes_what_the_other_lists(found: Inventory):
    (attachment,) = found.transit_attachments
    assert attachment.vpc is not None
    assert (attachment.vpc.id, [link.id for link in attachment.subnets.items]) == (VPC, [SUBNET])
    assert (attachment.gateway.id, attachment.default_association.truth) == (HUB, Truth.NO)
    (gateway,) = found.transit_gateways
    assert gateway.association_table is not None
    assert (gateway.association_table.id, gateway.propagation_table) == (TABLE, None)


def test_wrapped_answers_fill_the_tables_that_they_name(found: Inventory):
    parts = (*found.transit_associations, *found.transit_propagations, *found.transit_routes)
    assert {part.table.id for part in parts} == {TABLE}
    assert {part.attachment.id for part in parts if part.attachment is not None} == {ATTACHMENT}
    assert {part.presence for part in parts} == {Presence.CERTAIN}


def test_a_peering_that_both_ends_see_is_active_in_one_region(found: Inventory):
    (peering,) = found.peerings
    assert (peering.active.truth, peering.group_references.truth) == (Truth.YES, Truth.YES)
