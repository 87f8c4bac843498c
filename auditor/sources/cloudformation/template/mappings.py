"""The mappings of a template: two keys lead to a text or a list.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html
"""

from __future__ import annotations

from auditor.errors import InputError
from auditor.sources.cloudformation.evaluate import Frame, evaluate
from auditor.sources.cloudformation.evaluate.collections import assembled
from auditor.sources.cloudformation.evaluate.expansion import as_entries, expanded
from auditor.sources.cloudformation.syntax.nodes import Entries, Syntax
from auditor.tree import Map, Node, Unknown


def mappings(section: Entries, frame: Frame) -> Node:
    """All mappings; one of another shape is a gap."""
    found = expanded(section, frame)
    entries: dict[str, Node] = {}
    for each in found.entries:
        entries[each.key] = _level(each.value, each.frame.about(f"{frame.label}.{each.key}"), 2)
    reasons = (*found.open, *frame.stack.sections.added, *frame.stack.sections.rewritten)
    more = Unknown(reasons, section.at) if reasons else None
    return Map({} if found.rewritten else entries, section.at, more=more)


def _level(syntax: Syntax, frame: Frame, levels: int) -> Node:
    """The keys of a mapping, down to its values."""
    if not levels:
        return evaluate(syntax, frame)
    syntax = as_entries(syntax)
    if not isinstance(syntax, Entries):
        error = InputError("a mapping is a map of maps", hint="write two levels of keys, then the value")
        return frame.run.invalid(error, frame.label, syntax.at)
    found = expanded(syntax, frame)
    if found.open:
        return assembled(found, syntax.at)
    return Map({each.key: _level(each.value, each.frame, levels - 1) for each in found.entries}, syntax.at)
