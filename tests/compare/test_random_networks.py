"""Random networks and random changes to them: what is skipped is the same, and what is told is true."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from auditor.compare import compare
from auditor.compare.comparing import Comparison, Found
from auditor.compare.deliveries import Shift, delivery, doubts, shifts
from auditor.compare.far import Far
from auditor.compare.matching import Matching
from auditor.compare.things import things
from auditor.difference import Doubt
from auditor.model import Direction, Inventory, Link
from auditor.reach import Engine
from auditor.reach.names import INTERNET
from auditor.reach.points import UNANSWERED
from auditor.traffic import EVERYTHING, NOTHING, Traffic
from tests.compare.showing import mirrored, shown
from tests.simulator.facts import blurred, facts
from tests.simulator.worlds import GroupRule, Host, Span, World, random_world

SEEDS = range(60)


def changed(world: World, dice: Random) -> World:
    """The world with one thing in it that is otherwise."""
    other = random_world(Random(dice.random()))
    match dice.choice(["rule", "acl", "route", "public", "gateway", "move", "regroup", "none"]):
        case "rule":
            place = dice.randrange(len(world.groups))
            rule = GroupRule(dice.choice(["ingress", "egress"]), Span(6, 0, 8443), cidr=dice.choice(PEERS))
            groups = list(world.groups)
            groups[place] = (*groups[place], rule) if dice.random() < 0.5 else groups[place][1:]
            return replace(world, groups=tuple(groups))
        case "acl" if world.acls and other.acls:
            place = dice.randrange(len(world.acls))
            return replace(world, acls=(*world.acls[:place], other.acls[0], *world.acls[place + 1 :]))
        case "route":
            return replace(world, tables=(*world.tables[:-1], replace(world.tables[-1], routes=())))
        case "gateway":
            return replace(world, gateway_attached=not world.gateway_attached)
        case "public":
            return _with_host(world, dice, lambda host: replace(host, public=not host.public))
        case "move":
            return _with_host(world, dice, lambda host: _moved(host, world, dice))
        case "regroup":
            groups = (dice.randrange(len(world.groups)),)
            return _with_host(world, dice, lambda host: replace(host, groups=groups))
    return world


PEERS = ("0.0.0.0/0", "10.0.0.0/16", "10.0.1.0/24", "52.96.0.0/23", "203.0.113.0/24", "10.0.1.128/25")


def _with_host(world: World, dice: Random, change: Any) -> World:
    place = dice.randrange(len(world.hosts))
    hosts = list(world.hosts)
    hosts[place] = change(hosts[place])
    return replace(world, hosts=tuple(hosts))


def _moved(host: Host, world: World, dice: Random) -> Host:
    net = dice.randrange(len(world.nets))
    return replace(host, net=net, address=f"{world.base}.{net}.{host.address.rsplit('.')[-1]}")


def unaddressed(inventory: Inventory) -> Inventory:
    """The same as code has it: AWS will pick the addresses."""
    return replace(inventory, workloads=tuple(replace(each, addresses=None) for each in inventory.workloads))


def two(seed: int) -> tuple[Engine, Engine]:
    dice = Random(seed)
    world = random_world(dice)
    before, after = facts(world), facts(changed(world, dice))
    if dice.random() < 0.4:
        before, after = unaddressed(before), unaddressed(after)
    if dice.random() < 0.4:
        state = dice.random()
        before, after = (blurred(each, Random(state)) for each in (before, after))
    return Engine(before), Engine(after)


def compared(engines: tuple[Engine, Engine]) -> Comparison:
    return Comparison(engines, Matching(things(engines[0]), things(engines[1])))


def between(comparison: Comparison, source: int, destination: int) -> tuple[Any, Any]:
    """What is delivered between two parties, asked without any shortcut."""
    found = []
    for side, engine in enumerate(comparison.engines):
        ends = [comparison.parties[place].ends[side] for place in (source, destination)]
        if None in ends:
            found.append(delivery_of_nothing())
            continue
        one, other = (engine.resolved.ends(end) for end in ends if end is not None)
        found.append(delivery(engine.met(other, one, Direction.INGRESS, EVERYTHING), None))
    return found[0], found[1]


def delivery_of_nothing() -> Any:
    from auditor.compare.deliveries import NOTHING_DELIVERED

    return NOTHING_DELIVERED


def pairs(comparison: Comparison) -> Iterator[tuple[int, int]]:
    places = range(len(comparison.parties))
    for source in places:
        for destination in places:
            if source != destination or not comparison.parties[source].single:
                yield source, destination


def told(found: list[Found]) -> dict[tuple[Any, Any], set[Shift]]:
    return {(each.source, each.destination): set(each.shifts) for each in found if each.shifts}


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_not_asked_has_not_changed(seed: int):
    comparison = compared(two(seed))
    found = [each for each in comparison.found() if not isinstance(each.source, Far)]
    inside = [each for each in found if not isinstance(each.destination, Far)]
    expected = {
        pair: set(shifts(*between(comparison, *pair)))
        for pair in pairs(comparison)
        if list(shifts(*between(comparison, *pair)))
    }
    assert told(inside) == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_what_one_side_alone_leaves_open_is_told(seed: int):
    comparison = compared(two(seed))
    open_ones = {
        (each.source, each.destination)
        for each in comparison.found()
        if any(doubt.doubt is not Doubt.UNKNOWN for doubt in each.doubts)
    }
    expected = {
        pair
        for pair in pairs(comparison)
        if any(each.doubt is not Doubt.UNKNOWN for each in doubts(*between(comparison, *pair)))
    }
    assert {pair for pair in open_ones if not any(isinstance(each, Far) for each in pair)} == expected


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("direction", list(Direction))
def test_what_the_internet_reaches_anew_is_told(seed: int, direction: Direction):
    comparison = compared(two(seed))
    opened: dict[Any, Traffic] = {}
    for each in comparison.found():
        far, own = (each.source, each.destination)[:: 1 if direction is Direction.INGRESS else -1]
        if isinstance(far, Far) and not isinstance(own, Far):
            gained = [shift.traffic.services() for shift in each.shifts if shift.kind.opens]
            opened[own] = Traffic.union([opened.get(own, NOTHING), *gained])
    for place, party in enumerate(comparison.parties):
        sides = []
        for engine, end in zip(comparison.engines, party.ends, strict=True):
            if end is None:
                sides.append(delivery_of_nothing())
                continue
            own, world = engine.resolved.ends(end), engine.resolved.ends(INTERNET)
            outcome = engine.met(own, world, direction, EVERYTHING)
            sides.append(delivery(outcome, direction))
        gained = Traffic.union(each.traffic.services() for each in shifts(*sides) if each.kind.opens)
        assert gained - UNANSWERED <= opened.get(place, NOTHING)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_difference_backwards_is_its_mirror(seed: int):
    before, after = two(seed)
    forth, back = shown(compare(before, after)), shown(compare(after, before))
    assert sorted(mirrored(line) for line in forth) == back


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_network_differs_in_nothing_from_itself(seed: int):
    before, _ = two(seed)
    assert compare(before, Engine(before.inventory)).empty


@pytest.mark.parametrize("seed", SEEDS)
def test_another_rule_that_allows_takes_nothing_away(seed: int):
    dice = Random(seed)
    world = random_world(dice)
    place = dice.randrange(len(world.groups))
    rule = GroupRule(dice.choice(["ingress", "egress"]), Span(6, 0, 9000), cidr=dice.choice(PEERS))
    groups = list(world.groups)
    groups[place] = (*groups[place], rule)
    found = compare(Engine(facts(world)), Engine(facts(replace(world, groups=tuple(groups)))))
    assert [each for each in found.changes if not each.kind.opens] == []
    assert [each for each in found.undecided if each.doubt is Doubt.NOW_DECIDED and not each.opens] == []


# -- names -----------------------------------------------------------------------------------------


def named(inventory: Inventory) -> Inventory:
    """Everything with a name, as people give them."""
    fields = {
        field: tuple(
            replace(each, names=(f"the {each.id}",)) if hasattr(each, "names") else each
            for each in getattr(inventory, field)
        )
        for field in ("vpcs", "subnets", "tables", "groups", "acls", "workloads", "nat_gateways", "gateways")
    }
    return replace(inventory, **fields)


def relabelled(value: Any) -> Any:
    """The same facts under other ids."""
    match value:
        case Link():
            return replace(value, id=f"module.new.{value.id}")
        case tuple():
            return tuple(map(relabelled, value))
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            changed = {}
            for field in dataclasses.fields(value):
                own = getattr(value, field.name)
                is_id = field.name in {"id", "component"}
                changed[field.name] = f"module.new.{own}" if is_id else relabelled(own)
            return replace(value, **changed)
        case _:
            return value


@pytest.mark.parametrize("seed", SEEDS)
def test_other_addresses_for_the_same_names_change_nothing(seed: int):
    before = named(facts(random_world(Random(seed))))
    fields = {field.name: relabelled(getattr(before, field.name)) for field in dataclasses.fields(before)}
    found = compare(Engine(before), Engine(replace(before, **fields)))
    assert found.empty
    assert (found.only_before, found.only_after, found.apart) == ((), (), ())
