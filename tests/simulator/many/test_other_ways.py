"""Ways that packets take beside the one that rules were written for: none of them may be told as blocked."""

from __future__ import annotations

from dataclasses import replace

from auditor.model import Fact, Inventory, Links, Truth
from auditor.reach import Engine, Verdict
from auditor.tree import Reason
from tests.simulator.many.compare import holds
from tests.simulator.many.examples import hub, peered
from tests.simulator.many.facts import AT, facts
from tests.simulator.many.nouns import (
    ALL,
    TCP,
    AclRule,
    Group,
    GroupRule,
    Host,
    Net,
    RouteTo,
    Span,
    Table,
    World,
)
from tests.simulator.many.nouns import Vpc as Network
from tests.simulator.many.packets import Outcome, Packet, every_outcome

WEB, POSTGRES = (TCP, 443), (TCP, 5432)
WHY = (Reason("var.x", AT),)


def outcomes(world: World, ends: tuple[str, str], addresses: tuple[str, str], port: int) -> set[Outcome]:
    packet = Packet(*addresses, TCP, 40000, port)
    return {outcome for outcome, _ in every_outcome(world, *ends, packet)}


def two_vpcs_with_ipv6() -> World:
    """Their groups name each other's range alone; both have an internet gateway, and nothing else."""
    world = World()
    for number in (0, 1):
        vpc, other = f"vpc{number}", f"2600:1f18:0:{1 - number}00::/56"
        world.vpcs[vpc] = Network((f"2600:1f18:0:{number}00::/56",))
        world.internet_gateways[f"igw{number}"] = vpc
        world.tables[f"table{number}"] = Table(vpc, True, (RouteTo("::/0", "igw", f"igw{number}"),))
        world.nets[f"net{number}"] = Net(vpc, (f"2600:1f18:0:{number}00::/64",))
        rules = tuple(GroupRule(way, Span(TCP, 443, 443), cidr=other) for way in ("ingress", "egress"))
        world.groups[f"group{number}"] = Group(vpc, rules)
        world.hosts[f"host{number}"] = Host(
            f"net{number}", (f"2600:1f18:0:{number}00::a",), (f"group{number}",)
        )
    return world


def test_ipv6_hosts_of_two_vpcs_meet_on_the_internet_by_rules_about_each_others_ranges() -> None:
    world = two_vpcs_with_ipv6()
    ends, addresses = ("host0", "host1"), ("2600:1f18:0:000::a", "2600:1f18:0:100::a")
    assert outcomes(world, ends, addresses, 443) == {Outcome(delivered=True, answered=True)}
    answer = Engine(facts(world)).can_reach(*ends)
    assert answer.verdict is not Verdict.BLOCKED
    assert holds(answer.traffic.may, WEB)
    assert not holds(answer.traffic.may, POSTGRES)


def peered_and_public() -> World:
    """The peering passes HTTPS; everything else must go by the public addresses, by rules about these."""
    world = peered()
    for number in (0, 1):
        group, other = f"group{number}-0", 1 - number
        world.internet_gateways[f"igw{number}"] = f"vpc{number}"
        table = world.tables[f"table{number}-0"]
        routes = (*table.routes, RouteTo("0.0.0.0/0", "igw", f"igw{number}"))
        world.tables[f"table{number}-0"] = replace(table, routes=routes)
        host = world.hosts[f"host{number}-0"]
        world.hosts[f"host{number}-0"] = replace(host, public=f"198.19.0.{10 + number}")
        world.groups[group] = Group(
            f"vpc{number}",
            (
                GroupRule("ingress", Span(TCP, 443, 443), cidr=f"10.{other}.0.0/16"),
                GroupRule("ingress", Span(TCP, 5432, 5432), cidr="128.0.0.0/1"),
                GroupRule("egress", ALL, cidr="0.0.0.0/0"),
            ),
        )
    return world


def test_what_a_peering_lets_pass_hides_nothing_that_passes_by_public_addresses() -> None:
    world, ends = peered_and_public(), ("host0-0", "host1-0")
    answered = {Outcome(delivered=True, answered=True)}
    assert outcomes(world, ends, ("10.0.0.10", "10.1.0.10"), 443) == answered
    assert outcomes(world, ends, ("10.0.0.10", "198.19.0.11"), 5432) == answered
    answer = Engine(facts(world)).can_reach(*ends)
    assert answer.verdict is Verdict.REACHABLE
    assert holds(answer.traffic.must, WEB)
    assert holds(answer.traffic.may, POSTGRES)
    assert not holds(answer.traffic.must, POSTGRES)


def test_what_passes_inside_a_vpc_hides_nothing_that_passes_by_public_addresses() -> None:
    world = peered_and_public()
    world.nets["net1-1"] = Net("vpc1", ("10.1.1.0/24",), "a", "table1-0")
    world.hosts["host1-1"] = Host("net1-1", ("10.1.1.10",), ("group1-0",), public="198.19.0.12")
    inside = GroupRule("ingress", Span(TCP, 443, 443), cidr="10.1.0.0/16")
    world.groups["group1-0"] = Group("vpc1", (*world.groups["group1-0"].rules, inside))
    ends, answered = ("host1-1", "host1-0"), {Outcome(delivered=True, answered=True)}
    assert outcomes(world, ends, ("10.1.1.10", "10.1.0.10"), 443) == answered
    assert outcomes(world, ends, ("10.1.1.10", "198.19.0.11"), 5432) == answered
    answer = Engine(facts(world)).can_reach(*ends)
    assert holds(answer.traffic.must, WEB)
    assert holds(answer.traffic.may, POSTGRES)


def hub_with_closed_acls() -> World:
    """Each host in its subnet of the transit gateway, whose network ACL lets nothing in."""
    world = hub()
    world.acls["acl1"] = ("vpc1", (AclRule("egress", 100, True, ALL, "0.0.0.0/0"),))
    for net in ("net1-0", "net1-1"):
        world.nets[net] = replace(world.nets[net], acl="acl1")
    return world


def not_known(inventory: Inventory) -> Inventory:
    """The same where it is open by which subnets and tables the VPCs are attached."""
    attachments = tuple(
        replace(one, subnets=Links((), open=WHY), active=Fact(Truth.UNKNOWN, AT, WHY))
        for one in inventory.transit_attachments
    )
    return replace(inventory, transit_attachments=attachments, transit_tables=())


def test_no_acl_stands_between_a_transit_gateway_and_hosts_in_its_own_subnet() -> None:
    """https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html"""
    world = hub_with_closed_acls()
    world.tables["table1-0"] = replace(world.tables["table1-0"], routes=())
    addresses = ("192.168.0.9", "10.1.0.10")
    assert Outcome(delivered=True, answered=False) in outcomes(world, ("site0", "host1-0"), addresses, 443)
    for source in ("192.168.0.9/32", "host0-0"):
        answer = Engine(not_known(facts(world))).can_reach(source, "host1-0")
        assert answer.verdict is not Verdict.BLOCKED, source
