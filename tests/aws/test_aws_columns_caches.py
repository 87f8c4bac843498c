"""Caches, warehouses, search and migrations are the same in Terraform, CloudFormation and the API."""

from __future__ import annotations

import pytest

from tests.aws.build import at, collected, resource, templated
from tests.aws.columns import Case, arn, told

SUBNETS = ["subnet-a", "subnet-b"]
GROUPS = ["sg-1"]
MEMBERSHIPS = [{"VpcSecurityGroupId": "sg-1", "Status": "active"}]
CACHE_MEMBERSHIPS = [{"SecurityGroupId": "sg-1", "Status": "active"}]
PLACES = [{"SubnetIdentifier": each} for each in SUBNETS]
VPC_OPTIONS = {"subnet_ids": SUBNETS, "security_group_ids": GROUPS}
TEMPLATE_OPTIONS = {"SubnetIds": SUBNETS, "SecurityGroupIds": GROUPS}


def cache(rest: str) -> str:
    return arn("elasticache", rest)


CACHE_GROUP = {"CacheSubnetGroupName": "main", "Subnets": PLACES}

CASES = (
    Case(
        "a cluster of memcached",
        (
            resource("aws_elasticache_subnet_group.main", name="main", subnet_ids=SUBNETS),
            resource(
                "aws_elasticache_cluster.it",
                cluster_id="hot",
                engine="memcached",
                subnet_group_name="main",
                security_group_ids=GROUPS,
            ),
        ),
        (
            templated("AWS::ElastiCache::SubnetGroup", "Main", SubnetIds=SUBNETS),
            templated(
                "AWS::ElastiCache::CacheCluster",
                "it",
                ClusterName="hot",
                Engine="memcached",
                CacheSubnetGroupName=at("Main"),
                VpcSecurityGroupIds=GROUPS,
            ),
        ),
        (
            collected("CacheSubnetGroups", cache("subnetgroup:main"), **CACHE_GROUP),
            collected(
                "CacheClusters",
                cache("cluster:hot"),
                CacheClusterId="hot",
                Engine="memcached",
                ConfigurationEndpoint={"Port": 11211},
                CacheSubnetGroupName="main",
                SecurityGroups=CACHE_MEMBERSHIPS,
            ),
        ),
    ),
    Case(
        "a replication group, which the API tells by its clusters",
        (
            resource("aws_elasticache_subnet_group.main", name="main", subnet_ids=SUBNETS),
            resource(
                "aws_elasticache_replication_group.it",
                replication_group_id="sessions",
                port=6380,
                subnet_group_name="main",
                security_group_ids=GROUPS,
            ),
        ),
        (
            templated("AWS::ElastiCache::SubnetGroup", "Main", SubnetIds=SUBNETS),
            templated(
                "AWS::ElastiCache::ReplicationGroup",
                "it",
                ReplicationGroupId="sessions",
                Port="6380",
                CacheSubnetGroupName=at("Main"),
                SecurityGroupIds=GROUPS,
            ),
        ),
        (
            collected("CacheSubnetGroups", cache("subnetgroup:main"), **CACHE_GROUP),
            collected(
                "ReplicationGroups",
                cache("replicationgroup:sessions"),
                ReplicationGroupId="sessions",
                MemberClusters=["sessions-001", "sessions-002"],
                NodeGroups=[{"NodeGroupId": "0001", "PrimaryEndpoint": {"Port": 6380}}],
            ),
            *(
                collected(
                    "CacheClusters",
                    cache(f"cluster:sessions-00{number}"),
                    CacheClusterId=f"sessions-00{number}",
                    ReplicationGroupId="sessions",
                    Engine="redis",
                    CacheSubnetGroupName="main",
                    SecurityGroups=CACHE_MEMBERSHIPS,
                )
                for number in (1, 2)
            ),
        ),
    ),
    Case(
        "a cache without servers",
        (
            resource(
                "aws_elasticache_serverless_cache.it",
                name="hot",
                engine="memcached",
                subnet_ids=SUBNETS,
                security_group_ids=GROUPS,
            ),
        ),
        (
            templated(
                "AWS::ElastiCache::ServerlessCache",
                "it",
                ServerlessCacheName="hot",
                Engine="memcached",
                SubnetIds=SUBNETS,
                SecurityGroupIds=GROUPS,
            ),
        ),
        (
            collected(
                "ServerlessCaches",
                cache("serverlesscache:hot"),
                ServerlessCacheName="hot",
                Engine="memcached",
                Endpoint={"Port": 11211},
                SubnetIds=SUBNETS,
                SecurityGroupIds=GROUPS,
            ),
        ),
    ),
    Case(
        "a cluster of MemoryDB",
        (
            resource("aws_memorydb_subnet_group.main", name="main", subnet_ids=SUBNETS),
            resource(
                "aws_memorydb_cluster.it",
                name="ledger",
                subnet_group_name="main",
                security_group_ids=GROUPS,
            ),
        ),
        (
            templated("AWS::MemoryDB::SubnetGroup", "Main", SubnetGroupName="main", SubnetIds=SUBNETS),
            templated(
                "AWS::MemoryDB::Cluster",
                "it",
                ClusterName="ledger",
                SubnetGroupName="main",
                SecurityGroupIds=GROUPS,
            ),
        ),
        (
            collected(
                "memorydb:SubnetGroups",
                arn("memorydb", "subnetgroup/main"),
                Name="main",
                Subnets=[{"Identifier": each, "AvailabilityZone": {"Name": "z"}} for each in SUBNETS],
            ),
            collected(
                "memorydb:Clusters",
                arn("memorydb", "cluster/ledger"),
                Name="ledger",
                SubnetGroupName="main",
                ClusterEndpoint={"Address": "x", "Port": 6379},
                SecurityGroups=CACHE_MEMBERSHIPS,
            ),
        ),
    ),
    Case(
        "a cluster of DAX",
        (
            resource("aws_dax_subnet_group.main", name="main", subnet_ids=SUBNETS),
            resource(
                "aws_dax_cluster.it",
                cluster_name="fast",
                subnet_group_name="main",
                security_group_ids=GROUPS,
            ),
        ),
        (
            templated("AWS::DAX::SubnetGroup", "Main", SubnetIds=SUBNETS),
            templated(
                "AWS::DAX::Cluster",
                "it",
                ClusterName="fast",
                SubnetGroupName=at("Main"),
                SecurityGroupIds=GROUPS,
            ),
        ),
        (
            collected(
                "dax:SubnetGroups", arn("dax", "subnetgroup/main"), SubnetGroupName="main", Subnets=PLACES
            ),
            collected(
                "dax:Clusters",
                arn("dax", "cache/fast"),
                ClusterName="fast",
                SubnetGroup="main",
                SecurityGroups=[{"SecurityGroupIdentifier": "sg-1", "Status": "active"}],
            ),
        ),
    ),
    Case(
        "a cluster of Redshift",
        (
            resource("aws_redshift_subnet_group.main", name="main", subnet_ids=SUBNETS),
            resource(
                "aws_redshift_cluster.it",
                cluster_identifier="facts",
                publicly_accessible=True,
                cluster_subnet_group_name="main",
                vpc_security_group_ids=GROUPS,
            ),
        ),
        (
            templated("AWS::Redshift::ClusterSubnetGroup", "Main", SubnetIds=SUBNETS),
            templated(
                "AWS::Redshift::Cluster",
                "it",
                ClusterIdentifier="facts",
                PubliclyAccessible=True,
                ClusterSubnetGroupName=at("Main"),
                VpcSecurityGroupIds=GROUPS,
            ),
        ),
        (
            collected(
                "ClusterSubnetGroups",
                arn("redshift", "subnetgroup:main"),
                ClusterSubnetGroupName="main",
                Subnets=PLACES,
            ),
            collected(
                "Clusters",
                arn("redshift", "cluster:facts"),
                ClusterIdentifier="facts",
                PubliclyAccessible=True,
                Endpoint={"Address": "x", "Port": 5439},
                ClusterSubnetGroupName="main",
                VpcSecurityGroups=MEMBERSHIPS,
            ),
        ),
    ),
    Case(
        "a workgroup of Redshift Serverless",
        (
            resource(
                "aws_redshiftserverless_workgroup.it",
                workgroup_name="facts",
                subnet_ids=SUBNETS,
                security_group_ids=GROUPS,
            ),
        ),
        (
            templated(
                "AWS::RedshiftServerless::Workgroup",
                "it",
                WorkgroupName="facts",
                SubnetIds=SUBNETS,
                SecurityGroupIds=GROUPS,
            ),
        ),
        (
            collected(
                "workgroups",
                arn("redshift-serverless", "workgroup/1"),
                workgroupName="facts",
                publiclyAccessible=False,
                port=5439,
                subnetIds=SUBNETS,
                securityGroupIds=GROUPS,
            ),
        ),
    ),
    Case(
        "a search domain",
        (resource("aws_opensearch_domain.it", domain_name="logs", vpc_options=[VPC_OPTIONS]),),
        (templated("AWS::OpenSearchService::Domain", "it", DomainName="logs", VPCOptions=TEMPLATE_OPTIONS),),
        (
            collected(
                "DomainStatusList",
                arn("es", "domain/logs"),
                DomainName="logs",
                VPCOptions={"VPCId": "vpc-1", **TEMPLATE_OPTIONS},
            ),
        ),
    ),
    Case(
        "a replication instance",
        (
            resource(
                "aws_dms_replication_subnet_group.main",
                replication_subnet_group_id="main",
                subnet_ids=SUBNETS,
            ),
            resource(
                "aws_dms_replication_instance.it",
                replication_instance_id="move",
                publicly_accessible=True,
                replication_subnet_group_id="main",
                vpc_security_group_ids=GROUPS,
            ),
        ),
        (
            templated("AWS::DMS::ReplicationSubnetGroup", "Main", SubnetIds=SUBNETS),
            templated(
                "AWS::DMS::ReplicationInstance",
                "it",
                ReplicationInstanceIdentifier="move",
                ReplicationSubnetGroupIdentifier=at("Main"),
                VpcSecurityGroupIds=GROUPS,
            ),
        ),
        (
            collected(
                "ReplicationInstances",
                arn("dms", "rep:MOVE"),
                ReplicationInstanceIdentifier="move",
                PubliclyAccessible=True,
                ReplicationSubnetGroup={"ReplicationSubnetGroupIdentifier": "main", "Subnets": PLACES},
                VpcSecurityGroups=MEMBERSHIPS,
            ),
        ),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_template_says_the_same(case: Case) -> None:
    assert told(case.template) == told(case.terraform)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_snapshot_says_the_same(case: Case) -> None:
    assert told(case.snapshot) == told(case.terraform)
