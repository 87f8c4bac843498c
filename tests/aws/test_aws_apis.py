"""APIs and their links into a VPC, in three dialects.

https://docs.aws.amazon.com/apigateway/latest/developerguide/getting-started-with-private-integration.html
"""

from __future__ import annotations

import pytest

from auditor.model import NO, YES, Fact, Truth, Workload
from auditor.traffic import NOTHING, TCP, Bounds, exact, service
from auditor.tree import Resource
from tests.aws.build import at, collected, read, ref, resource, templated, unknown
from tests.aws.columns import arn
from tests.aws.proxied import proxied

API = resource("aws_api_gateway_rest_api.api", name="api")
LINK = resource("aws_api_gateway_vpc_link.l", target_arns=[ref("aws_lb.n.arn")])
NLB = resource("aws_lb.n", name="n", load_balancer_type="network", internal=True, subnets=["subnet-a"])
USES = {"type": "HTTP_PROXY", "connection_type": "VPC_LINK", "uri": "http://n:8080"}


def integration(**more: object) -> Resource:
    said = {"rest_api_id": ref("aws_api_gateway_rest_api.api.id"), **USES, **more}
    return resource("aws_api_gateway_integration.i", **said)


REST = (API, NLB, LINK, integration(connection_id=ref("aws_api_gateway_vpc_link.l.id")))


def test_a_rest_api_with_a_link_is_the_same_in_a_template():
    template = (
        templated("AWS::ApiGateway::RestApi", "A", Name="api"),
        templated(
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "N",
            Type="network",
            Scheme="internal",
            Subnets=["subnet-a"],
        ),
        templated("AWS::ApiGateway::VpcLink", "L", TargetArns=[at("N")]),
        templated(
            "AWS::ApiGateway::Method",
            "M",
            RestApiId=at("A"),
            Integration={
                "Type": "HTTP_PROXY",
                "ConnectionType": "VPC_LINK",
                "ConnectionId": at("L"),
                "Uri": "http://n:8080",
            },
        ),
    )
    assert proxied(*template) == proxied(*REST)


def test_an_http_api_with_a_link_is_the_same_in_a_template():
    terraform = (
        resource("aws_apigatewayv2_api.api", name="api", protocol_type="HTTP"),
        NLB,
        resource(
            "aws_apigatewayv2_vpc_link.l", name="l", subnet_ids=["subnet-a"], security_group_ids=["sg-1"]
        ),
        resource("aws_lb_listener.n", load_balancer_arn=ref("aws_lb.n.arn"), port=80, protocol="TCP"),
        resource(
            "aws_apigatewayv2_integration.i",
            api_id=ref("aws_apigatewayv2_api.api.id"),
            connection_type="VPC_LINK",
            connection_id=ref("aws_apigatewayv2_vpc_link.l.id"),
            integration_uri=ref("aws_lb_listener.n.arn"),
        ),
    )
    template = (
        templated("AWS::ApiGatewayV2::Api", "A", Name="api", ProtocolType="HTTP"),
        templated(
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "N",
            Type="network",
            Scheme="internal",
            Subnets=["subnet-a"],
        ),
        templated(
            "AWS::ApiGatewayV2::VpcLink", "L", Name="l", SubnetIds=["subnet-a"], SecurityGroupIds=["sg-1"]
        ),
        templated(
            "AWS::ElasticLoadBalancingV2::Listener", "S", LoadBalancerArn=at("N"), Port=80, Protocol="TCP"
        ),
        templated(
            "AWS::ApiGatewayV2::Integration",
            "I",
            ApiId=at("A"),
            ConnectionType="VPC_LINK",
            ConnectionId=at("L"),
            IntegrationUri=at("S"),
        ),
    )
    assert proxied(*template) == proxied(*terraform)
    behind = next(one for one in read(*terraform).target_groups if one.id.endswith(".targets"))
    assert behind.service == exact(service(TCP, 80, 80))


def test_a_rest_api_with_a_link_is_the_same_in_a_snapshot():
    nlb = arn("elasticloadbalancing", "loadbalancer/net/n/1")
    get = {
        "methodIntegration": {
            "type": "HTTP_PROXY",
            "uri": "http://n:8080",
            "connectionType": "VPC_LINK",
            "connectionId": "l1",
        }
    }
    lambdas = {
        "methodIntegration": {"type": "AWS_PROXY", "uri": "arn:aws:apigateway:x", "cacheKeyParameters": []}
    }
    snapshot = (
        collected(
            "RestApis",
            "a1",
            id="a1",
            name="api",
            endpointConfiguration={"types": ["REGIONAL"]},
            items=[
                {"id": "r0", "path": "/"},
                {"id": "r1", "path": "/pets", "resourceMethods": {"GET": get, "POST": lambdas}},
            ],
        ),
        balancer(nlb),
        collected("apigateway:VpcLinks", "l1", id="l1", targetArns=[nlb], status="AVAILABLE"),
    )
    assert proxied(*snapshot) == proxied(*REST)
    assert public(snapshot[0]) == YES


