"""The resources and data sources of one module: instances, bodies, and what references to them give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from auditor.errors import InputError
from auditor.sources.terraform.evaluate.access import step as key_text
from auditor.sources.terraform.evaluate.alternatives import one_of
from auditor.sources.terraform.evaluate.dispatch import evaluate
from auditor.sources.terraform.evaluate.frame import Frame
from auditor.sources.terraform.evaluate.loops import bound
from auditor.sources.terraform.evaluate.traversal import Steps
from auditor.sources.terraform.modules import remote
from auditor.sources.terraform.modules.blocks import body_of, unreadable
from auditor.sources.terraform.modules.computed import computed
from auditor.sources.terraform.modules.data import data_object
from auditor.sources.terraform.modules.instances import (
    Expansion,
    Instance,
    Mode,
    expand,
    unknown_expansion,
)
from auditor.sources.terraform.modules.mirrored import resource_at
from auditor.sources.terraform.syntax import ast
from auditor.sources.values import identity, joined
from auditor.tree import Location, Map, Node, Presence, Reference, Resource, Scalar, Seq, Unknown

if TYPE_CHECKING:
    from auditor.sources.terraform.modules.module import Module

ALWAYS_COMPUTED = frozenset({"id", "arn"})
SORTS = {"": "resource", "data.": "data", "ephemeral.": "ephemeral"}


class Resources:
    """What one instance of a module declares to exist, evaluated as it is asked for."""

    __slots__ = ("_bodies", "_expansions", "_objects", "module")

    def __init__(self, module: Module) -> None:
        self.module = module
        self._expansions: dict[str, Expansion] = {}
        self._bodies: dict[tuple[str, str], Map] = {}
        self._objects: dict[tuple[str, str], Node] = {}

    def value(self, mode: str, kind: str, steps: Steps, frame: Frame) -> tuple[Node, int]:
        """What a reference's first steps lead to, and how many steps these are."""
        first = steps[0]
        name = f"{kind}.{first.name}" if isinstance(first, ast.GetAttribute) else kind
        block = self.module.declarations.blocks[SORTS[mode]].get(name)
        if block is None:
            return self.module.undeclared(SORTS[mode], f"{mode}{name}", first.at), 1
        key = mode + name
        expansion = self.expansion(key, block)
        if expansion.mode is Mode.SINGLE:
            return self._attribute(key, block, expansion.instances[""], steps[1:], 1)
        if len(steps) > 1 and isinstance(steps[1], ast.Index):
            wanted = evaluate(steps[1].key, frame)
            if isinstance(wanted, Scalar):
                return self._element(key, block, wanted, steps)
        return self._collection(key, block, expansion), 1

    def expansion(self, key: str, block: ast.Block) -> Expansion:
        """The instances of a block; where they cannot be told, any number of them, with a gap."""
        found = self._expansions.get(key)
        if found is not None:
            return found
        module = self.module
        label = module.address + key
        try:
            frame = module.frame
            found = module.run.once(self._expansions, key, label, lambda: expand(block, frame, label))
        except InputError as error:
            module.run.invalid(error, label, block.at)
            found = unknown_expansion(block, unreadable(error, block.at), label)
        self._expansions[key] = found
        return found

    def body(self, key: str, block: ast.Block, instance: Instance) -> Map:
        """The evaluated body of an instance; InputError where it needs itself."""
        place = (key, instance.suffix)
        found = self._bodies.get(place)
        if found is None:
            label = f"{self.module.address}{key}{instance.suffix}"
            frame = self.module.frame
            if instance.names:
                frame = Frame(self.module, dict(instance.names))
            run = self.module.run
            found = run.once(self._bodies, place, label, lambda: body_of(block, frame, label))
            if run.assumed is not None:
                found = run.assumed.known(label, found)
            self._bodies[place] = found
        return found

    def _attribute(
        self, key: str, block: ast.Block, instance: Instance, steps: Steps, used: int
    ) -> tuple[Node, int]:
        step = steps[0] if steps else None
        if isinstance(step, ast.GetAttribute) and step.name in ALWAYS_COMPUTED and block.type == "resource":
            address = f"{self.module.address}{key}{instance.suffix}"
            return Reference(address, step.name, step.at), used + 1
        if block.type == "data" and block.labels[0] in remote.OUTPUTS:
            found = self._output(key, block, instance, steps)
            if found is not None:
                return found, used + 2
        return self.object(key, block, instance), used

    def _output(self, key: str, block: ast.Block, instance: Instance, steps: Steps) -> Node | None:
        """One output of another root, where the steps name one: it alone is evaluated."""
        kind = block.labels[0]
        names = [step.name for step in steps[:2] if isinstance(step, ast.GetAttribute)]
        if len(names) < 2 or names[0] != remote.OUTPUTS[kind]:
            return None
        address = f"{self.module.address}{key}{instance.suffix}"
        body = self.body(key, block, instance)
        return remote.output(self.module, kind, body, (address, names[1], steps[1].at))

    def _element(self, key: str, block: ast.Block, wanted: Scalar, steps: Steps) -> tuple[Node, int]:
        expansion = self._expansions[key]
        at = steps[1].at
        instance = instance_of(expansion, wanted)
        if instance is not None:
            if instance.presence is not Presence.CERTAIN:
                self.module.run.doubt(instance.reasons)
            return self._attribute(key, block, instance, steps[2:], 2)
        if expansion.rest is None:
            keys = ", ".join([str(each) for each in list(expansion.instances)[:8]]) or "none"
            raise InputError(f"there is no {key}[{key_text(wanted)}]", at=str(at), hint=f"there are: {keys}")
        self.module.run.doubt(expansion.rest.reasons)
        name = identity(f"{self.module.address}{key}[{key_text(wanted)}]")
        one = self.object(key, block, expansion.rest)
        return Unknown(expansion.rest.reasons, at, identity=name, options=(one,)), 2

    def object(self, key: str, block: ast.Block, instance: Instance) -> Node:
        """An instance as a value: what is configured, and references for all else."""
        place = (key, instance.suffix)
        found = self._objects.get(place)
        if found is None:
            body = self.body(key, block, instance)
            address = f"{self.module.address}{key}{instance.suffix}"
            if block.type == "resource":
                found = _managed(body, address, computed(block.labels[0], body, address, self._zone_of))
            else:
                recorded = self.module.run.options.recorded.get(address)
                found = data_object(self.module, block, body, address) if recorded is None else recorded
            self._objects[place] = found
        return found

    def _zone_of(self, subnet: Node) -> Node | None:
        """The zone of a subnet, of this module or of another one, as far as it says it."""
        if not isinstance(subnet, Reference):
            return None
        try:
            found = resource_at(self.module, subnet.target)
        except InputError:
            return None
        return found.entries.get("availability_zone") if isinstance(found, Map) else None

    def _collection(self, key: str, block: ast.Block, expansion: Expansion) -> Node:
        """All instances as a list or map; one of several where it is not known which there are."""
        objects = {name: self.object(key, block, each) for name, each in expansion.instances.items()}
        if expansion.choices:
            reasons = joined(why for each in expansion.instances.values() for why in each.reasons)
            ways = [
                gathered(expansion.mode, {name: objects[name] for name in way}, block.at)
                for way in expansion.choices
            ]
            return one_of(ways, reasons, block.at)
        certain = {
            name: objects[name]
            for name, each in expansion.instances.items()
            if each.presence is Presence.CERTAIN
        }
        loose = [objects[name] for name in objects if name not in certain]
        if expansion.rest is not None:
            loose.append(self.object(key, block, expansion.rest))
        return gathered(expansion.mode, certain, block.at, bound(loose, block.at))

    def all(self) -> Iterator[Resource]:
        """Every instance of every resource and data source, in the order of the source."""
        for mode, sort in (("", "resource"), ("data.", "data")):
            for name, block in self.module.declarations.blocks[sort].items():
                key = mode + name
                expansion = self.expansion(key, block)
                kind = mode + block.labels[0]
                for instance in expansion.instances.values():
                    yield self._resource(kind, key, block, instance)
                if expansion.rest is not None:
                    yield self._resource(kind, key, block, expansion.rest)

    def _resource(self, kind: str, key: str, block: ast.Block, instance: Instance) -> Resource:
        module = self.module
        address = f"{module.address}{key}{instance.suffix}"
        body = self.body(key, block, instance)
        frame = Frame(module, dict(instance.names)) if instance.names else None
        if kind == block.labels[0]:
            body = module.providers.tagged(block, body, address, frame)
        if module.run.assumed is not None:
            body = module.run.assumed.computed(address, body)
        return Resource(
            kind=kind,
            address=address,
            body=body,
            at=block.at,
            scope=module.providers.scope(block, body, address, frame),
            presence=combined(module.presence, instance.presence),
            reasons=tuple(dict.fromkeys((*module.reasons, *instance.reasons))),
        )


