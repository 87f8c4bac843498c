"""The engine against one packet at a time."""

from __future__ import annotations

import os
from random import Random

import pytest
from facts import blurred, facts, without_ranges
from packets import ECHO, Outcome, Packet, simulate
from worlds import EDGE_PORTS, GRE, ICMP, PUBLIC_HOSTS, TCP, UDP, Host, World, random_world

from auditor.model import Inventory
from auditor.reach import Answer, Engine, Verdict
from auditor.traffic import IntSet, Traffic

PACKETS = int(os.environ.get("NETAUDIT_PACKETS", "120000"))
BATCHES = 8
CLIENT_PORTS = tuple(
    port + step for port in EDGE_PORTS for step in (-1, 0, 1) if 1024 <= port + step <= 65535
)

End = tuple[str, Host | str]


def ends(world: World) -> list[End]:
    hosts: list[End] = [(f"host{place}", host) for place, host in enumerate(world.hosts)]
    return hosts + [(f"{address}/32", address) for address in PUBLIC_HOSTS[:2]]


def random_packet(dice: Random, source: Host | str, destination: Host | str) -> Packet:
    protocol = dice.choice([TCP, TCP, TCP, UDP, ICMP, GRE])
    port = (
        dice.choice(EDGE_PORTS)
        if protocol in (TCP, UDP)
        else dice.choice([0, 3, 8, 13])
        if protocol == ICMP
        else 0
    )
    return Packet(address(source), address(destination), protocol, dice.choice(CLIENT_PORTS), port)


def address(end: Host | str) -> str:
    return end if isinstance(end, str) else end.address


def holds(traffic: Traffic, packet: Packet) -> bool:
    """Whether ``traffic`` holds the service that ``packet`` asks for."""
    if packet.protocol == ICMP:
        ports = IntSet.of((packet.port * 256, packet.port * 256 + 255))
    elif packet.protocol == GRE:
        ports = IntSet.of((0, 65535))
    else:
        ports = IntSet.single(packet.port)
    wanted = Traffic.of(protocols=IntSet.single(packet.protocol), destination_ports=ports)
    return bool(wanted & traffic)


def questions(inventory: Inventory, world: World, dice: Random, most: int) -> list[tuple[End, End, Answer]]:
    engine = Engine(inventory)
    pairs = [
        (source, destination)
        for source in ends(world)
        for destination in ends(world)
        if source != destination and not (isinstance(source[1], str) and isinstance(destination[1], str))
    ]
    chosen = dice.sample(pairs, k=min(most, len(pairs)))
    return [
        (source, destination, engine.can_reach(source[0], destination[0])) for source, destination in chosen
    ]


def worked(outcome: Outcome, answer: Answer) -> bool:
    """What an answer's traffic speaks of: connections, or, where none can open, packets that arrive."""
    return outcome.delivered if answer.verdict is Verdict.ONE_WAY else outcome.answered


def by_public_address(source: Host | str, destination: Host | str) -> bool:
    """Whether a host may also come back in by the other's public address, which these packets do not try."""
    return isinstance(source, Host) and isinstance(destination, Host) and destination.public


def nat_ports(dice: Random) -> int:
    return dice.choice(CLIENT_PORTS)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_engine_and_the_packets_agree_on_known_networks(batch: int) -> None:
    checked, seed = 0, batch
    while checked < PACKETS // BATCHES // 2:
        dice = Random(seed)
        world = random_world(dice)
        for (_, source), (_, destination), answer in questions(facts(world), world, dice, most=8):
            for _ in range(8):
                packet = random_packet(dice, source, destination)
                outcomes = {
                    simulate(
                        world,
                        source,
                        destination,
                        Packet(packet.source, packet.destination, packet.protocol, client, packet.port),
                        nat,
                    )
                    for client in CLIENT_PORTS
                    for nat in CLIENT_PORTS[:: 3 if isinstance(destination, str) else 99]
                }
                works = {worked(outcome, answer) for outcome in outcomes}
                expected = (works == {True}, True in works)
                told = (holds(answer.traffic.must, packet), holds(answer.traffic.may, packet))
                if by_public_address(source, destination):
                    expected = (expected[0], expected[1] or told[1])
                assert told == expected, f"seed {seed}: {packet} {answer.verdict} {world}"
                checked += len(CLIENT_PORTS)
        seed += BATCHES


@pytest.mark.parametrize("batch", range(BATCHES))
def test_what_is_not_known_never_makes_an_answer_wrong(batch: int) -> None:
    checked, seed = 0, batch
    while checked < PACKETS // BATCHES // 2:
        dice = Random(seed)
        world = random_world(dice)
        checked += _never_wrong(blurred(facts(world), dice), world, dice, seed)
        seed += BATCHES


@pytest.mark.parametrize("batch", range(BATCHES // 4))
def test_a_vpc_of_which_no_range_is_known_may_be_any_that_there_can_be(batch: int) -> None:
    checked, seed = 0, batch
    while checked < PACKETS // BATCHES:
        dice = Random(seed)
        world = random_world(dice)
        checked += _never_wrong(without_ranges(facts(world)), world, dice, seed)
        seed += BATCHES // 4


def _never_wrong(inventory: Inventory, world: World, dice: Random, seed: int) -> int:
    """Holds what is told of a network that is not wholly known against packets in it; how many they were."""
    checked = 0
    for (_, source), (_, destination), answer in questions(inventory, world, dice, most=8):
        for _ in range(24):
            packet = random_packet(dice, source, destination)
            outcome = simulate(world, source, destination, packet, nat_ports(dice))
            place = f"seed {seed}: {packet} {answer.verdict} {world}"
            if outcome.answered:
                assert holds(answer.traffic.may, packet), f"may is too narrow, {place}"
            if holds(answer.traffic.must, packet):
                assert worked(outcome, answer), f"must is too wide, {place}"
            if outcome.delivered:
                assert answer.verdict != "blocked", f"blocked, but delivered, {place}"
            checked += 1
    return checked


def test_the_simulator_itself_tells_an_answered_packet_from_a_lost_one() -> None:
    dice = Random(1)
    outcomes = set()
    for _ in range(300):
        world = random_world(dice)
        source, destination = world.hosts[0], world.hosts[1]
        outcomes.add(simulate(world, source, destination, random_packet(dice, source, destination), 1024))
    assert len(outcomes) == 3
    assert set(ECHO) == {8, 13, 15, 17}
