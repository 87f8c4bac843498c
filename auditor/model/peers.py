"""The other end that a rule or a route names."""

from __future__ import annotations

from auditor.frozen import dataclass
from auditor.model.facts import Link
from auditor.traffic import Bounds, IntSet
from auditor.tree import Location, Reason


@dataclass(frozen=True, slots=True)
class AddressPeer:
    """Addresses on the one address line. ``text`` is what the user wrote (``10.0.0.0/8``, ``var.office``).

    ``several`` where it stands for any number of ranges, as a list of them that is not known does.
    """

    addresses: Bounds[IntSet]
    text: str
    at: Location
    reasons: tuple[Reason, ...] = ()
    several: bool = False


@dataclass(frozen=True, slots=True)
class GroupPeer:
    """The interfaces that carry a security group."""

    group: Link
    at: Location


@dataclass(frozen=True, slots=True)
class PrefixListPeer:
    """The entries of a prefix list."""

    prefix_list: Link
    at: Location


@dataclass(frozen=True, slots=True)
class UnknownPeer:
    """Some peer that the input does not name at all: any address, any group, or none."""

    at: Location
    reasons: tuple[Reason, ...]


Peer = AddressPeer | GroupPeer | PrefixListPeer | UnknownPeer
