"""The formats of findings that platforms read, each parsed as the platform does."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest

from auditor.errors import UsageError
from auditor.finding import Finding, Judgement, Severity
from auditor.model import Inventory
from auditor.report import FindingsDocument, InventoryDocument, Style, format_names, render
from auditor.report.documents import RuleSummary
from auditor.tree import Gap, GapKind, Location, Reason

RULES = (
    RuleSummary(
        id="no-way", title="There is a way", severity="high", why="", fix="", frameworks=("SOC 2 CC6.6",)
    ),
    RuleSummary(id="quiet", title="Nothing is found", severity="low", why="", fix=""),
)
VIOLATED = Finding(
    rule="no-way",
    severity=Severity.HIGH,
    judgement=Judgement.VIOLATED,
    component='aws_security_group.a["x,y"]',
    at=Location("infra/main,1.tf", 12, 3),
    message="50% of it:\nopen, to | <all> @team \x07",
    fix="=Close it.",
    fingerprint="a" * 32,
)
UNDETERMINED = Finding(
    rule="no-way",
    severity=Severity.HIGH,
    judgement=Judgement.UNDETERMINED,
    component="aws_security_group.b",
    at=Location("plan.json"),
    message="Perhaps.",
    unknowns=(Reason("var.x", Location("v.tf", 1, 1), "--var x=…"),),
    fingerprint="b" * 32,
)
UNREAD = Gap(kind=GapKind.SYNTAX, what="bad.tf", at=Location("bad.tf", 2, 1), why="a brace is missing")
DOCUMENT = FindingsDocument(findings=(VIOLATED, UNDETERMINED), rules=RULES, gaps=(UNREAD,), inputs=("infra",))
FORMATS = ("csv", "github", "gitlab", "junit", "markdown", "sarif")


def shown(name: str, document: FindingsDocument = DOCUMENT) -> str:
    return render(document, name, Style())


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_for_findings_refuses_all_else(name: str):
    inventory = InventoryDocument(inventory=Inventory(), public=(), inputs=())
    with pytest.raises(UsageError, match=f"--format {name}") as refused:
        render(inventory, name, Style())
    assert refused.value.hint == "--format text or json"


def test_the_formats_are_found_by_folder():
    assert set(FORMATS) | {"json", "text"} == set(format_names())


def test_junit_has_a_case_a_finding_and_a_case_for_each_quiet_rule():
    suite = ElementTree.fromstring(shown("junit"))  # noqa: S314 - our own text
    counts = {name: suite.get(name) for name in ("tests", "failures", "skipped", "errors")}
    assert counts == {"tests": "4", "failures": "1", "skipped": "1", "errors": "1"}
    quiet, violated, undetermined, unread = suite.findall("testcase")
    assert list(quiet) == []
    assert quiet.get("classname") == "netaudit.quiet"
    assert [child.tag for child in violated] == ["failure"]
    assert violated[0].get("type") == "high"
    assert "50% of it" in str(violated[0].get("message"))
    assert [child.tag for child in undetermined] == ["skipped"]
    assert "depends on var.x" in str(undetermined[0].text)
    assert [child.tag for child in unread] == ["error"]


def unescaped(text: str) -> str:
    for sign, code in ((":", "%3A"), (",", "%2C"), ("\n", "%0A"), ("\r", "%0D"), ("%", "%25")):
        text = text.replace(code, sign)
    return text


def test_github_annotations_are_one_line_each_with_what_must_be_escaped():
    first, second, third = shown("github").splitlines()
    found = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", first)
    assert found is not None
    properties = dict(pair.split("=", 1) for pair in found[2].split(","))
    assert found[1] == "error"
    assert unescaped(properties["file"]) == "infra/main,1.tf"
    assert (properties["line"], properties["col"]) == ("12", "3")
    assert unescaped(properties["title"]) == "high: no-way"
    assert unescaped(found[3]).startswith("50% of it:\nopen, to |")
    assert second.startswith("::warning file=plan.json,title=high undetermined")
    assert third.startswith("::error file=bad.tf,line=2,col=1,title=")


def test_gitlab_has_what_its_report_must_have():
    issues = json.loads(shown("gitlab"))
    assert [each["severity"] for each in issues] == ["critical", "critical", "critical"]
    assert [each["location"]["lines"]["begin"] for each in issues] == [12, 1, 2]
    assert len({each["fingerprint"] for each in issues}) == 3
    assert all(each["description"] and each["check_name"] and each["location"]["path"] for each in issues)
    assert issues[1]["description"].startswith("Undetermined: ")


def test_csv_gives_back_what_is_in_it_and_no_formula():
    header, violated, undetermined = csv.reader(io.StringIO(shown("csv")))
    row = dict(zip(header, violated, strict=True))
    assert row["component"] == 'aws_security_group.a["x,y"]'
    assert row["message"] == VIOLATED.message
    assert row["fix"] == "'=Close it."
    assert row["frameworks"] == "SOC 2 CC6.6"
    assert dict(zip(header, undetermined, strict=True))["depends on"] == "var.x"


def test_markdown_has_a_row_a_finding():
    text = shown("markdown")
    rows = [line for line in text.splitlines() if line.startswith("| high")]
    assert [row.replace("\\|", "").count("|") for row in rows] == [5, 5]
    assert rows[1].startswith("| high? |")
    assert "### netaudit: 2 high" in text
    assert "Not understood: 1" in text


@pytest.mark.parametrize("name", ["github", "gitlab", "csv", "junit", "markdown"])
def test_nothing_found_is_an_empty_report(name: str):
    text = shown(name, FindingsDocument(findings=(), rules=RULES, gaps=(), inputs=()))
    assert "high" not in text
