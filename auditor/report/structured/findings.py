"""``check`` as JSON."""

from __future__ import annotations

from auditor.finding import Finding
from auditor.report.components import Json
from auditor.report.documents import FindingsDocument
from auditor.report.structured.common import gaps_of, unknowns_of
from auditor.suppression import Suppressed


def findings(document: FindingsDocument) -> dict[str, Json]:
    """The findings with all that is said of them."""
    return {
        "findings": [finding_of(finding) for finding in document.findings],
        "rules": [{"id": rule.id, "title": rule.title, "severity": rule.severity} for rule in document.rules],
        "suppressed": [_suppressed(each) for each in document.suppressed],
        "baseline": {
            "known": [finding_of(each) for each in document.known],
            "gone": [{"rule": each.rule, "component": each.component} for each in document.gone],
        },
        "gaps": gaps_of(document.gaps),
    }


def _suppressed(each: Suppressed) -> dict[str, Json]:
    by = each.by
    until = None if by.until is None else by.until.isoformat()
    answer: dict[str, Json] = {"reason": by.reason, "until": until, "owner": by.owner, "at": str(by.at)}
    return {"finding": finding_of(each.finding), "by": answer}


def finding_of(finding: Finding) -> dict[str, Json]:
    """One finding."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "judgement": finding.judgement.value,
        "component": finding.component,
        "at": str(finding.at),
        "message": finding.message,
        "fix": finding.fix,
        "proof": list(finding.proof),
        "related": [{"at": str(each.at), "text": each.text} for each in finding.related],
        "unknowns": unknowns_of(finding.unknowns),
        "fingerprint": finding.fingerprint,
    }
