"""Client VPN: its clients reach into a VPC from the interfaces of an endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce

from auditor.aws.reader import Block, Row, Spelling, given_by, joined, read_row
from auditor.model import NO, Component, Fact, Link, Links, Truth, Workload
from auditor.traffic import ANY, EMPTY, IPV4, Bounds, IntSet, Traffic, exact
from auditor.tree import Dialect, GapKind, Presence, Reason

ENDPOINT = "aws_ec2_client_vpn_endpoint"
NETWORK = "aws_ec2_client_vpn_network_association"
RULE = "aws_ec2_client_vpn_authorization_rule"
ROUTE = "aws_ec2_client_vpn_route"
OWN = "client_vpn_endpoint_id"
RANGE = "aws_vpc_ipv4_cidr_block_association"

ROW = Row(
    kinds=(ENDPOINT,), groups=("security_group_ids",), vpc="vpc_id", accepts=False, names=("description",)
)


def read_endpoint(block: Block) -> Iterator[Workload]:
    """The interfaces of an endpoint in its subnets; its clients' connections come from their addresses.

    They open connections only; clients themselves come in over the endpoint's own name, outside the VPC. They
    have the endpoint's groups, or the VPC's default one, and go where a rule authorizes what a route leads
    to. https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/client-authorization.html,
    https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-routes.html
    """
    if block.has("transit_gateway_configuration"):
        why = "a Client VPN endpoint on a transit gateway is not read"
        block.flag(GapKind.RESOURCE, f"{ENDPOINT} {block.address}", why, block.at)
    subnets = given_by(block, NETWORK, OWN, "subnet_id")
    for workload in read_row(ROW, block):
        yield replace(
            workload,
            subnets=subnets if subnets.items or subnets.open else workload.subnets,
            groups=joined(workload.groups, _of_associations(block)),
            public=_unsaid(block, "has public addresses"),
            ipv6=_ipv6(block),
            opens=_opened(_destinations(block, subnets)),
        )


def _of_associations(block: Block) -> Links:
    """Groups as old versions of the provider gave them with a subnet."""
    users = block.users(NETWORK, OWN, *block.ids)
    return joined(*(user.links("security_groups") for user, _ in users))


def _unsaid(block: Block, what: str) -> Fact:
    return Fact(Truth.UNKNOWN, block.at, (Reason(f"whether {block.address} {what}", block.at, "a snapshot"),))


def _ipv6(block: Block) -> Fact:
    kinds = block.choices("traffic_ip_address_type", "ipv4")
    return NO if kinds == {"ipv4"} else _unsaid(block, "carries IPv6")


def _opened(destinations: Bounds[IntSet]) -> Bounds[Traffic]:
    return Bounds(Traffic.of(destinations=destinations.must), Traffic.of(destinations=destinations.may))


def _destinations(block: Block, subnets: Links) -> Bounds[IntSet]:
    """What is authorized of what the endpoint routes: its VPC, and what routes of its own lead to."""
    rules = _named(block, RULE, "target_network_cidr")
    routes = _named(block, ROUTE, "destination_cidr_block")
    return rules & (routes | _local(block, subnets))


def _named(block: Block, kind: str, path: str) -> Bounds[IntSet]:
    users = block.users(kind, OWN, *block.ids)
    if not users and block.resource.dialect is Dialect.SNAPSHOT:
        return Bounds(EMPTY, ANY)
    found = (_certain(user, link, user.addresses(path, ANY)) for user, link in users)
    return reduce(lambda one, other: one | other, found, exact(EMPTY))


def _certain(user: Block, link: Link | None, given: Bounds[IntSet] | None) -> Bounds[IntSet]:
    if given is None:
        return Bounds(EMPTY, ANY)
    sure = (link is None or link.certain) and user.presence is Presence.CERTAIN
    return given if sure else Bounds(EMPTY, given.may)


def _local(block: Block, subnets: Links) -> Bounds[IntSet]:
    """The ranges of the VPC; anything where the input does not have that."""
    vpcs = [link for link in (block.link("vpc_id"), *_vpcs(block, subnets)) if link is not None]
    found = block.estate.at_address(vpcs[0].id) if vpcs and vpcs[0].certain else None
    if found is None:
        return Bounds(EMPTY, ANY)
    vpc = Block.of(found, block.estate)
    own = _certain(vpc, None, vpc.addresses("cidr_block", IPV4))
    more = [
        _certain(user, link, user.addresses("cidr_block", IPV4))
        for user, link in vpc.users(RANGE, "vpc_id", *vpc.ids)
    ]
    further = reduce(lambda one, other: one | other.may, more, EMPTY)
    six = ANY - IPV4 if vpc.has("ipv6_cidr_block") or vpc.has("assign_generated_ipv6_cidr_block") else EMPTY
    return own | Bounds(EMPTY, further | six)


def _vpcs(block: Block, subnets: Links) -> Iterator[Link]:
    for link in subnets.items:
        found = block.estate.at_address(link.id)
        if found is not None:
            yield Block.of(found, block.estate).target("vpc_id")


def read_part(block: Block) -> Iterator[Component]:  # noqa: ARG001 - a reader takes what all take
    """A subnet, a rule or a route of an endpoint; the endpoint's reader sees it."""
    yield from ()


READERS = {ENDPOINT: read_endpoint, NETWORK: read_part, RULE: read_part, ROUTE: read_part}

SPELLINGS = {
    "AWS::EC2::ClientVpnEndpoint": Spelling(kind=ENDPOINT),
    "AWS::EC2::ClientVpnTargetNetworkAssociation": Spelling(kind=NETWORK),
    "AWS::EC2::ClientVpnAuthorizationRule": Spelling(kind=RULE),
    "AWS::EC2::ClientVpnRoute": Spelling(kind=ROUTE),
    "ClientVpnEndpoints": Spelling(kind=ENDPOINT),
    "ClientVpnTargetNetworks": Spelling(kind=NETWORK, renamed={"TargetNetworkId": "subnet_id"}),
    "AuthorizationRules": Spelling(kind=RULE, renamed={"DestinationCidr": "target_network_cidr"}),
    "ClientVpnRoutes": Spelling(
        kind=ROUTE,
        renamed={"DestinationCidr": "destination_cidr_block", "TargetSubnet": "target_vpc_subnet_id"},
    ),
}
