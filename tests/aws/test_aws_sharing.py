"""What several VPCs and several accounts share: groups, subnets, and the zones that they lie in."""

from __future__ import annotations

import pytest

from auditor.reach import Engine
from auditor.traffic import parse_traffic
from auditor.tree import Resource
from tests.aws.alike import alike
from tests.aws.build import at, collected, read, ref, resource, templated, unknown

GROUP = resource("aws_security_group.g", vpc_id="vpc-1")


def test_a_group_in_a_further_vpc_in_three_dialects_is_one():
    code = read(
        resource("aws_vpc_security_group_vpc_association.a", security_group_id="sg-1", vpc_id="vpc-2")
    )
    template = read(templated("AWS::EC2::SecurityGroupVpcAssociation", "a", GroupId="sg-1", VpcId="vpc-2"))
    told = {"GroupId": "sg-1", "VpcId": "vpc-2", "State": "associated"}
    snapshot = read(collected("SecurityGroupVpcAssociations", "sg-1:vpc-2", **told))
    assert alike(code, ["group_vpcs"], {}) == [
        "group_vpcs: GroupVpc(group=sg-1, vpc=vpc-2, presence=certain)"
    ]
    assert (
        alike(template, ["group_vpcs"], {})
        == alike(snapshot, ["group_vpcs"], {})
        == alike(code, ["group_vpcs"], {})
    )
    assert (code.gaps, template.gaps, snapshot.gaps) == ((), (), ())


def instance(name: str, subnet: object, group: object) -> Resource:
    return resource(f"aws_instance.{name}", subnet_id=subnet, vpc_security_group_ids=[group])


def test_a_shared_subnet_that_one_input_declares_and_another_names_by_id_is_one():
    identity = "subnet-0123456789abcdef0"
    found = read(
        resource("aws_vpc.v", cidr_block="10.0.0.0/16"),
        resource("aws_subnet.shared", id=identity, vpc_id=ref("aws_vpc.v.id"), cidr_block="10.0.1.0/24"),
        resource(
            "aws_security_group.g",
            vpc_id=ref("aws_vpc.v.id"),
            ingress=[{"protocol": "tcp", "from_port": 22, "to_port": 22, "self": True}],
            egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
        ),
        instance("owner", ref("aws_subnet.shared.id"), ref("aws_security_group.g.id")),
        instance("participant", identity, ref("aws_security_group.g.id")),
    )
    answer = Engine(found).can_reach("participant", "owner", parse_traffic("tcp/22"))
    assert answer.verdict == "reachable"


def zone_of(one: Resource) -> str:
    return read(one).subnets[0].zone


@pytest.mark.parametrize(
    ("body", "zone"),
    [
        ({"availability_zone": "eu-west-1a"}, "eu-west-1a"),
        ({"availability_zone_id": "euw1-az1"}, "euw1-az1"),
        (
            {"availability_zone": unknown("data.aws_availability_zones.a.names[0]")},
            "data.aws_availability_zones.a.names[0]",
        ),
        ({"availability_zone": ref("aws_subnet.b.availability_zone")}, "aws_subnet.b.availability_zone"),
        ({"availability_zone": unknown("", "eu-west-1a", "eu-west-1b")}, ""),
        ({"availability_zone": unknown()}, ""),
        ({}, ""),
    ],
)
def test_a_subnet_knows_its_zone_or_the_value_that_names_it(body: dict[str, object], zone: str):
    assert zone_of(resource("aws_subnet.a", vpc_id="vpc-1", cidr_block="10.0.0.0/24", **body)) == zone


def test_a_zone_is_known_in_all_dialects():
    code = {"CidrBlock": "10.0.0.0/24", "VpcId": "vpc-1"}
    zone = unknown('Select("0", GetAZs(net/AWS::Region))')
    assert zone_of(templated("AWS::EC2::Subnet", "s", AvailabilityZone=zone, **code)) == zone.identity
    assert zone_of(
        templated("AWS::EC2::Subnet", "s", AvailabilityZone=at("t", "AvailabilityZone"), **code)
    ) == ("net/t.AvailabilityZone")
    assert zone_of(collected("Subnets", "subnet-1", AvailabilityZone="eu-west-1a", **code)) == "eu-west-1a"
