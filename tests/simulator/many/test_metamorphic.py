"""What must hold between the answers about two networks of which one is made of the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from ipaddress import ip_network
from random import Random
from typing import TypeVar

import pytest

from auditor.model import (
    YES,
    AclEntry,
    AddressPeer,
    Direction,
    Inventory,
    Link,
    Peer,
    Route,
    Rule,
    TransitRoute,
)
from auditor.reach import Answer, Engine, Verdict
from auditor.traffic import ANY, EVERYTHING, IntSet, Traffic, exact, parse_cidr
from tests.simulator.many.blurred import blurred
from tests.simulator.many.compare import chosen, pairs
from tests.simulator.many.facts import AT, facts
from tests.simulator.many.maker import FEATURES
from tests.simulator.many.nouns import ALL, GroupRule, World
from tests.simulator.many.worlds import random_world

WORLDS = 40
BATCHES = 4
EVERYWHERE = AddressPeer(exact(ANY), "everywhere", AT)

_T = TypeVar("_T")


def worlds(
    batch: int, features: frozenset[str] = frozenset(FEATURES)
) -> Iterator[tuple[Random, World, Inventory]]:
    """Worlds, and what is known of them: everything, or less."""
    for seed in range(batch, WORLDS, BATCHES):
        dice = Random(seed)
        world = random_world(dice, features)
        inventory = facts(world)
        yield dice, world, blurred(inventory, dice) if dice.random() < 0.5 else inventory


def questions(world: World, dice: Random, most: int = 8) -> list[tuple[str, str]]:
    return [(one.question, other.question) for one, other in chosen(world, pairs(world), dice, most)]


def told(inventory: Inventory, asked: list[tuple[str, str]]) -> list[Answer]:
    engine = Engine(inventory)
    return [engine.can_reach(*pair) for pair in asked]


def grew(before: Answer, after: Answer) -> bool:
    """Whether ``after`` tells of no less than ``before``.

    The traffic of a one-way answer is what is delivered, that of others what is answered, too.
    """
    if before.verdict is Verdict.BLOCKED:
        return True
    if (before.verdict is Verdict.ONE_WAY) is (after.verdict is Verdict.ONE_WAY):
        return before.traffic.must <= after.traffic.must and before.traffic.may <= after.traffic.may
    return after.verdict is not Verdict.BLOCKED and before.verdict is Verdict.ONE_WAY


@pytest.mark.parametrize("batch", range(BATCHES))
def test_adding_an_allow_to_a_group_never_removes_reachability(batch: int) -> None:
    for dice, world, inventory in worlds(batch):
        asked = questions(world, dice)
        group = dice.choice(inventory.groups)
        rule = Rule(
            component="more",
            at=AT,
            group=Link(group.id, AT),
            direction=dice.choice(list(Direction)),
            service=exact(EVERYTHING),
            peers=(EVERYWHERE,),
        )
        more = replace(inventory, rules=(*inventory.rules, rule))
        for one, before, after in zip(asked, told(inventory, asked), told(more, asked), strict=True):
            assert grew(before, after), f"{one}: {before.verdict} {after.verdict} {world}"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_removing_a_rule_of_a_group_never_adds_reachability(batch: int) -> None:
    for dice, world, inventory in worlds(batch):
        asked = questions(world, dice)
        rules = list(inventory.rules)
        rules.pop(dice.randrange(len(rules)))
        less = replace(inventory, rules=tuple(rules))
        for one, before, after in zip(asked, told(inventory, asked), told(less, asked), strict=True):
            assert grew(after, before), f"{one}: {before.verdict} {after.verdict} {world}"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_an_acl_that_allows_first_of_all_never_removes_reachability(batch: int) -> None:
    for dice, world, inventory in worlds(batch):
        asked = questions(world, dice)
        acl = dice.choice(inventory.acls)
        entry = AclEntry(
            component="more",
            at=AT,
            acl=Link(acl.id, AT),
            direction=dice.choice(list(Direction)),
            number=1,
            allow=YES,
            service=exact(EVERYTHING),
            peer=EVERYWHERE,
        )
        more = replace(inventory, acl_entries=(*inventory.acl_entries, entry))
        for one, before, after in zip(asked, told(inventory, asked), told(more, asked), strict=True):
            assert grew(before, after), f"{one}: {before.verdict} {after.verdict} {world}"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_splitting_ranges_and_rules_changes_nothing(batch: int) -> None:
    for dice, world, inventory in worlds(batch):
        asked = questions(world, dice)
        split = replace(
            inventory,
            rules=tuple(part for rule in inventory.rules for part in _rules(rule)),
            acl_entries=tuple(part for entry in inventory.acl_entries for part in _entries(entry)),
            routes=_routes(inventory.routes),
            transit_routes=_routes(inventory.transit_routes),
        )
        _same(asked, inventory, split, world)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_order_of_the_facts_changes_nothing(batch: int) -> None:
    for dice, world, inventory in worlds(batch):
        asked = questions(world, dice)
        shuffled = {
            each.name: tuple(dice.sample(facts_of, k=len(facts_of)))
            for each in fields(inventory)
            for facts_of in (getattr(inventory, each.name),)
        }
        _same(asked, inventory, replace(inventory, **shuffled), world)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_other_names_change_nothing(batch: int) -> None:
    for dice, world, inventory in worlds(batch):
        asked = questions(world, dice)
        other = [tuple(_other_name(end) if end in world.hosts else end for end in pair) for pair in asked]
        before, after = told(inventory, asked), told(_renamed(inventory), [(a, b) for a, b in other])
        for one, old, new in zip(asked, before, after, strict=True):
            assert (old.verdict, old.traffic) == (new.verdict, new.traffic), f"{one} {world}"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_where_nothing_filters_a_connection_opens_both_ways_or_none(batch: int) -> None:
    """A reply goes as a request from the other end would."""
    features = frozenset({"peering", "transit", "vpn"})
    opened = 0
    for dice, world, _ in worlds(batch, features):
        for name, net in world.nets.items():
            world.nets[name] = replace(net, acl=None)
        rules = tuple(GroupRule(way, ALL, cidr="0.0.0.0/0") for way in ("ingress", "egress"))
        for name, group in world.groups.items():
            world.groups[name] = replace(group, rules=rules)
        engine = Engine(facts(world))
        for one, other in questions(world, dice, 20):
            there, back = engine.can_reach(one, other), engine.can_reach(other, one)
            both = [answer.verdict is Verdict.REACHABLE for answer in (there, back)]
            if "8.8.8.8/32" not in (one, other):
                assert both[0] == both[1], f"{one} {other}: {there.verdict} {back.verdict} {world}"
                opened += both[0]
    assert opened > 5


def _same(asked: list[tuple[str, str]], before: Inventory, after: Inventory, world: World) -> None:
    for one, old, new in zip(asked, told(before, asked), told(after, asked), strict=True):
        assert (old.verdict, old.traffic) == (new.verdict, new.traffic), (
            f"{one}: {old.traffic} {new.traffic} {world}"
        )


# -- splitting -----------------------------------------------------------------------------------------


def _halves(peer: _T) -> tuple[_T, ...]:
    """A range as its two halves, where it is one that is known."""
    if not isinstance(peer, AddressPeer) or "/" not in peer.text:
        return (peer,)
    network = ip_network(peer.text)
    if network.prefixlen == network.max_prefixlen:
        return (peer,)
    halves = [str(each) for each in network.subnets()]
    return tuple(replace(peer, addresses=exact(parse_cidr(half)), text=half) for half in halves)


def _services(service: Traffic) -> tuple[Traffic, ...]:
    low = Traffic.of(destination_ports=IntSet.of((0, 30000)))
    parts = (service & low, service - low)
    return tuple(part for part in parts if part)


def _rules(rule: Rule) -> Iterator[Rule]:
    peers: tuple[Peer, ...] = tuple(half for peer in rule.peers for half in _halves(peer))
    if not rule.service.known:
        yield replace(rule, peers=peers)
        return
    for part in _services(rule.service.may):
        for peer in peers:
            yield replace(rule, peers=(peer,), service=exact(part))


def _entries(entry: AclEntry) -> Iterator[AclEntry]:
    """An entry as two, one after the other; what is uncertain of it stays one thing."""
    certain = (
        entry.number is not None
        and entry.presence.value == "certain"
        and entry.allow.truth.value != "unknown"
    )
    if not certain or not entry.service.known or entry.number is None:
        yield replace(entry, number=None if entry.number is None else entry.number * 2)
        return
    for place, half in enumerate(_halves(entry.peer)):
        yield replace(entry, number=entry.number * 2 + place, peer=half)


_R = TypeVar("_R", Route, TransitRoute)


def _routes(routes: tuple[_R, ...]) -> tuple[_R, ...]:
    """Routes as two each, but such as have one for a half beside them, or are not certain."""
    taken = {(route.table.id, getattr(route.destination, "text", "")) for route in routes}
    found: list[_R] = []
    for route in routes:
        halves = _halves(route.destination)
        free = all((route.table.id, getattr(half, "text", "")) not in taken for half in halves)
        if free and len(halves) == 2 and route.presence.value == "certain" and not route.reasons:
            found += [
                replace(route, id=f"{route.id}.{place}", destination=half)
                for place, half in enumerate(halves)
            ]
        else:
            found.append(route)
    return tuple(found)


# -- names ---------------------------------------------------------------------------------------------


def _other_name(name: str) -> str:
    return f"other-{name[::-1]}"


def _renamed(value: _T) -> _T:
    """A fact whose components, and the links to them, have other ids."""
    if isinstance(value, tuple):
        return tuple(_renamed(one) for one in value)  # type: ignore[return-value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    if type(value).__module__.startswith("auditor.traffic"):
        return value
    changes = {
        each.name: _other_name(old) if each.name in ("id", "component") and old else _renamed(old)
        for each in fields(value)
        for old in (getattr(value, each.name),)
    }
    return replace(value, **changes)
