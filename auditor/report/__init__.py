"""The writers: a document goes in, text comes out. Each format is one file in ``formats``."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path

from auditor.errors import UsageError, one_of
from auditor.report.documents import (
    AnswerDocument,
    DifferenceDocument,
    Document,
    FindingsDocument,
    InventoryDocument,
    NeighboursDocument,
    Question,
    RewritesDocument,
    SeveralDocument,
    Style,
)

__all__ = [
    "AnswerDocument",
    "DifferenceDocument",
    "Document",
    "FindingsDocument",
    "InventoryDocument",
    "NeighboursDocument",
    "Question",
    "RewritesDocument",
    "SeveralDocument",
    "Style",
    "format_names",
    "render",
    "require_format",
    "several",
]


def format_names() -> tuple[str, ...]:
    """The formats that there are, sorted."""
    folder = Path(__file__).parent / "formats"
    return tuple(sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__"))


def require_format(name: str) -> None:
    """Raises UsageError for a format that there is not."""
    names = format_names()
    if name not in names:
        raise UsageError(f"--format {name}: no such format", hint=one_of(name, names))


def several(documents: Sequence[AnswerDocument | NeighboursDocument], *, every: bool) -> Document:
    """The one document, or, where ``every`` match of a name was asked for, all of them."""
    if not every:
        return documents[0]
    return SeveralDocument(documents=tuple(documents), inputs=documents[0].inputs)


def render(document: Document, format_name: str, style: Style) -> str:
    """``document`` as text in a format, ended by a newline.

    Raises UsageError for a format that there is not, or that cannot say this document.
    """
    require_format(format_name)
    text: str = importlib.import_module(f"auditor.report.formats.{format_name}").render(document, style)
    return text
