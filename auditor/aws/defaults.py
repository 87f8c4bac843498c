"""What AWS makes with every VPC: its default group, its default ACL and its main route table.

Where a resource adopts one of them, that resource is the thing, and the VPC's attribute another id of it.
https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html,
https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block
from auditor.model import (
    YES,
    Acl,
    AclEntry,
    AddressPeer,
    Alias,
    Component,
    Direction,
    Gateway,
    Group,
    GroupPeer,
    Link,
    Peer,
    Route,
    RouteTable,
    Rule,
    Target,
    TargetKind,
)
from auditor.traffic import ANY, EMPTY, EVERYTHING, IPV4, IPV6, Bounds, IntSet, Traffic, exact
from auditor.tree import Dialect, Presence, Reason

ALL: Bounds[Traffic] = exact(EVERYTHING)
FAMILIES: tuple[tuple[str, IntSet], ...] = (("0.0.0.0/0", IPV4), ("::/0", IPV6))


def read_default_group(block: Block) -> Iterator[Component]:
    """The default group of a VPC that nothing adopts, or another id for the group that adopts it."""
    own = f"{block.address}.default_security_group_id"
    adopter = _adopter(block, "aws_default_security_group", "vpc_id", *block.ids)
    if adopter is not None:
        yield Alias(id=own, of=adopter.address)
        if adopter.presence is not Presence.CERTAIN:
            yield from _group_rules(block, adopter.address, Presence.POSSIBLE, adopter.reasons)
        return
    yield Group(
        id=own,
        at=block.at,
        vpc=Link(block.address, block.at),
        names=("default",),
        called="default",
        default=True,
        scope=block.resource.scope,
        presence=block.presence,
    )
    yield from _group_rules(block, own, block.presence, block.reasons)


def _group_rules(block: Block, group: str, presence: Presence, reasons: tuple[Reason, ...]) -> Iterator[Rule]:
    link = Link(group, block.at)
    everywhere = tuple(AddressPeer(exact(family), text, block.at) for text, family in FAMILIES)
    members: tuple[Peer, ...] = (GroupPeer(link, block.at),)
    for direction, peers in ((Direction.INGRESS, members), (Direction.EGRESS, everywhere)):
        yield Rule(
            component=group,
            at=block.at,
            group=link,
            direction=direction,
            service=ALL,
            peers=peers,
            presence=presence,
            reasons=reasons,
            implicit=True,
        )


def read_default_acl(block: Block) -> Iterator[Component]:
    """The default ACL of a VPC that nothing adopts, or another id for the ACL that adopts it."""
    own = f"{block.address}.default_network_acl_id"
    adopter = _adopter(block, "aws_default_network_acl", "default_network_acl_id", own, *_id(block, own))
    if adopter is not None:
        yield Alias(id=own, of=adopter.address)
        if adopter.presence is not Presence.CERTAIN:
            yield from _entries(block, adopter.address, Presence.POSSIBLE, adopter.reasons)
        return
    yield Acl(
        id=own,
        at=block.at,
        vpc=Link(block.address, block.at),
        names=("default",),
        default=True,
        presence=block.presence,
    )
    yield from _entries(block, own, Presence.CERTAIN, ())


def _entries(block: Block, acl: str, presence: Presence, reasons: tuple[Reason, ...]) -> Iterator[AclEntry]:
    for direction in Direction:
        for number, (text, family) in zip((100, 101), FAMILIES, strict=True):
            yield AclEntry(
                component=acl,
                at=block.at,
                acl=Link(acl, block.at),
                direction=direction,
                number=number,
                allow=YES,
                service=ALL,
                peer=AddressPeer(exact(family), text, block.at),
                presence=presence,
                reasons=reasons,
            )


def read_main_table(block: Block) -> Iterator[Component]:
    """The main route table that AWS makes with a VPC, or another id for the table that adopts it."""
    own, other = f"{block.address}.main_route_table_id", f"{block.address}.default_route_table_id"
    ids = (own, other, *_id(block, own), *_id(block, other))
    adopter = _adopter(block, "aws_default_route_table", "default_route_table_id", *ids)
    table = adopter.address if adopter is not None else own
    yield Alias(id=other, of=table)
    if adopter is not None:
        yield Alias(id=own, of=table)
    else:
        yield RouteTable(
            id=own,
            at=block.at,
            vpc=Link(block.address, block.at),
            names=("main",),
            main=True,
            presence=block.presence,
        )
    if block.resource.kind == "aws_default_vpc":
        yield from _internet(block, table, adopter)


def _internet(block: Block, table: str, adopter: Block | None) -> Iterator[Component]:
    """The internet gateway that a default VPC comes with, and the route to it in its main table.

    https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html
    """
    gateway = f"{block.address}.internet_gateway"
    kind = TargetKind.INTERNET_GATEWAY
    yield Gateway(
        id=gateway, kind=kind, at=block.at, vpc=Link(block.address, block.at), presence=block.presence
    )
    if adopter is not None and adopter.presence is Presence.CERTAIN:
        return
    text, family = FAMILIES[0]
    yield Route(
        id=f"{table}.route[0]",
        at=block.at,
        table=Link(table, block.at),
        destination=AddressPeer(exact(family), text, block.at),
        target=Target(kind, Link(gateway, block.at)),
        presence=block.presence if adopter is None else block.possible,
        reasons=() if adopter is None else adopter.reasons,
    )


def _id(block: Block, own: str) -> tuple[str, ...]:
    """The id of a part of the VPC where the input holds it already."""
    known = block.text(own.rpartition(".")[2])
    return (known,) if known else ()


def _adopter(block: Block, kind: str, path: str, *ids: str) -> Block | None:
    """The resource that adopts a part of the VPC. It certainly does only if it and its link are certain."""
    users = [(user, link) for user, link in block.users(kind, path, *ids) if not link.any]
    if not users:
        return None
    user, link = users[0]
    if len(users) == 1 and link.certain:
        return user
    return Block(user.resource, user.estate, user.body, Presence.POSSIBLE, user.reasons or link.reasons)


def read_ids(block: Block) -> Iterator[Alias]:
    """The ids of a VPC's parts, where the input holds them already."""
    for part in ("default_security_group_id", "default_network_acl_id", "main_route_table_id"):
        known = block.text(part)
        if known:
            yield Alias(id=known, of=f"{block.address}.{part}")


