"""The functions of lists: ``Fn::Split``, ``Fn::Select``, ``Fn::Length``, ``Fn::GetAZs`` and ``Fn::Cidr``."""

from __future__ import annotations

import ipaddress

from auditor.errors import InputError
from auditor.sources.cloudformation.evaluate.arguments import lifted, listed, single
from auditor.sources.cloudformation.evaluate.collections import exact_sequence
from auditor.sources.cloudformation.evaluate.dispatch import evaluate
from auditor.sources.cloudformation.evaluate.frame import Frame
from auditor.sources.cloudformation.syntax.nodes import Call
from auditor.sources.cloudformation.values.identity import (
    call_identity,
    one_of,
    reasons_of,
    text_of,
    unknown_call,
)
from auditor.sources.cloudformation.values.split import split as cut
from auditor.sources.values import passed
from auditor.tree import Location, Map, Node, Reason, Reference, Scalar, Seq, Unknown

_MOST_CIDRS = 256
REGION = "AWS::Region"


def split(call: Call, frame: Frame) -> Node:
    """``Fn::Split``.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-split.html
    """
    delimiter, text = listed(call, 2)
    found = (evaluate(delimiter, frame), evaluate(text, frame))

    def apply(way: tuple[Node, ...]) -> Node:
        between = text_of(way[0])
        if isinstance(way[1], Seq | Map) or (between is None and not isinstance(way[0], Unknown | Reference)):
            raise InputError("Fn::Split takes a delimiter and a text")
        if between == "":
            raise InputError("the delimiter of Fn::Split is empty")
        items = None if between is None else cut(way[1], between, call.at)
        return items or unknown_call("Split", call.at, way, "list(string)")

    return lifted(found, lambda: unknown_call("Split", call.at, found, "list(string)"), apply)


def select(call: Call, frame: Frame) -> Node:
    """``Fn::Select``, which counts from 0.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-select.html
    """
    index, items = listed(call, 2)
    found = (evaluate(index, frame), exact_sequence(items, frame))
    return lifted(found, lambda: unknown_call("Select", call.at, found), lambda way: _selected(way, call.at))


def _selected(way: tuple[Node, ...], at: Location) -> Node:
    index, items = way
    if isinstance(items, Scalar | Map):
        raise InputError("Fn::Select takes an index and a list")
    text = text_of(index)
    if text is None:
        if not isinstance(index, Unknown | Reference):
            raise InputError("the index of Fn::Select is a number")
        return _any_item(way, at)
    if not text.isdecimal() or not text.isascii():
        raise InputError(f"{text} is no index", hint="give a number from 0 on")
    if not isinstance(items, Seq):
        return unknown_call("Select", at, (Scalar(str(int(text)), at), items))
    place = int(text)
    if items.unordered or (place >= len(items.items) and items.more is not None):
        return _any_item(way, at)
    if place >= len(items.items):
        raise InputError(f"there is no item {place} in a list of {len(items.items)}")
    return passed(items.items[place], at)


def _any_item(way: tuple[Node, ...], at: Location) -> Node:
    items = way[1]
    whole = unknown_call("Select", at, way)
    if not isinstance(items, Seq) or (not items.items and items.more is None):
        return whole
    every = items.items if items.more is None else (*items.items, items.more)
    return one_of(every, whole.reasons, at, whole.identity)


def length(call: Call, frame: Frame) -> Node:
    """``Fn::Length``.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-length.html
    """
    argument = exact_sequence(call.argument, frame)

    def apply(way: tuple[Node, ...]) -> Node:
        match way[0]:
            case Seq(more=None, items=items):
                return Scalar(len(items), call.at)
            case Scalar() | Map():
                raise InputError("Fn::Length takes a list")
            case _:
                return unknown_call("Length", call.at, way, "number")

    return lifted((argument,), lambda: unknown_call("Length", call.at, (argument,), "number"), apply)


def get_azs(call: Call, frame: Frame) -> Node:
    """``Fn::GetAZs``: which zones an account has in a Region, no template says.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getavailabilityzones.html
    """
    argument = single(call)
    nothing = isinstance(argument, Scalar) and argument.value in {None, ""}
    region = Scalar("", call.at) if nothing else evaluate(argument, frame)
    if text_of(region) == "":
        region = frame.stack.named(REGION, call.at)
    if isinstance(region, Seq | Map):
        raise InputError("Fn::GetAZs takes a Region")
    name = call_identity("GetAZs", region)
    reason = Reason("the availability zones of the Region", call.at, "a snapshot")
    return Unknown((reason, *reasons_of(region)), call.at, identity=name, type="list(string)")


def cidr(call: Call, frame: Frame) -> Node:
    """``Fn::Cidr``: blocks of ``cidrBits`` host bits each, the first ``count`` of a block.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
    """
    found = tuple([evaluate(argument, frame) for argument in listed(call, 2, 3)])

    def apply(way: tuple[Node, ...]) -> Node:
        block, count = text_of(way[0]), _number(way[1], "the count")
        bits = _number(way[2], "cidrBits") if len(way) > 2 else None
        if isinstance(way[0], Seq | Map):
            raise InputError("Fn::Cidr takes a CIDR block")
        if count is None:
            return unknown_call("Cidr", call.at, way, "list(string)")
        if block is None or bits is None:
            return _unknown_blocks(way, count, call.at)
        return Seq(tuple([Scalar(text, call.at) for text in _blocks(block, count, bits)]), call.at)

    return lifted(found, lambda: unknown_call("Cidr", call.at, found, "list(string)"), apply)


def _number(node: Node, what: str) -> int | None:
    text = text_of(node)
    if text is None and isinstance(node, Unknown | Reference):
        return None
    if text is None or not text.isdecimal() or not text.isascii() or not 1 <= int(text) <= _MOST_CIDRS:
        raise InputError(f"{what} of Fn::Cidr is a number from 1 to {_MOST_CIDRS}")
    return int(text)


def _unknown_blocks(way: tuple[Node, ...], count: int, at: Location) -> Node:
    """A list of a known length, as ``Fn::Select`` names what it takes from one that is not known."""
    whole = unknown_call("Cidr", at, way, "list(string)")
    reasons = whole.reasons or (Reason("the size of the blocks of Fn::Cidr", at, "give cidrBits"),)
    items: list[Node] = []
    for place in range(count):
        name = call_identity("Select", Scalar(str(place), at), whole) if whole.identity else ""
        items.append(Unknown(reasons, at, identity=name, type="string"))
    return Seq(tuple(items), at)


def _blocks(block: str, count: int, bits: int) -> list[str]:
    try:
        network = ipaddress.ip_network(block)
    except ValueError as error:
        raise InputError(f"{block} is no CIDR block: {error}") from None
    longest = network.max_prefixlen - bits
    if longest < network.prefixlen or count > 1 << (longest - network.prefixlen):
        raise InputError(f"{block} has no {count} blocks of {bits} bits each")
    first = int(network.network_address)
    make = ipaddress.IPv4Address if network.version == 4 else ipaddress.IPv6Address
    return [f"{make(first + (place << bits))}/{longest}" for place in range(count)]
