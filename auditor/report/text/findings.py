"""``check`` as text: each finding with its line of source, its proof and its fix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from auditor.finding import Finding, Judgement, Severity
from auditor.report.documents import FindingsDocument, Style
from auditor.report.text.paint import SEVERITY_COLOURS, gap_lines, packed, paint, reason_lines, wrapped

_GONE_SHOWN = 3


def finding_lines(document: FindingsDocument, style: Style) -> list[str]:
    """The findings, worst first, what is answered for, and a last line that counts them."""
    excerpts = dict(document.excerpts)
    lines: list[str] = []
    for finding in document.findings:
        lines += [*_finding(finding, excerpts.get(str(finding.at), ""), style), ""]
    if style.verbose:
        lines += _answered_for(document, style)
    if document.gaps and style.verbose:
        lines += ["not understood", *gap_lines(document.gaps, style), ""]
    if document.spent and style.verbose:
        lines += [*_spent(document.spent), ""]
    return [*lines, *_apart(document), _summary(document)]


def _answered_for(document: FindingsDocument, style: Style) -> Iterator[str]:
    for word, findings in (
        ("suppressed", [(each.finding, f"{each.by.reason} ({each.by.at})") for each in document.suppressed]),
        ("in the baseline", [(each, "") for each in document.known]),
    ):
        if findings:
            yield paint(word, "bold", style)
            for finding, reason in findings:
                yield from packed(
                    "  ", [(finding.rule, ""), (finding.component, ""), (str(finding.at), "dim")], style, 4
                )
                if reason:
                    yield from wrapped(reason, style, "    ")
            yield ""


def _spent(spent: Iterable[tuple[str, float]]) -> Iterator[str]:
    yield "time of each rule"
    for rule, seconds in sorted(spent, key=lambda pair: (-pair[1], pair[0])):
        yield f"  {seconds:7.3f} s  {rule}"


def _apart(document: FindingsDocument) -> Iterator[str]:
    """What does not stand, counted."""
    if document.suppressed:
        yield f"{len(document.suppressed)} suppressed (--verbose shows them)"
    if document.known:
        yield f"{len(document.known)} in the baseline (--verbose shows them)"
    if document.gone:
        names = ", ".join(f"{one.rule} of {one.component}" for one in document.gone[:_GONE_SHOWN])
        more = f" and {len(document.gone) - _GONE_SHOWN} more" if len(document.gone) > _GONE_SHOWN else ""
        yield f"{len(document.gone)} of the baseline found no more: {names}{more}"


def _finding(finding: Finding, excerpt: str, style: Style) -> list[str]:
    undetermined = "" if finding.judgement is Judgement.VIOLATED else paint(" undetermined", "yellow", style)
    severity = paint(finding.severity.value, SEVERITY_COLOURS[finding.severity], style, bold=True)
    lines = [f"{severity}{undetermined}  {paint(finding.rule, 'bold', style)}  {finding.component}"]
    lines.append(f"  {paint('-->', 'blue', style)} {finding.at}")
    if excerpt:
        number = str(finding.at.line)
        bar = paint("|", "blue", style)
        lines += [f"  {paint(number, 'blue', style)} {bar} {excerpt.rstrip()}"[: style.width + 40]]
    lines += wrapped(finding.message, style)
    for step in finding.proof:
        lines += wrapped(step, style, "    · ", hanging="      ")
    for related in finding.related:
        lines += wrapped(f"{related.at}: {related.text}", style, "    see ", hanging="        ")
    lines += reason_lines(finding.unknowns, style)
    if finding.fix:
        lines += wrapped(finding.fix, style, f"  {paint('fix:', 'green', style)} ", hanging="       ")
    return lines


def _summary(document: FindingsDocument) -> str:
    ran = f"{len(document.rules)} rules ran"
    unread = (
        f"; {len(document.gaps)} things not understood (netaudit show lists them)" if document.gaps else ""
    )
    if not document.findings:
        return f"no findings; {ran}{unread}"
    counts = Counter(finding.severity for finding in document.findings)
    parts = [f"{counts[severity]} {severity.value}" for severity in reversed(Severity) if counts[severity]]
    total = len(document.findings)
    return f"{total} finding{'s' * (total != 1)}: {', '.join(parts)}; {ran}{unread}"
