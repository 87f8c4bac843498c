"""JSON, by the schemas in ``report/schemas``; keys in a fixed order, lists sorted."""

from __future__ import annotations

import json
from typing import assert_never

from auditor import __version__
from auditor.difference import Apart, Change, Difference, Evidence, Named, Undecided
from auditor.finding import Finding
from auditor.model import Truth
from auditor.reach.exposure import Exposed
from auditor.reach.verdict import Answer, Blocker, DecisiveRule, End, Hop, Neighbour, Path
from auditor.report.components import Json, components
from auditor.report.documents import (
    AnswerDocument,
    DifferenceDocument,
    Document,
    FindingsDocument,
    InventoryDocument,
    NeighboursDocument,
    Question,
    RewritesDocument,
    SeveralDocument,
    Style,
)
from auditor.traffic import Bounds, Traffic, traffic_text
from auditor.tree import Gap, Location, Reason


def render(document: Document, style: Style) -> str:  # noqa: ARG001 - JSON has one style
    """``document`` as one JSON object."""
    return json.dumps(_document(document), indent=2, ensure_ascii=False) + "\n"


def _document(document: Document) -> dict[str, Json]:
    match document:
        case AnswerDocument():
            return _head("netaudit/answer/1", document.inputs) | _answer(document.answer)
        case NeighboursDocument():
            return _head("netaudit/sources/1", document.inputs) | _neighbours(document)
        case InventoryDocument():
            return _head("netaudit/inventory/1", document.inputs) | _inventory(document)
        case FindingsDocument():
            return _head("netaudit/findings/1", document.inputs) | _findings(document)
        case DifferenceDocument():
            return _head("netaudit/diff/1", document.inputs) | _difference(document)
        case RewritesDocument():
            return _head("netaudit/fix/1", document.inputs) | _rewrites(document)
        case SeveralDocument():
            answers: list[Json] = [_document(each) for each in document.documents]
            return _head("netaudit/all/1", document.inputs) | {"answers": answers}
        case _:
            assert_never(document)


def _head(schema: str, inputs: tuple[str, ...]) -> dict[str, Json]:
    return {"schema": schema, "netaudit": __version__, "inputs": list(inputs)}


def _answer(answer: Answer) -> dict[str, Json]:
    return {
        "question": {
            "source": answer.source,
            "destination": answer.destination,
            "traffic": list(traffic_text(answer.asked)),
        },
        "verdict": answer.verdict.value,
        "traffic": _bounds(answer.traffic),
        "paths": [_path(path) for path in answer.paths],
        "blockers": [_blocker(blocker) for blocker in answer.blockers],
        "changes": [_blocker(change) for change in answer.changes],
        "unknowns": _unknowns(answer.unknowns),
        "notes": list(answer.notes),
    }


def _bounds(bounds: Bounds[Traffic]) -> dict[str, Json]:
    return {"must": list(traffic_text(bounds.must)), "may": list(traffic_text(bounds.may))}


def _place(at: Location | None) -> str | None:
    return None if at is None else str(at)


def _path(path: Path) -> dict[str, Json]:
    chain: dict[str, Json] = {"via": list(path.via), "connections": list(map(_path, path.connections))}
    return (chain if path.via else {}) | {
        "source": path.source,
        "destination": path.destination,
        "verdict": path.verdict.value,
        "traffic": list(traffic_text(path.traffic.may)),
        "hops": [_hop(hop) for hop in path.hops],
    }


def _hop(hop: Hop) -> dict[str, Json]:
    return {
        "component": hop.component,
        "kind": hop.kind,
        "direction": hop.leg.value,
        "decision": hop.decision,
        "rule": hop.rule,
        "at": _place(hop.at),
        "traffic": list(traffic_text(hop.traffic.may)),
    }


def _blocker(blocker: Blocker) -> dict[str, Json]:
    return {
        "code": blocker.code.value,
        "component": blocker.component,
        "direction": blocker.leg.value,
        "at": _place(blocker.at),
        "text": blocker.text,
    }


def _unknowns(reasons: tuple[Reason, ...]) -> list[Json]:
    return [{"what": each.what, "at": str(each.at), "settled_by": each.settled_by} for each in reasons]


def _neighbours(document: NeighboursDocument) -> dict[str, Json]:
    neighbours = document.neighbours
    far = "source" if document.question is Question.WHO_CAN_REACH else "destination"
    return {
        "question": document.question.value,
        "target": _end(neighbours.target),
        "traffic": list(traffic_text(neighbours.asked)),
        f"{far}s": [_neighbour(far, row) for row in neighbours.rows],
        "gaps": _gaps(neighbours.gaps),
        "notes": list(neighbours.notes),
    }


