"""The simulator itself against what AWS says of its examples, and the engine against the same."""

from __future__ import annotations

import pytest

from auditor.reach import Engine, Verdict
from tests.simulator.many.compare import ends
from tests.simulator.many.examples import (
    central_egress,
    hub,
    inspected_inside,
    peered,
    peered_in_a_row,
    private_nat,
)
from tests.simulator.many.facts import facts
from tests.simulator.many.nouns import TCP, World
from tests.simulator.many.packets import Outcome, Packet, every_outcome

REACHED, ONE_WAY, LOST = Outcome(True, True), Outcome(True, False), Outcome(False, False)
VERDICTS = {REACHED: Verdict.REACHABLE, ONE_WAY: Verdict.ONE_WAY, LOST: Verdict.BLOCKED}

CASES: tuple[tuple[str, World, str, str, Outcome], ...] = (
    ("peered", peered(), "host0-0", "host1-0", REACHED),
    ("peered", peered(), "host1-0", "host0-0", REACHED),
    ("one side has no route", peered(both=False), "host0-0", "host1-0", ONE_WAY),
    ("one side has no route", peered(both=False), "host1-0", "host0-0", LOST),
    ("peered in a row", peered_in_a_row(), "host0-0", "host1-0", REACHED),
    ("peered in a row: not transitive", peered_in_a_row(), "host0-0", "host2-0", LOST),
    ("peered in a row: no edge to edge", peered_in_a_row(), "host0-0", "internet", LOST),
    ("hub", hub(), "host0-0", "host1-1", REACHED),
    ("hub", hub(), "host2-1", "host0-0", REACHED),
    ("hub", hub(), "host0-0", "site0", REACHED),
    ("hub", hub(), "site0", "host1-0", REACHED),
    ("isolated", hub(isolated=True), "host0-0", "host1-1", LOST),
    ("isolated", hub(isolated=True), "host0-0", "site0", REACHED),
    ("isolated", hub(isolated=True), "site0", "host1-1", REACHED),
    ("central egress", central_egress(), "host0-0", "internet", REACHED),
    ("central egress", central_egress(), "host0-1", "internet", REACHED),
    ("central egress", central_egress(), "internet", "host0-0", LOST),
    ("central egress", central_egress(), "host0-0", "host1-0", LOST),
    ("inspected egress", central_egress(inspected=True), "host0-0", "host1-0", REACHED),
    ("firewall inside", inspected_inside(), "host0-0", "host0-1", REACHED),
    ("private NAT", private_nat(), "host0-0", "host1-0", REACHED),
    ("private NAT", private_nat(), "host1-0", "host0-0", LOST),
)


@pytest.mark.parametrize(("name", "world", "source", "destination", "expected"), CASES)
def test_packets_go_as_the_pages_of_aws_say(
    name: str, world: World, source: str, destination: str, expected: Outcome
) -> None:
    sender, receiver = address(world, source), address(world, destination)
    packet = Packet(sender, receiver, TCP, 40000, 443)
    found = list(every_outcome(world, source, destination, packet))
    log = "\n".join(line for _, flow in found for line in flow.log)
    assert {outcome for outcome, _ in found} == {expected}, f"{name}\n{log}"


@pytest.mark.parametrize(("name", "world", "source", "destination", "expected"), CASES)
def test_the_engine_says_what_the_pages_of_aws_say(
    name: str, world: World, source: str, destination: str, expected: Outcome
) -> None:
    questions = {end.name: end.question for end in reversed(list(ends(world)))}
    answer = Engine(facts(world)).can_reach(questions[source], questions[destination])
    assert answer.verdict is VERDICTS[expected], name


def test_a_firewall_that_sees_the_request_in_another_zone_than_the_reply_breaks_the_connection() -> None:
    """The NAT gateway answers by the endpoint of one zone; the spoke's zone decides which one asks.

    https://docs.aws.amazon.com/network-firewall/latest/developerguide/vpc-config-tgw-multi-az.html
    """
    world = central_egress(inspected=True)
    packet = Packet("10.0.1.10", "8.8.8.8", TCP, 40000, 443)
    outcomes = {outcome for outcome, _ in every_outcome(world, "host0-1", "internet", packet)}
    assert outcomes == {REACHED, ONE_WAY}


def address(world: World, end: str) -> str:
    return next(one.addresses[0] for one in ends(world) if one.name == end)
