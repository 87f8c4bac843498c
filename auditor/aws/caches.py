"""Caches: ElastiCache, MemoryDB and DAX.

Ports are the engines' defaults, of the user guides of the services.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, ProfileRow, Row, Spelling, joined, owner, read_row, standing, tcp
from auditor.aws.reader.respelling import in_legacy_groups, siblings
from auditor.model import Link, Links, Placement, Workload
from auditor.traffic import Bounds
from auditor.tree import Dialect, Reason, Resource

CACHES = {"memcached": 11211, "redis": 6379, "valkey": 6379}
GROUP = "replication_group_id"
CACHE_SUBNETS = ("subnet_group_name", "aws_elasticache_subnet_group")

# The bus between nodes, and the endpoint of readers of what has no servers. Memcached may speak UDP as well.
BETWEEN_NODES = ("tcp/1122,6380,16379",)

CACHE_GROUP = Row(
    kinds=("aws_elasticache_replication_group",),
    groups=("security_group_ids",),
    profiles=(CACHE_SUBNETS,),
    ipv6="network_type",
    port="port",
    ports=(6379,),
    perhaps=BETWEEN_NODES,
    placement=Placement.ONE,
    names=("replication_group_id",),
)

CACHE_CLUSTER = Row(
    kinds=("aws_elasticache_cluster",),
    groups=("security_group_ids",),
    profiles=(CACHE_SUBNETS,),
    ipv6="network_type",
    cluster=(GROUP, CACHE_GROUP),
    port="port",
    ports_by="engine",
    ports_of=CACHES,
    perhaps=(*BETWEEN_NODES, "udp"),
    placement=Placement.ONE,
    names=("cluster_id",),
)


def read_cache_group(block: Block) -> Iterator[Workload]:
    """A replication group. The API tells of its subnets and security groups with the clusters in it.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html
    """
    for workload in read_row(CACHE_GROUP, block):
        if block.resource.dialect is Dialect.SNAPSHOT and standing(block) is None:
            yield _as_its_clusters(workload, block)
        else:
            yield workload


def _as_its_clusters(workload: Workload, block: Block) -> Workload:
    users = block.users("aws_elasticache_cluster", GROUP, *block.ids)
    clusters = [cluster for cluster, _ in users]
    if not clusters:
        reason = Reason(f"the clusters of {block.address}", block.at, "describe-cache-clusters")
        unknown = Links(open=(reason,))
        return replace(workload, subnets=unknown, groups=unknown)
    profiles: dict[str, Link] = {}
    groups = Links()
    seen: set[str] = set()
    for cluster in clusters:
        found = cluster.links(*CACHE_CLUSTER.groups)
        groups = joined(groups, Links(tuple(link for link in found.items if link.id not in seen), found.open))
        seen |= {link.id for link in found.items}
        for link in cluster.named(*CACHE_SUBNETS).items:
            profiles.setdefault(link.id, link)
    subnets = Links() if profiles else workload.subnets
    return replace(workload, subnets=subnets, groups=groups, profiles=tuple(profiles.values()))


def read_cache_cluster(block: Block) -> Iterator[Workload]:
    """A cache cluster. One that the API has in a replication group is told of by that group."""
    collected = block.resource.dialect is Dialect.SNAPSHOT
    if collected and block.has(GROUP) and owner(GROUP, CACHE_GROUP.kinds[0], block) is not None:
        return
    yield from read_row(CACHE_CLUSTER, block)


SERVERLESS = Row(
    kinds=("aws_elasticache_serverless_cache",), subnets=("subnet_ids",), groups=("security_group_ids",)
)


def read_serverless(block: Block) -> Iterator[Workload]:
    """A cache without servers; the readers' endpoint of Redis and Valkey is on the next port.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/set-up.html
    """
    engines = {name.lower() for name in block.choices("engine") or ()}
    ports = {port for name in engines for port in _OF_SERVERLESS.get(name, ())}
    known = len(engines) == 1 and bool(ports)
    listens = Bounds(tcp(ports), tcp((*ports, *(_FURTHER if "memcached" in engines else ()))))
    for workload in read_row(SERVERLESS, block):
        yield replace(workload, listens=listens) if known else workload


_FURTHER = (11212,)
_OF_SERVERLESS = {"memcached": (11211,), "redis": (6379, 6380), "valkey": (6379, 6380)}

READERS = {
    "aws_elasticache_serverless_cache": read_serverless,
    "aws_elasticache_replication_group": read_cache_group,
    "aws_elasticache_cluster": read_cache_cluster,
}

ROWS = (
    Row(
        kinds=("aws_memorydb_cluster",),
        groups=("security_group_ids",),
        profiles=(("subnet_group_name", "aws_memorydb_subnet_group"),),
        ipv6="network_type",
        port="port",
        ports=(6379,),
        perhaps=BETWEEN_NODES,
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
)

PROFILES = (
    ProfileRow(kinds=("aws_elasticache_subnet_group", "aws_memorydb_subnet_group", "aws_dax_subnet_group")),
)


def _templated(resource: Resource) -> Iterator[Resource]:
    yield in_legacy_groups(resource, "cache_security_group_names", "security_group_ids")


_SERVERLESS = Spelling(kind="aws_elasticache_serverless_cache", renamed={"ServerlessCacheName": "name"})

SPELLINGS = {
    "AWS::ElastiCache::CacheCluster": Spelling(
        kind="aws_elasticache_cluster",
        renamed={
            "CacheSubnetGroupName": "subnet_group_name",
            "ClusterName": "cluster_id",
            "VpcSecurityGroupIds": "security_group_ids",
        },
        then=_templated,
    ),
    "AWS::ElastiCache::ReplicationGroup": Spelling(
        kind="aws_elasticache_replication_group",
        renamed={"CacheSubnetGroupName": "subnet_group_name"},
        then=_templated,
    ),
    "AWS::ElastiCache::ServerlessCache": _SERVERLESS,
    "AWS::ElastiCache::SubnetGroup": Spelling(
        kind="aws_elasticache_subnet_group", renamed={"CacheSubnetGroupName": "name"}
    ),
    "AWS::MemoryDB::Cluster": Spelling(kind="aws_memorydb_cluster", renamed={"ClusterName": "name"}),
    "AWS::MemoryDB::SubnetGroup": Spelling(
        kind="aws_memorydb_subnet_group", renamed={"SubnetGroupName": "name"}
    ),
    "AWS::DAX::Cluster": Spelling(kind="aws_dax_cluster"),
    "AWS::DAX::SubnetGroup": Spelling(kind="aws_dax_subnet_group", renamed={"SubnetGroupName": "name"}),
    "CacheClusters": Spelling(
        kind="aws_elasticache_cluster",
        renamed={
            "CacheClusterId": "cluster_id",
            "CacheNodes.Endpoint.Port": "/port",
            "CacheSubnetGroupName": "subnet_group_name",
            "ConfigurationEndpoint.Port": "/port",
            "SecurityGroups": "security_group_ids",
        },
        each={"SecurityGroups": "SecurityGroupId"},
        then=siblings(replication_group_id="replicationgroup:", subnet_group_name="subnetgroup:"),
    ),
    "ReplicationGroups": Spelling(
        kind="aws_elasticache_replication_group",
        renamed={
            "ConfigurationEndpoint.Port": "/port",
            "NodeGroups.PrimaryEndpoint.Port": "/port",
        },
    ),
    "CacheSubnetGroups": Spelling(
        kind="aws_elasticache_subnet_group",
        renamed={"CacheSubnetGroupName": "name", "Subnets": "subnet_ids"},
        each={"Subnets": "SubnetIdentifier"},
    ),
    "ServerlessCaches": _SERVERLESS,
    "memorydb:Clusters": Spelling(
        kind="aws_memorydb_cluster",
        renamed={"SecurityGroups": "security_group_ids", "ClusterEndpoint.Port": "/port"},
        each={"SecurityGroups": "SecurityGroupId"},
        then=siblings(subnet_group_name="subnetgroup/"),
    ),
    "memorydb:SubnetGroups": Spelling(
        kind="aws_memorydb_subnet_group",
        renamed={"Subnets": "subnet_ids"},
        each={"Subnets": "Identifier"},
    ),
    "dax:Clusters": Spelling(
        kind="aws_dax_cluster",
        renamed={"SecurityGroups": "security_group_ids", "SubnetGroup": "subnet_group_name"},
        each={"SecurityGroups": "SecurityGroupIdentifier"},
        then=siblings(subnet_group_name="subnetgroup/"),
    ),
    "dax:SubnetGroups": Spelling(
        kind="aws_dax_subnet_group",
        renamed={"SubnetGroupName": "name", "Subnets": "subnet_ids"},
        each={"Subnets": "SubnetIdentifier"},
    ),
}
