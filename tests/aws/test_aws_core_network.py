"""Cloud WAN: segments as tables, and the segments that policies put attachments into."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from auditor.model import AttachmentKind, Inventory, Truth
from auditor.tree import Presence, Reference, Resource, Unknown
from tests.aws.alike import alike
from tests.aws.build import at, collected, node, possible, read, ref, resource, templated, unknown

CORE = resource("aws_networkmanager_core_network.c", global_network_id="gn-1")
OWN = {"core_network_id": ref("aws_networkmanager_core_network.c.id")}
ANYBODY = {"type": "any"}


def rule(number: int, condition: object, **action: object) -> dict[str, object]:
    conditions = condition if isinstance(condition, list) else [condition]
    return {"rule-number": number, "condition-logic": "or", "conditions": conditions, "action": action}


def constant(segment: str, number: int = 900) -> dict[str, object]:
    return rule(number, ANYBODY, **{"association-method": "constant", "segment": segment})


def segment(name: str, **more: object) -> dict[str, object]:
    return {"name": name, "require-attachment-acceptance": False, **more}


def document(
    *segments: object, rules: object = (), actions: object = (), **more: object
) -> dict[str, object]:
    return {
        "version": "2021.12",
        "core-network-configuration": {"asn-ranges": ["64512-65534"]},
        "segments": list(segments),
        "attachment-policies": rules,
        "segment-actions": actions,
        **more,
    }


def attached(policy: object) -> Resource:
    text = json.dumps(policy) if isinstance(policy, dict) else policy
    return resource("aws_networkmanager_core_network_policy_attachment.p", policy_document=text, **OWN)


def vpc(name: str, **body: object) -> Resource:
    return resource(
        f"aws_networkmanager_vpc_attachment.{name}",
        vpc_arn=ref(f"aws_vpc.{name}.arn"),
        subnet_arns=[ref(f"aws_subnet.{name}.arn")],
        **{**OWN, **body},
    )


def network(policy: object, *more: Resource) -> Inventory:
    return read(CORE, attached(policy), *more)


def places(found: Inventory) -> set[tuple[str, str, bool]]:
    """Attachment, segment, and whether that is certain."""
    return {
        (
            one.attachment.id.rpartition(".")[2],
            one.table.id.rpartition("/")[2],
            one.presence is Presence.CERTAIN,
        )
        for one in found.transit_associations
    }


def fills(found: Inventory) -> set[tuple[str, str, bool]]:
    return {
        (
            one.attachment.id.rpartition(".")[2],
            one.table.id.rpartition("/")[2],
            one.presence is Presence.CERTAIN,
        )
        for one in found.transit_propagations
    }


def test_segments_are_tables_of_a_gateway():
    found = network(document(segment("prod"), segment("dev")))
    (core,) = found.transit_gateways
    assert (core.id, core.core) == ("aws_networkmanager_core_network.c", True)
    tables = {table.id: table.gateway.id for table in found.transit_tables}
    assert tables == {f"{core.id}/prod": core.id, f"{core.id}/dev": core.id}
    assert not found.gaps


def test_a_vpc_is_attached_by_its_subnets():
    (one,) = network(document(segment("prod"), rules=[constant("prod")]), vpc("a")).transit_attachments
    assert one.vpc is not None
    assert (one.kind, one.vpc.id, one.gateway.id) == (AttachmentKind.VPC, "aws_vpc.a", CORE.address)
    assert [link.id for link in one.subnets.items] == ["aws_subnet.a"]
    assert (one.default_association.truth, one.active.truth) == (Truth.NO, Truth.YES)


def test_the_first_rule_that_holds_places_an_attachment():
    tagged = {"type": "tag-value", "operator": "equals", "key": "stage", "value": "prod"}
    policy = document(
        segment("prod"),
        segment("dev"),
        rules=[
            constant("dev", 200),
            rule(100, tagged, **{"association-method": "constant", "segment": "prod"}),
        ],
    )
    found = network(policy, vpc("a", tags={"stage": "prod"}), vpc("b", tags={"stage": "dev"}))
    assert places(found) == {("a", "prod", True), ("b", "dev", True)}
    assert fills(found) == {("a", "prod", True), ("b", "dev", True)}


def test_a_tag_may_name_the_segment():
    exists = {"type": "tag-exists", "key": "segment"}
    named = rule(100, exists, **{"association-method": "tag", "tag-value-of-key": "segment"})
    policy = document(segment("prod"), segment("dev"), rules=[named])
    found = network(policy, vpc("a", tags={"segment": "prod"}), vpc("b", tags={"segment": unknown("var.s")}))
    assert places(found) == {("a", "prod", True), ("b", "prod", False), ("b", "dev", False)}


def test_an_attachment_without_the_tag_may_have_it_from_its_provider():
    exists = {"type": "tag-exists", "key": "segment"}
    first = rule(100, exists, **{"association-method": "constant", "segment": "prod"})
    policy = document(segment("prod"), segment("dev"), rules=[first, constant("dev")])
    assert places(network(policy, vpc("a"))) == {("a", "prod", False), ("a", "dev", False)}
    assert places(network(policy, vpc("a", tags_all={}))) == {("a", "dev", True)}


@pytest.mark.parametrize(
    ("condition", "placed"),
    [
        ({"type": "attachment-type", "operator": "equals", "value": "vpc"}, {("a", "prod", True)}),
        ({"type": "attachment-type", "operator": "equals", "value": "connect"}, set()),
        ({"type": "attachment-type", "operator": "not-equals", "value": "connect"}, {("a", "prod", True)}),
        ({"type": "resource-id", "operator": "equals", "value": "vpc-1"}, {("a", "prod", False)}),
        ({"type": "tag-value", "operator": "begins-with", "key": "k", "value": "Va"}, {("a", "prod", False)}),
        ({"type": "tag-value", "operator": "contains", "key": "k", "value": "alu"}, {("a", "prod", True)}),
    ],
)
def test_conditions_hold_or_not_or_are_open(condition: object, placed: set[tuple[str, str, bool]]):
    one = rule(100, condition, **{"association-method": "constant", "segment": "prod"})
    found = network(document(segment("prod"), rules=[one]), vpc("a", tags={"k": "value"}))
    assert places(found) == placed


@pytest.mark.parametrize(("logic", "placed"), [("and", set()), ("or", {("a", "prod", True)})])
def test_several_conditions_hold_together_or_one_by_one(logic: str, placed: set[tuple[str, str, bool]]):
    other = {"type": "attachment-type", "operator": "equals", "value": "connect"}
    one = rule(100, [ANYBODY, other], **{"association-method": "constant", "segment": "prod"})
    found = network(document(segment("prod"), rules=[{**one, "condition-logic": logic}]), vpc("a"))
    assert places(found) == placed


def test_attachments_of_an_isolated_segment_do_not_reach_each_other():
    found = network(
        document(segment("prod", **{"isolate-attachments": True}), rules=[constant("prod")]), vpc("a")
    )
    assert places(found) == {("a", "prod", True)}
    assert fills(found) == set()


def sharing(share_with: object, **more: object) -> dict[str, object]:
    return {"action": "share", "mode": "attachment-route", "segment": "hub", "share-with": share_with, **more}


def tagged_policy(*actions: object, **filters: object) -> dict[str, object]:
    by_tag = rule(100, ANYBODY, **{"association-method": "tag", "tag-value-of-key": "s"})
    return document(segment("hub"), segment("x", **filters), segment("y"), rules=[by_tag], actions=actions)


IN_ALL = [vpc(name, tags={"s": name}) for name in ("hub", "x", "y")]


@pytest.mark.parametrize(
    ("share_with", "joined"),
    [("*", {"x", "y"}), (["x"], {"x"}), ({"except": ["x"]}, {"y"})],
)
def test_a_share_exchanges_routes_both_ways(share_with: object, joined: set[str]):
    found = fills(network(tagged_policy(sharing(share_with)), *IN_ALL))
    own = {(name, name, True) for name in ("hub", "x", "y")}
    assert found == own | {("hub", name, True) for name in joined} | {(name, "hub", True) for name in joined}


def test_a_segment_keeps_out_the_routes_that_it_denies():
    found = fills(network(tagged_policy(sharing(["x"]), **{"deny-filter": ["hub"]}), *IN_ALL))
    assert ("hub", "x", True) not in found
    assert ("hub", "x", False) not in found
    assert ("x", "hub", False) in found


def test_a_segment_takes_only_the_routes_that_it_allows():
    found = fills(network(tagged_policy(sharing(["x"]), **{"allow-filter": ["y"]}), *IN_ALL))
    assert not {("hub", "x", True), ("hub", "x", False)} & found
    assert ("x", "hub", True) in found


def test_static_routes_lead_to_attachments_or_to_nothing():
    attachment = ref("aws_networkmanager_vpc_attachment.a.id")
    made = {"action": "create-route", "segment": "prod"}
    policy = {
        "segments": [{"name": "prod", "require_attachment_acceptance": False}],
        "segment_actions": [
            {
                **made,
                "destination_cidr_blocks": ["10.0.0.0/8", "192.168.0.0/16"],
                "destinations": [attachment],
            },
            {**made, "destination_cidr_blocks": ["172.16.0.0/12"], "destinations": ["blackhole"]},
        ],
    }
    data = resource("data.aws_networkmanager_core_network_policy_document.d", **policy)
    found = read(
        CORE,
        data,
        attached(unknown("data.aws_networkmanager_core_network_policy_document.d.json")),
        vpc("a"),
    )
    routes = {route.id.rpartition(" ")[2]: route.attachment for route in found.transit_routes}
    assert {cidr: link.id if link else None for cidr, link in routes.items()} == {
        "10.0.0.0/8": "aws_networkmanager_vpc_attachment.a",
        "192.168.0.0/16": "aws_networkmanager_vpc_attachment.a",
        "172.16.0.0/12": None,
    }


def test_a_segment_wants_consent_unless_told_otherwise():
    policy = document({"name": "prod"}, rules=[constant("prod")])
    accepter = resource(
        "aws_networkmanager_attachment_accepter.a",
        attachment_id=ref("aws_networkmanager_vpc_attachment.a.id"),
        attachment_type="VPC",
    )
    (open_,) = network(policy, vpc("a")).transit_attachments
    (done,) = network(policy, vpc("a"), accepter).transit_attachments
    assert (open_.active.truth, done.active.truth) == (Truth.UNKNOWN, Truth.YES)
    assert open_.active.reasons


@pytest.mark.parametrize(
    "policy",
    [
        unknown("var.policy"),
        "no JSON",
        document(segment("prod"), rules=[constant("prod")], **{"routing-policies": [{"name": "r"}]}),
        document(
            segment("prod"), rules=[constant("prod")], actions=[{"action": "send-via", "segment": "prod"}]
        ),
    ],
)
def test_what_is_not_known_of_a_policy_leaves_everything_possible(policy: object):
    found = network(policy, vpc("a"), vpc("b"))
    assert {one.presence for one in (*found.transit_associations, *found.transit_propagations)} == {
        Presence.POSSIBLE
    }
    core = CORE.address
    assert f"{core}/a segment" in {table.id for table in found.transit_tables}
    assert {(name, "a segment", False) for name in "ab"} <= places(found) & fills(found)
    assert {route.presence for route in found.transit_routes} == {Presence.POSSIBLE}


def test_a_rule_that_may_be_missing_decides_nothing():
    body = {
        "segments": [segment("prod"), segment("dev")],
        "attachment-policies": unknown("", [constant("prod", 1), constant("dev", 2)], [constant("dev", 2)]),
    }
    data = resource("data.aws_networkmanager_core_network_policy_document.d", **body)
    named = unknown("data.aws_networkmanager_core_network_policy_document.d.json")
    found = read(CORE, data, attached(named), vpc("a"))
    assert {("a", "prod", False), ("a", "a segment", False)} <= places(found)
    assert not {sure for _, _, sure in places(found)} & {True}


def test_a_core_network_without_a_policy_in_the_input_may_do_anything():
    found = read(CORE, vpc("a"))
    assert places(found) == {("a", "a segment", False)}


def test_a_policy_that_is_only_possible_decides_nothing():
    found = read(CORE, possible(attached(document(segment("prod"), rules=[constant("prod")]))), vpc("a"))
    assert places(found) == {("a", "a segment", False)}


def test_an_attachment_to_a_core_network_outside_the_input_is_in_a_segment_that_is_not_known():
    (one,) = read(vpc("a", core_network_id=unknown("var.core"))).transit_attachments
    assert (one.gateway.id, one.default_association.truth) == ("var.core", Truth.UNKNOWN)


@pytest.mark.parametrize("name", ["site_to_site_vpn", "connect", "dx_gateway"])
def test_behind_other_attachments_may_be_any_network(name: str):
    one = resource(f"aws_networkmanager_{name}_attachment.v", **OWN)
    found = network(document(segment("prod"), rules=[constant("prod")]), one)
    (outside,) = found.private_networks
    assert outside.attachment is not None
    assert (outside.attachment.id, bool(outside.prefixes.must)) == (one.address, False)
    assert places(found) == {("v", "prod", True)}


PEERING = resource(
    "aws_networkmanager_transit_gateway_peering.p",
    transit_gateway_arn=ref("aws_ec2_transit_gateway.hub.arn"),
    **OWN,
)
TABLE = resource(
    "aws_networkmanager_transit_gateway_route_table_attachment.t",
    peering_id=ref("aws_networkmanager_transit_gateway_peering.p.id"),
    transit_gateway_route_table_arn=ref("aws_ec2_transit_gateway_route_table.t.arn"),
)


def test_a_table_of_a_transit_gateway_is_a_peering_over_which_any_route_may_be_announced():
    found = network(document(segment("prod"), rules=[constant("prod")]), PEERING, TABLE)
    (one,) = found.transit_attachments
    assert one.peer is not None
    assert (one.kind, one.gateway.id, one.peer.id) == (
        AttachmentKind.PEERING,
        CORE.address,
        "aws_ec2_transit_gateway.hub",
    )
    tables = {f"{CORE.address}/prod", "aws_ec2_transit_gateway_route_table.t"}
    assert {each.table.id for each in found.transit_associations} == tables
    assert {(each.table.id, each.presence) for each in found.transit_routes} == {
        (table, Presence.POSSIBLE) for table in tables
    }
    assert {each.attachment.id for each in found.transit_routes if each.attachment} == {TABLE.address}
    assert not found.gaps


def test_a_table_whose_peering_is_elsewhere_joins_something():
    (one,) = read(TABLE).transit_attachments
    assert one.peer is not None
    assert (one.gateway.any, one.peer.any, one.default_association.truth) == (True, True, Truth.UNKNOWN)


def test_a_table_in_a_snapshot_is_a_gap():
    told = {"AttachmentType": "TRANSIT_GATEWAY_ROUTE_TABLE", "CoreNetworkId": "core-network-1"}
    assert read(collected("networkmanager:Attachments", "attachment-1", **told)).gaps


POLICY = document(segment("prod"), rules=[constant("prod")])
WORDS = {
    **dict.fromkeys(
        (
            "aws_networkmanager_core_network.c",
            "net/c",
            "arn:aws:networkmanager::1:core-network/core-network-1",
        ),
        "core",
    ),
    **dict.fromkeys(
        (
            f"{name}/prod"
            for name in (
                "aws_networkmanager_core_network.c",
                "net/c",
                "arn:aws:networkmanager::1:core-network/core-network-1",
            )
        ),
        "core/prod",
    ),
    **dict.fromkeys(("aws_networkmanager_vpc_attachment.a", "net/a", "attachment-1"), "attachment"),
    **dict.fromkeys(("aws_vpc.a", "net/v", "vpc-1"), "vpc"),
    **dict.fromkeys(("aws_subnet.a", "net/s", "subnet-1"), "subnet"),
}
LISTS = tuple(
    f"transit_{name}" for name in ("gateways", "attachments", "tables", "associations", "propagations")
)


def arn_of(kind: str, end: Reference) -> Unknown:
    """``!Sub arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:kind/${End}`` as a template's reader gives it."""
    parts = ("arn:aws:ec2:", unknown("AWS::Region"), ":", unknown("AWS::AccountId"), f":{kind}/", end)
    return replace(unknown("an ARN"), parts=tuple(node(part) for part in parts))


