"""Small networks by hand: each function gives facts, and ``engine`` asks them."""

from __future__ import annotations

from itertools import count

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
    Gateway,
    Group,
    GroupPeer,
    Inventory,
    Link,
    Links,
    MainTable,
    NatGateway,
    Placement,
    PrefixList,
    PrefixListPeer,
    Route,
    RouteTable,
    Rule,
    Subnet,
    TableAssociation,
    Target,
    TargetKind,
    Truth,
    UnknownPeer,
    Vpc,
    Workload,
)
from auditor.reach import Answer, Engine, Verdict
from auditor.traffic import ANY, EMPTY, Bounds, IntSet, exact, parse_cidr, parse_traffic
from auditor.tree import Gap, Location, Presence, Reason

AT = Location("main.tf", 1, 1)
WHY = Reason("var.x", Location("variables.tf", 3, 1), "--var x=…")
MAYBE = Fact(Truth.UNKNOWN, AT, (WHY,))
INGRESS, EGRESS = Direction.INGRESS, Direction.EGRESS
REACHABLE, BLOCKED, ONE_WAY, UNKNOWN = (
    Verdict.REACHABLE,
    Verdict.BLOCKED,
    Verdict.ONE_WAY,
    Verdict.UNKNOWN,
)

_lines = count(10, 10)


def at(path: str = "main.tf") -> Location:
    """A place that no other fact has."""
    return Location(path, next(_lines), 3)


def link(identity: str, *, certain: bool = True) -> Link:
    return Link(identity, AT, certain, () if certain else (WHY,))


def links(*identities: str) -> Links:
    return Links(tuple(link(one) for one in identities))


def ranges(*texts: str) -> Bounds[IntSet]:
    return exact(IntSet.union(parse_cidr(text) for text in texts))


def vpc(identity: str = "vpc", *cidrs: str) -> Vpc:
    return Vpc(id=identity, at=at(), cidrs=ranges(*(cidrs or ("10.0.0.0/16",))))


def subnet(identity: str, *cidrs: str, vpc: str = "vpc", public: Fact = NO, ipv6: Fact = NO) -> Subnet:
    return Subnet(
        id=identity,
        at=at(),
        vpc=link(vpc),
        cidrs=ranges(*cidrs),
        public_on_launch=public,
        ipv6_on_launch=ipv6,
    )


def unknown_subnet(identity: str, within: str = "10.0.0.0/16", vpc: str = "vpc") -> Subnet:
    bounds = Bounds(EMPTY, parse_cidr(within))
    return Subnet(id=identity, at=at(), vpc=link(vpc), cidrs=bounds, reasons=(WHY,))


def group(identity: str, *, vpc: str = "vpc", default: bool = False, **more: object) -> Group:
    names = more.get("names", ())
    tags = more.get("tags", ())
    return Group(id=identity, at=at(), vpc=link(vpc), default=default, names=names, tags=tags)


def peer(text: str) -> AddressPeer | GroupPeer | PrefixListPeer | UnknownPeer:
    """``10.0.0.0/8``, ``?`` for an unknown CIDR, ``??`` for any unknown peer, ``pl-…`` or a group's id."""
    if text == "?":
        return AddressPeer(Bounds(EMPTY, ANY), "var.x", at(), (WHY,))
    if text == "??":
        return UnknownPeer(at(), (WHY,))
    if text.startswith("pl-"):
        return PrefixListPeer(link(text), at())
    try:
        return AddressPeer(exact(parse_cidr(text)), text, at())
    except ValueError:
        return GroupPeer(link(text), at())


def rule(
    holder: str,
    direction: Direction,
    service: str,
    *peers: str,
    presence: Presence = Presence.CERTAIN,
) -> Rule:
    return Rule(
        component=f"{holder}.{direction.value}",
        at=at(),
        group=link(holder),
        direction=direction,
        service=exact(parse_traffic(service)),
        peers=tuple(peer(text) for text in peers),
        presence=presence,
        reasons=() if presence is Presence.CERTAIN else (WHY,),
    )


def allow_in(holder: str, service: str, *peers: str) -> Rule:
    return rule(holder, INGRESS, service, *peers)


