"""The endpoints of network firewalls, which routes name in many ways.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/vpc-config.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from auditor.aws.reader.block import Block
from auditor.aws.reader.estate import Estate
from auditor.frozen import dataclass
from auditor.model import FirewallEndpoint, Link
from auditor.tree import Map, Node, Presence, Reason, Reference, Scalar, Seq, Unknown

FIREWALL = "aws_networkfirewall_firewall"
ASSOCIATION = "aws_networkfirewall_vpc_endpoint_association"
_PLACED = re.compile(r"subnet_mapping\[(\d+)\]\.endpoint_id")
_COMPUTED = ("firewall_status", "endpoint_ids", "EndpointIds")
# Functions, and literals that are no ids.
_PICKING = re.compile(r'(?:\w+\(|"[^"]{0,3}"|[\d\s,()\[\]])*')


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The endpoints of a firewall; ``open`` says why there may be others."""

    found: tuple[FirewallEndpoint, ...]
    open: tuple[Reason, ...]


def endpoint_id(firewall: str, subnet: str) -> str:
    """The id of a firewall's endpoint in a subnet."""
    return f"{firewall}/{subnet}"


def endpoints_of(firewall: Block) -> Endpoints:
    """One endpoint in each subnet that the firewall maps, or that is associated with it."""
    return _endpoints(firewall, (*_mapped(firewall), *_associated(firewall)))


def _endpoints(firewall: Block, mappings: Iterable[tuple[Block, bool]]) -> Endpoints:
    found: dict[str, FirewallEndpoint] = {}
    unknown: list[Reason] = []
    for mapping, sure in mappings:
        link = mapping.target("subnet_id")
        reasons = link.reasons or mapping.reasons
        if not sure or link.any or link.among:
            unknown += reasons or (Reason(f"a subnet of {firewall.address}", mapping.at, "a snapshot"),)
        if not (link.any or link.among):
            name = endpoint_id(firewall.address, link.id)
            subnet = link if sure else replace(link, certain=False, reasons=reasons)
            found.setdefault(name, FirewallEndpoint(id=name, at=mapping.at, subnet=subnet))
    return Endpoints(tuple(found.values()), tuple(dict.fromkeys(unknown)))


def _mapped(firewall: Block) -> Iterator[tuple[Block, bool]]:
    """The subnets that the firewall itself maps, each with whether it certainly does."""
    for mapping in firewall.blocks("subnet_mapping"):
        yield mapping, firewall.holds(mapping)


def _associated(firewall: Block) -> Iterator[tuple[Block, bool]]:
    """The subnets of endpoints that are associated with the firewall, each with whether it certainly is."""
    for user, link in firewall.users(ASSOCIATION, "firewall_arn", *firewall.ids):
        sure = link.certain and user.presence is Presence.CERTAIN
        for mapping in user.blocks("subnet_mapping"):
            yield mapping, sure and user.holds(mapping)


def endpoint_named(block: Block, path: str) -> Link | None:
    """The endpoint of a firewall that an attribute leads to, where it is made of the firewall's attributes.

    Which of several it is, is not always known: the firewall does not tell them in a known order. It tells
    those in the subnets that it maps; an endpoint that is associated with it has its id in the association.
    https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_FirewallStatus.html
    """
    node = block.get(path)
    firewalls = () if node is None else tuple(dict.fromkeys(_firewalls(node, block.estate)))
    if node is None or len(firewalls) != 1 or not firewalls[0]:
        return None
    resource = block.estate.at_address(firewalls[0])
    if resource is None:
        return None
    firewall = Block.of(resource, block.estate)
    exact = _exact(node, firewall)
    if exact is not None:
        return exact
    endpoints = _endpoints(firewall, _mapped(firewall))
    ids = tuple(endpoint.id for endpoint in endpoints.found)
    if len(ids) == 1 and not endpoints.open:
        return Link(ids[0], node.at)
    reason = Reason(f"which endpoint of {firewalls[0]} it is", node.at, "a snapshot")
    # The same expression names the same endpoint, whichever it is.
    name = (node.identity if isinstance(node, Unknown) else "") or firewalls[0]
    return Link(name, node.at, False, (reason, *endpoints.open), ids, bool(endpoints.open))  # noqa: FBT003 -- as declared


def _exact(node: Node, firewall: Block) -> Link | None:
    """The endpoint in the subnet that is mapped in a certain place, where a value names it so."""
    place = _PLACED.fullmatch(node.attribute) if isinstance(node, Reference) else None
    if place is None:
        return None
    for number, mapping in enumerate(firewall.blocks("subnet_mapping")):
        subnet = mapping.link("subnet_id") if number == int(place[1]) else None
        if subnet is not None and not (subnet.any or subnet.among):
            return Link(endpoint_id(firewall.address, subnet.id), node.at)
    return None


def _firewalls(node: Node, estate: Estate) -> Iterator[str]:
    """The firewalls whose attributes a value is made of, and ``""`` for anything else."""
    match node:
        case Reference():
            yield node.target if estate.kind_at(node.target) == FIREWALL else ""
        case Unknown(options=(), parts=()):
            yield from _mentioned(node.identity, estate) or ("",)
        case Scalar():
            yield ""
        case _:
            for inner in _inside(node):
                yield from _firewalls(inner, estate)


def _inside(node: Node) -> tuple[Node, ...]:
    """What a value is made of, or may be."""
    match node:
        case Unknown():
            return node.options or node.parts
        case Seq():
            return node.items if node.more is None else (*node.items, node.more)
        case Map():
            inner = tuple(node.entries.values())
            return inner if node.more is None else (*inner, node.more)
        case _:
            return ()


def _mentioned(identity: str, estate: Estate) -> list[str]:
    """The firewall whose endpoints an expression picks from, if there is nothing else in it."""
    return [
        one.address
        for one in (estate.of_kind(FIREWALL) if any(name in identity for name in _COMPUTED) else ())
        if _picks_from(identity, one.address)
    ]


def _picks_from(identity: str, address: str) -> bool:
    own = re.compile(rf'(?<![\w.\]/"-]){re.escape(address)}\.(?:{"|".join(_COMPUTED)})[\w.\[\]*]*')
    rest, count = own.subn("", identity)
    return count > 0 and _PICKING.fullmatch(rest) is not None
