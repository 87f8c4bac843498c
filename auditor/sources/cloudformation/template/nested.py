"""Nested stacks: their templates, what they are given, and what they give.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from auditor.errors import InputError
from auditor.sources.cloudformation.template.options import NestedTemplate, StackOptions
from auditor.sources.cloudformation.template.unread import unread
from auditor.sources.cloudformation.values.identity import reasons_of, text_of
from auditor.tree import Gap, GapKind, Location, Map, Node, Reason, Resource, Scalar, Unknown

if TYPE_CHECKING:
    from auditor.sources.cloudformation.template.declared import Declared
    from auditor.sources.cloudformation.template.named import Stack

STACK = "AWS::CloudFormation::Stack"
SETTLED_BY = "put the template where TemplateURL finds it beside this one"
MOST_STACKS = 2000


class Nested:
    """The stacks that are nested in one, each made when it is first asked for."""

    __slots__ = ("_reasons", "_stacks", "stack")

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._stacks: dict[str, Stack | None] = {}
        self._reasons: dict[str, tuple[Reason, ...]] = {}

    def of(self, declared: Declared) -> Stack | None:
        """The stack that a resource makes; None where its template cannot be read, with a gap."""
        if declared.id not in self._stacks:
            self._stacks[declared.id] = self._made(declared)
        return self._stacks[declared.id]

    def _made(self, declared: Declared) -> Stack | None:
        url = declared.property("TemplateURL") or Scalar(None, declared.at)
        found = None if declared.rewritten else self.stack.options.templates(url, declared.written)
        if found is None:
            shown = text_of(url)
            why = f"the template {shown} is not on disk" if shown else "its template is not known"
            self._reasons[declared.id] = (*declared.unread(why, SETTLED_BY), *reasons_of(url))
            return None
        run = self.stack.run
        run.stacks += 1
        if run.stacks > MOST_STACKS or (found.path and found.path in self.stack.ancestors):
            why = f"the template {found.path} nests itself, or there are more than {MOST_STACKS} stacks"
            run.gap(Gap(GapKind.INVALID, declared.address, declared.at, why))
            self._reasons[declared.id] = (Reason(declared.address, declared.at, why),)
            return None
        return self._evaluated(declared, found)

    def _evaluated(self, declared: Declared, found: NestedTemplate) -> Stack:
        from auditor.sources.cloudformation.template.named import Stack

        given = declared.property("Parameters") or Map({}, declared.at)
        if isinstance(given, Map):
            parameters, further = given.entries, () if given.more is None else reasons_of(given.more)
        else:
            parameters, further = {}, reasons_of(given)
        options = StackOptions(
            name=declared.address,
            path=found.path,
            parameters=parameters,
            pseudo=self.stack.pseudo_of_nested,
            imports=self.stack.options.imports,
            templates=found.templates,
            include=found.include,
            scope=self.stack.scope,
        )
        made = Stack(self.stack.run, found.root, options, parent=self.stack, further=further)
        made.presence, made.reasons = declared.presence, declared.reasons
        for name, node in parameters.items():
            if name not in made.parameters and not made.sections.added and not made.sections.rewritten:
                why, hint = f"the nested template has no parameter {name}", "declare it, or leave it out"
                self.stack.run.gap(Gap(GapKind.INVALID, declared.address, node.at, why, hint))
        return made

    def output(self, declared: Declared, name: str, at: Location) -> Node:
        """The value of an output. InputError where the template has none of the name."""
        identity = f"{declared.address}.Outputs.{name}"
        made = self.of(declared)
        if made is None:
            return Unknown(self._reasons[declared.id], at, identity=identity)
        value = made.outputs.value(name)
        if value is not None:
            return value
        if made.outputs.open:
            return Unknown(made.outputs.open, at, identity=identity)
        names = ", ".join(made.outputs.names()[:8]) or "none"
        raise InputError(f"{declared.address} has no output {name}", hint=f"there are: {names}")

    def resources(self, declared: Declared) -> Iterator[Resource]:
        """All resources of the stack; one of the kind ``module`` where it cannot be read."""
        made = self.of(declared)
        if made is None:
            yield unread(declared, self._reasons[declared.id])
        else:
            yield from made.all()

    def made(self) -> Iterator[Stack]:
        """The stacks that could be read."""
        for declared in self.stack.resources.declared.values():
            found = self.of(declared) if declared.kind == STACK and declared.is_there else None
            if found is not None:
                yield found
