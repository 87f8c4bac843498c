"""VPC endpoints, endpoint services and what is left alone by blocks of public access, in three dialects."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from auditor.model import NO, EndpointType, Fact, PublicAccessExclusion, Truth, VpcEndpoint
from auditor.tree import Dialect, GapKind, Location, Presence, Resource, Scope
from tests.aws.build import at, collected, open_list, possible, read, ref, resource, templated, unknown

ARN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/one/1"
OPEN = {"Version": "2008-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*"}]}
OPEN["Statement"][0]["Resource"] = "*"
NARROW = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]}
SQS = "com.amazonaws.eu-west-1.sqs"
THEIRS = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0"


def endpoint(**body: object) -> VpcEndpoint:
    (found,) = read(
        resource("aws_vpc_endpoint.e", **{"vpc_id": "vpc-1", "vpc_endpoint_type": "Interface", **body})
    ).vpc_endpoints
    return found


def in_account(account: str, *resources: Resource) -> tuple[Resource, ...]:
    return tuple(replace(one, scope=Scope(account=account)) for one in resources)


def plain(one: VpcEndpoint, provider: str = "") -> VpcEndpoint:
    return replace(
        one,
        id="",
        at=Location(""),
        names=(),
        provider=None if one.provider is None else replace(one.provider, id=provider, at=Location("")),
        vpc=replace(one.vpc, at=Location("")),
        accepted=Fact(one.accepted.truth),
        restricted=Fact(one.restricted.truth),
        private_dns=NO,
    )


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        (None, EndpointType.GATEWAY),
        ("Gateway", EndpointType.GATEWAY),
        ("Interface", EndpointType.INTERFACE),
        ("GatewayLoadBalancer", EndpointType.GATEWAY_LOAD_BALANCER),
    ],
)
def test_an_endpoint_is_of_the_type_that_it_names(name: str | None, type_: EndpointType):
    assert endpoint(vpc_endpoint_type=name, service_name=SQS).types == (type_,)


def test_an_endpoint_of_a_type_that_is_not_known_may_be_of_any():
    assert set(endpoint(vpc_endpoint_type=unknown("var.t")).types) == set(EndpointType)
    some = unknown("var.t", "Interface", "Gateway")
    assert endpoint(vpc_endpoint_type=some).types == (EndpointType.GATEWAY, EndpointType.INTERFACE)


@pytest.mark.parametrize("name", ["Resource", "ServiceNetwork"])
def test_an_endpoint_of_lattice_is_a_gap_and_a_fact(name: str):
    found = read(resource("aws_vpc_endpoint.e", vpc_id="vpc-1", vpc_endpoint_type=name))
    assert [gap.kind for gap in found.gaps] == [GapKind.RESOURCE]
    assert len(found.vpc_endpoints[0].types) == 1


def test_the_services_of_amazon_accept_everybody():
    for name in (SQS, "com.amazonaws.s3-global.accesspoint", "aws.sagemaker.eu-west-1.studio"):
        assert endpoint(service_name=name).accepted.truth is Truth.YES
    named = unknown('"com.amazonaws.${var.region}.sqs"')
    assert endpoint(service_name=named).accepted.truth is Truth.YES


def test_a_service_outside_the_input_may_accept_or_not():
    found = endpoint(service_name=THEIRS)
    assert (found.accepted.truth, found.service) == (Truth.UNKNOWN, THEIRS)
    assert found.provider is not None
    assert found.provider.id == "vpce-svc-0123456789abcdef0"
    assert endpoint(service_name=unknown("var.service")).accepted.truth is Truth.UNKNOWN


SERVICE = resource(
    "aws_vpc_endpoint_service.s", acceptance_required=True, network_load_balancer_arns=[ref("aws_lb.n.arn")]
)
NAMED = {"vpc_id": "vpc-1", "vpc_endpoint_type": "Interface"}
NAMED["service_name"] = ref("aws_vpc_endpoint_service.s.service_name")


def test_a_service_that_asks_for_no_acceptance_accepts():
    (found,) = read(
        resource("aws_vpc_endpoint_service.s", acceptance_required=False),
        resource("aws_vpc_endpoint.e", **NAMED),
    ).vpc_endpoints
    assert found.accepted.truth is Truth.YES
    assert found.provider is not None
    assert found.provider.id == "aws_vpc_endpoint_service.s"


def test_whether_somebody_accepts_by_hand_is_not_known():
    (found,) = read(SERVICE, resource("aws_vpc_endpoint.e", **NAMED)).vpc_endpoints
    assert found.accepted.truth is Truth.UNKNOWN
    assert [reason.settled_by for reason in found.accepted.reasons] == ["a snapshot"]


def test_an_endpoint_accepts_for_its_own_service():
    (found,) = read(SERVICE, resource("aws_vpc_endpoint.e", **NAMED, auto_accept=True)).vpc_endpoints
    assert found.accepted.truth is Truth.YES


@pytest.mark.parametrize(("sure", "truth"), [(True, Truth.YES), (False, Truth.UNKNOWN)])
def test_an_accepter_accepts(sure: bool, truth: Truth):
    accepter = resource(
        "aws_vpc_endpoint_connection_accepter.a",
        vpc_endpoint_service_id=ref("aws_vpc_endpoint_service.s.id"),
        vpc_endpoint_id=ref("aws_vpc_endpoint.e.id"),
    )
    given = accepter if sure else possible(accepter)
    (found,) = read(SERVICE, resource("aws_vpc_endpoint.e", **NAMED), given).vpc_endpoints
    assert found.accepted.truth is truth


FREE = replace(SERVICE, body=resource("aws_vpc_endpoint_service.s", acceptance_required=False).body)
ROOT = "arn:aws:iam::222233334444:root"


def allowed(*principals: object) -> tuple[Resource, ...]:
    service = ref("aws_vpc_endpoint_service.s.id")
    return tuple(
        resource(
            f"aws_vpc_endpoint_service_allowed_principal.p{index}",
            vpc_endpoint_service_id=service,
            principal_arn=principal,
        )
        for index, principal in enumerate(principals)
    )


@pytest.mark.parametrize(
    ("principals", "consumer", "truth"),
    [
        ((), "222233334444", Truth.NO),
        ((), "111122223333", Truth.YES),
        ((), "", Truth.YES),
        ((ROOT,), "222233334444", Truth.YES),
        (("arn:aws:iam::222233334444:role/deploy",), "222233334444", Truth.YES),
        ((ROOT,), "999900001111", Truth.NO),
        (("*",), "999900001111", Truth.YES),
        ((unknown("var.principal"),), "999900001111", Truth.YES),
    ],
)
def test_a_service_takes_its_own_account_and_those_that_it_names(
    principals: tuple[object, ...], consumer: str, truth: Truth
):
    provider = in_account("111122223333", FREE, *allowed(*principals))
    here = in_account(consumer, resource("aws_vpc_endpoint.e", **NAMED))
    assert read(*provider, *here).vpc_endpoints[0].accepted.truth is truth


def test_principals_that_are_not_all_known_decide_nothing():
    service = resource(
        "aws_vpc_endpoint_service.s",
        acceptance_required=False,
        allowed_principals=open_list(more=unknown("var.principals")),
    )
    here = in_account("999900001111", resource("aws_vpc_endpoint.e", **NAMED))
    assert read(*in_account("111122223333", service), *here).vpc_endpoints[0].accepted.truth is Truth.YES


@pytest.mark.parametrize(
    ("state", "truth"),
    [("available", Truth.YES), ("pendingAcceptance", Truth.NO), ("rejected", Truth.NO)],
)
def test_the_state_that_aws_tells_decides(state: str, truth: Truth):
    body = {"VpcId": "vpc-1", "VpcEndpointType": "Interface", "ServiceName": THEIRS, "State": state}
    assert read(collected("VpcEndpoints", "vpce-1", **body)).vpc_endpoints[0].accepted.truth is truth


@pytest.mark.parametrize(
    ("policy", "truth"),
    [
        (None, Truth.NO),
        (json.dumps(OPEN), Truth.NO),
        (json.dumps(NARROW), Truth.YES),
        (
            json.dumps({"Statement": [*OPEN["Statement"], {**OPEN["Statement"][0], "Effect": "Deny"}]}),
            Truth.YES,
        ),
        (json.dumps({"Statement": [{**OPEN["Statement"][0], "Condition": {"X": {}}}]}), Truth.YES),
        (json.dumps({"Statement": {**OPEN["Statement"][0], "Principal": {"AWS": ["*"]}}}), Truth.NO),
        (json.dumps({"Statement": []}), Truth.YES),
        ("not json", Truth.UNKNOWN),
        (unknown("data.aws_iam_policy_document.p.json"), Truth.UNKNOWN),
    ],
)
def test_an_endpoint_is_restricted_by_what_its_policy_says(policy: object, truth: Truth):
    assert endpoint(service_name=SQS, policy=policy).restricted.truth is truth


@pytest.mark.parametrize(("sure", "truth"), [(True, Truth.YES), (False, Truth.UNKNOWN)])
def test_a_policy_may_be_a_resource_of_its_own(sure: bool, truth: Truth):
    own = resource(
        "aws_vpc_endpoint_policy.p", vpc_endpoint_id=ref("aws_vpc_endpoint.e.id"), policy=json.dumps(NARROW)
    )
    there = resource("aws_vpc_endpoint.e", vpc_id="vpc-1", service_name="com.amazonaws.eu-west-1.s3")
    (found,) = read(there, own if sure else possible(own)).vpc_endpoints
    assert found.restricted.truth is truth


TERRAFORM = (
    resource(
        "aws_vpc_endpoint_service.s", acceptance_required=False, network_load_balancer_arns=[ARN], tags={}
    ),
    resource(
        "aws_vpc_endpoint.e",
        vpc_id="vpc-1",
        vpc_endpoint_type="Interface",
        service_name=ref("aws_vpc_endpoint_service.s.service_name"),
        policy=json.dumps(NARROW),
    ),
)
SUB = unknown("a name")
SUB = replace(SUB, parts=(replace(at("Service")),))
TEMPLATE = (
    templated(
        "AWS::EC2::VPCEndpointService", "Service", AcceptanceRequired=False, NetworkLoadBalancerArns=[ARN]
    ),
    templated(
        "AWS::EC2::VPCEndpoint",
        "E",
        VpcId="vpc-1",
        VpcEndpointType="Interface",
        ServiceName=SUB,
        PolicyDocument=NARROW,
    ),
)
SNAPSHOT = (
    collected(
        "ServiceConfigurations",
        "vpce-svc-0123456789abcdef0",
        ServiceId="vpce-svc-0123456789abcdef0",
        ServiceName=THEIRS,
        AcceptanceRequired=False,
        NetworkLoadBalancerArns=[ARN],
    ),
    collected(
        "VpcEndpoints",
        "vpce-1",
        VpcId="vpc-1",
        VpcEndpointType="Interface",
        ServiceName=THEIRS,
        State="available",
        PolicyDocument=json.dumps(NARROW),
    ),
)


@pytest.mark.parametrize("resources", [TEMPLATE, SNAPSHOT], ids=["template", "snapshot"])
def test_an_endpoint_of_a_service_is_the_same_in_all_dialects(resources: tuple[Resource, ...]):
    mine, theirs = read(*TERRAFORM), read(*resources)
    assert theirs.gaps == mine.gaps == ()
    assert [replace(plain(one, "s"), service="") for one in theirs.vpc_endpoints] == [
        replace(plain(one, "s"), service="") for one in mine.vpc_endpoints
    ]
    (service,) = theirs.endpoint_services
    assert theirs.vpc_endpoints[0].provider is not None
    assert theirs.vpc_endpoints[0].provider.id == service.id
    assert [link.id for link in service.balancers.items] == [ARN]


def test_a_template_says_who_may_connect():
    permissions = templated(
        "AWS::EC2::VPCEndpointServicePermissions", "P", ServiceId=at("Service"), AllowedPrincipals=[ROOT]
    )
    provider = in_account("111122223333", TEMPLATE[0], permissions)
    one, other = (in_account(each, TEMPLATE[1]) for each in ("222233334444", "999900001111"))
    assert read(*provider, *one).vpc_endpoints[0].accepted.truth is Truth.YES
    assert read(*provider, *other).vpc_endpoints[0].accepted.truth is Truth.NO


def test_a_template_asks_for_acceptance_unless_it_says_otherwise():
    (found,) = read(templated("AWS::EC2::VPCEndpointService", "Service"), TEMPLATE[1]).vpc_endpoints
    assert found.accepted.truth is Truth.UNKNOWN


def exclusion(one: Resource) -> PublicAccessExclusion:
    found = read(one)
    assert found.gaps == ()
    (excluded,) = found.public_access_exclusions
    return excluded


@pytest.mark.parametrize(("mode", "truth"), [("allow-egress", Truth.YES), ("allow-bidirectional", Truth.NO)])
def test_what_is_excluded_is_left_alone_in_all_dialects(mode: str, truth: Truth):
    name = "VpcBlockPublicAccessExclusions"
    of_vpc = (
        resource(
            "aws_vpc_block_public_access_exclusion.e", vpc_id="vpc-1", internet_gateway_exclusion_mode=mode
        ),
        templated(
            "AWS::EC2::VPCBlockPublicAccessExclusion",
            "E",
            VpcId="vpc-1",
            InternetGatewayExclusionMode=mode,
        ),
        collected(name, "x", ResourceArn="arn:aws:ec2:r:1:vpc/vpc-1", InternetGatewayExclusionMode=mode),
    )
    for one in of_vpc:
        found = exclusion(one)
        assert found.vpc is not None
        assert (found.vpc.id, found.subnet, found.egress_only.truth) == ("vpc-1", None, truth)
    of_subnet = collected(
        name, "x", ResourceArn="arn:aws:ec2:r:1:subnet/subnet-1", InternetGatewayExclusionMode=mode
    )
    subnet = exclusion(of_subnet).subnet
    assert subnet is not None
    assert subnet.id == "subnet-1"


@pytest.mark.parametrize(
    ("mode", "blocks", "ingress"),
    [
        ("off", Truth.NO, Truth.NO),
        ("block-bidirectional", Truth.YES, Truth.NO),
        ("block-ingress", Truth.YES, Truth.YES),
        (unknown("var.mode"), Truth.UNKNOWN, Truth.UNKNOWN),
    ],
)
def test_a_block_of_public_access_is_one_of_its_account(mode: object, blocks: Truth, ingress: Truth):
    one = resource("aws_vpc_block_public_access_options.o", internet_gateway_block_mode=mode)
    (found,) = read(*in_account("111122223333", one)).public_access_blocks
    assert (found.blocks.truth, found.ingress_only.truth) == (blocks, ingress)
    assert found.scope.account == "111122223333"


def test_exclusions_that_were_not_collected_may_be_there():
    vpc = collected("Vpcs", "vpc-1", CidrBlock="10.0.0.0/16")
    kind = "VpcBlockPublicAccessExclusions"
    lacking = replace(
        collected("NotCollected", f"1/r/{kind}", Kind=kind, Why="denied"), dialect=Dialect.SNAPSHOT
    )
    (found,) = read(vpc, lacking).public_access_exclusions
    assert (found.presence, found.egress_only.truth) == (Presence.POSSIBLE, Truth.UNKNOWN)


def test_an_endpoint_of_a_gateway_load_balancer_hands_packets_to_its_service():
    found = read(
        resource(
            "aws_vpc_endpoint_service.s",
            acceptance_required=False,
            gateway_load_balancer_arns=[ref("aws_lb.g.arn")],
        ),
        resource(
            "aws_vpc_endpoint.e",
            **{**NAMED, "vpc_endpoint_type": "GatewayLoadBalancer", "subnet_ids": ["subnet-1"]},
        ),
    )
    (one,), (workload,), (service,) = found.vpc_endpoints, found.workloads, found.endpoint_services
    assert one.types == (EndpointType.GATEWAY_LOAD_BALANCER,)
    assert one.provider is not None
    assert (one.provider.id, workload.id) == (service.id, one.id)
    assert (workload.forwards.truth, workload.filtered) == (Truth.YES, False)
    assert [link.id for link in service.balancers.items] == ["aws_lb.g"]


def test_a_service_that_is_looked_up_by_what_amazon_calls_it_is_amazon_s():
    data = "data.aws_vpc_endpoint_service.d"
    asked = {"vpc_id": "vpc-1", "vpc_endpoint_type": "Interface"}
    found = read(
        resource(data, service="sqs"),
        resource("aws_vpc_endpoint.e", **asked, service_name=unknown(f"{data}.service_name")),
    )
    assert found.vpc_endpoints[0].accepted.truth is Truth.YES
    other = read(
        resource(data, service_name=unknown("var.name")),
        resource("aws_vpc_endpoint.e", **asked, service_name=unknown(f"{data}.service_name")),
    )
    assert other.vpc_endpoints[0].accepted.truth is Truth.UNKNOWN
