"""What flow logs record, in every dialect, and other small facts that rules ask for."""

from __future__ import annotations

import pytest

from auditor.model import Truth
from auditor.tree import Presence, Resource
from tests.aws.build import VPC, collected, read, ref, resource, templated, unknown


@pytest.mark.parametrize("path", ["vpc_id", "subnet_id", "eni_id", "transit_gateway_id"])
def test_a_flow_log_records_what_it_names(path: str):
    (found,) = read(resource("aws_flow_log.x", **{path: ref("aws_thing.main.id")})).flow_logs
    assert (found.id, found.of.id, found.of.certain) == ("aws_flow_log.x", "aws_thing.main", True)


def test_a_flow_log_of_a_template_records_its_resource():
    (found,) = read(templated("AWS::EC2::FlowLog", "log", ResourceId="vpc-1", ResourceType="VPC")).flow_logs
    assert found.of.id == "vpc-1"


def test_a_flow_log_of_an_answer_of_aws_records_its_resource():
    (found,) = read(collected("FlowLogs", "fl-1", ResourceId="vpc-1", FlowLogStatus="ACTIVE")).flow_logs
    assert found.of.id == "vpc-1"


def test_a_flow_log_that_may_not_be_there_stays_possible():
    log = resource("aws_flow_log.x", vpc_id=ref("aws_vpc.main.id"), presence=Presence.POSSIBLE)
    assert [one.presence for one in read(VPC, log).flow_logs] == [Presence.POSSIBLE]


def rule(**body: object) -> Resource:
    return resource("aws_vpc_security_group_ingress_rule.r", ip_protocol="-1", cidr_ipv4="10.0.0.0/8", **body)


@pytest.mark.parametrize(
    ("description", "truth"),
    [("The office", Truth.YES), ("", Truth.NO), (None, Truth.NO), (unknown("var.x"), Truth.UNKNOWN)],
)
def test_a_rule_is_described_by_what_it_says(description: object, truth: Truth):
    (found,) = read(rule(description=description)).rules
    assert found.described.truth is truth


@pytest.mark.parametrize(("second", "truth"), [({"Description": "b"}, Truth.YES), ({}, Truth.NO)])
def test_a_permission_is_described_where_each_of_its_ends_is(second: dict[str, str], truth: Truth):
    ends = [{"CidrIp": "10.0.0.0/8", "Description": "a"}, {"CidrIp": "10.0.0.0/16", **second}]
    permission = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "IpRanges": ends}
    group = collected(
        "SecurityGroups", "sg-1", VpcId="vpc-1", IpPermissions=[permission], IpPermissionsEgress=[]
    )
    assert [one.described.truth for one in read(group).rules] == [truth]


def test_a_tag_of_its_own_belongs_to_the_subnet_that_it_names():
    tag = resource("aws_ec2_tag.x", resource_id=ref("aws_subnet.a.id"), key="role", value=1)
    (found,) = read(tag).subnet_tags
    assert (found.subnet.id, found.tags, found.reasons) == ("aws_subnet.a", (("role", "1"),), ())


def test_tags_that_are_not_known_leave_a_subnet_open():
    subnet = {"vpc_id": ref("aws_vpc.main.id"), "cidr_block": "10.0.0.0/24"}
    open_ = read(resource("aws_subnet.a", tags=unknown("var.tags"), **subnet)).subnets[0]
    named = read(resource("aws_subnet.a", tags={"Name": unknown("var.name")}, **subnet)).subnets[0]
    assert [one.key for one in open_.open_tags] == [""]
    assert [one.key for one in named.open_tags] == ["Name"]


def test_a_prefix_list_counts_as_the_entries_that_it_may_have():
    (found,) = read(resource("aws_ec2_managed_prefix_list.x", name="x", max_entries=10)).prefix_lists
    assert found.capacity == 10


@pytest.mark.parametrize(("mode", "truth"), [("regional", Truth.YES), ("zonal", Truth.NO), (None, Truth.NO)])
def test_a_nat_gateway_is_regional_where_it_says_so(mode: str | None, truth: Truth):
    (found,) = read(resource("aws_nat_gateway.x", subnet_id="subnet-1", availability_mode=mode)).nat_gateways
    assert found.regional.truth is truth


def test_a_group_that_something_names_in_passing_is_mentioned():
    group = resource("aws_security_group.g", name="g", vpc_id="vpc-1")
    note = resource("aws_ssm_parameter.p", value=ref("aws_security_group.g.id"))
    (found,) = read(group, note).group_mentions
    assert (found.group.id, found.by) == ("aws_security_group.g", "aws_ssm_parameter.p")


def test_a_group_that_something_carries_and_the_name_of_its_vpc_are_no_mentions():
    group = resource("aws_security_group.g", name="g", vpc_id="vpc-1")
    carried = resource("aws_instance.i", vpc_security_group_ids=[ref("aws_security_group.g.id")])
    note = resource("aws_ssm_parameter.p", value=ref("aws_security_group.g.vpc_id"))
    assert read(group, carried).group_mentions == ()
    assert read(group, note).group_mentions == ()
