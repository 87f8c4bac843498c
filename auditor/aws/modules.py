"""A module that cannot be read: what it may do to the things that it is given.

It may add any rule to a group, any entry to an ACL and any route to a table that is passed to it, and may
give a subnet another table. What it may do to things that it finds by itself is told by its gap alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, one_of
from auditor.model import (
    AclEntry,
    AddressPeer,
    Component,
    Direction,
    Fact,
    Link,
    Route,
    Rule,
    TableAssociation,
    Target,
    TargetKind,
    Truth,
    UnknownPeer,
)
from auditor.traffic import ANY, EMPTY, EVERYTHING, NOTHING, Bounds
from auditor.tree import Map, Node, Presence, Reference, Seq, Unknown


def read_module(block: Block) -> Iterator[Component]:
    """What the module may add to the groups, ACLs and route tables among its arguments, and to subnets."""
    given = {link.id: link for node in _leaves(block.body) for link in one_of(node).items}
    for link in given.values():
        match _kind(block, link.id):
            case "aws_security_group" | "aws_default_security_group" | "default_security_group_id":
                yield from _rules(block, link)
            case "aws_network_acl" | "aws_default_network_acl" | "default_network_acl_id":
                yield from _entries(block, link)
            case (
                "aws_route_table"
                | "aws_default_route_table"
                | "main_route_table_id"
                | "default_route_table_id"
            ):
                yield _route(block, link)
            case "aws_subnet" | "aws_default_subnet":
                yield _association(block, link)
            case _:
                pass


def _leaves(node: Node) -> Iterator[Node]:
    match node:
        case Map():
            inner: tuple[Node | None, ...] = (*node.entries.values(), node.more)
        case Seq():
            inner = (*node.items, node.more)
        case Unknown():
            inner = node.options
        case Reference():
            yield node
            return
        case _:
            return
    for each in inner:
        if each is not None:
            yield from _leaves(each)


def _kind(block: Block, identity: str) -> str:
    """The type of the resource that an id names, or the attribute of it that makes the id."""
    last = identity.rpartition(".")[2]
    return (
        last
        if last.startswith(("default_", "main_")) and last.endswith("_id")
        else block.estate.kind_at(identity)
    )


def _rules(block: Block, group: Link) -> Iterator[Rule]:
    for direction in Direction:
        yield Rule(
            component=block.address,
            at=block.at,
            group=group,
            direction=direction,
            service=Bounds(NOTHING, EVERYTHING),
            peers=(UnknownPeer(block.at, block.reasons),),
            presence=Presence.POSSIBLE,
            reasons=block.reasons,
        )


def _anywhere(block: Block) -> AddressPeer:
    return AddressPeer(Bounds(EMPTY, ANY), block.address, block.at, block.reasons)


def _entries(block: Block, acl: Link) -> Iterator[AclEntry]:
    for direction in Direction:
        yield AclEntry(
            component=block.address,
            at=block.at,
            acl=acl,
            direction=direction,
            number=None,
            allow=Fact(Truth.UNKNOWN, block.at, block.reasons),
            service=Bounds(NOTHING, EVERYTHING),
            peer=_anywhere(block),
            presence=Presence.POSSIBLE,
            reasons=block.reasons,
        )


def _route(block: Block, table: Link) -> Route:
    return Route(
        id=f"{block.address}:{table.id}",
        at=block.at,
        table=table,
        destination=_anywhere(block),
        target=Target(TargetKind.UNKNOWN),
        presence=Presence.POSSIBLE,
        reasons=block.reasons,
    )


def _association(block: Block, subnet: Link) -> TableAssociation:
    return TableAssociation(
        at=block.at,
        table=Link(f"a table of {block.address}", block.at, certain=False, reasons=block.reasons),
        subnet=subnet,
        presence=Presence.POSSIBLE,
        reasons=block.reasons,
    )


READERS = {"module": read_module}
