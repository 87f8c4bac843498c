"""One network in Terraform, CloudFormation and as a snapshot: all is known again, nothing has changed."""

from __future__ import annotations

import pytest

from auditor.compare import compare
from auditor.compare.matching import Matching
from auditor.compare.things import things
from auditor.reach import Engine
from tests.aws.build import read
from tests.aws.test_aws_dialects import SNAPSHOT, TEMPLATE, TERRAFORM
from tests.compare.showing import shown

NETWORKS = {"terraform": TERRAFORM, "cloudformation": TEMPLATE, "snapshot": SNAPSHOT}
PAIRS = [(one, other) for one in NETWORKS for other in NETWORKS if one != other]
# In this snapshot the instance has no public address, which code leaves to its subnet.
ADDRESSED = {"terraform", "cloudformation"}


def engine(name: str) -> Engine:
    return Engine(read(*NETWORKS[name]))


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_every_thing_has_its_counterpart(one: str, other: str):
    matching = Matching(things(engine(one)), things(engine(other)))
    assert (matching.alone(0), matching.alone(1)) == ((), ())


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_nothing_has_changed(one: str, other: str):
    found = [line for line in shown(compare(engine(one), engine(other))) if "one-way: internet" not in line]
    assert found == []
    if {one, other} <= ADDRESSED:
        assert compare(engine(one), engine(other)).empty
