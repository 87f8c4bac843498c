"""Security groups, and the four shapes of their rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from auditor.aws.reader import Block, Spelling, open_tags
from auditor.aws.reader.exclusive import exclusive
from auditor.aws.reader.rules import (
    DESCRIPTIONS,
    LISTS,
    OWN_NAME,
    PEER_NAME,
    address_peers,
    group_of_rule,
    group_peers,
    itself,
    named_groups,
    prefix_list_peers,
    rule_of,
)
from auditor.model import AddressPeer, Component, Direction, Group, Link, Peer, Rule, UnknownPeer
from auditor.traffic import EVERYTHING, IPV4, IPV6, NOTHING, Bounds, exact
from auditor.tree import Dialect, GapKind, Presence, Reason, Resource, Scalar

SEPARATE_EGRESS = "aws_vpc_security_group_egress_rule"


def read_group(block: Block) -> Iterator[Component]:
    """A security group with the rules that are written, and AWS's own for egress where the tool keeps it.

    Terraform's provider removes it, CloudFormation keeps it while no other is written.
    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
    """
    yield Group(
        id=block.address,
        at=block.at,
        vpc=block.vpc(),
        names=block.names("name"),
        called=block.text("name"),
        tags=block.tags,
        open_tags=open_tags(block),
        exclusive=tuple(one for one in Direction if exclusive(block, one.value)),
        scope=block.resource.scope,
        presence=block.presence,
    )
    if block.resource.dialect is Dialect.CLOUDFORMATION:
        yield from _in_a_template(block)
    else:
        yield from _inline(block)
        yield from _untold(block)


def _untold(block: Block) -> Iterator[Rule]:
    """What rules a group of a snapshot may have of which the answer does not tell."""
    for direction in Direction if block.resource.dialect is Dialect.SNAPSHOT else ():
        if not block.mentions(direction.value):
            why = Reason(
                f"the {direction.value} rules of {block.address}", block.at, "the whole answer of AWS"
            )
            yield Rule(
                component=block.address,
                at=block.at,
                group=Link(block.address, block.at),
                direction=direction,
                service=Bounds(NOTHING, EVERYTHING),
                peers=(UnknownPeer(block.at, (why,)),),
                presence=block.possible,
                reasons=(*block.reasons, why),
            )


def _in_a_template(block: Block) -> Iterator[Rule]:
    """The rules of a group in CloudFormation: what is written, and AWS's own egress rule if that stays.

    It goes as soon as an egress rule is written, inline or as a resource. Where one of the latter comes,
    an inline rule that says the same as AWS's own may be taken away with it.
    """
    others = block.users(SEPARATE_EGRESS, "security_group_id", *block.ids)
    written = list(block.blocks("egress"))
    gone = any(block.holds(rule) for rule in written) or any(
        user.presence is Presence.CERTAIN and link.certain for user, link in others
    )
    reasons = tuple(reason for rule in written for reason in rule.reasons)
    reasons += tuple(reason for user, link in others for reason in (*user.reasons, *link.reasons))
    for rule in _inline(block):
        if others and rule.direction is Direction.EGRESS and _says_as_much(rule):
            why = Reason(f"whether {others[0][0].address} takes this rule away", rule.at, "a snapshot")
            yield replace(rule, presence=block.possible, reasons=(*rule.reasons, why))
        else:
            yield rule
    if not gone:
        yield _own_egress(block, reasons if written or others else None)


def _says_as_much(rule: Rule) -> bool:
    """Whether a rule is, or may be, the one that AWS gives each group: all traffic to everywhere."""
    return rule.service.may == EVERYTHING and any(
        isinstance(peer, AddressPeer) and peer.addresses.may in {IPV4, IPV6} for peer in rule.peers
    )


def _own_egress(block: Block, reasons: tuple[Reason, ...] | None) -> Rule:
    """AWS's own egress rule; only possible where there are ``reasons``, if only an empty tuple of them."""
    families = (("0.0.0.0/0", IPV4), ("::/0", IPV6))
    return Rule(
        component=block.address,
        at=block.at,
        group=Link(block.address, block.at),
        direction=Direction.EGRESS,
        service=exact(EVERYTHING),
        peers=tuple(AddressPeer(exact(family), text, block.at) for text, family in families),
        presence=block.presence if reasons is None else block.possible,
        reasons=(*block.reasons, *(reasons or ())),
        implicit=True,
    )


def read_default_group(block: Block) -> Iterator[Component]:
    """The default group of a VPC, adopted: emptied first, so that only the rules that stand here are left.

    The group itself is there whether or not it is adopted.
    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_security_group
    """
    yield Group(
        id=block.address,
        at=block.at,
        vpc=block.vpc(),
        names=tuple(dict.fromkeys((*block.names(), "default"))),
        called="default",
        tags=block.tags,
        open_tags=open_tags(block),
        default=True,
        exclusive=tuple(one for one in Direction if exclusive(block, one.value, always=True)),
        scope=block.resource.scope,
        presence=Presence.CERTAIN,
    )
    yield from _inline(block)
    yield from _untold(block)


def _inline(block: Block) -> Iterator[Rule]:
    for direction in Direction:
        for rule in block.blocks(direction.value):
            group = Link(block.address, rule.at)
            peers = (
                *address_peers(rule),
                *group_peers(rule.links("security_groups"), rule),
                *group_peers(named_groups(PEER_NAME, rule), rule),
                *itself(rule, group),
            )
            yield rule_of(rule, group, direction, ("protocol", peers))


