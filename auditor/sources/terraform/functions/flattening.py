"""``flatten``: lists in lists, where what is not known may be one element or many."""

from __future__ import annotations

from auditor.errors import InputError
from auditor.sources.terraform.functions.gathering import Gathering
from auditor.sources.terraform.functions.signature import over_nodes
from auditor.sources.terraform.functions.unknowns import element_of, has_loose_order, is_scalar_reference
from auditor.sources.terraform.values import CallSite, reasons_of
from auditor.tree import Location, Node, Reference, Seq, Unknown

_PRIMITIVES = frozenset({"string", "number", "bool"})


@over_nodes()
def flatten(site: CallSite, list_: Node) -> Node:
    """The elements of the elements: what is not known may be one element or many."""
    if not isinstance(list_, Seq | Unknown | Reference):
        raise InputError("can only flatten lists, sets and tuples")
    result = Gathering()
    if isinstance(list_, Seq):
        _flatten(list_, result, site.at)
    else:
        _flatten_bound(element_of(list_, site.at), result, site.at)
    return result.done(site.at)


def _flatten(sequence: Seq, result: Gathering, at: Location) -> None:
    for item in sequence.items:
        if isinstance(item, Seq):
            _flatten(item, result, at)
        elif _is_one(item):
            result.add(item)
        else:
            _flatten_bound(item, result, at)
    if sequence.more is not None:
        _flatten_bound(sequence.more, result, at)
    result.loose = result.loose or has_loose_order(sequence)


def _is_one(item: Node) -> bool:
    """Whether a value is certainly no list."""
    if isinstance(item, Unknown):
        kinds = item.type in _PRIMITIVES or item.type.startswith(("map(", "object("))
        return kinds or (bool(item.options) and all(map(_is_one, item.options)))
    return not isinstance(item, Seq) and (not isinstance(item, Reference) or is_scalar_reference(item))


def _flatten_bound(bound: Node, result: Gathering, at: Location) -> None:
    match bound:
        case Seq(items=items, more=more):
            for inner in (*items, *(() if more is None else (more,))):
                _flatten_bound(inner, result, at)
        case Unknown(options=options) if options:
            for option in options:
                _flatten_bound(option, result, at)
        case Unknown(type=type_) if type_.startswith(("list(", "set(")):
            _flatten_bound(element_of(bound, at), result, at)
        case _ if _is_one(bound):
            result.add_perhaps(bound)
        case _:
            result.add_perhaps(Unknown(reasons_of(bound), at))
