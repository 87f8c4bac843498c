"""Many rules are settled slice by slice, which changes nothing but the time."""

from __future__ import annotations

from random import Random

import pytest

from auditor.reach.firewalls import slices
from tests.reach.firewalls.policies import inspect
from tests.reach.firewalls.test_against_packets import HEADERS, blurred, given


@pytest.mark.parametrize("seed", range(150))
def test_slices_make_no_difference(seed: int, monkeypatch: pytest.MonkeyPatch):
    random = Random(seed)
    policy, groups = blurred(random, *given(random))
    whole = inspect(policy, *groups)
    monkeypatch.setattr(slices, "_FEW", 1)
    sliced = inspect(policy, *groups)
    assert sliced.passes == whole.passes
    assert sliced.replies == whole.replies
    for header in HEADERS:
        told = [
            {one.text for one in found.conditions if one.traffic & header.traffic}
            for found in (whole, sliced)
        ]
        assert told[0] == told[1]
