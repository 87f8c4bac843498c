"""Distributions with origins in a VPC, in Terraform and in templates.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
"""

from __future__ import annotations

from auditor.model import YES
from auditor.traffic import NOTHING, TCP, Bounds, exact, service
from auditor.tree import Resource
from tests.aws.build import at, read, ref, resource, templated, unknown
from tests.aws.proxied import proxied

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


def test_an_origin_that_takes_the_protocol_of_the_viewer_is_opened_on_one_of_two_ports():
    (group,) = read(BALANCER, origin("match-viewer"), distribution(USED)).target_groups
    assert group.service == Bounds(NOTHING, service(TCP, 80, 80) | service(TCP, 8443, 8443))


def test_an_origin_that_no_distribution_of_the_input_uses_is_a_gap():
    assert len(read(BALANCER, origin("http-only")).gaps) == 1
    found = read(BALANCER, origin("http-only"), distribution(unknown()))
    assert found.gaps == ()
    (listener,) = found.listeners
    assert not listener.targets.items[0].certain
