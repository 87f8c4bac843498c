"""What AWS gives each VPC's default security group, where the input does not declare the group at all."""

from __future__ import annotations

from auditor.model import AddressPeer, Direction, Group, GroupPeer, Link, Rule, Vpc
from auditor.traffic import ANY, EVERYTHING, exact


def implicit_group(vpc: Vpc, identity: str) -> Group:
    """The default group of a VPC, by its id."""
    link = Link(vpc.id, vpc.at)
    return Group(id=identity, at=vpc.at, vpc=link, called="default", default=True, scope=vpc.scope)


def default_rules(group: Group) -> tuple[Rule, ...]:
    """The rules that AWS gives the default group of a VPC.

    https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
    """
    link = Link(group.id, group.at)
    anywhere = AddressPeer(exact(ANY), "0.0.0.0/0", group.at)
    ends: tuple[tuple[Direction, GroupPeer | AddressPeer], ...] = (
        (Direction.INGRESS, GroupPeer(link, group.at)),
        (Direction.EGRESS, anywhere),
    )
    return tuple(
        Rule(
            component=group.id,
            at=group.at,
            group=link,
            direction=direction,
            service=exact(EVERYTHING),
            peers=(peer,),
            implicit=True,
        )
        for direction, peer in ends
    )
