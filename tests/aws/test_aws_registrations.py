"""What Auto Scaling groups, services and classic balancers register, in three dialects."""

from __future__ import annotations

from auditor.model import Truth
from auditor.traffic import NOTHING, TCP, UDP, Bounds, exact, service
from auditor.tree import Presence
from tests.aws.build import at, collected, read, ref, resource, templated, unknown
from tests.aws.columns import arn
from tests.aws.proxied import proxied

GROUP = arn("elasticloadbalancing", "targetgroup/web/1")
SERVICE = arn("ecs", "service/main/web")
SCALING = arn("autoscaling", "autoScalingGroup:1:autoScalingGroupName/web")
OWN = resource("aws_lb_target_group.g", name="web", port=80, protocol="HTTP", target_type="ip")
TEMPLATED = templated(
    "AWS::ElasticLoadBalancingV2::TargetGroup", "G", Name="web", Port=80, Protocol="HTTP", TargetType="ip"
)
AWSVPC = {"subnets": ["subnet-a"], "security_groups": ["sg-1"]}
THEIRS = {"AwsvpcConfiguration": {"Subnets": ["subnet-a"], "SecurityGroups": ["sg-1"]}}


def test_a_scaling_group_registers_by_itself_or_by_an_attachment() -> None:
    group = ref("aws_lb_target_group.g.arn")
    scaling = {"name": "web", "vpc_zone_identifier": ["subnet-a"]}
    inside = read(OWN, resource("aws_autoscaling_group.a", **scaling, target_group_arns=[group]))
    (target,) = inside.proxy_targets
    assert target.workload is not None
    assert (target.group.id, target.workload.id) == ("aws_lb_target_group.g", "aws_autoscaling_group.a")
    beside = read(
        OWN,
        resource("aws_autoscaling_group.a", **scaling),
        resource("aws_autoscaling_attachment.t", autoscaling_group_name="web", lb_target_group_arn=group),
    )
    (other,) = beside.proxy_targets
    assert (other.group.id, other.workload) != (None, None)
    assert other.workload is not None
    assert other.workload.id == "aws_autoscaling_group.a"
    source = read(
        OWN,
        resource("aws_autoscaling_group.a", **scaling, traffic_source=[{"identifier": group}]),
    )
    assert source.proxy_targets[0].group.id == "aws_lb_target_group.g"
    for found in (inside, beside, source):
        assert found.target_groups[0].open == ()


def test_a_scaling_group_of_a_template_or_a_snapshot_registers_too() -> None:
    (one,) = read(
        TEMPLATED,
        templated("AWS::AutoScaling::AutoScalingGroup", "A", TargetGroupARNs=[at("G")]),
    ).proxy_targets
    assert one.group.id == "net/G"
    (other,) = read(collected("AutoScalingGroups", SCALING, TargetGroupARNs=[GROUP])).proxy_targets
    assert (other.group.id, other.workload and other.workload.id) == (GROUP, SCALING)


def test_groups_that_are_not_known_may_be_any() -> None:
    (target,) = read(
        resource("aws_autoscaling_group.a", target_group_arns=unknown("var.groups"))
    ).proxy_targets
    assert target.group.any
    assert target.presence is Presence.POSSIBLE
    assert target.reasons


def test_tasks_with_interfaces_are_registered_at_the_port_of_their_container() -> None:
    block = {"target_group_arn": ref("aws_lb_target_group.g.arn"), "container_port": 8080}
    service_ = resource("aws_ecs_service.s", name="web", network_configuration=AWSVPC, load_balancer=[block])
    said = proxied(OWN, service_)
    balancers = [{"TargetGroupArn": at("G"), "ContainerName": "web", "ContainerPort": 8080}]
    template = templated(
        "AWS::ECS::Service", "S", ServiceName="web", NetworkConfiguration=THEIRS, LoadBalancers=balancers
    )
    assert proxied(TEMPLATED, template) == said
    (target,) = read(OWN, service_).proxy_targets
    assert (target.service, target.health) == (exact(service(TCP, 8080, 8080)),) * 2
    listed = collected(
        "services",
        SERVICE,
        networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-a"]}},
        loadBalancers=[{"targetGroupArn": GROUP, "containerName": "web", "containerPort": 8080}],
    )
    (other,) = read(
        listed, collected("TargetGroups", GROUP, Port=80, Protocol="HTTP", TargetType="ip")
    ).proxy_targets
    assert (other.service, other.health) == (target.service, target.health)


