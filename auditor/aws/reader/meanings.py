"""What values of other dialects are in the words of the readers, known or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from auditor.aws.reader.nodes import given
from auditor.tree import Map, Node, Reference, Scalar, Seq, Unknown

Values = Mapping[str, str | bool | int]


def distributed(node: Node) -> Node:
    """A value that is one of several maps, or null, as one map of values that are each one of several."""
    if not isinstance(node, Unknown) or not node.options:
        return node
    maps = [option if isinstance(option, Map) else Map({}, node.at) for option in node.options]
    if any(not isinstance(option, Map) and given(option) is not None for option in node.options):
        return replace(node, options=())
    names = dict.fromkeys(name for one in maps for name in one.entries)
    more = next((one.more for one in maps if one.more is not None), None)
    entries: dict[str, Node] = {
        name: Unknown(
            node.reasons,
            node.at,
            node.via,
            options=tuple([one.entries.get(name, Scalar(None, node.at)) for one in maps]),
        )
        for name in names
    }
    return Map(entries, node.at, node.via, more)


def meant(node: Node, meanings: Values) -> Node:
    """A value, each known text of it replaced by what it means."""
    if isinstance(node, Scalar):
        text = node.value.lower() if isinstance(node.value, str) else None
        meaning = next((own for one, own in meanings.items() if one.lower() == text), None)
        return node if meaning is None else Scalar(meaning, node.at, node.via)
    if isinstance(node, Unknown) and node.options:
        return replace(node, options=tuple([meant(option, meanings) for option in node.options]))
    if isinstance(node, Seq):
        return replace(node, items=tuple([meant(item, meanings) for item in node.items]))
    return node


def one_field(node: Node, name: str) -> Node:
    """A list of maps as the list of one of their fields; what lacks it is left out."""
    match node:
        case Map():
            return node.entries.get(name) or (node.more or Scalar(None, node.at))
        case Seq(items, at, via, more, unordered):
            found = [one_field(item, name) for item in items]
            kept = tuple([item for item in found if not (isinstance(item, Scalar) and item.value is None)])
            return Seq(kept, at, via, None if more is None else one_field(more, name), unordered)
        case Unknown():
            return replace(node, options=tuple([one_field(option, name) for option in node.options]))
        case _:
            return node


def text_at(node: Node, words: list[str]) -> str:
    """The text below the words in maps; empty where there is none that is known."""
    for word in words:
        node = node.entries.get(word, node) if isinstance(node, Map) else node
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else ""


# Tags of AWS itself that tell what made a thing, and what it is called there.
_MAKERS = frozenset(
    {"aws:autoscaling:groupName", "aws:cloudformation:logical-id", "aws:cloudformation:stack-name"}
)


def tags_of(node: Node) -> Node:
    """Tags as one map, whether they are a map already or a list of keys and values.

    Of AWS's own, only those that tell what made the thing.
    """
    if isinstance(node, Unknown) and len(node.options) > 0:
        return replace(node, options=tuple([tags_of(option) for option in node.options]))
    if not isinstance(node, Seq):
        return node
    pairs = [(item, *(_pair(item) if isinstance(item, Map) else (None, None))) for item in node.items]
    entries = {
        str(key.value): value
        for _, key, value in pairs
        if isinstance(key, Scalar) and value is not None and _is_kept(str(key.value))
    }
    unknown = [key or item for item, key, _ in pairs if not isinstance(key, Scalar) and _is_open(key or item)]
    return Map(entries, node.at, node.via, node.more or next(iter(unknown), None))


def _is_open(node: Node) -> bool:
    return isinstance(node, Unknown | Reference)


def _is_kept(key: str) -> bool:
    return not key.startswith("aws:") or key in _MAKERS


def _pair(item: Map) -> tuple[Node | None, Node | None]:
    entries = item.entries
    key = entries.get("Key", entries.get("key", entries.get("TagKey")))
    return key, entries.get("Value", entries.get("value", entries.get("TagValue")))


__all__ = ["Values", "distributed", "meant", "one_field", "tags_of", "text_at"]
