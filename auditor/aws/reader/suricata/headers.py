"""A rule's header: its action, protocol, the two ends, and the direction between them.

https://docs.suricata.io/en/suricata-7.0.8/rules/intro.html#protocol
https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_Header.html
"""

from __future__ import annotations

from auditor.aws.reader.suricata.sets import Sets
from auditor.frozen import dataclass
from auditor.model import FirewallAction
from auditor.traffic import (
    EVERYTHING,
    ICMP,
    ICMPV6,
    IPV4,
    IPV6,
    NOTHING,
    PORTS,
    PROTOCOLS,
    TCP,
    UDP,
    WITH_PORTS,
    Bounds,
    IntSet,
    Traffic,
    exact,
)
from auditor.tree import Reason

ACTIONS = {
    "pass": FirewallAction.PASS,
    "drop": FirewallAction.DROP,
    "reject": FirewallAction.REJECT,
    "rejectsrc": FirewallAction.REJECT,
    "rejectdst": FirewallAction.REJECT,
    "rejectboth": FirewallAction.REJECT,
    "alert": FirewallAction.ALERT,
}
_TCP, _UDP, _SCTP = (IntSet.single(number) for number in (TCP, UDP, 132))
_EITHER = _TCP | _UDP
PLAIN = {
    "ip": PROTOCOLS,
    "any": PROTOCOLS,
    "ip4": PROTOCOLS,
    "ipv4": PROTOCOLS,
    "ip6": PROTOCOLS,
    "ipv6": PROTOCOLS,
    "tcp": _TCP,
    "tcp-pkt": _TCP,
    "tcp-stream": _TCP,
    "udp": _UDP,
    "sctp": _SCTP,
    "icmp": IntSet.single(ICMP) | IntSet.single(ICMPV6),
    "icmpv4": IntSet.single(ICMP),
    "icmpv6": IntSet.single(ICMPV6),
}
"""The protocols that a header can ask for which packets show by themselves."""

_FAMILIES = {
    **dict.fromkeys(("ip4", "ipv4"), IPV4),
    **dict.fromkeys(("ip6", "ipv6"), IPV6),
}
APPLICATIONS = {
    **dict.fromkeys(
        (
            *(
                "tls",
                "http",
                "http1",
                "http2",
                "ssh",
                "smtp",
                "ftp",
                "ftp-data",
                "smb",
                "imap",
                "msn",
                "pop3",
            ),
            *("rdp", "rfb", "mqtt", "modbus", "dnp3", "pgsql", "telnet", "websocket", "ldap"),
        ),
        _TCP,
    ),
    **dict.fromkeys(("quic", "ntp", "tftp", "dhcp", "ike", "snmp"), _UDP),
    **dict.fromkeys(("dns", "dcerpc", "krb5", "nfs", "sip", "enip", "bittorrent-dht"), _EITHER),
}
"""The protocols that only what a connection carries shows, and what they are carried by."""

