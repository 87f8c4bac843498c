"""``check`` as text: the findings of each file, with the line of source, the proof and the fix."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from auditor.finding import Finding, Judgement, Severity
from auditor.report.documents import FindingsDocument, Style
from auditor.report.text.paint import SEVERITY_COLOURS, gap_lines, paint, reason_lines, wrapped

_WIDEST = 120
_ALIKE = 3
_COMMENT = re.compile(r"\s+(#|//)\s.*$")


def finding_lines(document: FindingsDocument, style: Style) -> list[str]:
    """The findings, worst first, those of one rule together, and a last line that counts them."""
    excerpts = dict(document.excerpts)
    lines: list[str] = []
    for _, group in groupby(_by_rule(document.findings), key=_heading):
        lines += _group(tuple(group), excerpts, style)
    if style.verbose:
        lines += _verbose(document, style)
    return [*lines, *_gone(document, style), _summary(document, style)]


def _heading(finding: Finding) -> tuple[Severity, Judgement, str]:
    return finding.severity, finding.judgement, finding.rule


def _by_rule(findings: Sequence[Finding]) -> list[Finding]:
    first: dict[object, int] = {}
    for number, finding in enumerate(findings):
        first.setdefault(_heading(finding), number)
    return sorted(findings, key=lambda finding: (-finding.severity.rank, first[_heading(finding)]))


def _group(findings: Sequence[Finding], excerpts: dict[str, str], style: Style) -> list[str]:
    """What one rule found: its name once, and the fix once where it is the same for all."""
    worst = findings[0]
    severity = paint(worst.severity.value, SEVERITY_COLOURS[worst.severity], style, bold=True)
    undetermined = "" if worst.judgement is Judgement.VIOLATED else paint(" undetermined", "yellow", style)
    many = f"  ({len(findings)})" if len(findings) > 1 else ""
    lines = [f"{severity}{undetermined}  {paint(worst.rule, 'bold', style)}{many}"]
    fixes = {finding.fix for finding in findings}
    for finding in findings:
        lines += _finding(finding, excerpts, style)
        if len(fixes) > 1:
            lines += _fix(finding.fix, style)
    if len(fixes) == 1:
        lines += _fix(worst.fix, style)
    return [*lines, ""]


def _fix(fix: str, style: Style) -> list[str]:
    return wrapped(fix, style, f"  {paint('fix:', 'green', style)} ", hanging="       ") if fix else []


def _finding(finding: Finding, excerpts: dict[str, str], style: Style) -> list[str]:
    component = paint(finding.component, "bold", style)
    lines = [f"  {paint('-->', 'blue', style)} {finding.at}  {component}"]
    lines += _excerpt(finding, excerpts.get(str(finding.at), ""), style)
    lines += wrapped(finding.message, style)
    folder = f"({finding.at.path.rpartition('/')[0]}/"
    for step in finding.proof:
        lines += wrapped(step.replace(folder, "("), style, "    · ", hanging="      ")
    told = "\n".join((finding.message, *finding.proof))
    for related in finding.related:
        if f"{related.at})" not in told:
            lines += wrapped(f"{related.at}: {related.text}", style, "    see ", hanging="        ")
    return lines + reason_lines(finding.unknowns, style)


def _excerpt(finding: Finding, excerpt: str, style: Style) -> Iterator[str]:
    """The line of source, and below it marks from the column on to its end."""
    if not excerpt.strip():
        return
    number, bar = str(finding.at.line), paint("|", "blue", style)
    text = excerpt.rstrip().expandtabs(4)
    cut = len(excerpt.rstrip()) - len(excerpt.strip())
    column = len(excerpt[: max(finding.at.column - 1, cut)].expandtabs(4))
    room = max(min(style.width, _WIDEST) - len(number) - 5, 20)
    if len(text) > room:
        text = f"{text[: room - 1]}…"
    yield f"  {paint(number, 'blue', style)} {bar} {text}"
    end = len(_COMMENT.sub("", text))
    if column < end:
        mark = paint("^" * (end - column), SEVERITY_COLOURS[finding.severity], style)
        yield f"  {' ' * len(number)} {bar} {' ' * column}{mark}"


def _verbose(document: FindingsDocument, style: Style) -> Iterator[str]:
    """What is answered for and what was there, what was not understood, and what each rule took."""
    for each in document.suppressed:
        until = f", until {each.by.until}" if each.by.until else ""
        yield from wrapped(
            f"suppressed: {each.finding.rule} at {each.finding.at}: {each.by.reason}{until} ({each.by.at})",
            style,
            "",
            hanging="  ",
        )
    for finding in document.known:
        yield from wrapped(
            f"known: {finding.rule} at {finding.at}: {finding.message}", style, "", hanging="  "
        )
    if document.gaps:
        yield from ("not understood", *gap_lines(document.gaps, style), "")
    if document.spent:
        yield "time of each rule"
        for rule, seconds in sorted(document.spent, key=lambda each: (-each[1], each[0])):
            yield f"  {seconds:7.3f} s  {rule}"
        yield ""


def _gone(document: FindingsDocument, style: Style) -> Iterator[str]:
    """What of the baseline is no more: nobody knows it otherwise."""
    shown = document.gone if style.verbose else document.gone[:_ALIKE]
    for entry in shown:
        yield f"no more: {entry.rule}  {entry.component}  (in the baseline)"
    if len(document.gone) > len(shown):
        yield f"… and {len(document.gone) - len(shown)} more of the baseline: --verbose shows them"
    if document.gone:
        yield ""


def _counts(findings: Iterable[Finding], style: Style) -> Iterator[str]:
    counts = Counter(finding.severity for finding in findings)
    for severity in reversed(Severity):
        if counts[severity]:
            yield paint(f"{counts[severity]} {severity.value}", SEVERITY_COLOURS[severity], style)


def _summary(document: FindingsDocument, style: Style) -> str:
    total = len(document.findings)
    counted = ", ".join(_counts(document.findings, style))
    undetermined = sum(each.judgement is Judgement.UNDETERMINED for each in document.findings)
    parts = [f"{total} finding{'s' * (total != 1)}: {counted}" if total else "no findings"]
    if undetermined:
        parts.append(f"{undetermined} of them undetermined")
    if document.suppressed:
        parts.append(f"{len(document.suppressed)} suppressed")
    if document.known:
        parts.append(f"{len(document.known)} in the baseline")
    if document.gone:
        parts.append(f"{len(document.gone)} of the baseline found no more")
    parts.append(f"{len(document.rules)} rules ran")
    if document.gaps:
        parts.append(f"{len(document.gaps)} things not understood (netaudit show lists them)")
    return "; ".join(parts)
