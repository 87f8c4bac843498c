"""What lets packets pass: security groups, network ACLs, prefix lists."""

from __future__ import annotations

from auditor.frozen import dataclass
from auditor.model.facts import NO, Direction, Fact, Link
from auditor.model.peers import AddressPeer, Peer, PrefixListPeer
from auditor.model.topology import OpenTag, Tags
from auditor.traffic import Bounds, Traffic
from auditor.tree import NOWHERE, Location, Presence, Reason, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A security group. ``default`` where it is the default group of its VPC; ``called`` is its name in AWS.

    ``exclusive`` are the directions in which what declares it takes the rules that stand in it for all and
    removes others.
    """

    id: str
    at: Location
    vpc: Link
    names: tuple[str, ...] = ()
    called: str = ""
    tags: Tags = ()
    open_tags: tuple[OpenTag, ...] = ()
    default: bool = False
    exclusive: tuple[Direction, ...] = ()
    scope: Scope = NOWHERE
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a security group: it lets ``service`` pass from or to each of ``peers``.

    ``service`` bounds protocol and destination ports, with all addresses. ``component`` is the address of
    the resource that holds the rule. ``implicit`` where AWS or the tool adds it and nobody wrote it.
    ``peers`` empty with no reason: the rule matches nothing. ``for_groups`` where it is
    for groups, and there is none. ``ignored_ports`` are ports that are written although the protocol is all,
    which makes AWS ignore them, and ``ports_open`` why that may not be so. ``zero_open`` is why it may be for
    port 0 alone, where both ports are 0 and the protocol is not known. ``described`` says whether it has a
    description, which may not be known.
    """

    component: str
    at: Location
    group: Link
    direction: Direction
    service: Bounds[Traffic]
    peers: tuple[Peer, ...]
    description: str = ""
    described: Fact = NO
    presence: Presence = Presence.CERTAIN
    reasons: tuple[Reason, ...] = ()
    implicit: bool = False
    inline: bool = False
    for_groups: bool = False
    ignored_ports: str = ""
    ports_open: tuple[Reason, ...] = ()
    zero_open: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acl:
    """A network ACL. ``default`` where it is the default of its VPC; ``exclusive`` as a group's."""

    id: str
    at: Location
    vpc: Link
    names: tuple[str, ...] = ()
    tags: Tags = ()
    default: bool = False
    exclusive: tuple[Direction, ...] = ()
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class AclEntry:
    """One entry of a network ACL, asked in the order of ``number`` (``None``: not known).

    ``zero_open`` is as a rule's.
    """

    component: str
    at: Location
    acl: Link
    direction: Direction
    number: int | None
    allow: Fact
    service: Bounds[Traffic]
    peer: AddressPeer
    inline: bool = False
    presence: Presence = Presence.CERTAIN
    reasons: tuple[Reason, ...] = ()
    zero_open: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AclAssociation:
    """A subnet that uses a network ACL."""

    at: Location
    acl: Link
    subnet: Link
    presence: Presence = Presence.CERTAIN
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixList:
    """A managed prefix list. ``service`` is the AWS service of an AWS-managed one (``s3``), else empty.

    ``capacity`` is the greatest number of entries that it may have, None where that is not known: a rule
    that names the list counts as so many.
    https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html
    """

    id: str
    at: Location
    names: tuple[str, ...] = ()
    entries: tuple[AddressPeer, ...] = ()
    open: tuple[Reason, ...] = ()
    service: str = ""
    capacity: int | None = None
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixListEntry:
    """An entry of a prefix list, declared by a resource of its own."""

    at: Location
    prefix_list: Link
    entry: AddressPeer
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMention:
    """Something, called ``by``, that names a group without carrying it as far as is known.

    An output, a parameter, a text: who reads it may use the group.
    """

    at: Location
    group: Link
    by: str


__all__ = [
    "Acl",
    "AclAssociation",
    "AclEntry",
    "Group",
    "GroupMention",
    "PrefixList",
    "PrefixListEntry",
    "PrefixListPeer",
    "Rule",
]
