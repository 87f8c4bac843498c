"""What a plan says of the expressions behind its values: which resources each of them refers to.

A plan names the references in an expression and not the expression, so that one reference alone decides a
value and several are what it may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from auditor.frozen import dataclass
from auditor.sources.terraform.saved.documents import (
    Configuration,
    ConfiguredModule,
    ConfiguredResource,
    References,
)
from auditor.sources.terraform.saved.instances import STEP, Block, Instance, caller_of, key_of
from auditor.tree import Location, Node, Reason, Reference, Seq, Unknown

SETTLED_BY = "give the folder of its configuration beside the plan"
DEEPEST = 40
_KNOWN = ("count.", "path.", "terraform.", "self.", "each.key")
# The attributes that name other resources; in another one, a reference may be only a part of the value.
_NAMES = re.compile(r"(^|_)(ids?|arns?|identifiers?|subnets|security_groups|instances?|cluster)$|_name$")
# The attributes that take the ids of one type, by the end of their names.
_TAKES = (
    (
        re.compile(r"(^|_)subnet(_id)?s?$|_subnet_ids$|vpc_zone_identifier"),
        ("aws_subnet", "aws_default_subnet"),
    ),
    (re.compile(r"(^|_)security_group(_id)?s?$|_security_group_ids$"), ("aws_security_group",)),
    (re.compile(r"(^|_)vpc_id$"), ("aws_vpc", "aws_default_vpc")),
    (re.compile(r"(^|_)route_table_ids?$"), ("aws_route_table", "aws_default_route_table")),
    (re.compile(r"(^|_)network_interface_ids?$"), ("aws_network_interface",)),
    (re.compile(r"(^|_)nat_gateway_id$"), ("aws_nat_gateway",)),
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an expression stands: the calls that lead to its module, and that module's instance."""

    modules: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True)
class _Found:
    """What an expression may refer to; ``sole`` where it is nothing but the one reference, ``open`` where
    there may be more."""

    options: tuple[Reference, ...] = ()
    sole: bool = False
    open: bool = False


_OPEN = _Found(open=True)


