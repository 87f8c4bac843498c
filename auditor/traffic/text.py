"""Traffic as users write and read it: ``tcp/443``, ``icmp/8:0``, ``proto/47``, ``all``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from auditor.traffic.intervals import IntSet
from auditor.traffic.protocols import TCP, protocol_number, protocol_text
from auditor.traffic.services import service
from auditor.traffic.space import EVERYTHING, PORTS, PROTOCOLS, WITH_PORTS, WITH_TYPES, Traffic

_FORMS = "tcp/443, tcp/1024-65535, udp/53, icmp/8:0, icmpv6, proto/47, all, or a port alone for TCP"


@lru_cache(maxsize=1 << 10)
def parse_traffic(text: str) -> Traffic:
    """The services that a text names, for all addresses and source ports.

    The forms are ``tcp``, ``tcp/443``, ``tcp/8000-8100``, ``443`` (TCP), ``icmp/8`` (a type with all codes),
    ``icmp/8-10``, ``icmp/8:0`` (type and code), ``icmp/8:0-3``, ``proto/47``, ``proto/47-51``, a protocol's
    name, and ``all``; several stand side by side with commas, where a port alone has the protocol before it:
    ``udp/53,123``.

    Raises:
        ValueError: the text has another form, or a number out of its range.
    """
    protocol = protocol_text(TCP)
    found = []
    for part in text.lower().split(","):
        item = part.strip()
        name, slash, ports = item.partition("/")
        if not slash and name[:1].isdigit():
            name, ports = protocol, name
        elif slash and not ports:
            raise ValueError(f"{item!r} has nothing after the slash; write {_FORMS}")
        protocol = name
        try:
            found.append(_item(name, ports))
        except ValueError as problem:
            raise ValueError(f"{item!r} is no traffic: {problem}; write {_FORMS}") from None
    return Traffic.union(found)


def _item(name: str, ports: str) -> Traffic:
    if name == "proto":
        return Traffic.of(protocols=_range(ports, PROTOCOLS))
    number = protocol_number(name)
    if not ports:
        return service(number)
    if number is None or number not in WITH_PORTS | WITH_TYPES:
        raise ValueError(f"{name} has no ports")
    chosen = _range(ports, PORTS) if number in WITH_PORTS else _messages(ports)
    return Traffic.of(protocols=IntSet.single(number), destination_ports=chosen)


def _messages(text: str) -> IntSet:
    octets = IntSet(((0, 255),))
    kinds, colon, codes = text.partition(":")
    ((low, high),) = _range(kinds, octets)
    if not colon:
        return IntSet(((low * 256, high * 256 + 255),))
    ((first, last),) = _range(codes, octets)
    if low != high:
        raise ValueError("codes belong to one type")
    return IntSet(((low * 256 + first, low * 256 + last),))


def _range(text: str, domain: IntSet) -> IntSet:
    low, dash, high = text.partition("-")
    for end in (low, high) if dash else (low,):
        if not (end.isascii() and end.isdigit() and len(end) < 10 and int(end) in domain):
            ((first, last),) = domain
            raise ValueError(f"{end!r} is not a number from {first} to {last}")
    return IntSet.of((int(low), int(high if dash else low)))


def traffic_text(traffic: Traffic) -> tuple[str, ...]:
    """The services of a set, protocol by protocol and then by port; equal services give equal text.

    Neighbouring protocols without a restriction are one item (``proto/2-5``), and all 256 are ``all``. Each
    item is read back by ``parse_traffic``.
    """
    services = traffic.services()
    if services == EVERYTHING:
        return ("all",)
    whole = services.protocols
    partial: list[tuple[int, str]] = []
    for protocol in _numbers(services.protocols & (WITH_PORTS | WITH_TYPES)):
        own = IntSet.single(protocol)
        ports = (services & Traffic.of(protocols=own)).destination_ports
        if ports != PORTS:
            whole = whole - own
            partial.extend((protocol, item) for item in _restricted(protocol, ports))
    items = [(low, _protocols(low, high)) for low, high in whole] + partial
    return tuple(item for _, item in sorted(items, key=lambda pair: pair[0]))


def _numbers(numbers: IntSet) -> Iterator[int]:
    for low, high in numbers:
        yield from range(low, high + 1)


def _protocols(low: int, high: int) -> str:
    return protocol_text(low) if low == high else f"proto/{low}-{high}"


def _restricted(protocol: int, ports: IntSet) -> list[str]:
    name = protocol_text(protocol)
    if protocol in WITH_PORTS:
        return [f"{name}/{_span(low, high)}" for low, high in ports]
    return [f"{name}/{item}" for low, high in ports for item in _message_items(low, high)]


def _message_items(low: int, high: int) -> Iterator[str]:
    """A run of messages as types in part, whole types, and types in part again."""
    kind, code = divmod(low, 256)
    last, end = divmod(high, 256)
    if kind == last and (code, end) != (0, 255):
        yield f"{kind}:{_span(code, end)}"
        return
    if code:
        yield f"{kind}:{_span(code, 255)}"
        kind += 1
    until = last if end == 255 else last - 1
    if kind <= until:
        yield _span(kind, until)
    if end != 255:
        yield f"{last}:{_span(0, end)}"


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}-{high}"
