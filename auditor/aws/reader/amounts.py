"""Nodes as bounds: the addresses of CIDRs, and the traffic of protocols and ports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, reduce
from itertools import product

from auditor.aws.reader.nodes import alternatives, given, number
from auditor.traffic import (
    EMPTY,
    EVERYTHING,
    IPV4,
    NOTHING,
    WITH_PORTS,
    WITH_TYPES,
    Bounds,
    IntSet,
    Traffic,
    exact,
    parse_cidr,
    protocol_number,
    service,
)
from auditor.tree import Node, Reference, Scalar, Seq, Unknown

_BITS, _MOST_RULES = 128, 1000
_NETWORK_RANGE = re.compile(r"(?:^|[.:])aws_(?:default_)?(?:vpc|subnet)\.[^.\[]+(?:\[[^]]*\])?\.cidr_block$")

Complaint = Callable[[Node, str], None]
"""Told of a node that is wrong whatever the unknowns are, and why."""


@lru_cache(maxsize=1 << 16)
def known_addresses(text: str, within: IntSet) -> Bounds[IntSet] | str:
    """The addresses of one CIDR, or why the text is none that may stand where ``within`` is asked for."""
    if "/" not in text:
        return f"{text!r} is no CIDR: the prefix length is missing"
    try:
        addresses = parse_cidr(text)
    except ValueError as error:
        return str(error)
    if not addresses <= within:
        return f"{text!r} is of the other address family"
    return exact(addresses)


def addresses_of(node: Node, within: IntSet, complain: Complaint) -> Bounds[IntSet]:
    """The addresses of a CIDR or of a list of them; what is not known may be all of ``within``."""
    if type(node) is Scalar:
        if given(node) is None:
            return exact(EMPTY)
        found = known_addresses(str(node.value), within)
        if isinstance(found, Bounds):
            return found
        complain(node, found)
        return Bounds(EMPTY, within)
    if type(node) is Seq:
        parts = [addresses_of(item, within, complain) for item in node.items]
        if node.more is not None:
            parts.append(Bounds(EMPTY, addresses_of(node.more, within, complain).may))
        return reduce(lambda one, other: one | other, parts, exact(EMPTY))
    if type(node) is Unknown and node.options:
        parts = [addresses_of(option, within, complain) for option in node.options]
        return Bounds(reduce(lambda a, b: a & b, [p.must for p in parts]), IntSet.union(p.may for p in parts))
    return Bounds(EMPTY, _begun(node, within))


def _begun(node: Node, within: IntSet) -> IntSet:
    """What a CIDR may be whose first numbers and prefix length are written, and whose rest is not known."""
    parts, length = node.parts if type(node) is Unknown else (), _prefix_length(node)
    first = parts[0].value if parts and type(parts[0]) is Scalar else None
    begun = str(first).split(".")[:-1] if isinstance(first, str) and within <= IPV4 else []
    if length is None or not begun or length < 8 * len(begun):
        return within
    known = known_addresses(".".join((begun + ["0"] * 3)[:4]) + f"/{8 * len(begun)}", within)
    return known.may if isinstance(known, Bounds) else within


def most_of(node: Node, within: IntSet, *, several: bool = False) -> int | None:
    """How many addresses a CIDR, or each rule's of the groups of an interface, can hold at most.

    None where nothing is said of that. A range of a VPC, or of a subnet, has 16 bits at most in IPv4.

    https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
    """
    length = 16 if _is_of_a_network(node) else _prefix_length(node)
    return None if length is None else max(1, within.size >> length) * (_MOST_RULES if several else 1)


def _is_of_a_network(node: Node) -> bool:
    """Whether a node is the IPv4 range of a VPC or a subnet, which is not known."""
    match node:
        case Unknown(identity=identity):
            return _NETWORK_RANGE.search(identity) is not None
        case Reference(target=target, attribute=attribute):
            return _NETWORK_RANGE.search(f"{target}.{attribute}") is not None
        case _:
            return False


def _prefix_length(node: Node) -> int | None:
    """The prefix length that stands at the end of a CIDR, whatever else of it is known."""
    last = node.parts[-1] if type(node) is Unknown and node.parts else node
    text = last.value if type(last) is Scalar else None
    _, slash, length = text.rpartition("/") if isinstance(text, str) else ("", "", "")
    return int(length) if slash and length.isdecimal() and int(length) <= _BITS else None


Selection = Bounds[Traffic] | str
"""What protocol and ports select, in bounds; or why they cannot be."""

Ports = tuple[int | None, ...] | None
"""What a port can be, None in it for absent; or None where it can be anything."""


def traffic_of(protocol: Node | None, low: Node | None, high: Node | None) -> Selection:
    """What a rule's protocol and ports (or ICMP type and code) select."""
    if type(protocol) is Scalar and protocol.value is not None and _plain(low) and _plain(high):
        return _selected(str(protocol.value), number(low), number(high))
    protocols = alternatives(protocol)
    if protocols is None:
        return Bounds(NOTHING, EVERYTHING)
    return _one_of(_bounded(one, _ports(low), _ports(high)) for one in protocols)


def _plain(node: Node | None) -> bool:
    return node is None or (type(node) is Scalar and (given(node) is None or number(node) is not None))


def _ports(node: Node | None) -> Ports:
    values = alternatives(node)
    return None if values is None else tuple(map(number, values))


@lru_cache(maxsize=1 << 14)
def _selected(protocol: str, low: int | None, high: int | None) -> Selection:
    try:
        return exact(service(protocol_number(protocol), low, high))
    except ValueError as error:
        return str(error)


def _bounded(protocol: Node | None, lows: Ports, highs: Ports) -> Selection:
    if type(protocol) is not Scalar:
        return "no protocol is given"
    name = str(protocol.value)
    if lows is not None and highs is not None:
        return _one_of(_selected(name, low, high) for low, high in product(lows, highs))
    try:
        wanted = protocol_number(name)
    except ValueError as error:
        return str(error)
    if wanted is None or (wanted not in WITH_PORTS and wanted not in WITH_TYPES):
        return exact(service(wanted))
    known = [port for port in (lows or highs or ()) if port is not None and port >= 0]
    if len(known) != 1 or wanted not in WITH_PORTS:
        return Bounds(NOTHING, service(wanted))
    # A range that begins (or ends) at a known port holds that port, whatever its other end is.
    ends = (0, known[0]) if lows is None else (known[0], 65535)
    widest = _selected(name, *ends)
    return widest if isinstance(widest, str) else Bounds(service(wanted, known[0], known[0]), widest.may)


def _one_of(found: Iterable[Selection]) -> Selection:
    every = list(found)
    possible = [one for one in every if isinstance(one, Bounds)]
    if not possible:
        return every[0]
    if len(possible) == 1:
        return possible[0]
    must = reduce(lambda a, b: a & b, [one.must for one in possible])
    return Bounds(must, Traffic.union(one.may for one in possible))
