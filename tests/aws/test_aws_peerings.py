"""Peering connections in three dialects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.model import Peering, Truth
from auditor.tree import Presence, Resource, Scope
from tests.aws.build import at, collected, possible, read, ref, resource, templated, unknown
from tests.fixtures.sameness import canonical, named_by

A, B = (resource(f"aws_vpc.{name}", cidr_block=f"10.{n}.0.0/16") for n, name in enumerate("ab"))
ENDS = {"vpc_id": ref("aws_vpc.a.id"), "peer_vpc_id": ref("aws_vpc.b.id")}


def peering(**body: object) -> Resource:
    return resource("aws_vpc_peering_connection.ab", **{**ENDS, **body})


def accepter(**body: object) -> Resource:
    connection = ref("aws_vpc_peering_connection.ab.id")
    return resource(
        "aws_vpc_peering_connection_accepter.ab", **{"vpc_peering_connection_id": connection, **body}
    )


def only(*resources: Resource) -> Peering:
    (found,) = read(A, B, *resources).peerings
    return found


def test_a_peering_joins_two_vpcs_and_leaves_no_gap():
    found = read(A, B, peering(auto_accept=True))
    (one,) = found.peerings
    assert (one.requester.id, one.accepter.id) == ("aws_vpc.a", "aws_vpc.b")
    assert (one.active.truth, one.group_references.truth) == (Truth.YES, Truth.YES)
    assert not found.gaps


def test_a_peering_that_an_accepter_accepts_is_active():
    assert only(peering(), accepter(auto_accept=True)).active.truth is Truth.YES


@pytest.mark.parametrize(
    "more",
    [
        (),
        (accepter(),),
        (accepter(auto_accept=unknown("var.x")),),
        (possible(accepter(auto_accept=True)),),
        (accepter(vpc_peering_connection_id=unknown(), auto_accept=True),),
    ],
)
def test_a_peering_that_nobody_certainly_accepts_is_open_and_says_why(more: tuple[Resource, ...]):
    active = only(peering(), *more).active
    assert active.truth is Truth.UNKNOWN
    assert active.reasons


def test_an_unknown_consent_is_unknown():
    active = only(peering(auto_accept=unknown("var.accept"))).active
    assert (active.truth, active.reasons[0].what) == (Truth.UNKNOWN, "var.x has no value")


def test_a_state_tells_that_a_peering_is_active():
    assert only(peering(accept_status="active")).active.truth is Truth.YES
    assert only(peering(accept_status="pending-acceptance")).active.truth is Truth.UNKNOWN


def test_a_state_that_is_older_than_the_consent_does_not_deny_it():
    assert only(peering(accept_status="pending-acceptance"), accepter(auto_accept=True)).active.truth is (
        Truth.YES
    )


def test_a_vpc_outside_the_input_keeps_its_id():
    assert only(peering(peer_vpc_id="vpc-0123456789abcdef0")).accepter.id == "vpc-0123456789abcdef0"
    assert only(peering(peer_vpc_id=unknown("var.peer"))).accepter.id == "var.peer"


def test_the_accepters_and_the_options_ids_are_the_connections():
    options = resource(
        "aws_vpc_peering_connection_options.o",
        vpc_peering_connection_id=ref("aws_vpc_peering_connection.ab.id"),
    )
    named = {alias.id: alias.of for alias in read(A, B, peering(), accepter(), options).aliases}
    assert named["aws_vpc_peering_connection_accepter.ab"] == "aws_vpc_peering_connection.ab"
    assert named["aws_vpc_peering_connection_options.o"] == "aws_vpc_peering_connection.ab"


def test_an_accepter_alone_is_a_peering_of_vpcs_that_are_not_known():
    (one,) = read(accepter(vpc_peering_connection_id=unknown("var.pcx"), auto_accept=True)).peerings
    assert (one.id, one.active.truth, one.requester.any) == ("var.pcx", Truth.YES, True)


def placed(one: Resource, region: str) -> Resource:
    return replace(one, scope=Scope("main.tf", "", region))


def test_groups_are_named_across_a_peering_within_one_region_only():
    here = placed(peering(peer_region="eu-west-1"), "eu-west-1")
    assert only(here).group_references.truth is Truth.YES
    assert only(placed(here, "us-east-1")).group_references.truth is Truth.NO


@pytest.mark.parametrize("region", ["eu-west-1", unknown("var.region")])
def test_whether_the_regions_are_one_is_open_where_one_is_not_known(region: object):
    found = only(peering(peer_region=region)).group_references
    assert found.truth is Truth.UNKNOWN
    assert found.reasons


def test_a_template_accepts_within_its_account_and_with_a_role():
    ends = {"VpcId": at("A"), "PeerVpcId": at("B")}
    inside = templated("AWS::EC2::VPCPeeringConnection", "Ab", **ends)
    roled = templated(
        "AWS::EC2::VPCPeeringConnection", "Ab", **ends, PeerOwnerId="222222222222", PeerRoleArn="arn"
    )
    other = templated("AWS::EC2::VPCPeeringConnection", "Ab", **ends, PeerOwnerId="222222222222")
    own = replace(other, scope=Scope("net.yaml", "222222222222", ""))
    found = [read(one).peerings[0].active.truth for one in (inside, roled, other, own)]
    assert found == [Truth.YES, Truth.YES, Truth.UNKNOWN, Truth.YES]


def told(**more: object) -> Resource:
    ends = {
        "RequesterVpcInfo": {"VpcId": "vpc-a", "Region": "eu-west-1"},
        "AccepterVpcInfo": {"VpcId": "vpc-b", "Region": "eu-west-1"},
    }
    return collected("VpcPeeringConnections", "pcx-1", **{**ends, **more})


def test_a_snapshot_tells_the_state_and_the_regions():
    (one,) = read(told(Status={"Code": "active"})).peerings
    assert (one.active.truth, one.group_references.truth) == (Truth.YES, Truth.YES)
    away = {"VpcId": "vpc-b", "Region": "us-east-1"}
    (two,) = read(told(AccepterVpcInfo=away)).peerings
    assert (two.active.truth, two.group_references.truth) == (Truth.UNKNOWN, Truth.NO)


def test_one_peering_in_three_dialects_is_one():
    code = read(peering(auto_accept=True))
    ends = {"VpcId": at("A"), "PeerVpcId": at("B")}
    vpcs = (templated("AWS::EC2::VPC", name, CidrBlock="10.0.0.0/16") for name in "AB")
    template = read(*vpcs, templated("AWS::EC2::VPCPeeringConnection", "ab", **ends))
    snapshot = read(told(Status={"Code": "active"}))
    names = {
        "aws_vpc_peering_connection.ab": "pcx",
        "net/ab": "pcx",
        "pcx-1": "pcx",
        **dict.fromkeys(("aws_vpc.a", "net/A", "vpc-a"), "A"),
        **dict.fromkeys(("aws_vpc.b", "net/B", "vpc-b"), "B"),
    }
    texts = {
        canonical(one.peerings[0], named_by(one, names), frozenset({"at", "names", "tags"}))
        for one in (code, template, snapshot)
    }
    assert len(texts) == 1


def test_a_possible_peering_is_possible():
    assert only(possible(peering(auto_accept=True))).presence is Presence.POSSIBLE


def test_the_connection_of_two_vpcs_that_a_data_source_asks_for_is_the_one_of_the_input():
    data = resource("data.aws_vpc_peering_connection.d", **ENDS)
    named = {alias.id: alias.of for alias in read(A, B, peering(), data).aliases}
    assert named["data.aws_vpc_peering_connection.d.id"] == "aws_vpc_peering_connection.ab"
