"""Rules put to a network: what they judge becomes findings."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.finding import Finding
from auditor.rules.definition import Judged, RuleDefinition
from auditor.rules.evidence import Evidence


def run(rules: Iterable[RuleDefinition], evidence: Evidence) -> tuple[Finding, ...]:
    """The findings of the rules: the most severe first, then by place."""
    findings = dict.fromkeys(_finding(rule, judged) for rule in rules for judged in rule.judge(evidence))
    return tuple(sorted(findings, key=_order))


def _order(finding: Finding) -> tuple[int, str, int, int, str, str, str]:
    at = finding.at
    return (
        -finding.severity.rank,
        at.path,
        at.line,
        at.column,
        finding.rule,
        finding.component,
        finding.message,
    )


def _finding(rule: RuleDefinition, judged: Judged) -> Finding:
    from hashlib import sha256

    identity = "\0".join((rule.id, judged.component, judged.fact))
    return Finding(
        rule=rule.id,
        severity=judged.severity or rule.severity,
        judgement=judged.judgement,
        component=judged.component,
        at=judged.at,
        message=judged.message,
        fix=judged.fix or rule.fix,
        proof=judged.proof,
        related=judged.related,
        unknowns=judged.unknowns,
        remedy=judged.remedy,
        fingerprint=sha256(identity.encode()).hexdigest()[:32],
    )
