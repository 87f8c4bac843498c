"""One stack: its template, evaluated."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.sources.cloudformation.evaluate import Run
from auditor.sources.cloudformation.syntax.nodes import Entries
from auditor.sources.cloudformation.template.named import Stack
from auditor.sources.cloudformation.template.options import NestedTemplate, StackOptions, StackReading
from auditor.sources.cloudformation.template.rules import check_rules
from auditor.sources.cloudformation.values.identity import text_of
from auditor.sources.depth import deep
from auditor.tree import Node

__all__ = ["NestedTemplate", "StackOptions", "StackReading", "read_stack"]


def read_stack(root: Entries, options: StackOptions) -> StackReading:
    """The resources, outputs and exports of a stack and of those nested in it, and what is not understood.

    Nothing is run, nothing fetched. What is wrong is a gap, and the rest goes on.
    """
    return deep(lambda: _read(root, options))


def _read(root: Entries, options: StackOptions) -> StackReading:
    run = Run()
    stack = Stack(run, root, options)
    resources = tuple(stack.all())
    outputs: dict[str, Node] = {}
    for name in stack.outputs.names():
        value = stack.outputs.value(name)
        if value is not None:
            outputs[name] = value
    exports: dict[str, Node] = {}
    unnamed: list[tuple[Node, Node]] = []
    for each in _with_nested(stack):
        check_rules(each)
        for name_node, value in each.outputs.exports():
            text = text_of(name_node)
            if text is None:
                unnamed.append((name_node, value))
            else:
                exports.setdefault(text, value)
    return StackReading(
        resources=resources,
        outputs=outputs,
        exports=exports,
        unnamed_exports=tuple(unnamed),
        gaps=tuple(run.gaps),
    )


def _with_nested(stack: Stack) -> Iterator[Stack]:
    """The stack and all that are nested in it."""
    waiting = [stack]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += reversed(list(each.resources.nested.made()))
