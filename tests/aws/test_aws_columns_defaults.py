"""What CloudFormation and the API leave unsaid, and what no table of names says."""

from __future__ import annotations

import pytest

from auditor.model import Truth, Workload
from auditor.traffic import NOTHING, TCP, Bounds, service
from auditor.tree import GapKind, Presence, Resource
from tests.aws.build import at, collected, possible, read, templated, unknown
from tests.aws.columns import arn

SUBNETS = ["subnet-a", "subnet-b"]
GROUPS = ["sg-1"]
CONFIG = {"SubnetIds": SUBNETS, "SecurityGroupIds": GROUPS}
DB = {"Engine": "mysql", "DBSubnetGroupName": "main", "VPCSecurityGroups": GROUPS}


def the(*resources: Resource) -> Workload:
    return read(*resources).workloads[-1]


def public(*resources: Resource) -> Truth | None:
    fact = the(*resources).public
    return None if fact is None else fact.truth


@pytest.mark.parametrize(
    ("kind", "properties", "truth"),
    [
        ("AWS::RDS::DBInstance", DB, Truth.UNKNOWN),
        ("AWS::RDS::DBInstance", {**DB, "PubliclyAccessible": True}, Truth.YES),
        ("AWS::RDS::DBInstance", {**DB, "PubliclyAccessible": "false"}, Truth.NO),
        ("AWS::RDS::DBInstance", {"DBClusterIdentifier": "orders"}, Truth.UNKNOWN),
        ("AWS::RDS::DBCluster", {"Engine": "aurora-mysql"}, Truth.NO),
        ("AWS::RDS::DBCluster", {"Engine": "mysql"}, Truth.UNKNOWN),
        ("AWS::RDS::DBCluster", {"Engine": unknown("e", "aurora-mysql", "mysql")}, Truth.UNKNOWN),
        ("AWS::Neptune::DBInstance", {}, Truth.UNKNOWN),
        ("AWS::Redshift::Cluster", {}, Truth.UNKNOWN),
        ("AWS::RedshiftServerless::Workgroup", {}, Truth.NO),
        ("AWS::DMS::ReplicationInstance", {}, Truth.YES),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", {}, Truth.YES),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", {"Scheme": "internal"}, Truth.NO),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", {"Scheme": unknown("s")}, Truth.UNKNOWN),
        ("AWS::ElasticLoadBalancing::LoadBalancer", {}, Truth.YES),
        (
            "AWS::ECS::Service",
            {"NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": SUBNETS}}},
            Truth.NO,
        ),
        ("AWS::WorkSpaces::Workspace", {}, Truth.UNKNOWN),
    ],
)
def test_who_is_public_without_saying_so(kind: str, properties: dict[str, object], truth: Truth) -> None:
    assert public(templated(kind, "it", **properties)) is truth


@pytest.mark.parametrize(
    ("properties", "listens"),
    [
        ({"Engine": "aurora-mysql"}, Bounds(service(TCP, 3306, 3306), service(TCP, 3306, 3306))),
        (
            {"Engine": "aurora-postgresql"},
            Bounds(NOTHING, service(TCP, 3306, 3306) | service(TCP, 5432, 5432)),
        ),
        (
            {"Engine": "aurora-postgresql", "Port": "5433"},
            Bounds(service(TCP, 5433, 5433), service(TCP, 5433, 5433)),
        ),
        ({"Engine": "aurora-postgresql", "Port": unknown("p")}, Bounds(NOTHING, service(TCP))),
        ({"Engine": "aurora-mysql", "Port": unknown("p", 1, None)}, Bounds(NOTHING, service(TCP))),
    ],
)
def test_the_port_of_a_cluster_of_aurora(properties: dict[str, object], listens: object) -> None:
    assert the(templated("AWS::RDS::DBCluster", "it", **properties)).listens == listens


def test_an_instance_that_may_be_one_of_a_cluster_may_have_other_groups() -> None:
    cluster = templated("AWS::RDS::DBCluster", "Cluster", Engine="aurora-mysql", VpcSecurityGroupIds=["sg-2"])
    member = unknown("c", at("Cluster"), None)
    found = the(cluster, templated("AWS::RDS::DBInstance", "it", DBClusterIdentifier=member, **DB))
    assert found.kind == "aws_db_instance"
    assert [(link.id, link.certain) for link in found.groups.items if link.id == "sg-1"] == [("sg-1", False)]
    assert found.groups.open
    assert [link.certain for link in found.profiles] == [False, False]


def test_the_groups_of_an_instance_of_a_cluster_are_those_of_the_cluster() -> None:
    cluster = templated("AWS::RDS::DBCluster", "Cluster", Engine="aurora-mysql", VpcSecurityGroupIds=["sg-2"])
    found = the(cluster, templated("AWS::RDS::DBInstance", "it", DBClusterIdentifier=at("Cluster"), **DB))
    assert [link.id for link in found.groups.items] == ["sg-2"]