def balancer(name: str) -> Resource:
    return collected(
        "LoadBalancers",
        name,
        LoadBalancerArn=name,
        Type="network",
        Scheme="internal",
        AvailabilityZones=[{"SubnetId": "subnet-a"}],
        Attributes=[],
    )


def test_an_http_api_with_a_link_is_the_same_in_a_snapshot():
    nlb = arn("elasticloadbalancing", "loadbalancer/net/n/1")
    listener = arn("elasticloadbalancing", "listener/net/n/1/2")
    snapshot = (
        collected(
            "apigatewayv2:Apis",
            "a1",
            ApiId="a1",
            Name="api",
            ProtocolType="HTTP",
            DisableExecuteApiEndpoint=False,
            Items=[
                {
                    "IntegrationId": "i1",
                    "IntegrationType": "HTTP_PROXY",
                    "ConnectionType": "VPC_LINK",
                    "ConnectionId": "l1",
                    "IntegrationUri": listener,
                },
                {"IntegrationId": "i2", "IntegrationType": "AWS_PROXY", "ConnectionType": "INTERNET"},
            ],
        ),
        balancer(nlb),
        collected(
            "apigatewayv2:VpcLinks",
            "l1",
            VpcLinkId="l1",
            Name="l",
            SubnetIds=["subnet-a"],
            SecurityGroupIds=["sg-1"],
        ),
        collected("Listeners", listener, ListenerArn=listener, LoadBalancerArn=nlb, Port=80, Protocol="TCP"),
    )
    found = read(*snapshot)
    behind = next(one for one in found.target_groups if one.id.endswith(".targets"))
    assert (found.gaps, behind.service) == ((), exact(service(TCP, 80, 80)))
    assert [one.workload.id for one in found.proxy_targets if one.workload] == ["l1", nlb]


@pytest.mark.parametrize("kind", ["RestApis", "apigatewayv2:Apis"])
def test_an_api_of_which_a_snapshot_tells_no_integrations_may_use_each_link(kind: str):
    nlb = arn("elasticloadbalancing", "loadbalancer/net/n/1")
    link = collected("apigateway:VpcLinks", "l1", id="l1", targetArns=[nlb])
    api = collected(kind, "a1", id="a1", ApiId="a1", ProtocolType="HTTP", endpointConfiguration={"types": []})
    found = read(api, balancer(nlb), link)
    assert [one.presence.value for one in found.proxy_targets] == ["possible"]
    none = collected(kind, "a1", id="a1", ApiId="a1", items=[], Items=[])
    assert read(none, balancer(nlb)).proxy_targets == ()


def public(*resources: Resource) -> Fact | None:
    (api,) = [one for one in read(*resources).workloads if isinstance(one, Workload)]
    assert (api.placed, api.initiates, api.listens) == (False, False, exact(service(TCP, 443, 443)))
    return api.public


def test_whether_the_internet_reaches_an_api_is_told_by_its_type_and_its_policy():
    assert public(API) == YES
    private = {"endpoint_configuration": [{"types": ["PRIVATE"]}]}
    assert public(resource("aws_api_gateway_rest_api.api", **private)) == NO
    theirs = {"EndpointConfiguration": {"Types": ["PRIVATE"]}}
    assert public(templated("AWS::ApiGateway::RestApi", "A", **theirs)) == NO
    limit = resource("aws_api_gateway_rest_api_policy.p", rest_api_id=ref("aws_api_gateway_rest_api.api.id"))
    for doubt in (
        public(API, limit),
        public(resource("aws_api_gateway_rest_api.api", policy="{}")),
        public(resource("aws_apigatewayv2_api.api", disable_execute_api_endpoint=True)),
        public(resource("aws_api_gateway_rest_api.api", endpoint_configuration=[{"types": [unknown()]}])),
    ):
        assert doubt is not None
        assert doubt.truth is Truth.UNKNOWN


def test_a_link_that_nothing_in_the_input_uses_is_a_gap():
    assert len(read(NLB, LINK).gaps) == 1
    assert len(read(collected("apigateway:VpcLinks", "l", id="l", targetArns=["arn:x"])).gaps) == 1
    assert read(*REST).gaps == ()


@pytest.mark.parametrize("named", [unknown(), "${stageVariables.link}"])
def test_an_integration_with_a_link_that_is_not_known_may_use_each(named: object):
    found = read(API, NLB, LINK, integration(connection_id=named))
    (target,) = found.proxy_targets
    assert target.presence.value == "possible"
    assert target.reasons


def test_what_is_not_known_of_an_integration_is_open():
    uri = read(*REST[:3], integration(connection_id=ref("aws_api_gateway_vpc_link.l.id"), uri=unknown()))
    assert [one.service for one in uri.target_groups] == [Bounds(NOTHING, service(TCP))]