def allow_out(holder: str, service: str = "all", *peers: str) -> Rule:
    return rule(holder, EGRESS, service, *(peers or ("0.0.0.0/0", "::/0")))


def acl(identity: str, *subnets: str, vpc: str = "vpc", default: bool = False) -> tuple[Component, ...]:
    own = Acl(id=identity, at=at(), vpc=link(vpc), default=default)
    return (own, *(AclAssociation(at=at(), acl=link(identity), subnet=link(one)) for one in subnets))


def entry(
    holder: str,
    direction: Direction,
    number: int | None,
    action: str,
    service: str = "all",
    cidr: str = "0.0.0.0/0",
) -> AclEntry:
    allow = {"allow": YES, "deny": NO, "?": MAYBE}[action]
    addresses = peer(cidr)
    assert isinstance(addresses, AddressPeer)
    return AclEntry(
        component=f"{holder}.{direction.value}.{number}",
        at=at(),
        acl=link(holder),
        direction=direction,
        number=number,
        allow=allow,
        service=exact(parse_traffic(service)),
        peer=addresses,
        reasons=(WHY,) if number is None else (),
    )


def both_ways(holder: str, number: int, action: str, service: str = "all") -> tuple[AclEntry, ...]:
    return tuple(entry(holder, direction, number, action, service) for direction in Direction)


def table(identity: str, *subnets: str, vpc: str = "vpc", main: bool = False) -> tuple[Component, ...]:
    own = RouteTable(id=identity, at=at(), vpc=link(vpc), main=main)
    return (own, *(TableAssociation(at=at(), table=link(identity), subnet=link(one)) for one in subnets))


def main_table(identity: str, vpc: str = "vpc") -> MainTable:
    return MainTable(at=at(), vpc=link(vpc), table=link(identity))


def route(
    holder: str, cidr: str, kind: TargetKind, target: str = "", presence: Presence = Presence.CERTAIN
) -> Route:
    destination = peer(cidr)
    assert isinstance(destination, AddressPeer | PrefixListPeer)
    return Route(
        id=f"{holder}.{cidr}",
        at=at(),
        table=link(holder),
        destination=destination,
        target=Target(kind, link(target) if target else None),
        presence=presence,
        reasons=() if presence is Presence.CERTAIN else (WHY,),
    )


def igw(identity: str = "igw", vpc: str | None = "vpc") -> Gateway:
    attached = link(vpc) if vpc else None
    return Gateway(id=identity, kind=TargetKind.INTERNET_GATEWAY, at=at(), vpc=attached)


def nat(identity: str, subnet: str, public: Fact = YES) -> NatGateway:
    return NatGateway(id=identity, at=at(), subnet=link(subnet), public=public)


def host(
    identity: str,
    subnets: str | tuple[str, ...] | Links,
    *groups: str,
    placement: Placement = Placement.EACH,
    address: str = "",
    **more: object,
) -> Workload:
    if isinstance(subnets, str):
        subnets = (subnets,)
    return Workload(
        id=identity,
        kind="aws_instance",
        at=at(),
        subnets=subnets if isinstance(subnets, Links) else links(*subnets),
        groups=links(*groups),
        placement=placement,
        addresses=ranges(address) if address else None,
        **more,
    )


def prefix_list(identity: str, *cidrs: str, service: str = "", is_open: bool = False) -> PrefixList:
    entries = tuple(AddressPeer(exact(parse_cidr(one)), one, at()) for one in cidrs)
    return PrefixList(id=identity, at=at(), entries=entries, open=(WHY,) if is_open else (), service=service)


def engine(
    *facts: Component | tuple[Component, ...], strict: bool = False, gaps: tuple[Gap, ...] = ()
) -> Engine:
    flat: list[Component] = []
    for fact in facts:
        flat.extend(fact if isinstance(fact, tuple) else (fact,))
    return Engine(Inventory.of(flat, gaps), strict=strict)


def ask(one: Engine, source: str, destination: str, service: str = "") -> Answer:
    return one.can_reach(source, destination, parse_traffic(service) if service else None)


def verdict(one: Engine, source: str, destination: str, service: str = "") -> Verdict:
    return ask(one, source, destination, service).verdict


def codes(answer: Answer) -> list[str]:
    return [blocker.code.value for blocker in answer.blockers]
