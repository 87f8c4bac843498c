"""AWS Config's snapshots and histories are the same network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from auditor.sources.snapshot import is_snapshot
from auditor.tree import Scope
from tests.sources.snapshot.answers import ALICE, plain, reading, there

GROUP = {
    "description": "web",
    "groupName": "web",
    "ipPermissions": [
        {
            "fromPort": 443,
            "ipProtocol": "tcp",
            "ipv6Ranges": [],
            "prefixListIds": [],
            "toPort": 443,
            "userIdGroupPairs": [{"groupId": "sg-0b", "userId": ALICE}],
            "ipv4Ranges": [{"cidrIp": "10.0.0.0/8"}],
            "ipRanges": ["10.0.0.0/8"],
        }
    ],
    "ownerId": ALICE,
    "groupId": "sg-0a",
    "ipPermissionsEgress": [],
    "tags": [{"key": "Name", "value": "web"}],
    "vpcId": "vpc-0a",
}


def item(kind: str, configuration: object, **more: Any) -> dict[str, Any]:
    return {
        "configurationItemVersion": "1.3",
        "configurationItemCaptureTime": "2026-05-04T09:00:00.000Z",
        "configurationItemStatus": "OK",
        "resourceType": kind,
        "resourceId": "sg-0a",
        "awsAccountId": ALICE,
        "awsRegion": "eu-central-1",
        "ARN": f"arn:aws:ec2:eu-central-1:{ALICE}:thing/sg-0a",
        "configuration": configuration,
        **more,
    }


def recorded(folder: Path, *items: dict[str, Any], key: str = "configurationItems") -> dict[str, Any]:
    found = reading(
        folder, {"config.json": {"fileVersion": "1.0", "configSnapshotId": "x", key: list(items)}}
    )
    return {address: (each.kind, each.scope, plain(each.body)) for address, each in there(found).items()}


def test_what_was_recorded_is_what_the_api_says(tmp_path: Path):
    as_object = recorded(tmp_path / "a", item("AWS::EC2::SecurityGroup", GROUP))
    as_text = recorded(
        tmp_path / "b", item("AWS::EC2::SecurityGroup", json.dumps(GROUP)), key="baseConfigurationItems"
    )
    kind, scope, body = as_object["sg-0a"]
    assert as_text == as_object
    assert (kind, scope) == ("SecurityGroups", Scope(account=ALICE, region="eu-central-1"))
    assert body["IpPermissions"] == [
        {
            "FromPort": 443,
            "IpProtocol": "tcp",
            "Ipv6Ranges": [],
            "PrefixListIds": [],
            "ToPort": 443,
            "UserIdGroupPairs": [{"GroupId": "sg-0b", "UserId": ALICE}],
            "IpRanges": [{"CidrIp": "10.0.0.0/8"}],
        }
    ]
    assert body["Tags"] == [{"Key": "Name", "Value": "web"}]


def test_ranges_that_stand_there_once_are_kept(tmp_path: Path):
    old = {"groupId": "sg-0a", "ipPermissions": [{"ipProtocol": "-1", "ipRanges": ["10.0.0.0/8"]}]}
    _, _, body = recorded(tmp_path, item("AWS::EC2::SecurityGroup", old))["sg-0a"]
    assert body["IpPermissions"][0]["IpRanges"] == [{"CidrIp": "10.0.0.0/8"}]


def test_the_newest_of_a_history_counts(tmp_path: Path):
    old = item(
        "AWS::EC2::SecurityGroup",
        {**GROUP, "groupName": "old"},
        configurationItemCaptureTime="2025-01-01T00:00:00.000Z",
    )
    new = item("AWS::EC2::SecurityGroup", GROUP)
    for items in ((old, new), (new, old)):
        assert recorded(tmp_path, *items)["sg-0a"][2]["GroupName"] == "web"


def test_what_was_deleted_is_not_there(tmp_path: Path):
    gone = item(
        "AWS::EC2::SecurityGroup",
        "",
        configurationItemStatus="ResourceDeleted",
        configurationItemCaptureTime="2026-06-01T00:00:00.000Z",
    )
    assert recorded(tmp_path, gone) == {}
    assert recorded(tmp_path, item("AWS::EC2::SecurityGroup", GROUP), gone) == {}
    assert recorded(tmp_path, gone, item("AWS::EC2::SecurityGroup", GROUP)) == {}


def test_the_tags_of_an_item_are_those_of_the_thing(tmp_path: Path):
    bare = {"natGatewayId": "nat-0a", "state": "available"}
    _, _, body = recorded(tmp_path, item("AWS::EC2::NatGateway", bare, tags={"Name": "a"}))["nat-0a"]
    assert body["Tags"] == [{"Key": "Name", "Value": "a"}]


def test_newer_types_are_recorded_in_cloudformation_s_words(tmp_path: Path):
    service = {
        "ServiceName": "web",
        "NetworkConfiguration": {"AwsvpcConfiguration": {"SecurityGroups": ["sg-0a"]}},
    }
    (only,) = recorded(tmp_path, item("AWS::ECS::Service", service, ARN="arn:aws:ecs:x")).items()
    assert only == (
        "arn:aws:ecs:x",
        ("AWS::ECS::Service", Scope(account=ALICE, region="eu-central-1"), service),
    )


def test_what_has_no_configuration_is_a_gap(tmp_path: Path):
    found = reading(
        tmp_path, {"c.json": {"configurationItems": [item("AWS::EC2::VPC", None, resourceId="vpc-0a"), 7]}}
    )
    assert [gap.what for gap in found.gaps][:2] == ["AWS::EC2::VPC vpc-0a", "a configuration item"]


def test_a_recording_is_a_snapshot(tmp_path: Path):
    recorded(tmp_path, item("AWS::EC2::SecurityGroup", GROUP))
    assert is_snapshot(str(tmp_path))
