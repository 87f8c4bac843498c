"""What the traffic algebra costs: `python bench/traffic.py`.

Prints the median processor time of several runs for a thousand random rules under several distributions, and
for the small sets of which a single question is made.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

from auditor.traffic import ANY, PORTS, TCP, UDP, IntSet, Traffic, cidrs, parse_cidr, service

RULES = 1_000
RUNS = 5


def median(work: Callable[[], object], runs: int = RUNS) -> float:
    """The median processor seconds of several runs of the work."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def span(dice: random.Random, domain: IntSet) -> IntSet:
    """A random range of an axis, any length alike."""
    ((low, high),) = domain
    return IntSet.of(tuple(sorted((dice.randint(low, high), dice.randint(low, high)))))  # type: ignore[arg-type]


def cidr(dice: random.Random) -> IntSet:
    """A random prefix of 10.0.0.0/8, between /8 and /32."""
    return parse_cidr(
        f"10.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(256)}/{dice.randint(8, 32)}"
    )


def everywhere(dice: random.Random) -> Traffic:
    """A rule with a random range on all five axes."""
    return Traffic.of(
        protocols=span(dice, IntSet.of((0, 255))),
        sources=span(dice, ANY),
        destinations=span(dice, ANY),
        source_ports=span(dice, PORTS),
        destination_ports=span(dice, PORTS),
    )


def ported(dice: random.Random) -> Traffic:
    """A TCP or UDP rule with a random range on the four other axes: nothing is widened."""
    return Traffic.of(
        protocols=IntSet.single(dice.choice((TCP, UDP))),
        sources=span(dice, ANY),
        destinations=span(dice, ANY),
        source_ports=span(dice, PORTS),
        destination_ports=span(dice, PORTS),
    )


def thin(dice: random.Random) -> Traffic:
    """A rule that is thin on every axis, so that few meet."""
    low = dice.randrange(65000)
    return Traffic.of(
        protocols=IntSet.single(dice.choice((TCP, UDP))),
        sources=cidr(dice),
        destinations=cidr(dice),
        source_ports=IntSet.of((low, low + 500)),
        destination_ports=IntSet.single(dice.randrange(65536)),
    )


def holed(dice: random.Random) -> Traffic:
    """A rule of which every axis has five ranges."""

    def several(domain: IntSet) -> IntSet:
        ((low, high),) = domain
        ends = sorted(dice.randint(low, high) for _ in range(10))
        return IntSet.of(*zip(ends[::2], ends[1::2], strict=True))

    return Traffic.of(
        protocols=several(IntSet.of((0, 255))),
        sources=several(ANY),
        destinations=several(ANY),
        source_ports=several(PORTS),
        destination_ports=several(PORTS),
    )


def group(dice: random.Random) -> Traffic:
    """A rule as security groups have them: a CIDR and a common port."""
    return service(TCP, port := dice.choice((22, 80, 443, 3306, 5432, 8080)), port) & Traffic.of(
        sources=cidr(dice)
    )


def entry(dice: random.Random) -> Traffic:
    """A rule as network ACLs have them: a CIDR and a range of ports."""
    low = dice.randrange(65536)
    return service(dice.choice((TCP, UDP)), low, dice.randint(low, 65535)) & Traffic.of(sources=cidr(dice))


def many() -> None:
    """Print the costs of a thousand rules."""
    print(f"{RULES} rules       boxes   union     |=      a == b  a <= b+1  a & b (100)  a - b (30)")
    for kind in (everywhere, ported, thin, holed, group, entry):
        dice = random.Random(1)
        rules = [kind(dice) for _ in range(RULES)]
        shuffled = rules[::-1]
        a, b = Traffic.union(rules), Traffic.union(shuffled)
        fewer, others = Traffic.union(rules[:100]), Traffic.union(rules[100:200])
        few, some = Traffic.union(rules[:30]), Traffic.union(rules[30:60])
        extra = Traffic.union([*shuffled, kind(dice)])
        costs = (
            median(lambda rules=rules: Traffic.union(rules)),  # type: ignore[misc]
            median(lambda rules=rules: grown(rules), 1),  # type: ignore[misc]
            median(lambda a=a, b=b: a == b),  # type: ignore[misc]
            median(lambda a=a, extra=extra: a <= extra),  # type: ignore[misc]
            median(lambda fewer=fewer, others=others: fewer & others, 1),  # type: ignore[misc]
            median(lambda few=few, some=some: few - some, 1),  # type: ignore[misc]
        )
        print(f"{kind.__name__:12}{len(a.boxes):10}" + "".join(f"{1000 * cost:8.1f}ms" for cost in costs))


def grown(rules: list[Traffic]) -> Traffic:
    """The union of the rules, one after another."""
    total = rules[0]
    for rule in rules[1:]:
        total = total | rule
    return total


def few() -> None:
    """Print the costs of what one question does."""
    from_app = Traffic.of(sources=parse_cidr("10.0.1.0/24"), destinations=parse_cidr("10.0.2.7/32"))
    allowed = service(TCP, 5432, 5432) & Traffic.of(sources=parse_cidr("10.0.0.0/16"))
    acl = service(TCP, 1024, 65535) & Traffic.of(sources=parse_cidr("10.0.0.0/8"))
    through = from_app & allowed
    numbers = IntSet.of((10, 20)), IntSet.of((15, 40))
    lists = tuple(IntSet.of(*((n, n + 3) for n in range(start, 10_000, 10))) for start in (0, 2))
    for name, work in (
        ("IntSet & IntSet, one range", lambda: numbers[0] & numbers[1]),
        ("IntSet & IntSet, 1,000 ranges", lambda: lists[0] & lists[1]),
        ("IntSet | IntSet, 1,000 ranges", lambda: lists[0] | lists[1]),
        ("Traffic & Traffic", lambda: from_app & allowed),
        ("Traffic | Traffic, two boxes", lambda: allowed | acl),
        ("Traffic - Traffic", lambda: acl - allowed),
        ("Traffic <= Traffic", lambda: through <= acl),
        ("reversed", through.reversed),
        ("services", through.services),
        ("ten filters and the reply", lambda: question(from_app, allowed, acl)),
        ("covers_all", lambda: acl.covers_all(sources=from_app.sources)),
        ("service", lambda: service(TCP, 443, 443)),
        ("parse_cidr, met before", lambda: parse_cidr("10.0.0.0/8")),
        ("cidrs", lambda: cidrs(numbers[1])),
    ):
        print(f"{name:32}{1e6 * median(lambda work=work: [work() for _ in range(1_000)]) / 1_000:10.2f} µs")  # type: ignore[misc]


def question(start: Traffic, allowed: Traffic, acl: Traffic) -> Traffic:
    """What a walk over ten filters does to a set, request and reply."""
    traffic = start & allowed & acl & allowed & acl & acl
    reply = traffic.reversed()
    return (reply & acl.reversed() & allowed.reversed()).reversed() & allowed


if __name__ == "__main__":
    few()
    many()
