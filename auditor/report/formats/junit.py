"""JUnit XML, as CI servers show test results: a case for each rule that found nothing, and for each finding.

What is undetermined is skipped, never passed. https://github.com/testmoapp/junitxml
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from auditor.finding import Finding, Judgement
from auditor.report.documents import Document, FindingsDocument, RuleSummary, Style
from auditor.report.places import findings_of, shown
from auditor.tree import Gap, GapKind

# Characters that XML 1.0 does not have: https://www.w3.org/TR/xml/#charsets
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(document: Document, style: Style) -> str:  # noqa: ARG001 - the report has one style
    """``document`` as one test suite. Raises UsageError for anything but findings."""
    found = findings_of(document, "junit")
    suite = _suite(found)
    indent(suite)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(suite, encoding="unicode")}\n'


def _suite(document: FindingsDocument) -> Element:
    told = {finding.rule for finding in document.findings}
    passed = [rule for rule in document.rules if rule.id not in told]
    unread = [gap for gap in document.gaps if gap.kind is GapKind.SYNTAX]
    undetermined = sum(each.judgement is Judgement.UNDETERMINED for each in document.findings)
    suite = Element(
        "testsuite",
        name="netaudit",
        tests=str(len(passed) + len(document.findings) + len(unread)),
        failures=str(len(document.findings) - undetermined),
        skipped=str(undetermined),
        errors=str(len(unread)),
    )
    for rule in passed:
        _passed(suite, rule)
    for finding in document.findings:
        _finding(suite, finding)
    for gap in unread:
        _unread(suite, gap)
    return suite


def _passed(suite: Element, rule: RuleSummary) -> None:
    SubElement(suite, "testcase", classname=f"netaudit.{rule.id}", name=_text(rule.title))


def _finding(suite: Element, finding: Finding) -> None:
    case = SubElement(
        suite,
        "testcase",
        classname=f"netaudit.{finding.rule}",
        name=_text(f"{finding.component} at {finding.at}"),
        file=_text(shown(finding.at.path)),
        line=str(finding.at.line),
    )
    undetermined = finding.judgement is Judgement.UNDETERMINED
    told = SubElement(case, "skipped" if undetermined else "failure", message=_text(finding.message))
    if not undetermined:
        told.set("type", finding.severity.value)
    lines = [str(finding.at), *finding.proof, *(f"depends on {one.what}" for one in finding.unknowns)]
    told.text = _text("\n".join([*lines, f"fix: {finding.fix}"] if finding.fix else lines))


def _unread(suite: Element, gap: Gap) -> None:
    case = SubElement(suite, "testcase", classname="netaudit.input", name=_text(str(gap.at)))
    SubElement(case, "error", message=_text(gap.why), type="unreadable-input")


def _text(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
