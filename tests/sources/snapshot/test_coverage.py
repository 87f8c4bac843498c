"""What a snapshot does not tell of is not known: it is never read as "there is none"."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.tree import GapKind, Reading, Scope
from tests.sources.snapshot.answers import ALICE, BOB, CORE, HERE, plain, reading, whole

VPC = {"Vpcs": [{"VpcId": "vpc-0a"}]}
MANIFEST = {"schema": "netaudit/snapshot/1", "collected": []}


def open_kinds(found: Reading) -> dict[str, tuple[Scope, Any]]:
    """What stands for what was not collected, by address."""
    return {
        each.address: (each.scope, plain(each.body))
        for each in found.resources
        if each.kind == "NotCollected"
    }


def test_every_kind_that_a_vpc_has_is_open_where_no_answer_tells_of_it(tmp_path: Path):
    found = reading(tmp_path, {f"{HERE}/Vpcs.json": VPC})
    missing = [kind for kind in CORE if kind != "Vpcs"]
    assert [(gap.kind, gap.what) for gap in found.gaps] == [
        (GapKind.RESOURCE, f"{kind} of {HERE}") for kind in missing
    ]
    assert found.gaps[1].settled_by == "aws ec2 describe-route-tables --region eu-central-1"
    why = "no answer tells of them: they were not asked for"
    here = Scope(account=ALICE, region="eu-central-1")
    assert open_kinds(found) == {f"{HERE}/{kind}": (here, {"Kind": kind, "Why": why}) for kind in missing}


def test_an_empty_answer_says_that_there_is_none(tmp_path: Path):
    found = reading(tmp_path, whole({"Vpcs": VPC}))
    assert (found.gaps, open_kinds(found)) == ((), {})


def test_each_account_and_region_is_asked_for_itself(tmp_path: Path):
    other = f"{BOB}/us-east-1"
    answers = whole({"Vpcs": VPC}) | {f"{other}/{kind}.json": {kind: [{}][:0]} for kind in CORE[1:]}
    found = reading(tmp_path, answers)
    assert list(open_kinds(found)) == [f"{other}/Vpcs"]


def test_a_region_without_a_vpc_has_nothing_to_ask_for(tmp_path: Path):
    found = reading(
        tmp_path, {f"{HERE}/Vpcs.json": {"Vpcs": []}, f"{HERE}/Functions.json": {"Functions": []}}
    )
    assert (found.gaps, open_kinds(found)) == ((), {})


def test_a_region_whose_vpcs_have_further_pages_is_not_without_one(tmp_path: Path):
    found = reading(tmp_path, {f"{HERE}/Vpcs.json": {"Vpcs": [], "NextToken": "more"}})
    assert len(found.gaps) == len(CORE)


def test_what_is_one_for_all_regions_makes_no_region(tmp_path: Path):
    zones = {"HostedZones": [{"Id": "/hostedzone/Z1", "Name": "in."}]}
    found = reading(tmp_path, whole({"Vpcs": VPC}) | {f"{ALICE}/us-east-1/HostedZones.json": zones})
    assert found.gaps == ()


@pytest.mark.parametrize(
    ("operation", "what"),
    [
        ("ec2.DescribeNetworkAcls", "NetworkAcls"),
        ("DescribeNetworkAcls", "NetworkAcls"),
        ("ec2 describe-network-acls", "NetworkAcls"),
        ("ec2.DescribeVpcAttribute", "ec2.DescribeVpcAttribute"),
    ],
)
def test_a_denied_call_leaves_open_what_it_would_have_told(tmp_path: Path, operation: str, what: str):
    denied = {"account": ALICE, "region": "eu-central-1", "operation": operation, "error": "AccessDenied: no"}
    answers = whole({"Vpcs": VPC}) | {"netaudit-snapshot.json": MANIFEST | {"denied": [denied]}}
    if what == "NetworkAcls":
        del answers[f"{HERE}/NetworkAcls.json"]
    found = reading(tmp_path, answers)
    assert [(gap.what, gap.why) for gap in found.gaps] == [(f"{what} of {HERE}", "AccessDenied: no")]
    assert list(open_kinds(found)) == [f"{HERE}/{what}"]


def test_a_denied_call_counts_where_another_gave_an_answer(tmp_path: Path):
    denied = {
        "account": ALICE,
        "region": "eu-central-1",
        "operation": "ec2.DescribeVpcs",
        "error": "Throttled",
    }
    answers = whole({"Vpcs": VPC}) | {"netaudit-snapshot.json": MANIFEST | {"denied": [denied]}}
    assert list(open_kinds(reading(tmp_path, answers))) == [f"{HERE}/Vpcs"]


def test_a_list_of_another_schema_is_no_list(tmp_path: Path):
    found = reading(
        tmp_path, whole({"Vpcs": VPC}) | {"netaudit-snapshot.json": {"schema": "netaudit/snapshot/9"}}
    )
    assert [(gap.kind, gap.why) for gap in found.gaps] == [
        (GapKind.SYNTAX, "its schema is not netaudit/snapshot/1")
    ]


def test_an_empty_file_leaves_open_what_its_name_says(tmp_path: Path):
    found = reading(tmp_path, whole({"Vpcs": VPC, "VpcEndpoints": "", "Notes": ""}))
    assert list(open_kinds(found)) == [f"{HERE}/VpcEndpoints"]
    assert [gap.kind for gap in found.gaps] == [GapKind.SYNTAX, GapKind.SYNTAX, GapKind.RESOURCE]


def test_an_answer_about_one_thing_that_has_further_pages_leaves_its_kind_open(tmp_path: Path):
    arn = f"arn:aws:elasticloadbalancing:eu-central-1:{ALICE}:listener/app/a/b/c"
    listeners = [
        {
            "LoadBalancerArn": "x",
            "Listeners": [{"ListenerArn": arn, "LoadBalancerArn": "x"}],
            "NextMarker": "y",
        }
    ]
    found = reading(tmp_path, whole({"l": {"LoadBalancerListeners": listeners}, "m": {"Listeners": []}}))
    assert list(open_kinds(found)) == [f"{HERE}/Listeners"]
