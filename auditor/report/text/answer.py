"""``can-reach`` as text: the path drawn hop by hop, every blocker, or what the answer depends on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.reach.verdict import Answer, Blocker, Hop, Leg, Path, Verdict
from auditor.report.documents import AnswerDocument, Style
from auditor.report.text.paint import (
    bounds_text,
    note_lines,
    packed,
    paint,
    reason_lines,
    services,
    verdict_word,
    wrapped,
)

_PATHS_SHOWN = 1
_ENDS = frozenset({"interface", "internet"})


def answer_lines(document: AnswerDocument, style: Style) -> list[str]:
    """The verdict, then its proof."""
    answer = document.answer
    lines = list(_headline(document, style))
    shown = answer.paths if style.verbose else answer.paths[:_PATHS_SHOWN]
    for path in shown:
        lines += ["", *_path_lines(path, style)]
    if len(answer.paths) > len(shown):
        count = len(answer.paths) - len(shown)
        ways = "1 more way" if count == 1 else f"{count} more ways"
        lines += ["", f"  … and {ways}: --verbose shows {'it' if count == 1 else 'them'}"]
    if answer.blockers:
        said = "blocked by" if answer.verdict is Verdict.BLOCKED else "stopped by"
        lines += ["", paint(said, "bold", style)]
        lines += _closed_lines(answer, style)
    if answer.unknowns:
        lines += ["", paint("depends on", "bold", style), *reason_lines(answer.unknowns, style)]
    if answer.notes:
        lines += ["", *note_lines(answer.notes, style)]
    return lines


def _headline(document: AnswerDocument, style: Style) -> Iterator[str]:
    answer = document.answer
    source, destination = document.names
    ends = [
        paint(name, "bold", style) for name in (source or answer.source, destination or answer.destination)
    ]
    yield f"{ends[0]} → {ends[1]}: {verdict_word(answer.verdict, style)}, {_said(answer)}"
    for word, name, address in (
        ("from", source, answer.source),
        ("to", destination, answer.destination),
    ):
        if name and address != name:
            yield paint(f"  {word:4} {address}", "dim", style)
    if answer.verdict is Verdict.ONE_WAY:
        yield "  packets arrive, replies are dropped: no connection opens"


def _said(answer: Answer) -> str:
    """The traffic that passes; where none does, what was asked."""
    match answer.verdict:
        case Verdict.BLOCKED:
            asked = services(answer.asked)
            return "whatever the traffic" if asked == "all" else f"{asked} asked"
        case Verdict.ONE_WAY:
            return services(answer.traffic.may)
        case _:
            return bounds_text(answer.traffic)


def _path_lines(path: Path, style: Style) -> list[str]:
    if path.connections:
        return list(_connection_lines(path, style))
    kinds = max((len(hop.kind) for hop in path.hops), default=0)
    lines = []
    for leg in Leg:
        hops = [hop for hop in path.hops if hop.leg is leg]
        if hops:
            lines += [f"  {paint(leg.value, 'bold', style)}", *_leg_lines(hops, kinds, style)]
    return lines


def _connection_lines(path: Path, style: Style) -> Iterator[str]:
    """The connections of a way through proxies, one after the other."""
    for place, one in enumerate(path.connections):
        if place:
            yield ""
        number = paint(f"connection {place + 1} of {len(path.connections)}", "bold", style)
        ends = f"{one.source} → {one.destination}"
        verdict = f"{verdict_word(one.verdict, style)}, {bounds_text(one.traffic)}"
        yield f"  {number}  {ends}: {verdict}"
        yield from _path_lines(one, style)


def _leg_lines(hops: Sequence[Hop], kinds: int, style: Style) -> list[str]:
    lines = []
    for place, hop in enumerate(hops):
        last = place == len(hops) - 1
        mark = "●" if hop.kind in _ENDS else "│"
        if not hop.traffic.may:
            mark = paint("✗", "red", style, bold=True)
        segments = [
            (hop.component, ""),
            (hop.rule.removeprefix(f"{hop.component} "), ""),
            (str(hop.at or ""), "dim"),
        ]
        first, *rest = packed(f"  {mark} {hop.kind.ljust(kinds)}  ", segments, style, kinds + 6)
        stem = " " if last else "│"
        lines += [first, *(f"  {stem}{line[3:]}" for line in rest)]
    return lines


def _closed_lines(answer: Answer, style: Style) -> Iterator[str]:
    """Everything that blocks, and what would open it: beside each blocker where the two are one."""
    changes = {_place(one): one for one in answer.changes}
    one_to_one = len(changes) == len(answer.changes) and changes.keys() == set(map(_place, answer.blockers))
    for blocker in answer.blockers:
        yield from _blocker_lines(blocker, style)
        if one_to_one:
            yield from _plus(changes[_place(blocker)].text, style)
    if not answer.changes or one_to_one:
        return
    count = len(answer.changes)
    yield ""
    yield paint("what would open it" if count == 1 else f"what would open it: {count} changes", "bold", style)
    for change in answer.changes:
        leg = " (reply)" if change.leg is Leg.REPLY else ""
        yield f"  {paint('+', 'green', style, bold=True)} {paint(change.code.value, 'bold', style)}{leg}"
        yield from wrapped(change.text, style, "    ")
        if change.at:
            yield paint(f"    {change.at}", "dim", style)


def _plus(text: str, style: Style) -> Iterator[str]:
    """A change in a line of its own, or in some."""
    first, *rest = wrapped(text, style, "      ")
    yield f"    {paint('+', 'green', style, bold=True)} {first.lstrip()}"
    yield from rest


def _place(one: Blocker) -> tuple[str, str, Leg]:
    return one.code.value, one.component, one.leg


def _blocker_lines(blocker: Blocker, style: Style) -> list[str]:
    leg = " (reply)" if blocker.leg is Leg.REPLY else ""
    place = [(blocker.component, ""), (str(blocker.at or ""), "dim")]
    return [
        f"  {paint('✗', 'red', style, bold=True)} {paint(blocker.code.value, 'bold', style)}{leg}",
        *wrapped(blocker.text, style, "    "),
        *packed("    ", [part for part in place if part[0] not in blocker.text], style, 4),
    ]
