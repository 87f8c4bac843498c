"""Listeners and target groups of load balancers, in three dialects."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.model import TargetType, Truth
from auditor.traffic import NOTHING, TCP, UDP, exact, service
from tests.aws.build import at, collected, read, ref, resource, templated
from tests.aws.columns import arn
from tests.aws.proxied import proxied

BALANCER = arn("elasticloadbalancing", "loadbalancer/app/web/1")
LISTENER = arn("elasticloadbalancing", "listener/app/web/1/2")
BLUE, GREEN = (arn("elasticloadbalancing", f"targetgroup/{name}/1") for name in ("blue", "green"))
WEB = {"load_balancer_arn": ref("aws_lb.it.arn")}

TERRAFORM = (
    resource("aws_lb.it", name="web", subnets=["subnet-a"], security_groups=["sg-1"]),
    resource("aws_lb_target_group.blue", name="blue", port=8080, protocol="HTTP", vpc_id="vpc-1"),
    resource(
        "aws_lb_target_group.green",
        name="green",
        port=80,
        protocol="HTTP",
        vpc_id="vpc-1",
        target_type="ip",
        health_check={"port": "9000"},
    ),
    resource(
        "aws_lb_listener.l",
        **WEB,
        port=443,
        protocol="HTTPS",
        default_action={"type": "redirect", "redirect": {"port": "443"}},
    ),
    resource(
        "aws_lb_listener_rule.r",
        listener_arn=ref("aws_lb_listener.l.arn"),
        action={
            "type": "forward",
            "forward": {
                "target_group": [
                    {"arn": ref("aws_lb_target_group.blue.arn"), "weight": 0},
                    {"arn": ref("aws_lb_target_group.green.arn"), "weight": 1},
                ]
            },
        },
    ),
    resource(
        "aws_lb_target_group_attachment.b",
        target_group_arn=ref("aws_lb_target_group.blue.arn"),
        target_id="i-1",
        port=9090,
    ),
    resource(
        "aws_lb_target_group_attachment.g",
        target_group_arn=ref("aws_lb_target_group.green.arn"),
        target_id="10.0.0.7",
    ),
)


def _template() -> tuple[Any, ...]:
    two = [
        {"TargetGroupArn": at("Blue"), "Weight": 0},
        {"TargetGroupArn": at("Green", "TargetGroupArn"), "Weight": 1},
    ]
    group = {"Protocol": "HTTP", "VpcId": "vpc-1"}
    kind = "AWS::ElasticLoadBalancingV2::"
    return (
        templated(f"{kind}LoadBalancer", "it", Name="web", Subnets=["subnet-a"], SecurityGroups=["sg-1"]),
        templated(
            f"{kind}TargetGroup",
            "Blue",
            **group,
            Name="blue",
            Port=8080,
            Targets=[{"Id": "i-1", "Port": 9090}],
        ),
        templated(
            f"{kind}TargetGroup",
            "Green",
            **group,
            Name="green",
            Port=80,
            TargetType="ip",
            HealthCheckPort="9000",
            Targets=[{"Id": "10.0.0.7"}],
        ),
        templated(
            f"{kind}Listener",
            "L",
            LoadBalancerArn=at("it"),
            Port=443,
            Protocol="HTTPS",
            DefaultActions=[{"Type": "redirect", "RedirectConfig": {"Port": "443"}}],
        ),
        templated(
            f"{kind}ListenerRule",
            "R",
            ListenerArn=at("L"),
            Actions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": two}}],
        ),
    )


def _snapshot() -> tuple[Any, ...]:
    two = [{"TargetGroupArn": BLUE, "Weight": 0}, {"TargetGroupArn": GREEN, "Weight": 1}]
    group = {"Protocol": "HTTP", "VpcId": "vpc-1"}
    cross = [{"Key": "load_balancing.cross_zone.enabled", "Value": "use_load_balancer_configuration"}]
    redirect = [{"Type": "redirect", "RedirectConfig": {"Port": "443"}}]
    forward = [{"Type": "forward", "ForwardConfig": {"TargetGroups": two}}]
    return (
        collected("LoadBalancers", BALANCER, LoadBalancerName="web", Type="application", Attributes=[]),
        collected(
            "TargetGroups",
            BLUE,
            **group,
            Port=8080,
            TargetType="instance",
            HealthCheckPort="traffic-port",
            Attributes=cross,
            TargetHealthDescriptions=[{"Target": {"Id": "i-1", "Port": 9090}}],
        ),
        collected(
            "TargetGroups",
            GREEN,
            **group,
            Port=80,
            TargetType="ip",
            HealthCheckPort="9000",
            Attributes=cross,
            TargetHealthDescriptions=[{"Target": {"Id": "10.0.0.7"}}],
        ),
        collected(
            "Listeners",
            LISTENER,
            LoadBalancerArn=BALANCER,
            Port=443,
            Protocol="HTTPS",
            DefaultActions=redirect,
        ),
        collected("Rules", "rule/1", ListenerArn=LISTENER, Actions=redirect, IsDefault=True),
        collected("Rules", "rule/2", ListenerArn=LISTENER, Actions=forward, IsDefault=False),
    )


def test_listeners_groups_and_targets_are_the_same_in_three_dialects() -> None:
    said = proxied(*TERRAFORM)
    assert proxied(*_template()) == said
    assert proxied(*_snapshot()) == said
    assert "TargetGroup-0" in said[0][0]
    assert "TargetGroup-1" in said[0][0]


def test_what_a_listener_and_its_groups_open() -> None:
    found = read(*TERRAFORM)
    (listener,) = found.listeners
    assert listener.service == exact(service(TCP, 443, 443)) == found.workloads[0].listens
    blue, green = found.target_groups
    assert (blue.type, blue.service, blue.health) == (
        TargetType.INSTANCE,
        exact(service(TCP, 8080, 8080)),
        exact(service(TCP, 8080, 8080)),
    )
    assert (green.type, green.health) == (TargetType.IP, exact(service(TCP, 9000, 9000)))
    one, other = found.proxy_targets
    assert one.workload is not None
    assert (one.workload.id, one.service, one.health) == (
        "i-1",
        exact(service(TCP, 9090, 9090)),
        exact(service(TCP, 9090, 9090)),
    )
    assert other.workload is None
    assert other.address is not None
    assert other.address.text == "10.0.0.7/32"


PRESERVED = (
    ("HTTP", "instance", None, Truth.NO),
    ("TCP", "instance", None, Truth.YES),
    ("TLS", "instance", False, Truth.NO),
    ("TCP", "ip", None, Truth.NO),
    ("TCP", "ip", True, Truth.YES),
    ("UDP", "ip", False, Truth.YES),
    ("TCP_UDP", "ip", None, Truth.YES),
    ("TCP", "alb", None, Truth.YES),
    ("GENEVE", "ip", None, Truth.NO),
    (None, "instance", None, Truth.UNKNOWN),
)


@pytest.mark.parametrize(("protocol", "kind", "said", "expected"), PRESERVED)
def test_whose_address_targets_see(protocol: str, kind: str, said: bool | None, expected: Truth) -> None:
    words = {"port": 80, "protocol": protocol, "target_type": kind, "preserve_client_ip": said}
    (group,) = read(resource("aws_lb_target_group.g", **words)).target_groups
    attributes = [] if said is None else [{"Key": "preserve_client_ip.enabled", "Value": str(said).lower()}]
    theirs = {"Port": 80, "Protocol": protocol, "TargetType": kind}
    (other,) = read(
        templated("AWS::ElasticLoadBalancingV2::TargetGroup", "g", **theirs, TargetGroupAttributes=attributes)
    ).target_groups
    assert (group.preserves_client.truth, other.preserves_client.truth) == (expected, expected)


@pytest.mark.parametrize(
    ("balancer", "group", "expected"),
    [
        ({}, {}, Truth.NO),
        ({"enable_cross_zone_load_balancing": True}, {}, Truth.YES),
        ({}, {"load_balancing_cross_zone_enabled": "true"}, Truth.YES),
        (
            {"enable_cross_zone_load_balancing": True},
            {"load_balancing_cross_zone_enabled": "false"},
            Truth.NO,
        ),
    ],
)
def test_a_network_balancer_keeps_to_its_zones_unless_told(
    balancer: dict[str, Any], group: dict[str, Any], expected: Truth
) -> None:
    found = read(
        resource("aws_lb.n", load_balancer_type="network", subnets=["subnet-a"], **balancer),
        resource("aws_lb_target_group.g", port=53, protocol="UDP", **group),
        resource(
            "aws_lb_listener.l",
            load_balancer_arn=ref("aws_lb.n.arn"),
            port=53,
            protocol="UDP",
            default_action={"type": "forward", "target_group_arn": ref("aws_lb_target_group.g.arn")},
        ),
    )
    (one,) = found.target_groups
    assert one.cross_zone.truth is expected
    assert one.service == exact(service(UDP, 53, 53))


def test_an_application_balancer_crosses_zones_unless_its_group_does_not() -> None:
    groups = read(
        resource("aws_lb_target_group.a", port=80, protocol="HTTP"),
        resource(
            "aws_lb_target_group.b", port=80, protocol="HTTP", load_balancing_cross_zone_enabled="false"
        ),
    ).target_groups
    assert [one.cross_zone.truth for one in groups] == [Truth.YES, Truth.NO]


def test_a_group_that_nothing_registers_with_may_have_any_targets() -> None:
    (group,) = read(resource("aws_lb_target_group.a", port=80, protocol="HTTP")).target_groups
    assert group.open


def test_a_function_is_invoked_and_not_connected_to() -> None:
    (group,) = read(resource("aws_lb_target_group.a", target_type="lambda")).target_groups
    assert (group.type, group.service, group.health) == (TargetType.INVOKED, exact(NOTHING), None)


def test_a_snapshot_without_rules_or_targets_leaves_them_open() -> None:
    found = read(
        collected("Listeners", LISTENER, LoadBalancerArn=BALANCER, Port=80, Protocol="HTTP"),
        collected("TargetGroups", BLUE, Protocol="TCP", Port=80, TargetType="ip"),
    )
    (listener,), (group,) = found.listeners, found.target_groups
    assert listener.targets.open
    assert group.open
    assert (group.preserves_client.truth, group.cross_zone.truth) == (Truth.UNKNOWN, Truth.UNKNOWN)
