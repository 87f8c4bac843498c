"""One stack: its template, evaluated."""

from __future__ import annotations

from auditor.sources.cloudformation.options import NestedTemplate, StackOptions, StackReading
from auditor.sources.cloudformation.syntax.nodes import Entries

__all__ = ["NestedTemplate", "StackOptions", "StackReading", "read_stack"]


def read_stack(root: Entries, options: StackOptions) -> StackReading:
    """The resources, outputs and exports of a stack and of those nested in it, and what is not understood."""
    raise NotImplementedError
