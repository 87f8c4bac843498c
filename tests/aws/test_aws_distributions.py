"""Distributions with origins in a VPC, in Terraform and in templates.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
"""

from __future__ import annotations

import pytest

from auditor.model import YES
from auditor.traffic import NOTHING, TCP, Bounds, exact, service
from auditor.tree import Resource
from tests.aws.build import at, collected, read, ref, resource, templated, unknown
from tests.aws.columns import arn
from tests.aws.proxied import proxied
from tests.checklist.terraform import ANYWHERE, REACHABLE, UNKNOWN, network, out, rule
from tests.checklist.terraform import group as group_of

ALB = arn("elasticloadbalancing", "loadbalancer/app/it/1")

BALANCER = resource("aws_lb.a", internal=True, subnets=["subnet-a"], security_groups=["sg-1"])
CONFIG = {"arn": ref("aws_lb.a.arn"), "http_port": 80, "https_port": 8443}


def origin(policy: str) -> Resource:
    config = {**CONFIG, "origin_protocol_policy": policy}
    return resource("aws_cloudfront_vpc_origin.o", vpc_origin_endpoint_config=[config])


def distribution(named: object) -> Resource:
    uses = {"vpc_origin_config": [{"vpc_origin_id": named}]}
    return resource("aws_cloudfront_distribution.d", enabled=True, origin=[{"domain_name": "x"}, uses])


USED = ref("aws_cloudfront_vpc_origin.o.id")


def test_a_distribution_leads_to_its_origin_in_a_template_as_in_terraform():
    theirs = {"Arn": at("A"), "HTTPPort": 80, "HTTPSPort": 8443, "OriginProtocolPolicy": "https-only"}
    uses = [{"DomainName": "x"}, {"VpcOriginConfig": {"VpcOriginId": at("O", "Id")}}]
    template = (
        templated(
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "A",
            Scheme="internal",
            Subnets=["subnet-a"],
            SecurityGroups=["sg-1"],
        ),
        templated("AWS::CloudFront::VpcOrigin", "O", VpcOriginEndpointConfig=theirs),
        templated(
            "AWS::CloudFront::Distribution", "D", DistributionConfig={"Enabled": True, "Origins": uses}
        ),
    )
    terraform = (BALANCER, origin("https-only"), distribution(USED))
    assert proxied(*template) == proxied(*terraform)
    found = read(*terraform)
    (group,), (listener,) = found.target_groups, found.listeners
    edge = next(one for one in found.workloads if one.id == listener.proxy.id)
    assert (edge.placed, edge.public is not None and edge.public.truth) == (False, YES.truth)
    assert group.service == exact(service(TCP, 8443, 8443))


COLLECTED = (
    collected(
        "LoadBalancers",
        ALB,
        LoadBalancerArn=ALB,
        Type="application",
        Scheme="internal",
        AvailabilityZones=[{"SubnetId": "subnet-a"}],
        SecurityGroups=["sg-1"],
        Attributes=[],
    ),
    collected(
        "VpcOriginList:Items",
        "vo_1",
        Id="vo_1",
        Arn="arn:aws:cloudfront::111122223333:vpcorigin/vo_1",
        Status="Deployed",
        VpcOriginEndpointConfig={
            "Arn": ALB,
            "HTTPPort": 80,
            "HTTPSPort": 8443,
            "OriginProtocolPolicy": "https-only",
        },
    ),
)


def of_snapshot(*origins: object, **around: object) -> Resource:
    told = {"Enabled": True, "Origins": {"Quantity": len(origins), "Items": list(origins)}}
    config = around.pop("config", "DistributionConfig")
    body = {config: told} if config else told
    return collected(
        "DistributionList:Items", "E1", Id="E1", ARN="arn:aws:cloudfront::1:distribution/E1", **body
    )


@pytest.mark.parametrize("config", ["DistributionConfig", ""])
def test_a_snapshot_tells_of_distributions_and_their_origins_as_terraform_does(config: str):
    told = of_snapshot(
        {"Id": "a", "DomainName": "x"},
        {"Id": "b", "VpcOriginConfig": {"VpcOriginId": "vo_1"}},
        config=config,
    )
    ours = (BALANCER, origin("https-only"), distribution(USED))
    assert proxied(*COLLECTED, told) == proxied(*ours)


def test_an_origin_in_a_vpc_that_a_snapshot_does_not_describe_is_a_gap():
    told = of_snapshot({"Id": "b", "VpcOriginConfig": {"VpcOriginId": "vo_2"}})
    assert [gap.what for gap in read(told).gaps] == ["aws_cloudfront_distribution E1"]


# -- origins that face the internet ------------------------------------------------------------------

FACING = resource("aws_lb.p", subnets=["subnet-a"], security_groups=["sg-1"])
CUSTOM = {"http_port": 80, "https_port": 443, "origin_protocol_policy": "https-only"}


def facing(name: object, **custom: object) -> Resource:
    origin = {"domain_name": name, "custom_origin_config": [{**CUSTOM, **custom}]}
    return resource("aws_cloudfront_distribution.d", enabled=True, origin=[origin])


def record(name: object, **more: object) -> Resource:
    return resource("aws_route53_record.r", name=name, type_="A", zone_id="Z1", **more)


TO_IT = {"alias": [{"name": ref("aws_lb.p.dns_name"), "zone_id": "Z2"}]}


def origins(*resources: Resource) -> list[tuple[str, str]]:
    found = read(*resources)
    assert found.gaps == ()
    return [(one.workload.id, one.presence.value) for one in found.proxy_targets if one.workload]


