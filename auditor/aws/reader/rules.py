"""What the shapes of a security group's rules have in common: their ends, and what they select."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.aws.reader.block import Block
from auditor.aws.reader.links import NONE, joined
from auditor.model import (
    Direction,
    Fact,
    GroupPeer,
    Link,
    Links,
    Peer,
    PrefixListPeer,
    Rule,
    Truth,
    UnknownPeer,
)
from auditor.traffic import EVERYTHING, IPV4, IPV6, Bounds, Traffic
from auditor.tree import Dialect, GapKind, Reason, Reference, Scalar, Seq, Unknown

GROUP = "aws_security_group"
_PORTS = ("from_port", "to_port")

# A group by its name, which CloudFormation takes instead of its id: that of the rule's own, and of its peer.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroupingress.html
OWN_ID, OWN_NAME, PEER_NAME = "security_group_id", "security_group_name", "source_security_group_name"


def address_peers(block: Block) -> Iterator[Peer]:
    """The ends that a rule with lists of addresses names by these and by prefix lists."""
    yield from block.peers("cidr_blocks", IPV4)
    yield from block.peers("ipv6_cidr_blocks", IPV6)
    yield from prefix_list_peers(block.links("prefix_list_ids"), block)


def prefix_list_peers(links: Links, block: Block) -> Iterator[Peer]:
    """Prefix lists as ends."""
    for link in links.items:
        yield PrefixListPeer(link, link.at)
    if links.open:
        yield UnknownPeer(block.at, links.open)


def group_peers(links: Links, block: Block) -> Iterator[Peer]:
    """Groups as ends."""
    for link in links.items:
        yield GroupPeer(link, link.at)
    if links.open:
        yield UnknownPeer(block.at, links.open, is_group=True)


def itself(block: Block, group: Link) -> Iterator[Peer]:
    """The group of a rule as its end, where ``self`` says so."""
    fact = block.fact("self")
    at = fact.at or block.at
    match fact.truth:
        case Truth.YES:
            yield GroupPeer(Link(group.id, at, group.certain, group.reasons), at)
        case Truth.UNKNOWN:
            yield GroupPeer(Link(group.id, at, certain=False, reasons=fact.reasons), at)
        case Truth.NO:
            return


def group_of_rule(block: Block) -> Link:
    """The group that a rule of its own belongs to; any where it has a name that the input does not have."""
    if not block.has(OWN_NAME):
        return block.target(OWN_ID)
    found = joined(block.one(OWN_ID), named_groups(OWN_NAME, block))
    if len(found.items) == 1 and found.items[0].certain and not found.open:
        return found.items[0]
    reasons = (*found.open, *block.why(OWN_ID, OWN_NAME))
    among = tuple([link.id for link in found.items])
    name, at = f"{block.address}.{OWN_NAME}", block.place(OWN_NAME)
    return Link(name, at, certain=False, reasons=reasons, among=among, any=bool(found.open))


def named_groups(path: str, block: Block) -> Links:
    """The groups that names, or what stands for them, are of; open where the input has no such name."""
    if not block.mentions(path):
        return NONE
    found = block.one(path)
    groups = [(link, block.estate.kind_at(link.id)) for link in block.resolved(found, GROUP).items]
    unknown = [link for link, kind in groups if kind != GROUP]
    reasons = tuple(Reason(f"the group called {link.id}", link.at, "a snapshot") for link in unknown)
    return Links(tuple(link for link, kind in groups if kind == GROUP), (*found.open, *reasons))


def rule_of(block: Block, group: Link, direction: Direction, service: tuple[str, Iterable[Peer]]) -> Rule:
    """The rule that a block is: ``service`` is the attribute of its protocol, and its ends."""
    protocol, peers = service
    ends = tuple(peers) or tuple(_nobody(block))
    reasons = block.reasons
    traffic = block.service(protocol, "from_port", "to_port")
    if not traffic.known:
        reasons += block.why(protocol, "from_port", "to_port")
    ignored, why = _ignored(block, protocol, traffic)
    return Rule(
        component=block.address,
        at=block.at,
        group=group,
        direction=direction,
        service=traffic,
        peers=ends,
        description=block.text("description"),
        described=_described(block),
        presence=block.presence,
        reasons=reasons,
        inline=block.body is not block.resource.body,
        for_groups=not ends and isinstance(block.get("security_groups"), Seq),
        ignored_ports=ignored,
        ports_open=why,
        zero_open=block.why(protocol) if all(block.integer(path) == 0 for path in _PORTS) else (),
    )


def _nobody(block: Block) -> Iterator[Peer]:
    """Whom a template's rule is for that names nobody, as with an empty parameter: another one is deployed.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ec2-securitygroup-ingress.html
    """
    if block.resource.dialect is Dialect.CLOUDFORMATION:
        hint = "give a range, a group or a prefix list, or the parameter that says it"
        block.flag(GapKind.INVALID, block.address, "a rule that names nobody is refused", block.at, hint)
        yield UnknownPeer(block.at, (Reason(f"whom a rule of {block.address} is for", block.at, hint),))


def _ignored(block: Block, protocol: str, traffic: Bounds[Traffic]) -> tuple[str, tuple[Reason, ...]]:
    """The ports of a rule for all protocols, where such are written as are not all; why that is not sure.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
    """
    if traffic.may != EVERYTHING:
        return "", ()
    unsure = block.why(protocol)
    low, high = (block.integer(path) for path in _PORTS)
    given = {port for port in (low, high) if port is not None}
    if not block.has(protocol) or (traffic.must != EVERYTHING and not unsure):
        return "", ()
    if given - {-1, 0, 65535} or (given == {65535} and low == high):
        return _range(low, high), unsure
    hidden = block.why(*_PORTS)
    return (_range(low, high), hidden) if hidden and not unsure else ("", ())


def _range(low: int | None, high: int | None) -> str:
    ends = ["?" if port is None else f"{port}" for port in (low, high)]
    return ends[0] if low == high else "-".join(ends)


def _described(block: Block) -> Fact:
    """Whether a rule has a description; in an answer of AWS each of its ends has one of its own."""
    if block.resource.dialect is Dialect.SNAPSHOT:
        ends = [block.links(path).items for path in LISTS]
        told = [block.links(path + DESCRIPTIONS).items for path in LISTS]
        whole = sum(map(len, told)) >= sum(map(len, ends))
        return Fact(Truth.YES if whole else Truth.NO, block.at)
    node = block.get("description")
    if node is None:
        return Fact(Truth.NO, block.at)
    reasons = () if isinstance(node, Scalar | Reference) else block.why("description")
    if isinstance(node, Unknown) and any(isinstance(part, Scalar) and part.value for part in node.parts):
        reasons = ()
    return Fact(Truth.UNKNOWN if reasons else Truth.YES, node.at, reasons)


# The lists of ends in a permission, and what is behind the name of one for the descriptions of its items.
LISTS = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups")
DESCRIPTIONS = "_descriptions"
