"""Accelerators and their endpoints, in three dialects.

https://docs.aws.amazon.com/global-accelerator/latest/dg/preserve-client-ip-address.html
"""

from __future__ import annotations

from typing import Any

import pytest

from auditor.model import NO, YES, Accelerated, Truth
from auditor.traffic import NOTHING, TCP, UDP, Bounds, exact, service
from auditor.tree import Presence, Resource
from tests.aws.build import at, collected, read, ref, resource, templated, unknown
from tests.aws.columns import arn
from tests.aws.proxied import proxied

EDGE = "arn:aws:globalaccelerator::111122223333:accelerator/a"
ALB = arn("elasticloadbalancing", "loadbalancer/app/it/1")
BALANCER = {"internal": True, "subnets": ["subnet-a"], "security_groups": ["sg-1"]}


def listener(**more: object) -> Resource:
    said: dict[str, Any] = {"protocol": "TCP", "port_range": [{"from_port": 443, "to_port": 443}], **more}
    accelerator = ref("aws_globalaccelerator_accelerator.a.arn")
    return resource("aws_globalaccelerator_listener.l", accelerator_arn=accelerator, **said)


def group(endpoint: object, said: dict[str, bool] | None = None, **more: object) -> Resource:
    named = {"endpoint_id": endpoint, **(said or {})}
    return resource(
        "aws_globalaccelerator_endpoint_group.g",
        listener_arn=ref("aws_globalaccelerator_listener.l.arn"),
        endpoint_configuration=[named],
        **more,
    )


ACCELERATOR = resource("aws_globalaccelerator_accelerator.a", name="a", ip_address_type="IPV4")


def terraform(endpoint: object, *others: Resource, **more: Any) -> tuple[Resource, ...]:
    return (ACCELERATOR, listener(), group(endpoint, **more), *others)


def only(*resources: Resource) -> Accelerated:
    (found,) = read(*resources).accelerated
    return found


def plain(one: Accelerated) -> tuple[object, ...]:
    return one.service, one.preserves_client.truth, one.ipv6.truth, one.presence


OVERRIDE = {"port_override": [{"listener_port": 443, "endpoint_port": 8443}]}


def test_an_accelerator_is_the_same_in_three_dialects():
    ours = terraform(ref("aws_lb.it.arn"), resource("aws_lb.it", **BALANCER), **OVERRIDE)
    ranges = [{"FromPort": 443, "ToPort": 443}]
    theirs = {"Scheme": "internal", "Subnets": ["subnet-a"], "SecurityGroups": ["sg-1"]}
    overrides = [{"ListenerPort": 443, "EndpointPort": 8443}]
    template = (
        templated("AWS::GlobalAccelerator::Accelerator", "A", Name="a", IpAddressType="IPV4"),
        templated(
            "AWS::GlobalAccelerator::Listener",
            "L",
            AcceleratorArn=at("A", "AcceleratorArn"),
            Protocol="TCP",
            PortRanges=ranges,
        ),
        templated(
            "AWS::GlobalAccelerator::EndpointGroup",
            "G",
            ListenerArn=at("L", "ListenerArn"),
            EndpointConfigurations=[{"EndpointId": at("B")}],
            PortOverrides=overrides,
        ),
        templated("AWS::ElasticLoadBalancingV2::LoadBalancer", "B", **theirs),
    )
    snapshot = (
        collected(
            "AcceleratorList",
            EDGE,
            AcceleratorArn=EDGE,
            Name="a",
            Enabled=True,
            IpAddressType="IPV4",
            Status="DEPLOYED",
        ),
        collected(
            "globalaccelerator:Listeners",
            f"{EDGE}/listener/l",
            ListenerArn=f"{EDGE}/listener/l",
            PortRanges=ranges,
            Protocol="TCP",
        ),
        collected(
            "EndpointGroups",
            f"{EDGE}/listener/l/endpoint-group/g",
            EndpointGroupArn=f"{EDGE}/listener/l/endpoint-group/g",
            EndpointDescriptions=[
                {
                    "EndpointId": ALB,
                    "Weight": 128,
                    "ClientIPPreservationEnabled": True,
                    "HealthState": "HEALTHY",
                }
            ],
            TrafficDialPercentage=100.0,
            PortOverrides=overrides,
        ),
        collected(
            "LoadBalancers",
            ALB,
            Type="application",
            Scheme="internal",
            AvailabilityZones=[{"SubnetId": "subnet-a"}],
            SecurityGroups=["sg-1"],
            Attributes=[],
        ),
    )
    assert proxied(*template) == proxied(*ours) == proxied(*snapshot)
    assert plain(only(*template)) == plain(only(*ours)) == plain(only(*snapshot))
    found = read(*ours)
    (brought,) = found.accelerated
    edge = next(one for one in found.workloads if not one.placed)
    assert plain(brought) == (exact(service(TCP, 8443, 8443)), Truth.YES, Truth.NO, Presence.CERTAIN)
    assert (brought.endpoint.id, brought.accelerator) == ("aws_lb.it", edge.id)
    assert edge.listens == exact(service(TCP, 443, 443))
    assert edge.public is not None
    assert edge.public.truth is Truth.YES


def preserved(kind: str, said: bool | None = None, **body: object) -> Truth:
    told = {} if said is None else {"client_ip_preservation_enabled": said}
    made = resource(f"{kind}.it", subnets=["subnet-a"], **body)
    found = read(*terraform(ref(f"{kind}.it.id"), made, said=told)).target_groups
    return found[0].preserves_client.truth


