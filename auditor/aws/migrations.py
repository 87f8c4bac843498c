"""The Database Migration Service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import ProfileRow, Row, Spelling
from auditor.aws.reader.respelling import inner, sibling, with_entries
from auditor.model import Placement
from auditor.tree import Map, Resource, Scalar

ROWS = (
    Row(
        kinds=("aws_dms_replication_instance",),
        groups=("vpc_security_group_ids",),
        profiles=(("replication_subnet_group_id", "aws_dms_replication_subnet_group"),),
        public="publicly_accessible",
        ipv6="network_type",
        placement=Placement.ONE,
        names=("replication_instance_id",),
    ),
    Row(
        kinds=("aws_dms_replication_config",),
        groups=("compute_config.vpc_security_group_ids",),
        profiles=(("compute_config.replication_subnet_group_id", "aws_dms_replication_subnet_group"),),
        placement=Placement.ONE,
        names=("replication_config_identifier",),
    ),
)

PROFILES = (ProfileRow(kinds=("aws_dms_replication_subnet_group",), names=("replication_subnet_group_id",)),)


def _collected_instance(resource: Resource) -> Iterator[Resource]:
    """A replication instance, and the subnet group that stands in it.

    https://docs.aws.amazon.com/dms/latest/APIReference/API_ReplicationInstance.html
    """
    group = resource.body.entries.get("replication_subnet_group")
    title = inner(group, "replication_subnet_group_id")
    if isinstance(group, Map) and isinstance(title, Scalar):
        address = sibling(resource, f"subgrp:{title.value}")
        resource = with_entries(resource, replication_subnet_group_id=Scalar(address, title.at))
        kind = "aws_dms_replication_subnet_group"
        yield replace(resource, kind=kind, address=address, body=group, at=group.at)
    yield resource


# An instance is public unless told otherwise; Terraform tells.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dms-replicationinstance.html
SPELLINGS = {
    "AWS::DMS::ReplicationInstance": Spelling(
        kind="aws_dms_replication_instance",
        renamed={
            "ReplicationInstanceIdentifier": "replication_instance_id",
            "ReplicationSubnetGroupIdentifier": "replication_subnet_group_id",
        },
        given={"publicly_accessible": True},
    ),
    "AWS::DMS::ReplicationSubnetGroup": Spelling(
        kind="aws_dms_replication_subnet_group",
        renamed={"ReplicationSubnetGroupIdentifier": "replication_subnet_group_id"},
    ),
    "AWS::DMS::ReplicationConfig": Spelling(kind="aws_dms_replication_config"),
    "ReplicationConfigs": Spelling(kind="aws_dms_replication_config"),
    "ReplicationSubnetGroups": Spelling(
        kind="aws_dms_replication_subnet_group",
        renamed={"ReplicationSubnetGroupIdentifier": "replication_subnet_group_id", "Subnets": "subnet_ids"},
        each={"Subnets": "SubnetIdentifier"},
    ),
    "ReplicationInstances": Spelling(
        kind="aws_dms_replication_instance",
        renamed={
            "ReplicationInstanceIdentifier": "replication_instance_id",
            "ReplicationSubnetGroup.ReplicationSubnetGroupIdentifier": "replication_subnet_group_id",
            "ReplicationSubnetGroup.Subnets": "subnet_ids",
            "VpcSecurityGroups": "vpc_security_group_ids",
        },
        each={
            "ReplicationSubnetGroup.Subnets": "SubnetIdentifier",
            "VpcSecurityGroups": "VpcSecurityGroupId",
        },
        then=_collected_instance,
        also=("aws_dms_replication_subnet_group",),
    ),
}
