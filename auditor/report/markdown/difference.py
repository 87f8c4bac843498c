"""``diff`` as a comment on a pull request: what opens first, to be read in ten seconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.difference import Change, Evidence, Kind, Named, Undecided
from auditor.reach import EndpointKind
from auditor.report.documents import DifferenceDocument, Style
from auditor.report.markdown.cells import code, folded, plain, table
from auditor.traffic import Traffic, traffic_text
from auditor.tree import Gap, Location, Reason

_MOST = 25
_MOST_RULES = 2
_MOST_REASONS = 8
_MOST_SERVICES = 4
_HEADERS = ("from", "to", "traffic", "by")
MARK = "<!-- netaudit diff -->"


def difference_lines(document: DifferenceDocument, style: Style) -> list[str]:
    """The headline, what opens, and folded: what closes, what is not decided, what was not understood.

    The first line is a mark by which a comment is found again.
    """
    found = document.difference
    opened = sorted((one for one in found.changes if one.kind.opens), key=_from_internet)
    closed = [one for one in found.changes if not one.kind.opens]
    lines = [MARK, f"### netaudit: {_headline(opened, closed, found.undecided)}", ""]
    lines.append(f"{_sides(document.sides[0])} → {_sides(document.sides[1])}")
    if opened:
        lines += ["", "**Now reachable**", "", *_changes(opened, style)]
    if closed:
        lines += folded(f"No longer reachable: {len(closed)}", _changes(closed, style))
    if found.undecided:
        lines += folded(f"Cannot be compared: {len(found.undecided)}", _undecided(found.undecided, style))
    for word, gaps in (("the base", found.gaps_before), ("the head", found.gaps_after)):
        if gaps:
            lines += folded(f"Not understood in {word}: {len(gaps)}", _gaps(gaps))
    return lines


def _headline(opened: Sequence[Change], closed: Sequence[Change], undecided: Sequence[Undecided]) -> str:
    counts = (
        (len(opened), "newly reachable"),
        (len(closed), "no longer reachable"),
        (len(undecided), "cannot be compared"),
    )
    parts = [f"{count} {word}" for count, word in counts if count]
    return ", ".join(parts) or "reachability does not change"


def _sides(paths: Sequence[str]) -> str:
    return ", ".join(code(path) for path in paths)


def _from_internet(change: Change) -> bool:
    ends = (change.source.end.kind, change.destination.end.kind)
    return EndpointKind.INTERNET not in ends


def _changes(changes: Sequence[Change], style: Style) -> Iterator[str]:
    shown = changes if style.verbose else changes[:_MOST]
    yield from table(_HEADERS, (_row(change) for change in shown))
    if len(changes) > len(shown):
        yield ""
        yield f"… and {len(changes) - len(shown)} more."


def _row(change: Change) -> tuple[str, ...]:
    word = change.kind.value.replace("-", " ")
    way = "" if change.kind in {Kind.ADDED, Kind.REMOVED} else f" ({word})"
    traffic = _services(change.traffic) + (" one-way" if change.one_way else "") + way
    return _name(change.source), _name(change.destination), traffic, _evidence(change)


def _name(named: Named) -> str:
    text = code(named.end.name)
    if named.before is None:
        return f"{text} (new)"
    return f"{text} (gone)" if named.after is None else text


def _services(traffic: Traffic) -> str:
    texts = traffic_text(traffic)
    rest = f" and {len(texts) - _MOST_SERVICES} more" if len(texts) > _MOST_SERVICES else ""
    return ", ".join(code(text) for text in texts[:_MOST_SERVICES]) + rest


def _evidence(change: Change) -> str:
    """The rules that let it, or what stops it, each with its line."""
    passing, stopped = (change.after, change.before) if change.kind.opens else (change.before, change.after)
    if change.kind.opens or stopped is None:
        return "<br>".join(_rules(passing))
    first = stopped.blockers[:1]
    return "<br>".join(f"{plain(one.text)} {_place(one.at)}".rstrip() for one in first) or "<br>".join(
        _rules(passing)
    )


def _rules(evidence: Evidence | None) -> Iterator[str]:
    places = tuple(
        dict.fromkeys(f"{rule.at.path}:{rule.at.line}" for rule in (evidence.rules if evidence else ()))
    )
    yield from (code(place) for place in places[:_MOST_RULES])
    if len(places) > _MOST_RULES:
        yield f"and {len(places) - _MOST_RULES} more"


def _place(at: Location | None) -> str:
    return "" if at is None or not at.path else f"at {code(f'{at.path}:{at.line}' if at.line else at.path)}"


def _undecided(undecided: Sequence[Undecided], style: Style) -> Iterator[str]:
    shown = undecided if style.verbose else undecided[:_MOST]
    rows = (
        (
            _name(each.source),
            _name(each.destination),
            _services(each.traffic),
            f"{each.before.value}, now {each.after.value}",
        )
        for each in shown
    )
    yield from table(("from", "to", "traffic", "verdicts"), rows)
    if len(undecided) > len(shown):
        yield ""
        yield f"… and {len(undecided) - len(shown)} more."
    yield from _reasons(dict.fromkeys(why for each in shown for why in each.unknowns))


def _reasons(reasons: Iterable[Reason]) -> Iterator[str]:
    listed = tuple(reasons)
    if listed:
        yield from ("", "Depends on:", "")
    for reason in listed[:_MOST_REASONS]:
        settled = f"; settled by {_settling(reason.settled_by)}" if reason.settled_by else ""
        yield f"- {plain(reason.what)} {_place(reason.at)}".rstrip() + settled
    if len(listed) > _MOST_REASONS:
        yield f"- … and {len(listed) - _MOST_REASONS} more"


def _settling(text: str) -> str:
    return code(text) if text.startswith("--") else plain(text)


def _gaps(gaps: Sequence[Gap]) -> Iterator[str]:
    for gap in gaps[:_MOST]:
        yield f"- {code(gap.what)} {_place(gap.at)}: {plain(gap.why)}"
    if len(gaps) > _MOST:
        yield f"- … and {len(gaps) - _MOST} more"
