"""Functions of lists: whatever of the result is certain is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditor.errors import InputError
from auditor.sources.terraform.functions.gathering import Gathering, in_order, member, whole
from auditor.sources.terraform.functions.signature import over_nodes
from auditor.sources.terraform.functions.unknowns import (
    MOST_OPTIONS,
    as_sequence,
    element_of,
    further,
    has_loose_order,
    is_certainly_filled,
    nth,
    one_of,
)
from auditor.sources.terraform.values import CallSite, same, sort_key, to_text, unify, unknown_call
from auditor.sources.terraform.values.compare import without_duplicates
from auditor.sources.values import is_known, is_wholly_known
from auditor.tree import Location, Map, Node, Scalar, Seq, Unknown

_MOST_ITEMS = 10_000


@over_nodes({"list_": "list(any)", "size": "number"})
def chunklist(site: CallSite, list_: Node, size: Node) -> Node:
    if not isinstance(size, Scalar):
        return unknown_call(site, (list_, size))
    width = whole(size, "size")
    if width < 0:
        raise InputError("the size argument must be positive")
    sequence = as_sequence(list_, site.at)
    if not width and sequence.more is not None:
        chunk = Seq(sequence.items, site.at, more=sequence.more, unordered=has_loose_order(sequence))
        return Seq((chunk,), site.at) if sequence.items else Seq((), site.at, more=chunk)
    width = width or max(len(sequence.items), 1)
    chunks = [sequence.items[start : start + width] for start in range(0, len(sequence.items), width)]
    if sequence.more is None and not has_loose_order(sequence):
        return Seq(tuple(Seq(chunk, site.at) for chunk in chunks), site.at)
    bounds = [*sequence.items, *([] if sequence.more is None else [sequence.more])]
    rest = Seq((), site.at, more=further(bounds, site.at))
    full = (
        [] if has_loose_order(sequence) or not width else [chunk for chunk in chunks if len(chunk) == width]
    )
    return Seq(tuple(Seq(chunk, site.at) for chunk in full), site.at, more=rest)


@over_nodes(nullable=["vals"])
def coalescelist(site: CallSite, *vals: Node) -> Node:
    """The first list that is not empty; where an earlier one may be, one of those in question."""
    if not vals:
        raise InputError("at least one argument is required")
    candidates: list[Node] = []
    for value in vals:
        if candidates and isinstance(value, Scalar | Map):
            break
        sequence = in_order(value, site.at, "coalescelist arguments must be lists or tuples")
        if sequence.items:
            return one_of([*candidates, value], site.at)
        if sequence.more is not None:
            candidates.append(value)
    if not candidates:
        raise InputError("no non-null arguments")
    return one_of(candidates, site.at)


@over_nodes({"list_": "list(string)"})
def compact(site: CallSite, list_: Node) -> Node:
    """The strings that are neither empty nor null: one that is not known may or may not be there."""
    sequence, result = as_sequence(list_, site.at), Gathering()
    for item in sequence.items:
        if is_certainly_filled(item):
            result.add(item)
        elif not isinstance(item, Scalar):
            result.add_perhaps(item)
    if sequence.more is not None:
        result.add_perhaps(sequence.more)
    result.loose = result.loose or has_loose_order(sequence)
    return result.done(site.at)


@over_nodes()
def concat(site: CallSite, *seqs: Node) -> Node:
    if not seqs:
        raise InputError("at least one argument is required")
    result = Gathering()
    for value in seqs:
        result.add_all(in_order(value, site.at, "all arguments must be lists or tuples"))
    return result.done(site.at)


@over_nodes({"list_": "list(any)"})
def distinct(site: CallSite, list_: Node) -> Node:
    """Without duplicates; where two may or may not be equal, both are kept and positions are given up."""
    sequence = as_sequence(list_, site.at)
    items = without_duplicates(sequence.items)
    loose = has_loose_order(sequence) or _may_fall_together(items)
    return replace(sequence, items=items, at=site.at, via=(), unordered=loose)


def _may_fall_together(items: Sequence[Node]) -> bool:
    doubtful = [position for position, item in enumerate(items) if not is_wholly_known(item)]
    return any(
        same(items[position], other) is not False
        for position in doubtful
        for number, other in enumerate(items)
        if number != position
    )


@over_nodes({"index": "number"})
def element(site: CallSite, list_: Node, index: Node) -> Node:
    """The element at an index, counted on from the start where the list is shorter."""
    sequence = in_order(list_, site.at, "cannot read elements of what is not a list or tuple")
    if not sequence.items and sequence.more is None:
        raise InputError("cannot use element function with an empty list")
    if isinstance(index, Scalar):
        number = whole(index, "index")
        if number < 0:
            raise InputError("cannot use element function with a negative index")
        if sequence.more is None and not has_loose_order(sequence):
            return sequence.items[number % len(sequence.items)]
        if number < len(sequence.items) and not has_loose_order(sequence):
            return sequence.items[number]
    unknown = unknown_call(site, (list_, index), _element_type(list_, site.at))
    if sequence.more is not None:
        return replace(unknown, options=_bounded(sequence.items, sequence.more))
    outcome = one_of(sequence.items, site.at)
    return replace(unknown, options=outcome.options) if isinstance(outcome, Unknown) else outcome


def _bounded(items: tuple[Node, ...], more: Node) -> tuple[Node, ...]:
    """What an element can be, where anything is known of what may follow."""
    said = not isinstance(more, Unknown) or more.options
    return (*items, more) if said and len(items) < MOST_OPTIONS else ()


def _element_type(list_: Node, at: Location) -> str:
    bound = element_of(list_, at)
    return bound.type if isinstance(bound, Unknown) and not isinstance(list_, Seq) else ""


@over_nodes()
def index(site: CallSite, list_: Node, value: Node) -> Node:
    """The position of the first element that is equal."""
    sequence = in_order(list_, site.at, "argument must be a list or tuple")
    if not sequence.items and sequence.more is None:
        raise InputError("cannot search an empty list")
    verdicts = [same(item, value) for item in sequence.items]
    end = verdicts.index(True) + 1 if True in verdicts else len(verdicts)
    possible = [position for position in range(end) if verdicts[position] is not False]
    unknown = unknown_call(site, (list_, value), "number")
    beyond = True not in verdicts and sequence.more is not None and same(sequence.more, value) is not False
    if beyond or (possible and has_loose_order(sequence)):
        return unknown
    if not possible:
        raise InputError("item not found")
    outcome = one_of([Scalar(position, site.at) for position in possible], site.at)
    return replace(unknown, options=outcome.options) if isinstance(outcome, Unknown) else outcome


@over_nodes({"values": "list(any)", "keys": "list(any)", "searchset": "list(any)"})
def matchkeys(site: CallSite, values: Node, keys: Node, searchset: Node) -> Node:
    """The values whose keys are among those searched for."""
    first, second, third = (as_sequence(node, site.at) for node in (values, keys, searchset))
    result = Gathering()
    unified = unify((*second.items, *third.items))
    if unified is None:
        raise InputError("keys and searchset must be of the same type")
    if any(has_loose_order(node) or node.more is not None for node in (first, second)):
        element = further([*first.items, *([] if first.more is None else [first.more])], site.at)
        return Seq((), site.at, more=element)
    if len(first.items) != len(second.items):
        raise InputError("length of keys and values should be equal")
    third = replace(third, items=unified[len(second.items) :])
    for value, key in zip(first.items, unified[: len(second.items)], strict=True):
        verdict = member(third, key)
        if verdict:
            result.add(value)
        elif verdict is None:
            result.add_perhaps(value)
    return result.done(site.at)


@over_nodes()
def reverse(site: CallSite, list_: Node) -> Node:
    sequence = as_sequence(list_, site.at)
    if sequence.unordered and is_wholly_known(sequence):
        return Seq(sequence.items[::-1], site.at)
    loose = sequence.unordered or (sequence.more is not None and bool(sequence.items))
    return replace(sequence, items=sequence.items[::-1], at=site.at, via=(), unordered=loose)


@over_nodes({"start_index": "number", "end_index": "number"})
def slice_(site: CallSite, list_: Node, start_index: Node, end_index: Node) -> Node:
    """The elements from one index up to another; those of a list that is not known have its name."""
    sequence = in_order(list_, site.at, "must be a list or tuple value")
    start = whole(start_index, "start_index") if isinstance(start_index, Scalar) else None
    end = whole(end_index, "end_index") if isinstance(end_index, Scalar) else None
    _check_slice(sequence, start, end)
    bounds = [*sequence.items, *([] if sequence.more is None else [sequence.more])]
    if start is None or end is None:
        return Seq((), site.at, more=further(bounds, site.at))
    if end - start > _MOST_ITEMS and end > len(sequence.items):
        return Seq(sequence.items[start:], site.at, more=sequence.more)
    bound = further(bounds, site.at)
    if has_loose_order(sequence) and bound is not None:
        return Seq((bound,) * (end - start), site.at)
    missing = range(max(start, len(sequence.items)), end)
    rest = (nth(list_, number, sequence.more, site.at) for number in missing if sequence.more is not None)
    return Seq((*sequence.items[start:end], *rest), site.at)


def _check_slice(sequence: Seq, start: int | None, end: int | None) -> None:
    length = len(sequence.items) if sequence.more is None else None
    for name, number in (("start", start), ("end", end)):
        if number is not None and number < 0:
            raise InputError(f"{name} index must not be less than zero")
        if number is not None and length is not None and number > length:
            raise InputError(f"{name} index must not be greater than the length of the list")
    if start is not None and end is not None and start > end:
        raise InputError("start index must not be greater than end index")


@over_nodes({"list_": "list(string)"})
def sort(site: CallSite, list_: Node) -> Node:
    """The strings by code point; the positions are not certain where one of them is not known."""
    sequence = as_sequence(list_, site.at)
    if any(isinstance(item, Scalar) and item.value is None for item in sequence.items):
        raise InputError("a null string cannot be sorted")
    items = tuple(sorted(map(to_text, sequence.items), key=sort_key))
    certain = sequence.more is None and all(map(is_known, items))
    return Seq(
        items, site.at, more=sequence.more, unordered=not certain and bool(items) and not _is_single(sequence)
    )


def _is_single(sequence: Seq) -> bool:
    return sequence.more is None and len(sequence.items) == 1
