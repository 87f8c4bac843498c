"""What a snapshot does not have, because nobody asked for it, or AWS did not answer: it is open, not absent.

The source notes each as a gap. Here it becomes what the missing answers could say of what is known.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling
from auditor.model import (
    AclAssociation,
    Component,
    Fact,
    FlowLog,
    Gateway,
    Link,
    PublicAccessBlock,
    PublicAccessExclusion,
    TableAssociation,
    TargetKind,
    Truth,
)
from auditor.tree import Presence, Reason

UNCOLLECTED = "NotCollected"


def read_uncollected(block: Block) -> Iterator[Component]:
    """What may be there of what no answer tells.

    A subnet of which no answer names the table or the ACL may have one that is not in the snapshot, and a
    VPC an internet gateway, or flow logs.
    """
    what = block.text("kind")
    reason = Reason(f"{what} of {block.address.rpartition('/')[0]}", block.at, f"a snapshot that has {what}")
    match what:
        case "RouteTables":
            subnets = _unnamed(block, "aws_route_table_association", "subnet_id")
            yield from (_table(block, subnet, reason) for subnet in subnets)
        case "NetworkAcls":
            subnets = _unnamed(block, "aws_network_acl", "subnet_ids", "aws_default_network_acl")
            yield from (_acl(block, subnet, reason) for subnet in subnets)
        case "InternetGateways":
            yield from (_gateway(block, vpc, reason) for vpc in _here(block, "aws_vpc"))
        case "VpcBlockPublicAccessOptions":
            yield _setting(block, reason)
        case "VpcBlockPublicAccessExclusions":
            yield from (_exclusion(block, vpc, reason) for vpc in _here(block, "aws_vpc"))
        case "FlowLogs":
            yield from (_log(block, one, reason) for kind in _LOGGED for one in _here(block, kind))
        case _:
            return


_LOGGED = ("aws_vpc", "aws_ec2_transit_gateway")


def _log(block: Block, of: Block, reason: Reason) -> FlowLog:
    return FlowLog(
        id=f"a flow log of {of.address}",
        at=block.at,
        of=Link(of.address, block.at, certain=False, reasons=(reason,)),
        presence=Presence.POSSIBLE,
    )


def _unnamed(block: Block, kind: str, path: str, *more: str) -> Iterator[Block]:
    """The subnets of the same account and Region that nothing certainly names."""
    for subnet in _here(block, "aws_subnet"):
        users = [use for each in (kind, *more) for use in subnet.users(each, path, *subnet.ids)]
        if not any(link.certain for _, link in users):
            yield subnet


def _here(block: Block, kind: str) -> Iterator[Block]:
    """The resources of a kind in the same account and Region."""
    here = block.resource.scope
    for resource in block.estate.of_kind(kind):
        scope = resource.scope
        if (scope.account, scope.region) == (here.account, here.region) or not here.region:
            yield Block.of(resource, block.estate)


def _gateway(block: Block, vpc: Block, reason: Reason) -> Gateway:
    return Gateway(
        id=f"an internet gateway of {vpc.address}",
        kind=TargetKind.INTERNET_GATEWAY,
        at=block.at,
        vpc=Link(vpc.address, block.at, certain=False, reasons=(reason,)),
        presence=Presence.POSSIBLE,
    )


def _setting(block: Block, reason: Reason) -> PublicAccessBlock:
    unknown = Fact(Truth.UNKNOWN, block.at, (reason,))
    return PublicAccessBlock(
        id=block.address,
        at=block.at,
        blocks=unknown,
        ingress_only=unknown,
        scope=block.resource.scope,
        presence=Presence.POSSIBLE,
    )


def _exclusion(block: Block, vpc: Block, reason: Reason) -> PublicAccessExclusion:
    return PublicAccessExclusion(
        id=f"an exclusion of {vpc.address}",
        at=block.at,
        vpc=Link(vpc.address, block.at, certain=False, reasons=(reason,)),
        egress_only=Fact(Truth.UNKNOWN, block.at, (reason,)),
        presence=Presence.POSSIBLE,
    )


def _table(block: Block, subnet: Block, reason: Reason) -> TableAssociation:
    return TableAssociation(
        at=block.at,
        table=Link(f"a table of {subnet.address}", block.at, certain=False, reasons=(reason,)),
        subnet=Link(subnet.address, block.at),
        presence=Presence.POSSIBLE,
        reasons=(reason,),
    )


def _acl(block: Block, subnet: Block, reason: Reason) -> AclAssociation:
    return AclAssociation(
        at=block.at,
        acl=Link(f"an ACL of {subnet.address}", block.at, certain=False, reasons=(reason,)),
        subnet=Link(subnet.address, block.at),
        presence=Presence.POSSIBLE,
        reasons=(reason,),
    )


READERS = {UNCOLLECTED: read_uncollected}
SPELLINGS = {UNCOLLECTED: Spelling(kind=UNCOLLECTED)}
