"""``can-reach`` as text: the path drawn hop by hop, every blocker, or what the answer depends on."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.reach.verdict import Answer, Blocker, Hop, Leg, Path, Verdict
from auditor.report.documents import AnswerDocument, Style
from auditor.report.text.paint import (
    bounds_text,
    note_lines,
    paint,
    reason_lines,
    services,
    verdict_word,
    wrapped,
)

_PATHS_SHOWN = 1


def answer_lines(document: AnswerDocument, style: Style) -> list[str]:
    """The verdict, then its proof."""
    answer = document.answer
    lines = _headline(answer, style)
    shown = answer.paths if style.verbose else answer.paths[:_PATHS_SHOWN]
    for path in shown:
        lines += ["", *_path_lines(path, style)]
    if len(answer.paths) > len(shown):
        lines += ["", f"  … and {len(answer.paths) - len(shown)} more ways alike: --verbose shows them"]
    if answer.blockers:
        lines += ["", "blocked by" if answer.verdict is Verdict.BLOCKED else "stopped by"]
        lines += [line for blocker in answer.blockers for line in _blocker_lines(blocker, style)]
    if answer.unknowns:
        lines += ["", "depends on", *reason_lines(answer.unknowns, style)]
    if answer.notes:
        lines += ["", *note_lines(answer.notes, style)]
    return lines


def _headline(answer: Answer, style: Style) -> list[str]:
    ends = f"{paint(answer.source, 'bold', style)} → {paint(answer.destination, 'bold', style)}"
    if answer.verdict is Verdict.BLOCKED:
        return [f"{ends}: {verdict_word(answer.verdict, style)} ({services(answer.asked)} asked)"]
    if answer.verdict is Verdict.ONE_WAY:
        said = "packets arrive, replies are dropped: no connection opens"
        return [
            f"{ends}: {verdict_word(answer.verdict, style)}, {services(answer.traffic.may) or ''}",
            f"  {said}",
        ]
    return [f"{ends}: {verdict_word(answer.verdict, style)}, {bounds_text(answer.traffic)}"]


def _path_lines(path: Path, style: Style) -> list[str]:
    lines = []
    for leg in Leg:
        hops = [hop for hop in path.hops if hop.leg is leg]
        if hops:
            lines += [f"  {paint(leg.value, 'bold', style)}", *_leg_lines(hops, style)]
    return lines


def _leg_lines(hops: Sequence[Hop], style: Style) -> list[str]:
    kinds = max(len(hop.kind) for hop in hops)
    lines = []
    for place, hop in enumerate(hops):
        first = place == 0
        last = place == len(hops) - 1
        mark = "●" if first or last else "│"
        if not hop.traffic.may:
            mark = paint("✗", "red", style, bold=True)
        stem = " " if last else "│"
        lines.append(f"  {mark} {hop.kind.ljust(kinds)}  {hop.component}")
        detail = hop.rule if not hop.at else f"{hop.rule}  {paint(str(hop.at), 'dim', style)}".strip()
        if detail:
            lines += wrapped(detail, style, f"  {stem} {' ' * kinds}  ")
    return lines


def _blocker_lines(blocker: Blocker, style: Style) -> list[str]:
    place = f"  {paint(str(blocker.at), 'dim', style)}" if blocker.at else ""
    leg = " (reply)" if blocker.leg is Leg.REPLY else ""
    return [
        f"  {paint('✗', 'red', style, bold=True)} {paint(blocker.code.value, 'bold', style)}{leg}",
        f"    {blocker.component}{place}",
        *wrapped(blocker.text, style, "    "),
    ]
