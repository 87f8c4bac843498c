"""The entries of a map with its loops and macros expanded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.cloudformation.evaluate.dispatch import evaluate
from auditor.sources.cloudformation.evaluate.frame import Frame
from auditor.sources.cloudformation.evaluate.substitution import opened, substituted
from auditor.sources.cloudformation.evaluate.transforms import Macro, included, macros
from auditor.sources.cloudformation.syntax.nodes import Call, Entries, Entry, Items, Syntax
from auditor.sources.cloudformation.values.identity import reasons_of, text_of
from auditor.sources.values import joined
from auditor.tree import Location, Node, Presence, Reason, Scalar, Seq, Unknown

LOOP = "Fn::ForEach::"
TRANSFORM = "Fn::Transform"
MOST_EXPANDED = 20_000
Round = tuple[Node, Presence, tuple[Reason, ...]]
"""What a loop goes through once, and whether it does for certain."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A key and the syntax of its value, with the frame to evaluate it in.

    Where a loop goes through what is not known, ``presence`` is not certain; a key with ``[*]`` in it then
    stands for any number of keys.
    """

    key: str
    at: Location
    value: Syntax
    frame: Frame
    presence: Presence = Presence.CERTAIN
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Expanded:
    """The entries of a map. Where ``open`` is not empty there may be more; where ``rewritten``, none of
    them need be there as it stands."""

    entries: tuple[Bound, ...]
    open: tuple[Reason, ...] = ()
    rewritten: bool = False


def as_entries(syntax: Syntax) -> Syntax:
    """A map of one key that is a loop or a macro is written like a call of a function."""
    if isinstance(syntax, Call) and (syntax.name.startswith(LOOP) or syntax.name == TRANSFORM):
        return Entries((Entry(syntax.name, syntax.at, syntax.argument),), syntax.at)
    return syntax


def expanded(syntax: Entries, frame: Frame) -> Expanded:
    """The entries that a map has; a loop or macro that is wrong leaves it open, with a gap."""
    found: list[Bound] = []
    reasons: list[Reason] = []
    rewritten = False
    for entry in syntax.entries:
        if not entry.key.startswith("Fn::"):
            found.append(Bound(entry.key, entry.at, entry.value, frame))
            continue
        try:
            part = _expanded(entry, frame)
        except InputError as error:
            part = Expanded((), frame.run.invalid(error, frame.label, entry.at).reasons)
        found += part.entries
        reasons += part.open
        rewritten = rewritten or part.rewritten
    keys = {each.key for each in found}
    if len(keys) < len(found):
        return _without_repetitions(found, frame, Expanded((), joined(reasons), rewritten))
    return Expanded(tuple(found), joined(reasons), rewritten)


def _without_repetitions(found: list[Bound], frame: Frame, rest: Expanded) -> Expanded:
    """Which of two entries of one key counts, is not known."""
    kept: dict[str, Bound] = {}
    reasons = list(rest.open)
    for each in found:
        if each.key not in kept:
            kept[each.key] = each
        elif each.presence is not Presence.MANY and each.value != kept[each.key].value:
            error = InputError(f"the key {each.key} is given twice", hint="give it once")
            reasons += frame.run.invalid(error, frame.label, each.at).reasons
    twice = len(reasons) > len(rest.open)
    return Expanded(tuple(kept.values()), joined(reasons), rest.rewritten or twice)


def _expanded(entry: Entry, frame: Frame) -> Expanded:
    if entry.key.startswith(LOOP):
        return _looped(entry, frame)
    if entry.key == TRANSFORM:
        return _merged([_transformed(macro, frame) for macro in macros(entry.value)])
    raise InputError(f"{entry.key} stands beside other keys", hint="a function is the only key of its map")


def _transformed(macro: Macro, frame: Frame) -> Expanded:
    found = included(macro, frame)
    if isinstance(found, tuple):
        return Expanded((), found, rewritten=not macro.only_adds)
    found = as_entries(found)
    if not isinstance(found, Entries):
        raise InputError("what is included here must be a map")
    frame.run.expanded += 100
    _require_few(frame)
    return expanded(found, frame)


def _merged(parts: Iterable[Expanded]) -> Expanded:
    found = list(parts)
    return Expanded(
        tuple([entry for part in found for entry in part.entries]),
        joined(reason for part in found for reason in part.open),
        any(part.rewritten for part in found),
    )


def _looped(entry: Entry, frame: Frame) -> Expanded:
    """The entries of all rounds of a loop."""
    argument = entry.value
    if not isinstance(argument, Items) or len(argument.items) != 3:
        raise InputError(f"{entry.key} takes an identifier, a collection and a map")
    name, collection, body = argument.items
    body = as_entries(body)
    if not isinstance(name, Scalar) or not isinstance(name.value, str) or not isinstance(body, Entries):
        raise InputError(f"{entry.key} takes an identifier, a collection and a map")
    return _merged(
        [_round(name.value, body, each, frame) for each in _rounds(_collection(collection, frame))]
    )


def _round(identifier: str, body: Entries, each: Round, frame: Frame) -> Expanded:
    _require_few(frame)
    item, presence, reasons = each
    text = text_of(item)
    if text is None or presence is Presence.MANY:
        presence = Presence.MANY
        inner = opened(body, identifier)
        frame = frame.bind(identifier, Unknown(reasons_of(item), item.at, type="string"))
    else:
        inner = substituted(body, identifier, text)
    part = expanded(inner, frame) if isinstance(inner, Entries) else Expanded(())
    frame.run.expanded += len(part.entries)
    return _each(part, presence, reasons)


def _require_few(frame: Frame) -> None:
    if frame.run.expanded > MOST_EXPANDED:
        raise InputError(f"loops and macros make more than {MOST_EXPANDED} entries")


def _each(part: Expanded, presence: Presence, reasons: tuple[Reason, ...]) -> Expanded:
    if presence is Presence.CERTAIN:
        return part
    entries = [
        replace(
            each,
            presence=Presence.MANY if Presence.MANY in {each.presence, presence} else presence,
            reasons=joined((*reasons, *each.reasons)),
        )
        for each in part.entries
    ]
    return replace(part, entries=tuple(entries))


def _collection(syntax: Syntax, frame: Frame) -> Node:
    if isinstance(syntax, Items):
        return Seq(tuple([evaluate(item, frame) for item in syntax.items]), syntax.at)
    return evaluate(syntax, frame)


def _rounds(collection: Node) -> Iterator[Round]:
    """What a loop goes through, and whether it does for certain."""
    match collection:
        case Seq():
            yield from ((item, Presence.CERTAIN, reasons_of(item)) for item in collection.items)
            if collection.more is not None:
                yield collection.more, Presence.MANY, reasons_of(collection.more)
        case Unknown() if collection.options:
            yield from _possible_rounds(collection)
        case Scalar() if collection.value is not None:
            raise InputError("a loop goes through a list", hint="give a list, or a parameter of a list type")
        case _:
            yield collection, Presence.MANY, reasons_of(collection)


def _possible_rounds(collection: Unknown) -> Iterator[Round]:
    ways = [list(_rounds(option)) for option in collection.options]
    known = [
        {text_of(item) for item, presence, _ in way if presence is Presence.CERTAIN} - {None} for way in ways
    ]
    always = set.intersection(*known)
    for text in dict.fromkeys(text_of(item) for way in ways for item, _, _ in way):
        item, presence, _ = next(each for way in ways for each in way if text_of(each[0]) == text)
        if text in always:
            yield item, Presence.CERTAIN, ()
        elif text is None or presence is Presence.MANY:
            yield item, Presence.MANY, collection.reasons
        else:
            yield item, Presence.POSSIBLE, collection.reasons
