"""How often a block is there: the instances that ``count`` and ``for_each`` make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.terraform.configuration.declarations import find
from auditor.sources.terraform.evaluate.access import step
from auditor.sources.terraform.evaluate.dispatch import evaluate
from auditor.sources.terraform.evaluate.frame import Frame
from auditor.sources.terraform.evaluate.loops import elements, members
from auditor.sources.terraform.syntax import ast
from auditor.sources.terraform.values import reasons_of, to_number, to_text
from auditor.sources.terraform.values.numbers import whole_of
from auditor.tree import Location, Map, Node, Presence, Reason, Scalar, Seq, Unknown

MOST_INSTANCES = 100_000


class Mode(StrEnum):
    """What a reference to the block gives: an object, a list, or a map of objects."""

    SINGLE = "single"
    COUNT = "count"
    EACH = "each"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One instance: what stands behind the block's address, and what ``count`` or ``each`` is in it."""

    suffix: str = ""
    names: Mapping[str, Node] = field(default_factory=dict)
    presence: Presence = Presence.CERTAIN
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """All instances of a block by key; ``rest`` stands for any number of further ones.

    Where it depends on the unknowns which there are, ``choices`` are the sets of keys that can be.
    """

    mode: Mode
    instances: Mapping[str | int, Instance]
    rest: Instance | None = None
    choices: tuple[tuple[str | int, ...], ...] = ()


ONE = Expansion(mode=Mode.SINGLE, instances={"": Instance()})


def expand(block: ast.Block, frame: Frame, address: str) -> Expansion:
    """The instances of a resource, data source or module call; InputError where there can be none."""
    for attribute in block.body.attributes:
        if attribute.name == "count":
            return _counted(evaluate(attribute.value, frame), attribute.value.at, address)
        if attribute.name == "for_each":
            return _for_each(evaluate(attribute.value, frame), attribute.value.at, address)
    return ONE


def unknown_expansion(block: ast.Block, reasons: tuple[Reason, ...], address: str) -> Expansion:
    """What stands for the instances of a block whose ``count`` or ``for_each`` cannot be evaluated."""
    if find(block.body, "count") is not None:
        return Expansion(mode=Mode.COUNT, instances={}, rest=_any_index(reasons, block.at))
    return Expansion(mode=Mode.EACH, instances={}, rest=_any_key(None, reasons, block.at, address))


def _any_index(reasons: tuple[Reason, ...], at: Location) -> Instance:
    index = Unknown(reasons, at, type="number")
    names: dict[str, Node] = {"count": Map({"index": index}, at)}
    return Instance(suffix="[*]", names=names, presence=Presence.MANY, reasons=reasons)


def _any_key(
    pair: tuple[Node, Node] | None, reasons: tuple[Reason, ...], at: Location, address: str
) -> Instance:
    nameless = Unknown(reasons, at, identity="", type="string")
    key, value = pair if pair is not None else (nameless, Unknown(reasons, at))
    names: dict[str, Node] = {"each": Map({"key": key, "value": value}, at)}
    return Instance(suffix="[*]", names=names, presence=Presence.MANY, reasons=reasons or _why(address, at))


def _why(address: str, at: Location) -> tuple[Reason, ...]:
    return (Reason(f"for_each of {address}", at),)


def _counted(node: Node, at: Location, address: str) -> Expansion:
    options = node.options if isinstance(node, Unknown) and node.options else (node,)
    sizes = {_size(option, at, address) for option in options}
    reasons = reasons_of(node)
    known = sorted(size for size in sizes if size is not None)
    certain = known[0] if None not in sizes else 0
    most = known[-1] if None not in sizes else 0
    instances: dict[str | int, Instance] = {}
    for number in range(most):
        names: dict[str, Node] = {"count": Map({"index": Scalar(number, at)}, at)}
        if number < certain:
            instances[number] = Instance(suffix=f"[{number}]", names=names)
        else:
            presence = Presence.POSSIBLE
            instances[number] = Instance(
                suffix=f"[{number}]", names=names, presence=presence, reasons=reasons
            )
    rest = _any_index(reasons, at) if None in sizes else None
    choices = tuple(tuple(range(size)) for size in known) if len(known) > 1 and rest is None else ()
    return Expansion(mode=Mode.COUNT, instances=instances, rest=rest, choices=choices)


