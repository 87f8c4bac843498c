"""Functions of maps, and ``coalesce``: whatever of the result is certain is kept."""

from __future__ import annotations

from dataclasses import replace

from auditor.errors import InputError
from auditor.sources.terraform.functions.gathering import in_order
from auditor.sources.terraform.functions.signature import over_nodes
from auditor.sources.terraform.functions.unknowns import (
    as_map,
    as_sequence,
    further,
    has_loose_order,
    is_certainly_filled,
    nameless,
    nth,
    one_of,
)
from auditor.sources.terraform.values import CallSite, reasons_of, unify, unknown_call
from auditor.sources.terraform.values.infer import element_type
from auditor.sources.values import is_wholly_known
from auditor.tree import Location, Map, Node, Reference, Scalar, Seq, Unknown


@over_nodes(nullable=["vals"])
def coalesce(site: CallSite, *vals: Node) -> Node:
    """The first value that is neither null nor an empty string; else one of those in question."""
    values = unify(vals)
    if not vals or values is None:
        raise InputError("all arguments must have the same type")
    candidates: list[Node] = []
    for value in values:
        ways = value.options if isinstance(value, Unknown) and value.options else (value,)
        filled = [way for way in ways if not _is_empty(way)]
        candidates += filled if len(filled) < len(ways) else [value]
        if len(filled) == len(ways) and all(map(_is_filled, ways)):
            break
    if not candidates:
        raise InputError("no non-null, non-empty-string arguments")
    outcome = one_of(candidates, site.at)
    if isinstance(outcome, Unknown) and len(candidates) > 1:
        return replace(outcome, identity=unknown_call(site, vals).identity)
    return outcome


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value in {None, ""}


def _is_filled(node: Node) -> bool:
    return not isinstance(node, Unknown | Reference) or is_certainly_filled(node)


@over_nodes()
def keys(site: CallSite, input_map: Node) -> Node:
    """The keys in their order; where there may be others, they may stand anywhere between."""
    found = _map(input_map, site.at, "must have map or object type")
    names = tuple(Scalar(key, site.at) for key in sorted(found.entries))
    if found.more is None:
        return Seq(names, site.at)
    more = Unknown(reasons_of(found.more), site.at, type="string")
    return Seq(names, site.at, more=more, unordered=bool(names))


@over_nodes()
def values(site: CallSite, mapping: Node) -> Node:
    """The values in the order of their keys; where there may be others, they may stand anywhere between."""
    found = _map(mapping, site.at, "values() requires a map as the first argument")
    items = tuple(found.entries[key] for key in sorted(found.entries))
    more = None if found.more is None else nameless(found.more)
    return Seq(items, site.at, more=more, unordered=more is not None and bool(items))


def _map(node: Node, at: Location, message: str) -> Map:
    try:
        return as_map(node, at)
    except InputError:
        raise InputError(message) from None


@over_nodes({"key": "string"}, nullable=["default"])
def lookup(site: CallSite, input_map: Node, key: Node, *default: Node) -> Node:
    if len(default) > 1:
        raise InputError("lookup() takes two or three arguments")
    found = _map(input_map, site.at, "lookup() requires a map as the first argument")
    if isinstance(key, Scalar) and key.value in found.entries:
        return found.entries[str(key.value)]
    if isinstance(key, Scalar) and found.more is None:
        if not default:
            raise InputError(f'lookup failed to find key "{key.value}"')
        return default[0]
    alternatives = [] if isinstance(key, Scalar) else list(found.entries.values())
    alternatives += [node for node in (found.more, *default) if node is not None]
    unknown = unknown_call(site, (input_map, key, *default), element_type(input_map))
    if not alternatives:
        return unknown
    outcome = one_of(alternatives, site.at)
    return replace(unknown, options=outcome.options) if isinstance(outcome, Unknown) else outcome


