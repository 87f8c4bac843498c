"""Rules put to a network: what they judge becomes findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from time import perf_counter

from auditor.finding import Finding, fingerprint
from auditor.rules.definition import Judged, RuleDefinition
from auditor.rules.evidence import Evidence
from auditor.rules.precedence import spoken


def run(
    rules: Iterable[RuleDefinition], evidence: Evidence, spent: dict[str, float] | None = None
) -> tuple[Finding, ...]:
    """The findings of the rules, one for each fault that they see: the most severe first, then by place.

    ``spent`` is filled with the seconds that each rule takes.
    """
    asked = tuple(rules)
    findings: dict[Finding, None] = {}
    for rule in asked:
        begin = perf_counter()
        findings |= dict.fromkeys(_finding(rule, judged) for judged in rule.judge(evidence))
        if spent is not None:
            spent[rule.id] = perf_counter() - begin
    return _told_apart(in_order(spoken(findings, asked)))


def _told_apart(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings with a fingerprint each: several that are about one fact of one component are numbered."""
    seen: dict[str, int] = {}
    found: list[Finding] = []
    for one in findings:
        number = seen[one.fingerprint] = seen.get(one.fingerprint, 0) + 1
        own = one.fingerprint if number == 1 else fingerprint(one.rule, one.fingerprint, str(number))
        found.append(one if number == 1 else replace(one, fingerprint=own))
    return tuple(found)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings sorted: the most severe first, then by place."""
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
        fingerprint=fingerprint(rule.id, judged.component, judged.fact),
    )
