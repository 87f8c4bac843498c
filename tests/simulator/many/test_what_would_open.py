"""In random worlds, the changes that an answer names are made: they open the way, and no fewer do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from random import Random

import pytest

from auditor.model import Inventory
from auditor.reach import Blocker, Engine, Verdict
from auditor.traffic import Traffic, parse_traffic
from tests.reach.changing import changed, components
from tests.simulator.many.compare import pairs
from tests.simulator.many.facts import facts
from tests.simulator.many.worlds import random_world

KNOWN = frozenset({"peering", "transit", "nat", "vpn", "bpa", "public", "ipv6"})
QUESTIONS = 8
CLOSED = {Verdict.BLOCKED, Verdict.ONE_WAY}


@pytest.mark.parametrize("seed", range(40))
def test_the_changes_open_the_way_and_no_fewer_do(seed: int) -> None:
    dice = Random(seed)
    world = random_world(dice, frozenset(each for each in sorted(KNOWN) if dice.random() < 0.6))
    network = components(facts(world))
    engine = Engine(Inventory.of(network))
    for one, other in dice.sample(pairs(world), k=QUESTIONS):
        asked = parse_traffic(dice.choice(("tcp/443", "udp/53", "tcp/22")))
        answer = engine.can_reach(one.question, other.question, asked)
        assert not answer.changes or answer.verdict in CLOSED
        if not answer.changes or any("depends on what is not known" in note for note in answer.notes):
            continue

        def verdict(
            made: Sequence[Blocker],
            ends: tuple[str, str] = (one.question, other.question),
            service: Traffic = asked,
        ) -> Verdict:
            return Engine(Inventory.of(changed(network, made))).can_reach(*ends, service).verdict

        told = [change.text for change in answer.changes]
        assert verdict(answer.changes) is Verdict.REACHABLE, (one.question, other.question, told)
        for some in combinations(answer.changes, len(answer.changes) - 1):
            # Which subnet is added in a zone is the reader's choice, and its ACL is another one.
            if not any("in the zone of" in text for text in told):
                assert verdict(some) is not Verdict.REACHABLE, (one.question, other.question, told)
