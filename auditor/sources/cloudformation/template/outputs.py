"""The outputs of a stack, and what it exports.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from auditor.errors import InputError
from auditor.sources.cloudformation.evaluate import evaluate
from auditor.sources.cloudformation.evaluate.arguments import written
from auditor.sources.cloudformation.evaluate.expansion import Bound, Expanded, expanded
from auditor.sources.cloudformation.evaluate.frame import Frame
from auditor.sources.cloudformation.evaluate.substitution import MANY
from auditor.sources.cloudformation.syntax.nodes import Entries, Syntax
from auditor.sources.cloudformation.template.conditions import TRUE, Condition, undecided
from auditor.sources.values import joined
from auditor.tree import Node, Reason, Unknown

if TYPE_CHECKING:
    from auditor.sources.cloudformation.template.named import Stack


class Outputs:
    """The outputs that a template declares, each evaluated when it is first asked for."""

    __slots__ = ("_expanded", "_values", "section", "stack")

    def __init__(self, stack: Stack, section: Entries) -> None:
        self.stack = stack
        self.section = section
        self._expanded: dict[str, Mapping[str, Bound]] = {}
        self._values: dict[str, Node] = {}

    def _entries(self) -> Expanded:
        return expanded(self.section, self.stack.frame.about(f"{self.stack.name}/Outputs"))

    @property
    def declared(self) -> Mapping[str, Bound]:
        """The outputs by their logical ids."""
        label = f"{self.stack.name}/Outputs"
        return self.stack.run.once(
            self._expanded, "", label, lambda: {each.key: each for each in self._entries().entries}
        )

    @property
    def open(self) -> tuple[Reason, ...]:
        """Why there may be further outputs; empty where there are none."""
        sections = self.stack.sections
        many = (why for key, each in self.declared.items() if MANY in key for why in each.reasons)
        return joined((*self._entries().open, *sections.added, *sections.rewritten, *many))

    def names(self) -> tuple[str, ...]:
        """The logical ids."""
        return tuple([key for key in self.declared if MANY not in key])

    def value(self, name: str) -> Node | None:
        """The value of an output where it is there; None where it certainly is not."""
        bound = self.declared.get(name)
        if bound is None or MANY in name:
            return None
        label = f"{self.stack.name}/Outputs.{name}"
        rewritten = self.stack.sections.rewritten
        if rewritten:
            return Unknown(rewritten, bound.at, identity=label)
        frame, condition = self._frame(bound, label)
        if condition.truth is False:
            return None
        return self.stack.run.demand(
            self._values, name, label, bound.at, lambda: evaluate(_part(bound, "Value"), frame)
        )

    def _frame(self, bound: Bound, label: str) -> tuple[Frame, Condition]:
        """The frame of an output, where its condition holds, and that."""
        frame = bound.frame.about(label)
        test = bound.value.get("Condition") if isinstance(bound.value, Entries) else None
        if test is None:
            return frame, TRUE
        try:
            condition = self.stack.condition(written(test.value, "the name of a condition"))
        except InputError as error:
            condition = undecided(self.stack.run.invalid(error, label, test.at).reasons)
        return frame.given(condition, truth=True), condition

    def exports(self) -> Iterator[tuple[Node, Node]]:
        """The names and values of the outputs that are, or may be, exported."""
        for name in self.names():
            value = self.value(name)
            bound = self.declared[name]
            if value is None or not isinstance(bound.value, Entries):
                continue
            export = bound.value.get("Export")
            if export is None:
                continue
            frame, _ = self._frame(bound, f"{self.stack.name}/Outputs.{name}")
            named = export.value.get("Name") if isinstance(export.value, Entries) else None
            if named is None:
                error = InputError("an export has a name", hint="give Export a Name")
                frame.run.invalid(error, frame.label, export.at)
                continue
            yield evaluate(named.value, frame), value


def _part(bound: Bound, key: str) -> Syntax:
    found = bound.value.get(key) if isinstance(bound.value, Entries) else None
    if found is None:
        raise InputError(f"the output has no {key}", hint=f"give it a {key}")
    return found.value
