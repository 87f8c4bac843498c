"""What cannot be read and may change what it is given: nested stacks and modules not on disk, and macros."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from auditor.sources.values import joined
from auditor.tree import (
    Dialect,
    Location,
    Map,
    Node,
    Presence,
    Reason,
    Reference,
    Resource,
)

if TYPE_CHECKING:
    from auditor.sources.cloudformation.template.declared import Declared
    from auditor.sources.cloudformation.template.named import Stack

KIND = "module"
"""The kind of resource that stands for what is not read."""


def unread(declared: Declared, reasons: tuple[Reason, ...]) -> Resource:
    """The resource that stands for what a declared one would make of its properties."""
    return Resource(
        kind=KIND,
        address=declared.address,
        body=declared.body,
        at=declared.at,
        dialect=Dialect.CLOUDFORMATION,
        scope=declared.stack.scope,
        presence=declared.presence,
        reasons=joined((*reasons, *declared.reasons)),
    )


def unread_macros(stack: Stack, resources: Iterable[Resource], reasons: tuple[Reason, ...]) -> Resource:
    """The resource that stands for what is not known of a whole template: it may touch all that is in it."""
    at: Location = reasons[0].at
    given: dict[str, Node] = {each.address: Reference(each.address, "Ref", each.at) for each in resources}
    return Resource(
        kind=KIND,
        address=f"{stack.name}/Transform",
        body=Map(given, at),
        at=at,
        dialect=Dialect.CLOUDFORMATION,
        scope=stack.scope,
        presence=stack.presence if stack.presence is Presence.MANY else Presence.POSSIBLE,
        reasons=joined((*reasons, *stack.reasons)),
    )
