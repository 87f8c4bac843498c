"""Values that are one of several, and values that were passed on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product

from auditor.errors import InputError
from auditor.sources.terraform.evaluate.frame import Run
from auditor.sources.terraform.values import compare, reasons_of
from auditor.sources.values import identity
from auditor.tree import Location, Node, Reason, Reference, Scalar, Unknown

MOST_OPTIONS = 16


def same(a: Node, b: Node) -> bool:
    """Whether two values are certainly one, wherever they were written."""
    if isinstance(a, Reference) and isinstance(b, Reference):
        return (a.target, a.attribute) == (b.target, b.attribute)
    return type(a) is type(b) and compare.same(a, b) is True


def distinct(nodes: Iterable[Node]) -> list[Node]:
    """The values with the options of each in its stead, each once; cut short after ``MOST_OPTIONS``.

    A value of one option alone stays what it is: it is one of the many that the option stands for.
    """
    kept: list[Node] = []
    for node in nodes:
        for option in node.options if isinstance(node, Unknown) and len(node.options) > 1 else (node,):
            if not any(same(option, other) for other in kept):
                kept.append(option)
        if len(kept) > MOST_OPTIONS:
            break
    return kept


def one_of(nodes: Sequence[Node], reasons: tuple[Reason, ...], at: Location, name: str = "") -> Node:
    """A value that is one of ``nodes``: the one itself where they are all the same."""
    options = distinct(nodes)
    if len(options) == 1:
        return options[0]
    kept = tuple(options) if len(options) <= MOST_OPTIONS else ()
    return Unknown(reasons, at, identity=identity(name), options=kept)


def has_options(node: Node) -> bool:
    """Whether the value is one of several that are listed."""
    return type(node) is Unknown and bool(node.options)


def lifted(
    run: Run,
    arguments: Sequence[Node],
    unknown: Callable[[], Node],
    apply: Callable[[tuple[Node, ...]], Node],
) -> Node:
    """What ``apply`` gives for each way in which the arguments' options can turn out, as one value.

    A way that fails is left out, since Terraform would refuse it; InputError where all of them fail.
    ``unknown`` gives the value where there are too many ways.
    """
    choices = [a.options if isinstance(a, Unknown) and a.options else (a,) for a in arguments]
    ways = 1
    for choice in choices:
        ways *= len(choice)
    if ways > MOST_OPTIONS:
        return unknown()
    results: list[Node] = []
    failure: InputError | None = None
    for way in product(*choices):
        try:
            results.append(apply(way))
        except InputError as error:
            failure = error
            run.doubt(reason for a in arguments if has_options(a) for reason in reasons_of(a))
    if failure is not None and not results:
        raise failure
    whole = unknown()
    if not isinstance(whole, Unknown):
        return whole
    value = one_of(results, whole.reasons, whole.at, whole.identity)
    one_of_many = any(isinstance(a, Unknown) and len(a.options) == 1 for a in arguments)
    if one_of_many and not isinstance(value, Scalar | Unknown):
        return Unknown(whole.reasons, whole.at, identity=whole.identity, options=(value,))
    return value