@pytest.mark.parametrize("said", [None, False, True])
def test_instances_and_internal_application_load_balancers_see_clients_whatever_is_said(said: bool | None):
    assert preserved("aws_instance", said) is Truth.YES
    assert preserved("aws_lb", said, internal=True) is Truth.YES


def test_whether_others_see_clients_is_as_it_is_said():
    groups = {"security_groups": ["sg-1"]}
    network = {"load_balancer_type": "network"}
    assert preserved("aws_lb", True) is Truth.YES
    assert preserved("aws_lb", False) is Truth.NO
    assert preserved("aws_lb") is Truth.UNKNOWN
    assert preserved("aws_lb", False, **network, **groups) is Truth.NO
    assert preserved("aws_lb", None, **network, **groups) is Truth.UNKNOWN
    assert preserved("aws_lb", **network) is Truth.NO
    assert preserved("aws_lb", False, **network, internal=True) is Truth.UNKNOWN


def test_an_elastic_ip_leads_to_its_holder_which_sees_addresses_of_aws():
    held = resource("aws_eip.it", instance=ref("aws_instance.i.id"))
    server = resource("aws_instance.i", subnet_id="subnet-a")
    found = read(*terraform(ref("aws_eip.it.id"), held, server))
    assert found.accelerated == ()
    (target,) = found.proxy_targets
    assert target.workload is not None
    assert target.workload.id == "aws_instance.i"
    alone = read(*terraform(ref("aws_eip.it.id"), resource("aws_eip.it")))
    assert alone.target_groups[0].open


def test_what_is_not_known_of_an_accelerator_is_open():
    server = resource("aws_instance.i", subnet_id="subnet-a")
    named = only(*terraform(unknown("var.id"), server))
    assert (named.endpoint.certain, named.endpoint.among) == (False, ("aws_instance.i",))
    endpoint = ref("aws_instance.i.id")
    off = resource("aws_globalaccelerator_accelerator.a", enabled=unknown())
    assert only(off, listener(), group(endpoint), server).presence is Presence.POSSIBLE
    assert only(group(endpoint), server).service == Bounds(NOTHING, service(TCP) | service(UDP))
    ports = only(
        ACCELERATOR, listener(port_range=[{"from_port": unknown(), "to_port": 1}]), group(endpoint), server
    )
    assert ports.service == Bounds(NOTHING, service(TCP) | service(UDP))
    idle = only(*terraform(endpoint, server, traffic_dial_percentage=0))
    assert (idle.presence, bool(idle.reasons)) == (Presence.POSSIBLE, True)


def test_an_accelerator_that_is_off_brings_nothing():
    off = resource("aws_globalaccelerator_accelerator.a", enabled=False)
    found = read(off, listener(), group(ref("aws_instance.i.id")), resource("aws_instance.i", subnet_id="s"))
    assert found.accelerated == ()
    assert found.workloads[0].public is not None
    assert found.workloads[0].public.truth is Truth.NO


def test_custom_routing_may_bring_its_destinations_to_a_subnet():
    found = only(
        resource("aws_globalaccelerator_custom_routing_accelerator.a", name="a"),
        resource(
            "aws_globalaccelerator_custom_routing_listener.l",
            accelerator_arn=ref("aws_globalaccelerator_custom_routing_accelerator.a.arn"),
            port_range=[{"from_port": 5000, "to_port": 9000}],
        ),
        resource(
            "aws_globalaccelerator_custom_routing_endpoint_group.g",
            listener_arn=ref("aws_globalaccelerator_custom_routing_listener.l.arn"),
            destination_configuration=[{"from_port": 80, "to_port": 90, "protocols": ["UDP"]}],
            endpoint_configuration=[{"endpoint_id": ref("aws_subnet.s.id")}],
        ),
    )
    assert (found.endpoint.id, found.presence) == ("aws_subnet.s", Presence.POSSIBLE)
    assert found.service == Bounds(NOTHING, service(UDP, 80, 90))


def test_what_is_shared_with_other_accounts_may_be_an_endpoint_there():
    share = "aws_globalaccelerator_cross_account_attachment.s"
    given = resource(share, name="s", resource=[{"endpoint_id": ref("aws_lb.it.arn"), "region": "eu-west-1"}])
    found = only(given, resource("aws_lb.it", **BALANCER))
    assert (found.endpoint.id, found.presence, found.preserves_client.truth) == (
        "aws_lb.it",
        Presence.POSSIBLE,
        Truth.UNKNOWN,
    )


def test_a_snapshot_that_does_not_tell_of_listeners_or_endpoints_has_gaps():
    edge = collected("AcceleratorList", EDGE, AcceleratorArn=EDGE, Enabled=True)
    heard = collected("globalaccelerator:Listeners", f"{EDGE}/listener/l", PortRanges=[], Protocol="TCP")
    assert len(read(edge).gaps) == 1
    assert len(read(edge, heard).gaps) == 1


def test_ipv6_comes_by_a_dual_stack_accelerator_only():
    both = resource("aws_globalaccelerator_accelerator.a", ip_address_type="DUAL_STACK")
    parts = (listener(), group(ref("aws_instance.i.id")), resource("aws_instance.i", subnet_id="subnet-a"))
    assert only(both, *parts).ipv6.truth is YES.truth
    assert only(ACCELERATOR, *parts).ipv6.truth is NO.truth
