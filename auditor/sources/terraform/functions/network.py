"""CIDR functions. As Terraform does, they take leading zeros in an IPv4 address as decimal."""

from __future__ import annotations

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.terraform.functions.signature import over_values

_MOST_NEW_BITS = 32


@dataclass(frozen=True, slots=True)
class _Prefix:
    """A network: its first address, how many bits of it are fixed, and how many bits an address has."""

    first: int
    length: int
    bits: int


def _parse(text: str) -> _Prefix:
    address, slash, length = text.partition("/")
    bits, number = (128, _parse_v6(address)) if ":" in address else (32, _parse_v4(address))
    if not slash or number is None or not (length.isascii() and length.isdecimal()) or int(length) > bits:
        raise InputError(f"invalid CIDR expression: invalid CIDR address: {text}")
    if bits == 128 and number >> 32 == 0xFFFF:
        raise InputError(f"an IPv6 prefix of mapped IPv4 addresses is not supported: {text}")
    free = bits - int(length)
    return _Prefix(number >> free << free, int(length), bits)


def _parse_v4(text: str) -> int | None:
    parts = text.split(".")
    if len(parts) != 4 or not all(part.isascii() and part.isdecimal() and int(part) < 256 for part in parts):
        return None
    return int.from_bytes(bytes(map(int, parts)), "big")


def _parse_v6(text: str) -> int | None:
    head, dots, _ = text.rpartition(":")
    if "." in text:
        tail = _parse_v4(text.rpartition(":")[2])
        if tail is None:
            return None
        text = f"{head}{dots}{tail >> 16:x}:{tail & 0xFFFF:x}"
    left, gap, right = text.partition("::")
    before, after = ([part for part in side.split(":") if side] for side in (left, right))
    missing = 8 - len(before) - len(after)
    if (missing < 1 if gap else missing) or not all(map(_is_group, (*before, *after))):
        return None
    groups = (*before, *["0"] * missing, *after)
    return int("".join(f"{int(group, 16):04x}" for group in groups), 16)


def _is_group(text: str) -> bool:
    return 1 <= len(text) <= 4 and all(digit in "0123456789abcdefABCDEF" for digit in text)


def _address(number: int, bits: int) -> str:
    from ipaddress import IPv4Address, IPv6Address

    if bits == 32:
        return str(IPv4Address(number))
    return str(IPv6Address(number))


def _text(prefix: _Prefix) -> str:
    return f"{_address(prefix.first, prefix.bits)}/{prefix.length}"


@over_values
def cidrhost(prefix: str, hostnum: int) -> str:
    """An address by its number in the network, from the end where the number is negative."""
    network = _parse(prefix)
    size = 1 << (network.bits - network.length)
    if not -size <= hostnum < size:
        free = network.bits - network.length
        raise InputError(
            f"prefix of {network.length} does not accommodate a host numbered {hostnum}: {free} bits"
        )
    return _address(network.first + hostnum % size, network.bits)


@over_values
def cidrnetmask(prefix: str) -> str:
    network = _parse(prefix)
    if network.bits == 128:
        raise InputError(f"IPv6 addresses cannot have a netmask: {prefix}")
    free = 32 - network.length
    return _address((1 << 32) - (1 << free), 32)


@over_values
def cidrsubnet(prefix: str, newbits: int, netnum: int) -> str:
    network = _parse(prefix)
    length = network.length + newbits
    if not 0 <= length <= network.bits:
        raise InputError(f"insufficient address space to extend prefix of {network.length} by {newbits}")
    if newbits >= 0 and abs(netnum) >= 1 << newbits:
        raise InputError(f"prefix extension of {newbits} does not accommodate a subnet numbered {netnum}")
    # Terraform sets the number's bits in the address as it is, and drops the sign of what comes out.
    first = abs(network.first | netnum << (network.bits - length))
    if first >> network.bits:
        raise InputError(f"prefix extension of {newbits} does not accommodate a subnet numbered {netnum}")
    return _text(_Prefix(first, length, network.bits))


@over_values
def cidrsubnets(prefix: str, *newbits: int) -> tuple[str, ...]:
    """Consecutive networks, each at the next address that its size allows."""
    network = _parse(prefix)
    current, end = network.first, network.first + (1 << (network.bits - network.length))
    result: list[str] = []
    for more in newbits:
        length = network.length + more
        if more < 1:
            raise InputError('invalid value for "newbits" parameter: must extend prefix by at least one bit')
        if more > _MOST_NEW_BITS:
            raise InputError(
                'invalid value for "newbits" parameter: may not extend prefix by more than 32 bits'
            )
        if length > network.bits:
            version = "IPv4" if network.bits == 32 else "IPv6"
            raise InputError(
                f"would extend prefix to {length} bits, which is too long for an {version} address"
            )
        size = 1 << (network.bits - length)
        first = -(-current // size) * size
        if first >= end:
            after = result[-1] if result else prefix
            raise InputError(
                f"not enough remaining address space for a subnet with a prefix of {length} bits "
                f"after {after}"
            )
        result.append(_text(_Prefix(first, length, network.bits)))
        current = first + size
    return tuple(result)
