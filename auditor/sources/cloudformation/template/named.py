"""One stack while it is evaluated: all that can be named in its template, each found as it is asked for."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from auditor.errors import InputError
from auditor.sources.cloudformation.evaluate import Frame, Run
from auditor.sources.cloudformation.evaluate.expansion import Bound, Expanded, expanded
from auditor.sources.cloudformation.evaluate.logic import condition
from auditor.sources.cloudformation.evaluate.substitution import MANY
from auditor.sources.cloudformation.syntax.nodes import Entries
from auditor.sources.cloudformation.template.conditions import Condition, undecided
from auditor.sources.cloudformation.template.mappings import mappings
from auditor.sources.cloudformation.template.options import StackOptions
from auditor.sources.cloudformation.template.outputs import Outputs
from auditor.sources.cloudformation.template.parameters import Parameters
from auditor.sources.cloudformation.template.pseudo import pseudo_parameter
from auditor.sources.cloudformation.template.resources import Resources
from auditor.sources.cloudformation.template.sections import Sections, sections
from auditor.sources.cloudformation.template.unread import unread_macros
from auditor.sources.cloudformation.values.identity import text_of
from auditor.sources.values import joined
from auditor.tree import Location, Node, Presence, Reason, Resource, Scope, Unknown

_MANY = 1000


class Stack:
    """A template and what it is evaluated with. ``name`` stands before the addresses of its resources.

    ``presence`` and ``reasons`` say whether the stack is there at all; ``parent`` is the stack that it is
    nested in, and ``ancestors`` the files of the templates around it, its own included.
    """

    __slots__ = (
        "_conditions",
        "_declared_conditions",
        "_mappings",
        "ancestors",
        "at",
        "frame",
        "name",
        "options",
        "outputs",
        "parameters",
        "parent",
        "presence",
        "reasons",
        "resources",
        "run",
        "scope",
        "sections",
    )

    def __init__(
        self,
        run: Run,
        root: Entries,
        options: StackOptions,
        *,
        parent: Stack | None = None,
        further: tuple[Reason, ...] = (),
    ) -> None:
        self.run = run
        self.options = options
        self.name = options.name
        self.parent = parent
        self.at = root.at
        self.presence = Presence.CERTAIN
        self.reasons: tuple[Reason, ...] = ()
        self.ancestors: frozenset[str] = frozenset({options.path} - {""}) | (
            parent.ancestors if parent else frozenset()
        )
        self.frame = Frame(self, self.name, {}, {})
        self.scope = _scope(options)
        self.sections: Sections = sections(root, self.frame)
        self.parameters = Parameters(
            self, self.sections.of("Parameters", root.at), options.parameters, further
        )
        self._mappings: dict[str, Node] = {}
        self._conditions: dict[str, Condition] = {}
        self._declared_conditions: dict[str, Expanded] = {}
        self.outputs = Outputs(self, self.sections.of("Outputs", root.at))
        self.resources = Resources(self, self.sections.of("Resources", root.at))

    @property
    def is_nested(self) -> bool:
        """Whether a parent stack gives the parameters."""
        return self.parent is not None

    def settled_by(self, name: str) -> str:
        """What gives a parameter a value."""
        return f"give {name} in the parent stack" if self.is_nested else f"--parameter {name}=…"

    @property
    def mappings(self) -> Node:
        """All mappings as a map of maps of maps."""
        section = self.sections.of("Mappings", self.at)
        frame = self.frame.about(f"{self.name}/Mappings")
        return self.run.demand(self._mappings, "", frame.label, section.at, lambda: mappings(section, frame))

    def named(self, name: str, at: Location) -> Node:
        """The value of ``Ref``. InputError where nothing has the name."""
        if name.startswith("AWS::"):
            return pseudo_parameter(self, name, at)
        if name in self.parameters:
            return self.parameters.value(name)
        found = self.resources.reference(name, "Ref", at)
        if found is not None:
            return found
        known = (*self.parameters.names(), *self.resources.names())
        raise InputError(f"there is no parameter or resource {name}", hint=_nearest(name, known))

    def attribute(self, name: str, path: str, at: Location) -> Node:
        """The value of ``Fn::GetAtt``. InputError where there is no such resource."""
        found = self.resources.attribute(name, path, at)
        if found is None:
            raise InputError(f"there is no resource {name}", hint=_nearest(name, self.resources.names()))
        return found

    def condition(self, name: str) -> Condition:
        """A condition by its name. InputError where there is none."""
        declared = self._expanded_conditions()
        label = f"{self.name}/Conditions.{name}"
        bound = next((each for each in declared.entries if each.key == name), None)
        if bound is None or declared.rewritten:
            return self._undeclared(name, label, declared)
        try:
            return self.run.once(self._conditions, name, label, lambda: self._condition(bound, label))
        except InputError as error:
            reasons = self.run.invalid(error, label, bound.at).reasons
            found = self._conditions[name] = undecided(reasons, label)
            return found

    def _condition(self, bound: Bound, label: str) -> Condition:
        found = condition(bound.value, bound.frame.about(label))
        if found.truth is not None and bound.presence is not Presence.CERTAIN:
            return undecided(bound.reasons, label)
        return found if found.truth is not None or found.name else replace(found, name=label)

    def _expanded_conditions(self) -> Expanded:
        section = self.sections.of("Conditions", self.at)
        frame = self.frame.about(f"{self.name}/Conditions")
        return self.run.once(self._declared_conditions, "", frame.label, lambda: expanded(section, frame))

    def _undeclared(self, name: str, label: str, declared: Expanded) -> Condition:
        reasons = declared.open or self.sections.added or self.sections.rewritten
        if not reasons and any(MANY in each.key for each in declared.entries):
            reasons = tuple([why for each in declared.entries for why in each.reasons])
        if reasons:
            return undecided(reasons, label)
        raise InputError(
            f"there is no condition {name}", hint=_nearest(name, [each.key for each in declared.entries])
        )

    @property
    def pseudo_of_nested(self) -> Mapping[str, Node]:
        """The pseudo parameters of a nested stack: Region and account are the same, the stack is not."""
        return {key: node for key, node in self.options.pseudo.items() if not key.startswith("AWS::Stack")}

    def all(self) -> Iterator[Resource]:
        """Every resource of the stack and of those nested in it."""
        found = list(self.resources.all())
        yield from found
        reasons = joined((*self.sections.rewritten, *self.sections.added, *self.resources.open))
        if reasons:
            yield unread_macros(self, found, reasons)


def _scope(options: StackOptions) -> Scope:
    account = text_of(options.pseudo.get("AWS::AccountId", Unknown((), Location(""))))
    region = text_of(options.pseudo.get("AWS::Region", Unknown((), Location(""))))
    scope = options.scope
    return Scope(scope.input, account or scope.account, region or scope.region)


def _nearest(name: str, known: tuple[str, ...] | list[str]) -> str:
    """The names that are most like one that is not there."""
    found = difflib.get_close_matches(name, known[:_MANY], n=3, cutoff=0.5)
    return f"there are: {', '.join(found or sorted(known)[:8]) or 'none'}"
