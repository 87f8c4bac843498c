"""``who-can-reach`` and ``reach-from`` as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from auditor.reach.verdict import DecisiveRule, End, Neighbour, Verdict
from auditor.report.documents import NeighboursDocument, Question, Style
from auditor.report.text.paint import (
    bounds_text,
    gap_lines,
    note_lines,
    packed,
    paint,
    reason_lines,
    row_lines,
    services,
    verdict_word,
    wrapped,
)

_GAPS_SHOWN = 3
_RULES_SHOWN = 3
_TRAFFIC_WIDTH = 34
_VERDICT_WIDTH = 16  # with the gaps between the columns
_SHORT_NAME = 24
_WIDEST = 120
_RANKS = {Verdict.REACHABLE: 0, Verdict.UNKNOWN: 1, Verdict.ONE_WAY: 2, Verdict.BLOCKED: 3}


def neighbour_lines(document: NeighboursDocument, style: Style) -> list[str]:
    """The target, a row for each neighbour, what the unknown ones depend on, and what was not read."""
    neighbours = document.neighbours
    lines = [*_headline(document, style), *_table(document, style)]
    reasons = tuple(dict.fromkeys(reason for row in neighbours.rows for reason in row.unknowns))
    if reasons:
        lines += ["", paint("depends on", "bold", style), *reason_lines(reasons, style)]
    told = (*neighbours.notes, *(note for row in neighbours.rows for note in row.notes))
    notes = [note for note in dict.fromkeys(told) if "netaudit show" not in note]  # the gaps are below
    if notes:
        lines += ["", *note_lines(notes, style)]
    if neighbours.gaps:
        shown = None if style.verbose else _GAPS_SHOWN
        lines += ["", paint("not understood", "bold", style), *gap_lines(neighbours.gaps, style, shown)]
    return lines


def _headline(document: NeighboursDocument, style: Style) -> Iterator[str]:
    target = document.neighbours.target
    name = paint(target.name, "bold", style)
    noun = "source" if document.question is Question.WHO_CAN_REACH else "destination"
    counts = Counter(_verdicts(document.neighbours.rows).values())
    sure = counts[Verdict.REACHABLE]
    said = f"{sure or 'no'} {noun}{'s' * (sure != 1)}"
    said = f"{said} can reach it" if noun == "source" else f"can reach {said}"
    for verdict, words in ((Verdict.UNKNOWN, "perhaps"), (Verdict.ONE_WAY, "one-way only")):
        said += f", {counts[verdict]} {words}" if counts[verdict] else ""
    yield f"{name}: {said}"
    address = "" if target.address == target.name else target.address
    if address or target.at:
        yield from packed("  ", [(address, "dim"), (str(target.at or ""), "dim")], style, 2)


def _verdicts(rows: Sequence[Neighbour]) -> dict[End, Verdict]:
    """The best verdict on each end, of all ways that lead there."""
    best: dict[End, Verdict] = {}
    for row in rows:
        before = best.get(row.end, Verdict.BLOCKED)
        best[row.end] = min(before, row.verdict, key=_RANKS.__getitem__)
    return best


def _table(document: NeighboursDocument, style: Style) -> Iterator[str]:
    rows = document.neighbours.rows
    if not rows:
        return
    yield ""
    far = "SOURCE" if document.question is Question.WHO_CAN_REACH else "DESTINATION"
    header, *lines = row_lines([_cells(row, style) for row in rows], [far, "TRAFFIC", "VERDICT"])
    yield from header
    for row, own in zip(rows, lines, strict=True):
        if _stands_alone(row, style):
            yield f"  {paint(row.end.name, 'bold', style)}"
        yield from own
        yield from _details(row, style)


def _cells(row: Neighbour, style: Style) -> list[str]:
    traffic = wrapped(bounds_text(row.traffic), style, "", width=_TRAFFIC_WIDTH)
    name = "" if _stands_alone(row, style) else paint(row.end.name, "bold", style)
    return [name, "\n".join(traffic), verdict_word(row.verdict, style)]


def _stands_alone(row: Neighbour, style: Style) -> bool:
    """Whether a name is too long to stand beside the traffic and the verdict."""
    return len(row.end.name) > max(style.width - _TRAFFIC_WIDTH - _VERDICT_WIDTH, _SHORT_NAME)


def _details(row: Neighbour, style: Style) -> Iterator[str]:
    if row.end.address and row.end.address != row.end.name:
        yield from packed("    is ", [(row.end.address, "")], style, 7)
    if row.steps:
        yield from _way(row, style)
    elif row.via:
        yield from wrapped(", ".join(row.via), style, "    via ", hanging="        ")
    rules = tuple(dict.fromkeys(rule for step in row.steps for rule in step.rules)) or row.rules
    shown = rules if style.verbose else rules[: _RULES_SHOWN + len(row.via)]
    for rule in shown:
        yield from packed("    by ", _rule(rule, style), style, 7)
    if len(rules) > len(shown):
        yield f"    … and {len(rules) - len(shown)} more rules: --verbose shows them"


def _way(row: Neighbour, style: Style) -> Iterator[str]:
    """The connections in a line: what is sent, to what it comes, and what goes on from there."""
    pieces: list[tuple[str, str]] = []
    for place, step in enumerate(row.steps):
        arrow = "→ " if place else ""
        pieces.append((arrow + (services(step.traffic.may.services()) or "nothing"), ""))
        if place < len(row.via):
            name = row.via[place]
            pieces.append((f"→ {name}, held," if name in row.hosts else f"→ {name}", "bold"))
    yield from _line(pieces, style)


def _line(pieces: Sequence[tuple[str, str]], style: Style) -> Iterator[str]:
    """Pieces behind "via", broken between them where they do not fit."""
    width = min(style.width, _WIDEST)
    line, taken = "    via", 7
    for text, colour in pieces:
        if taken + 1 + len(text) > width and taken > 8:
            yield line
            line, taken = " " * 7, 7
        line += " " + (paint(text, colour, style) if colour else text)
        taken += 1 + len(text)
    yield line


def _rule(rule: DecisiveRule, style: Style) -> list[tuple[str, str]]:
    said = rule.text if style.verbose else ""
    return [(rule.component, ""), (said, ""), (str(rule.at), "dim")]