def test_tasks_on_instances_may_have_any_port_there() -> None:
    block = {"target_group_arn": ref("aws_lb_target_group.g.arn"), "container_port": 8080}
    (target,) = read(OWN, resource("aws_ecs_service.s", load_balancer=[block])).proxy_targets
    assert target.service == Bounds(NOTHING, service(TCP) | service(UDP))
    assert target.reasons


LISTENERS = [
    {"lb_port": 443, "lb_protocol": "https", "instance_port": 8080, "instance_protocol": "http"},
    {"lb_port": 22, "lb_protocol": "tcp", "instance_port": 22, "instance_protocol": "tcp"},
]
THEIR_LISTENERS = [
    {"LoadBalancerPort": "443", "Protocol": "HTTPS", "InstancePort": "8080", "InstanceProtocol": "HTTP"},
    {"LoadBalancerPort": "22", "Protocol": "TCP", "InstancePort": "22"},
]


def test_a_classic_balancer_has_a_group_for_each_listener_in_three_dialects() -> None:
    said = proxied(
        resource(
            "aws_elb.it",
            listener=LISTENERS,
            instances=["i-1"],
            health_check={"target": "HTTP:8080/up"},
            cross_zone_load_balancing=False,
        )
    )
    template = templated(
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "it",
        Listeners=THEIR_LISTENERS,
        Instances=["i-1"],
        HealthCheck={"Target": "HTTP:8080/up"},
    )
    snapshot = collected(
        "LoadBalancerDescriptions",
        arn("elasticloadbalancing", "loadbalancer/it"),
        LoadBalancerName="it",
        Subnets=["subnet-a"],
        SecurityGroups=["sg-1"],
        ListenerDescriptions=[{"Listener": one} for one in THEIR_LISTENERS],
        Instances=[{"InstanceId": "i-1"}],
        HealthCheck={"Target": "HTTP:8080/up"},
        LoadBalancerAttributes={"CrossZoneLoadBalancing": {"Enabled": False}},
    )
    assert proxied(template) == said
    assert proxied(snapshot) == said
    (first, second) = read(template).target_groups
    assert (first.service, second.service) == (exact(service(TCP, 8080, 8080)), exact(service(TCP, 22, 22)))
    assert first.health == second.health == exact(service(TCP, 8080, 8080))


def test_a_classic_balancer_of_terraform_crosses_zones_without_a_word() -> None:
    (group,) = read(resource("aws_elb.it", listener=LISTENERS[:1])).target_groups
    assert group.cross_zone.truth is Truth.YES
    assert group.open


def test_instances_and_scaling_groups_attach_to_classic_balancers() -> None:
    found = read(
        resource("aws_elb.it", name="old", listener=LISTENERS),
        resource("aws_elb_attachment.a", elb=ref("aws_elb.it.id"), instance="i-2"),
        resource("aws_autoscaling_group.g", name="g", load_balancers=["old"]),
        resource("aws_autoscaling_attachment.t", elb=ref("aws_elb.it.id"), autoscaling_group_name="h"),
        resource("aws_ecs_service.s", load_balancer=[{"elb_name": "old", "container_port": 80}]),
    )
    members = {one.workload.id for one in found.proxy_targets if one.workload}
    assert members == {"i-2", "aws_autoscaling_group.g", "h", "aws_ecs_service.s"}
    assert len(found.proxy_targets) == 8


def test_a_traffic_source_attaches_a_scaling_group_to_a_classic_balancer_beside_others() -> None:
    source = {"identifier": ref("aws_elb.it.name"), "type": "elb"}
    found = read(
        resource("aws_elb.it", name="old", listener=LISTENERS[:1], instances=["i-1"]),
        resource(
            "aws_autoscaling_traffic_source_attachment.t", autoscaling_group_name="g", traffic_source=[source]
        ),
    )
    (group,) = found.target_groups
    held = {one.workload.id for one in found.proxy_targets if one.workload and one.group.id == group.id}
    assert held == {"i-1", "g"}
