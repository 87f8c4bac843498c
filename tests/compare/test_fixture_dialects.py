"""Every fixture's code in one language and in another, and what runs of it: nothing has changed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from auditor.difference import Difference
from auditor.pipeline import Network, diff, load
from tests.compare.showing import open_questions, shown

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
NAMES = sorted(path.parent.name for path in FIXTURES.glob("*/cloudformation"))
CODE = ("terraform", "cloudformation")
PAIRS = [*((one, other) for one in CODE for other in CODE if one != other)]
PAIRS += [pair for code in CODE for pair in ((code, "snapshot"), ("snapshot", code))]
CASES = [
    (name, *pair)
    for name in NAMES
    for pair in PAIRS
    if all((FIXTURES / name / each).is_dir() for each in pair)
]
# What the code leaves open, and, of both, which addresses AWS's services have, and what AWS does not say.
OPEN = frozenset({"filtered-egress", "platform", "service-only", "two-vpcs", "unknowns"})
# What is around the services, or behind the code's data sources, and is only there where it runs.
AROUND = {"service-only": {"vpc", "subnet"}, "unknowns": {"vpc"}}


@cache
def network(name: str, dialect: str) -> Network:
    return load(str(FIXTURES / name / dialect))


@cache
def difference(name: str, before: str, after: str) -> Difference:
    return diff(network(name, before), network(name, after))


@pytest.mark.parametrize(("name", "before", "after"), CASES)
def test_nothing_has_changed(name: str, before: str, after: str) -> None:
    assert shown(difference(name, before, after)) == []


@pytest.mark.parametrize(("name", "before", "after"), CASES)
def test_all_can_be_compared_but_what_neither_decides(name: str, before: str, after: str) -> None:
    found = open_questions(difference(name, before, after))
    assert bool(found) is (name in OPEN)


@pytest.mark.parametrize(("name", "before", "after"), CASES)
def test_only_what_is_around_is_only_on_one_side(name: str, before: str, after: str) -> None:
    found = difference(name, before, after)
    kinds = {end.kind.value for end in (*found.only_before, *found.only_after)}
    assert kinds == (AROUND.get(name, set()) if "snapshot" in {before, after} else set())
    assert found.apart == ()
