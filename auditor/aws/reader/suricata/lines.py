"""The rules in a text: one a line, unless a line ends with a backslash."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One rule's text, and the line of the whole text, from 1, on which it begins."""

    number: int
    text: str


def lines_of(text: str) -> Iterator[Line]:
    """The rules of a text, without comments (``#``) and empty lines."""
    pending: list[str] = []
    start = 0
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if not pending:
            if not line or line.startswith("#"):
                continue
            start = number
        if line.endswith("\\"):
            pending.append(line[:-1])
            continue
        yield Line(start, " ".join((*pending, line)).strip())
        pending = []
    if pending:
        yield Line(start, " ".join(pending).strip())