@pytest.mark.parametrize(
    "others",
    [
        (facing(ref("aws_lb.p.dns_name")),),
        (facing(ref("aws_route53_record.r.fqdn")), record("origin", **TO_IT)),
        (facing("origin.example.com"), record("origin.example.com", **TO_IT)),
        (facing("origin.example.com"), record("origin", records=[ref("aws_lb.p.dns_name")])),
        (facing(unknown("var.name")), record(unknown("var.name"), **TO_IT)),
    ],
)
def test_a_distribution_leads_to_a_load_balancer_that_its_origin_names(others: tuple[Resource, ...]):
    assert origins(FACING, *others) == [("aws_lb.p", "certain")]


def test_a_load_balancer_is_an_origin_by_the_name_that_aws_gives_it():
    public = collected(
        "LoadBalancers",
        ALB,
        LoadBalancerArn=ALB,
        DNSName="it-1.eu-west-1.elb.amazonaws.com",
        Type="application",
        Scheme="internet-facing",
        AvailabilityZones=[{"SubnetId": "subnet-a"}],
        SecurityGroups=["sg-1"],
        Attributes=[],
    )
    custom = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}
    named = {"Id": "a", "DomainName": "it-1.eu-west-1.elb.amazonaws.com", "CustomOriginConfig": custom}
    other = {**named, "DomainName": "other-2.eu-west-1.elb.amazonaws.com"}
    assert origins(public, of_snapshot(named)) == [(ALB, "certain")]
    assert origins(public, of_snapshot(other)) == []


def test_an_origin_of_which_the_name_is_not_known_may_be_any_load_balancer_that_faces_the_internet():
    inside = resource("aws_lb.i", internal=True, subnets=["subnet-a"])
    assert origins(FACING, inside, facing(unknown())) == [("aws_lb.p", "possible")]
    assert len(read(FACING, facing("api.example.com")).gaps) == 1
    assert origins(inside, facing("api.example.com")) == []
    assert origins(FACING, facing("b.s3-website.eu-west-1.amazonaws.com")) == []


def test_what_a_distribution_opens_to_a_load_balancer_is_as_its_origin_says():
    (group,) = read(FACING, facing(ref("aws_lb.p.dns_name"), https_port=8443)).target_groups
    assert group.service == exact(service(TCP, 8443, 8443))


def test_a_template_names_a_load_balancer_as_an_origin():
    found = read(
        templated("AWS::ElasticLoadBalancingV2::LoadBalancer", "A", Subnets=["subnet-a"]),
        templated(
            "AWS::CloudFront::Distribution",
            "D",
            DistributionConfig={
                "Enabled": True,
                "Origins": [
                    {
                        "DomainName": at("A", "DNSName"),
                        "CustomOriginConfig": {"OriginProtocolPolicy": "http-only"},
                    }
                ],
            },
        ),
    )
    (target,), (group,) = found.proxy_targets, found.target_groups
    assert target.workload is not None
    assert (target.workload.id, group.service) == ("net/A", exact(service(TCP, 80, 80)))


BEHIND = """
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "out" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_route_table" "out" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table_association" "out" {
  subnet_id      = aws_subnet.out.id
  route_table_id = aws_route_table.out.id
}

resource "aws_lb" "web" {
  subnets         = [aws_subnet.out.id]
  security_groups = [aws_security_group.web.id]
}

resource "aws_cloudfront_distribution" "web" {
  enabled = true

  origin {
    domain_name = aws_lb.web.dns_name
    origin_id   = "web"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
}
"""


def test_the_internet_comes_to_a_load_balancer_through_its_distribution():
    text = BEHIND + group_of("web", rule("443", 'cidr_blocks = ["0.0.0.0/0"]'), out("0-0", ANYWHERE, "-1"))
    rows = network(text).who_can_reach("aws_lb.web", "tcp/443", through_proxies=True)
    via = [row.verdict for row in rows if row.via == ("aws_cloudfront_distribution.web",)]
    assert via == [REACHABLE]
    listed = """
data "aws_ec2_managed_prefix_list" "edge" {
  name = "com.amazonaws.global.cloudfront.origin-facing"
}
"""
    only = rule("443", "prefix_list_ids = [data.aws_ec2_managed_prefix_list.edge.id]")
    told = network(BEHIND + listed + group_of("web", only, out("0-0", ANYWHERE, "-1")))
    rows = told.who_can_reach("aws_lb.web", "tcp/443", through_proxies=True)
    assert [row.verdict for row in rows if row.via] == [REACHABLE]
    kept = BEHIND + group_of(
        "web", rule("443", 'cidr_blocks = ["198.51.100.0/24"]'), out("0-0", ANYWHERE, "-1")
    )
    rows = network(kept).who_can_reach("aws_lb.web", "tcp/443", through_proxies=True)
    assert [row.verdict for row in rows if row.via] == [UNKNOWN]


def test_an_origin_that_takes_the_protocol_of_the_viewer_is_opened_on_one_of_two_ports():
    (group,) = read(BALANCER, origin("match-viewer"), distribution(USED)).target_groups
    assert group.service == Bounds(NOTHING, service(TCP, 80, 80) | service(TCP, 8443, 8443))


def test_an_origin_that_no_distribution_of_the_input_uses_is_a_gap():
    assert len(read(BALANCER, origin("http-only")).gaps) == 1
    found = read(BALANCER, origin("http-only"), distribution(unknown()))
    assert found.gaps == ()
    (listener,) = found.listeners
    assert not listener.targets.items[0].certain
