"""The entries of a network ACL, each with the clause that it is in the engine."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.frozen import dataclass
from auditor.model import Acl, AclEntry, Direction
from auditor.reach.acls import Screen
from auditor.reach.points import Clause
from auditor.rules.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Stated:
    """An entry of an ACL with the clause that it is in the engine."""

    entry: AclEntry
    clause: Clause


def screen(acl: Acl, direction: Direction, evidence: Evidence) -> Screen:
    """What the ACL lets pass in a direction."""
    return evidence.engine.borders.acls.screen(acl.id, direction)


def stated(acl: Acl, direction: Direction, evidence: Evidence) -> Iterator[Stated]:
    """The entries of a direction."""
    entries = [one for one in evidence.engine.index.acl_entries.get(acl.id, ()) if one.direction is direction]
    for entry, clause in zip(entries, screen(acl, direction, evidence).clauses, strict=True):
        yield Stated(entry, clause)
