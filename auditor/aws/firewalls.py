"""Network firewalls and their endpoints, which routes lead to.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-components.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling
from auditor.aws.reader.inspection import ASSOCIATION, FIREWALL, endpoint_id, endpoints_of
from auditor.aws.reader.respelling import inner, with_entries
from auditor.model import (
    NO,
    YES,
    Alias,
    AttachmentKind,
    Component,
    Fact,
    Firewall,
    Link,
    TransitAttachment,
    Truth,
)
from auditor.tree import Dialect, Map, Node, Presence, Reason, Resource, Scalar, Seq

ACCEPTER = "aws_networkfirewall_firewall_transit_gateway_attachment_accepter"
_STATES = "transit_gateway_attachment_sync_states"
_ATTACHED = f"firewall_status[0].{_STATES}[0].attachment_id"
# As expressions spell it in which nothing else is known.
_SPELLED = (
    f"{{}}.{_ATTACHED}",
    f"{{}}.firewall_status[0].{_STATES}[*].attachment_id",
    f"one({{}}.firewall_status[0].{_STATES}).attachment_id",
    f"one(one({{}}.firewall_status).{_STATES}).attachment_id",
    "{}.transit_gateway_attachment_id",
)


def read_firewall(block: Block) -> Iterator[Component]:
    """A firewall, with an endpoint in each subnet that it maps, or that is associated with it later.

    One that is attached to a transit gateway has none: the gateway's tables lead to its attachment.
    """
    if block.has("transit_gateway_id"):
        yield from _on_gateway(block)
    endpoints = endpoints_of(block)
    yield Firewall(
        id=block.address,
        at=block.at,
        vpc=block.target("vpc_id"),
        policy=block.target("firewall_policy_arn"),
        endpoints=endpoints.found,
        names=block.names("name"),
        tags=block.tags,
        open=endpoints.open,
        presence=block.presence,
    )
    yield from _placed(block)
    for status in block.blocks("firewall_status"):
        for state in status.blocks("sync_states"):
            yield from _attached(block.address, state)


def _on_gateway(block: Block) -> Iterator[Component]:
    """The attachment of a firewall to a transit gateway, which AWS makes, and what it is called in code.

    Where a snapshot lists it among the gateway's attachments, it is read there.
    https://docs.aws.amazon.com/network-firewall/latest/developerguide/tgw-firewall.html
    """
    own = f"{block.address}.{_ATTACHED}"
    told = block.text(f"firewall_status.{_STATES}.attachment_id")
    if told and block.estate.at_address(told) is not None:
        yield Alias(id=own, of=told)
    else:
        why = Reason(f"the table that {block.address} is associated with", block.at, "an association")
        yield TransitAttachment(
            id=own,
            at=block.place("transit_gateway_id"),
            kind=AttachmentKind.FIREWALL,
            gateway=block.target("transit_gateway_id"),
            names=block.names("name"),
            firewall=Link(block.address, block.at),
            appliance_mode=YES,
            default_association=Fact(Truth.UNKNOWN, block.at, (why,)),
            default_propagation=NO,
            active=_accepted(block, own),
            presence=block.presence,
        )
        if told:
            yield Alias(id=told, of=own)
    for spelling in _SPELLED:
        name = spelling.format(block.address)
        if name != own:
            yield Alias(id=name, of=own)


def _accepted(block: Block, attachment: str) -> Fact:
    """Whether the owner of the gateway, where that is another account, has accepted the firewall."""
    gateway = block.estate.at_address(block.target("transit_gateway_id").id)
    if block.resource.dialect is Dialect.SNAPSHOT:
        return YES
    if gateway is not None:
        shared = Block.of(gateway, block.estate).says("auto_accept_shared_attachments", "enable")
        if gateway.scope.account == block.resource.scope.account or shared.truth is Truth.YES:
            return YES
    names = [spelling.format(block.address) for spelling in _SPELLED]
    for user, link in block.users(ACCEPTER, "transit_gateway_attachment_id", *names):
        if link.certain and user.presence is Presence.CERTAIN:
            return Fact(Truth.YES, user.at)
    what = f"whether {attachment} is accepted by the gateway's owner"
    return Fact(Truth.UNKNOWN, block.at, (Reason(what, block.at, f"an {ACCEPTER}, or a snapshot"),))


def read_accepter(block: Block) -> Iterator[Alias]:
    """The gateway owner's side: another id of the attachment."""
    link = block.target("transit_gateway_attachment_id")
    if link.certain and not link.any:
        yield Alias(id=block.address, of=link.id)


