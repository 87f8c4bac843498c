"""Network ACLs, their entries, and the subnets that use them."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling, number
from auditor.aws.reader.exclusive import exclusive
from auditor.aws.reader.respelling import adopting, maps, says_so, with_entries
from auditor.frozen import dataclass
from auditor.model import (
    NO,
    YES,
    Acl,
    AclAssociation,
    AclEntry,
    AddressPeer,
    Component,
    Direction,
    Fact,
    Link,
    Truth,
)
from auditor.traffic import ANY, IPV4, IPV6, WITH_TYPES, Bounds, Traffic, protocol_number
from auditor.tree import Dialect, GapKind, Node, Reason, Resource, Scalar, Seq, Unknown


@dataclass(frozen=True, slots=True)
class Words:
    """The attributes of an entry that are named differently in its two shapes."""

    number: str
    action: str


INLINE = Words("rule_no", "action")
SEPARATE = Words("rule_number", "rule_action")


def read_acl(block: Block) -> Iterator[Component]:
    """A network ACL: it denies what none of its entries allows, so all traffic where it has none."""
    yield Acl(
        id=block.address,
        at=block.at,
        vpc=block.target("vpc_id"),
        names=block.names(),
        tags=block.tags,
        exclusive=tuple(one for one in Direction if exclusive(block, one.value)),
        presence=block.presence,
    )
    yield from _contents(block)


def read_default_acl(block: Block) -> Iterator[Component]:
    """The default ACL of a VPC, adopted: emptied first, so that only the entries that stand here are left.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_network_acl
    """
    adopted = block.target("default_network_acl_id")
    owner, _, attribute = adopted.id.rpartition(".")
    named = attribute == "default_network_acl_id" and owner
    vpc = Link(owner, adopted.at, adopted.certain) if named else Link(f"{block.address}.vpc_id", adopted.at)
    yield Acl(
        id=block.address,
        at=block.at,
        vpc=vpc,
        names=block.names(),
        tags=block.tags,
        default=True,
        exclusive=tuple(one for one in Direction if exclusive(block, one.value, always=True)),
    )
    yield from _contents(block)


def _contents(block: Block) -> Iterator[Component]:
    acl = Link(block.address, block.at)
    for direction in Direction:
        for entry in block.blocks(direction.value):
            yield _entry(entry, INLINE, acl, direction)
    subnets = block.links("subnet_ids")
    for subnet in subnets.items:
        yield AclAssociation(
            at=subnet.at, acl=acl, subnet=subnet, presence=block.presence, reasons=block.reasons
        )
    if subnets.open:
        others = Link(
            f"{block.address}.subnet_ids",
            block.place("subnet_ids"),
            certain=False,
            reasons=subnets.open,
            any=True,
        )
        yield AclAssociation(
            at=others.at, acl=acl, subnet=others, presence=block.possible, reasons=subnets.open
        )


def _entry(block: Block, words: Words, acl: Link, direction: Direction) -> AclEntry:
    return AclEntry(
        component=block.address,
        at=block.at,
        acl=acl,
        direction=direction,
        number=block.integer(words.number),
        allow=_allow(block, words.action),
        service=_service(block),
        peer=_peer(block),
        inline=words is INLINE,
        presence=block.presence,
        reasons=tuple(dict.fromkeys((*block.reasons, *block.why(words.number, *PORTS)))),
        zero_open=block.why("protocol") if all(block.integer(path) == 0 for path in PORTS[1:3]) else (),
    )


PORTS = ("protocol", "from_port", "to_port", "icmp_type", "icmp_code")


def _allow(block: Block, path: str) -> Fact:
    actions = {action.lower() for action in block.choices(path) or ("",)}
    if actions == {"allow"}:
        return Fact(YES.truth, block.place(path))
    if actions == {"deny"}:
        return Fact(NO.truth, block.place(path))
    reasons = block.why(path)
    if not reasons:
        hint = f"give {path}: allow or deny"
        block.flag(GapKind.INVALID, block.address, "an entry allows or denies", block.place(path), hint)
        reasons = (Reason(f"{path} of {block.address}", block.place(path), hint),)
    return Fact(Truth.UNKNOWN, block.place(path), reasons)


def _service(block: Block) -> Bounds[Traffic]:
    """Protocol and ports. Terraform's provider sends 0 for each number that is not given.

    https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_network_acl_rule.go
    """
    protocol, low, high, kind, code = (block.get(path) for path in PORTS)
    zero = Scalar(0, block.at) if block.resource.dialect is Dialect.TERRAFORM else None
    if _with_types(protocol):
        return block.selection(protocol, kind or zero, code or zero)
    return block.selection(protocol, low or zero, high or zero)


def _with_types(protocol: Node | None) -> bool:
    if type(protocol) is not Scalar:
        return False
    try:
        number = protocol_number(str(protocol.value))
    except ValueError:
        return False
    return number is not None and number in WITH_TYPES


def _peer(block: Block) -> AddressPeer:
    given = [
        block.peer(node, family)
        for path, family in (("cidr_block", IPV4), ("ipv6_cidr_block", IPV6))
        if (node := block.get(path)) is not None
    ]
    if len(given) == 1:
        return given[0]
    if given:
        reasons = tuple(reason for peer in given for reason in peer.reasons)
        text = " or ".join(peer.text for peer in given)
        return AddressPeer(given[0].addresses | given[1].addresses, text, given[0].at, reasons)
    hint = "give cidr_block or ipv6_cidr_block"
    block.flag(GapKind.INVALID, block.address, "an entry needs addresses", block.at, hint)
    reason = Reason(f"the addresses of an entry of {block.address}", block.at, hint)
    return AddressPeer(Bounds(ANY - ANY, ANY), "unknown", block.at, (reason,))


def read_entry(block: Block) -> Iterator[AclEntry]:
    """An entry that is a resource of its own; where its direction is not known, one of each is possible."""
    acl, egress = block.target("network_acl_id"), block.fact("egress")
    match egress.truth:
        case Truth.YES:
            yield _entry(block, SEPARATE, acl, Direction.EGRESS)
        case Truth.NO:
            yield _entry(block, SEPARATE, acl, Direction.INGRESS)
        case Truth.UNKNOWN:
            either = block.perhaps(egress.reasons)
            for direction in Direction:
                yield _entry(either, SEPARATE, acl, direction)


def read_association(block: Block) -> Iterator[AclAssociation]:
    """A subnet that uses a network ACL."""
    acl, subnet = block.target("network_acl_id"), block.target("subnet_id")
    yield AclAssociation(at=block.at, acl=acl, subnet=subnet, presence=block.presence, reasons=block.reasons)


READERS = {
    "aws_network_acl": read_acl,
    "aws_default_network_acl": read_default_acl,
    "aws_network_acl_rule": read_entry,
    "aws_network_acl_association": read_association,
}

_NESTED = {
    "PortRange.From": "from_port",
    "PortRange.To": "to_port",
    "Icmp.Type": "icmp_type",
    "Icmp.Code": "icmp_code",
}


def _with_associations(resource: Resource) -> Iterator[Resource]:
    """An ACL of the API's: its entries by direction, its subnets, and whether it is its VPC's default one.

    Entry 32767 is the last one, which denies all that is left and cannot be changed.
    https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
    """
    found: dict[str, list[Node]] = {"ingress": [], "egress": []}
    for item in maps(resource.body.entries.get("entries")):
        if number(item.entries.get("rule_no")) != LAST:
            found["egress" if says_so(item, "egress") else "ingress"].append(item)
    told = "entries" in resource.body.entries
    why = Reason(f"the entries of {resource.address}", resource.at, "the whole answer of AWS")
    open_ = Unknown((why,), resource.at)
    listed = {name: Seq(tuple(items), resource.at) if told else open_ for name, items in found.items()}
    default = says_so(resource.body, "is_default")
    resource = with_entries(resource, entries=None, **listed)
    kind, path = "aws_default_network_acl", "default_network_acl_id"
    yield adopting(resource, kind, path) if default else resource


LAST = 32767

SPELLINGS = {
    "AWS::EC2::NetworkAcl": Spelling(kind="aws_network_acl"),
    "NetworkAcls": Spelling(
        kind="aws_network_acl",
        renamed={
            "Associations": "subnet_ids",
            "Entries.RuleNumber": "rule_no",
            "Entries.RuleAction": "action",
            "Entries.IcmpTypeCode.Type": "icmp_type",
            "Entries.IcmpTypeCode.Code": "icmp_code",
            "Entries.PortRange.From": "from_port",
            "Entries.PortRange.To": "to_port",
        },
        hoisted=frozenset({"Entries.PortRange", "Entries.IcmpTypeCode"}),
        each={"Associations": "SubnetId"},
        then=_with_associations,
    ),
    "AWS::EC2::NetworkAclEntry": Spelling(
        kind="aws_network_acl_rule",
        renamed=_NESTED,
        hoisted=frozenset({"PortRange", "Icmp"}),
    ),
    "AWS::EC2::SubnetNetworkAclAssociation": Spelling(kind="aws_network_acl_association"),
}
