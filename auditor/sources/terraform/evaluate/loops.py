"""``for`` expressions and splats."""

from __future__ import annotations

from auditor.errors import InputError
from auditor.sources.places import place_of
from auditor.sources.terraform.evaluate.access import named_below
from auditor.sources.terraform.evaluate.alternatives import lifted, same
from auditor.sources.terraform.evaluate.dispatch import EVALUATORS, evaluate
from auditor.sources.terraform.evaluate.frame import Frame
from auditor.sources.terraform.functions.unknowns import has_loose_order
from auditor.sources.terraform.syntax import ast
from auditor.sources.terraform.values import reasons_of, to_bool, to_text
from auditor.sources.terraform.values.infer import element_type
from auditor.tree import Location, Map, Node, Reason, Reference, Scalar, Seq, Unknown

Pair = tuple[Node, Node]


def elements(node: Node, at: Location) -> tuple[list[Pair], Pair | None]:
    """The keys and values of a collection in Terraform's order, and what bounds any further ones."""
    match node:
        case Seq():
            if has_loose_order(node):
                # A set, whose keys are its values, or a list of which it is not known what stands where.
                key: Node = Unknown(reasons_of(node), node.at)
                loose: list[Pair] = [(key, item) for item in node.items]
                return loose, None if node.more is None else (key, node.more)
            if node.unordered:
                return members(node)
            pairs: list[Pair] = [(Scalar(number, item.at), item) for number, item in enumerate(node.items)]
            return pairs, None if node.more is None else (_any_key(node.more, "number"), node.more)
        case Map():
            pairs = [(Scalar(key, node.entries[key].at), node.entries[key]) for key in _ordered(node)]
            return pairs, None if node.more is None else (_any_key(node.more, "string"), node.more)
        case Unknown():
            value = Unknown(node.reasons, node.at, node.via, type=element_type(node))
            return [], (value, value)
        case Reference():
            value = Unknown(reasons_of(node), node.at)
            return [], (value, Reference(node.target, f"{node.attribute}[*]", node.at))
        case _:
            what = "null" if node.value is None else "a string, number or boolean"
            raise InputError(
                f"{what} cannot be iterated over", at=str(at), hint="give a list, a set or a map"
            )


def members(node: Seq) -> tuple[list[Pair], Pair | None]:
    """The elements of a set, each of which is its own key, and what bounds any further ones."""
    return [(item, item) for item in node.items], None if node.more is None else (node.more, node.more)


def _ordered(node: Map) -> list[str]:
    return sorted(node.entries, key=lambda key: key.encode("utf-8", "surrogatepass"))


def _any_key(more: Node, kind: str) -> Unknown:
    return Unknown(reasons_of(more), more.at, type=kind)


def loop_names(key_name: str, value_name: str, pair: Pair) -> dict[str, Node]:
    """The names that a loop binds for one element."""
    return {key_name: pair[0], value_name: pair[1]} if key_name else {value_name: pair[1]}


def _options_of(expression: ast.ForTuple | ast.ForObject, frame: Frame, collection: Node) -> Node:
    """The loop over a collection that is one of several."""

    def unknown() -> Unknown:
        return Unknown(reasons_of(collection), expression.at)

    run = frame.module.run
    if isinstance(expression, ast.ForTuple):
        return lifted(run, (collection,), unknown, lambda way: _tuple(expression, frame, way[0]))
    return lifted(run, (collection,), unknown, lambda way: _object(expression, frame, way[0]))


def _kept(condition: ast.Expression | None, inner: Frame, *, certain: bool = True) -> bool | None:
    """Whether the loop keeps this element; None where that is not known. ``certain``: it is there."""
    if condition is None:
        return True
    decided = to_bool(evaluate(condition, inner) if certain else attempted(condition, inner))
    if not isinstance(decided, Scalar):
        return None
    if decided.value is None:
        raise InputError("the condition of a for expression is null", at=str(condition.at))
    return decided.value is True


def attempted(expression: ast.Expression, frame: Frame) -> Node:
    """The value of what may never be evaluated: where it fails, it is not known."""
    try:
        return evaluate(expression, frame)
    except InputError as error:
        reasons = (Reason(error.message, place_of(error, expression.at), error.hint or "correct the error"),)
        frame.module.run.doubt(reasons)
        return Unknown(reasons, expression.at)


def for_tuple(expression: ast.ForTuple, frame: Frame) -> Node:
    """``[for …]``."""
    collection = evaluate(expression.collection, frame)
    if isinstance(collection, Unknown) and collection.options:
        return _options_of(expression, frame, collection)
    return _tuple(expression, frame, collection)


def _tuple(expression: ast.ForTuple, frame: Frame, collection: Node) -> Node:
    pairs, rest = elements(collection, expression.collection.at)
    items: list[Node] = []
    perhaps: list[Node] = []
    shifted = False
    for pair in pairs:
        inner = frame.bind(loop_names(expression.key_name, expression.value_name, pair))
        kept = _kept(expression.condition, inner)
        if kept is None:
            perhaps.append(attempted(expression.value, inner))
        elif kept:
            shifted = shifted or bool(perhaps)
            items.append(evaluate(expression.value, inner))
    if rest is not None:
        inner = frame.bind(loop_names(expression.key_name, expression.value_name, rest))
        if _kept(expression.condition, inner, certain=False) is not False:
            perhaps.append(attempted(expression.value, inner))
            shifted = shifted or (isinstance(collection, Seq | Map) and _sorted_by_key(collection))
    more = bound(perhaps, expression.at)
    if isinstance(collection, Seq) and has_loose_order(collection) and len(items) > 1:
        return _loose(items, more, expression.at)
    return Seq(tuple(items), expression.at, more=more, unordered=shifted and more is not None and bool(items))


