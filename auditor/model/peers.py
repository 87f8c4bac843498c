"""The other end that a rule or a route names."""

from __future__ import annotations

from auditor.frozen import dataclass
from auditor.model.facts import Link
from auditor.traffic import Bounds, IntSet
from auditor.tree import Location, Reason


@dataclass(frozen=True, slots=True)
class AddressPeer:
    """Addresses on the one address line. ``text`` is what the user wrote (``10.0.0.0/8``, ``var.office``).

    ``most`` is how many addresses it holds at most, where that is known though they are not, as of
    ``"${var.mine}/32"``.
    ``several`` where it stands for any number of ranges, as a list of them that is not known does.
    """

    addresses: Bounds[IntSet]
    text: str
    at: Location
    reasons: tuple[Reason, ...] = ()
    most: int | None = None
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
    """Some peer that the input does not name at all: any address, any group, or none.

    ``is_group`` where only a group may stand there, which no address of the internet belongs to.
    """

    at: Location
    reasons: tuple[Reason, ...]
    is_group: bool = False


Peer = AddressPeer | GroupPeer | PrefixListPeer | UnknownPeer
