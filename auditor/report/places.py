"""Places as the platforms that show findings want them: relative to the folder that netaudit ran in."""

from __future__ import annotations

from pathlib import Path

from auditor.errors import UsageError
from auditor.report.documents import DifferenceDocument, Document, FindingsDocument


def relative(path: str) -> str | None:
    """The path from the current folder, with slashes; None where it lies outside."""
    whole = Path.cwd().joinpath(path).resolve() if path else Path.cwd()
    try:
        return whole.relative_to(Path.cwd().resolve()).as_posix()
    except ValueError:
        return None


def shown(path: str) -> str:
    """The path from the current folder, or as it is where it lies outside."""
    return relative(path) or path


def other_formats(document: Document) -> str:
    """A hint at the formats that can say a document which is not findings."""
    formats = ("text", "json", "markdown") if isinstance(document, DifferenceDocument) else ("text", "json")
    return f"--format {', '.join(formats[:-1])} or {formats[-1]}"


def findings_of(document: Document, format_name: str) -> FindingsDocument:
    """The document, of a format that has a form for findings alone. Raises UsageError for any other."""
    if not isinstance(document, FindingsDocument):
        raise UsageError(f"--format {format_name}: only check gives it", hint=other_formats(document))
    return document