def _loose(items: list[Node], more: Node | None, at: Location) -> Seq:
    """The elements in an order that is not known. Were all of them known, they would be taken for a set."""
    found = Seq(tuple(items), at, more=more, unordered=True)
    return found if has_loose_order(found) else Seq((), at, more=bound(items, at))


def _sorted_by_key(collection: Seq | Map) -> bool:
    """Whether further elements may stand before those that are known."""
    return isinstance(collection, Map) or collection.unordered


def bound(nodes: list[Node], at: Location) -> Node | None:
    """What bounds each of the values, or None where there are none."""
    kept: list[Node] = []
    for node in nodes:
        for option in node.options if isinstance(node, Unknown) and node.options else (node,):
            if len(kept) <= 16 and not any(same(option, other) for other in kept):
                kept.append(option)
    if len(kept) <= 1:
        return kept[0] if kept else None
    return Unknown(reasons_of(*nodes), at, options=tuple(kept) if len(kept) <= 16 else ())


def for_object(expression: ast.ForObject, frame: Frame) -> Node:
    """``{for …}``."""
    collection = evaluate(expression.collection, frame)
    if isinstance(collection, Unknown) and collection.options:
        return _options_of(expression, frame, collection)
    return _object(expression, frame, collection)


def _object(expression: ast.ForObject, frame: Frame, collection: Node) -> Node:
    pairs, rest = elements(collection, expression.collection.at)
    entries: dict[str, list[Node]] = {}
    perhaps: dict[str, list[Node]] = {}
    loose: list[Node] = []
    for pair in [*pairs, *([rest] if rest is not None else [])]:
        inner = frame.bind(loop_names(expression.key_name, expression.value_name, pair))
        kept = _kept(expression.condition, inner, certain=pair is not rest)
        if kept is False:
            continue
        certain = kept is True and pair is not rest
        key = to_text(evaluate(expression.key, inner) if certain else attempted(expression.key, inner))
        value = evaluate(expression.value, inner) if certain else attempted(expression.value, inner)
        if not isinstance(key, Scalar):
            loose.append(value)
        elif key.value is None:
            raise InputError("the key of a map cannot be null", at=str(expression.key.at))
        else:
            (entries if certain else perhaps).setdefault(str(key.value), []).append(value)
    return _map(expression, entries, perhaps, loose)


def _map(
    expression: ast.ForObject,
    entries: dict[str, list[Node]],
    perhaps: dict[str, list[Node]],
    loose: list[Node],
) -> Node:
    at = expression.at
    if expression.grouped:
        groups: dict[str, Node] = {}
        for key, values in entries.items():
            groups[key] = Seq(tuple(values), at, more=bound(loose + perhaps.get(key, []), at))
        others = [value for key, values in perhaps.items() if key not in entries for value in values] + loose
        more = Seq((), at, more=bound(others, at)) if others else None
        return Map(groups, at, more=more)
    for key, values in entries.items():
        if len(values) > 1:
            hint = "write the value with ... to group the values by key"
            raise InputError(f"two elements have the key {key}", at=str(at), hint=hint)
    others = [value for values in perhaps.values() for value in values] + loose
    return Map({key: values[0] for key, values in entries.items()}, at, more=bound(others, at))


def splat(expression: ast.Splat, frame: Frame) -> Node:
    """``object[*]…`` and ``object.*…``: the rest done with every element; what is no list is one."""
    return _splat(expression, frame, evaluate(expression.object, frame))


def _splat(expression: ast.Splat, frame: Frame, node: Node) -> Node:
    at = expression.at
    match node:
        case Seq():
            items = [_each(expression, frame, item) for item in node.items]
            more = None if node.more is None else attempted(expression.each, frame.bind({"*": node.more}))
            if has_loose_order(node) and len(items) > 1:
                return _loose(items, more, at)
            return Seq(tuple(items), at, more=more, unordered=node.unordered and more is not None)
        case Unknown() if node.options:
            return lifted(
                frame.module.run,
                (node,),
                lambda: Unknown(node.reasons, at, identity=named_below(node.identity, "[*]")),
                lambda way: _splat(expression, frame, way[0]),
            )
        case Unknown():
            each = Unknown(node.reasons, node.at, node.via, type=element_type(node))
            return Seq((), at, more=attempted(expression.each, frame.bind({"*": each})))
        case Reference():
            one = Reference(node.target, f"{node.attribute}[*]", node.at)
            return Seq((), at, more=attempted(expression.each, frame.bind({"*": one})))
        case Scalar(value=None):
            return Seq((), at)
        case _:
            return Seq((_each(expression, frame, node),), at)


def _each(expression: ast.Splat, frame: Frame, item: Node) -> Node:
    return evaluate(expression.each, frame.bind({"*": item}))


EVALUATORS[ast.ForTuple] = for_tuple
EVALUATORS[ast.ForObject] = for_object
EVALUATORS[ast.Splat] = splat
