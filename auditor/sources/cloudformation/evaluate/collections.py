"""Lists and maps, in which what is ``AWS::NoValue`` is not there."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.sources.cloudformation.evaluate.arguments import lifted
from auditor.sources.cloudformation.evaluate.dispatch import evaluate
from auditor.sources.cloudformation.evaluate.expansion import Expanded, expanded
from auditor.sources.cloudformation.evaluate.frame import Frame
from auditor.sources.cloudformation.syntax.nodes import Entries, Items, Syntax
from auditor.sources.cloudformation.values.identity import (
    call_identity,
    is_absent,
    may_be_absent,
    one_of,
    reasons_of,
)
from auditor.tree import Location, Map, Node, Presence, Scalar, Seq, Unknown


def sequence(syntax: Syntax, frame: Frame) -> Node:
    """A list as it stands in a property: what may not be there is among what may follow."""
    if not isinstance(syntax, Items):
        return evaluate(syntax, frame)
    found = [evaluate(item, frame) for item in syntax.items]
    present = [node for node in found if not is_absent(node)]
    loose = [node for node in present if may_be_absent(node)]
    certain = tuple([node for node in present if not may_be_absent(node)])
    if not loose:
        return Seq(certain, syntax.at)
    reasons, at = reasons_of(*loose), loose[0].at
    more = one_of([option for node in loose for option in _present(node)], reasons, at)
    if not isinstance(more, Unknown):
        more = Unknown(reasons, at, options=(more,))
    first_loose = next(place for place, node in enumerate(present) if may_be_absent(node))
    return Seq(certain, syntax.at, more=more, unordered=first_loose < len(certain))


def _present(node: Node) -> Sequence[Node]:
    """What a value can be where it is there."""
    return [option for option in node.options if not is_absent(option)] if isinstance(node, Unknown) else []


def exact_sequence(syntax: Syntax, frame: Frame) -> Node:
    """A list as the argument of a function: one of several where some of its items may not be there."""
    if not isinstance(syntax, Items):
        return evaluate(syntax, frame)
    items = [evaluate(item, frame) for item in syntax.items]
    loose = {place: node for place, node in enumerate(items) if may_be_absent(node)}
    if not loose:
        return Seq(tuple([node for node in items if not is_absent(node)]), syntax.at)

    def chosen(way: tuple[Node, ...]) -> Node:
        at_place = dict(zip(loose, way, strict=True))
        every = [at_place.get(place, node) for place, node in enumerate(items)]
        return Seq(tuple([node for node in every if not is_absent(node)]), syntax.at)

    nodes = tuple(loose.values())
    name = call_identity("list", *items)
    return lifted(nodes, lambda: Unknown(reasons_of(*nodes), syntax.at, identity=name), chosen)


def mapping(syntax: Syntax, frame: Frame) -> Node:
    """A map. What a macro may rewrite has any keys and any values."""
    if not isinstance(syntax, Entries):
        return evaluate(syntax, frame)
    return assembled(expanded(syntax, frame), syntax.at)


def assembled(found: Expanded, at: Location) -> Map:
    """The map of expanded entries."""
    entries: dict[str, Node] = {}
    further: list[Node] = []
    for each in found.entries:
        node = evaluate(each.value, each.frame)
        if is_absent(node):
            continue
        if each.presence is Presence.MANY:
            further.append(node)
        elif each.presence is Presence.POSSIBLE:
            options = (node, Scalar(None, each.at))
            entries[each.key] = one_of(options, (*each.reasons, *reasons_of(node)), each.at)
        else:
            entries[each.key] = node
    if found.open:
        more: Node | None = Unknown(found.open, at)
    else:
        more = one_of(further, reasons_of(*further), at) if further else None
    return Map({} if found.rewritten else entries, at, more=more)