def _end(end: End) -> dict[str, Json]:
    return {"kind": end.kind.value, "name": end.name, "address": end.address, "at": _place(end.at)}


def _neighbour(far: str, row: Neighbour) -> dict[str, Json]:
    return {
        far: _end(row.end),
        "verdict": row.verdict.value,
        "traffic": _bounds(row.traffic),
        "rules": [_rule(rule) for rule in row.rules],
        "via": list(row.via),
        **_steps(row),
        "unknowns": _unknowns(row.unknowns),
        "notes": list(row.notes),
    }


def _steps(row: Neighbour) -> dict[str, Json]:
    """The connections that follow each other, where there are several."""
    legs: list[Json] = [
        {
            "from": step.source,
            "to": step.destination,
            "verdict": step.verdict.value,
            "traffic": _bounds(step.traffic),
            "rules": [_rule(rule) for rule in step.rules],
        }
        for step in row.steps
    ]
    return {"legs": legs, "hosts": list(row.hosts), "hops": row.hops} if legs else {}


def _rule(rule: DecisiveRule) -> dict[str, Json]:
    return {"component": rule.component, "at": str(rule.at), "text": rule.text}


def _gaps(gaps: tuple[Gap, ...]) -> list[Json]:
    return [
        {
            "kind": gap.kind.value,
            "what": gap.what,
            "at": str(gap.at),
            "why": gap.why,
            "settled_by": gap.settled_by,
        }
        for gap in gaps
    ]


def _inventory(document: InventoryDocument) -> dict[str, Json]:
    inventory = document.inventory
    return {
        "components": components(inventory),
        "public": [_exposed(each) for each in document.public],
        "gaps": _gaps(inventory.gaps),
    }


def _exposed(exposed: Exposed) -> dict[str, Json]:
    certain = exposed.public.truth is Truth.YES
    return _end(exposed.end) | {"certain": certain, "unknowns": _unknowns(exposed.public.reasons)}


def _findings(document: FindingsDocument) -> dict[str, Json]:
    return {
        "findings": [_finding(finding) for finding in document.findings],
        "rules": [{"id": rule.id, "title": rule.title, "severity": rule.severity} for rule in document.rules],
        "gaps": _gaps(document.gaps),
    }


def _finding(finding: Finding) -> dict[str, Json]:
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
        "unknowns": _unknowns(finding.unknowns),
        "fingerprint": finding.fingerprint,
    }


def _rewrites(document: RewritesDocument) -> dict[str, Json]:
    done = [each.finding for each in document.rewritings if not each.refused]
    refused = [each for each in document.rewritings if each.refused]
    return {
        "written": document.written,
        "rewrites": [_finding(finding) for finding in done],
        "refused": [{"finding": _finding(each.finding), "why": each.refused} for each in refused],
        "patch": document.patch,
        "difference": _changes(document.difference),
    }


def _difference(document: DifferenceDocument) -> dict[str, Json]:
    sides: dict[str, Json] = {"base": list(document.sides[0]), "head": list(document.sides[1])}
    return sides | _changes(document.difference)


def _changes(found: Difference) -> dict[str, Json]:
    return {
        "changes": [_change(each) for each in found.changes],
        "undecided": [_undecided(each) for each in found.undecided],
        "only_in_base": [_end(each) for each in found.only_before],
        "only_in_head": [_end(each) for each in found.only_after],
        "not_told_apart": [_apart(each) for each in found.apart],
        "gaps": {"base": _gaps(found.gaps_before), "head": _gaps(found.gaps_after)},
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
        "base": None if named.before is None else _end(named.before),
        "head": None if named.after is None else _end(named.after),
    }


def _evidence(evidence: Evidence | None) -> Json:
    if evidence is None:
        return None
    return {
        "verdict": evidence.verdict.value,
        "rules": [_rule(rule) for rule in evidence.rules],
        "blockers": [_blocker(blocker) for blocker in evidence.blockers],
        "unknowns": _unknowns(evidence.unknowns),
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
        "unknowns": _unknowns(undecided.unknowns),
    }


def _apart(apart: Apart) -> dict[str, Json]:
    return {"base": [_end(each) for each in apart.before], "head": [_end(each) for each in apart.after]}
