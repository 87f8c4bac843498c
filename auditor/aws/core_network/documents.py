"""The policy of a core network, wherever it stands, as one block in the words of Terraform's data source."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.aws.reader import Block, why
from auditor.tree import Location, Map, Node, Presence, Reason, Reference, Resource, Scalar, Seq, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

ATTACHED = "aws_networkmanager_core_network_policy_attachment"
Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


def document_of(core: Block) -> Block | tuple[Reason, ...]:
    """The policy of a core network, or why it is not known.

    A policy that is attached takes the place of the one that the network is made with.
    https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-policies-json.html
    """
    users = core.users(ATTACHED, "core_network_id", *core.ids)
    if len(users) > 1:
        return (Reason(f"which policy of {core.address} is live", users[1][0].at, "a snapshot"),)
    for user, link in users:
        if not link.certain or user.presence is not Presence.CERTAIN:
            return user.reasons or link.reasons or _missing(core)
        return _read(user, user.get("policy_document"))
    for name in ("policy_document", "base_policy_document"):
        if core.has(name):
            return _read(core, core.get(name))
    return _missing(core)


def _missing(core: Block) -> tuple[Reason, ...]:
    return (Reason(f"the policy of {core.address}", core.at, "load the input that attaches it too"),)


def _read(owner: Block, node: Node | None) -> Block | tuple[Reason, ...]:
    match node:
        case Map():
            return _block(owner, owner.resource, node)
        case Scalar(value) if isinstance(value, str):
            parsed = _parsed(value, node.at)
            if isinstance(parsed, Map):
                return _block(owner, owner.resource, parsed)
            return (Reason(f"the policy of {owner.address}, which is no JSON", node.at, "valid JSON"),)
        case Reference(target=target) | Unknown(identity=target):
            found = owner.estate.at_address(target.removesuffix(".json"))
            if found is not None and found.kind.endswith("core_network_policy_document"):
                return _block(owner, found, found.body)
        case _:
            pass
    return _missing(owner) if node is None else why(node)


def _block(owner: Block, resource: Resource, body: Map) -> Block:
    return Block(resource, owner.estate, _plain(body), owner.presence, owner.reasons)


def _parsed(text: str, at: Location) -> Node | None:
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return _node(value, at)


def _node(value: Json, at: Location) -> Node:
    match value:
        case dict():
            return Map({key: _node(item, at) for key, item in value.items()}, at)
        case list():
            return Seq(tuple([_node(item, at) for item in value]), at)
        case _:
            return Scalar(value, at)


def _plain(body: Map) -> Map:
    """The same values under keys of Terraform's: ``segment-actions`` is ``segment_actions``."""
    found: Mapping[str, Node] = {
        key.replace("-", "_"): _underscored(value) for key, value in body.entries.items()
    }
    return Map(found, body.at, body.via, body.more)


def _underscored(node: Node) -> Node:
    match node:
        case Map():
            return _plain(node)
        case Seq(items, at, via, more, unordered):
            return Seq(tuple([_underscored(item) for item in items]), at, via, more, unordered)
        case Unknown() if node.options:
            return replace(node, options=tuple([_underscored(option) for option in node.options]))
        case _:
            return node
