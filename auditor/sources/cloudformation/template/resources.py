"""The resources of a stack: what names them, their attributes, and all of them as the tree has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.errors import InputError
from auditor.sources.cloudformation.evaluate.expansion import Expanded, expanded
from auditor.sources.cloudformation.evaluate.substitution import MANY
from auditor.sources.cloudformation.syntax.nodes import Entries
from auditor.sources.cloudformation.template.declared import Declared
from auditor.sources.cloudformation.template.nested import STACK, Nested
from auditor.sources.cloudformation.template.unread import unread
from auditor.sources.cloudformation.values.identity import is_absent, may_be_absent
from auditor.sources.values import joined
from auditor.tree import Dialect, Location, Node, Reason, Reference, Resource, Unknown

if TYPE_CHECKING:
    from auditor.sources.cloudformation.template.named import Stack

CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")
MODULE = "::MODULE"
OUTPUTS = "Outputs."
_UNREAD_MODULE = "a module of the registry, whose template is not on disk"
_SETTLED_BY = "a template in which the module is written out"


class Resources:
    """The resources that a template declares."""

    __slots__ = ("_declared", "_expanded", "nested", "section", "stack")

    def __init__(self, stack: Stack, section: Entries) -> None:
        self.stack = stack
        self.section = section
        self.nested = Nested(stack)
        self._expanded: dict[str, Expanded] = {}
        self._declared: dict[str, Mapping[str, Declared]] = {}

    def _entries(self) -> Expanded:
        frame = self.stack.frame
        label = f"{self.stack.name}/Resources"
        return self.stack.run.once(self._expanded, "", label, lambda: expanded(self.section, frame))

    @property
    def declared(self) -> Mapping[str, Declared]:
        """All resources by their logical ids."""
        label = f"{self.stack.name}/Resources"
        return self.stack.run.once(self._declared, "", label, self._declare)

    def _declare(self) -> Mapping[str, Declared]:
        return {bound.key: Declared(self.stack, bound) for bound in self._entries().entries}

    @property
    def open(self) -> tuple[Reason, ...]:
        """Why there may be further resources; empty where there are none."""
        return self._entries().open

    def names(self) -> tuple[str, ...]:
        """The logical ids of all resources."""
        return tuple(self.declared)

    def reference(self, name: str, path: str, at: Location) -> Node | None:
        """What names a resource, or one of its attributes; None where there is no such resource.

        InputError where the resource is certainly not made.
        """
        found = self.declared.get(name)
        if found is None:
            return self._undeclared(name, path, at)
        if not found.is_there:
            raise InputError(
                f"the condition of {name} does not hold, so it is not there",
                hint="name it only where the condition holds",
            )
        if not found.kind:
            reason = Reason(found.address, found.at, "correct the error")
            return Unknown((reason,), at, identity=f"{found.address}.{path}")
        return Reference(found.address, path, at)

    def _undeclared(self, name: str, path: str, at: Location) -> Node | None:
        """What stands for a name where not all resources are known."""
        identity = f"{self.stack.name}/{name}.{path}"
        many = [each for key, each in self.declared.items() if MANY in key and _is_one_of(key, name)]
        if many:
            options = tuple([Reference(each.address, path, at) for each in many])
            doubts = joined(why for each in many for why in each.reasons)
            return Unknown(doubts, at, identity=identity, options=options)
        reasons = (*self._entries().open, *self.stack.sections.added, *self.stack.sections.rewritten)
        modules = [each for each in self.declared.values() if each.kind.endswith(MODULE)]
        if not reasons and not any(name.startswith(each.id) for each in modules):
            return None
        inside = tuple([Reason(each.address, each.at, _SETTLED_BY) for each in modules])
        return Unknown((*reasons, *inside), at, identity=identity)

    def attribute(self, name: str, path: str, at: Location) -> Node | None:
        """The value of ``Fn::GetAtt``; None where there is no such resource.

        An attribute that is also a property, and given, has the property's value. What a custom resource
        answers is not known, whatever its properties are called.
        """
        found = self.declared.get(name)
        reference = self.reference(name, path, at)
        if found is None or not isinstance(reference, Reference):
            return reference
        if found.kind == STACK and path.startswith(OUTPUTS):
            return self.nested.output(found, path.removeprefix(OUTPUTS), at)
        if found.kind.startswith(CUSTOM) or found.kind.endswith(MODULE):
            reason = Reason(f"{found.address}.{path}", at, "a snapshot")
            return Unknown((reason,), at, identity=f"{found.address}.{path}")
        return _given(found.property(path), reference)

    def all(self) -> Iterator[Resource]:
        """Every resource that is, or may be, there, with those of nested stacks in their places."""
        stack = self.stack
        for declared in self.declared.values():
            if not declared.is_there or not declared.kind:
                continue
            if declared.kind == STACK:
                yield from self.nested.resources(declared)
            elif declared.kind.endswith(MODULE):
                reasons = declared.unread(_UNREAD_MODULE, _SETTLED_BY)
                yield unread(declared, reasons)
            else:
                yield Resource(
                    kind=declared.kind,
                    address=declared.address,
                    body=declared.body,
                    at=declared.at,
                    dialect=Dialect.CLOUDFORMATION,
                    scope=stack.scope,
                    presence=declared.presence,
                    reasons=declared.reasons,
                )


def _is_one_of(pattern: str, name: str) -> bool:
    """Whether a logical id is one of those that a loop makes."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split(MANY))), name) is not None


def _given(node: Node | None, reference: Reference) -> Node:
    """A given property as an attribute: what AWS fills in where it is, or may be, absent."""
    if node is None:
        return reference
    if not may_be_absent(node) or not isinstance(node, Unknown):
        return node
    options = tuple([reference if is_absent(each) else each for each in node.options])
    return replace(node, options=options, identity="")
