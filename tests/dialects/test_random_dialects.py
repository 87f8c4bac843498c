"""Random networks, each written in all three dialects, answer alike; what is left out makes no answer wrong.

``python -m tests.dialects.many --count 1000`` asks of as many as are wanted.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dialects.answer_words import answers
from tests.dialects.land import some_land
from tests.dialects.many import REMOVED, apart, bounded, unsound, without

BATCHES = 6
EACH = 5


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_network_answers_alike_in_all_dialects(batch: int, tmp_path: Path) -> None:
    seeds = range(batch * EACH, (batch + 1) * EACH)
    assert [line for seed in seeds for line in apart(seed, tmp_path / str(seed))] == []


@pytest.mark.parametrize("batch", range(BATCHES))
def test_parameters_without_values_bound_what_the_values_give(batch: int, tmp_path: Path) -> None:
    seeds = range(batch * EACH, (batch + 1) * EACH)
    assert [line for seed in seeds for line in bounded(seed, tmp_path / str(seed))] == []


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("key", sorted(REMOVED))
def test_an_answer_that_is_missing_makes_no_verdict_wrong(key: str, seed: int, tmp_path: Path) -> None:
    assert list(unsound(seed, key, tmp_path)) == []


@pytest.mark.parametrize("denied", [True, False])
def test_a_gateway_that_nobody_was_told_of_may_be_there(tmp_path: Path, denied: bool) -> None:
    """No route of the host's table names the gateway, so no other answer tells that it is there."""
    told = answers(some_land(1), 1)
    answer = without(told, "InternetGateways", tmp_path, denied=denied).can_reach("internet", "host-0")
    assert answer.verdict == "unknown"
    assert all(reason.settled_by for reason in answer.unknowns)
