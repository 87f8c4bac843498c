"""Facts of which some are made unknown, invented as mere possibilities, or left outside the input."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import TypeVar

from auditor.model import (
    AclEntry,
    AddressPeer,
    Direction,
    Fact,
    FirewallPolicy,
    FirewallRule,
    FirewallRuleGroup,
    GroupPeer,
    Inventory,
    Link,
    Links,
    Peering,
    Route,
    Rule,
    Target,
    TargetKind,
    TransitAttachment,
    TransitPropagation,
    TransitRoute,
    Truth,
    UnknownPeer,
    Workload,
)
from auditor.traffic import ANY, EMPTY, EVERYTHING, NOTHING, Bounds, IntSet, Traffic, exact
from auditor.tree import Presence, Reason
from tests.simulator.many.facts import AT

WHY = (Reason("var.x", AT, "--var x=…"),)
MAYBE = Fact(Truth.UNKNOWN, AT, WHY)
_NO_TRAFFIC: Bounds[Traffic] = Bounds(NOTHING, EVERYTHING)
_NO_ADDRESS: Bounds[IntSet] = Bounds(EMPTY, ANY)
_SOMEWHERE = AddressPeer(_NO_ADDRESS, "var.x", AT, WHY)

_T = TypeVar("_T")


class Blur:
    """Makes unknown, each thing with one chance."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.chance = dice.choice([0.03, 0.1, 0.3])

    def some(self, all_: tuple[_T, ...], *ways: Callable[[_T], _T]) -> tuple[_T, ...]:
        """Each of ``all_`` as it is, or changed in one of the ``ways``."""
        return tuple(self.dice.choice(ways)(one) if self.dice.random() < self.chance else one for one in all_)


def blurred(inventory: Inventory, dice: Random) -> Inventory:
    """``inventory`` with less known of it than there is."""
    blur = Blur(dice)
    return _outside(_joints(_inside(inventory, blur), blur), blur)


def _inside(given: Inventory, blur: Blur) -> Inventory:
    return replace(
        given,
        rules=(
            *blur.some(given.rules, _perhaps, _any_service, _any_peer, _other_group),
            *_invented(given, blur),
        ),
        acl_entries=_entries(given, blur),
        workloads=blur.some(given.workloads, *_HOSTS),
        routes=blur.some(given.routes, _perhaps, _any_target, _any_destination),
        subnets=blur.some(given.subnets, lambda one: replace(one, zone="")),
        table_associations=blur.some(given.table_associations, _perhaps),
        acl_associations=blur.some(given.acl_associations, _perhaps),
        nat_gateways=blur.some(
            given.nat_gateways, lambda one: replace(one, public=MAYBE), lambda one: replace(one, address=None)
        ),
        public_access_blocks=blur.some(
            given.public_access_blocks,
            lambda one: replace(one, blocks=MAYBE),
            lambda one: replace(one, ingress_only=MAYBE),
        ),
        public_access_exclusions=blur.some(
            given.public_access_exclusions, _perhaps, lambda one: replace(one, egress_only=MAYBE)
        ),
        prefix_lists=blur.some(
            given.prefix_lists, lambda one: replace(one, entries=one.entries[:1], open=WHY)
        ),
        vpc_endpoints=blur.some(given.vpc_endpoints, lambda one: replace(one, restricted=MAYBE), _perhaps),
    )


def _joints(given: Inventory, blur: Blur) -> Inventory:
    return replace(
        given,
        peerings=blur.some(given.peerings, _perhaps, _perhaps_active, _perhaps_referencing),
        transit_gateways=blur.some(given.transit_gateways, lambda one: replace(one, group_references=MAYBE)),
        transit_attachments=blur.some(given.transit_attachments, *_ATTACHMENTS),
        transit_associations=blur.some(given.transit_associations, _perhaps),
        transit_propagations=(
            *blur.some(given.transit_propagations, _perhaps),
            *_further_propagations(given, blur),
        ),
        transit_routes=blur.some(given.transit_routes, _perhaps, _any_range, _any_attachment),
        private_networks=blur.some(
            given.private_networks, lambda one: replace(one, prefixes=_NO_ADDRESS, reasons=WHY), _perhaps
        ),
        firewall_policies=blur.some(given.firewall_policies, _open_policy),
        firewall_rule_groups=tuple(
            replace(group, rules=blur.some(group.rules, _perhaps, _any_packet, _any_action))
            for group in blur.some(given.firewall_rule_groups, _open_group)
        ),
    )


def _outside(given: Inventory, blur: Blur) -> Inventory:
    """Leaves whole things out, to which the rest still refers."""
    if blur.dice.random() < blur.chance:
        given = replace(given, peerings=given.peerings[1:])
    if blur.dice.random() < blur.chance and given.transit_gateways:
        gone = given.transit_gateways[0].id
        tables = {table.id for table in given.transit_tables if table.gateway.id == gone}
        given = replace(
            given,
            transit_gateways=given.transit_gateways[1:],
            transit_tables=tuple(one for one in given.transit_tables if one.id not in tables),
            transit_routes=tuple(one for one in given.transit_routes if one.table.id not in tables),
            transit_propagations=tuple(
                one for one in given.transit_propagations if one.table.id not in tables
            ),
        )
    if blur.dice.random() < blur.chance:
        given = replace(given, firewall_policies=())
    if blur.dice.random() < blur.chance:
        given = replace(given, firewall_rule_groups=())
    if blur.dice.random() < blur.chance:
        given = replace(given, firewalls=())
    return given


