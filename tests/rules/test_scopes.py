"""Network Access Scopes and Network Insights Paths: what matches, what is excluded, what is not evaluated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor import pipeline
from auditor.cli.scopes import scopes_of
from auditor.errors import InputError, UsageError
from auditor.finding import Finding, Judgement, Severity
from auditor.rules.policy import scope_rules
from tests.rules.networks import NETWORK, PRIVATE, PUBLIC, group, instance, rule
from tests.rules.policies import APP, BATCH, FROM_APP, FROM_BATCH, OUT, database, line_of

VIOLATED, UNDETERMINED = Judgement.VIOLATED, Judgement.UNDETERMINED
WEB = group("web", rule('cidr_blocks = ["0.0.0.0/0"]', 443), OUT) + instance("web", "web", more=PUBLIC)


def end(*resources: str, types: tuple[str, ...] = (), **header: list[str]) -> dict[str, Any]:
    """A source or a destination."""
    found: dict[str, Any] = {}
    if resources or types:
        found["ResourceStatement"] = {"Resources": [*resources], "ResourceTypes": [*types]}
    if header:
        found["PacketHeaderStatement"] = header
    return found


IGW = end(types=("AWS::EC2::InternetGateway",))
HOSTS = end(types=("AWS::EC2::NetworkInterface",))


def found(folder: Path, scope: dict[str, Any] | None, *parts: str) -> tuple[Finding, ...]:
    """What a scope in a file, and those in the code, find."""
    (folder / "main.tf").write_text("\n".join((NETWORK, *parts)), encoding="utf-8")
    (folder / "asked.json").write_text(json.dumps(scope, indent=1))
    network = pipeline.load(str(folder))
    given = scopes_of([str(folder / "asked.json")]) if scope is not None else ()
    inventory = network.inventory
    return pipeline.check(network, scope_rules((*given, *inventory.access_scopes), inventory.analysed_paths))


def test_a_path_that_matches_is_found_at_the_rule_that_lets_it(tmp_path: Path):
    scope = {"MatchPaths": [{"Source": IGW, "Destination": HOSTS}]}
    (finding,) = found(tmp_path, scope, WEB, APP)
    assert (finding.rule, finding.judgement) == ("access-scope/asked", VIOLATED)
    assert line_of(tmp_path, finding) == 'cidr_blocks = ["0.0.0.0/0"]'
    assert finding.message == (
        "the internet can open tcp/443 to aws_instance.web by the rule tcp/443 from 0.0.0.0/0."
        " It matches the Network Access Scope asked."
    )


def test_a_path_that_is_excluded_is_not_found(tmp_path: Path):
    matches = [{"Source": IGW, "Destination": HOSTS}]
    excluded = [{"Destination": end("aws_instance.web")}]
    assert found(tmp_path, {"MatchPaths": matches, "ExcludePaths": excluded}, WEB) == ()
    elsewhere = [{"Destination": end("aws_instance.app")}]
    assert len(found(tmp_path, {"MatchPaths": matches, "ExcludePaths": elsewhere}, WEB, APP)) == 1


def test_what_is_excluded_of_the_traffic_leaves_the_rest(tmp_path: Path):
    more = group(
        "web", rule('cidr_blocks = ["0.0.0.0/0"]', 443), rule('cidr_blocks = ["0.0.0.0/0"]', 22), OUT
    )
    matches = [{"Source": IGW, "Destination": HOSTS}]
    excluded = [{"Destination": end(DestinationPorts=["443"], Protocols=["tcp"])}]
    scope = {"MatchPaths": matches, "ExcludePaths": excluded}
    (finding,) = found(tmp_path, scope, more, instance("web", "web", more=PUBLIC))
    assert "can open tcp/22 to" in finding.message


@pytest.mark.parametrize(
    ("header", "matches"),
    [
        ({"DestinationPorts": ["5432"]}, True),
        ({"DestinationPorts": ["5000-6000"], "Protocols": ["tcp"]}, True),
        ({"DestinationPorts": ["5432"], "Protocols": ["udp"]}, False),
        ({"SourceAddresses": ["10.0.0.0/24"]}, True),
        ({"SourceAddresses": ["10.0.7.0/24"]}, False),
    ],
)
def test_the_packets_of_a_source_must_match(tmp_path: Path, header: dict[str, list[str]], matches: bool):
    scope = {"MatchPaths": [{"Source": end("aws_instance.app", **header), "Destination": end("sg-db")}]}
    judgements = {each.judgement for each in found(tmp_path, scope, APP, database(FROM_APP))}
    # Which address of its subnet the host has is AWS's choice: a part of the range decides nothing less.
    assert bool(judgements) is matches


def test_paths_match_through_what_they_go_through(tmp_path: Path):
    def scope(kind: str) -> dict[str, Any]:
        through = [{"ResourceStatement": {"ResourceTypes": [kind]}}]
        return {"MatchPaths": [{"Source": HOSTS, "Destination": IGW, "ThroughResources": through}]}

    public = group("app", OUT) + instance("app", "app", more=PUBLIC)
    assert found(tmp_path, scope("AWS::EC2::NatGateway"), public) == ()
    (finding,) = found(tmp_path, scope("AWS::ElasticLoadBalancingV2::LoadBalancer"), public)
    assert finding.judgement is UNDETERMINED


@pytest.mark.parametrize("side", ["Source", "Destination"])
def test_a_gateway_by_its_name_is_the_internet_behind_it(tmp_path: Path, side: str):
    other = {"Source": "Destination", "Destination": "Source"}[side]
    scope = {"MatchPaths": [{side: end("aws_internet_gateway.main"), other: end("aws_instance.web")}]}
    assert [each.judgement for each in found(tmp_path, scope, WEB)] == [VIOLATED]


@pytest.mark.parametrize(
    "asked",
    [
        {"Source": end("sg-0123456789abcdef0"), "Destination": HOSTS},
        {"Source": end(types=("AWS::RDS::DBInstance",)), "Destination": HOSTS},
        {"Source": IGW, "Destination": end("aws_instance.web", DestinationPorts=["https"])},
    ],
)
def test_what_is_not_evaluated_is_undetermined_and_never_satisfied(tmp_path: Path, asked: dict[str, Any]):
    judgements = [each.judgement for each in found(tmp_path, {"MatchPaths": [asked]}, APP)]
    assert judgements == [UNDETERMINED]


def test_an_exclusion_that_is_not_evaluated_leaves_every_path_undetermined(tmp_path: Path):
    excluded = [{"Destination": end("i-0123456789abcdef0")}]
    scope = {"MatchPaths": [{"Source": IGW, "Destination": HOSTS}], "ExcludePaths": excluded}
    (finding,) = found(tmp_path, scope, WEB)
    assert finding.judgement is UNDETERMINED
    assert "i-0123456789abcdef0" in finding.unknowns[0].what


def test_an_unknown_that_decides_leaves_the_scope_undetermined(tmp_path: Path):
    unknown = 'variable "office" { type = string }\n'
    scope = {"MatchPaths": [{"Source": IGW, "Destination": HOSTS}]}
    web = group("web", rule("cidr_blocks = [var.office]", 443)) + instance("web", "web", more=PUBLIC)
    (finding,) = found(tmp_path, scope, unknown, web)
    assert finding.judgement is UNDETERMINED


def test_a_scope_with_words_that_there_are_not_is_refused(tmp_path: Path):
    wrong = {"MatchPaths": [{"Source": {"ResourceStatment": {}}}]}
    with pytest.raises(InputError, match=r"unknown key 'ResourceStatment'\n  hint: did you mean ResourceSt"):
        found(tmp_path, wrong)
    with pytest.raises(UsageError, match="did you mean aws-vpc-ingress"):
        scopes_of(["preset:aws-vpc-ingres"])


# -- in the code -----------------------------------------------------------------------------------

SCOPE = """
resource "aws_ec2_network_insights_access_scope" "database" {
  match_paths {
    destination {
      resource_statement { resources = [aws_security_group.db.id] }
    }
  }
  exclude_paths {
    source {
      resource_statement { resources = [aws_instance.app.id] }
    }
  }
}
"""


def test_a_scope_in_the_code_is_answered(tmp_path: Path):
    (finding,) = found(tmp_path, None, APP, BATCH, database(FROM_APP, FROM_BATCH), SCOPE)
    assert finding.rule == "access-scope/database"
    assert line_of(tmp_path, finding) == "security_groups = [aws_security_group.batch.id]"
    assert found(tmp_path, None, APP, BATCH, database(FROM_APP), SCOPE) == ()


def test_a_scope_and_a_path_in_a_template_are_answered(tmp_path: Path):
    template = {
        "Resources": {
            "Net": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
            "Sub": {
                "Type": "AWS::EC2::Subnet",
                "Properties": {"VpcId": {"Ref": "Net"}, "CidrBlock": "10.0.0.0/24"},
            },
            **{
                name: {"Type": "AWS::EC2::Instance", "Properties": {"SubnetId": {"Ref": "Sub"}}}
                for name in "AB"
            },
            "Scope": {
                "Type": "AWS::EC2::NetworkInsightsAccessScope",
                "Properties": {
                    "MatchPaths": [{"Source": {"ResourceStatement": {"Resources": [{"Ref": "A"}]}}}]
                },
            },
            "Path": {
                "Type": "AWS::EC2::NetworkInsightsPath",
                "Properties": {"Source": {"Ref": "A"}, "Destination": {"Ref": "B"}, "Protocol": "tcp"},
            },
        }
    }
    (tmp_path / "net.json").write_text(json.dumps(template, indent=1))
    network = pipeline.load(str(tmp_path))
    inventory = network.inventory
    rules = scope_rules(inventory.access_scopes, inventory.analysed_paths)
    findings = pipeline.check(network, rules)
    assert [(each.rule, each.judgement) for each in findings] == [
        ("access-scope/scope", VIOLATED),
        ("insights-path/path", VIOLATED),
    ]
    assert "net/A can open all traffic to net/B" in findings[0].message


PATH = """
resource "aws_ec2_network_insights_path" "asked" {
  source           = aws_instance.app.id
  destination      = aws_instance.db.id
  protocol         = "tcp"
  destination_port = 5432
}
"""


def test_a_path_in_the_code_is_answered_with_its_proof(tmp_path: Path):
    (finding,) = found(tmp_path, None, APP, database(FROM_APP), PATH)
    assert (finding.rule, finding.severity) == ("insights-path/asked", Severity.INFO)
    assert finding.message == (
        "aws_ec2_network_insights_path.asked: tcp/5432 from aws_instance.app to aws_instance.db is reachable."
    )
    (finding,) = found(tmp_path, None, APP, BATCH, database(FROM_BATCH), PATH)
    assert finding.message.endswith("is blocked.")
    assert finding.proof[0].startswith("ENI_SG_RULES_MISMATCH at aws_security_group.db")


def test_a_path_that_is_not_decided_is_undetermined(tmp_path: Path):
    unknown = 'variable "office" { type = string }\n'
    (finding,) = found(tmp_path, None, unknown, APP, database(rule("cidr_blocks = [var.office]", 5432)), PATH)
    assert finding.judgement is UNDETERMINED
    assert "var.office" in finding.unknowns[0].what


def test_a_path_to_an_address_ends_there(tmp_path: Path):
    path = PATH.replace("destination      = aws_instance.db.id", 'destination_ip   = "10.0.1.7"')
    (finding,) = found(tmp_path, None, APP, path)
    assert "to 10.0.1.7/32 is reachable" in finding.message
    (finding,) = found(tmp_path, None, group("app") + instance("app", "app", more=PRIVATE), path)
    assert finding.message.endswith("is blocked.")


def test_a_scope_in_the_code_that_matches_what_nobody_knows_is_undetermined(tmp_path: Path):
    (finding,) = found(
        tmp_path, None, 'resource "aws_ec2_network_insights_access_scope" "taken_over" {\n}\n', WEB
    )
    assert finding.judgement is UNDETERMINED


def test_both_names_of_firewalls_on_the_way_are_known(tmp_path: Path):
    for kind in ("Firewall", "NetworkFirewall"):
        through = [{"ResourceStatement": {"ResourceTypes": [f"AWS::NetworkFirewall::{kind}"]}}]
        scope = {"MatchPaths": [{"Source": HOSTS, "Destination": IGW, "ThroughResources": through}]}
        assert found(tmp_path, scope, WEB) == ()
