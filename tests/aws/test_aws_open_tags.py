"""Tags of which the input does not say all: their key, or their value."""

from __future__ import annotations

import pytest

from auditor.model import OpenTag
from auditor.tree import Resource, Unknown
from tests.aws.build import HERE, WHY, at, collected, node, read, ref, resource, templated, unknown

SUBNET = {"vpc_id": ref("aws_vpc.main.id"), "cidr_block": "10.0.0.0/24"}


def opened(one: Resource) -> dict[str, tuple[str, ...]]:
    """What may be the tags of the only thing that a resource is."""
    found = read(one)
    (thing,) = (
        *found.workloads,
        *(one for one in found.groups if not one.default),
        *found.subnets,
        *found.vpcs,
    )
    assert all(tag.reasons for tag in thing.open_tags)
    return {tag.key: tag.values for tag in thing.open_tags}


@pytest.mark.parametrize(
    ("tags", "keys"),
    [
        ({"Environment": "prod"}, {}),
        ({"Environment": unknown("var.environment")}, {"Environment": ("*",)}),
        ({"Environment": unknown("", "prod", "staging")}, {"Environment": ("prod", "staging")}),
        ({"Environment": unknown("", "prod", None)}, {"Environment": ("prod",)}),
        ({"Environment": ref("terraform_data.x.output")}, {"Environment": ("*",)}),
        (unknown("var.tags"), {"": ("*",)}),
        (unknown("", {"Environment": "prod"}, {}), {"Environment": ("prod",)}),
    ],
)
@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("aws_vpc.v", {"cidr_block": "10.0.0.0/16"}),
        ("aws_subnet.s", SUBNET),
        ("aws_security_group.g", {"vpc_id": "vpc-1"}),
        ("aws_instance.i", {"subnet_id": "subnet-1"}),
        ("aws_network_interface.i", {"subnet_id": "subnet-1"}),
        ("aws_db_instance.d", {"engine": "postgres"}),
        ("aws_autoscaling_group.a", {"vpc_zone_identifier": ["subnet-1"]}),
        ("aws_lb.l", {"subnets": ["subnet-1"]}),
        ("aws_lambda_function.f", {}),
    ],
)
def test_tags_that_are_not_known_stay_in_the_model(
    address: str, body: dict[str, object], tags: object, keys: dict[str, tuple[str, ...]]
):
    assert opened(resource(address, tags=tags, **body)) == keys


def test_a_text_that_is_known_in_parts_keeps_them():
    value = Unknown(WHY, HERE, parts=(unknown("var.x"), node("-staging")))
    assert opened(resource("aws_vpc.v", cidr_block="10.0.0.0/16", tags={"Environment": value})) == {
        "Environment": ("*-staging",)
    }


def test_equal_values_are_told_by_their_identity():
    tags = {"Environment": unknown("var.environment")}
    (vpc,) = read(resource("aws_vpc.v", cidr_block="10.0.0.0/16", tags=tags)).vpcs
    assert vpc.open_tags == (
        OpenTag(key="Environment", values=("*",), reasons=WHY, identity="var.environment"),
    )


@pytest.mark.parametrize(
    ("tags", "keys"),
    [
        ([{"Key": "Environment", "Value": "prod"}], {}),
        ([{"Key": "Environment", "Value": unknown("Environment")}], {"Environment": ("*",)}),
        ([{"Key": unknown("Name"), "Value": "prod"}], {"": ("*",)}),
        ([unknown("", {"Key": "Environment", "Value": "prod"}, None)], {"": ("*",)}),
        ([{"Key": "Environment", "Value": at("Parameter")}], {"Environment": ("*",)}),
    ],
)
def test_a_template_says_the_same(tags: object, keys: dict[str, tuple[str, ...]]):
    assert opened(templated("AWS::EC2::VPC", "v", CidrBlock="10.0.0.0/16", Tags=tags)) == keys


def test_a_snapshot_knows_the_tags_that_aws_describes_a_thing_with():
    body = {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}
    assert opened(collected("Vpcs", "vpc-1", **body)) == {}
    assert opened(collected("Vpcs", "vpc-1", **body, Tags=[{"Key": "a", "Value": "b"}])) == {}


def test_a_snapshot_leaves_open_the_tags_that_aws_lists_apart():
    balancer = {
        "LoadBalancerName": "b",
        "Type": "application",
        "AvailabilityZones": [{"SubnetId": "subnet-1"}],
    }
    assert opened(collected("LoadBalancers", "arn:b", **balancer)) == {"": ("*",)}
    assert opened(collected("LoadBalancers", "arn:b", **balancer, Tags=[])) == {}


def test_the_tags_that_a_scaling_group_gives_its_instances_count():
    tag = {"key": "Environment", "propagate_at_launch": True}
    body = {"vpc_zone_identifier": ["subnet-1"]}
    (known,) = read(resource("aws_autoscaling_group.a", **body, tag=[{**tag, "value": "prod"}])).workloads
    assert known.tags == (("Environment", "prod"),)
    hidden = resource("aws_autoscaling_group.a", **body, tag=[{**tag, "value": unknown("var.environment")}])
    assert opened(hidden) == {"Environment": ("*",)}
    assert opened(resource("aws_autoscaling_group.a", **body, tag=unknown("var.tags"))) == {"": ("*",)}
