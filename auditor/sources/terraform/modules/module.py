"""One instance of a module: what can be named in it, and the value of each, found as it is asked for."""

from __future__ import annotations

import os

from auditor import disk
from auditor.errors import InputError
from auditor.sources.terraform.configuration.declarations import Declarations, declarations, find
from auditor.sources.terraform.configuration.files import NO_OVERLAY, Overlay, read_folder
from auditor.sources.terraform.evaluate.access import attribute
from auditor.sources.terraform.evaluate.dispatch import evaluate
from auditor.sources.terraform.evaluate.frame import Frame, Run
from auditor.sources.terraform.modules.blocks import CALL_ARGUMENTS
from auditor.sources.terraform.modules.calls import Calls, Source
from auditor.sources.terraform.modules.instances import Instance
from auditor.sources.terraform.modules.offered import settled_by
from auditor.sources.terraform.modules.providers import Provider, Providers
from auditor.sources.terraform.modules.resources import Resources
from auditor.sources.terraform.modules.stand_ins import StandIn, further, named
from auditor.sources.terraform.modules.texts import Passed, Text, passed_text, text_expression
from auditor.sources.terraform.modules.variables import Given, given_values
from auditor.sources.terraform.syntax import ast
from auditor.sources.terraform.values import (
    AnyType,
    TypeConstraint,
    convert,
    parse_type,
    parse_type_text,
    reasons_of,
    type_text,
)
from auditor.sources.values import identity
from auditor.tree import Location, Map, Node, Presence, Reason, Scalar, Unknown

ANY = AnyType()


