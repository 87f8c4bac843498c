"""Nodes as links to other things. Equal values give equal ids, known or not."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from auditor.aws.reader.nodes import alternatives, described, given, why
from auditor.model import Link, Links
from auditor.tree import Map, Node, Reason, Reference, Scalar, Seq, Unknown

# Attributes that stand for the resource itself wherever another resource names it.
ITSELF = frozenset(
    {
        "allocation_id",
        "arn",
        "cluster_identifier",
        "cluster_name",
        "id",
        "identifier",
        "key",
        "name",
        "primary_network_interface_id",
        "replication_group_id",
        "replication_subnet_group_id",
    }
)

_INDEX = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]')
# What stands before the id of a thing of EC2: its account, or the rest of its ARN.
_ELSEWHERE = re.compile(r"(?:arn:[\w-]+:ec2:[\w-]*:\d*:[a-z-]+|\d{12})/(?=[a-z]+(?:-[a-z]+)*-)")

# An ARN of EC2 up to the id, the parts of which nothing is known left out.
_BEFORE = re.compile(r"arn:[\w-]*:ec2:[\w-]*:\d*:[a-z-]+/")


def kind_named(address: str) -> str:
    """The type in an address or in the identity of a value: ``aws_vpc`` in ``module.a.aws_vpc.b[0].id``.

    Empty where there is none (``var.vpc_id``). A data source counts as the type that it reads.
    """
    parts = _outside_modules(address)
    if parts and parts[0] == "data":
        parts = parts[1:]
    return parts[0] if len(parts) > 1 and "_" in parts[0] and parts[0].isidentifier() else ""


def is_data(address: str) -> bool:
    """Whether an address names a data source of Terraform's."""
    if "data." not in address:
        return False
    parts = _outside_modules(address)
    return parts[0] == "data" and len(parts) > 1 and parts[1].isidentifier()


def _outside_modules(address: str) -> list[str]:
    """The words of an address after those of its modules, without indices."""
    parts = _INDEX.sub("", address).rpartition(":")[2].split(".")
    while len(parts) > 2 and parts[0] == "module":
        parts = parts[2:]
    return parts


def referred(node: Reference) -> str:
    """The id of what a reference names: the resource itself, or a part of it that AWS makes."""
    if node.attribute in ITSELF and not is_data(node.target):
        return node.target
    return f"{node.target}.{node.attribute}"


def one_of(node: Node | None) -> Links:
    """What an attribute names that takes one thing."""
    node = given(node)
    if node is None:
        return Links()
    match node:
        case Scalar():
            return Links((Link(_ELSEWHERE.sub("", str(node.value)), node.at),))
        case Reference():
            return Links((Link(referred(node), node.at),))
        case Unknown():
            return _unknown(node)
        case Seq():
            return many_of(node)
        case Map():
            return Links(open=why(node))


def _unknown(node: Unknown) -> Links:
    last = node.parts[-1] if node.parts else None
    if type(last) is Reference and _BEFORE.fullmatch("".join(map(_written, node.parts[:-1]))):
        return one_of(replace(last, at=node.at, via=node.via))
    parts = alternatives(node) or node.options
    if parts:
        return _either([one_of(part) for part in parts], why(node))
    if node.identity:
        return Links((Link(node.identity, node.at, reasons=node.reasons),))
    return Links(open=why(node))


def _written(part: Node) -> str:
    return str(part.value) if type(part) is Scalar else ""


def many_of(node: Node | None) -> Links:
    """What an attribute names that takes a list. A list that is not known at all leaves the links open."""
    node = given(node)
    match node:
        case Seq():
            return _sequence(node)
        case Unknown() if node.options:
            return _either([many_of(option) for option in node.options], why(node))
        case Unknown() | Reference() | Map():
            return Links(open=why(node) or (Reason(described(node), node.at),))
        case _:
            return one_of(node)


def _sequence(node: Seq) -> Links:
    parts = [one_of(item) for item in node.items]
    items = tuple(link for part in parts for link in part.items)
    reasons = tuple(reason for part in parts for reason in part.open)
    if node.more is not None:
        further = one_of(node.more)
        if type(node.more) is Unknown and not node.more.options:
            further = Links(open=why(node.more))
        items += tuple(replace(link, certain=False, reasons=why(node.more)) for link in further.items)
        reasons += further.open
    return Links(items, tuple(dict.fromkeys(reasons)))


def _either(parts: list[Links], reasons: tuple[Reason, ...]) -> Links:
    """One of several lists of links: certain is what all of them name."""
    counts = Counter(key for part in parts for key in {link.id for link in part.items if link.certain})
    links: dict[str, Link] = {}
    for part in parts:
        for link in part.items:
            sure = counts[link.id] == len(parts)
            links.setdefault(link.id, link if sure else replace(link, certain=False, reasons=reasons))
    return Links(tuple(links.values()), tuple(dict.fromkeys(why for part in parts for why in part.open)))


NONE = Links()


def joined(*parts: Links) -> Links:
    """All that any of the parts names; open where one of them is."""
    named = [part for part in parts if part.items or part.open]
    if len(named) < 2:
        return named[0] if named else NONE
    items = dict.fromkeys(link for part in named for link in part.items)
    return Links(tuple(items), tuple(dict.fromkeys(why for part in named for why in part.open)))


def uncertain(links: Links, reasons: tuple[Reason, ...]) -> Links:
    """The same links, each only possible."""
    return Links(tuple(replace(link, certain=False, reasons=reasons) for link in links.items), links.open)
