"""Security groups that a resource names in passing, so that something which is not read may use them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.aws.reader.estate import Estate, kind_of
from auditor.aws.reader.links import is_data
from auditor.aws.reader.unread import GROUP_KINDS
from auditor.model import Component, GroupMention, Link, Profile, Workload
from auditor.tree import Dialect, Map, Node, Reference, Resource, Seq, Unknown

_IDENTIFYING = frozenset({"id", "arn", "name", "Ref", "GroupId"})
# What makes groups, or their rules, and names them for nothing else.
_OWN = GROUP_KINDS | {
    "aws_security_group_rule",
    "aws_vpc_security_group_ingress_rule",
    "aws_vpc_security_group_egress_rule",
}


def mentions(
    estate: Estate, outputs: Iterable[Resource], components: Iterable[Component]
) -> Iterator[GroupMention]:
    """Where something but a rule first names a group that none of the components carries, an output last."""
    groups = {one.address for one in estate.of_kind(*GROUP_KINDS)} - _carried(components)
    if not groups:
        return
    for resource in (*estate, *outputs):
        if resource.dialect is Dialect.SNAPSHOT or kind_of(resource) in _OWN or is_data(resource.address):
            continue
        for reference in _references((resource.body,)):
            if reference.target in groups and reference.attribute in _IDENTIFYING:
                groups.discard(reference.target)
                link = Link(reference.target, reference.at)
                yield GroupMention(at=reference.at, group=link, by=resource.address)


def _carried(components: Iterable[Component]) -> set[str]:
    return {link.id for one in components if isinstance(one, Workload | Profile) for link in one.groups.items}


def _references(nodes: Iterable[Node]) -> Iterator[Reference]:
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        match node:
            case Reference():
                yield node
            case Map(entries=entries, more=more):
                waiting += entries.values()
                waiting += () if more is None else (more,)
            case Seq(items=items, more=more):
                waiting += items
                waiting += () if more is None else (more,)
            case Unknown(options=options, parts=parts):
                waiting += (*options, *parts)
            case _:
                pass
