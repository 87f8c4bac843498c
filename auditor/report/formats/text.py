"""Text for a terminal, readable at 80 columns, in colour where the terminal shows it."""

from __future__ import annotations

import re
from typing import assert_never

from auditor.report.documents import (
    AnswerDocument,
    DifferenceDocument,
    Document,
    FindingsDocument,
    InventoryDocument,
    NeighboursDocument,
    RewritesDocument,
    SeveralDocument,
    Style,
)

_PLAIN_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_CONTROL = re.compile(r"\x1b(?!\[[0-9;]*m)|[\x00-\x09\x0b-\x1a\x1c-\x1f\x7f-\x9f]")


def render(document: Document, style: Style) -> str:
    """``document`` as lines of text; no name in the input can send the terminal a control character."""
    text = "\n".join(line.rstrip() for line in _lines(document, style)) + "\n"
    control = _CONTROL if style.colour else _PLAIN_CONTROL
    return control.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def _lines(document: Document, style: Style) -> list[str]:
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
        case DifferenceDocument():
            from auditor.report.text.difference import difference_lines

            lines = difference_lines(document, style)
        case RewritesDocument():
            from auditor.report.text.rewrites import rewrite_lines

            lines = rewrite_lines(document, style)
        case SeveralDocument():
            parts = [_lines(each, style) for each in document.documents]
            lines = [line for part in parts for line in (*part, "")][:-1]
        case _:
            assert_never(document)
    return lines
