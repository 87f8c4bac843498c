"""Random worlds of many VPCs."""

from __future__ import annotations

from random import Random

from tests.simulator.many.changes import changed
from tests.simulator.many.examples import EVERY
from tests.simulator.many.maker import FEATURES, Maker
from tests.simulator.many.nouns import World


def random_world(dice: Random, features: frozenset[str] = frozenset(FEATURES)) -> World:
    """A world small enough that its packets meet every sort of obstacle often.

    Some are AWS's own examples with a few things changed: whole ways are long, and rare by chance.
    """
    fitting = [make for needed, make in EVERY if needed <= features]
    if fitting and dice.random() < 0.35:
        return changed(dice.choice(fitting)(), dice, features)
    return Maker(dice, features).made()
