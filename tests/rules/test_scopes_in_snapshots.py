"""Network Access Scopes and Network Insights Paths of snapshots: collected, read and answered."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

from auditor import pipeline
from auditor.finding import Finding, Judgement
from auditor.rules.policy import scope_rules, written_scopes
from auditor.sources.snapshot.collect.folder import Folder
from auditor.sources.snapshot.collect.run import Place, chosen, collect, tasks_of
from auditor.sources.snapshot.collect.table import PIECES
from tests.rules.test_scopes import end
from tests.sources.snapshot.fakes import FakeApi

VIOLATED, UNDETERMINED = Judgement.VIOLATED, Judgement.UNDETERMINED
HERE = "123456789012/eu-central-1"


def in_snapshot(folder: Path, **more: Any) -> tuple[Finding, ...]:
    """What is found of a snapshot with two interfaces that carry one group, which lets itself in."""
    answers: dict[str, Any] = {
        "Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}],
        "Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}],
        "SecurityGroups": [
            {
                "GroupId": "sg-1",
                "GroupName": "inner",
                "VpcId": "vpc-1",
                "IpPermissions": [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-1"}]}],
                "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
            }
        ],
        "NetworkInterfaces": [
            {
                "NetworkInterfaceId": f"eni-{number}",
                "SubnetId": "subnet-1",
                "VpcId": "vpc-1",
                "Groups": [{"GroupId": "sg-1"}],
                "PrivateIpAddress": f"10.0.0.{number}",
                "PrivateIpAddresses": [{"PrivateIpAddress": f"10.0.0.{number}", "Primary": True}],
            }
            for number in (10, 11)
        ],
        **{name: [] for name in ("RouteTables", "NetworkAcls", "InternetGateways")},
        **more,
    }
    for name, answer in answers.items():
        path = folder / HERE / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({name: answer}, indent=1))
    network = pipeline.load(str(folder))
    has = network.inventory
    return pipeline.check(network, scope_rules(written_scopes(has.access_scopes), has.analysed_paths))


def content(*resources: str) -> list[dict[str, Any]]:
    matches = [{"Source": end(resources[0]), "Destination": end(resources[1])}]
    return [
        {
            "NetworkInsightsAccessScopeId": "nis-1",
            "NetworkInsightsAccessScopeContent": {
                "NetworkInsightsAccessScopeId": "nis-1",
                "MatchPaths": matches,
            },
        }
    ]


SCOPES = [{"NetworkInsightsAccessScopeId": "nis-1", "Tags": [{"Key": "Name", "Value": "apart"}]}]


def test_a_scope_of_a_snapshot_is_answered_from_its_content(tmp_path: Path):
    (finding,) = in_snapshot(
        tmp_path,
        NetworkInsightsAccessScopes=SCOPES,
        NetworkInsightsAccessScopeContents=content("eni-10", "eni-11"),
    )
    assert (finding.rule, finding.judgement) == ("access-scope/nis-1", VIOLATED)


def test_a_scope_whose_content_was_not_collected_is_undetermined(tmp_path: Path):
    (finding,) = in_snapshot(tmp_path, NetworkInsightsAccessScopes=SCOPES)
    assert finding.judgement is UNDETERMINED
    assert "the match paths of nis-1" in finding.unknowns[0].what


def test_a_scope_that_amazon_created_is_not_answered_by_itself(tmp_path: Path):
    created = [{**SCOPES[0], "Tags": [{"Key": "Name", "Value": "All-IGW-Ingress (Amazon created)"}]}]
    assert (
        in_snapshot(
            tmp_path,
            NetworkInsightsAccessScopes=created,
            NetworkInsightsAccessScopeContents=content("eni-10", "eni-11"),
        )
        == ()
    )


def test_a_path_of_a_snapshot_is_answered(tmp_path: Path):
    path = {
        "NetworkInsightsPathId": "nip-1",
        "Source": "eni-10",
        "Destination": "eni-11",
        "Protocol": "tcp",
        "FilterAtSource": {"DestinationPortRange": {"FromPort": 443, "ToPort": 443}},
    }
    (finding,) = in_snapshot(tmp_path, NetworkInsightsPaths=[path])
    assert (finding.rule, finding.judgement) == ("insights-path/nip-1", VIOLATED)
    assert "tcp/443 from" in finding.message
    assert finding.message.endswith("is reachable.")


def test_the_content_of_a_scope_is_collected_as_it_is_read(tmp_path: Path):
    (scope,) = content("eni-10", "eni-11")
    api = FakeApi(
        {
            "DescribeNetworkInsightsAccessScopes": [{"NetworkInsightsAccessScopes": SCOPES}],
            "GetNetworkInsightsAccessScopeContent": [
                {"NetworkInsightsAccessScopeContent": scope["NetworkInsightsAccessScopeContent"]}
            ],
        }
    )
    tasks = tasks_of(
        [Place("123456789012", "eu-central-1", api)], chosen(PIECES, ("NetworkInsightsAccessScopeContents",))
    )
    collect(
        tasks,
        Folder(str(tmp_path)),
        started="2026-01-02T03:04:05+00:00",
        jobs=1,
        stop=threading.Event(),
        told=lambda _task, _done: None,
    )
    file = tmp_path / HERE / "NetworkInsightsAccessScopeContents.json"
    assert json.loads(file.read_text()) == {"NetworkInsightsAccessScopeContents": content("eni-10", "eni-11")}
