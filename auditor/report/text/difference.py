"""``diff`` as text: for each destination who can reach it now and who no longer can, and by what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from auditor.difference import Apart, Change, Evidence, Kind, Named, Undecided
from auditor.reach import EndpointKind
from auditor.reach.verdict import Blocker, DecisiveRule, End
from auditor.report.documents import DifferenceDocument, Style
from auditor.report.text.paint import gap_lines, packed, paint, reason_lines, row_lines, services, wrapped
from auditor.tree import Reason

_ALIKE_SHOWN = 3
_RULES_SHOWN = 2
_UNDECIDED_SHOWN = 6
_REASONS_SHOWN = 4
_GAPS_SHOWN = 3

_MARKS = {
    Kind.ADDED: ("+", "green"),
    Kind.WIDENED: ("+", "green"),
    Kind.NOW_ANSWERED: ("+", "green"),
    Kind.REMOVED: ("-", "red"),
    Kind.NARROWED: ("-", "red"),
    Kind.NOW_ONE_WAY: ("-", "red"),
}


def difference_lines(document: DifferenceDocument, style: Style) -> list[str]:
    """The count, the changes by destination, what cannot be compared, and what only one side has."""
    found = document.difference
    lines = [*_headline(document, style), *_changes(found.changes, style)]
    if found.undecided:
        lines += ["", paint("cannot be compared", "bold", style), *_undecided(found.undecided, style)]
    for word, ends in (("base", found.only_before), ("head", found.only_after)):
        if ends:
            lines += ["", paint(f"only in {word}", "bold", style), *_only(ends, style)]
    if found.apart:
        lines += ["", paint("cannot be told apart", "bold", style), *_apart(found.apart, style)]
    for word, gaps in (("base", found.gaps_before), ("head", found.gaps_after)):
        if gaps:
            shown = None if style.verbose else _GAPS_SHOWN
            lines += ["", paint(f"not understood in {word}", "bold", style), *gap_lines(gaps, style, shown)]
    return lines


def _headline(document: DifferenceDocument, style: Style) -> Iterator[str]:
    found = document.difference
    counts = Counter(change.kind.opens for change in found.changes)
    parts = []
    if counts[True]:
        parts.append(paint(f"{counts[True]} new", "green", style, bold=True))
    if counts[False]:
        parts.append(paint(f"{counts[False]} gone", "red", style, bold=True))
    if found.undecided:
        parts.append(paint(f"{len(found.undecided)} cannot be compared", "yellow", style, bold=True))
    yield f"reachability: {', '.join(parts) or 'no difference'}"
    for sign, paths in zip("-+", document.sides, strict=True):
        yield from packed(f"  {sign} ", [(path, "dim") for path in paths], style, 4)


# -- changes ---------------------------------------------------------------------------------------


def _changes(changes: Sequence[Change], style: Style) -> Iterator[str]:
    """A table of all changes, told by destination; many of one kind are told by the first of them."""
    rows = [
        (destination, alike)
        for destination, own in groupby(changes, key=lambda change: change.destination)
        for alike in _alike(own, style)
    ]
    if not rows:
        return
    cells = [[_source(alike), services(alike[0].traffic), _word(alike[0], style)] for _, alike in rows]
    lines = row_lines(cells)
    shown: Named | None = None
    for (destination, alike), own in zip(rows, lines, strict=True):
        if destination != shown:
            shown = destination
            yield from _destination(destination, style)
        yield from _marked(alike[0], own, style)
        yield from _evidence(alike[0], style)


def _alike(changes: Iterable[Change], style: Style) -> Iterator[tuple[Change, ...]]:
    """The changes of one destination, those together that differ in their source only where they are many."""
    found: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        key = (change.kind, change.one_way, change.traffic, change.source.end.kind, _is_both(change.source))
        found.setdefault(key, []).append(change)
    for several in found.values():
        if style.verbose or len(several) <= _ALIKE_SHOWN:
            yield from ((change,) for change in several)
        else:
            yield tuple(several)


def _is_both(named: Named) -> bool:
    return named.before is not None and named.after is not None


def _source(alike: tuple[Change, ...]) -> str:
    name = _name(alike[0].source)
    return f"{name}\n… and {len(alike) - 1} more" if len(alike) > 1 else name


def _name(named: Named) -> str:
    if named.before is None:
        return f"{named.end.name} (new)"
    return f"{named.end.name} (gone)" if named.after is None else named.end.name


def _word(change: Change, style: Style) -> str:
    _, colour = _MARKS[change.kind]
    word = change.kind.value.replace("-", " ")
    return paint(f"{word}, one-way" if change.one_way else word, colour, style)


def _destination(named: Named, style: Style) -> Iterator[str]:
    yield ""
    address = named.end.address
    segments = [(_name(named), "bold")]
    if address and address != named.end.name:
        segments.append((address, "dim"))
    yield from packed("", segments, style, 2)


def _marked(change: Change, lines: Sequence[str], style: Style) -> Iterator[str]:
    mark, colour = _MARKS[change.kind]
    first, *rest = lines
    yield f"  {paint(mark, colour, style, bold=True)} {first.removeprefix('  ')}"
    yield from (f"    {line.removeprefix('  ')}" for line in rest)


def _evidence(change: Change, style: Style) -> Iterator[str]:
    """The rules that let it where it passes, and what stops it where it does not."""
    passing, stopped = (change.after, change.before) if change.kind.opens else (change.before, change.after)
    yield from _rules(passing, "by " if change.kind.opens else "was by ", style)
    if stopped and (style.verbose or not change.kind.opens):
        yield from _blockers(stopped.blockers, "stopped by " if not change.kind.opens else "was ", style)


def _rules(evidence: Evidence | None, word: str, style: Style) -> Iterator[str]:
    rules: tuple[DecisiveRule, ...] = evidence.rules if evidence else ()
    if not style.verbose:
        rules = tuple({(rule.component, rule.at): rule for rule in rules}.values())
    shown = rules if style.verbose else rules[:_RULES_SHOWN]
    for rule in shown:
        segments = [
            (rule.component, ""),
            (rule.text, "") if style.verbose else ("", ""),
            (str(rule.at), "dim"),
        ]
        yield from packed(f"      {word}", [one for one in segments if one[0]], style, 6 + len(word))
    if len(rules) > len(shown):
        yield f"      … and {len(rules) - len(shown)} more rules: --verbose shows them"


def _blockers(blockers: Sequence[Blocker], word: str, style: Style) -> Iterator[str]:
    for blocker in blockers if style.verbose else blockers[:1]:
        yield from wrapped(blocker.text, style, f"      {word}", hanging=" " * (6 + len(word)))


# -- the rest --------------------------------------------------------------------------------------


def _undecided(undecided: Sequence[Undecided], style: Style) -> Iterator[str]:
    """What is not decided, then what it depends on; the first of each unless all is asked for."""
    rows = _by_services(undecided, style)
    shown = rows if style.verbose else rows[:_UNDECIDED_SHOWN]
    for alike in shown:
        each = alike[0]
        mark = paint("?", "yellow" if each.opens else "dim", style, bold=each.opens)
        target = f"{len(alike)} services of AWS" if len(alike) > 1 else _name(each.destination)
        verdicts = f"{each.before.value}, now {each.after.value}"
        segments = [
            (f"{_name(each.source)} → {target}", ""),
            (services(each.traffic), ""),
            (verdicts, "dim"),
        ]
        yield from packed(f"  {mark} ", segments, style, 4)
    if len(rows) > len(shown):
        yield f"  … and {sum(map(len, rows[len(shown) :]))} more: --verbose shows them"
    reasons: tuple[Reason, ...] = tuple(
        dict.fromkeys(why for alike in shown for each in alike for why in each.unknowns)
    )
    told = reasons if style.verbose else reasons[:_REASONS_SHOWN]
    if told:
        yield paint("  depends on", "bold", style)
        yield from (f"  {line}" for line in reason_lines(told, style))
    if len(reasons) > len(told):
        yield f"    … and {len(reasons) - len(told)} more: --verbose shows them"


def _by_services(undecided: Sequence[Undecided], style: Style) -> list[tuple[Undecided, ...]]:
    """The rows that differ in nothing but the service of AWS that they end at, together."""
    found: dict[object, list[Undecided]] = {}
    for place, each in enumerate(undecided):
        is_service = each.destination.end.kind is EndpointKind.SERVICE and not style.verbose
        key = (each.source, each.traffic, each.before, each.after) if is_service else place
        found.setdefault(key, []).append(each)
    return [tuple(alike) for alike in found.values()]


def _only(ends: Sequence[End], style: Style) -> Iterator[str]:
    for kind, own in groupby(ends, key=lambda end: end.kind):
        yield from wrapped(", ".join(end.name for end in own), style, f"  {kind.value}: ", hanging="    ")


def _apart(apart: Sequence[Apart], style: Style) -> Iterator[str]:
    for each in apart:
        base, head = (", ".join(end.address for end in ends) for ends in (each.before, each.after))
        yield from wrapped(f"{base} in base, {head} in head", style, "  ", hanging="    ")
