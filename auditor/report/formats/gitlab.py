"""GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

from __future__ import annotations

import json
from hashlib import sha256

from auditor.finding import Finding, Judgement, Severity
from auditor.report.documents import Document, Style
from auditor.report.places import findings_of, shown
from auditor.tree import Gap, GapKind, Location

Json = str | int | dict[str, "Json"]

_SEVERITIES = {
    Severity.INFO: "info",
    Severity.LOW: "minor",
    Severity.MEDIUM: "major",
    Severity.HIGH: "critical",
    Severity.CRITICAL: "blocker",
}


def render(document: Document, style: Style) -> str:  # noqa: ARG001 - the report has one style
    """``document`` as one JSON list. Raises UsageError for anything but findings."""
    found = findings_of(document, "gitlab")
    issues = [_finding(each) for each in found.findings]
    issues += [_unread(gap) for gap in found.gaps if gap.kind is GapKind.SYNTAX]
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"


def _finding(finding: Finding) -> dict[str, Json]:
    undetermined = "Undetermined: " if finding.judgement is Judgement.UNDETERMINED else ""
    return {
        "description": f"{undetermined}{finding.message}",
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": _location(finding.at),
    }


def _unread(gap: Gap) -> dict[str, Json]:
    return {
        "description": f"A file that does not parse: {gap.why}",
        "check_name": "unreadable-input",
        "fingerprint": sha256(f"{shown(gap.at.path)}\0{gap.why}".encode()).hexdigest()[:32],
        "severity": "critical",
        "location": _location(gap.at),
    }


def _location(at: Location) -> dict[str, Json]:
    return {"path": shown(at.path), "lines": {"begin": max(at.line, 1)}}
