"""The engine against one packet at a time, in random worlds of many VPCs.

``NETAUDIT_PACKETS`` says how many packets each test sends; ``make nightly`` sends a million.
"""

from __future__ import annotations

import os
from collections import Counter
from random import Random

import pytest

from tests.simulator.many.compare import compared, drawn, found, means, pairs, random_service
from tests.simulator.many.maker import FEATURES
from tests.simulator.many.worlds import random_world

PACKETS = int(os.environ.get("NETAUDIT_PACKETS", "100000"))
BATCHES = 8
EXACT = frozenset({"peering", "transit", "nat", "vpn", "bpa"})
"""The features whose known worlds are told exactly; of the others what is told is sound."""


def differences(features: frozenset[str], batch: int, blur: str, *, share: int, known: bool) -> None:
    """Sends the batch's share of packets, and fails at the first difference."""
    sent, seed = 0, batch
    while sent < PACKETS // share // BATCHES:
        some = frozenset(each for each in sorted(features) if Random(f"{seed} {each}").random() < 0.6)
        world, inventory, dice = drawn(seed, some, blur)
        again = f"--seed {seed} --worlds 1 --features {','.join(sorted(some))} --blur {blur}"
        for packets, wrong in compared(world, inventory, dice, known=known):
            assert not wrong, f"python -m tests.simulator.many.compare {again}\n{wrong}"
            sent += packets.packets
        seed += BATCHES


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_engine_and_the_packets_agree_on_known_worlds(batch: int) -> None:
    differences(EXACT, batch, "none", share=3, known=True)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_whatever_a_world_consists_of_no_answer_about_it_is_wrong(batch: int) -> None:
    differences(frozenset(FEATURES), batch, "none", share=3, known=False)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_what_is_not_known_of_a_world_never_makes_an_answer_wrong(batch: int) -> None:
    differences(frozenset(FEATURES), batch, "some", share=4, known=False)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_worlds_of_which_no_range_is_known_may_be_any_that_there_can_be(batch: int) -> None:
    differences(frozenset(FEATURES), batch, "ranges", share=100, known=False)


def test_packets_of_the_worlds_get_through_everything_that_there_is() -> None:
    """A comparison proves nothing about what no packet goes through."""
    went: Counter[str] = Counter()
    for seed in range(300):
        dice = Random(seed)
        world = random_world(dice)
        for source, destination in dice.sample(pairs(world), k=12):
            went.update(
                means(found(world, source, destination, random_service(dice, six=dice.random() < 0.5)))
            )
    kinds = {"local", "igw", "eigw", "nat", "pcx", "tgw", "vgw", "fw", "eni", "s3", "one-way", "answered"}
    assert {kind for kind in kinds if went[kind] >= 5} == kinds, went
