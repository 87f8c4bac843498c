"""Databases and caches are the same in Terraform, CloudFormation and the API."""

from __future__ import annotations

import pytest

from tests.aws.build import at, collected, ref, resource, templated
from tests.aws.columns import Case, arn, told

SUBNETS = ["subnet-a", "subnet-b"]
GROUPS = ["sg-1"]
MEMBERSHIPS = [{"VpcSecurityGroupId": "sg-1", "Status": "active"}]
PLACES = [{"SubnetIdentifier": each, "SubnetStatus": "Active"} for each in SUBNETS]
TAGS = [{"Key": "tier", "Value": "data"}]
SUBNET_GROUP = {"DBSubnetGroupName": "main", "VpcId": "vpc-1", "Subnets": PLACES}


def rds(name: str) -> str:
    return arn("rds", name)


CASES = (
    Case(
        "an instance of RDS",
        (
            resource("aws_db_subnet_group.main", name="main", subnet_ids=SUBNETS),
            resource(
                "aws_db_instance.it",
                identifier="orders",
                engine="postgres",
                publicly_accessible=False,
                db_subnet_group_name=ref("aws_db_subnet_group.main.name"),
                vpc_security_group_ids=GROUPS,
                tags={"tier": "data"},
            ),
        ),
        (
            templated("AWS::RDS::DBSubnetGroup", "Main", SubnetIds=SUBNETS),
            templated(
                "AWS::RDS::DBInstance",
                "it",
                DBInstanceIdentifier="orders",
                Engine="postgres",
                PubliclyAccessible="false",
                DBSubnetGroupName=at("Main"),
                VPCSecurityGroups=GROUPS,
                Tags=TAGS,
            ),
        ),
        (
            collected(
                "DBInstances",
                rds("db:orders"),
                DBInstanceIdentifier="orders",
                DBInstanceArn=rds("db:orders"),
                Engine="postgres",
                PubliclyAccessible=False,
                Endpoint={"Address": "orders.x.rds.amazonaws.com", "Port": 5432},
                DBSubnetGroup=SUBNET_GROUP,
                VpcSecurityGroups=MEMBERSHIPS,
                TagList=TAGS,
            ),
        ),
    ),
    Case(
        "a cluster of Aurora",
        (
            resource("aws_db_subnet_group.main", name="main", subnet_ids=SUBNETS),
            resource(
                "aws_rds_cluster.it",
                cluster_identifier="orders",
                engine="aurora-mysql",
                db_subnet_group_name="main",
                vpc_security_group_ids=GROUPS,
            ),
            resource(
                "aws_rds_cluster_instance.it",
                identifier="orders-1",
                cluster_identifier=ref("aws_rds_cluster.it.id"),
                publicly_accessible=False,
            ),
        ),
        (
            templated("AWS::RDS::DBSubnetGroup", "Main", DBSubnetGroupName="main", SubnetIds=SUBNETS),
            templated(
                "AWS::RDS::DBCluster",
                "Cluster/it",
                DBClusterIdentifier="orders",
                Engine="aurora-mysql",
                DBSubnetGroupName="main",
                VpcSecurityGroupIds=GROUPS,
            ),
            templated(
                "AWS::RDS::DBInstance",
                "it",
                DBInstanceIdentifier="orders-1",
                DBClusterIdentifier=at("Cluster/it"),
                Engine="aurora-mysql",
                PubliclyAccessible=False,
            ),
        ),
        (
            collected(
                "DBSubnetGroups",
                rds("subgrp:main"),
                DBSubnetGroupArn=rds("subgrp:main"),
                **SUBNET_GROUP,
            ),
            collected(
                "DBClusters",
                rds("cluster:orders"),
                DBClusterIdentifier="orders",
                Engine="aurora-mysql",
                Port=3306,
                DBSubnetGroup="main",
                VpcSecurityGroups=MEMBERSHIPS,
            ),
            collected(
                "DBInstances",
                rds("db:orders-1"),
                DBInstanceIdentifier="orders-1",
                DBClusterIdentifier="orders",
                Engine="aurora-mysql",
                Endpoint={"Port": 3306},
                PubliclyAccessible=False,
                DBSubnetGroup=SUBNET_GROUP,
                VpcSecurityGroups=MEMBERSHIPS,
            ),
        ),
    ),
    Case(
        "a proxy and an endpoint of it",
        (
            resource(
                "aws_db_proxy.it",
                name="orders",
                engine_family="MYSQL",
                vpc_subnet_ids=SUBNETS,
                vpc_security_group_ids=GROUPS,
            ),
            resource(
                "aws_db_proxy_endpoint.it",
                db_proxy_endpoint_name="read",
                vpc_subnet_ids=SUBNETS,
                vpc_security_group_ids=GROUPS,
            ),
        ),
        (
            templated(
                "AWS::RDS::DBProxy",
                "it",
                DBProxyName="orders",
                EngineFamily="MYSQL",
                VpcSubnetIds=SUBNETS,
                VpcSecurityGroupIds=GROUPS,
            ),
            templated(
                "AWS::RDS::DBProxyEndpoint",
                "more/it",
                DBProxyEndpointName="read",
                VpcSubnetIds=SUBNETS,
                VpcSecurityGroupIds=GROUPS,
            ),
        ),
        (
            collected(
                "DBProxies",
                rds("db-proxy:prx-1"),
                DBProxyName="orders",
                EngineFamily="MYSQL",
                VpcSubnetIds=SUBNETS,
                VpcSecurityGroupIds=GROUPS,
            ),
            collected(
                "DBProxyEndpoints",
                rds("db-proxy-endpoint:prx-2"),
                DBProxyEndpointName="read",
                VpcSubnetIds=SUBNETS,
                VpcSecurityGroupIds=GROUPS,
            ),
        ),
    ),
    Case(
        "a cluster of DocumentDB",
        (
            resource("aws_docdb_subnet_group.main", name="main", subnet_ids=SUBNETS),
            resource(
                "aws_docdb_cluster.it",
                cluster_identifier="papers",
                db_subnet_group_name="main",
                vpc_security_group_ids=GROUPS,
            ),
            resource("aws_docdb_cluster_instance.it", identifier="papers-1", cluster_identifier="papers"),
        ),
        (
            templated("AWS::DocDB::DBSubnetGroup", "Main", SubnetIds=SUBNETS),
            templated(
                "AWS::DocDB::DBCluster",
                "Cluster/it",
                DBClusterIdentifier="papers",
                DBSubnetGroupName=at("Main"),
                VpcSecurityGroupIds=GROUPS,
            ),
            templated(
                "AWS::DocDB::DBInstance",
                "it",
                DBInstanceIdentifier="papers-1",
                DBClusterIdentifier=at("Cluster/it"),
            ),
        ),
        (
            collected(
                "DBClusters",
                rds("cluster:papers"),
                DBClusterIdentifier="papers",
                Engine="docdb",
                Port=27017,
                DBSubnetGroup="main",
                VpcSecurityGroups=MEMBERSHIPS,
            ),
            collected(
                "DBInstances",
                rds("db:papers-1"),
                DBInstanceIdentifier="papers-1",
                DBClusterIdentifier="papers",
                Engine="docdb",
                Endpoint={"Port": 27017},
                DBSubnetGroup=SUBNET_GROUP,
                VpcSecurityGroups=MEMBERSHIPS,
            ),
        ),
    ),
    Case(
        "a cluster of Neptune",
        (
            resource("aws_neptune_subnet_group.main", name="main", subnet_ids=SUBNETS),
            resource(
                "aws_neptune_cluster.it",
                cluster_identifier="graph",
                neptune_subnet_group_name="main",
                vpc_security_group_ids=GROUPS,
                port=8200,
            ),
            resource("aws_neptune_cluster_instance.it", identifier="graph-1", cluster_identifier="graph"),
        ),
        (
            templated("AWS::Neptune::DBSubnetGroup", "Main", SubnetIds=SUBNETS),
            templated(
                "AWS::Neptune::DBCluster",
                "Cluster/it",
                DBClusterIdentifier="graph",
                DBPort=8200,
                DBSubnetGroupName=at("Main"),
                VpcSecurityGroupIds=GROUPS,
            ),
            templated(
                "AWS::Neptune::DBInstance",
                "it",
                DBInstanceIdentifier="graph-1",
                DBClusterIdentifier=at("Cluster/it"),
                PubliclyAccessible=False,
            ),
        ),
        (
            collected(
                "DBClusters",
                rds("cluster:graph"),
                DBClusterIdentifier="graph",
                Engine="neptune",
                Port=8200,
                DBSubnetGroup="main",
                VpcSecurityGroups=MEMBERSHIPS,
            ),
            collected(
                "DBInstances",
                rds("db:graph-1"),
                DBInstanceIdentifier="graph-1",
                DBClusterIdentifier="graph",
                Engine="neptune",
                Endpoint={"Port": 8200},
                DBSubnetGroup=SUBNET_GROUP,
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
