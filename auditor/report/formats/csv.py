"""CSV (RFC 4180), one line a finding, for a spreadsheet; no cell is a formula there."""

from __future__ import annotations

import csv
import io

from auditor.report.documents import Document, Style
from auditor.report.places import findings_of, shown

_HEADERS = (
    "severity",
    "judgement",
    "rule",
    "component",
    "file",
    "line",
    "message",
    "fix",
    "depends on",
    "frameworks",
    "fingerprint",
)


def render(document: Document, style: Style) -> str:  # noqa: ARG001 - CSV has one style
    """``document`` as a table with headers. Raises UsageError for anything but findings."""
    found = findings_of(document, "csv")
    frameworks = {rule.id: "; ".join(rule.frameworks) for rule in found.rules}
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(_HEADERS)
    for each in found.findings:
        row = (
            each.severity.value,
            each.judgement.value,
            each.rule,
            each.component,
            shown(each.at.path),
            str(each.at.line or ""),
            each.message,
            each.fix,
            "; ".join(one.what for one in each.unknowns),
            frameworks.get(each.rule, ""),
            each.fingerprint,
        )
        table.writerow([_cell(one) for one in row])
    return text.getvalue()


def _cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
