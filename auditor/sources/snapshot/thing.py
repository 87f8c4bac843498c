"""One thing of a snapshot as it was seen, and two sights of one thing as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from auditor.frozen import dataclass
from auditor.sources.snapshot.files import Seen
from auditor.sources.snapshot.kinds import Kind
from auditor.sources.snapshot.kinds.finding import identity
from auditor.tree import Map, Node, Scalar, Seq

_ARN = re.compile(r"arn:[a-z-]+:[a-z0-9-]+:([a-z0-9-]*):(\d{12}|):")
_ZONE = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}")
_ACCOUNT = re.compile(r"\d{12}")
_OWNERS = ("OwnerId", "VpcOwnerId", "ResourceOwnerId", "TransitGatewayOwnerId", "Owner", "ownerAccount")
GENERAL = "TransitGatewayAttachments"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A thing as one account saw it in one Region; ``when`` is when, where that is known."""

    kind: str
    address: str
    body: Map
    seen: Seen
    home: Seen
    waiting: str = ""
    when: str = ""


def address(kind: Kind, value: Mapping[str, Any], seen: Seen) -> str | None:
    """What AWS calls a thing: its id, or its ARN where only that is unique. None where it does not say."""
    named = identity(kind, value)
    if named is None or not kind.arn:
        return named
    service, _, form = kind.arn.partition(":")
    region = seen.region or _region(value)
    partition = {"cn-": "aws-cn", "us-g": "aws-us-gov"}.get(
        region[: 3 if region.startswith("cn-") else 4], "aws"
    )
    return f"arn:{partition}:{service}:{region}:{seen.account}:{form.format_map(value)}"


def home(named: str, value: Mapping[str, Any], seen: Seen) -> Seen:
    """The account that owns a thing, and its Region."""
    arn = _ARN.match(named)
    owner = next(
        (name for name in map(value.get, _OWNERS) if isinstance(name, str) and _ACCOUNT.fullmatch(name)), ""
    )
    account = (arn[2] if arn else "") or owner or seen.account
    region = (arn[1] if arn else "") or seen.region or _region(value)
    return Seen(account, region)


def _region(value: Mapping[str, Any]) -> str:
    zone = value.get("AvailabilityZone")
    match = _ZONE.match(zone) if isinstance(zone, str) else None
    if match:
        return match[0]
    arns = (_ARN.match(text) for text in value.values() if isinstance(text, str) and text.startswith("arn:"))
    return next((arn[1] for arn in arns if arn and arn[1]), "")


def joined(first: Thing, second: Thing) -> tuple[Thing, tuple[str, ...]]:
    """Two sights of one thing as one, and where one account says two things of it in one Region.

    The newer one counts, else that of the thing's own account, else the first.
    """
    lead, other = (second, first) if _leads(second, first) else (first, second)
    body, differing = _merged(lead.body, other.body)
    specific = other if lead.kind == GENERAL else lead
    told = replace(lead, kind=specific.kind, body=body, waiting=lead.waiting and other.waiting)
    twice = first.kind == second.kind and first.seen == second.seen and not (first.when or second.when)
    return told, tuple(differing) if twice else ()


def _leads(second: Thing, first: Thing) -> bool:
    if second.when or first.when:
        return second.when > first.when
    return first.seen.account != first.home.account and second.seen.account == second.home.account


def _merged(lead: Map, other: Map, path: str = "") -> tuple[Map, list[str]]:
    entries, differing = dict(lead.entries), list[str]()
    for key, node in other.entries.items():
        own = entries.get(key)
        if own is None:
            entries[key] = node
        elif isinstance(own, Map) and isinstance(node, Map):
            entries[key], inner = _merged(own, node, f"{path}{key}.")
            differing += inner
        elif _plain(own) != _plain(node):
            differing.append(f"{path}{key}")
    return replace(lead, entries=entries), differing


def _plain(node: Node) -> object:
    """A value without its place; the order of AWS's lists is no part of it."""
    match node:
        case Scalar():
            return node.value
        case Map():
            return tuple(sorted((key, repr(_plain(inner))) for key, inner in node.entries.items()))
        case Seq():
            return tuple(sorted(repr(_plain(item)) for item in node.items))
        case _:
            return repr(node)


def associations(value: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The route table that an attachment is associated with, as that table's own answer tells of it.

    A peering of transit gateways is one attachment to both of them, and each side tells of its own table.
    """
    table = value.get("Association")
    named = table.get("TransitGatewayRouteTableId") if isinstance(table, dict) else None
    if isinstance(table, dict) and isinstance(named, str):
        told = {
            name: value.get(name) for name in ("TransitGatewayAttachmentId", "ResourceId", "ResourceType")
        }
        yield named, {**told, "State": table.get("State")}
