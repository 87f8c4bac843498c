"""Changes that an answer names, made: each text is read as the instruction that it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from auditor.model import (
    YES,
    Component,
    Direction,
    Gateway,
    Inventory,
    Links,
    NatGateway,
    Peering,
    PublicAccessExclusion,
    Route,
    RouteTable,
    Target,
    TargetKind,
    TransitAssociation,
    TransitAttachment,
    TransitGateway,
    TransitRoute,
    TransitTable,
    VpcEndpoint,
    Workload,
)
from auditor.reach import Blocker
from tests.reach.network import AT, NO, entry, link, peer, route, rule

_RULE = re.compile(r"add an (ingress|egress) (rule|entry) to (\S+): (.+?) (?:to|from) (.+?)(?:, before .+)?")
_ROUTE = re.compile(r"add a route to (\S+): (.+) to (.+)")
_LED = re.compile(r"lead the route of (\S+) for (.+) to (.+)")
_REMOVED = re.compile(r"remove the route of (\S+) for (.+), which is a black hole")
_LEADS = re.compile(r" to (a new .+)")
_PEERED = re.compile(r"connect (\S+) and (\S+) by a peering connection")
_OTHERS = {
    "attach": re.compile(r"attach (.+) to (\S+)"),
    "public": re.compile(r"give (\S+) a public IPv4 address"),
    "associate": re.compile(r"associate (\S+) with (\S+)"),
    "accept": re.compile(r"accept (\S+)"),
    "nat": re.compile(r"make (\S+) a public NAT gateway"),
    "zone": re.compile(r"add a subnet in the zone of (\S+) to (\S+)"),
    "exclude": re.compile(r"exclude (\S+) from \S+"),
}
_KINDS = {
    Peering: TargetKind.VPC_PEERING,
    TransitGateway: TargetKind.TRANSIT_GATEWAY,
    NatGateway: TargetKind.NAT_GATEWAY,
    VpcEndpoint: TargetKind.VPC_ENDPOINT,
}


def components(inventory: Inventory) -> tuple[Component, ...]:
    """All facts of an inventory."""
    fields = (getattr(inventory, name) for name in inventory.__slots__)
    return tuple(one for field in fields if isinstance(field, tuple) for one in field if hasattr(one, "at"))


def changed(network: Iterable[Component], changes: Iterable[Blocker]) -> tuple[Component, ...]:
    """A network with some changes made."""
    facts = list(network)
    # A route to what does not exist cannot be written.
    for change in sorted(changes, key=lambda one: not one.text.startswith(("connect", "attach"))):
        facts = list(_made(facts, change.text))
    return tuple(facts)


def _made(facts: list[Component], text: str) -> Iterator[Component]:
    if (found := _LEADS.search(text)) and not any(getattr(one, "id", "") == found[1] for one in facts):
        yield from facts
    elif found := _RULE.fullmatch(text):
        yield from facts
        yield from _ruled(*found.groups())
    elif found := _ROUTE.fullmatch(text):
        yield from facts
        yield from _routed(facts, *found.groups())
    elif found := _LED.fullmatch(text):
        yield from (_led(facts, one, *found.groups()) for one in facts)
    elif found := _REMOVED.fullmatch(text):
        yield from (one for one in facts if not _is_route(one, *found.groups()))
    elif found := _PEERED.fullmatch(text):
        yield from facts
        one, other = found.groups()
        name = f"a new peering connection of {one} and {other}"
        yield Peering(
            id=name, at=AT, requester=link(one), accepter=link(other), active=YES, group_references=YES
        )
    else:
        yield from _otherwise(facts, text)


def _otherwise(facts: list[Component], text: str) -> Iterator[Component]:
    for name, pattern in _OTHERS.items():
        if found := pattern.fullmatch(text):
            yield from (_with(one, name, found.groups()) for one in facts)
            yield from _more(facts, name, found.groups())
            return
    raise AssertionError(f"nobody knows how to {text!r}")


def _with(one: Component, name: str, words: tuple[str, ...]) -> Component:
    match name, one:
        case "public", Workload() if one.id == words[0]:
            return replace(one, public=YES)
        case "accept", Peering() | TransitAttachment() if one.id == words[0]:
            return replace(one, active=YES)
        case "zone", TransitAttachment() if one.id == words[1]:
            return replace(one, subnets=Links((*one.subnets.items, link(words[0]))))
        case "nat", NatGateway() if one.id == words[0]:
            return replace(one, public=YES)
        case "attach", Gateway() if one.id == words[0]:
            return replace(one, vpc=link(words[1]))
        case _:
            return one


def _more(facts: list[Component], name: str, words: tuple[str, ...]) -> Iterator[Component]:
    if name == "attach" and words[0] == "an internet gateway":
        kind = TargetKind.INTERNET_GATEWAY
        yield Gateway(id="a new internet gateway", kind=kind, at=AT, vpc=link(words[1]))
    if name == "associate":
        yield TransitAssociation(at=AT, attachment=link(words[0]), table=link(words[1]))
    if name == "exclude":
        yield PublicAccessExclusion(id="exclusion", at=AT, vpc=link(words[0]), egress_only=NO)


def _ruled(way: str, noun: str, holder: str, services: str, ends: str) -> Iterator[Component]:
    direction = Direction(way)
    for service in services.split(", "):
        if noun == "rule":
            yield rule(holder, direction, service, *ends.split(", "))
            continue
        for span in ends.split(", "):
            yield entry(holder, direction, 1, "allow", service, span)


def _routed(facts: list[Component], table: str, spans: str, name: str) -> Iterator[Component]:
    for span in spans.split(", "):
        if any(isinstance(one, TransitTable) and one.id == table for one in facts):
            where = peer(span)
            yield TransitRoute(
                id=f"{table}.{span}", at=AT, table=link(table), destination=where, attachment=link(name)
            )
        else:
            assert any(isinstance(one, RouteTable) and one.id == table for one in facts), table
            yield route(table, span, _kind(facts, name), name)


def _kind(facts: list[Component], name: str) -> TargetKind:
    for one in facts:
        if isinstance(one, Gateway) and one.id == name:
            return one.kind
        if type(one) in _KINDS and one.id == name:
            return _KINDS[type(one)]
    return TargetKind.INTERNET_GATEWAY if "internet gateway" in name else TargetKind.VPC_ENDPOINT


def _is_route(one: Component, table: str, text: str) -> bool:
    known = isinstance(one, Route | TransitRoute) and one.table.id == table
    return known and getattr(one.destination, "text", None) == text


def _led(facts: list[Component], one: Component, table: str, text: str, name: str) -> Component:
    if not _is_route(one, table, text):
        return one
    if isinstance(one, TransitRoute):
        return replace(one, attachment=link(name))
    assert isinstance(one, Route)
    return replace(one, target=Target(_kind(facts, name), link(name)))
