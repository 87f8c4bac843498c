"""One resource as a template declares it; each property is evaluated when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.errors import InputError
from auditor.sources.cloudformation.evaluate import evaluate
from auditor.sources.cloudformation.evaluate.arguments import written
from auditor.sources.cloudformation.evaluate.collections import assembled
from auditor.sources.cloudformation.evaluate.expansion import Bound, Expanded, as_entries, expanded
from auditor.sources.cloudformation.syntax.nodes import Entries, Syntax
from auditor.sources.cloudformation.template.conditions import TRUE, Condition, undecided
from auditor.sources.cloudformation.values.identity import is_absent
from auditor.sources.values import joined
from auditor.tree import Gap, GapKind, Map, Node, Presence, Reason, Scalar, Unknown

if TYPE_CHECKING:
    from auditor.sources.cloudformation.template.named import Stack

ATTRIBUTES = frozenset(
    (
        "Type",
        "Properties",
        "Condition",
        "DependsOn",
        "CreationPolicy",
        "DeletionPolicy",
        "UpdatePolicy",
        "UpdateReplacePolicy",
        "Metadata",
        "Description",
        "Version",
        "Connectors",
        "IgnoreGlobals",
    )
)
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-product-attribute-reference.html
with ``Version`` of custom resources, ``Description``, which nothing processes
(https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.ICfnResourceOptions.html), and SAM's own."""
NOTHING = Expanded(())
PROPERTIES = "Properties"


class Declared:
    """A resource. ``kind`` is empty where it has no type that can be read."""

    __slots__ = (
        "_expanded",
        "_parts",
        "_values",
        "address",
        "at",
        "bound",
        "condition",
        "frame",
        "id",
        "kind",
        "presence",
        "reasons",
        "rewritten",
        "stack",
    )

    def __init__(self, stack: Stack, bound: Bound) -> None:
        self.stack = stack
        self.bound = bound
        self.id = bound.key
        self.at = bound.at
        self.address = f"{stack.name}/{bound.key}"
        self.frame = bound.frame.about(self.address)
        self.rewritten: tuple[Reason, ...] = stack.sections.rewritten
        self.kind = ""
        self.condition = TRUE
        self._parts: dict[str, Bound] = {}
        self._expanded: dict[str, Expanded] = {}
        self._values: dict[str, Node] = {}
        if isinstance(bound.value, Entries):
            self._read(bound.value)
        else:
            self._flag(InputError("a resource is a map", hint="give it a Type and Properties"))
        self.frame = self.frame.given(self.condition, truth=True)
        self._place()

    @property
    def written(self) -> Entries:
        """The resource as it is written; InputError where it is no map."""
        if not isinstance(self.bound.value, Entries):
            raise InputError("a resource is a map")
        return self.bound.value

    def _read(self, value: Entries) -> None:
        found = expanded(value, self.frame)
        if found.rewritten:
            self.rewritten = joined((*self.rewritten, *found.open))
        for each in found.entries:
            self._parts[each.key] = each
            if each.key not in ATTRIBUTES:
                self._flag(
                    InputError(f"resources have no {each.key}", hint="properties stand under Properties")
                )
        kind = self._parts.get("Type")
        if kind is not None and isinstance(kind.value, Scalar) and isinstance(kind.value.value, str):
            self.kind = kind.value.value
        else:
            self._flag(InputError("the resource has no Type that is written out"))
        test = self._parts.get("Condition")
        if test is not None:
            self.condition = self._condition(test.value)

    def _condition(self, syntax: Syntax) -> Condition:
        try:
            return self.stack.condition(written(syntax, "the name of a condition"))
        except InputError as error:
            found = self.stack.run.invalid(error, self.address, syntax.at)
            return undecided(found.reasons)

    def _flag(self, error: InputError) -> None:
        self.stack.run.invalid(error, self.address, self.at)

    def _place(self) -> None:
        """Whether the resource is there: with its stack, its loop and its condition."""
        stack, bound = self.stack, self.bound
        reasons = [*stack.reasons, *bound.reasons, *self.rewritten]
        possible = bool(self.rewritten) or Presence.POSSIBLE in {stack.presence, bound.presence}
        if self.condition.truth is None:
            possible = True
            reasons += self.condition.reasons
        self.presence = Presence.POSSIBLE if possible else Presence.CERTAIN
        if Presence.MANY in {stack.presence, bound.presence}:
            self.presence = Presence.MANY
        self.reasons = joined(reasons) if self.presence is not Presence.CERTAIN else ()

    @property
    def is_there(self) -> bool:
        """Whether the resource is, or may be, there."""
        return self.condition.truth is not False

    @property
    def properties(self) -> Expanded:
        """The properties with loops and macros expanded; nothing is certain of what has another shape."""
        return self.stack.run.once(
            self._expanded, PROPERTIES, f"{self.address}.{PROPERTIES}", self._expand_properties
        )

    def _expand_properties(self) -> Expanded:
        part = self._parts.get(PROPERTIES)
        if self.rewritten:
            return Expanded((), self.rewritten, rewritten=True)
        if part is None:
            return NOTHING
        syntax = as_entries(part.value)
        if isinstance(syntax, Entries):
            return expanded(syntax, self.frame)
        node = evaluate(syntax, self.frame)
        if is_absent(node):
            return NOTHING
        if not isinstance(node, Unknown):
            error = InputError("properties are a map", hint="write their names as keys")
            return Expanded((), self.stack.run.invalid(error, self.address, syntax.at).reasons)
        return Expanded((), node.reasons, rewritten=True)

    @property
    def body(self) -> Map:
        """All properties."""
        found = self.properties
        if found.rewritten or any(each.presence is not Presence.CERTAIN for each in found.entries):
            return assembled(found, self.at)
        entries: dict[str, Node] = {}
        for each in found.entries:
            node = self._value(each)
            if not is_absent(node):
                entries[each.key] = node
        part = self._parts.get(PROPERTIES)
        at = self.at if part is None else part.value.at
        return Map(entries, at, more=Unknown(found.open, at) if found.open else None)

    def _value(self, bound: Bound) -> Node:
        label = f"{self.address}.{bound.key}"
        return self.stack.run.demand(
            self._values, bound.key, label, bound.at, lambda: evaluate(bound.value, bound.frame)
        )

    def property(self, path: str) -> Node | None:
        """A property, or one inside of another; None where it is not given, or that is not known."""
        name, _, rest = path.partition(".")
        found = self.properties
        bound = next((each for each in found.entries if each.key == name), None)
        if bound is None or found.rewritten or bound.presence is not Presence.CERTAIN:
            return None
        node: Node | None = self._value(bound)
        while rest and node is not None:
            name, _, rest = rest.partition(".")
            node = node.entries.get(name) if isinstance(node, Map) else None
        return None if node is None or is_absent(node) else node

    def unread(self, why: str, hint: str) -> tuple[Reason, ...]:
        """Takes down that the resource stands for others that cannot be read."""
        self.stack.run.gap(Gap(GapKind.MODULE, self.address, self.at, why, hint))
        return (Reason(self.address, self.at, hint),)
