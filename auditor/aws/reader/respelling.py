"""What the functions of spellings (``then``) are made of: the outermost entries of a resource, respelled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader.nodes import given
from auditor.aws.reader.spelling import Respell
from auditor.tree import Dialect, Map, Node, Reason, Reference, Resource, Scalar, Seq, Unknown


def entry(resource: Resource, name: str) -> Node | None:
    """An outermost entry of a resource; None where it is absent, null or an empty text."""
    return given(resource.body.entries.get(name))


def with_entries(resource: Resource, **entries: Node | None) -> Resource:
    """The resource with these outermost entries instead of its own; without those that are None."""
    found = {**resource.body.entries, **entries}
    kept = {name: node for name, node in found.items() if node is not None}
    return replace(resource, body=replace(resource.body, entries=kept))


def undecided(resource: Resource, name: str, what: str, settled_by: str, *options: object) -> Unknown:
    """An entry that the input does not say and that is not known for that."""
    at = resource.body.at
    found = tuple([_scalar(option, resource) for option in options])
    return Unknown((Reason(what, at, settled_by),), at, identity=f"{resource.address}.{name}", options=found)


def _scalar(value: object, resource: Resource) -> Scalar:
    return Scalar(value if isinstance(value, str | bool | int) else None, resource.body.at)


def in_legacy_groups(resource: Resource, legacy: str, own: str) -> Resource:
    """What names groups of before VPCs and none of its VPC: which of the latter it has is not known."""
    if entry(resource, legacy) is None or entry(resource, own) is not None:
        return resource
    what = f"the VPC security groups of {resource.address}, which names others"
    return with_entries(resource, **{own: undecided(resource, own, what, f"give {own}")})


def inner(node: Node | None, *names: str) -> Node | None:
    """The entry of the innermost of maps, where all of them are known."""
    for name in names:
        if not isinstance(node, Map):
            return None
        node = given(node.entries.get(name))
    return node


def possibly_absent(node: Node | None) -> bool:
    """Whether a value may turn out to be absent."""
    if isinstance(node, Unknown):
        return any(map(possibly_absent, node.options))
    return given(node) is None


def sibling(resource: Resource, rest: str) -> str:
    """The ARN of what is in the account and Region of a resource, by the end of it: ``subgrp:main``.

    Only the name where the resource's own address is no ARN.
    """
    parts = resource.address.split(":")
    return ":".join([*parts[:5], rest]) if parts[0] == "arn" and len(parts) > 5 else _last(rest)


def _last(rest: str) -> str:
    return rest.replace("/", ":").rpartition(":")[2]


def siblings(**beginnings: str) -> Respell:
    """A ``then`` for the API: names of other things of the same account and Region become their ARNs."""

    def respell(resource: Resource) -> Iterator[Resource]:
        yield named_siblings(resource, **beginnings)

    return respell


def named_siblings(resource: Resource, **beginnings: str) -> Resource:
    """The resource with the names that entries hold as ARNs, each with the beginning of its last part."""
    if resource.dialect is not Dialect.SNAPSHOT:
        return resource
    found: dict[str, Node | None] = {}
    for name, beginning in beginnings.items():
        node = entry(resource, name)
        if isinstance(node, Scalar) and isinstance(node.value, str) and not node.value.startswith("arn:"):
            found[name] = Scalar(sibling(resource, beginning + node.value), node.at)
    return with_entries(resource, **found)


def adopting(resource: Resource, kind: str, path: str) -> Resource:
    """What AWS made with a VPC as the resource of ``kind`` that adopts it: ``path`` names the VPC's part."""
    vpc = entry(resource, "vpc_id")
    name = vpc.value if isinstance(vpc, Scalar) else ""
    return replace(with_entries(resource, **{path: Reference(str(name), path, resource.at)}), kind=kind)


def maps(node: Node | None) -> tuple[Map, ...]:
    """The maps in a list that is known."""
    return tuple([item for item in (node.items if isinstance(node, Seq) else ()) if isinstance(item, Map)])


def says_so(body: Map, name: str) -> bool:
    """Whether an entry is certainly true."""
    node = body.entries.get(name)
    return isinstance(node, Scalar) and node.value is True


def unless_empty(*names: str) -> Respell:
    """A ``then``: maps that say nothing, as AWS gives them for what is not set, are left out."""

    def respell(resource: Resource) -> Iterator[Resource]:
        empty = [name for name in names if _is_empty(resource.body.entries.get(name))]
        yield with_entries(resource, **dict.fromkeys(empty))

    return respell


def _is_empty(node: Node | None) -> bool:
    match node:
        case Map():
            return node.more is None and all(map(_is_empty, node.entries.values()))
        case Seq():
            return not node.items and node.more is None
        case _:
            return given(node) is None or (isinstance(node, Scalar) and node.value is False)


__all__ = [
    "adopting",
    "entry",
    "in_legacy_groups",
    "inner",
    "maps",
    "named_siblings",
    "possibly_absent",
    "says_so",
    "sibling",
    "siblings",
    "undecided",
    "unless_empty",
    "with_entries",
]
