"""What is known of a result when arguments are not: one of few results, a part of it, or its name."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import prod

from auditor.errors import InputError
from auditor.sources.terraform.functions.signature import Function
from auditor.sources.terraform.values import CallSite, identity_of, reasons_of
from auditor.sources.terraform.values.compare import without_duplicates
from auditor.sources.terraform.values.infer import element_type
from auditor.sources.values import is_wholly_known
from auditor.tree import Location, Map, Node, Reference, Scalar, Seq, Unknown

MOST_OPTIONS = 16


def decide(function: Function, site: CallSite, arguments: tuple[Node, ...]) -> Node:
    """The result of a function; where it is unknown, the results for each of the arguments' options."""
    result = function.body(site, arguments)
    if not isinstance(result, Unknown) or result.options:
        return result
    choices = [_choices(argument) for argument in arguments]
    if not 1 < prod(len(choice) for choice in choices) <= MOST_OPTIONS:
        return result
    try:
        ways = [function.accept(site, combination) for combination in itertools.product(*choices)]
        results = [function.body(site, way) for way in ways]
    except InputError:
        return result
    outcome = one_of(results, site.at)
    if isinstance(outcome, Unknown):
        return replace(result, options=outcome.options)
    return outcome


def _choices(argument: Node) -> tuple[Node, ...]:
    return argument.options if isinstance(argument, Unknown) and argument.options else (argument,)


def one_of(nodes: Iterable[Node], at: Location) -> Node:
    """The value that is one of these: the one itself where all are certainly equal, else an unknown.

    It has options where each of the values is known, a reference, or has options, and they are few.
    """
    different = without_duplicates(nodes)
    if len(different) == 1:
        return different[0]
    reasons = reasons_of(*different)
    if any(isinstance(node, Unknown) and not node.options for node in different):
        return Unknown(reasons, at)
    options = without_duplicates(option for node in different for option in _choices(node))
    return Unknown(reasons, at, options=options if len(options) <= MOST_OPTIONS else ())


def element_of(collection: Node, at: Location) -> Node:
    """Any element of a collection that is not known: an unknown without a name, of the element's type."""
    if isinstance(collection, Unknown) and collection.options:
        items = [item for option in collection.options for item in _elements(option, at)]
        if items:
            return nameless(one_of(items, at))
    return Unknown(reasons_of(collection), at, type=element_type(collection))


def _elements(node: Node, at: Location) -> tuple[Node, ...]:
    match node:
        case Seq(items=items, more=more):
            return items if more is None else (*items, more)
        case Map(entries=entries, more=more):
            return tuple(entries.values()) if more is None else (*entries.values(), more)
        case Scalar():
            return ()
        case _:
            return (element_of(node, at),)


def nameless(node: Node) -> Node:
    """The value as a bound of several: an unknown loses its name, since each of them may differ."""
    if isinstance(node, Unknown) and node.identity:
        return replace(node, identity="")
    if isinstance(node, Reference):
        return Unknown(reasons_of(node), node.at, node.via, options=(node,))
    return node


def further(bounds: Sequence[Node], at: Location) -> Node | None:
    """The one bound of further elements, each of which is within one of these; None where there are none."""
    return nameless(one_of(bounds, at)) if bounds else None


def as_sequence(node: Node, at: Location) -> Seq:
    """The value as a sequence: an unknown one has any number of elements. InputError for other values."""
    match node:
        case Seq():
            return node
        case Unknown() | Reference():
            return Seq((), at, more=element_of(node, at))
        case _:
            raise InputError("argument must be a list, set, or tuple")


def as_map(node: Node, at: Location) -> Map:
    """The value as a map: an unknown one has any keys. InputError for other values."""
    match node:
        case Map():
            return node
        case Unknown() | Reference():
            return Map({}, at, more=element_of(node, at))
        case _:
            raise InputError("argument must be a map or an object")


def nth(collection: Node, number: int, bound: Node, at: Location) -> Node:
    """An element of an unknown sequence, named ``collection[number]``; it is within ``bound``."""
    name = identity_of(collection) if isinstance(collection, Unknown | Reference) else ""
    match bound:
        case Unknown():
            return replace(bound, at=at, identity=f"{name}[{number}]" if name else "")
        case _:
            return bound


def has_loose_order(sequence: Seq) -> bool:
    """Whether the elements may stand at other positions than here, or fall together."""
    return sequence.unordered and (sequence.more is not None or not is_wholly_known(sequence))


_SCALAR_ATTRIBUTES = ("id", "arn", "name", "cidr_block")


def is_scalar_reference(node: Reference) -> bool:
    """Whether an attribute that is not known yet is certainly no list: by the provider's way of naming."""
    return node.attribute in _SCALAR_ATTRIBUTES or node.attribute.endswith(("_id", "_arn"))


def is_certainly_filled(node: Node) -> bool:
    """Whether a string is certainly neither null nor empty, as the id and the ARN of a resource are."""
    if isinstance(node, Scalar):
        return node.value not in {None, ""}
    return isinstance(node, Reference) and node.attribute in {"id", "arn"}
