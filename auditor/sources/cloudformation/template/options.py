"""What one stack is read with, and what reading it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field

from auditor.frozen import dataclass
from auditor.sources.cloudformation.syntax.nodes import Entries, Syntax
from auditor.tree import Gap, Node, Resource, Scope

FindTemplate = Callable[[Node, Entries], "NestedTemplate | None"]
"""Finds the template of a nested stack: the value of its ``TemplateURL``, and the whole resource as it is
written (for its ``Metadata``). None where it is not on disk."""

FindInclude = Callable[[Node], Syntax | None]
"""Finds what ``AWS::Include`` includes: the value of its ``Location`` -> what that file holds."""

FindExport = Callable[[str], Node | None]
"""The value that a stack of this run exports under a name; None where none does."""


def nothing(*_asked: object) -> None:
    """The hook that finds nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NestedTemplate:
    """The template of a nested stack, and how what it names itself is found from where it lies.

    ``path`` is the file: a template that nests itself is told by it.
    """

    root: Entries
    path: str
    templates: FindTemplate = nothing
    include: FindInclude = nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class StackOptions:
    """What is known of one stack beside its template.

    ``name`` stands before the addresses of its resources (``network``). ``parameters`` are values by the
    parameters' names; ``pseudo`` those of pseudo parameters (``AWS::Region``), of which the absent ones are
    not known. ``path`` is the template's own file. ``scope`` is that of its resources; the account and Region
    in it are filled in from ``pseudo`` where they are known.
    """

    name: str
    path: str = ""
    parameters: Mapping[str, Node] = field(default_factory=dict)
    pseudo: Mapping[str, Node] = field(default_factory=dict)
    imports: FindExport = nothing
    templates: FindTemplate = nothing
    include: FindInclude = nothing
    scope: Scope = field(default_factory=Scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackReading:
    """What a stack and those nested in it declare.

    ``outputs`` are the stack's own by their logical ids. ``exports`` are those of all of them by export name;
    ``unnamed_exports`` are pairs of name and value where the name is not known.
    """

    resources: tuple[Resource, ...] = ()
    outputs: Mapping[str, Node] = field(default_factory=dict)
    exports: Mapping[str, Node] = field(default_factory=dict)
    unnamed_exports: tuple[tuple[Node, Node], ...] = ()
    gaps: tuple[Gap, ...] = ()
