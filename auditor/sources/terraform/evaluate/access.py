"""Attributes, elements and splats of values.

An object of which only some attributes are known has them in ``more``: a ``Reference`` whose attribute is
empty or ends with a dot (or an ``Unknown`` whose identity does) stands for any attribute below that path.
"""

from __future__ import annotations

import json

from auditor.errors import InputError
from auditor.sources.terraform.evaluate.alternatives import has_options, lifted, one_of
from auditor.sources.terraform.evaluate.frame import Run
from auditor.sources.terraform.values import format_number, identity_of, reasons_of, to_number, to_text
from auditor.sources.terraform.values.infer import part_type
from auditor.sources.terraform.values.numbers import whole_of
from auditor.sources.values import identity, is_wholly_known
from auditor.tree import Location, Map, Node, Precise, Reference, Scalar, Seq, Unknown


def below(path: str, name: str) -> str:
    """The path of an attribute ``name`` in what ``path`` leads to."""
    return f"{path}{name}" if not path or path.endswith(".") else f"{path}.{name}"


def named_below(parent: str, step: str) -> str:
    """The identity of a part of what has an identity; none of what has none."""
    return identity(f"{parent}{step}") if parent else ""


def attribute(run: Run, node: Node, name: str, at: Location) -> Node:
    """``node.name``; InputError where the value cannot have such an attribute."""
    match node:
        case Map():
            return _entry(run, node, name, at)
        case Reference():
            if not _stands_for_any(node):
                run.doubt(reasons_of(node))
            return Reference(node.target, below(node.attribute, name), at)
        case Unknown(options=()):
            run.doubt(node.reasons)
            return Unknown(node.reasons, at, identity=_member(node, name), type=part_type(node, name))
        case Unknown():
            return lifted(
                run,
                (node,),
                lambda: Unknown(node.reasons, at, identity=_member(node, name)),
                lambda way: attribute(run, way[0], name, at),
            )
        case Scalar(value=None):
            raise InputError(f"null has no attribute {name}", at=str(at))
        case _:
            what = "a list; use [*] or an index" if isinstance(node, Seq) else "a string, number or boolean"
            raise InputError(f"there is no attribute {name} here: the value is {what}", at=str(at))


def _entry(run: Run, node: Map, name: str, at: Location) -> Node:
    found = node.entries.get(name)
    if found is not None:
        return found
    if node.more is None:
        raise missing(node, name, at)
    if not _is_open(node.more):
        run.doubt(reasons_of(node.more))
    return _further(node.more, name, at)


def _is_open(more: Node) -> bool:
    """Whether ``more`` stands for the attributes that an object has beside those that are known."""
    if isinstance(more, Reference):
        return _stands_for_any(more)
    return isinstance(more, Unknown) and more.identity.endswith(".")


def _stands_for_any(node: Reference) -> bool:
    """Whether it stands for any attribute of an object, all of which are there."""
    return not node.attribute or node.attribute.endswith(".")


def _further(more: Node, name: str, at: Location) -> Node:
    if _is_open(more):
        if isinstance(more, Reference):
            return Reference(more.target, below(more.attribute, name), at)
        if isinstance(more, Unknown):
            return Unknown(more.reasons, at, identity=identity(below(more.identity, name)))
    return _some(more, at)


def _some(more: Node, at: Location) -> Node:
    """One value of those that ``more`` bounds: not the same one each time, so without an identity."""
    if isinstance(more, Unknown):
        return Unknown(more.reasons, at, options=more.options, type=more.type)
    return Unknown(reasons_of(more), at, options=(more,))


def _member(node: Unknown, name: str) -> str:
    return identity(below(node.identity, name)) if node.identity else ""


def missing(node: Map, name: str, at: Location) -> InputError:
    """The error for a key or attribute that an object does not have."""
    names = ", ".join(sorted(node.entries)[:8])
    return InputError(
        f"there is no attribute or key {name} here", at=str(at), hint=f"there are: {names or 'none'}"
    )


def index(run: Run, node: Node, key: Node, at: Location) -> Node:
    """``node[key]``; InputError where the value cannot have such an element."""
    if has_options(node) or has_options(key):
        return lifted(
            run, (node, key), lambda: _some_element(node, key, at), lambda way: index(run, way[0], way[1], at)
        )
    if isinstance(key, Unknown | Reference):
        run.doubt(reasons_of(key))
        return _some_element(node, key, at)
    if not isinstance(key, Scalar) or key.value is None:
        raise InputError("an index must be a number or a string", at=str(at))
    match node:
        case Seq():
            return _item(run, node, key, at)
        case Map():
            return attribute(run, node, _text(key), at)
        case Reference():
            run.doubt(reasons_of(node))
            return Reference(node.target, f"{node.attribute}[{step(key)}]", at)
        case Unknown():
            run.doubt(node.reasons)
            kind = part_type(node, key.value if isinstance(key.value, str | int) else None)
            return Unknown(node.reasons, at, identity=named_below(node.identity, f"[{step(key)}]"), type=kind)
        case _:
            what = "null" if node.value is None else "a string, number or boolean"
            raise InputError(f"{what} has no elements", at=str(at))


def _text(key: Scalar) -> str:
    text = to_text(key)
    return str(text.value) if isinstance(text, Scalar) else ""


def step(key: Scalar) -> str:
    """A key as it stands in an address: ``0`` or ``"a"``."""
    if isinstance(key.value, Precise):
        return format_number(key.value)
    return json.dumps(key.value, ensure_ascii=False)


def _item(run: Run, node: Seq, key: Scalar, at: Location) -> Node:
    number = to_number(key)
    position = whole_of(number.value) if isinstance(number, Scalar) else None
    if position is None or position < 0:
        raise InputError(f"{step(key)} is no index of a list", at=str(at))
    if node.unordered:
        if node.more is None and is_wholly_known(node):
            raise InputError("a set has no indexes", at=str(at), hint="use tolist() or one()")
        run.doubt(reasons_of(node))
        return _some_element(node, key, at)
    if position < len(node.items):
        return node.items[position]
    if node.more is None:
        count = len(node.items)
        raise InputError(f"there is no element {position} in a list of {count}", at=str(at))
    run.doubt(reasons_of(node.more))
    return _some(node.more, at)


def _says_something(more: Node) -> bool:
    return not isinstance(more, Unknown) or bool(more.options)


def _some_element(node: Node, key: Node, at: Location) -> Node:
    parts = (identity_of(node), identity_of(key))
    name = identity(f"{parts[0]}[{parts[1]}]") if all(parts) else ""
    elements: tuple[Node, ...] = ()
    if isinstance(node, Seq):
        elements = node.items
    elif isinstance(node, Map):
        elements = tuple(node.entries.values())
    if isinstance(node, Seq | Map) and node.more is not None and (elements or _says_something(node.more)):
        elements = (*elements, node.more)
    reasons = reasons_of(key) + reasons_of(*(() if elements else (node,)))
    if not elements:
        return Unknown(tuple(dict.fromkeys(reasons)), at, identity=name)
    found = one_of(elements, tuple(dict.fromkeys(reasons)), at, name)
    if isinstance(found, Unknown) or (isinstance(node, Seq | Map) and node.more is None):
        return found
    return Unknown(tuple(dict.fromkeys(reasons)), at, identity=name, options=(found,))