def combined(a: Presence, b: Presence) -> Presence:
    """Whether a thing is there that needs both."""
    if Presence.MANY in {a, b}:
        return Presence.MANY
    return Presence.POSSIBLE if Presence.POSSIBLE in {a, b} else Presence.CERTAIN


def instance_of(expansion: Expansion, wanted: Scalar) -> Instance | None:
    """The instance of a known key, if there is one."""
    key = wanted.value
    if expansion.mode is Mode.COUNT:
        if isinstance(key, str) and key.isdecimal() and len(key) < 10:
            key = int(key)
        return expansion.instances.get(key) if isinstance(key, int) else None
    return expansion.instances.get(str(key)) if isinstance(key, str | int) else None


def gathered(mode: Mode, objects: dict[str | int, Node], at: Location, more: Node | None = None) -> Node:
    """Instances as the list or map that a reference to all of them gives."""
    if mode is Mode.COUNT:
        return Seq(tuple(objects.values()), at, more=more)
    return Map({str(name): each for name, each in objects.items()}, at, more=more)


def _managed(body: Map, address: str, found: Mapping[str, Node]) -> Map:
    entries: dict[str, Node] = dict(found)
    for name, node in body.entries.items():
        if name in ALWAYS_COMPUTED or (isinstance(node, Scalar) and node.value is None):
            continue
        if isinstance(node, Unknown) and node.options:
            node = _without_null(node, Reference(address, name, node.at))  # noqa: PLW2901 -- one value, made whole
        entries[name] = _opened(node, address, name)
    return Map(entries, body.at, more=Reference(address, "", body.at))


def _without_null(node: Unknown, computed: Reference) -> Unknown:
    """The value with the computed one in the stead of null: an argument that is null is not set."""
    options = tuple(
        [
            computed if isinstance(option, Scalar) and option.value is None else option
            for option in node.options
        ]
    )
    return Unknown(node.reasons, node.at, node.via, options=options, type=node.type)


def _opened(node: Node, address: str, path: str) -> Node:
    """Nested blocks as a reference sees them: what is not configured in one may be filled in."""
    if (
        not isinstance(node, Seq)
        or not (node.items or node.more)
        or not all(isinstance(i, Map) for i in node.items)
    ):
        return node
    items = tuple([_open_map(item, address, f"{path}[{number}]") for number, item in enumerate(node.items)])
    more = None if node.more is None else _open_map(node.more, address, f"{path}[*]")
    return Seq(items, node.at, node.via, more, node.unordered)


def _open_map(node: Node, address: str, path: str) -> Node:
    if not isinstance(node, Map):
        return node
    entries = {
        name: _opened(inner, address, f"{path}.{name}")
        for name, inner in node.entries.items()
        if not (isinstance(inner, Scalar) and inner.value is None)
    }
    return Map(entries, node.at, node.via, node.more or Reference(address, f"{path}.", node.at))
