"""Document and graph databases: DocumentDB and Neptune.

Ports are the engines' defaults, of the user guides of the services. The API has both among those of RDS.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import ProfileRow, Row, Spelling
from auditor.aws.reader.respelling import entry, undecided, with_entries
from auditor.model import Placement
from auditor.tree import Resource

CLUSTER_SUBNETS = ("db_subnet_group_name", "aws_docdb_subnet_group")

DOCUMENT_CLUSTER = Row(
    kinds=("aws_docdb_cluster",),
    groups=("vpc_security_group_ids",),
    profiles=(CLUSTER_SUBNETS,),
    port="port",
    ipv6="network_type",
    ports=(27017,),
    placement=Placement.ONE,
    names=("cluster_identifier",),
)
GRAPH_CLUSTER = Row(
    kinds=("aws_neptune_cluster",),
    groups=("vpc_security_group_ids",),
    profiles=(("neptune_subnet_group_name", "aws_neptune_subnet_group"),),
    port="port",
    ipv6="network_type",
    ports=(8182,),
    placement=Placement.ONE,
    names=("cluster_identifier",),
)

ROWS = (
    DOCUMENT_CLUSTER,
    GRAPH_CLUSTER,
    Row(
        kinds=("aws_docdb_cluster_instance",),
        groups=("vpc_security_group_ids",),
        profiles=(CLUSTER_SUBNETS,),
        port="port",
        cluster=("cluster_identifier", DOCUMENT_CLUSTER),
        placement=Placement.ONE,
        names=("identifier",),
    ),
    Row(
        kinds=("aws_neptune_cluster_instance",),
        groups=("vpc_security_group_ids",),
        port="port",
        profiles=(("neptune_subnet_group_name", "aws_neptune_subnet_group"),),
        cluster=("cluster_identifier", GRAPH_CLUSTER),
        public="publicly_accessible",
        placement=Placement.ONE,
        names=("identifier",),
    ),
    Row(
        kinds=("aws_docdbelastic_cluster",),
        subnets=("subnet_ids",),
        groups=("vpc_security_group_ids",),
        ports=(27017,),
    ),
)

PROFILES = (ProfileRow(kinds=("aws_docdb_subnet_group", "aws_neptune_subnet_group")),)


def _public_or_not(resource: Resource) -> Iterator[Resource]:
    """Whoever does not say whether an instance is public leaves that to Neptune.

    https://docs.aws.amazon.com/neptune/latest/apiref/API_CreateDBInstance.html
    """
    if entry(resource, "publicly_accessible") is None:
        what = f"whether {resource.address} is public, which Neptune decides"
        public = undecided(resource, "publicly_accessible", what, "give PubliclyAccessible")
        resource = with_entries(resource, publicly_accessible=public)
    yield resource


_NAMES = {"DBClusterIdentifier": "cluster_identifier", "DBInstanceIdentifier": "identifier"}
_CLUSTER = {"DBClusterIdentifier": "cluster_identifier"}
_SUBNETS = {"DBSubnetGroupName": "name"}

SPELLINGS = {
    "AWS::DocDB::DBCluster": Spelling(kind="aws_docdb_cluster", renamed=_CLUSTER),
    "AWS::DocDB::DBInstance": Spelling(kind="aws_docdb_cluster_instance", renamed=_NAMES),
    "AWS::DocDB::DBSubnetGroup": Spelling(kind="aws_docdb_subnet_group", renamed=_SUBNETS),
    "AWS::DocDBElastic::Cluster": Spelling(kind="aws_docdbelastic_cluster", renamed={"ClusterName": "name"}),
    "AWS::Neptune::DBCluster": Spelling(
        kind="aws_neptune_cluster",
        renamed={**_CLUSTER, "DBSubnetGroupName": "neptune_subnet_group_name", "DBPort": "port"},
    ),
    "AWS::Neptune::DBInstance": Spelling(
        kind="aws_neptune_cluster_instance",
        renamed={**_NAMES, "DBSubnetGroupName": "neptune_subnet_group_name"},
        then=_public_or_not,
    ),
    "AWS::Neptune::DBSubnetGroup": Spelling(kind="aws_neptune_subnet_group", renamed=_SUBNETS),
}
