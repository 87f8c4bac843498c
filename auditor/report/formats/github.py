"""Annotations on the lines of a pull request, as GitHub Actions takes them from a job's output.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.finding import Finding, Judgement, Severity
from auditor.report.documents import Document, Style
from auditor.report.places import findings_of, shown
from auditor.tree import Gap, GapKind, Location

_WORDS = {
    Severity.INFO: "notice",
    Severity.LOW: "notice",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}


def render(document: Document, style: Style) -> str:  # noqa: ARG001 - annotations have one style
    """``document`` as one command a finding. Raises UsageError for anything but findings."""
    found = findings_of(document, "github")
    lines = [*map(_finding, found.findings), *_unread(found.gaps)]
    return "".join(f"{line}\n" for line in lines)


def _finding(finding: Finding) -> str:
    undetermined = finding.judgement is Judgement.UNDETERMINED
    word = "warning" if undetermined else _WORDS[finding.severity]
    title = f"{finding.severity.value}{' undetermined' if undetermined else ''}: {finding.rule}"
    unknowns = "".join(f"\nIt depends on {one.what}." for one in finding.unknowns)
    fix = f"\nFix: {finding.fix}" if finding.fix else ""
    return _command(word, finding.at, title, f"{finding.message}{unknowns}{fix}")


def _unread(gaps: tuple[Gap, ...]) -> Iterator[str]:
    for gap in gaps:
        if gap.kind is GapKind.SYNTAX:
            yield _command("error", gap.at, "a file that does not parse", gap.why)


def _command(word: str, at: Location, title: str, message: str) -> str:
    parts = [f"file={_property(shown(at.path))}"]
    if at.line:
        parts.append(f"line={at.line}")
    if at.column:
        parts.append(f"col={at.column}")
    parts.append(f"title={_property(title)}")
    return f"::{word} {','.join(parts)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