class Configured:
    """The expressions of a configuration, and the instances that their references can mean."""

    __slots__ = ("_at", "_blocks", "_found", "_instances", "_modules")

    def __init__(self, configuration: Configuration, instances: Iterable[Instance], at: Location) -> None:
        self._at = at
        self._modules = dict(_modules(configuration.root_module, ()))
        self._blocks = {
            block_of(path, each): each for path, module in self._modules.items() for each in module.resources
        }
        self._found: dict[tuple[str, str, _Place], _Found] = {}
        self._instances: dict[Block, list[Instance]] = {}
        for instance in instances:
            self._instances.setdefault(instance.block, []).append(instance)

    @property
    def blocks(self) -> Iterator[tuple[Block, ConfiguredResource]]:
        """Every resource and data block of the configuration."""
        yield from self._blocks.items()

    def has_instances(self, block: Block) -> bool:
        """Whether the plan or the state says anything of a block."""
        return block in self._instances

    def expressions(self, instance: Instance) -> References:
        """The expressions of an instance's block; empty where the configuration has no such block."""
        found = self._blocks.get(instance.block)
        return {} if found is None else found.expressions

    def provider(self, block: Block) -> str:
        """The key of the provider's configuration that a block uses; empty where that is not known."""
        found = self._blocks.get(block)
        return "" if found is None else found.provider_config_key

    def node(self, name: str, expression: References, instance: Instance) -> Node:
        """The value of an attribute that the plan leaves open, as far as its references tell."""
        place = _Place(instance.block.modules, instance.module)
        found = self._resolve(name, expression, place, instance, 0) if _NAMES.search(name) else _OPEN
        reasons = (Reason(f"{instance.address}.{name}", self._at, SETTLED_BY),)
        many = name.endswith("s") or name == "vpc_zone_identifier"
        if many:
            certain = found.options if found.sole else ()
            options = () if found.sole or found.open else found.options
            return Seq(certain, self._at, more=Unknown(reasons, self._at, options=options))
        if found.sole:
            return found.options[0]
        return Unknown(reasons, self._at, options=() if found.open else found.options)

    def _resolve(
        self, name: str, expression: References, place: _Place, instance: Instance | None, depth: int
    ) -> _Found:
        references = _longest(expression.get("references", ()))
        if not references or depth > DEEPEST:
            return _OPEN
        parts = [
            self._one(name, reference, place, instance, depth)
            for reference in references
            if not reference.startswith(_KNOWN)
        ]
        options = tuple(dict.fromkeys(option for part in parts for option in part.options))
        open_ = not options or any(part.open for part in parts)
        return _Found(options, len(references) == 1 and len(parts) == 1 and parts[0].sole, open_)

    def _one(self, name: str, reference: str, place: _Place, instance: Instance | None, depth: int) -> _Found:
        first, _, rest = reference.partition(".")
        if first == "var":
            return self._variable(name, _word(rest), place, depth)
        if first == "each":
            return self._each(name, place, instance, depth)
        if first == "module" or first.startswith("module["):
            return self._output(name, rest, place, depth)
        if first in {"local", "data"}:
            return _OPEN
        asked = (name, reference, place)
        found = self._found.get(asked)
        if found is None:
            found = self._found[asked] = self._resource(name, reference, place, depth)
        return found

    def _variable(self, name: str, variable: str, place: _Place, depth: int) -> _Found:
        """What the call of the module gives; a variable of the root is known, so never why a value is not."""
        if not place.modules:
            return _Found()
        *above, call = place.modules
        caller = self._modules.get(tuple(above))
        if caller is None or call not in caller.module_calls:
            return _OPEN
        expression = caller.module_calls[call].expressions.get(variable)
        outside = _Place(tuple(above), caller_of(place.address))
        return (
            self._resolve(name, expression, outside, None, depth + 1)
            if isinstance(expression, dict)
            else _OPEN
        )

    def _each(self, name: str, place: _Place, instance: Instance | None, depth: int) -> _Found:
        block = None if instance is None else self._blocks.get(instance.block)
        if block is None:
            return _OPEN
        found = self._resolve(name, block.for_each_expression, place, None, depth + 1)
        return _Found(found.options, open=found.open)

    def _output(self, name: str, rest: str, place: _Place, depth: int) -> _Found:
        step = STEP.match(rest)
        if step is None:
            return _OPEN
        path = (*place.modules, step[1])
        module = self._modules.get(path)
        output = _word(rest[step.end() :])
        if module is None or output not in module.outputs:
            return _OPEN
        prefix = f"{place.address}." if place.address else ""
        inside = _Place(path, f"{prefix}module.{step[1]}{step[2]}")
        found = self._resolve(name, module.outputs[output].expression, inside, None, depth + 1)
        deeper = rest[step.end() :].removeprefix(output)
        return found if not deeper else _Found(found.options, open=True)

    def _resource(self, name: str, reference: str, place: _Place, depth: int) -> _Found:
        steps = list(STEP.finditer(reference))
        if len(steps) < 2:
            return _OPEN
        key = f"{steps[0][1]}.{steps[1][1]}"
        named = [each for each in self._instances.get(Block(place.modules, key), ()) if _within(each, place)]
        attribute = reference[steps[1].end() :].lstrip(".")
        suffix = f"{key}{steps[1][2]}"
        exact = [each for each in named if each.address.removeprefix(each.module).lstrip(".") == suffix]
        if attribute and exact:
            return self._attribute(name, exact, attribute, depth)
        if any(pattern.search(name) and steps[0][1] in kinds for pattern, kinds in _TAKES):
            return _Found(tuple(Reference(each.address, "id", self._at) for each in exact or named))
        return _OPEN

    def _attribute(self, name: str, exact: list[Instance], attribute: str, depth: int) -> _Found:
        """An attribute of an instance: what it is configured to be, or itself where AWS fills it in."""
        if len(exact) == 1:
            expression = self.expressions(exact[0]).get(attribute)
            if isinstance(expression, dict) and expression.get("references"):
                place = _Place(exact[0].block.modules, exact[0].module)
                return self._resolve(name, expression, place, exact[0], depth + 1)
        options = tuple(Reference(each.address, attribute, self._at) for each in exact)
        return _Found(options, sole=len(options) == 1)


def _modules(
    module: ConfiguredModule, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], ConfiguredModule]]:
    yield path, module
    for name, call in module.module_calls.items():
        yield from _modules(call.module, (*path, name))


def block_of(modules: tuple[str, ...], resource: ConfiguredResource) -> Block:
    """The block that a resource of a module's configuration is."""
    return Block(modules, key_of(resource.mode, resource.type, resource.name))


def _longest(references: Any) -> list[str]:
    """The references that are no beginning of another one: a plan lists each of their beginnings too."""
    given = [each for each in references if isinstance(each, str)]
    return [
        each
        for each in dict.fromkeys(given)
        if not any(other != each and other.startswith((f"{each}.", f"{each}[")) for other in given)
    ]


def _word(text: str) -> str:
    step = STEP.match(text)
    return "" if step is None else step[1]


def _within(instance: Instance, place: _Place) -> bool:
    """Whether an instance is one of the module instance's, or, where that is not named, of any."""
    return instance.module == place.address or "[" not in place.address
