"""VPC peering connections, and who accepts them."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling
from auditor.aws.reader.accepting import accepted, declares
from auditor.aws.reader.respelling import entry, undecided, with_entries
from auditor.model import NO, YES, Alias, Component, Fact, Link, Peering, Truth
from auditor.tree import Dialect, Reason, Resource, Scalar

PEERING = "aws_vpc_peering_connection"
ACCEPTER = "aws_vpc_peering_connection_accepter"
CONNECTION = "vpc_peering_connection_id"


def read_peering(block: Block) -> Iterator[Peering]:
    """A peering connection; it is active once the other VPC's owner has accepted it.

    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
    """
    yield Peering(
        id=block.address,
        at=block.at,
        requester=block.target("vpc_id"),
        accepter=block.target("peer_vpc_id"),
        active=_active(block),
        group_references=_one_region(block),
        names=block.names(),
        tags=block.tags,
        presence=block.presence,
    )


def _active(block: Block) -> Fact:
    if block.text("accept_status") == "active":
        return Fact(YES.truth, block.place("accept_status"))
    own = block.fact("auto_accept")
    if own.truth is Truth.YES:
        return own
    found = accepted(block, ACCEPTER, CONNECTION, NO)
    if found.truth is Truth.YES or not own.reasons:
        return found
    return Fact(Truth.UNKNOWN, found.at, (*own.reasons, *found.reasons))


def _one_region(block: Block) -> Fact:
    """Whether both VPCs are in one Region: without a word of the other's, Terraform and AWS take the own one.

    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
    """
    place = block.place("peer_region")
    own = block.text("region") or _region_of(block, "vpc_id") or block.resource.scope.region
    other = block.text("peer_region") or _region_of(block, "peer_vpc_id")
    if own and other:
        return Fact(YES.truth if own == other else NO.truth, place)
    if not block.has("peer_region") and block.resource.dialect is not Dialect.SNAPSHOT:
        return Fact(YES.truth, block.at)
    what = Reason(f"whether {block.address} joins VPCs of one Region", place, "the provider's region")
    return Fact(Truth.UNKNOWN, place, block.why("peer_region") or (what,))


def _region_of(block: Block, path: str) -> str:
    """The Region of the VPC that an attribute names, if the input has it and knows its Region."""
    found = block.estate.at_address(block.target(path).id)
    return "" if found is None else found.scope.region


def read_accepter(block: Block) -> Iterator[Component]:
    """The accepter's side: another id of the connection, which may be declared by somebody else."""
    link = block.target(CONNECTION)
    if not link.certain or link.any:
        return
    yield Alias(id=block.address, of=link.id)
    if declares(block, PEERING, link.id):
        return
    what = Reason(f"the VPCs that {block.address} joins", block.at, "load the input that declares it too")
    unknown = Fact(Truth.UNKNOWN, block.at, (what,))
    yield Peering(
        id=link.id,
        at=block.at,
        requester=Link(f"{link.id}.vpc_id", block.at, reasons=(what,), any=True),
        accepter=Link(f"{link.id}.peer_vpc_id", block.at, reasons=(what,), any=True),
        active=block.fact("auto_accept", unknown),
        group_references=unknown,
        presence=block.presence,
    )


def read_options(block: Block) -> Iterator[Alias]:
    """Options of a connection, which concern names alone; their id is the connection's."""
    link = block.target(CONNECTION)
    if link.certain and not link.any:
        yield Alias(id=block.address, of=link.id)


READERS = {PEERING: read_peering, ACCEPTER: read_accepter, f"{PEERING}_options": read_options}


def _accepting(resource: Resource) -> Iterator[Resource]:
    """CloudFormation accepts what it asks of its own account, and what a role of the other one lets it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/peer-with-vpc-in-another-account.html
    """
    owner, role = entry(resource, "peer_owner_id"), entry(resource, "peer_role_arn")
    account = resource.scope.account
    own = owner is None or (bool(account) and isinstance(owner, Scalar) and str(owner.value) == account)
    if own or role is not None:
        yield with_entries(resource, auto_accept=Scalar(True, resource.at))  # noqa: FBT003 -- a value
    else:
        what = f"whether the owner of the other VPC accepts {resource.address}"
        yield with_entries(
            resource, auto_accept=undecided(resource, "auto_accept", what, "give PeerRoleArn, or a snapshot")
        )


SPELLINGS = {
    "AWS::EC2::VPCPeeringConnection": Spelling(kind=PEERING, then=_accepting),
    "VpcPeeringConnections": Spelling(
        kind=PEERING,
        renamed={
            "RequesterVpcInfo.VpcId": "/vpc_id",
            "RequesterVpcInfo.Region": "/region",
            "AccepterVpcInfo.VpcId": "/peer_vpc_id",
            "AccepterVpcInfo.Region": "/peer_region",
            "Status.Code": "/accept_status",
        },
    ),
}
