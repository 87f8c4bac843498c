"""``check`` as Markdown: a table of the findings, the worst first, and each with its fix below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from auditor.finding import Finding, Judgement, Severity
from auditor.report.documents import FindingsDocument, Style
from auditor.report.markdown.cells import code, folded, plain, table
from auditor.tree import Location

_MOST = 50
MARK = "<!-- netaudit check -->"


def finding_lines(document: FindingsDocument, style: Style) -> list[str]:
    """The headline, the table, and folded: the proofs and the fixes, and what was not understood.

    The first line is a mark by which a comment is found again.
    """
    lines = [MARK, f"### netaudit: {_headline(document)}"]
    if document.findings:
        shown = document.findings if style.verbose else document.findings[:_MOST]
        rows = [(_severity(one), plain(one.message), _place(one.at), code(one.rule)) for one in shown]
        lines += ["", *table(("severity", "finding", "at", "rule"), rows)]
        if len(document.findings) > len(shown):
            lines += ["", f"… and {len(document.findings) - len(shown)} more."]
        lines += folded("How each is mended", (line for one in shown for line in _detail(one)))
    if document.gaps:
        told = [f"- {code(gap.what)} {_place(gap.at)}: {plain(gap.why)}" for gap in document.gaps[:_MOST]]
        lines += folded(f"Not understood: {len(document.gaps)}", told)
    return lines


def _headline(document: FindingsDocument) -> str:
    counts = Counter(finding.severity for finding in document.findings)
    parts = [f"{counts[severity]} {severity.value}" for severity in reversed(Severity) if counts[severity]]
    return ", ".join(parts) or f"no findings of {len(document.rules)} rules"


def _severity(finding: Finding) -> str:
    undetermined = finding.judgement is Judgement.UNDETERMINED
    return f"{finding.severity.value}{'?' if undetermined else ''}"


def _detail(finding: Finding) -> Iterator[str]:
    yield f"- {_place(finding.at)} {code(finding.component)}: {plain(finding.fix or finding.message)}"
    yield from (f"  - {plain(step)}" for step in finding.proof)
    for one in finding.unknowns:
        settled = f", settled by {plain(one.settled_by)}" if one.settled_by else ""
        yield f"  - depends on {plain(one.what)}{settled}"


def _place(at: Location) -> str:
    return code(f"{at.path}:{at.line}" if at.line else at.path)
