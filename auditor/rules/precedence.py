"""Which rule speaks where several see one fault: the worst finding, and of equals the more specific rule's.

Two findings are of one fault where they are of one component and stand at one place, and the one's rule
yields to the other's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.finding import Finding, Judgement
from auditor.rules.definition import RuleDefinition


def spoken(findings: Iterable[Finding], rules: Iterable[RuleDefinition]) -> tuple[Finding, ...]:
    """The findings without those that another one of the same fault makes needless, in their order."""
    yields = {rule.id: frozenset(rule.yields_to) for rule in rules if rule.yields_to}
    given = tuple(findings)
    if not yields:
        return given
    places: dict[tuple[str, object], list[Finding]] = {}
    for finding in given:
        places.setdefault((finding.component, finding.at), []).append(finding)
    silent = {
        id(finding)
        for together in places.values()
        if len(together) > 1
        for finding in together
        if any(_silences(other, finding, yields) for other in together)
    }
    return tuple(finding for finding in given if id(finding) not in silent)


def _silences(one: Finding, other: Finding, yields: Mapping[str, frozenset[str]]) -> bool:
    if one.rule in yields.get(other.rule, ()):
        return _weight(one) >= _weight(other)
    if other.rule in yields.get(one.rule, ()):
        return _weight(one) > _weight(other)
    return False


def _weight(finding: Finding) -> tuple[int, bool]:
    return finding.severity.rank, finding.judgement is Judgement.VIOLATED
