"""Databases and caches: rows only.

Ports are the engines' defaults, of the user guides of the services.
"""

from __future__ import annotations

from auditor.aws.reader import ProfileRow, Row
from auditor.model import Fact, Placement, Truth

UNDECIDED = Fact(Truth.UNKNOWN)

ENGINES = {
    "aurora": 3306,
    "aurora-mysql": 3306,
    "aurora-postgresql": 5432,
    "docdb": 27017,
    "mariadb": 3306,
    "mysql": 3306,
    "neptune": 8182,
    "postgres": 5432,
}
FAMILIES = {"MYSQL": 3306, "POSTGRESQL": 5432, "SQLSERVER": 1433}
CACHES = {"memcached": 11211, "redis": 6379, "valkey": 6379}

DB_SUBNETS = ("db_subnet_group_name", "aws_db_subnet_group")
CLUSTER_SUBNETS = ("db_subnet_group_name", "aws_docdb_subnet_group")
CACHE_SUBNETS = ("subnet_group_name", "aws_elasticache_subnet_group")

RDS_CLUSTER = Row(
    kinds=("aws_rds_cluster",),
    groups=("vpc_security_group_ids",),
    profiles=(DB_SUBNETS,),
    port="port",
    ports_by="engine",
    ports_of=ENGINES,
    public="publicly_accessible",
    placement=Placement.ONE,
    names=("cluster_identifier",),
)
DOCUMENT_CLUSTER = Row(
    kinds=("aws_docdb_cluster",),
    groups=("vpc_security_group_ids",),
    profiles=(CLUSTER_SUBNETS,),
    port="port",
    ports=(27017,),
    placement=Placement.ONE,
    names=("cluster_identifier",),
)
GRAPH_CLUSTER = Row(
    kinds=("aws_neptune_cluster",),
    groups=("vpc_security_group_ids",),
    profiles=(("neptune_subnet_group_name", "aws_neptune_subnet_group"),),
    port="port",
    ports=(8182,),
    placement=Placement.ONE,
    names=("cluster_identifier",),
)
CACHE_GROUP = Row(
    kinds=("aws_elasticache_replication_group",),
    groups=("security_group_ids",),
    profiles=(CACHE_SUBNETS,),
    port="port",
    ports=(6379,),
    placement=Placement.ONE,
    names=("replication_group_id",),
)

