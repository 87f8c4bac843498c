"""Random Terraform is evaluated as ``terraform plan`` plans it. A failure names its configuration's seed.

``python tests/oracle/random_terraform.py --only values --seed N`` runs one again, ``--count`` runs thousands.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from batch import Outcome, check
from bounds import Fault, misses
from network_batch import check_networks
from planning import plugin_folder
from random_terraform import values_outcome
from random_values import Statement, Values, some_values

from auditor.tree import Location, Map, Node, Reference, Scalar, Seq, Unknown

AT = Location("main.tf", 1, 1)
VALUES = (range(40), range(40, 80))
NETWORKS = (range(20), range(20, 40))


def _text(findings: Iterable[object]) -> str:
    return "\n".join(map(str, findings))


@pytest.mark.terraform
@pytest.mark.parametrize("seeds", VALUES, ids=str)
def test_outputs_of_random_modules_are_what_terraform_plans(seeds: range, tmp_path: Path) -> None:
    outcome = values_outcome(tmp_path / "root", seeds)
    assert _text(outcome.wrong) == ""
    assert outcome.compared > 5 * len(seeds)
    assert outcome.refused > 0
    assert len(outcome.retyped) <= outcome.compared / 50
    assert len(outcome.lenient) <= outcome.compared / 10


@pytest.mark.terraform
@pytest.mark.parametrize("seeds", NETWORKS, ids=str)
def test_resources_of_random_networks_are_what_terraform_plans(seeds: range, tmp_path: Path) -> None:
    outcome = check_networks(tmp_path / "root", seeds, plugin_folder())
    assert "\n".join(outcome.differences) == ""
    assert outcome.resources > 5 * len(seeds)
    assert len(outcome.refused) <= len(seeds) / 10


def test_a_seed_gives_the_same_module_every_time() -> None:
    assert some_values(7, unknown=True).main() == some_values(7, unknown=True).main()
    assert some_values(7, unknown=True).main() != some_values(8, unknown=True).main()


def _checked(root: Path, **outputs: str) -> Outcome:
    statements = tuple(Statement("output", name, text) for name, text in outputs.items())
    return check(root, [Values(name="c0k", fixed="", call="", statements=statements)])


@pytest.mark.terraform
def test_what_terraform_refuses_and_netaudit_does_not_is_seen(tmp_path: Path) -> None:
    outcome = _checked(tmp_path / "root", fine='upper("a")', bad='lookup(tomap({ a = 1 }), "b", "x")')
    assert [(each.name, outcome.compared) for each in outcome.lenient] == [("bad", 1)]
    assert (outcome.wrong, outcome.loose) == ([], [])


@pytest.mark.terraform
def test_what_both_refuse_is_no_disagreement(tmp_path: Path) -> None:
    outcome = _checked(tmp_path / "root", fine="[1][0]", bad="[1][1]")
    assert (outcome.compared, outcome.refused) == (1, 1)
    assert (outcome.wrong, outcome.lenient) == ([], [])


@pytest.mark.parametrize(
    ("node", "planned", "unknown", "faults"),
    [
        (Scalar("a", AT), "a", False, []),
        (Scalar("a", AT), "b", False, [Fault.WRONG]),
        (Scalar("1", AT), 1, False, [Fault.RETYPED]),
        (Scalar(True, AT), "true", False, [Fault.RETYPED]),
        (Scalar("a", AT), None, True, [Fault.SHARP]),
        (Unknown((), AT), "a", False, [Fault.LOOSE]),
        (Unknown((), AT, type="number"), "a", False, [Fault.WRONG]),
        (Unknown((), AT, options=(Scalar("b", AT),)), "a", False, [Fault.WRONG]),
        (Unknown((), AT, options=(Scalar("b", AT), Scalar("a", AT))), "a", False, [Fault.LOOSE]),
        (Reference("aws_vpc.it", "id", AT), None, True, []),
        (Reference("aws_vpc.it", "id", AT), "a", False, [Fault.LOOSE]),
        (Map({}, AT), {"a": 1}, False, [Fault.WRONG]),
        (Map({"a": Scalar(1, AT)}, AT), {}, False, [Fault.WRONG]),
        (Map({}, AT, more=Unknown((), AT)), {"a": 1}, False, [Fault.LOOSE]),
        (Map({"a": Unknown((), AT)}, AT), {}, {"a": True}, []),
        (Seq((Scalar(1, AT), Scalar(2, AT)), AT), [2, 1], False, [Fault.WRONG, Fault.WRONG]),
        (Seq((Scalar(1, AT), Scalar(2, AT)), AT, unordered=True), [2, 1], False, []),
        (Seq((Scalar(1, AT),), AT), [1, 2], False, [Fault.WRONG]),
        (Seq((Scalar(1, AT),), AT, more=Scalar(2, AT)), [1, 2], False, [Fault.LOOSE]),
    ],
)
def test_a_value_is_held_against_the_planned_one_within_its_bounds(
    node: Node, planned: object, unknown: object, faults: list[Fault]
) -> None:
    assert [miss.fault for miss in misses("it", node, planned, unknown)] == faults
