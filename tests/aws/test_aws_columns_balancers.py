"""Balancers, clusters of Kubernetes and tasks in three dialects."""

from __future__ import annotations

import pytest

from auditor.model import AddressPeer, GroupPeer
from auditor.tree import Resource
from tests.aws.build import at, collected, read, ref, resource, templated
from tests.aws.columns import Case, arn, told

SUBNETS = ["subnet-a", "subnet-b"]
GROUPS = ["sg-1"]
BALANCER = arn("elasticloadbalancing", "loadbalancer/app/web/1")
ZONES = [{"ZoneName": each, "SubnetId": each, "LoadBalancerAddresses": []} for each in SUBNETS]

CASES = (
    Case(
        "an application balancer with a listener",
        (
            resource("aws_lb.it", name="web", subnets=SUBNETS, security_groups=GROUPS),
            resource("aws_lb_listener.l", load_balancer_arn=ref("aws_lb.it.arn"), port=443, protocol="HTTPS"),
        ),
        (
            templated(
                "AWS::ElasticLoadBalancingV2::LoadBalancer",
                "it",
                Name="web",
                Subnets=SUBNETS,
                SecurityGroups=GROUPS,
            ),
            templated(
                "AWS::ElasticLoadBalancingV2::Listener",
                "L",
                LoadBalancerArn=at("it", "LoadBalancerArn"),
                Port=443,
                Protocol="HTTPS",
            ),
        ),
        (
            collected(
                "LoadBalancers",
                BALANCER,
                LoadBalancerArn=BALANCER,
                LoadBalancerName="web",
                Scheme="internet-facing",
                Type="application",
                VpcId="vpc-1",
                AvailabilityZones=ZONES,
                SecurityGroups=GROUPS,
            ),
            collected("Listeners", "l", LoadBalancerArn=BALANCER, Port=443, Protocol="HTTPS"),
        ),
    ),
    Case(
        "an internal network balancer without groups",
        (resource("aws_lb.it", name="tcp", load_balancer_type="network", internal=True, subnets=SUBNETS),),
        (
            templated(
                "AWS::ElasticLoadBalancingV2::LoadBalancer",
                "it",
                Name="tcp",
                Type="network",
                Scheme="internal",
                SubnetMappings=[{"SubnetId": each} for each in SUBNETS],
            ),
        ),
        (
            collected(
                "LoadBalancers",
                BALANCER,
                LoadBalancerName="tcp",
                Type="network",
                Scheme="internal",
                AvailabilityZones=ZONES,
            ),
        ),
    ),
    Case(
        "a classic balancer",
        (
            resource(
                "aws_elb.it",
                name="old",
                internal=False,
                subnets=SUBNETS,
                security_groups=GROUPS,
                listener=[{"lb_port": 80, "lb_protocol": "http"}],
            ),
        ),
        (
            templated(
                "AWS::ElasticLoadBalancing::LoadBalancer",
                "it",
                LoadBalancerName="old",
                Subnets=SUBNETS,
                SecurityGroups=GROUPS,
                Listeners=[{"LoadBalancerPort": "80", "InstancePort": "8080", "Protocol": "HTTP"}],
            ),
        ),
        (
            collected(
                "LoadBalancerDescriptions",
                arn("elasticloadbalancing", "loadbalancer/old"),
                LoadBalancerName="old",
                Scheme="internet-facing",
                Subnets=SUBNETS,
                SecurityGroups=GROUPS,
                ListenerDescriptions=[
                    {"Listener": {"Protocol": "HTTP", "LoadBalancerPort": 80}, "PolicyNames": []}
                ],
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


def test_the_addresses_of_a_network_balancer_stand_in_mappings_or_zones() -> None:
    mapping = {"SubnetId": "subnet-a", "AllocationId": "eipalloc-1"}
    zone = {"SubnetId": "subnet-a", "LoadBalancerAddresses": [{"AllocationId": "eipalloc-1"}]}
    kind = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    for one in (
        templated(kind, "it", Type="network", SubnetMappings=[mapping]),
        collected("LoadBalancers", BALANCER, Type="network", AvailabilityZones=[zone]),
    ):
        found = read(one)
        (association,) = found.elastic_ip_associations
        assert (association.address.id, association.holder.id) == ("eipalloc-1", one.address)
        assert [link.id for link in found.workloads[0].subnets.items] == ["subnet-a"]


CLUSTER = templated(
    "AWS::EKS::Cluster",
    "Main",
    Name="main",
    ResourcesVpcConfig={"SubnetIds": SUBNETS, "SecurityGroupIds": GROUPS},
)


def test_a_template_names_the_group_that_a_cluster_of_kubernetes_makes() -> None:
    found = read(
        CLUSTER,
        templated("AWS::EKS::Nodegroup", "Nodes", ClusterName=at("Main"), Subnets=SUBNETS),
        templated("AWS::EKS::FargateProfile", "Pods", ClusterName=at("Main"), Subnets=SUBNETS),
        templated(
            "AWS::EC2::SecurityGroupIngress",
            "In",
            GroupId=at("Main", "ClusterSecurityGroupId"),
            IpProtocol="tcp",
            FromPort=443,
            ToPort=443,
            CidrIp="10.0.0.0/8",
        ),
    )
    (group,) = found.groups
    plane, nodes, pods = [one for one in found.workloads if one.placed]
    assert [link.id for link in plane.groups.items] == ["sg-1", group.id]
    assert [link.id for link in nodes.groups.items] == [link.id for link in pods.groups.items] == [group.id]
    assert {rule.group.id for rule in found.rules} == {group.id}


def test_a_snapshot_has_the_group_that_a_cluster_of_kubernetes_makes() -> None:
    cluster = arn("eks", "cluster/main")
    found = read(
        collected(
            "eks:clusters",
            cluster,
            name="main",
            resourcesVpcConfig={
                "subnetIds": SUBNETS,
                "securityGroupIds": GROUPS,
                "clusterSecurityGroupId": "sg-eks",
                "vpcId": "vpc-1",
                "endpointPrivateAccess": True,
            },
        ),
        collected("nodegroups", arn("eks", "nodegroup/main/n/1"), clusterName="main", subnets=SUBNETS),
    )
    plane, nodes = [one for one in found.workloads if one.placed]
    aliases = {alias.id: alias.of for alias in found.aliases}
    assert found.groups == found.rules == ()
    assert [link.id for link in plane.groups.items] == ["sg-1", "sg-eks"]
    assert [aliases[link.id] for link in nodes.groups.items] == ["sg-eks"]


def test_a_state_knows_the_group_that_a_cluster_of_kubernetes_made() -> None:
    config = [{"subnet_ids": SUBNETS, "cluster_security_group_id": "sg-eks"}]
    found = read(resource("aws_eks_cluster.main", name="main", vpc_config=config))
    (group,) = found.groups
    assert [alias.of for alias in found.aliases if alias.id == "sg-eks"] == [group.id]
    assert {peer.group.id for rule in found.rules for peer in rule.peers if isinstance(peer, GroupPeer)} == {
        group.id
    }
    assert any(isinstance(peer, AddressPeer) for rule in found.rules for peer in rule.peers)


def task(group: str) -> Resource:
    details = [{"name": "subnetId", "value": "subnet-a"}, {"name": "networkInterfaceId", "value": "eni-1"}]
    return collected(
        "tasks",
        arn("ecs", "task/c/1"),
        clusterArn=arn("ecs", "cluster/c"),
        group=group,
        attachments=[{"type": "ElasticNetworkInterface", "details": details}],
    )


def test_a_task_of_a_service_is_told_of_by_that() -> None:
    service = collected("services", arn("ecs", "service/c/web"), serviceName="web")
    running, alone = task("service:web"), task("family:job")
    assert [one.kind for one in read(service, running).workloads] == ["aws_ecs_service"]
    for resources in ((running,), (service, alone)):
        found = read(*resources).workloads[-1]
        assert (found.kind, [link.id for link in found.subnets.items]) == ("aws_ecs_task", ["subnet-a"])
        assert found.groups.open