ROWS = (
    RDS_CLUSTER,
    DOCUMENT_CLUSTER,
    GRAPH_CLUSTER,
    CACHE_GROUP,
    Row(
        kinds=("aws_db_instance",),
        groups=("vpc_security_group_ids",),
        profiles=(DB_SUBNETS,),
        public="publicly_accessible",
        port="port",
        ports_by="engine",
        ports_of=ENGINES,
        placement=Placement.ONE,
        names=("identifier",),
    ),
    Row(
        kinds=("aws_rds_cluster_instance",),
        profiles=(DB_SUBNETS,),
        cluster=("cluster_identifier", RDS_CLUSTER),
        public="publicly_accessible",
        placement=Placement.ONE,
        names=("identifier",),
    ),
    Row(
        kinds=("aws_docdb_cluster_instance",),
        cluster=("cluster_identifier", DOCUMENT_CLUSTER),
        placement=Placement.ONE,
        names=("identifier",),
    ),
    Row(
        kinds=("aws_neptune_cluster_instance",),
        profiles=(("neptune_subnet_group_name", "aws_neptune_subnet_group"),),
        cluster=("cluster_identifier", GRAPH_CLUSTER),
        public="publicly_accessible",
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
    Row(
        kinds=("aws_db_proxy_endpoint",),
        subnets=("vpc_subnet_ids",),
        groups=("vpc_security_group_ids",),
        names=("db_proxy_endpoint_name",),
    ),
    Row(
        kinds=("aws_docdbelastic_cluster",),
        subnets=("subnet_ids",),
        groups=("vpc_security_group_ids",),
        ports=(27017,),
    ),
    Row(
        kinds=("aws_elasticache_cluster",),
        groups=("security_group_ids",),
        profiles=(CACHE_SUBNETS,),
        cluster=("replication_group_id", CACHE_GROUP),
        port="port",
        ports_by="engine",
        ports_of=CACHES,
        placement=Placement.ONE,
        names=("cluster_id",),
    ),
    Row(
        kinds=("aws_elasticache_serverless_cache",),
        subnets=("subnet_ids",),
        groups=("security_group_ids",),
        ports_by="engine",
        # The readers' endpoint of Redis and Valkey is on the next port; Memcached has none.
        ports_of={"memcached": 11211},
    ),
    Row(
        kinds=("aws_memorydb_cluster",),
        groups=("security_group_ids",),
        profiles=(("subnet_group_name", "aws_memorydb_subnet_group"),),
        port="port",
        ports=(6379,),
        placement=Placement.ONE,
    ),
    Row(
        kinds=("aws_dax_cluster",),
        groups=("security_group_ids",),
        profiles=(("subnet_group_name", "aws_dax_subnet_group"),),
        ports=(8111, 9111),
        placement=Placement.ONE,
        names=("cluster_name",),
    ),
    # The default of publicly_accessible was true before version 6 of the provider.
    Row(
        kinds=("aws_redshift_cluster",),
        groups=("vpc_security_group_ids",),
        profiles=(("cluster_subnet_group_name", "aws_redshift_subnet_group"),),
        public="publicly_accessible",
        public_default=UNDECIDED,
        port="port",
        ports=(5439,),
        placement=Placement.ONE,
        names=("cluster_identifier",),
    ),
    Row(
        kinds=("aws_redshiftserverless_workgroup",),
        subnets=("subnet_ids",),
        groups=("security_group_ids",),
        public="publicly_accessible",
        port="port",
        ports=(5439,),
        names=("workgroup_name",),
    ),
    Row(
        kinds=("aws_redshift_endpoint_access",),
        groups=("vpc_security_group_ids",),
        profiles=(("subnet_group_name", "aws_redshift_subnet_group"),),
        names=("endpoint_name",),
    ),
    Row(
        kinds=("aws_opensearch_domain", "aws_elasticsearch_domain"),
        requires="vpc_options",
        outside=True,
        subnets=("vpc_options.subnet_ids",),
        groups=("vpc_options.security_group_ids",),
        ports=(80, 443),
        names=("domain_name",),
    ),
    Row(
        kinds=("aws_opensearch_vpc_endpoint",),
        subnets=("vpc_options.subnet_ids",),
        groups=("vpc_options.security_group_ids",),
        initiates=False,
    ),
    Row(
        kinds=("aws_opensearchserverless_vpc_endpoint",),
        subnets=("subnet_ids",),
        groups=("security_group_ids",),
        vpc="vpc_id",
        initiates=False,
    ),
    Row(
        kinds=("aws_dms_replication_instance",),
        groups=("vpc_security_group_ids",),
        profiles=(("replication_subnet_group_id", "aws_dms_replication_subnet_group"),),
        public="publicly_accessible",
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
    Row(
        kinds=("aws_timestreaminfluxdb_db_instance",),
        subnets=("vpc_subnet_ids",),
        groups=("vpc_security_group_ids",),
        public="publicly_accessible",
        port="port",
        ports=(8086,),
        placement=Placement.ONE,
    ),
)

PROFILES = (
    ProfileRow(
        kinds=(
            "aws_db_subnet_group",
            "aws_docdb_subnet_group",
            "aws_neptune_subnet_group",
            "aws_elasticache_subnet_group",
            "aws_memorydb_subnet_group",
            "aws_dax_subnet_group",
            "aws_redshift_subnet_group",
        )
    ),
    ProfileRow(kinds=("aws_dms_replication_subnet_group",), names=("replication_subnet_group_id",)),
)