SAME = {"ssl": "tls", "ikev2": "ike", "postgresql": "pgsql"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The words of a header; ``both`` where it fits the two directions (``<>``, ``ANY``)."""

    action: str
    protocol: str
    source: str
    source_port: str
    destination: str
    destination_port: str
    both: bool = False

    def __str__(self) -> str:
        arrow = "<>" if self.both else "->"
        ends = (self.source, self.source_port, arrow, self.destination, self.destination_port)
        return " ".join((self.action.lower(), self.protocol.lower(), *map(_plain, ends)))


def _plain(word: str) -> str:
    return word.lower() if word.lower() == "any" else word


def header_of(text: str) -> Header | str:
    """The header that a text is, or why it is none."""
    words = tuple(_words(text))
    if len(words) != 7:
        return "a header has an action, a protocol, and an address and a port on each side of -> or <>"
    action, protocol, source, source_port, arrow, destination, destination_port = words
    if arrow not in {"->", "<>"}:
        return f"{arrow!r} is no direction: -> or <>"
    return Header(
        action=action,
        protocol=protocol,
        source=source,
        source_port=source_port,
        destination=destination,
        destination_port=destination_port,
        both=arrow == "<>",
    )


def _words(text: str) -> list[str]:
    """The words of a header, each list one of them whatever white space is in it."""
    if "[" not in text:
        return text.split()
    found: list[str] = []
    depth = 0
    for part in text.split():
        if depth or (found and found[-1].endswith("!")):
            found[-1] += part
        else:
            found.append(part)
        depth += part.count("[") - part.count("]")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What a header selects; ``application`` is the protocol that it asks for beyond addresses and ports."""

    traffic: Bounds[Traffic]
    application: str = ""
    home_sources: bool = False
    home_destinations: bool = False
    outside_sources: bool = False
    outside_destinations: bool = False
    reasons: tuple[Reason, ...] = ()
    strange: str = ""

    def reversed(self) -> Selection:
        """The same with its ends changed."""
        traffic = self.traffic
        return Selection(
            traffic=Bounds(traffic.must.reversed(), traffic.may.reversed()),
            application=self.application,
            home_sources=self.home_destinations,
            home_destinations=self.home_sources,
            outside_sources=self.outside_destinations,
            outside_destinations=self.outside_sources,
            reasons=self.reasons,
            strange=self.strange,
        )


class Selections:
    """What headers select with the variables of one rule group; many rules of a group have one header."""

    __slots__ = ("_by_text", "sets")

    def __init__(self, sets: Sets) -> None:
        self.sets = sets
        self._by_text: dict[str, tuple[Header, Selection] | str] = {}

    def of_text(self, text: str) -> tuple[Header, Selection] | str:
        """The header that a text is with what it selects, or why there is none."""
        found = self._by_text.get(text)
        if found is None:
            header = header_of(text)
            found = self._by_text[text] = header if isinstance(header, str) else self.of(header)
        return found

    def of(self, header: Header) -> tuple[Header, Selection] | str:
        """The header with what it selects, or why it cannot be."""
        found = _selection(header, self.sets)
        return found if isinstance(found, str) else (header, found)


def _selection(header: Header, sets: Sets) -> Selection | str:
    places = (
        sets.address(header.source),
        sets.address(header.destination),
        sets.port(header.source_port),
        sets.port(header.destination_port),
    )
    source, destination, source_port, destination_port = places
    if isinstance(source, str) or isinstance(destination, str):
        return next(one for one in (source, destination) if isinstance(one, str))
    if isinstance(source_port, str) or isinstance(destination_port, str):
        return next(one for one in (source_port, destination_port) if isinstance(one, str))
    name = SAME.get(header.protocol.lower(), header.protocol.lower())
    traffic, strange = _traffic(
        name,
        (source.numbers, destination.numbers, source_port.numbers, destination_port.numbers),
    )
    return Selection(
        traffic=traffic,
        application="" if name in PLAIN else name,
        home_sources=source.home,
        home_destinations=destination.home,
        outside_sources=source.outside,
        outside_destinations=destination.outside,
        reasons=(*source.reasons, *destination.reasons, *source_port.reasons, *destination_port.reasons),
        strange=strange,
    )


Numbers = tuple[Bounds[IntSet], Bounds[IntSet], Bounds[IntSet], Bounds[IntSet]]


def _traffic(name: str, numbers: Numbers) -> tuple[Bounds[Traffic], str]:
    """The packets, and what is strange about what selects them: they are then only possible ones."""
    protocols = PLAIN.get(name) or APPLICATIONS.get(name)
    if protocols is None:
        return Bounds(NOTHING, EVERYTHING), f"the protocol {name}"
    ports = numbers[2:]
    if any(one.may != PORTS for one in ports):
        if not protocols & WITH_PORTS:
            return Bounds(NOTHING, Traffic.of(protocols=protocols)), f"ports of {name}"
        protocols = protocols & WITH_PORTS
    family = _FAMILIES.get(name)
    sources, destinations = ((one if family is None else one & exact(family)) for one in numbers[:2])

    def made(must: bool) -> Traffic:  # noqa: FBT001 -- which of the two bounds
        ends = [one.must if must else one.may for one in (sources, destinations, *ports)]
        return Traffic.of(
            protocols=protocols,
            sources=ends[0],
            destinations=ends[1],
            source_ports=ends[2],
            destination_ports=ends[3],
        )

    if all(one.known for one in (sources, destinations, *ports)):
        return exact(made(must=True)), ""
    return Bounds(made(must=True), made(must=False)), ""
