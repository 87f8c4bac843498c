"""SARIF 2.1.0: what the standard and GitHub's code scanning ask of a log, checked by hand.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor import pipeline
from auditor.errors import UsageError
from auditor.finding import Finding, Judgement, Related, Severity
from auditor.report import FindingsDocument, InventoryDocument, Style, render
from auditor.report.documents import RuleSummary
from auditor.tree import Gap, GapKind, Location, Reason

ROOT = Path(__file__).parents[2]
RULE = RuleSummary(
    id="no-way",
    title="There is a way",
    severity="high",
    why="There must be none.",
    fix="Close it.",
    references=("https://example.com/why",),
    frameworks=("PCI DSS 4.0 1.3.1",),
)
AT = Location("infra/main.tf", 12, 3)
VIOLATED = Finding(
    rule="no-way",
    severity=Severity.HIGH,
    judgement=Judgement.VIOLATED,
    component="aws_route_table.data",
    at=AT,
    message="A way out.",
    fix="Close it here.",
    proof=("aws_instance.a leaves (infra/a.tf:3:1)", "internet arrives"),
    related=(Related(at=Location("infra/groups.tf", 4, 5), text="the group"),),
    fingerprint="abc",
)
UNDETERMINED = Finding(
    rule="no-way",
    severity=Severity.HIGH,
    judgement=Judgement.UNDETERMINED,
    component="aws_route_table.app",
    at=Location("infra/with space.tf", 1, 1),
    message="Perhaps.",
    unknowns=(Reason("var.x", AT, "--var x=…"),),
    fingerprint="def",
)


def log(*findings: Finding, gaps: tuple[Gap, ...] = ()) -> dict:
    document = FindingsDocument(
        findings=findings,
        rules=(RULE,),
        gaps=gaps,
        inputs=("infra",),
        excerpts=((str(AT), '  cidr_block = "0.0.0.0/0"'),),
    )
    return json.loads(render(document, "sarif", Style()))


def everything_in(value: object) -> Iterator[dict]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from everything_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from everything_in(each)


def test_the_log_names_its_version_and_schema():
    found = log()
    assert found["version"] == "2.1.0"
    assert found["$schema"].endswith("sarif-2.1.0.json")
    assert found["runs"][0]["results"] == []


def test_the_rules_have_all_that_code_scanning_shows():
    (rule,) = log()["runs"][0]["tool"]["driver"]["rules"]
    assert rule["id"] == "no-way"
    assert rule["shortDescription"]["text"] == "There is a way"
    assert "**Fix.** Close it." in rule["help"]["markdown"]
    assert "There must be none." in rule["help"]["text"]
    assert rule["helpUri"] == "https://example.com/why"
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert rule["properties"]["security-severity"] == "8.0"
    assert "security" in rule["properties"]["tags"]


def test_a_finding_has_its_rule_place_and_line():
    (result,) = log(VIOLATED)["runs"][0]["results"]
    assert (result["ruleId"], result["ruleIndex"]) == ("no-way", 0)
    assert (result["kind"], result["level"]) == ("fail", "error")
    assert result["message"]["text"] == "A way out.\nFix: Close it here."
    (place,) = result["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "infra/main.tf", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 12, "startColumn": 3, "snippet": {"text": '  cidr_block = "0.0.0.0/0"'}},
    }
    assert place["logicalLocations"][0]["fullyQualifiedName"] == "aws_route_table.data"
    assert result["partialFingerprints"] == {"netaudit/1": "abc"}


def test_a_related_place_has_a_number_and_says_why():
    (result,) = log(VIOLATED)["runs"][0]["results"]
    (related,) = result["relatedLocations"]
    assert (related["id"], related["message"]) == (1, {"text": "the group"})
    assert related["physicalLocation"]["region"]["startLine"] == 4


def test_the_proof_is_a_code_flow_from_step_to_step():
    (result,) = log(VIOLATED)["runs"][0]["results"]
    steps = [step["location"] for step in result["codeFlows"][0]["threadFlows"][0]["locations"]]
    assert [step["message"]["text"] for step in steps] == ["aws_instance.a leaves", "internet arrives"]
    assert [step["physicalLocation"]["artifactLocation"]["uri"] for step in steps] == [
        "infra/a.tf",
        "infra/main.tf",
    ]


def test_an_undetermined_finding_is_for_review():
    (result,) = log(UNDETERMINED)["runs"][0]["results"]
    assert (result["kind"], result["level"]) == ("review", "none")
    assert "It depends on var.x (settled by --var x=…)" in result["message"]["text"]


@pytest.mark.parametrize(
    ("severity", "level"),
    [("info", "note"), ("low", "note"), ("medium", "warning"), ("high", "error"), ("critical", "error")],
)
def test_severities_are_levels(severity: str, level: str):
    from dataclasses import replace

    (result,) = log(replace(VIOLATED, severity=Severity(severity)))["runs"][0]["results"]
    assert result["level"] == level


def test_paths_are_uris_relative_to_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from dataclasses import replace

    monkeypatch.chdir(tmp_path)
    inside = replace(VIOLATED, at=Location(str(tmp_path / "a b.tf"), 1, 1), proof=(), related=())
    outside = replace(inside, at=Location("../elsewhere/main.tf", 1, 1))
    first, second = log(inside, outside)["runs"][0]["results"]
    assert first["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "a%20b.tf",
        "uriBaseId": "%SRCROOT%",
    }
    artifact = second["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": (tmp_path.parent / "elsewhere" / "main.tf").as_uri()}


def test_what_was_not_understood_is_told_beside_the_results():
    syntax = Gap(GapKind.SYNTAX, "broken.tf", Location("broken.tf", 3, 1), "expected a block")
    run = log(gaps=(syntax,))["runs"][0]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (note,) = invocation["toolExecutionNotifications"]
    assert (note["level"], note["message"]["text"]) == ("error", "broken.tf: expected a block")
    assert log()["runs"][0]["invocations"] == [{"executionSuccessful": True}]


def test_a_whole_network_gives_a_log_that_holds_together(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    network = pipeline.load("fixtures/three-tier-broken/terraform")
    rules = pipeline.rules()
    document = pipeline.findings_document(network, rules, pipeline.check(network, rules))
    found = json.loads(render(document, "sarif", Style()))
    (run,) = found["runs"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(run["results"]) == len(document.findings) > 0
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["partialFingerprints"]["netaudit/1"]
    for each in everything_in(run["results"]):
        if "artifactLocation" in each:
            assert (ROOT / each["artifactLocation"]["uri"]).is_file()
            assert each["region"]["startLine"] >= 1
    assert str(ROOT) not in json.dumps(found)


def test_only_findings_can_be_sarif(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    inventory = pipeline.load("fixtures/three-tier/terraform").inventory
    with pytest.raises(UsageError, match="only check gives it"):
        render(InventoryDocument(inventory=inventory, public=(), inputs=()), "sarif", Style())


def beside(finding: Finding, *known: Finding) -> dict[str, Any]:
    document = FindingsDocument(findings=(finding,), rules=(RULE,), gaps=(), inputs=(), known=known)
    (run,) = json.loads(render(document, "sarif", Style()))["runs"]
    found: dict[str, Any] = run
    return found


def test_what_the_baseline_has_is_unchanged_and_all_else_new():
    run = beside(VIOLATED, replace(VIOLATED, fingerprint="f" * 32))
    assert [each["baselineState"] for each in run["results"]] == ["new", "unchanged"]
    assert "baselineState" not in beside(VIOLATED)["results"][0]


def test_a_finding_about_a_suppression_has_its_rule_too():
    run = beside(replace(VIOLATED, rule="suppression-expired"))
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert ids[run["results"][0]["ruleIndex"]] == "suppression-expired"