@pytest.mark.parametrize(
    ("kind", "legacy"),
    [
        ("AWS::RDS::DBInstance", "DBSecurityGroups"),
        ("AWS::ElastiCache::CacheCluster", "CacheSecurityGroupNames"),
        ("AWS::ElastiCache::ReplicationGroup", "CacheSecurityGroupNames"),
        ("AWS::Redshift::Cluster", "ClusterSecurityGroups"),
    ],
)
def test_groups_of_before_vpcs_leave_the_others_open(kind: str, legacy: str) -> None:
    assert the(templated(kind, "it", **{legacy: ["old"]})).groups.open
    assert the(templated(kind, "it")).groups.open == ()


@pytest.mark.parametrize(
    "kind",
    ["AWS::RDS::DBSecurityGroup", "AWS::ElastiCache::SecurityGroup", "AWS::Redshift::ClusterSecurityGroup"],
)
def test_groups_of_before_vpcs_are_a_gap(kind: str) -> None:
    found = read(templated(kind, "it", GroupDescription="old"))
    assert [gap.kind for gap in found.gaps] == [GapKind.RESOURCE]


@pytest.mark.parametrize("config", [{}, {"SubnetIds": [], "SecurityGroupIds": []}])
def test_an_empty_configuration_takes_a_function_out_of_the_vpc(config: dict[str, object]) -> None:
    assert not the(templated("AWS::Lambda::Function", "it", VpcConfig=config)).placed


def test_a_function_whose_configuration_is_not_known_may_be_anywhere() -> None:
    found = the(templated("AWS::Lambda::Function", "it", VpcConfig=unknown("v")))
    assert found.placed
    assert found.subnets.open


def test_the_function_that_rotates_a_secret_is_told_in_texts_with_commas() -> None:
    hosted = {
        "VpcSubnetIds": "subnet-a, subnet-b",
        "VpcSecurityGroupIds": "sg-1",
        "RotationLambdaName": "turn",
    }
    found = the(templated("AWS::SecretsManager::RotationSchedule", "it", HostedRotationLambda=hosted))
    assert (found.kind, found.names[0]) == ("aws_lambda_function", "turn")
    assert [link.id for link in found.subnets.items] == SUBNETS
    assert [link.id for link in found.groups.items] == GROUPS
    assert read(templated("AWS::SecretsManager::RotationSchedule", "it")).workloads == ()


def test_each_target_of_a_rule_is_a_workload_as_certain_as_it_is() -> None:
    network = {"NetworkConfiguration": {"AwsVpcConfiguration": {"Subnets": SUBNETS}}}
    targets = [
        {"Id": "a", "EcsParameters": network},
        unknown("c", {"Id": "b", "EcsParameters": network}, None),
    ]
    rule = templated("AWS::Events::Rule", "it", Targets=targets)
    found = {one.id: one.presence for one in read(rule).workloads}
    assert found == {"net/it/a": Presence.CERTAIN, "net/it/b": Presence.POSSIBLE}
    assert {one.presence for one in read(possible(rule)).workloads} == {Presence.POSSIBLE}


def test_a_server_faces_the_internet_with_the_addresses_that_it_is_given() -> None:
    details = {"VpcId": "vpc-1", "SubnetIds": SUBNETS, "AddressAllocationIds": ["eipalloc-1"]}
    found = read(templated("AWS::Transfer::Server", "it", EndpointDetails=details))
    assert [(one.address.id, one.holder.id) for one in found.elastic_ip_associations] == [
        ("eipalloc-1", "net/it")
    ]
    details["AddressAllocationIds"] = unknown("a")
    assert public(templated("AWS::Transfer::Server", "it", EndpointDetails=details)) is Truth.UNKNOWN


def test_a_subnet_group_in_several_instances_is_one() -> None:
    group = {"DBSubnetGroupName": "main", "Subnets": [{"SubnetIdentifier": "subnet-a"}]}
    found = read(
        *(
            collected("DBInstances", arn("rds", f"db:{name}"), DBInstanceIdentifier=name, DBSubnetGroup=group)
            for name in ("a", "b")
        )
    )
    assert [one.id for one in found.profiles] == [arn("rds", "subgrp:main")]


def interface(name: str, description: str = "") -> Resource:
    return collected(
        "NetworkInterfaces",
        name,
        NetworkInterfaceId=name,
        SubnetId="subnet-a",
        VpcId="vpc-1",
        Description=description,
        Groups=[{"GroupId": "sg-9", "GroupName": "nine"}],
        PrivateIpAddresses=[{"PrivateIpAddress": "10.0.0.9"}],
    )