def _placed(block: Block) -> Iterator[Alias]:
    """What the endpoints are called in code, in the order in which their subnets are mapped."""
    for place, mapping in enumerate(block.blocks("subnet_mapping")):
        subnet = mapping.link("subnet_id")
        if subnet is not None and subnet.certain and not subnet.any:
            name = f"{block.address}.subnet_mapping[{place}].endpoint_id"
            yield Alias(id=name, of=endpoint_id(block.address, subnet.id))


def _attached(firewall: str, state: Block) -> Iterator[Alias]:
    """The ids that AWS has given to endpoints."""
    for attachment in state.blocks("attachment"):
        name, subnet = attachment.text("endpoint_id"), attachment.link("subnet_id")
        if name and subnet is not None:
            yield Alias(id=name, of=endpoint_id(firewall, subnet.id))


def read_association(block: Block) -> Iterator[Alias]:
    """An endpoint of a firewall in a further subnet, which may be another VPC's; the firewall has it.

    https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_VpcEndpointAssociation.html
    """
    firewall = block.link("firewall_arn")
    known = None if firewall is None else block.estate.at_address(firewall.id)
    found = [user.address for user in block.estate.of_kind(FIREWALL) if firewall and user is known]
    named = found or [one.id for one in (firewall,) if one is not None]
    subnets = [mapping.link("subnet_id") for mapping in block.blocks("subnet_mapping")]
    for subnet in subnets[:1]:
        if subnet is not None and named:
            own = endpoint_id(named[0], subnet.id)
            state = "vpc_endpoint_association_status[0].association_sync_state[0]"
            yield Alias(id=f"{block.address}.{state}.attachment[0].endpoint_id", of=own)
            yield Alias(id=f"{block.address}.endpoint_id", of=own)
    for status in block.blocks("vpc_endpoint_association_status") if named else ():
        for state_block in status.blocks("association_sync_state"):
            yield from _attached(named[0], state_block)


def read_nothing(block: Block) -> Iterator[Component]:  # noqa: ARG001 - a reader takes what all take
    """What drops and passes nothing by itself: logs, permissions, and how TLS is opened to be looked into."""
    yield from ()


READERS = {
    FIREWALL: read_firewall,
    ACCEPTER: read_accepter,
    ASSOCIATION: read_association,
    "aws_networkfirewall_logging_configuration": read_nothing,
    "aws_networkfirewall_resource_policy": read_nothing,
    "aws_networkfirewall_tls_inspection_configuration": read_nothing,
}


def _by_zone(resource: Resource, status: str, states: str) -> Resource:
    """The states of endpoints as a list, where the API has them by zone, with all ids beside."""
    entries = resource.body.entries
    told = entries.get(status)
    found = inner(told, states)
    if not (isinstance(found, Map) and isinstance(told, Map)):
        return resource
    items = tuple([state for state in found.entries.values() if isinstance(state, Map)])
    ids = [inner(state, "attachment", "endpoint_id") for state in items]
    changed: dict[str, Node | None] = {
        status: Map({**told.entries, states: Seq(items, found.at, more=found.more)}, found.at),
        "endpoint_ids": Seq(tuple([one for one in ids if isinstance(one, Scalar)]), found.at),
    }
    return with_entries(resource, **changed)


def _collected(resource: Resource) -> Iterator[Resource]:
    yield _by_zone(resource, "firewall_status", "sync_states")


def _associated(resource: Resource) -> Iterator[Resource]:
    yield _by_zone(resource, "vpc_endpoint_association_status", "association_sync_state")


_FIREWALL = {"SubnetMappings": "subnet_mapping", "FirewallName": "name"}
SPELLINGS = {
    "AWS::NetworkFirewall::Firewall": Spelling(
        kind=FIREWALL, renamed=_FIREWALL, attributes={"FirewallArn": "arn", "FirewallId": "id"}
    ),
    "AWS::NetworkFirewall::VpcEndpointAssociation": Spelling(kind=ASSOCIATION),
    "AWS::NetworkFirewall::LoggingConfiguration": Spelling(kind="aws_networkfirewall_logging_configuration"),
    "AWS::NetworkFirewall::TLSInspectionConfiguration": Spelling(
        kind="aws_networkfirewall_tls_inspection_configuration"
    ),
    "Firewalls": Spelling(
        kind=FIREWALL,
        renamed={
            **_FIREWALL,
            "AvailabilityZoneMappings": "availability_zone_mapping",
            "FirewallStatus.TransitGatewayAttachmentSyncState": _STATES,
        },
        then=_collected,
    ),
    "VpcEndpointAssociations": Spelling(kind=ASSOCIATION, then=_associated),
}
