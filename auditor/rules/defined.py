"""What is defined in two places at once: in a resource that takes its list for all, and beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.frozen import dataclass
from auditor.model import AclEntry, Link, PrefixListPeer, Route, Rule, TargetKind
from auditor.reach import Index
from auditor.tree import Location, Presence, Reason


@dataclass(frozen=True, slots=True)
class Part:
    """A resource that adds to the list of another; ``sure`` where it certainly does."""

    component: str
    at: Location
    sure: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Defined:
    """A resource that lists all of its rules, routes or entries (``noun``), and what adds others to it."""

    holder: str
    at: Location
    noun: str
    parts: tuple[Part, ...]

    @property
    def sure(self) -> bool:
        """Whether something certainly adds to it."""
        return any(part.sure for part in self.parts)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it is not certain."""
        return tuple(dict.fromkeys(reason for part in self.parts for reason in part.reasons))


def defined_twice(index: Index) -> Iterator[Defined]:
    """The groups, tables and network ACLs of which Terraform removes what others add.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group
    """
    for group in index.groups.values():
        for direction in group.exclusive:
            rules = (one for one in index.rules.get(group.id, ()) if one.direction is direction)
            yield from _defined(group.id, group.at, f"{direction.value} rules", _rules(rules))
    for table in index.tables.values():
        if table.exclusive:
            yield from _defined(table.id, table.at, "routes", _routes(index.routes.get(table.id, ())))
    for acl in index.acls.values():
        for direction in acl.exclusive:
            entries = (one for one in index.acl_entries.get(acl.id, ()) if one.direction is direction)
            yield from _defined(acl.id, acl.at, f"{direction.value} entries", _entries(entries))


def _defined(holder: str, at: Location, noun: str, parts: Iterator[Part]) -> Iterator[Defined]:
    found = tuple(part for part in parts if part.component != holder)
    if found:
        yield Defined(holder, at, noun, found)


def _rules(rules: Iterable[Rule]) -> Iterator[Part]:
    for one in rules:
        if not one.inline and not one.implicit:
            yield _part(one.component, one, one.group)


def _routes(routes: Iterable[Route]) -> Iterator[Part]:
    """Routes as resources of their own: those that a gateway endpoint puts into a table are left alone."""
    for one in routes:
        by_endpoint = one.target.kind is TargetKind.VPC_ENDPOINT and isinstance(
            one.destination, PrefixListPeer
        )
        if not one.inline and not by_endpoint:
            yield _part(one.id, one, one.table)


def _entries(entries: Iterable[AclEntry]) -> Iterator[Part]:
    for one in entries:
        if not one.inline:
            yield _part(one.component, one, one.acl)


def _part(component: str, one: Rule | Route | AclEntry, link: Link) -> Part:
    sure = one.presence is Presence.CERTAIN and link.certain
    return Part(component, one.at, sure, (*one.reasons, *link.reasons))
