"""Nodes as plain values, and where everything in them stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, assert_never

from auditor.sources.cloudformation.syntax import Call, Entries, Entry, Items, Parsed, Syntax, parse
from auditor.tree import Location, Scalar


def plain(node: Syntax) -> Any:
    """A node as ``json`` and ``yaml`` would give it, a call as the map that it is short for."""
    match node:
        case Scalar(value):
            return value
        case Items(items):
            return [plain(item) for item in items]
        case Entries(entries):
            return {entry.key: plain(entry.value) for entry in entries}
        case Call(name, argument):
            return {name: plain(argument)}
        case _:
            assert_never(node)


def places(node: Syntax | Entry) -> Iterator[tuple[Location, Syntax | Entry]]:
    """Every node and key with its place, the outer before the inner."""
    yield node.at, node
    match node:
        case Items(items):
            for item in items:
                yield from places(item)
        case Entries(entries):
            for entry in entries:
                yield from places(entry)
        case Entry(value=value) | Call(argument=value):
            yield from places(value)
        case Scalar():
            return
        case _:
            assert_never(node)


def parsed(text: str | bytes, path: str = "t.yaml") -> Parsed:
    """What a text holds."""
    return parse(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text, path)


def read(text: str | bytes, path: str = "t.yaml") -> Any:
    """The plain value of a text in which nothing is wrong."""
    found = parsed(text, path)
    assert found.gaps == ()
    assert found.root is not None
    return plain(found.root)


def value(text: str) -> Any:
    """The plain value of ``text`` behind a key, in YAML."""
    return read(f"key: {text}\n")["key"]


def problems(text: str | bytes, path: str = "t.yaml") -> list[str]:
    """What is wrong in a text, as ``line:column: why``."""
    return [f"{gap.at.line}:{gap.at.column}: {gap.why}" for gap in parsed(text, path).gaps]
