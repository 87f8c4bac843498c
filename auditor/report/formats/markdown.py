"""Markdown, for comments on pull requests and for pages: https://github.github.com/gfm/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.errors import UsageError
from auditor.report.documents import DifferenceDocument, FindingsDocument
from auditor.report.places import other_formats

if TYPE_CHECKING:
    from auditor.report.documents import Document, Style


def render(document: Document, style: Style) -> str:
    """``document`` as Markdown. Raises UsageError for what has no form in it."""
    if isinstance(document, DifferenceDocument):
        from auditor.report.markdown.difference import difference_lines

        lines = difference_lines(document, style)
    elif isinstance(document, FindingsDocument):
        from auditor.report.markdown.findings import finding_lines

        lines = finding_lines(document, style)
    else:
        raise UsageError("--format markdown: only check and diff give Markdown", hint=other_formats(document))
    return "\n".join(lines) + "\n"
