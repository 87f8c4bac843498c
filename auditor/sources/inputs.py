"""What the paths that a user gives hold."""

from __future__ import annotations

from enum import StrEnum

from auditor.frozen import dataclass

STANDARD_INPUT = "-"


class InputKind(StrEnum):
    """The language of an input."""

    TERRAFORM = "terraform"
    TERRAGRUNT = "terragrunt"
    SAVED = "document"  # a plan, state or template: which of them, its content says when it is read
    PLAN = "plan"
    STATE = "state"
    CLOUDFORMATION = "cloudformation"
    CDK = "cdk"
    SNAPSHOT = "snapshot"


@dataclass(frozen=True, slots=True)
class Input:
    """One root, template, assembly or snapshot, or a document.

    ``path`` is as the user would type it, ``-`` for standard input; ``files`` are given where only these of a
    root's files are meant.
    """

    path: str
    kind: InputKind
    files: tuple[str, ...] = ()
