"""Markdown, for comments on pull requests and for pages: https://github.github.com/gfm/."""

from __future__ import annotations

from auditor.errors import UsageError
from auditor.report.documents import DifferenceDocument, Document, Style


def render(document: Document, style: Style) -> str:
    """``document`` as Markdown. Raises UsageError for what has no form in it."""
    if not isinstance(document, DifferenceDocument):
        raise UsageError("--format markdown: only diff gives Markdown", hint="use --format json")
    from auditor.report.markdown.difference import difference_lines

    return "\n".join(difference_lines(document, style)) + "\n"
