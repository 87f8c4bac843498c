"""Where Terraform wants a line to end, or to go on: the errors."""

from __future__ import annotations

from auditor.errors import InputError
from auditor.tree import Location


def line_ends_early(at: Location) -> InputError:
    """The error for an argument that goes on in the next line outside of all brackets."""
    hint = "put the expression in parentheses to go on in the next line"
    return InputError("the line ends too early", at=str(at), hint=hint)


def not_separate(at: Location) -> InputError:
    """The error for two arguments or blocks on one line."""
    hint = "each argument and each block begins its own line"
    return InputError("expected a new line before this", at=str(at), hint=hint)
