"""A snapshot is known by the heads of a few files."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from auditor import disk
from auditor.sources.snapshot import is_snapshot
from tests.sources.snapshot.answers import ALICE, BOB, HERE, write

VPCS = {"Vpcs": [{"VpcId": "vpc-0a"}]}


@pytest.mark.parametrize(
    "answer",
    [
        VPCS,
        {"NatGateways": []},
        {"ResponseMetadata": {"RequestId": "x"}, "Subnets": [{"SubnetId": "subnet-0a"}]},
        {"NextToken": "x", "Vpcs": [{"VpcId": "vpc-0a"}]},
        {"Reservations": [{"ReservationId": "r-0a", "Instances": [{"InstanceId": "i-0a"}]}]},
        {"LoadBalancerListeners": [{"LoadBalancerArn": "arn:x", "Listeners": []}]},
        {"ManagedPrefixListEntries": [{"PrefixListId": "pl-0a", "Entries": []}]},
        {"services": [{"serviceArn": "arn:x"}], "failures": []},
        {
            "cluster": {
                "name": "a",
                "arn": "arn:x",
                "resourcesVpcConfig": {},
                "status": "ACTIVE",
                "clusterArn": "",
            }
        },
    ],
)
def test_an_answer_is_known(tmp_path: Path, answer: dict[str, Any]):
    for indent in (None, 4):
        write(tmp_path, {"x.json": json.dumps(answer, indent=indent)})
        assert is_snapshot(str(tmp_path / "x.json"))
        assert is_snapshot(str(tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"Resources": {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"VpcId": "x"}}}}',
        '{"Parameters": {"VpcId": {"Type": "String"}}, "Resources": {}}',
        '{"format_version": "1.2", "planned_values": {}}',
        '{"version": 4, "resources": []}',
        '{"services": {"web": {"image": "nginx"}}}',
        '{"Rules": {"Only": {"Assertions": []}}, "Resources": {}}',
        '{"name": "package", "dependencies": {}}',
        '{"Statement": [{"Effect": "Allow"}]}',
        '{"clusters": [{"name": "kind", "cluster": {"server": "https://x"}}]}',
        '{"Vpcs": "none"}',
        "apiVersion: v1",
    ],
)
def test_another_document_is_none(tmp_path: Path, text: str):
    write(tmp_path, {"x.json": text})
    assert not is_snapshot(str(tmp_path / "x.json"))
    assert not is_snapshot(str(tmp_path))


@pytest.mark.parametrize(
    "path",
    [
        "v.json",
        "eu-central-1/v.json",
        f"{HERE}/v.json",
        f"audit/{HERE}/v.json",
        f"a/b/{HERE}/v.json",
    ],
)
def test_a_folder_is_known_by_what_lies_in_it(tmp_path: Path, path: str):
    write(tmp_path, {path: VPCS})
    assert is_snapshot(str(tmp_path))


def test_a_folder_with_anything_else_is_no_snapshot_but_what_is_below_it_may_be(tmp_path: Path):
    write(tmp_path, {f"audit/{HERE}/v.json": VPCS, "infra/main.tf": "", "README.md": ""})
    assert not is_snapshot(str(tmp_path))
    assert is_snapshot(str(tmp_path / "audit"))


def test_two_snapshots_side_by_side_are_one(tmp_path: Path):
    write(tmp_path, {f"prod/{ALICE}/eu-central-1/v.json": VPCS, f"dev/{BOB}/eu-central-1/v.json": VPCS})
    assert is_snapshot(str(tmp_path))


def test_folders_named_for_regions_are_no_snapshot_by_their_names(tmp_path: Path):
    write(tmp_path, {"eu-central-1/main.tf": "", "us-east-1/main.tf": ""})
    assert not is_snapshot(str(tmp_path))


def test_a_packed_answer_and_a_list_of_what_was_collected_are_known(tmp_path: Path):
    write(tmp_path, {"a/x.json.gz": gzip.compress(json.dumps(VPCS, indent=4).encode() + b" " * 100_000)})
    write(tmp_path, {"b/netaudit-snapshot.json": {"schema": "netaudit/snapshot/1"}})
    assert is_snapshot(str(tmp_path / "a"))
    assert is_snapshot(str(tmp_path / "b"))


def test_what_is_not_there_is_none(tmp_path: Path):
    assert not is_snapshot(str(tmp_path / "nowhere"))


def test_few_files_are_looked_at(tmp_path: Path):
    write(tmp_path, {f"{number:03}.json": '{"a": 1}' for number in range(100)})
    with disk.observed() as seen:
        assert not is_snapshot(str(tmp_path))
    assert len([look for look in seen.looks if look[0] == "head"]) <= 20