@pytest.mark.parametrize(
    "owner",
    [
        collected(
            "fsx:FileSystems",
            arn("fsx", "file-system/fs-1"),
            FileSystemType="WINDOWS",
            SubnetIds=["subnet-a"],
            NetworkInterfaceIds=["eni-1"],
        ),
        collected("MountTargets", "fsmt-1", SubnetId="subnet-a", NetworkInterfaceId="eni-1"),
        collected(
            "NotebookInstances",
            arn("sagemaker", "notebook-instance/n"),
            SubnetId="subnet-a",
            NetworkInterfaceId="eni-1",
        ),
        collected(
            "tasks",
            arn("ecs", "task/c/1"),
            group="family:job",
            attachments=[
                {
                    "details": [
                        {"name": "subnetId", "value": "subnet-a"},
                        {"name": "networkInterfaceId", "value": "eni-1"},
                    ]
                }
            ],
        ),
    ],
    ids=lambda owner: str(owner.kind),
)
def test_what_names_its_interface_has_the_groups_of_that(owner: Resource) -> None:
    (found,) = read(owner, interface("eni-1")).workloads
    assert (found.id, [link.id for link in found.groups.items]) == (owner.address, ["sg-9"])


@pytest.mark.parametrize("kind", ["fsx:FileSystems", "MountTargets"])
def test_groups_that_the_api_does_not_tell_are_not_the_default_one(kind: str) -> None:
    found = the(collected(kind, "it", SubnetId="subnet-a", SubnetIds=["subnet-a"], FileSystemType="LUSTRE"))
    assert found.groups.open


def test_a_replication_group_without_its_clusters_is_open() -> None:
    name = arn("elasticache", "replicationgroup:hot")
    found = the(collected("ReplicationGroups", name, ReplicationGroupId="hot"))
    assert found.groups.open
    assert found.subnets.open


def test_a_cluster_of_a_replication_group_outside_the_snapshot_stands_for_itself() -> None:
    found = the(
        collected(
            "CacheClusters",
            arn("elasticache", "cluster:hot-001"),
            CacheClusterId="hot-001",
            ReplicationGroupId="hot",
            Engine="redis",
            SecurityGroups=[{"SecurityGroupId": "sg-1"}],
        )
    )
    assert (found.kind, found.groups.items[0].id) == ("aws_elasticache_cluster", "sg-1")


def test_an_answer_without_groups_does_not_mean_the_default_one() -> None:
    name = arn("elasticache", "cluster:hot")
    assert the(collected("CacheClusters", name, CacheClusterId="hot", Engine="redis")).groups.open
    assert the(collected("CacheClusters", name, Engine="redis", SecurityGroups=[])).groups.open == ()


def test_an_instance_that_does_not_say_its_subnets_is_where_its_cluster_is() -> None:
    cluster = collected(
        "DBClusters",
        arn("rds", "cluster:orders"),
        DBClusterIdentifier="orders",
        Engine="aurora-mysql",
        DBSubnetGroup="main",
        VpcSecurityGroups=[{"VpcSecurityGroupId": "sg-1"}],
    )
    member = collected("DBInstances", arn("rds", "db:o"), DBClusterIdentifier="orders", Engine="aurora-mysql")
    found = the(cluster, member)
    assert [link.id for link in found.profiles] == [arn("rds", "subgrp:main")]
    assert [link.id for link in found.groups.items] == ["sg-1"]


def test_a_thing_of_a_snapshot_that_none_reads_is_shown_unless_its_interfaces_are() -> None:
    cluster = collected(
        "cloudhsm:Clusters", "cluster-1", SecurityGroup="sg-1", SubnetMapping={"eu-west-1a": "subnet-a"}
    )
    (found,) = read(cluster).workloads
    assert (found.modelled, [link.id for link in found.groups.items]) == (False, ["sg-1"])
    assert [one.id for one in read(cluster, interface("eni-1")).workloads] == ["eni-1"]


def test_a_group_and_a_subnet_can_be_named_by_their_arns() -> None:
    found = the(
        templated(
            "AWS::DataSync::Agent",
            "it",
            SecurityGroupArns=[arn("ec2", "security-group/sg-1")],
            SubnetArns=[arn("ec2", "subnet/subnet-a")],
        )
    )
    assert [link.id for link in found.groups.items] == ["sg-1"]
    assert [link.id for link in found.subnets.items] == ["subnet-a"]


def test_the_name_of_an_engine_is_read_whatever_its_case() -> None:
    found = the(templated("AWS::RDS::DBInstance", "it", Engine="MySQL"))
    assert found.listens == Bounds(service(TCP, 3306, 3306), service(TCP, 3306, 3306))
