"""Suppressions in the metadata of a template: ``netaudit: {ignore: [{rules, reason, until, owner}]}``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from auditor.sources.suppressing.words import Words
from auditor.tree import Location

if TYPE_CHECKING:
    from yaml.nodes import Node


def in_template(path: str, text: str) -> Iterator[tuple[Words, Location, range]]:
    """What the resources of a template say, YAML or JSON, with the lines of the resource.

    Nothing where the file is no such template: what does not parse is a gap already.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(text, Loader=loader)
    except yaml.YAMLError:
        return
    for resource, lines in _resources(root):
        for entry in _items(_at(resource, "Metadata", "netaudit", "ignore")):
            mark = entry.start_mark
            yield _words(entry), Location(path, mark.line + 1, mark.column + 1), lines


def _resources(root: Node | None) -> Iterator[tuple[Node, range]]:
    """The resources with their lines, from 1; none for those that share a line: it would speak of others."""
    from yaml.nodes import MappingNode

    resources = _at(root, "Resources")
    if not isinstance(resources, MappingNode):
        return
    end = 0
    for key, resource in resources.value:
        # A block ends where the next thing begins, a map in braces where its brace is.
        last = resource.end_mark.line + bool(resource.flow_style)
        first = key.start_mark.line + 1
        yield resource, range(first, last + 1) if first > end else range(0)
        end = last


def _words(entry: Node) -> Words:
    found = dict(_pairs(entry))
    rules = found.pop("rules", None) or found.pop("rule", None)
    texts = {name: str(value.value) for name, value in found.items()}
    return Words(
        rules=tuple(str(one.value) for one in _items(rules)),
        reason=texts.pop("reason", "").strip(),
        until=texts.pop("until", ""),
        owner=texts.pop("owner", ""),
        unknown=tuple(texts),
    )


def _at(node: Node | None, *keys: str) -> Node | None:
    for key in keys:
        node = next((value for name, value in _pairs(node) if name == key), None)
    return node


def _pairs(node: Node | None) -> Iterator[tuple[str, Node]]:
    from yaml.nodes import MappingNode

    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield str(key.value), value


def _items(node: Node | None) -> Iterator[Node]:
    from yaml.nodes import ScalarNode, SequenceNode

    if isinstance(node, SequenceNode):
        yield from node.value
    elif isinstance(node, ScalarNode):
        yield node