def read_defaults(block: Block) -> Iterator[Component]:
    """All that AWS makes with a VPC. A snapshot has it by itself, or it is not known what became of it."""
    parts = (read_default_group, read_default_acl, read_main_table)
    if block.resource.dialect is not Dialect.SNAPSHOT:
        for read in parts:
            yield from read(block)
        yield from read_ids(block)
        return
    for read, (kind, path, part) in zip(parts, _PARTS, strict=True):
        own = f"{block.address}.{part}" if part else block.address
        if block.users(kind, path, own):
            yield from read(block)
        elif kind == "aws_default_route_table":
            yield from _not_collected(block)


_PARTS = (
    ("aws_default_security_group", "vpc_id", ""),
    ("aws_default_network_acl", "default_network_acl_id", "default_network_acl_id"),
    ("aws_default_route_table", "default_route_table_id", "default_route_table_id"),
)


def _not_collected(block: Block) -> Iterator[Component]:
    """The tables of a VPC that the snapshot does not have: any route may be in them."""
    yield from read_main_table(block)
    table = f"{block.address}.main_route_table_id"
    reason = Reason(f"the route tables of {block.address}", block.at, "a snapshot that has RouteTables")
    yield Route(
        id=f"{table}.route",
        at=block.at,
        table=Link(table, block.at),
        destination=AddressPeer(Bounds(EMPTY, ANY), "any address", block.at, (reason,)),
        target=Target(TargetKind.UNKNOWN),
        presence=Presence.POSSIBLE,
        reasons=(reason,),
    )


READERS = {"aws_vpc": read_defaults, "aws_default_vpc": read_defaults}
