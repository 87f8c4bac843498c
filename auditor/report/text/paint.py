"""Colours and columns that the text documents share."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

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


def paint(text: str, colour: str, style: Style, *, bold: bool = False) -> str:
    """``text`` in a colour (``bold``, ``dim`` or a colour's name), or as it is where the style has none."""
    if not style.colour:
        return text
    codes = ";".join([_CODES[colour], *(["1"] if bold else [])])
    return f"\x1b[{codes}m{text}\x1b[0m"


def verdict_word(verdict: Verdict, style: Style) -> str:
    """The verdict in its colour."""
    return paint(verdict.value, VERDICT_COLOURS[verdict], style, bold=True)


def services(traffic: Traffic, most: int = 4) -> str:
    """The services of ``traffic`` on one line, ``most`` of them named."""
    texts = traffic_text(traffic)
    if not texts:
        return "nothing"
    rest = f" +{len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + rest


def bounds_text(bounds: Bounds[Traffic]) -> str:
    """What passes for certain, and what else may."""
    if bounds.must == bounds.may:
        return services(bounds.may)
    if not bounds.must:
        return f"perhaps {services(bounds.may)}"
    return f"{services(bounds.must)}; perhaps {services(bounds.may)}"


def columns(rows: Sequence[Sequence[str]], headers: Sequence[str]) -> list[str]:
    """``rows`` aligned under ``headers``; cells may hold several lines."""
    from tabulate import tabulate

    table = tabulate(rows, headers=headers, tablefmt="plain", disable_numparse=True)
    return [f"  {line}".rstrip() for line in table.splitlines()]


def wrapped(text: str, style: Style, indent: str = "  ", *, hanging: str | None = None) -> list[str]:
    """``text`` broken to the style's width, every line indented (``hanging``: the lines after the first)."""
    later = indent if hanging is None else hanging
    return textwrap.wrap(
        text,
        width=min(style.width, 100),
        initial_indent=indent,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )


def reason_lines(reasons: Iterable[Reason], style: Style) -> list[str]:
    """The unknowns that decide, each with its place and what settles it."""
    lines: list[str] = []
    for reason in reasons:
        lines.append(
            f"  {paint('?', 'yellow', style, bold=True)} {reason.what}  {paint(str(reason.at), 'dim', style)}"
        )
        if reason.settled_by:
            lines.extend(wrapped(f"settled by: {reason.settled_by}", style, "    "))
    return lines


def note_lines(notes: Iterable[str], style: Style) -> list[str]:
    """Notes, each behind a bullet."""
    return [line for note in notes for line in wrapped(f"note: {note}", style, "  ", hanging="        ")]


def gap_lines(gaps: Sequence[Gap], style: Style, most: int | None = None) -> list[str]:
    """What was not understood, with its place and what settles it."""
    lines: list[str] = []
    for gap in gaps[:most]:
        lines.append(
            f"  {paint('!', 'yellow', style, bold=True)} {gap.what}  {paint(str(gap.at), 'dim', style)}"
        )
        lines.extend(wrapped(gap.why, style, "    "))
        if gap.settled_by:
            lines.extend(wrapped(f"settled by: {gap.settled_by}", style, "    "))
    if most is not None and len(gaps) > most:
        lines.append(f"  … and {len(gaps) - most} more: netaudit show lists them all")
    return lines
