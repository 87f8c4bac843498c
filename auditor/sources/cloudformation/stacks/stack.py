"""One stack of a run: its template, and what it is read with."""

from __future__ import annotations

from auditor.frozen import dataclass
from auditor.sources.cloudformation.syntax.nodes import Entries, Entry, Syntax
from auditor.sources.cloudformation.template.options import StackOptions
from auditor.tree import Scalar

NESTED = "AWS::CloudFormation::Stack"


@dataclass(frozen=True, slots=True)
class Stack:
    """A template that is to be evaluated as the stack that ``options`` name."""

    root: Entries
    options: StackOptions

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters that its template declares."""
        return tuple(each.key for each in section_of(self.root, "Parameters"))


def section_of(root: Entries, name: str) -> tuple[Entry, ...]:
    """What a section of a template declares; nothing where it is no map."""
    section = root.get(name)
    return section.value.entries if section and isinstance(section.value, Entries) else ()


def resources_of(root: Entries) -> tuple[Entry, ...]:
    """The resources that a template declares."""
    return section_of(root, "Resources")


def is_stack(resource: Syntax) -> bool:
    """Whether a resource is a nested stack."""
    kind = resource.get("Type") if isinstance(resource, Entries) else None
    return kind is not None and isinstance(kind.value, Scalar) and kind.value.value == NESTED


def property_of(resource: Entries, name: str) -> Syntax | None:
    """One of a resource's properties as it is written."""
    properties = resource.get("Properties")
    found = properties.value.get(name) if properties and isinstance(properties.value, Entries) else None
    return found.value if found else None
