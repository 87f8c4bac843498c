"""The arguments of intrinsic functions, and what one gives for each way in which they can turn out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

from auditor.errors import InputError
from auditor.sources.cloudformation.syntax.nodes import Call, Items, Syntax
from auditor.sources.cloudformation.values.identity import MOST_OPTIONS, one_of
from auditor.tree import Node, Scalar, Unknown


def listed(call: Call, least: int, most: int = 0) -> tuple[Syntax, ...]:
    """The arguments of a function that takes a list of ``least`` to ``most`` of them."""
    most = most or least
    found = call.argument
    if not isinstance(found, Items) or not least <= len(found.items) <= most:
        number = f"{least}" if least == most else f"{least} to {most}"
        raise InputError(f"{call.name} takes a list of {number} values")
    return found.items


def single(call: Call) -> Syntax:
    """The argument of a function that takes one, which may stand in a list of its own."""
    found = call.argument
    return found.items[0] if isinstance(found, Items) and len(found.items) == 1 else found


def written(syntax: Syntax, what: str) -> str:
    """A text that must be written out. InputError where it is not."""
    if isinstance(syntax, Scalar) and isinstance(syntax.value, str | int):
        return str(syntax.value)
    raise InputError(f"{what} must be a plain text")


def lifted(
    arguments: Sequence[Node], unknown: Callable[[], Unknown], apply: Callable[[tuple[Node, ...]], Node]
) -> Node:
    """What ``apply`` gives for each way in which the arguments' options can turn out, as one value.

    Arguments of one identity turn out alike. A way that fails is left out, since CloudFormation would refuse
    it; InputError where all of them fail. ``unknown`` gives the value where there are too many ways.
    """
    places: dict[object, int] = {}
    choices: list[tuple[Node, ...]] = []
    chosen: list[int] = []
    for number, argument in enumerate(arguments):
        options = argument.options if isinstance(argument, Unknown) else ()
        key = argument.identity if isinstance(argument, Unknown) and options else ""
        place = places.setdefault(key or number, len(choices))
        if place == len(choices):
            choices.append(options or (argument,))
        chosen.append(place)
    ways = 1
    for choice in choices:
        ways *= len(choice)
    if ways > MOST_OPTIONS:
        return unknown()
    if ways == 1 and not any(isinstance(each, Unknown) and each.options for each in arguments):
        return apply(tuple(arguments))
    return _every_way([tuple([way[place] for place in chosen]) for way in product(*choices)], unknown, apply)


def _every_way(
    ways: Sequence[tuple[Node, ...]],
    unknown: Callable[[], Unknown],
    apply: Callable[[tuple[Node, ...]], Node],
) -> Node:
    results: list[Node] = []
    failure: InputError | None = None
    for way in ways:
        try:
            results.append(apply(way))
        except InputError as error:
            failure = error
    if failure is not None and not results:
        raise failure
    whole = unknown()
    value = one_of(results, whole.reasons, whole.at, whole.identity)
    if len(ways) == 1 and not isinstance(value, Scalar | Unknown):
        # One option alone stands for many.
        return Unknown(whole.reasons, whole.at, identity=whole.identity, options=(value,))
    return value
