"""Where the files of a snapshot may lie, and how they may be cut."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from auditor.sources.snapshot import read, read_together
from auditor.tree import GapKind, Location, Scope
from tests.sources.snapshot.answers import ALICE, CORE, HERE, plain, reading, there, whole, write

VPC = {"VpcId": "vpc-0a", "CidrBlock": "10.0.0.0/16", "OwnerId": ALICE, "State": "available"}
SUBNET = {
    "SubnetId": "subnet-0a",
    "VpcId": "vpc-0a",
    "AvailabilityZone": "eu-central-1b",
    "State": "available",
}


@pytest.mark.parametrize(
    ("folder", "scope"),
    [
        ("eu-central-1", Scope(account=ALICE, region="eu-central-1")),
        ("444455556666/us-gov-west-1", Scope(account=ALICE, region="us-gov-west-1")),
        ("audit/2026/444455556666/eu-central-1", Scope(account=ALICE, region="eu-central-1")),
        (".", Scope(account=ALICE)),
    ],
)
def test_folders_say_account_and_region_and_an_owner_counts_more(tmp_path: Path, folder: str, scope: Scope):
    found = reading(tmp_path, {f"{folder}/anything.json": {"Vpcs": [VPC]}})
    (vpc,) = there(found).values()
    assert (vpc.kind, vpc.address, vpc.scope) == ("Vpcs", "vpc-0a", scope)


def test_an_account_s_folder_says_whose_what_has_no_owner_is(tmp_path: Path):
    gateway = {"NatGatewayId": "nat-0a", "State": "available"}
    found = reading(tmp_path, {f"{HERE}/nat.json": {"NatGateways": [gateway]}})
    assert there(found)["nat-0a"].scope == Scope(account=ALICE, region="eu-central-1")


def test_without_folders_the_only_region_and_account_named_are_those_of_all(tmp_path: Path):
    found = reading(tmp_path, {"v.json": {"Vpcs": [VPC]}, "s.json": {"Subnets": [SUBNET]}})
    assert {each.scope for each in there(found).values()} == {Scope(account=ALICE, region="eu-central-1")}


def test_without_folders_two_regions_leave_open_where_the_rest_is(tmp_path: Path):
    other = SUBNET | {"SubnetId": "subnet-0b", "AvailabilityZone": "us-west-2-lax-1a"}
    found = reading(tmp_path, {"v.json": {"Vpcs": [VPC]}, "s.json": {"Subnets": [SUBNET, other]}})
    regions = {each.address: each.scope.region for each in there(found).values()}
    assert regions == {"vpc-0a": "", "subnet-0a": "eu-central-1", "subnet-0b": "us-west-2"}


def test_a_file_alone_and_one_with_several_keys_are_read(tmp_path: Path):
    write(tmp_path, {f"{HERE}/all.json": {"Vpcs": [VPC], "Subnets": [SUBNET]}})
    found = read(str(tmp_path / HERE / "all.json"))
    assert set(there(found)) == {"vpc-0a", "subnet-0a"}
    assert there(found)["subnet-0a"].scope.account == ALICE


def test_packed_and_marked_files_are_read(tmp_path: Path):
    packed = gzip.compress(json.dumps({"Vpcs": [VPC]}).encode())
    marked = b"\xef\xbb\xbf" + json.dumps({"Subnets": [SUBNET]}).encode()
    found = reading(tmp_path, {f"{HERE}/v.json.gz": packed, f"{HERE}/s.json": marked})
    assert set(there(found)) == {"vpc-0a", "subnet-0a"}


def test_a_packed_file_that_is_cut_off_is_a_gap(tmp_path: Path):
    found = reading(tmp_path, {f"{HERE}/Vpcs.json.gz": gzip.compress(b"{}" * 1000)[:-12]})
    assert {gap.why for gap in found.gaps} == {"it is cut off"}
    assert [gap.kind for gap in found.gaps] == [GapKind.SYNTAX, GapKind.RESOURCE]


def test_hidden_files_and_others_are_left_out(tmp_path: Path):
    found = reading(tmp_path, {".git/x.json": "{", f"{HERE}/.y.json": "{", f"{HERE}/README.md": "# {"})
    assert (found.resources, found.gaps) == ((), ())


def test_every_object_knows_its_line_and_its_values_that_place(tmp_path: Path):
    text = '{\n  "Subnets": [],\n  "Vpcs": [\n    {"VpcId": "vpc-0a"},\n\n      {\n "VpcId": "vpc-0b"}]\n}'
    found = reading(tmp_path, {f"{HERE}/v.json": text})
    path = str(tmp_path / HERE / "v.json")
    places = {each.address: each.at for each in there(found).values()}
    assert places == {"vpc-0a": Location(path, 4, 5), "vpc-0b": Location(path, 6, 7)}
    assert there(found)["vpc-0b"].body.entries["VpcId"].at == Location(path, 6, 7)


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ('{\n "Vpcs": [\n  {"VpcId": }]}', ":3:13", "invalid character"),
        ('{"Vpcs": [', ":1:11", "it ends too early"),
        ("", ":1:1", "it is empty: the call that should have written it failed"),
        ("[]", ":1:1", "it is not an answer of AWS, which is an object"),
        ('{"Vpcs": [], "Vpcs": []}', ":1:", "a key is given twice"),
        (
            '{"Vpcs": [{"VpcId": "a", "T": ' + "[" * 5000 + "]" * 5000 + "}]}",
            ":1:",
            "it is nested too deeply",
        ),
    ],
)
def test_what_does_not_parse_is_named_with_its_place_and_the_rest_goes_on(
    tmp_path: Path, text: str, place: str, why: str
):
    found = reading(tmp_path, whole({"Vpcs": text, "Subnets": {"Subnets": [SUBNET]}}))
    assert set(there(found)) == {"subnet-0a"}
    broken = found.gaps[0]
    assert broken.kind is GapKind.SYNTAX
    assert str(broken.at).startswith(f"{tmp_path / HERE / 'Vpcs.json'}{place}")
    assert why in broken.why
    assert [gap.what for gap in found.gaps[1:]] == [f"Vpcs of {HERE}"]


def test_a_text_that_is_no_text_is_named(tmp_path: Path):
    text = '{"Vpcs": [{"VpcId": "vpc-0a"}, {"VpcId": "\\ud800\\u0"}]}'
    found = reading(tmp_path, whole({"Vpcs": text}))
    assert found.gaps[0].kind is GapKind.SYNTAX


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"Vpcs": 7}, "it is no list"),
        ({"Vpcs": [7]}, "it is no object"),
        ({"Vpcs": [{"CidrBlock": "10.0.0.0/8"}]}, "it has no VpcId"),
    ],
)
def test_a_wrong_shape_is_a_gap(tmp_path: Path, answer: object, why: str):
    found = reading(tmp_path, whole({"Vpcs": answer}))
    assert [(gap.kind, gap.why) for gap in found.gaps][:1] == [(GapKind.INVALID, why)]


def test_the_pages_of_an_answer_are_one(tmp_path: Path):
    pages = {
        "Vpcs.1": {"Vpcs": [VPC], "NextToken": "more"},
        "Vpcs.2": {"Vpcs": [VPC | {"VpcId": "vpc-0b"}]},
        "Vpcs": {"Vpcs": [VPC], "NextToken": None},
    }
    found = reading(tmp_path, whole(pages))
    assert set(there(found)) == {"vpc-0a", "vpc-0b"}
    assert found.gaps == ()


def test_a_page_that_is_missing_leaves_the_rest_open(tmp_path: Path):
    found = reading(tmp_path, whole({"Vpcs": {"Vpcs": [VPC], "NextToken": "more"}}))
    assert [(gap.what, gap.settled_by) for gap in found.gaps] == [
        (f"Vpcs of {HERE}", "aws ec2 describe-vpcs --region eu-central-1")
    ]
    (open_,) = (each for each in found.resources if each.kind == "NotCollected")
    assert plain(open_.body)["Kind"] == "Vpcs"


def test_several_snapshots_are_one_where_they_are_read_together(tmp_path: Path):
    write(tmp_path, {f"a/{HERE}/v.json": {"Vpcs": [VPC]}, f"b/{HERE}/v.json": {"Vpcs": [VPC]}})
    found = read_together((str(tmp_path / "a"), str(tmp_path / "b")))
    assert set(there(found)) == {"vpc-0a"}
    assert len(found.gaps) == len(CORE) - 1


@pytest.mark.parametrize("depth", [70, 480, 900])
def test_what_is_nested_too_deeply_is_not_known(tmp_path: Path, depth: int):
    deep = "[" * depth + "]" * depth
    recorded = (
        f'{{"resourceType": "AWS::EC2::VPC", "resourceId": "vpc-0b", "configuration": {{"x": {deep}}}}}'
    )
    answers = {
        "v": f'{{"Vpcs": [{{"VpcId": "vpc-0a", "T": {deep}}}]}}',
        "c": f'{{"configurationItems": [{recorded}]}}',
    }
    found = there(reading(tmp_path, whole(answers)))
    assert set(found) == {"vpc-0a", "vpc-0b"}
    value = plain(found["vpc-0a"].body)["T"]
    while value is not ...:
        (value,) = value