def read_rule(block: Block) -> Iterator[Rule]:
    """``aws_security_group_rule``: one direction; CIDRs, prefix lists, another group or the group itself."""
    group = block.target("security_group_id")
    kinds = block.choices("type")
    directions = [one for one in Direction if kinds is None or one.value in kinds]
    if not directions:
        place, hint = block.place("type"), "give type: ingress or egress"
        block.flag(GapKind.INVALID, block.address, "a rule is for ingress or for egress", place, hint)
        directions = list(Direction)
    if len(directions) > 1:
        block = block.perhaps(block.why("type"))
    peers = (
        *address_peers(block),
        *group_peers(block.one("source_security_group_id"), block),
        *itself(block, group),
    )
    for direction in directions:
        yield rule_of(block, group, direction, ("protocol", peers))


def read_ingress(block: Block) -> Iterator[Rule]:
    """``aws_vpc_security_group_ingress_rule``: one source."""
    yield _single(block, Direction.INGRESS)


def read_egress(block: Block) -> Iterator[Rule]:
    """``aws_vpc_security_group_egress_rule``: one destination."""
    yield _single(block, Direction.EGRESS)


def _single(block: Block, direction: Direction) -> Rule:
    peers: list[Peer] = []
    for path, family in (("cidr_ipv4", IPV4), ("cidr_ipv6", IPV6)):
        node = block.get(path)
        if node is not None:
            peers.append(block.peer(node, family))
    peers += prefix_list_peers(block.one("prefix_list_id"), block)
    peers += group_peers(block.one("referenced_security_group_id"), block)
    peers += group_peers(named_groups(PEER_NAME, block), block)
    return rule_of(block, group_of_rule(block), direction, ("ip_protocol", peers))


READERS = {
    "aws_security_group": read_group,
    "aws_default_security_group": read_default_group,
    "aws_security_group_rule": read_rule,
    "aws_vpc_security_group_ingress_rule": read_ingress,
    SEPARATE_EGRESS: read_egress,
}


def _default_by_name(resource: Resource) -> Iterator[Resource]:
    """Only the default group of a VPC can be called ``default``.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
    """
    name = resource.body.entries.get("name")
    default = isinstance(name, Scalar) and name.value == "default"
    yield replace(resource, kind="aws_default_security_group") if default else resource


def _in(lists: tuple[str, ...], words: Mapping[str, str]) -> dict[str, str]:
    """The same words in each of several lists of rules."""
    return {f"{name}.{word}": own for name in lists for word, own in words.items()}


_TEMPLATE = ("SecurityGroupIngress", "SecurityGroupEgress")
_API = ("IpPermissions", "IpPermissionsEgress")
_ENDS = (
    "SourcePrefixListId",
    "SourceSecurityGroupId",
    "DestinationPrefixListId",
    "DestinationSecurityGroupId",
)
_SEPARATE = {
    "GroupId": "security_group_id",
    "CidrIp": "cidr_ipv4",
    "CidrIpv6": "cidr_ipv6",
    **dict.fromkeys(_ENDS[::2], "prefix_list_id"),
    **dict.fromkeys(_ENDS[1::2], "referenced_security_group_id"),
}
_INLINE = {
    "IpProtocol": "protocol",
    "CidrIp": "cidr_blocks",
    "CidrIpv6": "ipv6_cidr_blocks",
    **dict.fromkeys(_ENDS[::2], "prefix_list_ids"),
    **dict.fromkeys(_ENDS[1::2], "security_groups"),
}
_PERMISSION = {
    "IpProtocol": "protocol",
    "IpRanges": "cidr_blocks",
    "Ipv6Ranges": "ipv6_cidr_blocks",
    "UserIdGroupPairs": "security_groups",
}
# What a rule names by a peering that is no more matches nothing: "stale" rules.
# https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
_ENDED = frozenset({"deleted", "rejected", "expired", "failed"})
# In the order of the lists that they are here.
_PEERS = {
    "IpRanges": "CidrIp",
    "Ipv6Ranges": "CidrIpv6",
    "PrefixListIds": "PrefixListId",
    "UserIdGroupPairs": "GroupId",
}

SPELLINGS = {
    "AWS::EC2::SecurityGroup": Spelling(
        kind="aws_security_group",
        renamed={
            "GroupName": "name",
            **dict(zip(_TEMPLATE, ("ingress", "egress"), strict=True)),
            **_in(_TEMPLATE, _INLINE),
        },
        single=frozenset(_in(_TEMPLATE, dict.fromkeys(_ENDS, ""))),
        attributes={"GroupId": "id"},
    ),
    "AWS::EC2::SecurityGroupIngress": Spelling(
        kind="aws_vpc_security_group_ingress_rule", renamed={**_SEPARATE, "GroupName": OWN_NAME}
    ),
    "AWS::EC2::SecurityGroupEgress": Spelling(kind=SEPARATE_EGRESS, renamed=_SEPARATE),
    "SecurityGroups": Spelling(
        kind="aws_security_group",
        renamed={
            "GroupName": "name",
            **dict(zip(_API, ("ingress", "egress"), strict=True)),
            **_in(_API, _PERMISSION),
        },
        each=_in(_API, _PEERS),
        gone={f"{name}.UserIdGroupPairs.PeeringStatus": _ENDED for name in _API},
        beside={
            f"{name}.{word}": ("Description", own + DESCRIPTIONS)
            for name in _API
            for word, own in zip(_PEERS, LISTS, strict=True)
        },
        then=_default_by_name,
    ),
}