class Module:
    """A module as it is called from one place; ``address`` is what stands before its resources' addresses."""

    __slots__ = (
        "_locals",
        "_outputs",
        "_variables",
        "address",
        "ancestors",
        "at",
        "call",
        "calls",
        "declarations",
        "folder",
        "frame",
        "given",
        "parent",
        "path",
        "presence",
        "providers",
        "reasons",
        "resources",
        "run",
        "standing",
    )

    def __init__(
        self,
        run: Run,
        folder: str,
        parent: Frame | None,
        call: ast.Block | None,
        *,
        standing: StandIn | None = None,
    ) -> None:
        self.run = run
        self.standing = standing
        self.folder = folder
        self.parent = parent
        self.call = call
        self.declarations = standing.declarations if standing else declared_in(run, folder)
        self.at = call.at if call is not None else Location(folder)
        self.address = ""
        self.path: tuple[str, ...] = ()
        self.presence = Presence.CERTAIN
        self.reasons: tuple[Reason, ...] = ()
        self.ancestors = frozenset({disk.real(folder)})
        self.frame = Frame(self, {})
        self.given = Given() if parent is not None else self._given_to_root()
        self._variables: dict[str, Node] = {}
        self._locals: dict[str, Node] = {}
        self._outputs: dict[str, Node] = {}
        self.resources = Resources(self)
        self.calls = Calls(self)
        passed: dict[str, Provider] = {}
        if parent is not None and call is not None:
            passed = parent.module.calls.passed_providers(call, parent)
        self.providers = Providers(self, passed)

    def _given_to_root(self) -> Given:
        declared = self.declarations
        return given_values(self.run, declared.blocks["variable"], whole=not declared.broken)

    def called(
        self,
        name: str,
        instance: Instance,
        *,
        block: ast.Block,
        source: Source,
        frame: Frame,
        presence: Presence,
    ) -> Module:
        """A module that this one calls."""
        child = Module(self.run, source.folder, frame, block, standing=source.standing)
        child.address = f"{self.address}module.{name}{instance.suffix}."
        child.path = (*self.path, name)
        child.presence = presence
        child.reasons = tuple(dict.fromkeys((*self.reasons, *instance.reasons)))
        child.ancestors = self.ancestors | child.ancestors
        child.check_arguments()
        return child

    def check_arguments(self) -> None:
        """Takes down the arguments of the call that the module has no variable for."""
        declared = self.declarations.blocks["variable"]
        if self.call is None or self.standing is not None or self.declarations.broken:
            return
        for argument in self.call.body.attributes:
            if argument.name not in CALL_ARGUMENTS and argument.name not in declared:
                what = f"the module has no variable {argument.name}"
                hint = f"there are: {', '.join(sorted(declared)[:8]) or 'none'}"
                label = f"{self.address.removesuffix('.')}"
                self.run.invalid(InputError(what, at=str(argument.at), hint=hint), label, argument.at)

    def variable(self, name: str, at: Location) -> Node:
        """The value of an input variable."""
        found = self._variables.get(name)
        if found is not None:
            return found
        block = self.declarations.blocks["variable"].get(name)
        if block is None:
            return self.undeclared("variable", f"var.{name}", at)
        label = f"{self.address}var.{name}"
        return self.run.demand(self._variables, name, label, block.at, lambda: self._input(name, block))

    def _input(self, name: str, block: ast.Block) -> Node:
        constraint, typed = _constraint(block)
        known = self.run.options.values.get(name) if self.parent is None else None
        node = known or self._given(name, block, constraint, typed=typed)
        if self.standing is not None:
            node = self.standing.value(name, block, node, self)
            return convert(node, constraint, node.at)
        default = find(block.body, "default")
        nullable = find(block.body, "nullable")
        never_null = nullable is not None and _is_literal(nullable, value=False)
        if node is None or (never_null and isinstance(node, Scalar) and node.value is None):
            if default is None:
                return self._unset(name, block, constraint, typed=typed)
            node = evaluate(default.value, Frame(self, {}, isolated=True))
        return convert(node, constraint, node.at)

    def _given(self, name: str, block: ast.Block, constraint: TypeConstraint, *, typed: bool) -> Node | None:
        """The value given from outside, if there is one."""
        if self.parent is not None:
            argument = find(self.call.body, name) if self.call is not None else None
            return None if argument is None else evaluate(argument.value, self.parent)
        given = self.given.values.get(name)
        chosen = {each for each, _ in self.run.options.variables}
        if self.given.broken and name not in chosen:
            reason = Reason(f"var.{name}", self.given.broken[0], "a variables file that parses")
            return Unknown((reason,), block.at, identity=f"var.{name}", type=type_text(constraint))
        match given:
            case None:
                return self._further(name, block, constraint)
            case ast.Attribute():
                return evaluate(given.value, Frame(self, {}, isolated=True))
            case Passed(node=node):
                text = passed_text(node, constraint, typed=typed)
                if not isinstance(text, Text):
                    return text
                return evaluate(
                    text_expression(text, constraint, typed=typed), Frame(self, {}, isolated=True)
                )
            case Text():
                expression = text_expression(given, constraint, typed=typed)
                return evaluate(expression, Frame(self, {}, isolated=True))
            case _:
                return given

    def _further(self, name: str, block: ast.Block, constraint: TypeConstraint) -> Node | None:
        """What stands for a variable that is not among the known inputs, where there may be others."""
        more = self.run.options.inputs.more
        if more is None:
            return None
        return Unknown(reasons_of(more), block.at, identity=f"var.{name}", type=type_text(constraint))

    def _unset(self, name: str, block: ast.Block, constraint: TypeConstraint, *, typed: bool) -> Node:
        if self.parent is not None:
            label = f"{self.address.removesuffix('.')}"
            hint = f"give {name} in the module block"
            raise InputError(f"{label} is not given its variable {name}", at=str(self.at), hint=hint)
        kind = type_text(constraint) if typed else ""
        reason = Reason(f"var.{name}", block.at, settled_by(self.run, name))
        unset = Unknown((reason,), block.at, identity=f"var.{name}", type=kind)
        assumed = self.run.assumed
        return unset if assumed is None else convert(assumed.settle(unset), constraint, block.at)

    def local(self, name: str, at: Location) -> Node:
        """The value of a local value."""
        found = self._locals.get(name)
        if found is not None:
            return found
        attribute = self.declarations.locals.get(name)
        if attribute is None:
            return self.undeclared("local", f"local.{name}", at)
        label = f"{self.address}local.{name}"
        frame, value = self.frame, attribute.value
        return self.run.demand(self._locals, name, label, value.at, lambda: evaluate(value, frame))

    def output(self, name: str, at: Location) -> Node:
        """The value of an output."""
        found = self._outputs.get(name)
        if found is not None:
            return found
        block = self.declarations.blocks["output"].get(name)
        label = f"{self.address}{name}"
        if block is None:
            others = self.further()
            return (
                self.undeclared("output", label, at)
                if others is None
                else attribute(self.run, Map({}, at, more=others), name, at)
            )
        return self.run.demand(self._outputs, name, f"output {label}", block.at, lambda: self._output(block))

    def _output(self, block: ast.Block) -> Node:
        value = find(block.body, "value")
        if value is None:
            raise InputError(
                f"the output {block.labels[0]} has no value", at=str(block.at), hint="give it a value"
            )
        found = evaluate(value.value, self.frame)
        return found if self.standing is None else named(found, f"{self.address}{block.labels[0]}")

    def further(self) -> Unknown | None:
        """The outputs beside those that are declared, where something stands in for the module."""
        return None if self.standing is None else further(self.address, self.at)

    def path_value(self, name: str, at: Location) -> Node:
        """``path.module``, ``path.root`` and ``path.cwd``."""
        if name in {"root", "cwd"}:
            return Scalar(".", at) if name == "root" else Scalar(self.run.root, at)
        if name == "module":
            relative = os.path.relpath(self.folder, self.run.root)
            return Scalar(relative.replace(os.sep, "/"), at)
        raise InputError(
            f"there is no path.{name}", at=str(at), hint="there are path.module, path.root and path.cwd"
        )

    def undeclared(self, sort: str, name: str, at: Location) -> Node:
        """What stands for a name that is not declared: InputError, or unknown where a file is broken."""
        broken = self.declarations.broken
        if not broken:
            raise InputError(
                f"there is no {sort} {name} in {self.folder}",
                at=str(at),
                hint="declare it, or correct the name",
            )
        reasons = tuple([Reason(name, place, "a file that is given, and parses") for place in broken])
        return Unknown(reasons, at, identity=identity(self.address + name))


def declared_in(run: Run, folder: str) -> Declarations:
    """What a folder declares, read once."""
    found = run.declared.get(folder)
    if found is None:
        options = run.options
        is_root = folder == run.root
        only = options.files if is_root else ()
        over = Overlay(options.overlaid, options.generated) if is_root else NO_OVERLAY
        found = run.declared[folder] = declarations(read_folder(folder, only, over))
        for gap in found.gaps:
            run.gap(gap)
    return found


def _is_literal(attribute: ast.Attribute, *, value: bool) -> bool:
    return isinstance(attribute.value, ast.Literal) and attribute.value.value is value


def _constraint(block: ast.Block) -> tuple[TypeConstraint, bool]:
    """A variable's type, and whether it is given at all."""
    attribute = find(block.body, "type")
    if attribute is None:
        return ANY, False
    if isinstance(attribute.value, ast.Literal) and isinstance(attribute.value.value, str):
        return parse_type_text(attribute.value.value), True
    return parse_type(attribute.value), True
