"""What the engine says of random policies, against a firewall that takes one packet at a time."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from random import Random

import pytest

from auditor.model import NO as NOT
from auditor.model import YES as SO
from auditor.model import Fact, Truth
from auditor.model.inspection import (
    FirewallAction,
    FirewallPolicy,
    FirewallRule,
    FirewallRuleGroup,
    GroupUse,
)
from auditor.reach.firewalls import Inspection
from auditor.traffic import ICMP, TCP, UDP, Bounds, IntSet, Traffic, exact, parse_cidr
from auditor.traffic.space import NOTHING
from auditor.tree import Presence
from tests.reach.firewalls.packets import NO, YES, Box, Header, Payload
from tests.reach.firewalls.policies import VPC, inspect
from tests.reach.network import WHY, at, link

HOSTS = [next(iter(parse_cidr(text)))[0] for text in ("10.0.0.5", "10.1.0.5", "8.8.8.8")]
RANGES = ("10.0.0.0/16", "10.0.0.0/8", "8.8.8.0/24", "0.0.0.0/0")
PORTS = (80, 443, 50000)
DOMAINS = ("a.com", ".a.com", ".b.org", "x.b.org")
DEFAULTS = ("none", "drop_strict", "drop_established", "drop_established_app_layer", "")
DEFAULTS_TO_SERVER = "drop_established_app_layer_to_server"
PAYLOADS = (
    Payload(),
    *(
        Payload(application, name)
        for application in ("tls", "http")
        for name in ("a.com", "y.a.com", "b.org", "x.b.org", "y.b.org", "c.net")
    ),
)
HEADERS = [
    Header(protocol, source, destination, 50000, port)
    for protocol, port in ((TCP, 80), (TCP, 443), (TCP, 50000), (UDP, 80), (UDP, 443), (ICMP, 8 * 256))
    for source, destination in product(HOSTS, HOSTS)
    if source != destination
]


def _traffic(random: Random) -> Traffic:
    return Traffic.of(
        protocols=random.choice([IntSet.single(TCP), IntSet.single(UDP), IntSet(((0, 255),))]),
        sources=parse_cidr(random.choice(RANGES)),
        destinations=parse_cidr(random.choice(RANGES)),
        source_ports=random.choice([IntSet(((0, 65535),)), IntSet(((0, 65535),)), IntSet.single(443)]),
        destination_ports=random.choice([IntSet(((0, 65535),)), *map(IntSet.single, PORTS)]),
    )


def _stateful(random: Random) -> FirewallRule:
    application = random.choice(["", "", "tls", "http"])
    outside = random.random() < 0.3
    listed = random.sample(DOMAINS, random.choice([0, 1, 2])) if application else []
    traffic = _traffic(random)
    if application:
        traffic &= Traffic.of(protocols=IntSet.single(TCP))
    return FirewallRule(
        at=at(),
        text="a rule",
        action=random.choice(
            [FirewallAction.PASS] * 3
            + [FirewallAction.DROP] * 2
            + [FirewallAction.REJECT, FirewallAction.ALERT]
        ),
        traffic=exact(traffic),
        both=random.random() < 0.15,
        application=application,
        domains=tuple(listed),
        negated=bool(listed) and random.random() < 0.3,
        home_sources=random.random() < 0.3,
        outside_destinations=outside,
        home_destinations=not outside and random.random() < 0.1,
        outside_sources=random.random() < 0.1,
        established=random.random() < 0.3,
        to_server=random.random() < 0.4,
    )


def _stateless(random: Random, priority: int) -> FirewallRule:
    action = random.choice([FirewallAction.PASS, FirewallAction.DROP, FirewallAction.FORWARD])
    return FirewallRule(
        at=at(), text="a rule", action=action, traffic=exact(_traffic(random)), priority=priority
    )


def _group(random: Random, name: str, *, stateful: bool) -> FirewallRuleGroup:
    count = random.randint(0, 4)
    priorities = random.sample(range(100), count)
    rules = tuple(_stateful(random) if stateful else _stateless(random, priority) for priority in priorities)
    home = exact(parse_cidr("10.0.0.0/8")) if stateful and random.random() < 0.2 else None
    return FirewallRuleGroup(id=name, at=at(), stateful=stateful, rules=rules, home=home)


def _uses(random: Random, groups: list[FirewallRuleGroup]) -> tuple[GroupUse, ...]:
    priorities = random.sample(range(100), len(groups))
    return tuple(
        GroupUse(group=link(one.id), at=at(), priority=priority)
        for one, priority in zip(groups, priorities, strict=True)
    )


def given(random: Random) -> tuple[FirewallPolicy, tuple[FirewallRuleGroup, ...]]:
    """A policy of which everything is known, and its groups."""
    stateful = [_group(random, f"stateful-{i}", stateful=True) for i in range(random.randint(0, 3))]
    stateless = [_group(random, f"stateless-{i}", stateful=False) for i in range(random.choice([0, 0, 1, 2]))]
    default = random.choice([*DEFAULTS, DEFAULTS_TO_SERVER])
    policy = FirewallPolicy(
        id="policy",
        at=at(),
        stateless=_uses(random, stateless),
        stateless_default=random.choice([FirewallAction.FORWARD] * 4 + [FirewallAction.PASS]),
        stateful=_uses(random, stateful),
        strict=SO if default else NOT,
        stateful_defaults=() if default in {"", "none"} else (f"aws:{default}", "aws:alert_established"),
        home=exact(parse_cidr("10.0.0.0/8")) if random.random() < 0.3 else None,
    )
    return policy, (*stateful, *stateless)


def usable(box: Box, header: Header) -> frozenset[bool]:
    """Whether some payload passes: for certain, for certain not, or neither."""
    outcomes = [box.delivered(header, payload) for payload in PAYLOADS]
    if YES in outcomes:
        return YES
    return NO if all(one == NO for one in outcomes) else YES | NO


def held(found: Bounds[Traffic], header: Header, outcome: frozenset[bool]) -> bool:
    """Whether the bounds hold of a packet."""
    if header.traffic <= found.must:
        return outcome == YES
    return bool(header.traffic & found.may) or outcome == NO


@pytest.mark.parametrize("seed", range(300))
def test_what_is_said_of_a_known_policy_holds_of_every_packet(seed: int):
    policy, groups = given(Random(seed))
    found = inspect(policy, *groups)
    box = Box(policy, groups, VPC.cidrs.must)
    for header in HEADERS:
        assert held(found.passes, header, usable(box, header)), (seed, header)
        assert held(found.replies, header, box.answered(header)), (seed, header)


@pytest.mark.parametrize("seed", range(300))
def test_of_a_known_policy_nothing_is_undecided_but_what_the_documentation_leaves_open(seed: int):
    policy, groups = given(Random(seed))
    found = inspect(policy, *groups)
    box = Box(policy, groups, VPC.cidrs.must)
    for header in HEADERS:
        if header.traffic <= found.passes.must or not header.traffic & found.passes.may:
            continue
        assert usable(box, header) == YES | NO or _open(box, header), (seed, header)


def _open(box: Box, header: Header) -> bool:
    """Whether a rule may fit the answer, or asks for an established connection where there is none."""
    groups = {group.id: group for _, group in box.stateful}
    if any(group.home for group in groups.values()):
        return True
    return any(
        (rule.established and header.protocol != TCP)
        or (
            not (rule.application or rule.to_server)
            and any(
                box._fits_header(rule, group, one)
                for one in (header.answer, *([header.answer.mirrored] if rule.both else []))
            )
        )
        for rule, group in box.stateful
    )


@pytest.mark.parametrize("seed", range(300))
def test_a_condition_is_told_where_it_matters_what_a_connection_carries(seed: int):
    policy, groups = given(Random(seed))
    found = inspect(policy, *groups)
    box = Box(policy, groups, VPC.cidrs.must)
    for header in HEADERS:
        outcomes = {box.delivered(header, payload) for payload in PAYLOADS}
        if YES in outcomes and NO in outcomes and header.traffic <= found.passes.must:
            assert any(header.traffic & one.traffic for one in found.conditions), (seed, header)


def _blurred(random: Random, rule: FirewallRule) -> FirewallRule:
    """A rule of which something is not known: what was known is one of the possibilities."""
    match random.randrange(7):
        case 0:
            return replace(rule, action=FirewallAction.UNKNOWN, reasons=(WHY,))
        case 1:
            return replace(rule, traffic=Bounds(NOTHING, rule.traffic.may), reasons=(WHY,))
        case 2:
            return replace(rule, traffic=Bounds(rule.traffic.must & _traffic(random), rule.traffic.may))
        case 3:
            return replace(rule, presence=Presence.POSSIBLE)
        case 4:
            return replace(rule, undecided=(WHY,))
    return rule


def _blurred_group(random: Random, group: FirewallRuleGroup) -> FirewallRuleGroup:
    rules = tuple(_blurred(random, rule) for rule in group.rules)
    match random.randrange(6):
        case 0 if group.rules:
            return replace(group, rules=group.rules[1:], open=(WHY,))
        case 1:
            return replace(group, rules=tuple(replace(rule, priority=None) for rule in rules))
    return replace(group, rules=rules)


def blurred(
    random: Random, policy: FirewallPolicy, groups: tuple[FirewallRuleGroup, ...]
) -> tuple[FirewallPolicy, tuple[FirewallRuleGroup, ...]]:
    """The same, not all of it known."""
    match random.randrange(8):
        case 0:
            policy = replace(policy, strict=Fact(Truth.UNKNOWN, reasons=(WHY,)))
        case 1:
            policy = replace(policy, stateless_default=FirewallAction.UNKNOWN)
        case 2:
            uses = tuple(replace(one, priority=None) for one in policy.stateful)
            policy = replace(policy, stateful=uses)
        case 3:
            uses = tuple(replace(one, presence=Presence.POSSIBLE) for one in policy.stateful)
            policy = replace(policy, stateful=uses)
        case 4:
            home = policy.home.must if policy.home else VPC.cidrs.must
            policy = replace(policy, home=Bounds(IntSet(()), home | parse_cidr("10.0.0.0/12")))
        case 5 if groups:
            # One group is outside the input.
            groups = groups[1:]
    return policy, tuple(_blurred_group(random, one) for one in groups)


def _blurred_inspection(seed: int) -> tuple[Inspection, Box]:
    random = Random(seed)
    policy, groups = given(random)
    return inspect(*_flat(*blurred(random, policy, groups))), Box(policy, groups, VPC.cidrs.must)


def _flat(
    policy: FirewallPolicy, groups: tuple[FirewallRuleGroup, ...]
) -> tuple[FirewallPolicy | FirewallRuleGroup, ...]:
    return (policy, *groups)


@pytest.mark.parametrize("seed", range(600))
def test_what_is_said_of_a_policy_known_in_part_holds_of_what_it_may_be(seed: int):
    found, box = _blurred_inspection(seed)
    for header in HEADERS:
        assert held(found.passes, header, usable(box, header)), (seed, header)
        assert held(found.replies, header, box.answered(header)), (seed, header)