def test_one_core_network_in_three_dialects_is_one():
    code = network(
        POLICY,
        vpc("a"),
        resource("aws_vpc.a", cidr_block="10.0.0.0/16"),
        resource("aws_subnet.a", vpc_id="v"),
    )
    template = read(
        templated("AWS::EC2::VPC", "v", CidrBlock="10.0.0.0/16"),
        templated("AWS::EC2::Subnet", "s", VpcId=at("v")),
        templated("AWS::NetworkManager::CoreNetwork", "c", PolicyDocument=POLICY),
        templated(
            "AWS::NetworkManager::VpcAttachment",
            "a",
            CoreNetworkId=at("c", "CoreNetworkId"),
            VpcArn=arn_of("vpc", at("v")),
            SubnetArns=[arn_of("subnet", at("s"))],
        ),
    )
    arn = "arn:aws:networkmanager::1:core-network/core-network-1"
    told = {
        "CoreNetworkId": "core-network-1",
        "CoreNetworkArn": arn,
        "AttachmentId": "attachment-1",
        "AttachmentType": "VPC",
        "SegmentName": "prod",
        "State": "AVAILABLE",
        "ResourceArn": "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1",
    }
    snapshot = read(
        collected("Vpcs", "vpc-1", CidrBlock="10.0.0.0/16"),
        collected("Subnets", "subnet-1", VpcId="vpc-1"),
        collected("CoreNetworks", arn, CoreNetworkId="core-network-1", CoreNetworkArn=arn),
        collected(
            "CoreNetworkPolicies",
            "core-network-1",
            CoreNetworkId="core-network-1",
            PolicyDocument=json.dumps(POLICY),
        ),
        collected("networkmanager:Attachments", "attachment-1", **told),
        collected(
            "networkmanager:VpcAttachments",
            "networkmanager:VpcAttachments/attachment-1",
            Attachment=told,
            SubnetArns=["arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-1"],
        ),
    )
    wanted = alike(code, LISTS, WORDS)
    assert len(wanted) == 5
    assert alike(snapshot, LISTS, {**WORDS, "core-network-1": "core"}) == wanted
    assert alike(template, LISTS, WORDS) == wanted
