"""Which service a VPC endpoint leads to, and whether that service takes its connections.

https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.aws.reader.block import Block
from auditor.aws.reader.estate import kind_of
from auditor.aws.reader.links import is_data, joined, uncertain
from auditor.aws.reader.services import service_named
from auditor.model import NO, YES, Fact, Link, Links, Truth
from auditor.tree import Dialect, Node, Presence, Reason, Reference, Scalar, Unknown

SERVICE = "aws_vpc_endpoint_service"
_ALLOWED = "aws_vpc_endpoint_service_allowed_principal"
_ACCEPTER = "aws_vpc_endpoint_connection_accepter"
_OWN = re.compile(r"com\.amazonaws\.vpce\.|com\.amazonaws\.[\w-]+\.vpce-svc-")
_AMAZON = re.compile(r"(?:(?:com|cn)\.amazonaws|aws|cn\.com\.amazonaws)\.")
_STATES = {"available": Truth.YES, "partial": Truth.YES, "pending": Truth.YES}
_NAMED = re.compile(r'"?arn:|\d{12}$|.*\.(arn|account_id)$')
_ACCOUNT = re.compile(r"(?:arn:[\w-]+:iam::)?(\d{12})\b")


def provider_of(block: Block) -> Link | None:
    """The endpoint service that an endpoint names: one of the input, or one by the name that AWS gave it."""
    node = block.get("service_name")
    if node is None:
        return None
    named = tuple(dict.fromkeys(name for name in _targets(node) if block.estate.kind_at(name) == SERVICE))
    if len(named) == 1 and not (isinstance(node, Unknown) and node.options):
        return Link(named[0], node.at)
    text = block.text("service_name")
    if not _OWN.match(text):
        return None
    found = [user for user, link in block.users(SERVICE, "service_name", text) if link.certain]
    last = text.rpartition(".")[2]
    return Link(found[0].address if len(found) == 1 else last, node.at)


def _targets(node: Node) -> Iterator[str]:
    """The resources of the input whose attributes a value is made of."""
    match node:
        case Reference() if not is_data(node.target):
            yield node.target
        case Unknown():
            for inner in (*node.options, *node.parts):
                yield from _targets(inner)
        case _:
            return


def is_amazons(block: Block) -> bool:
    """Whether an endpoint leads to a service of AWS itself, which takes all connections."""
    node = block.get("service_name")
    if isinstance(node, Scalar):
        text = str(node.value)
        return _AMAZON.match(text) is not None and _OWN.match(text) is None
    data = block.estate.at_address(node.identity.rpartition(".")[0]) if isinstance(node, Unknown) else None
    if data is not None and kind_of(data) == f"data.{SERVICE}":
        return block.of(data, block.estate).text("service") != ""
    named = service_named(node)
    return named != "" and "vpce-svc-" not in named


def accepted(block: Block, provider: Link | None) -> Fact:
    """Whether an endpoint's connections are accepted.

    AWS's answer says so itself. In code it takes that the service asks for no acceptance, or that something
    accepts; who accepts by hand is not known. Principals decide only where the accounts of both ends are
    known, and they are others: of its own account a service takes everybody, else those that it names.
    """
    state = block.text("state").lower()
    if state:
        return Fact(_STATES.get(state, Truth.NO), block.place("state"))
    resource = None if provider is None else block.estate.at_address(provider.id)
    if resource is None or provider is None:
        if is_amazons(block):
            return YES
        why = block.why("service_name") or (
            Reason(f"whether the service of {block.address} accepts it", block.at, "a snapshot"),
        )
        return Fact(Truth.UNKNOWN, block.place("service_name"), why)
    service = block.of(resource, block.estate)
    if _refused(block, service):
        return Fact(NO.truth, service.at)
    return _consent(block, service)


def _consent(block: Block, service: Block) -> Fact:
    """Whether the owner of the service has accepted the endpoint, if that is asked for."""
    asked = service.fact("acceptance_required")
    if asked.truth is Truth.NO:
        return Fact(YES.truth, asked.at)
    accepting = block.fact("auto_accept")
    if accepting.truth is Truth.YES:
        return Fact(YES.truth, accepting.at)
    accepters = block.users(_ACCEPTER, "vpc_endpoint_id", *block.ids)
    sure = [one for one, link in accepters if link.certain and one.presence is Presence.CERTAIN]
    if sure:
        return Fact(YES.truth, sure[0].at)
    at = asked.at or service.at
    reason = Reason(f"whether {service.address} has accepted {block.address}", at, "a snapshot")
    return Fact(Truth.UNKNOWN, at, (*asked.reasons, *accepting.reasons, reason))


def _refused(block: Block, service: Block) -> bool:
    """Whether the service allows no principal of the account that the endpoint is in."""
    consumer, owner = block.resource.scope.account, service.resource.scope.account
    if not consumer or not owner or consumer == owner:
        return False
    principals = _principals(service)
    if principals.open:
        return False
    names = [link.id for link in principals.items]
    accounts = [_ACCOUNT.match(name) for name in names]
    return all(found is not None and found[1] != consumer for found in accounts)


def any_account(service: Block) -> Fact:
    """Whether a service lets every principal make an endpoint; unknown where a principal is not known.

    A snapshot without principals may be one for which nobody asked who they are.
    """
    principals = _principals(service)
    reasons = list(principals.open)
    for link in principals.items:
        if link.id == "*" and link.certain:
            return Fact(Truth.YES, link.at)
        if link.id == "*" or not _NAMED.match(link.id):
            reasons += link.reasons or (Reason(f"whether {link.id} is every principal", link.at),)
    if service.resource.dialect is Dialect.SNAPSHOT and not principals.items:
        what = f"the principals that {service.address} allows"
        reasons.append(Reason(what, service.at, "a snapshot with VpcEndpointServicePermissions"))
    if reasons:
        return Fact(Truth.UNKNOWN, service.place("allowed_principals"), tuple(dict.fromkeys(reasons)))
    return Fact(Truth.NO, service.at)


def _principals(service: Block) -> Links:
    """Who may connect to a service, by itself or by resources of their own."""
    parts = [service.links("allowed_principals")]
    for user, link in service.users(_ALLOWED, "vpc_endpoint_service_id", *service.ids):
        found = user.links("principal_arn")
        parts.append(found if link.certain else uncertain(found, link.reasons))
    return joined(*parts)
