"""Templates as text, evaluated, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

from auditor.sources.cloudformation.syntax import parse
from auditor.sources.cloudformation.syntax.nodes import Entries
from auditor.sources.cloudformation.template.options import NestedTemplate, StackOptions, StackReading
from auditor.sources.cloudformation.template.stack import read_stack
from auditor.tree import Location, Map, Node, Reference, Resource, Scalar, Seq, Unknown

PATH = "net.yaml"
GIVEN = Location("--parameter")


def syntax(text: str, path: str = PATH) -> Entries:
    parsed = parse(dedent(text).encode(), path)
    assert parsed.root is not None, parsed.gaps
    return parsed.root


def scalar(value: str | int | bool | None) -> Scalar:
    return Scalar(value, GIVEN)


def read(
    text: str,
    parameters: Mapping[str, str | Node] | None = None,
    *,
    pseudo: Mapping[str, str] | None = None,
    exports: Mapping[str, Node] | None = None,
    files: Mapping[str, str] | None = None,
) -> StackReading:
    """A template called ``net``. ``files`` are those that it nests or includes."""
    return read_stack(
        syntax(text),
        StackOptions(
            name="net",
            path=PATH,
            parameters=nodes(parameters or {}),
            pseudo=nodes(pseudo or {}),
            imports=(exports or {}).get,
            templates=lambda url, _resource: nested(url, files or {}),
            include=lambda url: entries(url, files or {}),
        ),
    )


def nodes(values: Mapping[str, str | Node]) -> dict[str, Node]:
    return {name: scalar(each) if isinstance(each, str) else each for name, each in values.items()}


def entries(url: Node, files: Mapping[str, str]) -> Entries | None:
    name = url.value if isinstance(url, Scalar) else None
    return syntax(files[name], name) if isinstance(name, str) and name in files else None


def nested(url: Node, files: Mapping[str, str]) -> NestedTemplate | None:
    root = entries(url, files)
    if root is None:
        return None
    assert isinstance(url, Scalar)
    return NestedTemplate(
        root=root,
        path=str(url.value),
        templates=lambda inner, _resource: nested(inner, files),
        include=lambda inner: entries(inner, files),
    )


def resources(reading: StackReading) -> dict[str, Resource]:
    return {each.address: each for each in reading.resources}


def bodies(reading: StackReading) -> dict[str, object]:
    return {each.address: plain(each.body) for each in reading.resources}


def value_of(expression: str, before: str = "", **parameters: str | Node) -> Node:
    """What a property is whose value is written so; ``before`` are further sections and resources."""
    return reading_of(expression, before, **parameters)[1]


def reading_of(expression: str, before: str = "", **parameters: str | Node) -> tuple[StackReading, Node]:
    section = "" if "Resources:" in before else "Resources:\n"
    it = f"  It:\n    Type: Test::It\n    Properties:\n      Value: {expression}\n"
    text = f"{dedent(before)}\n{section}{it}"
    reading = read(text, parameters)
    return reading, resources(reading)["net/It"].body.entries.get("Value", scalar(None))


def plain(node: Node | None) -> object:
    """A value in a shape that is easy to compare: places and reasons are left out.

    ``&x`` is a reference, ``?x`` an unknown, ``{"one of": …}`` one with options.
    """
    match node:
        case None:
            return None
        case Scalar():
            return node.value
        case Reference():
            return f"&{node.target}.{node.attribute}"
        case Unknown() if node.options:
            return {"one of": [plain(each) for each in node.options]}
        case Unknown():
            return f"?{node.identity}"
        case Seq():
            more = [] if node.more is None else [{"more": plain(node.more)}]
            return [*map(plain, node.items), *more]
        case Map():
            more = {} if node.more is None else {"…": plain(node.more)}
            return {key: plain(each) for key, each in node.entries.items()} | more


def whys(reading: StackReading) -> list[str]:
    return [gap.why for gap in reading.gaps]
