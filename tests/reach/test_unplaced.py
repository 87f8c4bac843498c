"""Workloads in no VPC are on AWS's side: they reach what the internet reaches, and are reached from there.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.model import (
    NO,
    NO_LINKS,
    YES,
    Component,
    EndpointType,
    TargetKind,
    Truth,
    VpcEndpoint,
    Workload,
)
from auditor.traffic import Traffic, exact, parse_cidr, parse_traffic
from tests.reach.network import (
    BLOCKED,
    REACHABLE,
    UNKNOWN,
    allow_in,
    allow_out,
    ask,
    at,
    engine,
    group,
    host,
    igw,
    link,
    route,
    subnet,
    table,
    vpc,
)

FUNCTION = Workload(id="function", kind="aws_lambda_function", at=at(), placed=False, accepts=False)
API = Workload(
    id="api",
    kind="aws_apigatewayv2_api",
    at=at(),
    placed=False,
    initiates=False,
    public=YES,
    listens=exact(parse_traffic("tcp/443")),
)
CLUSTER = replace(API, id="cluster", sources=exact(parse_cidr("203.0.113.0/24")))


def network(*rules: Component, public: bool = True) -> tuple[Component, ...]:
    web = host("web", "public", "web", public=YES if public else NO)
    way = (*table("t", "public"), route("t", "0.0.0.0/0", TargetKind.INTERNET_GATEWAY, "igw"))
    net = (vpc(), subnet("public", "10.0.1.0/24"), igw(), *way, group("web"))
    return (*net, *rules, web, FUNCTION, API, CLUSTER)


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [("0.0.0.0/0", REACHABLE), ("52.0.0.0/8", UNKNOWN), ("10.0.0.0/8", BLOCKED)],
)
def test_a_function_in_no_vpc_reaches_what_lets_in_the_addresses_of_aws(allowed: str, expected: object):
    net = engine(*network(allow_in("web", "tcp/443", allowed)))
    assert ask(net, "function", "web", "tcp/443").verdict is expected


def test_a_function_in_no_vpc_reaches_no_private_host():
    net = engine(*network(allow_in("web", "tcp/443", "0.0.0.0/0"), public=False))
    assert ask(net, "function", "web", "tcp/443").verdict is BLOCKED


def test_a_function_in_no_vpc_reaches_the_internet_and_accepts_nothing():
    net = engine(*network())
    assert ask(net, "function", "internet", "tcp/443").verdict is REACHABLE
    assert ask(net, "internet", "function", "tcp/443").verdict is BLOCKED


def test_the_internet_reaches_an_api_on_its_port():
    net = engine(*network())
    assert ask(net, "internet", "api", "tcp/443").verdict is REACHABLE
    assert ask(net, "internet", "api", "tcp/80").verdict is BLOCKED
    assert ask(net, "function", "api", "tcp/443").verdict is REACHABLE
    assert ask(net, "10.0.1.9/32", "api", "tcp/443").verdict is not REACHABLE


def test_who_may_connect_to_a_public_endpoint_can_be_limited():
    net = engine(*network())
    assert ask(net, "203.0.113.7/32", "cluster", "tcp/443").verdict is REACHABLE
    assert ask(net, "198.51.100.7/32", "cluster", "tcp/443").verdict is BLOCKED
    assert ask(net, "function", "cluster", "tcp/443").verdict is UNKNOWN


@pytest.mark.parametrize(("allowed", "expected"), [("0.0.0.0/0", REACHABLE), ("10.0.0.0/8", BLOCKED)])
def test_a_host_reaches_an_api_as_it_reaches_the_internet(allowed: str, expected: object):
    net = engine(*network(allow_out("web", "tcp/443", allowed)))
    assert ask(net, "web", "api", "tcp/443").verdict is expected
    assert ask(net, "web", "api", "tcp/22").verdict is BLOCKED


def test_an_endpoint_of_a_client_vpn_connects_to_what_is_authorized_only():
    net = engine(
        vpc(),
        subnet("public", "10.0.1.0/24"),
        subnet("other", "10.0.2.0/24"),
        group("web"),
        allow_in("web", "tcp/443", "10.0.0.0/16"),
        allow_out("web", "all", "0.0.0.0/0"),
        host("near", "public", "web"),
        host("far", "other", "web"),
        replace(
            host("vpn", "public", "web"), opens=exact(Traffic.of(destinations=parse_cidr("10.0.1.0/24")))
        ),
    )
    assert ask(net, "vpn", "near", "tcp/443").verdict is REACHABLE
    found = ask(net, "vpn", "far", "tcp/443")
    assert found.verdict is BLOCKED
    assert "TARGET_ADDRESS_RESTRICTION" in [one.code.value for one in found.blockers]


def test_a_host_may_reach_a_private_api_by_an_endpoint_of_its_vpc():
    private = replace(API, id="private", public=NO)
    net = engine(*network(public=False), private)
    answer = ask(net, "web", "private", "tcp/443")
    assert answer.verdict is UNKNOWN
    assert any("endpoint" in one.what for one in answer.unknowns)
    assert ask(net, "internet", "private", "tcp/443").verdict is BLOCKED
    assert ask(net, "function", "private", "tcp/443").verdict is BLOCKED


def test_what_may_be_public_is_reached_by_the_internet_or_an_endpoint():
    perhaps = replace(API, id="perhaps", public=None)
    endpoint = VpcEndpoint(
        id="vpce", at=at(), vpc=link("vpc"), types=(EndpointType.INTERFACE,), restricted=NO
    )
    assert ask(engine(*network(public=False), perhaps), "web", "perhaps").verdict is BLOCKED
    assert ask(engine(*network(public=False), perhaps, endpoint), "web", "perhaps").verdict is UNKNOWN


def test_a_function_in_no_vpc_carries_no_default_group():
    net = engine(*network())
    assert net.carriers.groups(FUNCTION) == NO_LINKS
    assert net.carriers.undecided == ()
    assert net.carriers.takes_default(FUNCTION).truth is Truth.NO
