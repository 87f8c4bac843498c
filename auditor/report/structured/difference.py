"""``diff`` and ``fix`` as JSON."""

from __future__ import annotations

from auditor.difference import Apart, Change, Difference, Evidence, Named, Undecided
from auditor.report.components import Json
from auditor.report.documents import DifferenceDocument, RewritesDocument
from auditor.report.structured.common import blocker_of, end_of, gaps_of, rule_of, unknowns_of
from auditor.report.structured.findings import finding_of
from auditor.traffic import traffic_text


def rewrites(document: RewritesDocument) -> dict[str, Json]:
    """What is rewritten, and what that changes."""
    done = [each.finding for each in document.rewritings if not each.refused]
    refused = [each for each in document.rewritings if each.refused]
    return {
        "written": document.written,
        "rewrites": [finding_of(finding) for finding in done],
        "refused": [{"finding": finding_of(each.finding), "why": each.refused} for each in refused],
        "suppressed": document.suppressed,
        "others": document.others,
        "patch": document.patch,
        "difference": _changes(document.difference),
    }


def difference(document: DifferenceDocument) -> dict[str, Json]:
    """The two sides and what differs."""
    sides: dict[str, Json] = {"base": list(document.sides[0]), "head": list(document.sides[1])}
    return sides | _changes(document.difference)


def _changes(found: Difference) -> dict[str, Json]:
    return {
        "changes": [_change(each) for each in found.changes],
        "undecided": [_undecided(each) for each in found.undecided],
        "only_in_base": [end_of(each) for each in found.only_before],
        "only_in_head": [end_of(each) for each in found.only_after],
        "not_told_apart": [_apart(each) for each in found.apart],
        "gaps": {"base": gaps_of(found.gaps_before), "head": gaps_of(found.gaps_after)},
    }


def _change(change: Change) -> dict[str, Json]:
    return {
        "kind": change.kind.value,
        "source": _both(change.source),
        "destination": _both(change.destination),
        "traffic": list(traffic_text(change.traffic)),
        "one_way": change.one_way,
        "base": _evidence(change.before),
        "head": _evidence(change.after),
    }


def _both(named: Named) -> dict[str, Json]:
    return {
        "name": named.end.name,
        "kind": named.end.kind.value,
        "base": None if named.before is None else end_of(named.before),
        "head": None if named.after is None else end_of(named.after),
    }


def _evidence(evidence: Evidence | None) -> Json:
    if evidence is None:
        return None
    return {
        "verdict": evidence.verdict.value,
        "rules": [rule_of(rule) for rule in evidence.rules],
        "blockers": [blocker_of(blocker) for blocker in evidence.blockers],
        "unknowns": unknowns_of(evidence.unknowns),
    }


def _undecided(undecided: Undecided) -> dict[str, Json]:
    return {
        "kind": undecided.doubt.value,
        "source": _both(undecided.source),
        "destination": _both(undecided.destination),
        "traffic": list(traffic_text(undecided.traffic)),
        "base": undecided.before.value,
        "head": undecided.after.value,
        "may_be_new": undecided.opens,
        "unknowns": unknowns_of(undecided.unknowns),
    }


def _apart(apart: Apart) -> dict[str, Json]:
    return {"base": [end_of(each) for each in apart.before], "head": [end_of(each) for each in apart.after]}
