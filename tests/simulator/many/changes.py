"""Worlds that work, changed here and there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.simulator.many.maker import Maker
from tests.simulator.many.nouns import FirewallLine, World


def changed(world: World, dice: Random, features: frozenset[str]) -> World:
    """``world`` with a few things drawn anew, taken away or turned round."""
    maker = Maker(dice, features)
    maker.given(world)
    ways: list[Callable[[Maker], None]] = [
        _route,
        _table,
        _acl,
        _groups,
        _joint,
        _transit_table,
        _firewall,
        _host,
    ]
    for _ in range(dice.randint(0, 4)):
        dice.choice(ways)(maker)
    return world


def _route(maker: Maker) -> None:
    """Takes a route away, or draws the range of one anew."""
    name, table = maker.dice.choice(list(maker.world.tables.items()))
    routes = list(table.routes)
    if not routes:
        return
    route = routes.pop(maker.dice.randrange(len(routes)))
    other = replace(route, cidr=maker.dice.choice(maker.ranges))
    taken = {each.cidr for each in routes}
    if maker.dice.random() < 0.6 and other.cidr not in taken and not maker.is_own(table.vpc, other):
        routes.append(other)
    maker.world.tables[name] = replace(table, routes=tuple(routes))


def _table(maker: Maker) -> None:
    name, net = maker.dice.choice(list(maker.world.nets.items()))
    tables = [each for each, table in maker.world.tables.items() if table.vpc == net.vpc]
    maker.world.nets[name] = replace(net, table=maker.dice.choice([None, *tables]))


def _acl(maker: Maker) -> None:
    name, net = maker.dice.choice(list(maker.world.nets.items()))
    acl = f"acl-{name}"
    maker.world.acls[acl] = (net.vpc, tuple(maker.acl_rules()))
    maker.world.nets[name] = replace(net, acl=acl)


def _groups(maker: Maker) -> None:
    name, group = maker.dice.choice(list(maker.world.groups.items()))
    rules = maker.group_rules()
    more = group.rules if maker.dice.random() < 0.3 else ()
    maker.world.groups[name] = replace(group, rules=(*more, *rules))


def _joint(maker: Maker) -> None:
    """A peering that is not active, an attachment without a table, with appliance mode, in fewer zones."""
    dice, world = maker.dice, maker.world
    for name, peering in list(world.peerings.items()):
        world.peerings[name] = replace(peering, active=dice.random() < 0.7)
    for name, one in list(world.attachments.items()):
        others = [
            replace(one, tables=()),
            replace(one, appliance_mode=not one.appliance_mode),
            replace(one, nets=one.nets[: max(1, len(one.nets) - 1)]),
            replace(one, group_references=not one.group_references),
        ]
        world.attachments[name] = dice.choice([one, one, *others])
    for name, transit in world.transits.items():
        world.transits[name] = replace(transit, group_references=dice.random() < 0.7)


def _transit_table(maker: Maker) -> None:
    dice, world = maker.dice, maker.world
    if not world.transit_tables:
        return
    name, table = dice.choice(list(world.transit_tables.items()))
    routes = dict(table.routes)
    routes[dice.choice(maker.ranges)] = dice.choice([*world.attachments, ""])
    propagated = tuple(each for each in table.propagated if dice.random() < 0.8)
    world.transit_tables[name] = replace(table, routes=tuple(routes.items()), propagated=propagated)


def _firewall(maker: Maker) -> None:
    for name, firewall in maker.world.firewalls.items():
        lines = tuple(
            FirewallLine(
                maker.dice.random() < 0.6,
                maker.span(),
                maker.dice.choice(maker.ranges),
                maker.dice.choice(maker.ranges),
            )
            for _ in range(maker.dice.randint(0, 3))
        )
        maker.world.firewalls[name] = replace(firewall, lines=lines, drops_rest=maker.dice.random() < 0.3)


def _host(maker: Maker) -> None:
    """Moves a host into another subnet of its VPC."""
    dice, world = maker.dice, maker.world
    name, host = dice.choice(list(world.hosts.items()))
    net = dice.choice(maker.nets_of(world.nets[host.net].vpc))
    number = 50 + list(world.hosts).index(name)
    world.hosts[name] = replace(host, net=net, addresses=maker.addresses(net, number))
