"""Equal networks have no difference, whatever document each of them comes from."""

from __future__ import annotations

from functools import cache

import pytest

from auditor.pipeline import Network, diff, load
from tests.cli.running import FIXTURES
from tests.compare.showing import open_questions, shown

NAMES = sorted(folder.name for folder in FIXTURES.iterdir() if (folder / "terraform").is_dir())
RECORDED = [name for name in NAMES if (FIXTURES / name / "plan").is_dir()]
# Their code has variables and data sources that a plan has resolved: see test_saved.py.
OPEN = frozenset({"unknowns", "service-only"})
PLAN, STATE, SHOWN = "plan/plan.json", "state/terraform.tfstate", "state-shown/state.json"
# The imitation of AWS that the states come from gives every instance a public address.
IMITATED = {"three-tier-broken": ["added one-way: internet -> sg-internal-reports: tcp/8080"]}


@cache
def of(name: str, document: str = "", *, beside: bool = True) -> Network:
    code = str(FIXTURES / name / "terraform")
    if not document:
        return load(code)
    return load(str(FIXTURES / name / document), *((code,) if beside else ()))


@pytest.mark.parametrize("document", ["", PLAN, STATE, SHOWN])
@pytest.mark.parametrize("name", RECORDED)
def test_a_network_differs_in_nothing_from_itself(name: str, document: str):
    found = diff(of(name, document), of(name, document))
    assert found.empty
    assert (found.only_before, found.only_after, found.apart) == ((), (), ())


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(RECORDED)))
def test_a_network_of_code_alone_differs_in_nothing_from_itself(name: str):
    assert diff(of(name), of(name)).empty


@pytest.mark.parametrize("document", [PLAN, STATE, SHOWN])
@pytest.mark.parametrize("name", sorted(set(RECORDED) - OPEN))
def test_a_plan_and_a_state_differ_in_nothing_from_their_code(name: str, document: str):
    found = diff(of(name), of(name, document))
    expected = [] if document == PLAN else IMITATED.get(name, [])
    assert (shown(found), open_questions(found)) == (expected, [])
    assert (found.only_before, found.only_after, found.apart) == ((), (), ())


@pytest.mark.parametrize("document", [PLAN, STATE])
@pytest.mark.parametrize("name", sorted(OPEN & set(RECORDED)))
def test_what_the_code_leaves_open_is_no_change_and_is_told_apart(name: str, document: str):
    found = diff(of(name), of(name, document))
    assert shown(found) == []
    assert found.undecided
    assert all(each.unknowns for each in found.undecided)


@pytest.mark.parametrize("name", sorted(set(RECORDED) - OPEN))
def test_a_plan_without_its_code_leaves_open_what_it_does_not_say(name: str):
    found = diff(of(name), of(name, PLAN, beside=False))
    assert shown(found) == []


def test_the_same_network_written_by_another_team_is_the_same():
    found = diff(of("three-tier"), of("variables"))
    assert found.empty
    assert (found.only_before, found.only_after) == ((), ())