def without_ranges(inventory: Inventory) -> Inventory:
    """``inventory`` as its input is where the ranges come from a variable: nothing has a known address."""
    return replace(
        inventory,
        vpcs=tuple(replace(vpc, cidrs=_NO_ADDRESS, reasons=WHY) for vpc in inventory.vpcs),
        subnets=tuple(replace(net, cidrs=_NO_ADDRESS, reasons=WHY) for net in inventory.subnets),
        workloads=tuple(replace(host, addresses=None) for host in inventory.workloads),
        nat_gateways=tuple(replace(nat, address=None) for nat in inventory.nat_gateways),
    )


def _perhaps(one: _T) -> _T:
    return replace(one, presence=Presence.POSSIBLE)  # type: ignore[type-var]


# -- filters -------------------------------------------------------------------------------------------


def _any_service(rule: Rule) -> Rule:
    return replace(rule, service=_NO_TRAFFIC, reasons=WHY)


def _any_peer(rule: Rule) -> Rule:
    return replace(rule, peers=(UnknownPeer(AT, WHY),))


def _other_group(rule: Rule) -> Rule:
    peer = rule.peers[0]
    if isinstance(peer, GroupPeer):
        return replace(rule, peers=(GroupPeer(replace(peer.group, certain=False, reasons=WHY), AT),))
    return replace(rule, peers=(_SOMEWHERE,))


def _invented(given: Inventory, blur: Blur) -> list[Rule]:
    everywhere = AddressPeer(exact(ANY), "everywhere", AT)
    return [
        Rule(
            component=group.id,
            at=AT,
            group=Link(group.id, AT),
            direction=blur.dice.choice(list(Direction)),
            service=exact(EVERYTHING),
            peers=(everywhere,),
            presence=Presence.POSSIBLE,
            reasons=WHY,
        )
        for group in given.groups
        if blur.dice.random() < blur.chance
    ]


def _entries(given: Inventory, blur: Blur) -> tuple[AclEntry, ...]:
    own = tuple(one for one in given.acl_entries if not one.acl.id.startswith("acl-default"))
    default = tuple(one for one in given.acl_entries if one.acl.id.startswith("acl-default"))
    return default + blur.some(
        own,
        _perhaps,
        lambda one: replace(one, service=_NO_TRAFFIC, reasons=WHY),
        lambda one: replace(one, number=None, reasons=WHY),
        lambda one: replace(one, allow=MAYBE),
        lambda one: replace(one, peer=_SOMEWHERE),
    )


# -- interfaces ----------------------------------------------------------------------------------------


def _perhaps_in_its_groups(host: Workload) -> Workload:
    links = tuple(replace(link, certain=False, reasons=WHY) for link in host.groups.items)
    return replace(host, groups=Links(links))


_HOSTS: tuple[Callable[[Workload], Workload], ...] = (
    lambda host: replace(host, public=MAYBE, public_addresses=None),
    lambda host: replace(host, public_addresses=None),
    lambda host: replace(host, addresses=None),
    lambda host: replace(host, groups=Links(host.groups.items[:-1], open=WHY)),
    _perhaps_in_its_groups,
    lambda host: replace(host, forwards=MAYBE),
)


def _any_target(route: Route) -> Route:
    return replace(route, target=Target(TargetKind.UNKNOWN), reasons=WHY)


def _any_destination(route: Route) -> Route:
    return replace(route, destination=_SOMEWHERE)


# -- what joins networks -------------------------------------------------------------------------------


def _perhaps_active(one: Peering) -> Peering:
    return replace(one, active=MAYBE)


def _perhaps_referencing(one: Peering) -> Peering:
    return replace(one, group_references=MAYBE)


_ATTACHMENTS: tuple[Callable[[TransitAttachment], TransitAttachment], ...] = (
    _perhaps,
    lambda one: replace(one, subnets=Links((), open=WHY)),
    lambda one: replace(one, subnets=Links(one.subnets.items[:1], open=WHY)),
    lambda one: replace(one, appliance_mode=MAYBE),
    lambda one: replace(one, group_references=MAYBE),
    lambda one: replace(one, active=MAYBE),
)


def _further_propagations(given: Inventory, blur: Blur) -> list[TransitPropagation]:
    return [
        TransitPropagation(
            at=AT, table=Link(table.id, AT), attachment=Link(one.id, AT), presence=Presence.POSSIBLE
        )
        for table in given.transit_tables
        for one in given.transit_attachments
        if one.gateway.id == table.gateway.id and blur.dice.random() < blur.chance / 3
    ]


def _any_range(route: TransitRoute) -> TransitRoute:
    return replace(route, destination=_SOMEWHERE)


def _any_attachment(route: TransitRoute) -> TransitRoute:
    link = Link("var.attachment", AT, certain=False, reasons=WHY, any=True)
    return replace(route, attachment=link, reasons=WHY)


# -- firewalls -----------------------------------------------------------------------------------------


def _open_policy(policy: FirewallPolicy) -> FirewallPolicy:
    return replace(policy, open=WHY)


def _open_group(group: FirewallRuleGroup) -> FirewallRuleGroup:
    return replace(group, rules=group.rules[:-1], open=WHY)


def _any_packet(rule: FirewallRule) -> FirewallRule:
    return replace(rule, traffic=_NO_TRAFFIC, reasons=WHY)


def _any_action(rule: FirewallRule) -> FirewallRule:
    return replace(rule, undecided=WHY)


__all__ = ["blurred", "without_ranges"]