@over_nodes(nullable=["maps"])
def merge(site: CallSite, *maps: Node) -> Node:
    """All entries, a later one before an earlier: what an unknown later map may replace is not certain."""
    entries: dict[str, Node] = {}
    bounds: list[Node] = []
    for value in maps:
        if isinstance(value, Scalar) and value.value is None:
            continue
        later = _map(value, site.at, "arguments must be maps or objects")
        if later.more is not None:
            bound = nameless(later.more)
            entries = {key: one_of([old, bound], site.at) for key, old in entries.items()}
            bounds.append(bound)
        entries.update(later.entries)
    return Map(entries, site.at, more=further(bounds, site.at))


@over_nodes({"values": "map(list(string))"})
def transpose(site: CallSite, values: Node) -> Node:
    """From each string in the lists to the keys of the lists that have it."""
    found = as_map(values, site.at)
    result: dict[str, list[Node]] = {}
    perhaps: list[Node] = []
    for key in sorted(found.entries):
        inner = as_sequence(found.entries[key], site.at)
        for item in without_null(inner):
            if isinstance(item, Scalar):
                result.setdefault(str(item.value), []).append(Scalar(key, site.at))
        if not is_wholly_known(inner):
            perhaps.append(Scalar(key, site.at))
    if is_wholly_known(found):
        return Map({text: Seq(tuple(names), site.at) for text, names in sorted(result.items())}, site.at)
    if found.more is not None:
        perhaps.append(Unknown(reasons_of(found.more), site.at, type="string"))
    rest = one_of(perhaps, site.at)
    bound = replace(rest, reasons=reasons_of(values)) if isinstance(rest, Unknown) else rest
    lists = {
        text: Seq(tuple(names), site.at, more=bound, unordered=True) for text, names in sorted(result.items())
    }
    return Map(lists, site.at, more=Seq((), site.at, more=bound))


def without_null(sequence: Seq) -> tuple[Node, ...]:
    """The elements; InputError where one is null."""
    if any(isinstance(item, Scalar) and item.value is None for item in sequence.items):
        raise InputError("cannot use null string")
    return sequence.items


@over_nodes({"keys": "list(string)"})
def zipmap(site: CallSite, keys: Node, values: Node) -> Node:
    """A map of the keys to the values: a key that is not known may be any, even one of the others."""
    names = as_sequence(keys, site.at)
    items = in_order(values, site.at, "values argument must be a list or tuple value")
    _check_lengths(names, items)
    entries: dict[str, Node] = {}
    bounds: list[Node] = []
    for position, name in enumerate(names.items):
        value = _at(values, items, position, site.at)
        if isinstance(name, Scalar):
            if name.value is None:
                raise InputError(f"keys list has null value at index {position}")
            entries[str(name.value)] = value
        else:
            bounds.append(value)
            entries = {key: one_of([old, value], site.at) for key, old in entries.items()}
    if names.more is not None or has_loose_order(names):
        everything = [*items.items, *([] if items.more is None else [items.more])]
        bounds += everything
        entries = {key: one_of([old, *everything], site.at) for key, old in entries.items()}
    return Map(entries, site.at, more=further(bounds, site.at))


def _check_lengths(names: Seq, items: Seq) -> None:
    """A list that may go on is as long as it must be."""
    counts = len(names.items), len(items.items)
    too_few = items.more is None and counts[1] < counts[0] and not has_loose_order(names)
    too_many = names.more is None and counts[0] < counts[1] and not has_loose_order(items)
    if too_few or too_many:
        raise InputError(f"number of keys ({counts[0]}) does not match number of values ({counts[1]})")


def _at(values: Node, items: Seq, position: int, at: Location) -> Node:
    if position < len(items.items) and not has_loose_order(items):
        return items.items[position]
    if items.more is not None and not has_loose_order(items):
        return nth(values, position, items.more, at)
    bounds = [*items.items, *([] if items.more is None else [items.more])]
    return further(bounds, at) or Unknown(reasons_of(values), at)