def _size(node: Node, at: Location, address: str) -> int | None:
    if isinstance(node, Seq | Map) or (isinstance(node, Scalar) and node.value is None):
        raise InputError(f"the count of {address} is not a number", at=str(at), hint="give a whole number")
    number = to_number(node)
    if not isinstance(number, Scalar):
        return None
    size = whole_of(number.value)
    if size is None or not 0 <= size <= MOST_INSTANCES:
        raise InputError(
            f"the count of {address} must be a whole number from 0 to {MOST_INSTANCES}", at=str(at)
        )
    return size


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys and values that one option of a ``for_each`` gives, and what bounds any further ones."""

    known: Mapping[str, Node]
    rest: tuple[Node, Node] | None


def _for_each(node: Node, at: Location, address: str) -> Expansion:
    options = node.options if isinstance(node, Unknown) and node.options else (node,)
    ways = [_keys(option, at, address) for option in options]
    reasons = reasons_of(node) if isinstance(node, Unknown) else ()
    keys = list(dict.fromkeys(key for way in ways for key in way.known))
    instances: dict[str | int, Instance] = {}
    for key in keys:
        values = [way.known[key] for way in ways if key in way.known]
        value = values[0] if len(values) == 1 else Unknown(reasons, at, options=tuple(values))
        names: dict[str, Node] = {"each": Map({"key": Scalar(key, value.at), "value": value}, at)}
        suffix = f"[{step(Scalar(key, at))}]"
        if len(values) == len(ways):
            instances[key] = Instance(suffix=suffix, names=names)
        else:
            presence = Presence.POSSIBLE
            instances[key] = Instance(suffix=suffix, names=names, presence=presence, reasons=reasons)
    rests = [way.rest for way in ways if way.rest is not None]
    rest = None
    if rests:
        whys = reasons_of(node, *rests[0])
        rest = _any_key(rests[0] if len(rests) == 1 else None, whys, at, address)
    several = len({frozenset(way.known) for way in ways}) > 1
    choices = tuple(tuple(way.known) for way in ways) if several and rest is None else ()
    return Expansion(mode=Mode.EACH, instances=instances, rest=rest, choices=choices)


def _keys(node: Node, at: Location, address: str) -> _Keys:
    if isinstance(node, Scalar):
        what = "null" if node.value is None else "a string, number or boolean"
        hint = "give a map, or a set of strings"
        raise InputError(f"the for_each of {address} is {what}", at=str(at), hint=hint)
    if isinstance(node, Seq) and node.items and not node.unordered and node.more is None:
        hint = "wrap it in toset()"
        raise InputError(f"the for_each of {address} is a list, not a map or a set", at=str(at), hint=hint)
    pairs, rest = members(node) if isinstance(node, Seq) else elements(node, at)
    known: dict[str, Node] = {}
    loose: list[tuple[Node, Node]] = [] if rest is None else [rest]
    for key, value in pairs:
        text = to_text(key) if not isinstance(key, Seq | Map) else key
        if isinstance(text, Scalar) and isinstance(text.value, str):
            known[text.value] = value
        elif isinstance(text, Seq | Map | Scalar):
            raise InputError(f"the for_each of {address} is a set, but not of strings", at=str(at))
        else:
            loose.append((key, value))
    if not loose:
        return _Keys(known, None)
    return _Keys(known, loose[0] if len(loose) == 1 else _either(loose, at))


def _either(pairs: list[tuple[Node, Node]], at: Location) -> tuple[Node, Node]:
    keys, values = tuple(key for key, _ in pairs), tuple(value for _, value in pairs)
    few = len(pairs) <= 16
    return (
        Unknown(reasons_of(*keys), at, options=keys if few else ()),
        Unknown(reasons_of(*values), at, options=values if few else ()),
    )
