"""Relational databases: instances, clusters, proxies and their subnet groups.

Ports are the engines' defaults: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
What is restored or a replica has the port of
what it is made from: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceFromDBSnapshot.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import ProfileRow, Row, Spelling
from auditor.aws.reader.respelling import (
    entry,
    in_legacy_groups,
    inner,
    named_siblings,
    possibly_absent,
    sibling,
    undecided,
    with_entries,
)
from auditor.model import Placement
from auditor.tree import Map, Node, Resource, Scalar, Unknown

ENGINES = {
    "aurora": 3306,
    "aurora-mysql": 3306,
    "aurora-postgresql": 5432,
    "db2-ae": 50000,
    "db2-se": 50000,
    "docdb": 27017,
    "mariadb": 3306,
    "mysql": 3306,
    "neptune": 8182,
    "oracle-ee": 1521,
    "oracle-ee-cdb": 1521,
    "oracle-se2": 1521,
    "oracle-se2-cdb": 1521,
    "postgres": 5432,
    "sqlserver-ee": 1433,
    "sqlserver-ex": 1433,
    "sqlserver-se": 1433,
    "sqlserver-web": 1433,
}
# Their options (Enterprise Manager, SSL, Reporting Services) and hosts of one's own listen on further ports.
WITH_OPTIONS = ("custom-", "db2-", "oracle-", "sqlserver-")
# Babelfish listens on a port of its own, as do memcached and group replication of MySQL.
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/babelfish-configuration.html
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.MySQL.Options.memcached.html
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-active-active-clusters.html
BABELFISH = {"aurora-postgresql": ("db_cluster_parameter_group_name", "db_cluster_parameter_group")}
OF_MYSQL = {
    "mysql": (
        "option_group_name",
        "parameter_group_name",
        "db_parameter_group_name",
        "option_group_memberships.option_group_name",
        "db_parameter_groups.db_parameter_group_name",
    )
}
FAMILIES = {"MYSQL": 3306, "POSTGRESQL": 5432, "SQLSERVER": 1433}

_CLUSTER_ORIGINS = (
    "snapshot_identifier",
    "replication_source_identifier",
    "restore_to_point_in_time",
    "source_db_cluster_identifier",
    "source_db_cluster_resource_id",
)
_INSTANCE_ORIGINS = (
    "snapshot_identifier",
    "replicate_source_db",
    "restore_to_point_in_time",
    "db_snapshot_identifier",
    "db_cluster_snapshot_identifier",
    "source_db_cluster_identifier",
    "source_db_instance_identifier",
    "source_dbi_resource_id",
    "source_db_instance_automated_backups_arn",
)

DB_SUBNETS = ("db_subnet_group_name", "aws_db_subnet_group")

RDS_CLUSTER = Row(
    kinds=("aws_rds_cluster",),
    groups=("vpc_security_group_ids",),
    profiles=(DB_SUBNETS,),
    port="port",
    ports_by="engine",
    ports_of=ENGINES,
    others_of=WITH_OPTIONS,
    others_with=BABELFISH,
    made_from=_CLUSTER_ORIGINS,
    public="publicly_accessible",
    ipv6="network_type",
    placement=Placement.ONE,
    names=("cluster_identifier",),
)

ROWS = (
    RDS_CLUSTER,
    Row(
        kinds=("aws_db_instance",),
        groups=("vpc_security_group_ids",),
        profiles=(DB_SUBNETS,),
        public="publicly_accessible",
        ipv6="network_type",
        port="port",
        ports_by="engine",
        ports_of=ENGINES,
        others_of=WITH_OPTIONS,
        others_with=OF_MYSQL,
        made_from=_INSTANCE_ORIGINS,
        placement=Placement.ONE,
        names=("identifier",),
    ),
    Row(
        kinds=("aws_rds_cluster_instance",),
        groups=("vpc_security_group_ids",),
        profiles=(DB_SUBNETS,),
        port="port",
        ports_by="engine",
        others_of=(*WITH_OPTIONS, *BABELFISH),
        cluster=("cluster_identifier", RDS_CLUSTER),
        public="publicly_accessible",
        ipv6="network_type",
        placement=Placement.ONE,
        names=("identifier",),
    ),
    Row(
        kinds=("aws_db_proxy",),
        subnets=("vpc_subnet_ids",),
        groups=("vpc_security_group_ids",),
        ports_by="engine_family",
        ports_of=FAMILIES,
    ),
)

PROFILES = (ProfileRow(kinds=("aws_db_subnet_group",)),)


def _templated_instance(resource: Resource) -> Iterator[Resource]:
    """An instance is one of a cluster where it names one; that cluster's groups are its own then.

    Who does not say whether it is public leaves that to RDS, which looks at the VPC as it is at that time.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
    """
    cluster = entry(resource, "db_cluster_identifier")
    resource = public_or_not(in_legacy_groups(resource, "db_security_groups", "vpc_security_group_ids"))
    if cluster is None:
        yield resource
    elif not possibly_absent(cluster):
        member = with_entries(resource, cluster_identifier=cluster, vpc_security_group_ids=None)
        yield replace(member, kind="aws_rds_cluster_instance")
    else:
        yield with_entries(
            resource,
            vpc_security_group_ids=_or_of_cluster(resource, "vpc_security_group_ids"),
            db_subnet_group_name=_or_of_cluster(resource, "db_subnet_group_name"),
            port=_or_of_cluster(resource, "port"),
        )


def _or_of_cluster(resource: Resource, name: str) -> Node:
    """What an instance says itself, unless it is one of a cluster, of which the input does not tell that."""
    what = f"whether {resource.address} is one of a cluster"
    other = undecided(resource, name, what, "a value for what decides it")
    own = resource.body.entries.get(name, Scalar(None, resource.body.at))
    return Unknown(other.reasons, resource.body.at, options=(own, other))


def public_or_not(resource: Resource) -> Resource:
    """Says that it is not known whether something is public, where it does not say that itself."""
    if entry(resource, "publicly_accessible") is not None:
        return resource
    what = f"whether {resource.address} is public, which depends on its VPC when it is made"
    public = undecided(resource, "publicly_accessible", what, "give PubliclyAccessible")
    return with_entries(resource, publicly_accessible=public)


def _templated_cluster(resource: Resource) -> Iterator[Resource]:
    """A cluster of Aurora is not public itself; of Aurora PostgreSQL the default port has changed.

    It was 3306 before the end of 2022, whatever the engine.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html
    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-rds/pull/324
    """
    engine = entry(resource, "engine")
    name = str(engine.value).lower() if isinstance(engine, Scalar) else ""
    if not name.startswith("aurora"):
        resource = public_or_not(resource)
    restored = any(entry(resource, origin) is not None for origin in _CLUSTER_ORIGINS)
    if name == "aurora-postgresql" and entry(resource, "port") is None and not restored:
        what = f"the port of {resource.address}, which depends on when it was made"
        resource = with_entries(resource, port=undecided(resource, "port", what, "give Port", 3306, 5432))
    yield resource


MEMBERS = {"docdb": "aws_docdb_cluster_instance", "neptune": "aws_neptune_cluster_instance"}
CLUSTERS = {"docdb": "aws_docdb_cluster", "neptune": "aws_neptune_cluster"}


def _collected_instance(resource: Resource) -> Iterator[Resource]:
    """An instance as it is, whatever its cluster says, and the subnet group that stands in it.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html
    """
    engine = entry(resource, "engine")
    name = str(engine.value) if isinstance(engine, Scalar) else ""
    group = resource.body.entries.get("db_subnet_group")
    if entry(resource, "db_cluster_identifier") is not None:
        resource = replace(resource, kind=MEMBERS.get(name, "aws_rds_cluster_instance"))
        if group is None:
            resource = _as_its_cluster(resource)
    title = inner(group, "name")
    if isinstance(group, Map) and isinstance(title, Scalar):
        address = sibling(resource, f"subgrp:{title.value}")
        resource = with_entries(resource, db_subnet_group_name=Scalar(address, title.at))
        yield replace(resource, kind="aws_db_subnet_group", address=address, body=group, at=group.at)
    yield _in_neptune(resource, name)


def _as_its_cluster(resource: Resource) -> Resource:
    cluster = entry(resource, "db_cluster_identifier")
    there = with_entries(resource, cluster_identifier=cluster, vpc_security_group_ids=None)
    return named_siblings(there, cluster_identifier="cluster:")


def _in_neptune(resource: Resource, engine: str) -> Resource:
    if engine != "neptune":
        return resource
    return with_entries(resource, neptune_subnet_group_name=entry(resource, "db_subnet_group_name"))


def _collected_cluster(resource: Resource) -> Iterator[Resource]:
    """A cluster of the engine that it says."""
    engine = entry(resource, "engine")
    name = str(engine.value) if isinstance(engine, Scalar) else ""
    resource = named_siblings(resource, db_subnet_group_name="subgrp:")
    yield _in_neptune(replace(resource, kind=CLUSTERS.get(name, resource.kind)), name)


_PROXY = Spelling(kind="aws_db_proxy", renamed={"DBProxyName": "name"}, attributes={"DBProxyArn": "arn"})
_PROXY_ENDPOINT = Spelling(kind="aws_db_proxy_endpoint")

SPELLINGS = {
    "AWS::RDS::DBInstance": Spelling(
        kind="aws_db_instance",
        renamed={"DBInstanceIdentifier": "identifier", "VPCSecurityGroups": "vpc_security_group_ids"},
        attributes={"DBInstanceArn": "arn"},
        then=_templated_instance,
        also=("aws_rds_cluster_instance",),
    ),
    "AWS::RDS::DBCluster": Spelling(
        kind="aws_rds_cluster",
        renamed={"DBClusterIdentifier": "cluster_identifier"},
        attributes={"DBClusterArn": "arn"},
        then=_templated_cluster,
    ),
    "AWS::RDS::DBProxy": _PROXY,
    "AWS::RDS::DBProxyEndpoint": _PROXY_ENDPOINT,
    "AWS::RDS::DBSubnetGroup": Spelling(kind="aws_db_subnet_group", renamed={"DBSubnetGroupName": "name"}),
    "DBInstances": Spelling(
        kind="aws_db_instance",
        renamed={
            "DBInstanceIdentifier": "identifier",
            "VpcSecurityGroups": "vpc_security_group_ids",
            "Endpoint.Port": "/port",
            "DBSubnetGroup.DBSubnetGroupName": "name",
            "DBSubnetGroup.Subnets": "subnet_ids",
        },
        each={
            "VpcSecurityGroups": "VpcSecurityGroupId",
            "DBSubnetGroup.Subnets": "SubnetIdentifier",
        },
        then=_collected_instance,
        also=("aws_rds_cluster_instance", *MEMBERS.values(), "aws_db_subnet_group"),
    ),
    "DBClusters": Spelling(
        kind="aws_rds_cluster",
        renamed={
            "DBClusterIdentifier": "cluster_identifier",
            "DBSubnetGroup": "db_subnet_group_name",
            "VpcSecurityGroups": "vpc_security_group_ids",
        },
        each={"VpcSecurityGroups": "VpcSecurityGroupId"},
        then=_collected_cluster,
        also=tuple(CLUSTERS.values()),
    ),
    "DBSubnetGroups": Spelling(
        kind="aws_db_subnet_group",
        renamed={"DBSubnetGroupName": "name", "Subnets": "subnet_ids"},
        each={"Subnets": "SubnetIdentifier"},
    ),
    "DBProxyEndpoints": _PROXY_ENDPOINT,
}
