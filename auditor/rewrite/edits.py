"""Edits of texts, and the patch that they make."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import pairwise

from auditor.frozen import dataclass


class RefusedError(Exception):
    """There is no one right rewrite, and why."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """``text`` in place of what stands from ``begin`` up to ``end`` in the file at ``path``."""

    path: str
    begin: int
    end: int
    text: str


def overlap(edits: Iterable[Edit]) -> bool:
    """Whether two edits touch the same piece of a text."""
    return any(one.path == other.path and other.begin < one.end for one, other in pairwise(sorted(edits)))


def applied(text: str, edits: Iterable[Edit]) -> tuple[str, tuple[int, ...]]:
    """A text with its edits, and where in it each of them now begins."""
    pieces: list[str] = []
    begins: list[int] = []
    done = length = 0
    for edit in sorted(edits):
        pieces += [text[done : edit.begin], edit.text]
        length += edit.begin - done
        begins.append(length)
        length += len(edit.text)
        done = edit.end
    return "".join([*pieces, text[done:]]), tuple(begins)


def patch(path: str, before: str, after: str) -> str:
    """The change of a file as a unified diff that ``git apply`` takes."""
    rows = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}"
    )
    return "".join(row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n" for row in rows)
