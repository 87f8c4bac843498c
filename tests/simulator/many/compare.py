"""The engine against the packets, feature by feature, with a trace of every difference.

python -m tests.simulator.many.compare --features peering,transit --seed 0 --worlds 200
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from time import process_time

from auditor.model import Inventory
from auditor.reach import Answer, Engine, Verdict
from auditor.traffic import IntSet, Traffic, traffic_text
from tests.simulator.many.blurred import blurred, without_ranges
from tests.simulator.many.facts import facts
from tests.simulator.many.maker import CLIENT_PORTS, FEATURES, IN_S3, INTERNET, INTERNET6, PORTS
from tests.simulator.many.nouns import GRE, ICMP, ICMPV6, TCP, UDP, World
from tests.simulator.many.packets import Flow, Outcome, Packet, every_outcome
from tests.simulator.many.worlds import random_world


@dataclass(frozen=True)
class End:
    """``question`` is what the engine is asked about, ``addresses`` those that the end has or sends from."""

    name: str
    question: str
    addresses: tuple[str, ...]


@dataclass
class Found:
    """What became of one service between two ends, over every address, client port and pick."""

    delivered: tuple[bool, bool] = (False, False)  # for all, for some
    answered: tuple[bool, bool] = (False, False)
    vague: bool = False
    packets: int = 0
    flows: list[tuple[Packet, Outcome, Flow]] = field(default_factory=list)


def ends(world: World) -> Iterator[End]:
    for name, host in world.hosts.items():
        yield End(name, name, host.addresses + ((host.public,) if host.public else ()))
    for name, site in world.sites.items():
        address = site.prefixes[0].replace("0/24", "9")
        yield End(name, f"{address}/32", (address,))
    for address in (*INTERNET, IN_S3):
        yield End("internet", f"{address}/32", (address,))
    if any(":" in cidr for vpc in world.vpcs.values() for cidr in vpc.cidrs):
        yield End("internet", f"{INTERNET6}/128", (INTERNET6,))


def pairs(world: World) -> list[tuple[End, End]]:
    every = list(ends(world))
    return [
        (one, other)
        for one in every
        for other in every
        if one != other and (one.name in world.hosts or other.name in world.hosts)
    ]


def chosen(world: World, every: list[tuple[End, End]], dice: Random, most: int) -> list[tuple[End, End]]:
    """Some of the pairs, more often such as have a network between them."""
    apart = [pair for pair in every if _vpc(world, pair[0]) != _vpc(world, pair[1])]
    first = dice.sample(apart, k=min(most * 3 // 4, len(apart)))
    rest = [pair for pair in every if pair not in first]
    return first + dice.sample(rest, k=min(most - len(first), len(rest)))


def _vpc(world: World, end: End) -> str:
    return world.nets[world.hosts[end.name].net].vpc if end.name in world.hosts else end.name


def random_service(dice: Random, six: bool) -> tuple[int, int]:
    """A protocol and a port, or a type of ICMP."""
    protocol = dice.choice([TCP, TCP, TCP, UDP, ICMP, GRE])
    if protocol == ICMP:
        return (ICMPV6, dice.choice([128, 1])) if six else (ICMP, dice.choice([8, 3]))
    return protocol, dice.choice(PORTS) if protocol in (TCP, UDP) else 0


def found(world: World, source: End, destination: End, asked: tuple[int, int]) -> Found:
    """Every packet of one service between two ends, in each way in which it can turn out."""
    result = Found()
    protocol, port = asked
    for address in destination.addresses:
        for sender in source.addresses:
            if (":" in sender) != (":" in address) or _is_public_of(world, source, sender):
                continue
            ways = [
                (packet, outcome, flow)
                for client in (CLIENT_PORTS if protocol in (TCP, UDP) else (0,))
                for packet in (Packet(sender, address, protocol, client, port),)
                for outcome, flow in every_outcome(world, source.name, destination.name, packet)
            ]
            result.packets += len(ways)
            result.vague |= any(flow.vague for _, _, flow in ways)
            result.delivered = _joined(result.delivered, [outcome.delivered for _, outcome, _ in ways])
            result.answered = _joined(result.answered, [outcome.answered for _, outcome, _ in ways])
            result.flows += ways
    return result


def _is_public_of(world: World, end: End, address: str) -> bool:
    host = world.hosts.get(end.name)
    return host is not None and host.public == address


def _joined(so_far: tuple[bool, bool], more: list[bool]) -> tuple[bool, bool]:
    return so_far[0] or all(more), so_far[1] or any(more)


def holds(traffic: Traffic, asked: tuple[int, int]) -> bool:
    """Whether ``traffic`` holds the service that is asked for."""
    protocol, port = asked
    if protocol in (ICMP, ICMPV6):
        ports = IntSet.of((port * 256, port * 256 + 255))
    elif protocol == GRE:
        ports = IntSet.of((0, 65535))
    else:
        ports = IntSet.single(port)
    return bool(Traffic.of(protocols=IntSet.single(protocol), destination_ports=ports) & traffic)


def difference(answer: Answer, asked: tuple[int, int], packets: Found, *, known: bool) -> str:
    """What is wrong with an answer, or nothing. ``known`` where nothing is unknown to the engine."""
    works = packets.delivered if answer.verdict is Verdict.ONE_WAY else packets.answered
    must, may = holds(answer.traffic.must, asked), holds(answer.traffic.may, asked)
    if packets.delivered[1] and answer.verdict is Verdict.BLOCKED:
        return "blocked, but delivered"
    if packets.answered[1] and not may:
        return "may is too narrow"
    if must and not works[1]:
        return "must is too wide: no packet works"
    if must and not works[0] and not packets.vague:
        return "must is too wide: not every packet works"
    if not known or packets.vague:
        return ""
    if may and not works[1]:
        return "may is too wide"
    if works[0] and not must:
        return "must is too narrow"
    return ""


def trace(packets: Found) -> str:
    """The logs of a packet that works and of one that does not."""
    shown: dict[Outcome, str] = {}
    for packet, outcome, flow in packets.flows:
        lines = "\n      ".join(flow.log)
        shown.setdefault(outcome, f"    {packet}: {outcome}\n      {lines}")
    return "\n".join(shown.values())


def as_it_is(inventory: Inventory, dice: Random) -> Inventory:
    """Everything known."""
    return inventory


BLURS: dict[str, Callable[[Inventory, Random], Inventory]] = {
    "none": as_it_is,
    "some": blurred,
    "ranges": lambda inventory, _: without_ranges(inventory),
}


def drawn(seed: int, features: frozenset[str], blur: str) -> tuple[World, Inventory, Random]:
    """A world, what is known of it, and the dice for its questions: all of them decided by ``seed``."""
    dice = Random(seed)
    world = random_world(dice, features)
    addresses = blur == "none" or dice.random() < 0.7
    return world, BLURS[blur](facts(world, public_addresses=addresses), dice), dice


def compared(
    world: World, inventory: Inventory, dice: Random, *, known: bool, questions: int = 10
) -> Iterator[tuple[Found, str]]:
    """The packets of each question, and the difference that they showed."""
    engine = Engine(inventory)
    every = pairs(world)
    for source, destination in chosen(world, every, dice, questions):
        answer = engine.can_reach(source.question, destination.question)
        for _ in range(3):
            six = all(":" in address for address in destination.addresses) or (
                any(":" in address for address in destination.addresses) and dice.random() < 0.5
            )
            asked = random_service(dice, six)
            packets = found(world, source, destination, asked)
            wrong = difference(answer, asked, packets, known=known)
            yield (
                packets,
                wrong
                and f"{wrong}: {source} -> {destination} {asked}: "
                f"{answer.verdict}\n{told(answer)}\n{trace(packets)}",
            )


def told(answer: Answer) -> str:
    """What the engine says, its hops and blockers."""
    lines = [f"  engine: must {short(answer.traffic.must)}, may {short(answer.traffic.may)}"]
    for path in answer.paths:
        lines.append(f"  engine's way, {path.verdict}:")
        for hop in path.hops:
            traffic = f"must {short(hop.traffic.must)} may {short(hop.traffic.may)}"
            lines.append(f"    {hop.leg}: {hop.kind} {hop.component} {hop.decision} {hop.rule}: {traffic}")
    lines += [f"  blocker {one.leg} {one.code} {one.component} {one.text}" for one in answer.blockers]
    lines += [f"  unknown {one.what}" for one in answer.unknowns]
    return "\n".join(lines)


def means(packets: Found) -> frozenset[str]:
    """What the packets that arrive went through: ``tgw``, ``nat``, … and ``answered`` where one was."""
    arrived = [(outcome, flow) for _, outcome, flow in packets.flows if outcome.delivered]
    kinds = {kind for _, flow in arrived for kind in flow.kinds}
    return frozenset(kinds | {"answered" if packets.answered[1] else "one-way"}) if arrived else frozenset()


def short(traffic: Traffic) -> str:
    return ",".join(traffic_text(traffic))[:120] or "nothing"


def say(text: object) -> None:
    sys.stdout.write(f"{text}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", default=",".join(FEATURES), help="of " + ", ".join(FEATURES))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--show", type=int, default=3, help="differences to show in full")
    parser.add_argument("--blur", choices=BLURS, default="none", help="what is not known")
    parser.add_argument(
        "--sound", action="store_true", help="only what makes an answer wrong, not what is inexact"
    )
    parser.add_argument("--only", default="", help="show only differences that begin with this")
    parser.add_argument("--world", action="store_true", help="print the world of each difference")
    given = parser.parse_args()
    features = frozenset(filter(None, given.features.split(",")))
    if unknown := features - frozenset(FEATURES):
        parser.error(f"no features: {', '.join(sorted(unknown))}")
    counts: Counter[str] = Counter()
    went: Counter[str] = Counter()
    packets, shown, began = 0, 0, process_time()
    for seed in range(given.seed, given.seed + given.worlds):
        world, inventory, dice = drawn(seed, features, given.blur)
        try:
            for one, wrong in compared(
                world, inventory, dice, known=given.blur == "none" and not given.sound
            ):
                packets += one.packets
                went.update(means(one))
                counts[wrong.partition(": ")[0] if wrong else "agree"] += 1
                if wrong.startswith(given.only or wrong) and wrong and shown < given.show:
                    shown += 1
                    say(f"--- seed {seed}: {wrong}")
                    if given.world:
                        say(world)
        except Exception as error:
            counts[f"{type(error).__name__}: {error}"] += 1
            if given.show:
                raise
    say(f"{packets} packets, {process_time() - began:.1f} s of CPU, {dict(counts)}, arrived by {dict(went)}")


if __name__ == "__main__":
    main()
