"""The templates and assemblies of one run as resources and gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from auditor.errors import InputError
from auditor.sources.cloudformation.asked import Asked, Read
from auditor.sources.cloudformation.assumed import Assumptions
from auditor.sources.cloudformation.cdk import AssemblyStack, construct_paths, read_assembly, without_made_up
from auditor.sources.cloudformation.files import Templates, is_template
from auditor.sources.cloudformation.given import Given
from auditor.sources.cloudformation.stacks.exports import Exports
from auditor.sources.cloudformation.stacks.names import unique_names
from auditor.sources.cloudformation.stacks.nesting import Nesting
from auditor.sources.cloudformation.stacks.sets import KIND, read_set
from auditor.sources.cloudformation.stacks.stack import Stack, section_of
from auditor.sources.cloudformation.syntax.nodes import Entries, Entry
from auditor.sources.cloudformation.template.options import StackOptions, StackReading
from auditor.sources.cloudformation.values.rewriting import rewritten
from auditor.sources.contents import KINDS
from auditor.sources.depth import deep
from auditor.tree import Dialect, Gap, GapKind, Location, Map, Node, Reading, Resource, Scalar, Scope


def read(asked: Asked) -> Read:
    """All that the templates and assemblies declare, with what they nest and include on disk.

    Raises InputError for a template that is none, and UsageError for a value whose parameter no template has.
    """
    return deep(lambda: Run(asked).read())


def _outputs(stacks: Iterable[tuple[str, StackReading]]) -> Iterator[Resource]:
    """What stacks that no other one nests hand to others."""
    for stack, reading in stacks:
        for name, value in reading.outputs.items():
            body = Map({"value": value}, value.at)
            yield Resource("output", f"{stack}.Outputs.{name}", body, value.at, Dialect.CLOUDFORMATION)


class Run:
    """One reading of all templates together."""

    __slots__ = (
        "asked",
        "assumed",
        "broken",
        "constructs",
        "gaps",
        "given",
        "made_up",
        "nesting",
        "taken",
        "templates",
    )

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.templates = Templates(asked.texts)
        self.nesting = Nesting(self.templates)
        self.given = Given(asked.values)
        self.assumed = Assumptions(asked.assumed)
        self.gaps: list[Gap] = []
        self.constructs: dict[tuple[str, str], str] = {}
        self.made_up: set[str] = set()
        self.taken: set[str] = set()
        self.broken = False

    def read(self) -> Read:
        """The stacks that no other one nests, with all that they hold."""
        roots = self.nesting.outermost(self.asked.templates)
        stacks = {one.options.name: one for one in (*self._assemblies(), *self._alone(roots))}
        self.given.require_known(
            {name: one.parameters for name, one in stacks.items()}, whole=not self.broken
        )
        exports = Exports(stacks, self.assumed)
        readings = [exports.reading(name) for name in stacks]
        readings += [
            read_set(one, self.nesting) for each in readings for one in each.resources if one.kind == KIND
        ]
        resources = [resource for each in readings for resource in each.resources]
        if self.made_up:
            resources = [
                rewritten(each, without_made_up) if each.scope.input in self.made_up else each
                for each in resources
            ]
        if self.assumed:
            resources = [self.assumed.settled(each) for each in resources]
        gaps = dict.fromkeys((*self.templates.gaps(), *self.nesting.gaps(), *exports.gaps, *self.gaps))
        gaps |= dict.fromkeys(gap for each in readings for gap in each.gaps)
        gaps |= dict.fromkeys(self.assumed.unused())
        nested = frozenset(self.asked.templates) - frozenset(roots)
        outputs = _outputs(zip(stacks, readings, strict=False))
        return Read(Reading(tuple(self._named(resources)), tuple(gaps), tuple(outputs)), nested)

    def _assemblies(self) -> Iterator[Stack]:
        for folder in self.asked.assemblies:
            assembly = read_assembly(folder)
            self.gaps += assembly.gaps
            if assembly.made_up:
                self.made_up.add(folder)
            alike = Counter(each.name for each in assembly.stacks)
            for each in assembly.stacks:
                self.constructs |= each.constructs
                yield from self._stack(each.name if alike[each.name] == 1 else each.names[-1], each, folder)

    def _alone(self, roots: Iterable[str]) -> Iterator[Stack]:
        """The templates that stand for themselves."""
        for path, name in unique_names(roots).items():
            yield from self._stack(name, AssemblyStack(path=path, name="", names=()), path)

    def _stack(self, name: str, found: AssemblyStack, source: str) -> Iterator[Stack]:
        """The stack of a template, if that can be read."""
        path, at = found.path, Location(found.path)
        root = self.templates.load(path).root
        if root is None:
            self.broken = True
            return
        if not is_template(root):
            self._tell_no_template(path)
            return
        name = path if name in self.taken else name
        self.taken.add(name)
        declared = section_of(root, "Parameters")
        names = [each.key for each in declared]
        known = {"AWS::AccountId": found.account, "AWS::Region": found.region, "AWS::StackName": found.name}
        parameters = {
            **self._assumed(name, declared),
            **{key: Scalar(value, at) for key, value in found.parameters.items() if key in names},
            **self.given.parameters(name, names),
        }
        pseudo = {
            **{key: Scalar(value, at) for key, value in known.items() if value},
            **self.given.pseudo(name),
        }
        account, region = (_text(pseudo.get(f"AWS::{each}")) for each in ("AccountId", "Region"))
        options = StackOptions(
            name=name,
            path=path,
            parameters=parameters,
            pseudo=pseudo,
            templates=lambda url, resource: self.nesting.template_of(url, resource, path, name),
            include=self.nesting.includes(path),
            scope=Scope(source, account, region),
        )
        yield Stack(root, options)

    def _tell_no_template(self, path: str) -> None:
        if len(self.asked.templates) == 1:
            raise InputError("not a kind of file that netaudit reads", at=path, hint=KINDS)
        why = "it has no Resources, as a template has"
        self.gaps.append(Gap(GapKind.SYNTAX, path, Location(path), why, "leave it out"))

    def _assumed(self, stack: str, declared: Iterable[Entry]) -> Mapping[str, Node]:
        """The assumed values of the parameters that have no value of their own."""
        open_ones = [each.key for each in declared if _is_open(each)] if self.assumed else []
        found = {name: self.assumed.named(f"{stack}/{name}") for name in open_ones}
        return {name: value for name, value in found.items() if value is not None}

    def _named(self, resources: Iterable[Resource]) -> Iterator[Resource]:
        """The resources with the names that they have in an app of the CDK, where only one has each."""
        paths = construct_paths(self.templates.roots(), self.constructs)
        bearers = Counter(name for names in paths.values() for name in names)
        for resource in resources:
            names = tuple(name for name in paths.get(resource.at, ()) if bearers[name] == 1)
            yield replace(resource, names=names) if names else resource


def _text(node: Node | None) -> str:
    return str(node.value) if isinstance(node, Scalar) else ""


def _is_open(parameter: Entry) -> bool:
    """Whether a parameter has neither a default nor a value that Systems Manager holds."""
    if not isinstance(parameter.value, Entries) or parameter.value.get("Default"):
        return False
    kind = parameter.value.get("Type")
    return not (kind and isinstance(kind.value, Scalar) and str(kind.value.value).startswith("AWS::SSM::"))
