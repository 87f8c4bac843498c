"""SARIF 2.1.0, as code scanning reads it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.

Paths are relative to the current folder (``%SRCROOT%``). An undetermined finding is of the kind ``review``.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

from auditor import __version__
from auditor.finding import Finding, Judgement, Severity
from auditor.report.documents import Document, FindingsDocument, RuleSummary, Style
from auditor.report.places import findings_of, relative
from auditor.suppression import Suppression, suppression_rules
from auditor.tree import Gap, GapKind, Location

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_FINGERPRINT = "netaudit/1"

_LEVELS = {
    Severity.INFO: "note",
    Severity.LOW: "note",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}
# GitHub's bands: over 9.0 critical, 7.0 high, 4.0 medium.
# https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
_SCORES = {
    Severity.INFO: "0.5",
    Severity.LOW: "3.0",
    Severity.MEDIUM: "5.5",
    Severity.HIGH: "8.0",
    Severity.CRITICAL: "9.5",
}


def render(document: Document, style: Style) -> str:  # noqa: ARG001 - SARIF has one style
    """``document`` as one SARIF log with one run. Raises UsageError for anything but findings."""
    found = findings_of(document, "sarif")
    log: dict[str, Json] = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(found)]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _run(document: FindingsDocument) -> dict[str, Json]:
    rules = (*document.rules, *_about_suppressions(document))
    places = {rule.id: number for number, rule in enumerate(rules)}
    excerpts = dict(document.excerpts)
    return {
        "tool": {
            "driver": {
                "name": "netaudit",
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "invocations": [_invocation(document.gaps)],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder that netaudit ran in."}}},
        "columnKind": "unicodeCodePoints",
        "results": [
            *(_result(finding, places, excerpts) | _state(document, "new") for finding in document.findings),
            *(_result(each, places, excerpts) | _state(document, "unchanged") for each in document.known),
            *(
                _result(each.finding, places, excerpts) | {"suppressions": [_suppression(each.by)]}
                for each in document.suppressed
            ),
        ],
    }


def _about_suppressions(document: FindingsDocument) -> list[RuleSummary]:
    """The rules of findings that are about suppressions: they stand in no catalogue."""
    told = {finding.rule for finding in document.findings}
    return [
        RuleSummary(id=rule, title=title, severity=severity.value, why=f"{title}.", fix="")
        for rule, title, severity in suppression_rules()
        if rule in told
    ]


def _state(document: FindingsDocument, state: str) -> dict[str, Json]:
    """How a result stands to the baseline, where there is one."""
    return {"baselineState": state} if document.known or document.gone else {}


def _rule(rule: RuleSummary) -> dict[str, Json]:
    severity = Severity(rule.severity)
    found: dict[str, Json] = {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why or rule.title},
        "help": {"text": f"{rule.why}\n\n{rule.fix}", "markdown": _markdown(rule)},
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {
            "security-severity": _SCORES[severity],
            "precision": "very-high",
            "tags": ["security", "network", *(f"external/{_slug(one)}" for one in rule.frameworks)],
        },
    }
    if rule.references:
        found["helpUri"] = rule.references[0]
    return found


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9.()]+", "-", text.lower()).strip("-")


def _markdown(rule: RuleSummary) -> str:
    parts = [f"# {rule.title}", rule.why, f"**Fix.** {rule.fix}"]
    if rule.frameworks:
        parts.append("\n".join(f"- {one}" for one in rule.frameworks))
    if rule.references:
        parts.append("\n".join(f"- <{one}>" for one in rule.references))
    return "\n\n".join(parts)


def _invocation(gaps: tuple[Gap, ...]) -> dict[str, Json]:
    """What was not understood, told beside the results: a file that does not parse is an error."""
    notes: list[Json] = [
        {
            "level": "error" if gap.kind is GapKind.SYNTAX else "warning",
            "message": {"text": f"{gap.what}: {gap.why}"},
            "locations": [_location(gap.at, {})],
        }
        for gap in gaps
    ]
    failed = any(gap.kind is GapKind.SYNTAX for gap in gaps)
    found: dict[str, Json] = {"executionSuccessful": not failed}
    if notes:
        found["toolExecutionNotifications"] = notes
    return found


def _result(finding: Finding, places: dict[str, int], excerpts: dict[str, str]) -> dict[str, Json]:
    review = finding.judgement is Judgement.UNDETERMINED
    found: dict[str, Json] = {"ruleId": finding.rule}
    if finding.rule in places:
        found["ruleIndex"] = places[finding.rule]
    found |= {
        "kind": "review" if review else "fail",
        # SARIF 2.1.0, 3.27.10: only a result of the kind fail has another level than none.
        "level": "none" if review else _LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [_location(finding.at, excerpts) | _logical(finding.component)],
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
        "properties": {"severity": finding.severity.value, "security-severity": _SCORES[finding.severity]},
    }
    if finding.related:
        found["relatedLocations"] = [
            {"id": number, "message": {"text": each.text}, **_location(each.at, excerpts)}
            for number, each in enumerate(finding.related, 1)
        ]
    if finding.proof:
        found["codeFlows"] = [_flow(finding, excerpts)]
    return found


def _suppression(by: Suppression) -> dict[str, Json]:
    """https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html#_Toc34317733."""
    kind = "external" if by.component else "inSource"
    return {"kind": kind, "status": "accepted", "justification": by.reason, "location": _location(by.at, {})}


def _message(finding: Finding) -> str:
    unknowns = "".join(
        f"\nIt depends on {one.what}" + (f" (settled by {one.settled_by})" if one.settled_by else "")
        for one in finding.unknowns
    )
    fix = f"\nFix: {finding.fix}" if finding.fix else ""
    return f"{finding.message}{unknowns}{fix}"


_PLACED = re.compile(r" \((?P<path>[^()]+):(?P<line>\d+):(?P<column>\d+)\)$")


def _flow(finding: Finding, excerpts: dict[str, str]) -> dict[str, Json]:
    """The proof as a code flow; a step that names no place of its own stands at the finding's."""
    steps: list[Json] = []
    for step in finding.proof:
        found = _PLACED.search(step)
        at = finding.at
        if found:
            at = Location(found["path"], int(found["line"]), int(found["column"]))
        text: dict[str, Json] = {"text": _PLACED.sub("", step)}
        steps.append({"location": {**_location(at, excerpts), "message": text}})
    return {"threadFlows": [{"locations": steps}]}


def _logical(component: str) -> dict[str, Json]:
    return {"logicalLocations": [{"fullyQualifiedName": component, "kind": "resource"}]}


def _location(at: Location, excerpts: dict[str, str]) -> dict[str, Json]:
    physical: dict[str, Json] = {"artifactLocation": _artifact(at.path)}
    if at.line:
        region: dict[str, Json] = {"startLine": at.line}
        if at.column:
            region["startColumn"] = at.column
        if str(at) in excerpts:
            region["snippet"] = {"text": excerpts[str(at)]}
        physical["region"] = region
    return {"physicalLocation": physical}


def _artifact(path: str) -> dict[str, Json]:
    """A file, relative to the current folder where it lies in it."""
    inside = relative(path)
    if inside is None:
        return {"uri": Path(path).resolve().as_uri()}
    return {"uri": quote(inside), "uriBaseId": _ROOT}
