"""Colours, columns and lines that the text documents share."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from auditor.finding import Severity
from auditor.reach.verdict import Verdict
from auditor.report.documents import Style
from auditor.traffic import Bounds, Traffic, traffic_text
from auditor.tree import Gap, Reason

_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "cyan": "36",
    "magenta": "35",
}

VERDICT_COLOURS = {
    Verdict.REACHABLE: "green",
    Verdict.ONE_WAY: "magenta",
    Verdict.UNKNOWN: "yellow",
    Verdict.BLOCKED: "red",
}

SEVERITY_COLOURS = {
    Severity.INFO: "blue",
    Severity.LOW: "cyan",
    Severity.MEDIUM: "yellow",
    Severity.HIGH: "red",
    Severity.CRITICAL: "red",
}


_WIDEST = 120


def paint(text: str, colour: str, style: Style, *, bold: bool = False) -> str:
    """``text`` in a colour (``bold``, ``dim`` or a colour's name), or as it is where the style has none."""
    if not style.colour:
        return text
    codes = ";".join([_CODES[colour], *(["1"] if bold else [])])
    return f"\x1b[{codes}m{text}\x1b[0m"


def verdict_word(verdict: Verdict, style: Style) -> str:
    """The verdict in its colour."""
    return paint(verdict.value, VERDICT_COLOURS[verdict], style, bold=True)


_SERVICES_NAMED = 4


def services(traffic: Traffic) -> str:
    """The services of ``traffic`` on one line, the first of them named."""
    return _listed(traffic_text(traffic))


def _listed(texts: tuple[str, ...]) -> str:
    rest = f" +{len(texts) - _SERVICES_NAMED} more" if len(texts) > _SERVICES_NAMED else ""
    return ", ".join(texts[:_SERVICES_NAMED]) + rest if texts else "nothing"


def bounds_text(bounds: Bounds[Traffic]) -> str:
    """What passes for certain, and what else may."""
    must, may = traffic_text(bounds.must), traffic_text(bounds.may)
    if not must:
        return f"perhaps {_listed(may)}" if may else "nothing"
    rest = tuple(text for text in may if text not in must)
    return f"{_listed(must)}; perhaps {_listed(rest)}" if rest else _listed(must)


def columns(rows: Sequence[Sequence[str]], headers: Sequence[str] = ()) -> list[str]:
    """``rows`` aligned under ``headers``; cells may hold several lines."""
    return [line for lines in row_lines(rows, headers) for line in lines]


def row_lines(rows: Sequence[Sequence[str]], headers: Sequence[str] = ()) -> list[list[str]]:
    """``rows`` aligned under ``headers``, the lines of each row apart; those of the headers first, if any."""
    from tabulate import tabulate

    table = tabulate(rows, headers=headers, tablefmt="plain", disable_numparse=True)
    lines = iter([f"  {line}".rstrip() for line in table.splitlines()])
    heights = [max(cell.count("\n") + 1 for cell in row) for row in rows]
    return [list(islice(lines, height)) for height in ([1, *heights] if headers else heights)]


Segment = tuple[str, str]
"""A piece of a line and its colour (``""`` for none)."""


def packed(start: str, segments: Sequence[Segment], style: Style, hanging: int) -> list[str]:
    """``start`` and the segments, as many on a line as fit.

    Lines after the first are indented by ``hanging`` characters, as wide as ``start`` is without colours.
    """
    room = min(style.width, _WIDEST) - hanging
    lines: list[tuple[int, str]] = []
    for text, colour in segments:
        for line in _folded(text, room):
            taken, before = lines[-1] if lines else (room, "")
            whole = taken + 2 + len(line)
            if lines and line == text and whole <= room:
                lines[-1] = (whole, f"{before}  {_painted(line, colour, style)}")
            else:
                lines.append((len(line), _painted(line, colour, style)))
    texts = [line for _, line in lines] or [""]
    return [start + texts[0], *(" " * hanging + line for line in texts[1:])]


def _painted(text: str, colour: str, style: Style) -> str:
    return paint(text, colour, style) if colour else text


def _folded(text: str, width: int) -> list[str]:
    """Text broken between words; an address or a path is left whole, to be copied."""
    if text.split() == [text]:
        return [text]
    return textwrap.wrap(text, width=max(width, 20), break_long_words=False, break_on_hyphens=False)


def wrapped(
    text: str, style: Style, indent: str = "  ", *, hanging: str | None = None, width: int = 100
) -> list[str]:
    """``text`` broken to the style's width, at most ``width``, every line indented.

    ``hanging`` is the indentation of the lines after the first, where it differs.
    """
    if text.split() == [text]:
        return [indent + text]
    later = indent if hanging is None else hanging
    return textwrap.wrap(
        text,
        width=min(style.width, width),
        initial_indent=indent,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )


def reason_lines(reasons: Iterable[Reason], style: Style) -> list[str]:
    """The unknowns that decide, each with its place and what settles it."""
    mark = f"  {paint('?', 'yellow', style, bold=True)} "
    return [
        line
        for reason in reasons
        for line in (
            *packed(mark, [(reason.what, ""), (str(reason.at), "dim")], style, 4),
            *_settled(reason.settled_by, style),
        )
    ]


def _settled(by: str, style: Style) -> Iterator[str]:
    if by:
        yield from wrapped(f"settled by: {by}", style, "    ", hanging="      ")


def note_lines(notes: Iterable[str], style: Style) -> list[str]:
    """Notes, each behind a bullet."""
    return [line for note in notes for line in wrapped(f"note: {note}", style, "  ", hanging="        ")]


def gap_lines(gaps: Sequence[Gap], style: Style, most: int | None = None) -> list[str]:
    """What was not understood, with its place and what settles it; what is so for one reason, once."""
    mark = f"  {paint('!', 'yellow', style, bold=True)} "
    alike: dict[object, list[Gap]] = {}
    for gap in gaps:
        alike.setdefault(gap if style.verbose else (gap.kind, gap.why, gap.settled_by), []).append(gap)
    lines: list[str] = []
    for gap, *others in list(alike.values())[:most]:
        place = str(gap.at)
        what = "" if gap.what in {gap.at.path, place} else gap.what
        lines += packed(mark, [(what, ""), (place, "dim")], style, 4)
        lines += wrapped(gap.why, style, "    ")
        lines += _settled(gap.settled_by, style)
        if others:
            lines.append(f"    … and {len(others)} more for the same reason: --verbose shows them")
    if most is not None and len(alike) > most:
        hidden = sum(map(len, list(alike.values())[most:]))
        lines.append(f"  … and {hidden} more: netaudit show lists them all")
    return lines
