"""What the stacks of one run export to one another.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from auditor.sources.cloudformation.assumed import Assumptions
from auditor.sources.cloudformation.stacks.stack import Stack, is_stack, resources_of
from auditor.sources.cloudformation.syntax.nodes import Entries, Entry
from auditor.sources.cloudformation.template.options import FindTemplate, NestedTemplate, StackReading
from auditor.sources.cloudformation.template.stack import read_stack
from auditor.tree import Gap, GapKind, Location, Node, Reason, Scalar, Scope, Unknown


class Exports:
    """The stacks by name, each read once, when it is first asked for, or one that it exports to is."""

    __slots__ = ("_assumed", "_names", "_readings", "_stacks", "_started", "gaps")

    def __init__(self, stacks: Mapping[str, Stack], assumed: Assumptions) -> None:
        self._stacks = stacks
        self._assumed = assumed
        self._readings: dict[str, StackReading] = {}
        self._started: list[str] = []
        self._names: dict[str, list[str]] | None = None
        self.gaps: list[Gap] = []

    def reading(self, name: str) -> StackReading:
        """All that a stack declares."""
        found = self._readings.get(name)
        if found is None:
            stack = self._stacks[name]
            self._started.append(name)
            options = replace(stack.options, imports=lambda asked: self.value(asked, name))
            found = self._readings[name] = read_stack(stack.root, options)
            self._started.pop()
        return found

    def value(self, name: str, asker: str) -> Node | None:
        """What is exported under a name to a stack; one of several where it is not known by which of them."""
        writers = [each for each in self._writers(name) if self._is_near(each, asker)]
        circle = [each for each in writers if each in self._started]
        if circle:
            self._tell_circle(name, circle[0])
            return self._assumed.named(_import(name))
        values = [self.reading(each).exports.get(name) for each in writers]
        found = [value for value in values if value is not None]
        if len(found) == 1:
            return found[0]
        several = self._one_of(name, self._stacks[asker].options.scope, found) if found else None
        return self._assumed.named(_import(name)) or several

    def _one_of(self, name: str, where: Scope, values: list[Node]) -> Unknown:
        reason = Reason(
            f"which of {len(values)} stacks exports {name}", values[0].at, f"--assume {_import(name)}=…"
        )
        identity = ":".join(filter(None, ("ImportValue", *_place(where)))) + f'("{name}")'
        return Unknown((reason,), values[0].at, identity=identity, options=tuple(values))

    def _tell_circle(self, name: str, writer: str) -> None:
        stack = self._stacks[writer]
        why = f"the stack {writer} exports it to a stack that it itself imports from"
        gap = Gap(GapKind.INVALID, _import(name), Location(stack.options.path), why)
        if gap not in self.gaps:
            self.gaps.append(gap)

    def _is_near(self, writer: str, asker: str) -> bool:
        """Exports hold in one Region of one account."""
        one, other = self._stacks[writer].options.scope, self._stacks[asker].options.scope
        return all(not a or not b or a == b for a, b in zip(_place(one), _place(other), strict=True))

    def _writers(self, name: str) -> list[str]:
        if self._names is None:
            self._names = {}
            for writer, stack in self._stacks.items():
                for exported in self._exported(stack):
                    self._names.setdefault(exported, []).append(writer)
        return self._names.get(name, [])

    def _exported(self, stack: Stack) -> Iterator[str]:
        """The names of a stack's exports, for which neither its resources nor other stacks are asked."""
        if stack.options.name in self._readings:
            yield from self._readings[stack.options.name].exports
        elif _may_export(stack.root):
            options = replace(stack.options, templates=_named_only(stack.options.templates))
            yield from read_stack(names_only(stack.root), options).exports


def _import(name: str) -> str:
    """What an import is called by whoever assumes its value."""
    return f"ImportValue({name})"


def _place(scope: Scope) -> tuple[str, str]:
    return scope.account, scope.region


def _may_export(root: Entries) -> bool:
    return root.get("Outputs") is not None or any(is_stack(each.value) for each in resources_of(root))


def names_only(root: Entries) -> Entries:
    """A template with its outputs' names and no values, and of its resources only the nested stacks."""
    return replace(root, entries=tuple(map(_section, root.entries)))


def _section(section: Entry) -> Entry:
    if not isinstance(section.value, Entries):
        return section
    if section.key == "Outputs":
        named = tuple(map(_nameless, section.value.entries))
        return replace(section, value=replace(section.value, entries=named))
    if section.key == "Resources":
        kept = tuple(each for each in section.value.entries if is_stack(each.value))
        return replace(section, value=replace(section.value, entries=kept))
    return section


def _nameless(output: Entry) -> Entry:
    if not isinstance(output.value, Entries):
        return output
    entries = tuple(
        replace(each, value=Scalar("", each.at)) if each.key == "Value" else each
        for each in output.value.entries
    )
    return replace(output, value=replace(output.value, entries=entries))


def _named_only(find: FindTemplate) -> FindTemplate:
    def found(url: Node, resource: Entries) -> NestedTemplate | None:
        nested = find(url, resource)
        if nested is None:
            return None
        return replace(nested, root=names_only(nested.root), templates=_named_only(nested.templates))

    return found
