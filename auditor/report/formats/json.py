"""JSON, by the schemas in ``report/schemas``; keys in a fixed order, lists sorted."""

from __future__ import annotations

import json
from typing import assert_never

from auditor import __version__
from auditor.model import Truth
from auditor.reach.exposure import Exposed
from auditor.reach.verdict import Answer, Hop, Neighbour, Path
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
from auditor.report.structured.common import (
    blocker_of,
    bounds_of,
    end_of,
    gaps_of,
    place_of,
    rule_of,
    unknowns_of,
)
from auditor.report.structured.difference import difference, rewrites
from auditor.report.structured.findings import findings
from auditor.report.structured.told import told
from auditor.traffic import traffic_text


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
            return _head("netaudit/findings/1", document.inputs) | findings(document)
        case DifferenceDocument():
            return _head("netaudit/diff/1", document.inputs) | difference(document)
        case RewritesDocument():
            return _head("netaudit/fix/1", document.inputs) | rewrites(document)
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
        "traffic": bounds_of(answer.traffic),
        "paths": [_path(path) for path in answer.paths],
        "blockers": [blocker_of(blocker) for blocker in answer.blockers],
        "changes": [blocker_of(change) for change in answer.changes],
        "unknowns": unknowns_of(answer.unknowns),
        "notes": list(answer.notes),
    }


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
        "at": place_of(hop.at),
        "traffic": list(traffic_text(hop.traffic.may)),
    }


def _neighbours(document: NeighboursDocument) -> dict[str, Json]:
    neighbours = document.neighbours
    far = "source" if document.question is Question.WHO_CAN_REACH else "destination"
    return {
        "question": document.question.value,
        "target": end_of(neighbours.target),
        "traffic": list(traffic_text(neighbours.asked)),
        f"{far}s": [_neighbour(far, row) for row in neighbours.rows],
        "gaps": gaps_of(neighbours.gaps),
        "notes": list(neighbours.notes),
    }


def _neighbour(far: str, row: Neighbour) -> dict[str, Json]:
    return {
        far: end_of(row.end),
        "verdict": row.verdict.value,
        "traffic": bounds_of(row.traffic),
        "rules": [rule_of(rule) for rule in row.rules],
        "via": list(row.via),
        **_steps(row),
        "unknowns": unknowns_of(row.unknowns),
        "notes": list(row.notes),
    }


def _steps(row: Neighbour) -> dict[str, Json]:
    """The connections that follow each other, where there are several."""
    legs: list[Json] = [
        {
            "from": step.source,
            "to": step.destination,
            "verdict": step.verdict.value,
            "traffic": bounds_of(step.traffic),
            "rules": [rule_of(rule) for rule in step.rules],
        }
        for step in row.steps
    ]
    return {"legs": legs, "hosts": list(row.hosts), "hops": row.hops} if legs else {}


def _inventory(document: InventoryDocument) -> dict[str, Json]:
    inventory = document.inventory
    return {
        "components": components(inventory),
        "public": [_exposed(each) for each in document.public],
        "tiers": [told("tier", *each) for each in document.tiers],
        "environments": [told("environment", *each) for each in document.environments],
        "gaps": gaps_of(inventory.gaps),
    }


def _exposed(exposed: Exposed) -> dict[str, Json]:
    certain = exposed.public.truth is Truth.YES
    return end_of(exposed.end) | {"certain": certain, "unknowns": unknowns_of(exposed.public.reasons)}
