"""Whatever stands in a file, it is read: each thing once, and a gap for what is not understood."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from auditor.sources.snapshot import is_snapshot, read
from tests.sources.snapshot.answers import ALICE, HERE, write

ITEM = {
    "configurationItemStatus": "OK",
    "resourceType": "AWS::EC2::SecurityGroup",
    "resourceId": "sg-0a",
    "awsAccountId": ALICE,
    "configuration": {"groupId": "sg-0a", "ipPermissions": [{"ipv4Ranges": [{"cidrIp": "10.0.0.0/8"}]}]},
    "tags": {"a": "b"},
}
ANSWERS: tuple[dict[str, Any], ...] = (
    {"fileVersion": "1.0", "configurationItems": [ITEM]},
    {
        "schema": "netaudit/snapshot/1",
        "denied": [{"account": ALICE, "operation": "ec2.DescribeVpcs", "error": "no"}],
    },
    {"LoadBalancers": [{"LoadBalancerArn": "a", "AvailabilityZone": "x"}]},
    {
        "X": [
            {
                "LoadBalancerArn": "a",
                "Listeners": [{"ListenerArn": "l", "LoadBalancerArn": "a"}],
                "NextMarker": "n",
            }
        ]
    },
    {"TagDescriptions": [{"ResourceArn": "a", "Tags": [{"Key": "a", "Value": "b"}]}]},
    {"Brokers": [{"BrokerArn": "a", "BrokerId": "b", "SecurityGroups": ["sg-0123456789abcdef0"]}]},
    {"HostedZone": {"Id": "/hostedzone/Z"}, "VPCs": [{"VPCId": "v"}]},
    {
        "Clusters": [{"ClusterIdentifier": "c", "ClusterStatus": "available"}],
        "clusters": ["a", {"clusterArn": "x"}],
    },
    {
        "Reservations": [
            {"OwnerId": ALICE, "Instances": [{"InstanceId": "i-1", "State": {"Name": "running"}}]}
        ]
    },
    {
        "TransitGatewayAttachments": [
            {
                "TransitGatewayAttachmentId": "t",
                "State": "available",
                "Association": {"TransitGatewayRouteTableId": "r"},
            }
        ],
        "TransitGatewayRouteTables": [{"TransitGatewayRouteTableId": "r"}],
    },
)
WRONG = (None, 1, -1.5, True, "x", "", [], {}, [1], [{}], [["a"]], {"NextToken": "x"})
KEYS = (
    "NextToken",
    "Instances",
    "Tags",
    "Listeners",
    "OwnerId",
    "SecurityGroups",
    "Routes",
    "configurationItems",
)


def changed(dice: Random, value: Any) -> Any:
    """A value of which one part in thirty is something else."""
    if dice.random() < 0.03:
        return dice.choice(WRONG)
    if isinstance(value, dict):
        return {
            key if dice.random() > 0.03 else dice.choice(KEYS): changed(dice, inner)
            for key, inner in value.items()
        }
    return [changed(dice, inner) for inner in value] if isinstance(value, list) else value


def broken(dice: Random, text: bytes) -> bytes:
    """A text with some bytes that are others, and perhaps without its end."""
    found = bytearray(text)
    for _ in range(dice.randrange(3)):
        found[dice.randrange(len(found))] = dice.randrange(256)
    return bytes(found[: dice.randrange(len(found))] if dice.random() < 0.2 else found)


@pytest.mark.parametrize("seed", range(20))
def test_anything_is_read(tmp_path: Path, seed: int):
    dice = Random(seed)
    for _ in range(15):
        for number, answer in enumerate(ANSWERS):
            name = "netaudit-snapshot" if "schema" in answer else f"{HERE}/{number}"
            text = json.dumps(changed(dice, answer)).encode()
            write(tmp_path, {f"{name}.json": broken(dice, text) if dice.random() < 0.3 else text})
        is_snapshot(str(tmp_path))
        addresses = [each.address for each in read(str(tmp_path)).resources]
        assert len(addresses) == len(set(addresses))
