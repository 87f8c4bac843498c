"""The writers: a document goes in, text comes out. Each format is one file in ``formats``."""

from __future__ import annotations

import importlib
from difflib import get_close_matches
from pathlib import Path

from auditor.errors import UsageError
from auditor.report.documents import (
    AnswerDocument,
    Document,
    FindingsDocument,
    InventoryDocument,
    NeighboursDocument,
    Question,
    Style,
)

__all__ = [
    "AnswerDocument",
    "Document",
    "FindingsDocument",
    "InventoryDocument",
    "NeighboursDocument",
    "Question",
    "Style",
    "format_names",
    "render",
]


def format_names() -> tuple[str, ...]:
    """The formats that there are, sorted."""
    folder = Path(__file__).parent / "formats"
    return tuple(sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__"))


def render(document: Document, format_name: str, style: Style) -> str:
    """``document`` as text in a format, ended by a newline.

    Raises UsageError for a format that there is not, or that cannot say this document.
    """
    names = format_names()
    if format_name not in names:
        near = get_close_matches(format_name, names, n=1)
        hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(names)}"
        raise UsageError(f"--format {format_name}: no such format", hint=hint)
    text: str = importlib.import_module(f"auditor.report.formats.{format_name}").render(document, style)
    return text
