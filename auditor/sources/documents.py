"""The inputs that are one document: a plan or state, in a file or on standard input."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from auditor import disk
from auditor.errors import InputError, UsageError
from auditor.frozen import dataclass
from auditor.sources.contents import content_of, in_utf8
from auditor.sources.detect import STANDARD_INPUT, Input, InputKind
from auditor.sources.options import ReadOptions
from auditor.tree import Reading

if TYPE_CHECKING:
    from auditor.sources.terraform.saved.reading import Saved


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """What a plan or state declares, and the folder of its configuration; empty where that is not known."""

    reading: Reading
    kind: InputKind
    folder: str = ""


def read_document(found: Input, roots: tuple[str, ...], options: ReadOptions) -> DocumentReading:
    """What a plan or state declares, placed by its configuration where that is at hand.

    It is looked for in ``roots``, beside the document, and in the current folder. InputError where the
    document cannot be read, or is of no kind that netaudit reads.
    """
    from auditor.sources.terraform.saved import read_saved

    beside = os.path.dirname(found.path) or "."  # noqa: PTH120 -- as it was typed
    folders = tuple(dict.fromkeys((*roots, beside, ".")))
    saved = _saved(found.path)
    reading, folder = read_saved(saved, folders, options.terraform(found, alone=False))
    if options.assumed and not folder:
        hint = "give the folder of the configuration beside it"
        raise UsageError(
            f"--assume {options.assumed[0][0]}: {found.path} alone has no names for it", hint=hint
        )
    return DocumentReading(reading, InputKind.PLAN if saved.exactly else InputKind.STATE, folder)


def refuse_values(options: ReadOptions) -> None:
    """UsageError where values are given to the variables of a plan or state, which were given theirs."""
    given = [f"--var {name}" for name, _ in options.variables] + [
        f"--var-file {path}" for path in options.var_files
    ]
    if given:
        raise UsageError(
            f"{given[0]}: a plan or state has its values already", hint="plan again with other values"
        )


def _saved(path: str) -> Saved:
    """What the document holds: its text, which can be large, is let go."""
    from auditor.sources.terraform.saved import decoded

    content = in_utf8(_content(path))
    return decoded(path, content, content_of(content, path))


def _content(path: str) -> bytes:
    if path == STANDARD_INPUT:
        return _standard_input()
    try:
        return disk.stream(path)
    except OSError as error:
        raise InputError(f"the file cannot be read: {error.strerror}", at=path) from None


def _standard_input() -> bytes:
    hint = "pipe a plan into it: terraform show -json FILE | netaudit … -"
    if sys.stdin is None or sys.stdin.isatty():
        raise InputError("standard input is a terminal", at=STANDARD_INPUT, hint=hint)
    content = disk.standard_input()
    if not content.strip():
        raise InputError("there is nothing on standard input", at=STANDARD_INPUT, hint=hint)
    return content
