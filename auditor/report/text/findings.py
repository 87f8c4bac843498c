"""``check`` as text: each finding with its line of source, its proof and its fix."""

from __future__ import annotations

from collections import Counter

from auditor.finding import Finding, Judgement, Severity
from auditor.report.documents import FindingsDocument, Style
from auditor.report.text.paint import SEVERITY_COLOURS, gap_lines, paint, reason_lines, wrapped


def finding_lines(document: FindingsDocument, style: Style) -> list[str]:
    """The findings, worst first, and a last line that counts them."""
    excerpts = dict(document.excerpts)
    lines: list[str] = []
    for finding in document.findings:
        lines += [*_finding(finding, excerpts.get(str(finding.at), ""), style), ""]
    if document.gaps and style.verbose:
        lines += ["not understood", *gap_lines(document.gaps, style), ""]
    return [*lines, _summary(document)]


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
