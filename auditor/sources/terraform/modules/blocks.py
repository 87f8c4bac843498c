"""The body of a block: its attributes, and its nested blocks with the dynamic ones expanded."""

from __future__ import annotations

from auditor.errors import InputError
from auditor.sources.places import place_of
from auditor.sources.terraform.configuration.declarations import find
from auditor.sources.terraform.evaluate.dispatch import EVALUATORS, evaluate
from auditor.sources.terraform.evaluate.frame import Frame
from auditor.sources.terraform.evaluate.loops import bound, elements
from auditor.sources.terraform.syntax import ast
from auditor.tree import Location, Map, Node, Reason, Scalar, Seq, Unknown

META_ARGUMENTS = frozenset({"count", "for_each", "provider", "providers", "depends_on"})
CALL_ARGUMENTS = frozenset({"source", "version", *META_ARGUMENTS}) - {"provider"}
META_BLOCKS = frozenset({"lifecycle", "provisioner", "connection"})
NONE: frozenset[str] = frozenset()


def body_of(block: ast.Block, frame: Frame, label: str) -> Map:
    """The body of a resource's or data source's block, without what is Terraform's own."""
    entries = _attributes(block.body, frame, label, META_ARGUMENTS)
    if block.body.blocks:
        _nested(block.body, frame, label, entries)
    return Map(entries, block.at)


def _attributes(body: ast.Body, frame: Frame, label: str, skipped: frozenset[str]) -> dict[str, Node]:
    entries: dict[str, Node] = {}
    for attribute in body.attributes:
        if attribute.name in skipped:
            continue
        value = attribute.value
        if type(value) is ast.Literal:
            entries[attribute.name] = Scalar(value.value, value.at)
            continue
        try:
            entries[attribute.name] = EVALUATORS[type(value)](value, frame)
        except InputError as error:
            entries[attribute.name] = frame.module.run.invalid(error, f"{label}.{attribute.name}", value.at)
    return entries


class _Repeated:
    """The blocks of one type as they are met."""

    __slots__ = ("at", "items", "more")

    def __init__(self, at: Location) -> None:
        self.at = at
        self.items: list[Node] = []
        self.more: list[Node] = []

    def whole(self) -> Seq:
        """The blocks as one list."""
        return Seq(tuple(self.items), self.at, more=bound(self.more, self.at) if self.more else None)


def _left_alone(block: ast.Block) -> dict[str, Node]:
    """The names of the attributes that Terraform does not put back when somebody else changes them."""
    for attribute in block.body.attributes:
        names = (
            attribute.value.items if isinstance(attribute.value, ast.TupleExpression) else (attribute.value,)
        )
        if attribute.name == "ignore_changes":
            known = tuple(Scalar(one.name, one.at) for one in names if isinstance(one, ast.Name))
            return {"lifecycle": Map({"ignore_changes": Seq(known, attribute.at)}, block.at)}
    return {}


def _nested(body: ast.Body, frame: Frame, label: str, entries: dict[str, Node]) -> None:
    found: dict[str, _Repeated] = {}
    for block in body.blocks:
        if block.type in META_BLOCKS:
            entries.update(_left_alone(block))
            continue
        if block.type == "dynamic":
            name = block.labels[0] if block.labels else ""
            repeated = found.setdefault(name, _Repeated(block.at))
            _dynamic(block, frame, f"{label}.{name}", repeated)
            continue
        repeated = found.setdefault(block.type, _Repeated(block.at))
        repeated.items.append(_inner(block.body, frame, f"{label}.{block.type}", block.at))
    for name, repeated in found.items():
        given = entries.get(name)
        if isinstance(given, Seq):
            repeated.items[:0] = given.items
        entries[name] = repeated.whole()


def _inner(body: ast.Body, frame: Frame, label: str, at: Location, via: tuple[Location, ...] = ()) -> Map:
    entries = _attributes(body, frame, label, NONE)
    if body.blocks:
        _nested(body, frame, label, entries)
    return Map(entries, at, via)


def _dynamic(block: ast.Block, frame: Frame, label: str, repeated: _Repeated) -> None:
    """Expands a dynamic block: what may be there goes to ``more``."""
    run = frame.module.run
    try:
        collection, content, iterator = _parts(block, frame)
        options = (
            collection.options if isinstance(collection, Unknown) and collection.options else (collection,)
        )
        ways = [elements(option, block.at) for option in options if not _is_null(option, options)]
    except InputError as error:
        repeated.more.append(run.invalid(error, label, block.at))
        return
    for pairs, rest in ways:
        for key, value in pairs:
            made = _made(content, frame, (iterator, key, value), (label, block.at))
            (repeated.items if len(options) == 1 else repeated.more).append(made)
        if rest is not None:
            made = _made(content, frame, (iterator, *rest), (label, block.at))
            repeated.more.append(made)


def _is_null(option: Node, options: tuple[Node, ...]) -> bool:
    """Whether this is a null beside other options, which Terraform would refuse."""
    return len(options) > 1 and isinstance(option, Scalar)


def _parts(block: ast.Block, frame: Frame) -> tuple[Node, ast.Body, str]:
    """The collection, the content's body and the iterator's name of a dynamic block."""
    for_each = find(block.body, "for_each")
    content = next((inner for inner in block.body.blocks if inner.type == "content"), None)
    if for_each is None or content is None or len(block.labels) != 1:
        what = "a dynamic block needs a label, a for_each and a content block"
        raise InputError(what, at=str(block.at))
    iterator = find(block.body, "iterator")
    name = block.labels[0]
    if iterator is not None and isinstance(iterator.value, ast.Name):
        name = iterator.value.name
    elif iterator is not None and isinstance(iterator.value, ast.Literal):
        name = str(iterator.value.value)
    return evaluate(for_each.value, frame), content.body, name


def _made(
    content: ast.Body, frame: Frame, bindings: tuple[str, Node, Node], place: tuple[str, Location]
) -> Map:
    iterator, key, value = bindings
    label, at = place
    each = Map({"key": key, "value": value}, at)
    via = (value.at, *value.via)[:6] if value.at != at else ()
    return _inner(content, frame.bind({iterator: each}), label, at, via)


def unreadable(error: InputError, at: Location) -> tuple[Reason, ...]:
    """The reason that stands for an error."""
    return (Reason(error.message, place_of(error, at), error.hint or "correct the error"),)
