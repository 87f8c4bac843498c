"""What can be wrong with a pattern."""

from __future__ import annotations

from auditor.errors import InputError


class Undecided(Exception):  # noqa: N818 -- it is no error of the pattern's
    """A pattern is not wrong, but is not run: why, as one clause."""


def invalid(what: str, where: str) -> InputError:
    """The error for a pattern that Go refuses, in Terraform's words."""
    return InputError(f"invalid regexp pattern: {what} in {where}")
