"""The inputs that are one document: a plan, state or template, in a file or on standard input."""

from __future__ import annotations

import os
import sys

from auditor import disk
from auditor.errors import InputError, UsageError
from auditor.frozen import dataclass
from auditor.sources.cloudformation.syntax.sniff import is_template
from auditor.sources.contents import HEAD, content_of, in_utf8, is_document
from auditor.sources.inputs import STANDARD_INPUT, Input, InputKind
from auditor.sources.options import ReadOptions
from auditor.tree import Reading

_ALIKE = (
    "values for templates are given with --parameter and --parameters",
    "values for Terraform are given with --var and --var-file",
)


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """What a plan or state declares, and the folder of its configuration; empty where that is not known."""

    reading: Reading
    kind: InputKind
    folder: str = ""


@dataclass(frozen=True, slots=True)
class TemplateText:
    """A document that is a template: its text, which cannot be read twice where it came through a pipe."""

    content: bytes

    @property
    def kind(self) -> InputKind:
        """What the document is."""
        return InputKind.CLOUDFORMATION


def read_document(
    found: Input, roots: tuple[str, ...], options: ReadOptions
) -> DocumentReading | TemplateText:
    """What a plan or state declares, placed by its configuration where that is at hand; or a template.

    The configuration is looked for in ``roots``, beside the document, and in the current folder. InputError
    where the document cannot be read, or is of no kind that netaudit reads.
    """
    from auditor.sources.terraform.saved import decoded, read_saved

    beside = os.path.dirname(found.path) or "."  # noqa: PTH120 -- as it was typed
    folders = tuple(dict.fromkeys((*roots, beside, ".")))
    content = in_utf8(_content(found.path))
    if is_template(content[:HEAD]) and not is_document(content[:HEAD]):
        return TemplateText(content)
    saved = decoded(found.path, content, content_of(content, found.path))
    del content  # which can be large
    reading, folder = read_saved(saved, folders, options.terraform(found, alone=False))
    if options.assumed and not folder:
        hint = "give the folder of the configuration beside it"
        raise UsageError(
            f"--assume {options.assumed[0][0]}: {found.path} alone has no names for it", hint=hint
        )
    return DocumentReading(reading, InputKind.PLAN if saved.exactly else InputKind.STATE, folder)


def refuse_values(inputs: tuple[Input, ...], options: ReadOptions) -> None:
    """UsageError where values are given to variables or parameters that no input can have."""
    given = [f"--var {name}" for name, _ in options.variables]
    given += [f"--var-file {path}" for path in options.var_files]
    kinds = {each.kind for each in inputs}
    if given and kinds <= {InputKind.PLAN, InputKind.STATE}:
        raise UsageError(
            f"{given[0]}: a plan or state has its values already", hint="plan again with other values"
        )
    if given and not kinds & {InputKind.TERRAFORM, InputKind.TERRAGRUNT}:
        raise UsageError(f"{given[0]}: there is no Terraform in the input", hint=_ALIKE[0])
    given = [f"--parameter {name}" for name, _ in options.parameters]
    given += [f"--parameters {path}" for path in options.parameter_files]
    if given and not kinds & {InputKind.CLOUDFORMATION, InputKind.CDK}:
        raise UsageError(f"{given[0]}: there is no template in the input", hint=_ALIKE[1])


def _content(path: str) -> bytes:
    if path == STANDARD_INPUT:
        return _standard_input()
    try:
        return disk.stream(path)
    except OSError as error:
        raise InputError(f"the file cannot be read: {error.strerror}", at=path) from None


def _standard_input() -> bytes:
    hint = "pipe a plan or template into it: terraform show -json FILE | netaudit … -"
    if sys.stdin is None or sys.stdin.isatty():
        raise InputError("standard input is a terminal", at=STANDARD_INPUT, hint=hint)
    content = disk.standard_input()
    if not content.strip():
        raise InputError("there is nothing on standard input", at=STANDARD_INPUT, hint=hint)
    return content
