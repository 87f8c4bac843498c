"""The traffic that a rule's protocol and ports select, in AWS's reading of them."""

from __future__ import annotations

from functools import lru_cache

from auditor.traffic.addresses import ANY
from auditor.traffic.intervals import IntSet
from auditor.traffic.protocols import protocol_text
from auditor.traffic.space import EVERYTHING, PORTS, PROTOCOLS, WITH_PORTS, WITH_TYPES, Traffic

_ONE = tuple(IntSet.single(protocol) for protocol in range(256))


@lru_cache(maxsize=1 << 14)
def service(protocol: int | None, from_port: int | None = None, to_port: int | None = None) -> Traffic:
    """What a security-group rule's protocol and ports select, for all addresses and source ports.

    ``protocol`` None or -1 is everything, whatever the ports say. TCP and UDP take a range, of which 0-0 is
    port 0 alone; no ports at all (None or -1 for both) are all ports. ICMP and ICMPv6 take the type as
    ``from_port`` and the code as ``to_port``, -1 or None for any. Other protocols ignore ports. As the
    EC2 API has it, but that it refuses TCP and UDP without ports:
    `IpPermission <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html>`_.

    Raises:
        ValueError: a number out of its range, half a range, a range that ends before it begins, a code
            without a type.
    """
    if protocol is None or protocol == -1:
        return EVERYTHING
    if protocol not in PROTOCOLS:
        raise ValueError(f"the protocol {protocol} is not from 0 to 255, nor -1 for all")
    if protocol in WITH_PORTS:
        ports = _port_range(protocol, from_port, to_port)
    elif protocol in WITH_TYPES:
        ports = _messages(protocol, from_port, to_port)
    else:
        ports = PORTS
    return Traffic(((_ONE[protocol], ANY, ANY, PORTS, ports),))


def nacl_service(
    protocol: int | None,
    from_port: int | None = None,
    to_port: int | None = None,
    icmp_type: int | None = None,
    icmp_code: int | None = None,
) -> Traffic:
    """What a network ACL entry's protocol, ports, ICMP type and code select; see ``service``.

    ICMP and ICMPv6 look at the type and code, -1 or None for any, and not at the ports, as in the EC2 API's
    `NetworkAclEntry <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAclEntry.html>`_.

    Raises:
        ValueError: as ``service`` does.
    """
    if protocol is not None and protocol in WITH_TYPES:
        return service(protocol, icmp_type, icmp_code)
    return service(protocol, from_port, to_port)


def _port_range(protocol: int, low: int | None, high: int | None) -> IntSet:
    name = protocol_text(protocol)
    if low in {None, -1} and high in {None, -1}:
        return PORTS
    if low is None or high is None:
        raise ValueError(f"{name} needs both ends of its range of ports")
    for port in (low, high):
        if port not in PORTS:
            raise ValueError(f"{port} is no port of {name}: 0 to 65535")
    if low > high:
        raise ValueError(f"the range of ports {low}-{high} ends before it begins")
    return PORTS if (low, high) == (0, 65535) else IntSet(((low, high),))


def _messages(protocol: int, kind: int | None, code: int | None) -> IntSet:
    name = protocol_text(protocol)
    kind = -1 if kind is None else kind
    code = -1 if code is None else code
    for number, noun in ((kind, "type"), (code, "code")):
        if not -1 <= number <= 255:
            raise ValueError(f"{number} is no {noun} of {name}: 0 to 255, or -1 for any")
    if kind == -1:
        if code != -1:
            raise ValueError(f"{name} with any type must have any code (-1), not {code}")
        return PORTS
    if code == -1:
        return IntSet(((kind * 256, kind * 256 + 255),))
    return IntSet.single(kind * 256 + code)
