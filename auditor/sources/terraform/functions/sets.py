"""Functions of sets, and those that ask of a collection as a whole."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from math import prod

from auditor.errors import InputError
from auditor.sources.terraform.functions.gathering import Gathering, member
from auditor.sources.terraform.functions.graphemes import graphemes
from auditor.sources.terraform.functions.signature import over_nodes, to_python
from auditor.sources.terraform.functions.unknowns import (
    MOST_OPTIONS,
    as_sequence,
    further,
    has_loose_order,
    one_of,
)
from auditor.sources.terraform.values import (
    CallSite,
    equal,
    parse_type_text,
    reasons_of,
    to_number,
    unify,
    unknown_call,
)
from auditor.sources.terraform.values.arithmetic import added
from auditor.sources.terraform.values.compare import make_set, without_duplicates
from auditor.sources.terraform.values.constraint import ObjectType, TupleType
from auditor.sources.values import is_wholly_known
from auditor.tree import Map, Node, Reference, Scalar, Seq, Unknown

_MOST_ITEMS = 100_000


@over_nodes()
def length(site: CallSite, value: Node) -> Node:
    """The number of elements or characters; one of few numbers where elements of a set may be equal."""
    match value:
        case Scalar(value=str() as text):
            return Scalar(len(graphemes(text)), site.at)
        case Map(entries=entries, more=None):
            return Scalar(len(entries), site.at)
        case Seq(items=items, more=None):
            return _count(site, value) if has_loose_order(value) else Scalar(len(items), site.at)
        case Unknown(type=type_) if type_:
            return _length_by_type(site, value)
        case Seq() | Map() | Unknown() | Reference():
            return unknown_call(site, (value,), "number")
        case _:
            raise InputError("argument must be a string, a collection type, or a structural type")


def _length_by_type(site: CallSite, value: Unknown) -> Node:
    match parse_type_text(value.type):
        case TupleType(items):
            return Scalar(len(items), site.at)
        case ObjectType(attributes):
            return Scalar(len(attributes), site.at)
        case _:
            return unknown_call(site, (value,), "number")


def _count(site: CallSite, sequence: Seq) -> Node:
    certain = len(without_duplicates(item for item in sequence.items if is_wholly_known(item)))
    numbers = range(max(certain, 1), len(sequence.items) + 1)
    unknown = unknown_call(site, (sequence,), "number")
    if len(numbers) > MOST_OPTIONS:
        return unknown
    outcome = one_of([Scalar(number, site.at) for number in numbers], site.at)
    return replace(unknown, options=outcome.options) if isinstance(outcome, Unknown) else outcome


@over_nodes({"list_": "list(bool)"})
def alltrue(site: CallSite, list_: Node) -> Node:
    sequence = as_sequence(list_, site.at)
    if any(isinstance(item, Scalar) and item.value is not True for item in sequence.items):
        return Scalar(value=False, at=site.at)
    return (
        Scalar(value=True, at=site.at) if is_wholly_known(sequence) else unknown_call(site, (list_,), "bool")
    )


@over_nodes({"list_": "list(bool)"})
def anytrue(site: CallSite, list_: Node) -> Node:
    sequence = as_sequence(list_, site.at)
    if any(isinstance(item, Scalar) and item.value is True for item in sequence.items):
        return Scalar(value=True, at=site.at)
    return (
        Scalar(value=False, at=site.at) if is_wholly_known(sequence) else unknown_call(site, (list_,), "bool")
    )


@over_nodes()
def contains(site: CallSite, list_: Node, value: Node) -> Node:
    """Whether an element is certainly equal, certainly none is, or neither is decided."""
    try:
        sequence = as_sequence(list_, site.at)
    except InputError:
        raise InputError("argument must be list, tuple, or set") from None
    verdicts = {equal(item, value) for item in sequence.items}
    if True in verdicts:
        return Scalar(value=True, at=site.at)
    if None in verdicts or (sequence.more is not None and equal(sequence.more, value) is not False):
        return unknown_call(site, (list_, value), "bool")
    return Scalar(value=False, at=site.at)


@over_nodes()
def one(site: CallSite, list_: Node) -> Node:
    """The one element, or null: since more than one is an error, a certain element is the one."""
    message = "must be a list, set, or tuple value with either zero or one elements"
    try:
        sequence = as_sequence(list_, site.at)
    except InputError:
        raise InputError(message) from None
    certain = sequence.items if not has_loose_order(sequence) else _different(sequence)
    if len(certain) > 1:
        raise InputError(message)
    if sequence.items:
        known = [item for item in sequence.items if is_wholly_known(item)]
        return (known or list(sequence.items))[0]
    return Scalar(None, site.at) if sequence.more is None else unknown_call(site, (list_,))


def _different(sequence: Seq) -> tuple[Node, ...]:
    return without_duplicates(item for item in sequence.items if is_wholly_known(item))


@over_nodes()
def sum_(site: CallSite, list_: Node) -> Node:
    message = "argument must be list, set, or tuple of number values"
    try:
        sequence = as_sequence(list_, site.at)
        numbers = [to_number(item) for item in sequence.items]
    except InputError:
        raise InputError(message) from None
    if not numbers and sequence.more is None:
        raise InputError("cannot sum an empty list")
    if any(isinstance(number, Scalar) and number.value is None for number in numbers):
        raise InputError(message)
    if not is_wholly_known(sequence):
        return unknown_call(site, (list_,), "number")
    totals = added(to_python(number) for number in numbers)
    if totals is None:
        return unknown_call(site, (list_,), "number")
    return one_of([Scalar(total, site.at) for total in totals], site.at)


@over_nodes({"first_set": "set(any)", "other_sets": "set(any)"})
def setunion(site: CallSite, first_set: Node, *other_sets: Node) -> Node:
    sets = _of_one_type(site, first_set, *other_sets)
    items = [item for one_set in sets for item in one_set.items]
    bounds = [one_set.more for one_set in sets if one_set.more is not None]
    return make_set(items, site.at, further(bounds, site.at))


def _of_one_type(site: CallSite, *sets: Node) -> list[Seq]:
    """The sets with all their elements converted to one type; what may follow has any where that differs."""
    sequences = [as_sequence(node, site.at) for node in sets]
    ends = [sequence.more for sequence in sequences if sequence.more is not None]
    items = [item for sequence in sequences for item in sequence.items]
    unified = unify([*items, *ends])
    if unified is None and ends:
        ends = [Unknown(reasons_of(end), site.at) for end in ends]
        unified = unify([*items, *ends])
    if unified is None:
        raise InputError("all sets must have elements of one type")
    found, rest = iter(unified[: len(items)]), iter(unified[len(items) :])
    return [
        replace(
            one,
            items=tuple(itertools.islice(found, len(one.items))),
            more=None if one.more is None else next(rest),
        )
        for one in sequences
    ]


def _unified(items: list[Node]) -> tuple[Node, ...]:
    unified = unify(items)
    if unified is None:
        raise InputError("all sets must have elements of one type")
    return unified


@over_nodes({"first_set": "set(any)", "other_sets": "set(any)"})
def setintersection(site: CallSite, first_set: Node, *other_sets: Node) -> Node:
    sets = _of_one_type(site, first_set, *other_sets)

    def verdict(item: Node) -> bool | None:
        verdicts = {member(one_set, item) for one_set in sets}
        return False if False in verdicts else None if None in verdicts else True

    return _chosen(site, sets, verdict)


@over_nodes({"a": "set(any)", "b": "set(any)"})
def setsubtract(site: CallSite, a: Node, b: Node) -> Node:
    minuend, subtrahend = _of_one_type(site, a, b)

    def verdict(item: Node) -> bool | None:
        inside = member(subtrahend, item)
        return None if inside is None else not inside

    return _chosen(site, [minuend], verdict)


def _chosen(site: CallSite, sets: list[Seq], verdict: Callable[[Node], bool | None]) -> Seq:
    """The elements that a verdict takes; those that are undecided may be there."""
    result = Gathering()
    for item in without_duplicates(item for one_set in sets for item in one_set.items):
        decision = verdict(item)
        if decision:
            result.add(item)
        elif decision is None:
            result.add_perhaps(item)
    if all(one_set.more is not None for one_set in sets):
        result.add_perhaps(*(one_set.more for one_set in sets if one_set.more is not None))
    return make_set(result.items, site.at, further(result.bounds, site.at))


@over_nodes()
def setproduct(site: CallSite, *sets: Node) -> Node:
    """All combinations; a set where all arguments are sets."""
    if len(sets) < 2:
        raise InputError("at least two arguments are required")
    sequences = [
        replace(one, items=unify(one.items) or one.items)
        for one in (as_sequence(node, site.at) for node in sets)
    ]
    if prod(max(len(sequence.items), 1) for sequence in sequences) > _MOST_ITEMS:
        raise InputError(f"the product has more than {_MOST_ITEMS} elements")
    rows = itertools.product(*(sequence.items for sequence in sequences))
    items = tuple(Seq(row, site.at) for row in rows)
    open_ended = any(sequence.more is not None for sequence in sequences)
    if any(not sequence.items and sequence.more is None for sequence in sequences):
        return Seq((), site.at, unordered=all(sequence.unordered for sequence in sequences))
    if not open_ended and not any(has_loose_order(sequence) for sequence in sequences):
        is_set = all(sequence.unordered for sequence in sequences)
        return make_set(_unified(list(items)), site.at) if is_set else Seq(items, site.at)
    bounds = (further([*s.items, *([] if s.more is None else [s.more])], site.at) for s in sequences)
    row = Seq(tuple(bound for bound in bounds if bound is not None), site.at)
    return Seq(items, site.at, more=row if open_ended else None, unordered=True)
