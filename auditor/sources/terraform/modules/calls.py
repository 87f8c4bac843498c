"""The modules that a module calls: where they lie, their instances, and their outputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from auditor import disk
from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.terraform.configuration.declarations import find
from auditor.sources.terraform.evaluate.alternatives import one_of
from auditor.sources.terraform.evaluate.dispatch import evaluate
from auditor.sources.terraform.evaluate.frame import Frame
from auditor.sources.terraform.evaluate.loops import bound
from auditor.sources.terraform.evaluate.traversal import Steps
from auditor.sources.terraform.modules.addresses import Call, Missing, is_local
from auditor.sources.terraform.modules.blocks import body_of, unreadable
from auditor.sources.terraform.modules.installed import SETTLED_BY, module_folder
from auditor.sources.terraform.modules.instances import Expansion, Instance, Mode, expand, unknown_expansion
from auditor.sources.terraform.modules.providers import Provider, reference_text
from auditor.sources.terraform.modules.resources import combined, gathered, instance_of
from auditor.sources.terraform.modules.stand_ins import StandIn, stand_in
from auditor.sources.terraform.syntax import ast
from auditor.sources.values import identity, joined
from auditor.tree import Gap, GapKind, Map, Node, Presence, Reason, Resource, Scalar, Unknown

if TYPE_CHECKING:
    from auditor.sources.terraform.modules.module import Module

MOST_MODULES = 20_000


@dataclass(frozen=True, slots=True)
class Source:
    """Where a called module lies, what stands in for it, or why it cannot be read."""

    folder: str = ""
    standing: StandIn | None = None
    reasons: tuple[Reason, ...] = ()


class Calls:
    """The module calls of one instance of a module."""

    __slots__ = ("_children", "_expansions", "_objects", "_sources", "module")

    def __init__(self, module: Module) -> None:
        self.module = module
        self._children: dict[tuple[str, str], Module] = {}
        self._expansions: dict[str, Expansion] = {}
        self._objects: dict[tuple[str, str], Node] = {}
        self._sources: dict[str, Source] = {}

    def made(self) -> Iterable[Module]:
        """The called modules that something has been asked of."""
        return self._children.values()

    def value(self, name: str, steps: Steps, frame: Frame) -> tuple[Node, int]:
        """What a reference's first steps lead to, and how many steps these are."""
        at = steps[0].at
        block = self.module.declarations.blocks["module"].get(name)
        if block is None:
            return self.module.undeclared("module", f"module.{name}", at), 1
        source = self._source(name, block)
        if source.reasons:
            named = identity(f"{self.module.address}module.{name}")
            return Unknown(source.reasons, at, identity=named), 1
        expansion = self.expansion(name, block)
        if expansion.mode is Mode.SINGLE:
            return self._output(name, block, expansion.instances[""], steps[1:], 1)
        if len(steps) > 1 and isinstance(steps[1], ast.Index):
            call = evaluate(steps[1].key, frame)
            instance = instance_of(expansion, call) if isinstance(call, Scalar) else None
            if instance is not None:
                if instance.presence is not Presence.CERTAIN:
                    self.module.run.doubt(instance.reasons)
                return self._output(name, block, instance, steps[2:], 2)
        return self._collection(name, block, expansion), 1

    def _output(
        self, name: str, block: ast.Block, instance: Instance, steps: Steps, used: int
    ) -> tuple[Node, int]:
        child = self.child(name, block, instance)
        if steps and isinstance(steps[0], ast.GetAttribute):
            return child.output(steps[0].name, steps[0].at), used + 1
        return self._object(name, block, instance), used

    def _object(self, name: str, block: ast.Block, instance: Instance) -> Node:
        found = self._objects.get((name, instance.suffix))
        if found is None:
            child = self.child(name, block, instance)
            outputs = {each: child.output(each, block.at) for each in child.declarations.blocks["output"]}
            found = self._objects[name, instance.suffix] = Map(outputs, block.at, more=child.further())
        return found

    def _collection(self, name: str, block: ast.Block, expansion: Expansion) -> Node:
        objects = {key: self._object(name, block, each) for key, each in expansion.instances.items()}
        at = block.at
        if expansion.choices:
            reasons = joined(why for each in expansion.instances.values() for why in each.reasons)
            ways = [
                gathered(expansion.mode, {key: objects[key] for key in way}, at) for way in expansion.choices
            ]
            return one_of(ways, reasons, at)
        certain = {
            key: objects[key]
            for key, each in expansion.instances.items()
            if each.presence is Presence.CERTAIN
        }
        loose = [objects[key] for key in objects if key not in certain]
        if expansion.rest is not None:
            loose.append(self._object(name, block, expansion.rest))
        return gathered(expansion.mode, certain, at, bound(loose, at))

    def expansion(self, name: str, block: ast.Block) -> Expansion:
        """The instances of a call; where they cannot be told, any number of them, with a gap."""
        found = self._expansions.get(name)
        if found is None:
            module = self.module
            label = f"{module.address}module.{name}"
            try:
                found = module.run.once(
                    self._expansions, name, label, lambda: expand(block, module.frame, label)
                )
            except InputError as error:
                module.run.invalid(error, label, block.at)
                found = unknown_expansion(block, unreadable(error, block.at), label)
            self._expansions[name] = found
        return found

    def _source(self, name: str, block: ast.Block) -> Source:
        found = self._sources.get(name)
        if found is None:
            found = self._sources[name] = self._located(name, block)
        return found

    def _located(self, name: str, block: ast.Block) -> Source:
        module = self.module
        what = f"{module.address}module.{name}"
        call = self._call(block)
        if isinstance(call, Missing):
            return self._missing(what, block, call.why, GapKind.INVALID)
        path = ".".join((*module.path, name))
        run = module.run
        folder = module_folder(call, run.root, run.mapped, run.installed.get(path))
        if isinstance(folder, Missing):
            return self._absent(what, block, call, folder.why)
        if disk.real(folder) in module.ancestors:
            return self._missing(what, block, f"the module in {folder} calls itself", GapKind.INVALID)
        return Source(folder)

    def _call(self, block: ast.Block) -> Call | Missing:
        """What a call asks for. OpenTofu lets variables and local values stand in it
        (https://opentofu.org/docs/language/modules/sources/#support-for-variable-and-local-evaluation)."""
        texts = {"source": "", "version": ""}
        for name in texts:
            attribute = find(block.body, name)
            if attribute is None:
                continue
            try:
                node = self._early(attribute, block.labels[0])
            except InputError as error:
                return Missing(f"its {name} cannot be evaluated: {error.message}")
            if not isinstance(node, Scalar) or not isinstance(node.value, str):
                return Missing(f"its {name} is not a known string")
            texts[name] = node.value
        if not texts["source"]:
            return Missing("it has no source")
        return Call(texts["source"], texts["version"], self.module.folder)

    def _early(self, attribute: ast.Attribute, name: str) -> Node:
        """The value of an argument that says which module is called: it cannot depend on that module."""
        value, frame = attribute.value, self.module.frame
        if isinstance(value, ast.Literal):
            return Scalar(value.value, value.at)
        label = f"{self.module.address}module.{name}.{attribute.name}"
        mark = (name, attribute.name)
        return self.module.run.once(self._sources, mark, label, lambda: evaluate(value, frame))

    def _absent(self, what: str, block: ast.Block, call: Call, why: str) -> Source:
        """What stands in for a module that is not on disk: all of it is unknown where nothing does."""
        whole = f"the module {call.source} cannot be read: {why}"
        found = None if is_local(call.source) else stand_in(self.module.run.options.stand_ins, call, block)
        if not isinstance(found, StandIn):
            why = whole if found is None else f"{whole}, and {found.why}"
            return self._missing(what, block, why, GapKind.MODULE)
        if self.module.standing is None:
            self._missing(what, block, f"{whole}; {found.told}", GapKind.MODULE)
        return Source(self.module.folder, found)

    def _missing(self, what: str, block: ast.Block, why: str, kind: GapKind) -> Source:
        hint = SETTLED_BY if kind is GapKind.MODULE else ""
        expansion = self.expansion(block.labels[0], block)
        if expansion.instances or expansion.rest is not None:
            self.module.run.gap(Gap(kind, what, block.at, why, hint))
        return Source(reasons=(Reason(what, block.at, hint or why),))

    def child(self, name: str, block: ast.Block, instance: Instance) -> Module:
        """The called module as one of its instances."""
        found = self._children.get((name, instance.suffix))
        if found is None:
            found = self._children[name, instance.suffix] = self._called(name, block, instance)
        return found

    def _called(self, name: str, block: ast.Block, instance: Instance) -> Module:
        module = self.module
        frame = Frame(module, dict(instance.names)) if instance.names else module.frame
        module.run.modules += 1
        if module.run.modules > MOST_MODULES:
            raise InputError(f"there are more than {MOST_MODULES} modules", at=str(block.at))
        return module.called(
            name,
            instance,
            block=block,
            source=self._source(name, block),
            frame=frame,
            presence=combined(module.presence, instance.presence),
        )

    def passed_providers(self, block: ast.Block, frame: Frame) -> dict[str, Provider]:
        """The provider configurations that a call hands down, by the called module's names for them."""
        attribute = find(block.body, "providers")
        if attribute is None or not isinstance(attribute.value, ast.ObjectExpression):
            return {}
        passed: dict[str, Provider] = {}
        for key, value in attribute.value.items:
            inner, outer = reference_text(key), reference_text(value)
            label = f"{self.module.address}module.{block.labels[0]}"
            if isinstance(value, ast.Index):
                passed[inner] = self.module.providers.keyed(value, frame, label)
            elif inner:
                passed[inner] = self.module.providers.find(outer, label) if outer else Provider()
        return passed

    def unread(self) -> Iterator[Resource]:
        """The calls of modules that cannot be read, as resources of the kind ``module``."""
        for name, block in self.module.declarations.blocks["module"].items():
            reasons = self._source(name, block).reasons
            if not reasons:
                continue
            expansion = self.expansion(name, block)
            rest = () if expansion.rest is None else (expansion.rest,)
            for instance in (*expansion.instances.values(), *rest):
                yield self._unread(name, block, instance, reasons)

    def _unread(
        self, name: str, block: ast.Block, instance: Instance, reasons: tuple[Reason, ...]
    ) -> Resource:
        module = self.module
        address = f"{module.address}module.{name}{instance.suffix}"
        frame = Frame(module, dict(instance.names)) if instance.names else module.frame
        return Resource(
            kind="module",
            address=address,
            body=body_of(block, frame, address),
            at=block.at,
            scope=module.providers.scope(block, Map({}, block.at), address, frame),
            presence=combined(module.presence, instance.presence),
            reasons=reasons,
        )

    def all(self) -> Iterator[Module]:
        """Every instance of every called module that can be read."""
        for name, block in self.module.declarations.blocks["module"].items():
            if self._source(name, block).reasons:
                continue
            expansion = self.expansion(name, block)
            for instance in expansion.instances.values():
                yield self.child(name, block, instance)
            if expansion.rest is not None:
                yield self.child(name, block, expansion.rest)
