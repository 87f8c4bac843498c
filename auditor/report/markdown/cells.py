"""Markdown that no name in the input can break: GitHub's and GitLab's dialect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def plain(text: str) -> str:
    """A text as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", _CONTROL.sub(" ", text)).replace("@", "@\u200b")


def code(text: str) -> str:
    """A text as code; a mention in it notifies nobody."""
    one_line = _CONTROL.sub(" ", text).replace("|", "\\|")
    ticks = "`" * (1 + max((len(run) for run in re.findall(r"`+", one_line)), default=0))
    pad = " " if len(ticks) > 1 else ""
    return f"{ticks}{pad}{one_line}{pad}{ticks}"


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table; the cells are Markdown."""
    lines = [f"| {' | '.join(headers)} |", f"| {' | '.join('---' for _ in headers)} |"]
    return [*lines, *(f"| {' | '.join(row)} |" for row in rows)]


def folded(summary: str, lines: Iterable[str]) -> list[str]:
    """Lines that are shown on demand."""
    return ["", "<details>", f"<summary>{summary}</summary>", "", *lines, "", "</details>"]
