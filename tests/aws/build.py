"""Resources from plain Python values, as a source would give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from auditor.aws import inventory
from auditor.model import Inventory
from auditor.tree import (
    Dialect,
    Location,
    Map,
    Node,
    Presence,
    Reading,
    Reason,
    Reference,
    Resource,
    Scalar,
    Scope,
    Seq,
    Unknown,
)

HERE = Location("main.tf", 1, 1)
WHY = (Reason("var.x has no value", HERE, "--var x=…"),)


def node(value: object, at: Location = HERE) -> Node:
    """A node of a Python value: dicts are maps or blocks, lists sequences, nodes themselves."""
    match value:
        case Scalar() | Seq() | Map() | Unknown() | Reference():
            return value
        case Mapping():
            return Map({str(key): node(item, at) for key, item in value.items()}, at)
        case list() | tuple():
            return Seq(tuple(node(item, at) for item in value), at)
        case str() | int() | float() | bool() | None:
            return Scalar(value, at)
    raise TypeError(value)


def resource(address: str, /, *, presence: Presence = Presence.CERTAIN, **body: object) -> Resource:
    """A resource with this address; ``self_`` stands for the attribute ``self``, ``type_`` for ``type``."""
    entries = node({name.rstrip("_"): value for name, value in body.items()}, Location("main.tf", 2, 3))
    assert isinstance(entries, Map)
    words = address.rpartition("[")[0] if address.endswith("]") else address
    kind = words.split(".")[-2]
    reasons = () if presence is Presence.CERTAIN else WHY
    return Resource(kind, address, entries, HERE, scope=Scope(), presence=presence, reasons=reasons)


def templated(kind: str, name: str, /, *, presence: Presence = Presence.CERTAIN, **body: object) -> Resource:
    """A resource of CloudFormation's, ``net/<name>``, with properties in its words."""
    entries = node(body, Location("net.yaml", 2, 3))
    assert isinstance(entries, Map)
    reasons = () if presence is Presence.CERTAIN else WHY
    return Resource(
        kind,
        f"net/{name}",
        entries,
        Location("net.yaml", 1, 3),
        dialect=Dialect.CLOUDFORMATION,
        presence=presence,
        reasons=reasons,
    )


def collected(kind: str, identity: str, /, **body: object) -> Resource:
    """A thing of a snapshot, in the API's words."""
    entries = node(body, Location("snapshot.json", 2, 3))
    assert isinstance(entries, Map)
    at = Location("snapshot.json", 1, 3)
    return Resource(kind, identity, entries, at, dialect=Dialect.SNAPSHOT)


def at(name: str, attribute: str = "Ref") -> Reference:
    """``Ref`` or ``Fn::GetAtt`` of ``net/<name>``."""
    return Reference(f"net/{name}", attribute, HERE)


def ref(path: str) -> Reference:
    """``aws_vpc.main.id`` as a reference to what creation fills in."""
    target, _, attribute = path.rpartition(".")
    return Reference(target, attribute, HERE)


def unknown(identity: str = "", *options: object) -> Unknown:
    """A value that the input does not decide."""
    return Unknown(WHY, HERE, identity=identity, options=tuple(node(option) for option in options))


def open_list(*items: object, more: object) -> Seq:
    """A list that may have more items."""
    return Seq(tuple(node(item) for item in items), HERE, more=node(more))


def read(*resources: Resource) -> Inventory:
    """The inventory of these resources."""
    return inventory(Reading(resources))


def possible(one: Resource) -> Resource:
    """The same resource, only possible."""
    return replace(one, presence=Presence.POSSIBLE, reasons=WHY)


VPC = resource("aws_vpc.main", cidr_block="10.0.0.0/16")
