"""Text for a terminal, readable at 80 columns, in colour where the terminal shows it."""

from __future__ import annotations

from typing import assert_never

from auditor.report.documents import (
    AnswerDocument,
    Document,
    FindingsDocument,
    InventoryDocument,
    NeighboursDocument,
    Style,
)


def render(document: Document, style: Style) -> str:
    """``document`` as lines of text."""
    match document:
        case AnswerDocument():
            from auditor.report.text.answer import answer_lines

            lines = answer_lines(document, style)
        case NeighboursDocument():
            from auditor.report.text.neighbours import neighbour_lines

            lines = neighbour_lines(document, style)
        case InventoryDocument():
            from auditor.report.text.inventory import inventory_lines

            lines = inventory_lines(document, style)
        case FindingsDocument():
            from auditor.report.text.findings import finding_lines

            lines = finding_lines(document, style)
        case _:
            assert_never(document)
    return "\n".join(lines) + "\n"
