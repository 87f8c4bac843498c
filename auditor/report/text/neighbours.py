"""``who-can-reach`` and ``reach-from`` as text."""

from __future__ import annotations

from auditor.reach.verdict import Neighbour
from auditor.report.documents import NeighboursDocument, Question, Style
from auditor.report.text.paint import (
    bounds_text,
    columns,
    gap_lines,
    note_lines,
    paint,
    reason_lines,
    verdict_word,
)

_GAPS_SHOWN = 3


def neighbour_lines(document: NeighboursDocument, style: Style) -> list[str]:
    """The target, a row for each neighbour, what the unknown ones depend on, and what was not read."""
    neighbours = document.neighbours
    lines = [_headline(document, style), ""]
    if neighbours.rows:
        header = "SOURCE" if document.question is Question.WHO_CAN_REACH else "DESTINATION"
        rows = [_cells(row, style) for row in neighbours.rows]
        lines += columns(rows, [header, "TRAFFIC", "VERDICT", "RULE"])
    reasons = tuple(dict.fromkeys(reason for row in neighbours.rows for reason in row.unknowns))
    if reasons:
        lines += ["", "depends on", *reason_lines(reasons, style)]
    notes = tuple(
        dict.fromkeys((*neighbours.notes, *(note for row in neighbours.rows for note in row.notes)))
    )
    if notes:
        lines += ["", *note_lines(notes, style)]
    if neighbours.gaps:
        shown = None if style.verbose else _GAPS_SHOWN
        lines += ["", "not understood", *gap_lines(neighbours.gaps, style, shown)]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _headline(document: NeighboursDocument, style: Style) -> str:
    name = paint(document.neighbours.target.name, "bold", style)
    count = len(document.neighbours.rows)
    if document.question is Question.WHO_CAN_REACH:
        return f"{name}: {_counted(count, 'source')} can reach it"
    return f"{name}: can reach {_counted(count, 'destination')}"


def _counted(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'s' * (count > 1)}"


def _cells(row: Neighbour, style: Style) -> list[str]:
    rules = [f"{rule.component}\n{paint(str(rule.at), 'dim', style)}" for rule in row.rules]
    via = [f"via {', '.join(row.via)}"] if row.via else []
    return [
        row.end.name,
        bounds_text(row.traffic),
        verdict_word(row.verdict, style),
        "\n".join([*rules, *via]),
    ]
